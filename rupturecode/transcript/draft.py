"""What a reader hands over: turns as found in a file, before roles and marks are settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from rupturecode.transcript.columns import Texts
from rupturecode.transcript.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: So many are appended together: the more there are, the more memory they take beside the columns.
_AT_ONCE = 1 << 7
#: A turn, cue or paragraph: speaker, raw, start, end, line and flags.
Piece = tuple[str, str, int | None, int | None, int, tuple[str, ...]]


@dataclass(slots=True)
class Draft:
    """Turns in columns, one entry per turn in each.

    A reader fills a draft through :meth:`add`; :func:`rupturecode.transcript.finish` turns
    it into a :class:`~rupturecode.transcript.Transcript`. Columns instead of one object per
    turn keep reading fast, and those that hold much are packed.
    """

    format: str
    source: str
    speakers: list[str] = field(default_factory=list)
    """The speaker as written, without the label's punctuation; ``""`` where none is given."""
    raws: Texts = field(default_factory=Texts)
    """What was said, letter for letter as in the file, without label and time stamp."""
    starts: Numbers[int | None] = field(default_factory=Numbers)
    ends: Numbers[int | None] = field(default_factory=Numbers)
    lines: Numbers[int] = field(default_factory=Numbers)
    """Line (or paragraph, cue, row) in the file, counted from 1, for error messages."""
    flags: list[tuple[str, ...]] = field(default_factory=list)
    """Names of flags; most turns have none."""
    marks: list[tuple[int, str, str, int | None, int | None]] = field(default_factory=list)
    """Marks that the format itself carries, such as a Word comment: position of the turn
    (0-based), kind, text, first and past-the-end offset in the raw text. A comment whose
    stretch is not empty is taken out of the text; one that only points stays a point."""
    cues: bool = False
    """The pieces are captions or recognised segments, not turns: neighbours of one speaker
    belong together."""
    markup: bool = False
    """The raw texts hold tags in angle brackets and character references, as captions do:
    the text is without the tags and with the characters."""
    convention: str = "plain"
    """How brackets and signs are read where the user does not say."""
    session: str | None = None
    """The session as the file itself names it (a column of a table, a header); else None."""
    info: dict[str, object] = field(default_factory=dict)
    """What the import report shows: encoding, newline, header fields, warnings."""

    def add(
        self,
        speaker: str,
        raw: str,
        start_ms: int | None = None,
        end_ms: int | None = None,
        *,
        line: int = 0,
        flags: tuple[str, ...] = (),
    ) -> None:
        """Append one turn (or cue, or paragraph: merging comes later)."""
        self.speakers.append(speaker)
        self.raws.append(raw)
        self.starts.append(start_ms)
        self.ends.append(end_ms)
        self.lines.append(line)
        self.flags.append(flags)

    def extend(self, pieces: Iterable[Piece]) -> None:
        """Append many turns, cues or paragraphs at once, as they come in.

        Examples
        --------
        >>> draft = Draft("text", "s1.txt")
        >>> draft.extend([("T", "Hello.", 0, None, 1, ()), ("C", "Hi.", None, 2000, 3, ())])
        >>> draft.speakers, list(draft.raws), draft.starts, draft.ends, draft.lines
        (['T', 'C'], ['Hello.', 'Hi.'], [0, None], [None, 2000], [1, 3])
        """
        coming = iter(pieces)
        while some := list(islice(coming, _AT_ONCE)):
            speakers, raws, starts, ends, lines, flags = zip(*some, strict=True)
            self.speakers += speakers
            self.raws.extend(raws)
            self.starts.extend(starts)
            self.ends.extend(ends)
            self.lines.extend(lines)
            self.flags += flags

    def flag(self, position: int, *names: str) -> None:
        """Put flags on a turn that is there."""
        self.flags[position] += names

    def empty(self) -> None:
        """Let go of all turns; what is known about the file stays."""
        self.speakers, self.flags, self.raws = [], [], Texts()
        self.starts, self.ends, self.lines = Numbers(), Numbers(), Numbers()

    def warn(self, message: str) -> None:
        """Note something for the import report."""
        warnings = self.info.setdefault("warnings", [])
        if isinstance(warnings, list):
            warnings.append(message)

    def know(self, info: Mapping[str, object]) -> None:
        """Add what is known about the file; warnings join those that are there."""
        for warning in _list(info.get("warnings")):
            self.warn(str(warning))
        self.info.update((key, value) for key, value in info.items() if key != "warnings")

    def __len__(self) -> int:
        return len(self.speakers)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
