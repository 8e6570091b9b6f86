"""A session as a strip: who speaks, what each side brings to a rupture, and how it is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.arguments import check_kinds
from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.plots.style import (
    FAMILIES,
    PALE,
    TWO_COLUMNS,
    axes_for,
    describe,
    paper,
)
from rupturecode.plots.timeline_axes import Row, dress
from rupturecode.plots.timeline_episodes import draw_episode, episodes_of, words
from rupturecode.plots.timeline_table import ORDER, Scale, timeline_table, unread
from rupturecode.tables import ROLES, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from rupturecode.annotation import Annotations
    from rupturecode.sequences.episodes import Episodes
    from rupturecode.transcript import Corpus

_ROW_MM, _FRAME_MM = 3.3, 17.0
_GAP = 0.5
_NARROW_MM = 120.0
_CLIENT_SIDE = ("withdrawal", "confrontation", "response")
_LANE_COLORS = {"client": "#9E9E9E", "therapist": "#C8C8C8"}


@check_kinds
def timeline(
    notes: Annotations,
    corpus: Corpus,
    session: str,
    *,
    codes: Sequence[str] | None = None,
    by: Scale = "words",
    families: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    episodes: Episodes | None = None,
    width: float = TWO_COLUMNS,
    ax: Axes | None = None,
) -> Axes:
    """Draw one session from its first turn to its last.

    A lane per speaker, a row per code; families of codes differ in color, in shape and by the
    letter at the right. Filled: every coder who examined the turn gave the code; open: only
    some did. Turns that nobody examined are hatched.

    Parameters
    ----------
    notes, corpus, session, codes, by, families
        As in :func:`timeline_table`, which returns what is drawn as a table.
    labels
        Words for a code's row, where the codebook's own are not wanted; below 120 mm these
        are cut after 24 letters, and at a colon.
    episodes
        Episodes to draw above all, begun here or brought along, to where each stood when it, or the
        session, ended. An open arrow head: censored, so what came next is not known.
    width
        Width in millimetres; the height follows from the number of rows.
    ax
        Axes to draw into, instead of a new figure.

    Raises
    ------
    UnknownNameError, UsageError
        As :func:`timeline_table`.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.annotation import Annotations
    >>> from rupturecode.codebook import Codebook
    >>> from rupturecode.transcript import Corpus, Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine.")],
    ...     roles={"T": "therapist", "C": "client"})
    >>> book = Codebook.from_dict({"id": "tiny", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "withdrawal", "definition": "moves away"}]})
    >>> corpus = Corpus.from_transcripts([talk])
    >>> given = pd.DataFrame({"session": ["s1"], "turn": [2], "coder": "AK", "code": "withdrawal"})
    >>> notes = Annotations.from_frame(given, codebook=book, corpus=corpus,
    ...     coverage="whole sessions")
    >>> axes = timeline(notes, corpus, "s1")
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['Withdrawal', 'C', 'T']
    """
    table = timeline_table(notes, corpus, session, codes=codes, by=by, families=families)
    if table.empty:
        raise UsageError(f"Session {session!r} has no turns to draw.")
    narrow = width < _NARROW_MM
    open_here = episodes_of(episodes, session)
    rows = _rows(table, notes.codes if codes is None else listed(codes), open_here)
    with paper():
        figure, ax = axes_for(ax, width, rows[-1].y * _ROW_MM + _FRAME_MM)
        for row in rows:
            if row.family == "episode":
                draw_episode(ax, row.y, open_here.loc[row.name], table)
            elif row.family:
                _draw_code(ax, row, table[table["code"] == row.name])
            else:
                _draw_lane(ax, row, table)
        _hatch_unread(ax, table, unread(notes, session, table["turn"].tolist()))
        dress(ax, table, rows, labels=labels or {}, by=by, narrow=narrow)
        describe(figure, _sentence(table, session))
    return ax


def _rows(table: pd.DataFrame, codes: Sequence[str], open_here: pd.DataFrame) -> list[Row]:
    """Place episodes, client's codes, speakers, then all other codes, from top to bottom."""
    shown = table[table["code"] != ""].drop_duplicates("code")
    shown = shown.set_index("code", drop=False).reindex(
        [c for c in codes if c in set(shown["code"])]
    )
    rows: list[Row] = []
    y = 0.0

    def place(group: list[tuple[str, str, str]]) -> None:
        nonlocal y
        for label, kind, name in group:
            rows.append(Row(y, label, kind, name))
            y += 1
        y += _GAP if group else 0

    def of(kind: str) -> list[tuple[str, str, str]]:
        mine = shown[shown["family"] == kind]
        return [
            (label, kind, code) for label, code in zip(mine["label"], mine["code"], strict=True)
        ]

    place([(words(row), "episode", str(row.name)) for _, row in open_here.iterrows()])
    for kind in _CLIENT_SIDE:
        place(of(kind))
    speakers = table.drop_duplicates("speaker")
    speakers = speakers.sort_values("role", kind="stable", key=lambda r: r.map(ROLES.index))
    place([(str(s), "", str(s)) for s in speakers["speaker"]])
    for kind in ORDER:
        if kind not in _CLIENT_SIDE:
            place(of(kind))
    return rows


def _spans(table: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(table["left"], table["right"] - table["left"], strict=True))


def _draw_lane(ax: Axes, row: Row, table: pd.DataFrame) -> None:
    turns = table[table["speaker"] == row.name].drop_duplicates("turn")
    color = _LANE_COLORS.get(str(turns["role"].iloc[0]), PALE)
    ax.broken_barh(
        _spans(turns), (row.y - 0.45, 0.9), facecolor=color, edgecolor="white", linewidth=0.1
    )


def _draw_code(ax: Axes, row: Row, given: pd.DataFrame) -> None:
    """Draw a row of marks: bars for stages, ticks for dimensions, shapes for the rest."""
    shape = FAMILIES[row.family]
    middle = (given["left"] + given["right"]) / 2
    all_gave = given["n_given"] == given["n_coders"]
    fill = [shape.color if every else "white" for every in all_gave]
    ax.axhline(row.y, color=PALE, linewidth=0.4, zorder=0)
    if row.family == "stage":
        ax.broken_barh(
            _spans(given), (row.y - 0.32, 0.64), facecolor=fill, edgecolor=shape.color, zorder=2
        )
    elif row.family == "dimension":
        half = all_gave.map({True: 0.4, False: 0.18})
        ax.vlines(middle, row.y - half, row.y + half, color=shape.color, linewidth=0.9, zorder=2)
    else:
        edge = ["white" if every else shape.color for every in all_gave]
        ax.scatter(
            middle,
            [row.y] * len(given),
            s=[19 if every else 10 for every in all_gave],  # a white edge makes a mark smaller
            marker=shape.marker,
            facecolors=fill,
            edgecolors=edge,
            linewidths=[0.4 if every else 0.7 for every in all_gave],
            zorder=3,
        )


def _hatch_unread(ax: Axes, table: pd.DataFrame, missing: set[int]) -> None:
    turns = table.drop_duplicates("turn")
    gone = turns[turns["turn"].isin(missing)]
    for left, right in zip(gone["left"], gone["right"], strict=True):
        ax.axvspan(
            left, right, facecolor="none", edgecolor=PALE, hatch="////", linewidth=0, zorder=0
        )


def _sentence(table: pd.DataFrame, session: str) -> str:
    """Word what the strip shows, for readers who cannot see it."""
    turns = table.drop_duplicates("turn")
    counts = table[table["code"] != ""].groupby("label", sort=False)["turn"].nunique()
    listed = ", ".join(f"{label} on {n}" for label, n in counts.items()) or "no codes"
    return f"Session {session}, {counted(len(turns), 'turn')}. Turns coded: {listed}."
