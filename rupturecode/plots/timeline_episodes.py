"""Episodes on a session's timeline: from onset to how they stood at the session's end."""

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


def begun_here(episodes: Episodes | None, session: str) -> pd.DataFrame:
    """Return the episodes with an onset turn in a session, indexed by their names."""
    columns = ["episode", "onset_turn", "end_turn", "session_outcome"]
    if episodes is None:
        return pd.DataFrame(columns=columns).set_index("episode")
    frame = episodes.episodes
    here = frame[(frame["session"] == session) & frame["onset_turn"].notna()]
    return here[columns].set_index("episode")


def words(episode: pd.Series) -> str:
    """Name an episode and how it stood when it, or the session, ended.

    Examples
    --------
    >>> words(pd.Series({"session_outcome": "censored_session_end"}, name="s1-2"))
    's1-2: censored'
    """
    return f"{episode.name}: {_end(episode)}"


def _end(episode: pd.Series) -> str:
    outcome = str(episode["session_outcome"])
    return next((name for name in _ENDS if outcome.startswith(name)), outcome)


def draw_episode(ax: Axes, y: float, episode: pd.Series, table: pd.DataFrame) -> None:
    """Draw one episode as a bar that ends in the mark of its outcome."""
    turns = table.drop_duplicates("turn").set_index("turn")
    left = float(turns.loc[int(episode["onset_turn"]), "left"])
    last = turns.index.max() if pd.isna(episode["end_turn"]) else int(episode["end_turn"])
    right = float(turns.loc[last, "right"])
    ax.plot([left, right], [y, y], color=GREY, linewidth=2.2, solid_capstyle="butt", zorder=2)
    marker, fill = _ENDS.get(_end(episode), ("d", "white"))
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
