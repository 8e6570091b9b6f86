"""What stands between labels: lines that continue a turn, times, and what is not speech."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.io.parsers.clock import milliseconds
from rupturecode.io.parsers.label_rule import LONE_TIME
from rupturecode.transcript.roles import suggest_roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.io.parsers.label_rule import LabelledTurn, Rule
    from rupturecode.transcript.draft import Draft

_FOOTER = re.compile(
    r"[\s#*_=>-]*(?:transcribed (?:by|with) (?:https?://)?\w+\.\w+|---+\s*end"
    r"|[\[(]?(?:the )?end of (?:the )?"
    r"(?:transcript|transcription|recording|session|interview|segment|excerpt|tape|audio)[\])]?[\s*_.=-]*$"
    r"|(?<=[*=-] )end[\s*=-]*$|\[end\]\s*$|(?:meeting|transcription) ended after\b"
    r"|this editable transcript was computer generated|.{1,60} stopped transcription\s*$"
    r"|[\[(]?ende (?:der|des) (?:sitzung|aufnahme|interviews?|transkripts?|gesprächs)"
    r"[\])]?[\s*_.=-]*$)",
    re.IGNORECASE,
)
#: Rules between parts, and numbers of pages.
_RULE = re.compile(r"\s*(?:[-*_=~#]{3,}|(?:[-*_=] ){2,}[-*_=]|>)\s*$")
_PAGE = re.compile(
    r"\s*[-–—]?\s*(?:page|seite|página|pagina|side)\s+\d{1,4}(?:\s*(?:of|/|von|de|di|van)\s*\d{1,4})?"
    r"\s*[-–—]?\s*$",
    re.IGNORECASE,
)
_FIRST = frozenset("-*_=~#>pPsS–— \t")
#: Labels that are words of the language: no slip when a line begins with one.
_WORDS = frozenset({"I", "A", "O", "E", "Y", "U"})
#: Longer lines are speech.
_LONGEST = 200
_MOST_NAMED = 5
#: How a label stands within a line, and what is looked for too where only one was learned.
_WITHIN = (" {}: ", "\t{}: ", "。{}：", "？{}：", " {}：")
_BESIDE = " \t。？"
_USUAL = ("T", "C", "P", "Th", "Cl", "Pt", "Therapist", "Client", "Patient")


@dataclass(slots=True)
class Rest:
    """Keeps the lines that continue turns, and counts what was left out or looks amiss."""

    draft: Draft
    rule: Rule
    rules: int = 0
    pages: int = 0
    footers: list[str] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    dates: dict[str, None] = field(default_factory=dict)
    """The days that stand beside times, as chats have them."""
    slip: re.Pattern[str] | None = field(init=False)
    inside: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        colon = self.rule.style.name == "label and colon"
        labels = sorted({x for x in self.rule.speakers.values() if x}) if colon else []
        self.slip = _slip(labels) if labels else None
        others = _USUAL if len(labels) == 1 else ()
        inside = dict.fromkeys([*labels, *others]) if labels else {}
        self.inside = tuple(form.format(x) for x in inside for form in _WITHIN)

    def lines(
        self, lines: Sequence[str], turn: LabelledTurn | None = None
    ) -> tuple[list[str], int | None]:
        """Return the lines of speech, and a lone time after the last as the next turn's start."""
        time: int | None = None
        kept: list[str] = []
        if not any(map(str.strip, lines)):
            return kept, time
        for i, line in enumerate(lines):
            found = LONE_TIME.match(line)
            if found:
                time = milliseconds(found["start"])
                continue
            if line.strip():
                time = None  # more words of this turn
                if self._left_out(lines, i, last=turn is not None and turn.last):
                    continue
                if turn is not None:
                    self._look_for_slips(turn, i, line)
            kept.append(line)
        return kept, time

    def _left_out(self, lines: Sequence[str], i: int, *, last: bool) -> bool:
        """Whether a line is a rule, a page number or a footer, which is counted."""
        line = lines[i]
        if last and (self.footers or (len(line) <= _LONGEST and _FOOTER.match(line))):
            self.footers.append(line.strip())
            return True
        if len(line) > _LONGEST or line[0] not in _FIRST:
            return False
        if _PAGE.match(line):
            self.pages += 1
            return True
        alone = not "".join([*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2]]).strip()
        if _RULE.match(line) and (alone or len(line.strip()) > 9 or line.strip() == ">"):
            self.rules += 1
            return True
        return False

    def _look_for_slips(self, turn: LabelledTurn, i: int, line: str) -> None:
        if ": " in line or "：" in line:
            self.look_for_labels(turn.line + i + 1, line)
        if self.slip and (found := self.slip.match(line)):
            self.slips.append(f"line {turn.line + i + 1} begins with {found['label']!r}")

    def look_for_labels(self, number: int, line: str) -> None:
        """Note a known label with its colon that stands within a line."""
        for label in self.inside:
            if label in line:
                self.slips.append(f"line {number} has {label.strip(_BESIDE)!r} within")

    def report(self) -> None:
        """Say what was left out, and which lines may hold a label that was not read as one."""
        draft = self.draft
        if self.footers:
            draft.info["footer"] = "\n".join(self.footers)
            n = len(self.footers)
            lines = "a closing line" if n == 1 else f"{n} closing lines"
            were = "was" if n == 1 else "were"
            draft.warn(f"{lines} of the transcription service {were} not read as speech")
        if self.rules:
            draft.warn(f"{self.rules} ruled lines between turns were left out")
        if self.pages:
            draft.warn(f"{self.pages} lines with a page's number were left out")
        if self.slips:
            more = len(self.slips) - _MOST_NAMED
            named = "; ".join(self.slips[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
            draft.warn(
                "a label without its colon, or not at the start of a line, was not read as one: "
                + named
            )


def _slip(labels: Sequence[str]) -> re.Pattern[str] | None:
    """Return what a line begins with when somebody mistyped the colon behind a label."""
    short = [re.escape(x) for x in labels if len(x) <= 3 or suggest_roles([x])]
    alone = [
        re.escape(x) for x in labels if x not in _WORDS and (len(x) == 1 or suggest_roles([x]))
    ]
    forms = []
    if short:
        forms.append(rf"(?:{'|'.join(short)})[;.>](?=[ \t]+\S)")
    if alone:
        forms.append(rf"(?:{'|'.join(alone)})(?=[ \t]+[A-ZÄÖÜ])")
    forms.append(rf"(?:{'|'.join(map(re.escape, labels))});(?=[ \t]+\S)")
    return re.compile(rf"[ \t]*(?P<label>{'|'.join(forms)})")
