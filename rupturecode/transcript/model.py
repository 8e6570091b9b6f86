"""A transcript: who said what, when, in one session."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.transcript.draft import Draft
from rupturecode.transcript.roles import role_column, suggest_roles
from rupturecode.transcript.show import Excerpt, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.transcript.roles import Roles

_SHOWN = 12


@dataclass(frozen=True, eq=False, repr=False)
class Transcript:
    """The turns of one session, with the marks found in them.

    Attributes
    ----------
    session
        The session's id.
    turns
        One row per turn, columns as in ``tables.TURNS``. ``text`` is what a blind coder may
        see; ``raw`` is the source, letter for letter.
    marks
        One row per mark, columns as in ``tables.MARKS``. ``text[start_char:end_char]`` of the
        turn is the mark; an analyst's comment, taken out of the text, is a point.
    source, format
        The file it came from and the format it was read as.
    info
        What the import report shows: encoding, warnings, the file's own header fields.

    Examples
    --------
    >>> talk = Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine [click].")])
    >>> talk.marks[["turn", "kind", "text"]].values.tolist()
    [[2, 'event', '[click]']]
    """

    session: str
    turns: pd.DataFrame
    marks: pd.DataFrame
    source: str = ""
    format: str = ""
    info: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_turns(
        cls,
        session: str,
        rows: Iterable[tuple[str, str]] | pd.DataFrame,
        *,
        roles: Roles = None,
        convention: str = "plain",
    ) -> Transcript:
        """Build a transcript from speakers and what they said.

        Parameters
        ----------
        session
            The session's id.
        rows
            Pairs of speaker and text, or a frame with columns ``speaker`` and ``text`` and,
            if there are times, ``start_ms`` and ``end_ms``.
        roles
            Speaker to role, or ``"suggested"``.
        convention
            How brackets inside the text are read.

        Raises
        ------
        UsageError
            When a frame lacks a column.
        """
        from rupturecode.transcript.build import finish

        return finish(_draft_of(rows), session=session, roles=roles, convention=convention)

    def __len__(self) -> int:
        return len(self.turns)

    @property
    def speakers(self) -> pd.DataFrame:
        """Everyone who speaks, for the mapping of roles.

        One row per speaker as written: ``speaker``, ``role``, ``n_turns``, ``n_words``,
        ``first`` (what they say first) and ``suggested_role``, which counts for nothing
        until it is accepted with ``roles=``.
        """
        from rupturecode.transcript.words import spoken_words

        frame = self.turns.assign(n_words=spoken_words(self))
        by_speaker = frame.groupby("speaker", sort=False)
        table = by_speaker.agg(
            role=("role", "first"),
            n_turns=("turn", "size"),
            n_words=("n_words", "sum"),
            first=("text", "first"),
        ).reset_index()
        offered = suggest_roles(table["speaker"])
        table["suggested_role"] = table["speaker"].map(lambda s: offered.get(s, ""))
        return table

    def with_roles(self, roles: Roles) -> Transcript:
        """Return the same transcript with its speakers' roles filled in anew.

        Examples
        --------
        >>> talk = Transcript.from_turns("s1", [("T", "Hello.")]).with_roles({"T": "therapist"})
        >>> talk.turns["role"].tolist()
        ['therapist']
        """
        column = pd.Series(role_column(self.turns["speaker"].tolist(), roles), dtype="str")
        return replace(self, turns=self.turns.assign(role=column))

    def to_text(self, *, raw: bool = False) -> str:
        """Write the transcript as plain text, one turn per paragraph.

        Examples
        --------
        >>> print(Transcript.from_turns("s1", [("T", "Hello."), ("C", "Hi.")]).to_text())
        T: Hello.
        <BLANKLINE>
        C: Hi.
        """
        body = self.turns["raw" if raw else "text"]
        pairs = zip(self.turns["speaker"], body, strict=True)
        return "\n\n".join(f"{speaker}: {text}" if speaker else text for speaker, text in pairs)

    def show(
        self,
        first: int = 1,
        last: int | None = None,
        *,
        notes: Annotations | None = None,
        codes: Sequence[str] | None = None,
        reasons: bool = False,
    ) -> Excerpt:
        """Show some turns to read, with the codes given to each beside them.

        What is shown in a notebook is saved with it: this is the one place that puts words
        of a transcript there, and it does so because you ask.

        Parameters
        ----------
        first, last
            Turns; the session's last unless named.
        notes
            Whose codes to put beside the turns: all coders', one coder's
            (``notes.only(coder="AK")``) or a consensus.
        codes
            Only these codes and those below them.
        reasons
            Whether to add what coders noted.

        Raises
        ------
        UnknownNameError
            When the codebook has no such code.

        Examples
        --------
        >>> Transcript.from_turns("s1", [("T", "How was it?"), ("C", "Fine.")]).show(2)
        Session s1: 2 turns, 2 speakers, 0 marks
           2  C: Fine.
              ... 1 more turn
        """
        return excerpt(self, first, last, notes, codes, reasons=reasons)

    def __repr__(self) -> str:
        return repr(self.show(1, _SHOWN))

    def _repr_html_(self) -> str:
        return self.show(1, _SHOWN)._repr_html_()

    def heading(self) -> str:
        """Say in a line what the transcript is: session, turns, speakers, marks.

        Examples
        --------
        >>> Transcript.from_turns("s1", [("T", "Hello.")]).heading()
        'Session s1: 1 turn, 1 speaker, 0 marks'
        """
        n = len(set(self.turns["speaker"]) - {""})
        found = ((len(self), "turn"), (n, "speaker"), (len(self.marks), "mark"))
        return f"Session {self.session}: " + ", ".join(counted(*pair) for pair in found)


def _draft_of(rows: Iterable[tuple[str, str]] | pd.DataFrame) -> Draft:
    draft = Draft("memory", "")
    if not isinstance(rows, pd.DataFrame):
        for line, (speaker, text) in enumerate(rows, start=1):
            draft.add(speaker, text, line=line)
        return draft
    lacking = [c for c in ("speaker", "text") if c not in rows.columns]
    if lacking:
        raise UsageError(f"from_turns: the frame has no column {' or '.join(map(repr, lacking))}.")
    times = {c: _times(rows, c) for c in ("start_ms", "end_ms")}
    for line, (speaker, text, start, end) in enumerate(
        zip(rows["speaker"], rows["text"], *times.values(), strict=True), start=1
    ):
        draft.add(_written(speaker), _written(text), start, end, line=line)
    return draft


def _written(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _times(rows: pd.DataFrame, column: str) -> list[int | None]:
    if column not in rows.columns:
        return [None] * len(rows)
    return [None if pd.isna(t) else int(t) for t in rows[column]]
