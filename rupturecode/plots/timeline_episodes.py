"""Episodes on a session's timeline: begun here or brought along, to how they stood at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.plots.style import BLACK, GREEN, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rupturecode.sequences.episodes import Episodes

#: Shape and fill of the mark at an episode's end; what begins with "censored" has the arrow.
_ENDS = {
    "resolved": ("o", GREEN),
    "overcome": ("o", "white"),
    "unresolved": ("X", BLACK),
    "superseded": ("|", BLACK),
    "terminated": ("s", BLACK),
    "censored": (">", "white"),
}
GOES_ON = "goes on"
#: Behind how a session left an episode that a later contact takes up again.
HERE = " here"
_COLUMNS = ("episode", "first", "last", "state")


def episodes_of(episodes: Episodes | None, session: str) -> pd.DataFrame:
    """Return the episodes open in a session, those brought from earlier contacts first.

    Columns ``first`` and ``last`` (turns; missing: the session's own first and last) and
    ``state``: how the episode stood when it, or the session, ended. Index: its name.
    """
    rows: list[tuple[object, ...]] = []
    if episodes is not None:
        rank = episodes.contacts.set_index("session")["rank"]
        case = episodes.contacts.set_index("session")["case"]
        for row in episodes.episodes.itertuples():
            if row.session == session:
                state = str(row.session_outcome)
                if row.end_session != session and not state.startswith("censored"):
                    state += HERE
                rows.append((row.episode, row.onset_turn, row.end_turn, state))
            elif (
                case[row.session] == case.get(session)
                and rank[row.session] < rank[session] <= rank[row.end_session]
            ):
                here = row.end_session == session
                last = row.case_end_turn if here else pd.NA
                rows.append((row.episode, pd.NA, last, row.case_outcome if here else GOES_ON))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).set_index("episode")


def words(episode: pd.Series) -> str:
    """Name an episode and how it stood when it, or the session, ended.

    Examples
    --------
    >>> words(pd.Series({"state": "censored_session_end"}, name="s1-2"))
    's1-2: censored'
    """
    return f"{episode.name}: {_end(episode)}{HERE * str(episode['state']).endswith(HERE)}"


def _end(episode: pd.Series) -> str:
    state = str(episode["state"])
    return next((name for name in _ENDS if state.startswith(name)), state)


def draw_episode(ax: Axes, y: float, episode: pd.Series, table: pd.DataFrame) -> None:
    """Draw one episode as a bar that ends in the mark of its outcome; none if it goes on."""
    turns = table.drop_duplicates("turn").set_index("turn")
    first = turns.index.min() if pd.isna(episode["first"]) else int(episode["first"])
    last = turns.index.max() if pd.isna(episode["last"]) else int(episode["last"])
    left, right = float(turns.loc[first, "left"]), float(turns.loc[last, "right"])
    ax.plot([left, right], [y, y], color=GREY, linewidth=2.2, solid_capstyle="butt", zorder=2)
    if _end(episode) not in _ENDS:
        return
    marker, fill = _ENDS[_end(episode)]
    ax.plot(
        [right],
        [y],
        marker=marker,
        markersize=4.5,
        markerfacecolor=fill,
        markeredgecolor=GREEN if fill == GREEN else BLACK,
        markeredgewidth=0.7,
        clip_on=False,
        zorder=3,
    )
