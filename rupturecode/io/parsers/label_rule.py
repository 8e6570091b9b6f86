"""How the speakers of one file are labelled: learned from its lines, then used to part turns."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.clock import TIME, milliseconds
from rupturecode.io.parsers.label_passed import Passed
from rupturecode.io.parsers.label_vocabulary import learn
from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rupturecode.io.parsers.label_styles import Style


#: A time, or the start and end of a caption, with a line to itself.
LONE_TIME = re.compile(
    rf"\s*\*{{0,2}}[\[(#]?(?P<start>{TIME})(?:\s*(?:-|–|-->|to)\s*{TIME})?[\])#]?:?\*{{0,2}}[ \t]*$"
)
_NEAR = re.compile(rf"[\[(]?{TIME}[\])]?(?!\S)")
#: White space and signs of direction, which may stand beside a label.
_BESIDE = " \t\u00a0\u202f\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: What is found for a label in a line, if anything, and where it ends.
Head = tuple[str, int]
_NONE: Head = ("\0", 0)
#: So many lines above the first label with a time say nothing about how dense labels are.
_MOST_ABOVE = 20


class LabelledTurn(NamedTuple):
    """The lines of a turn as they stand in the file, and what its label says."""

    line: int
    speaker: str
    start: int | None
    end: int | None
    date: str
    aside: str
    """What stands in parentheses between label and colon: ``T (nods):``."""
    words: list[str]
    """What stands behind the label, and the lines up to the next label."""
    last: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A style with the labels that count in one file."""

    style: Style
    speakers: Mapping[str, str]
    """From what the style's pattern finds to the speaker; what is not here is no label."""
    titled: frozenset[str]
    """Speakers behind whose label the same words always stand: ``Ana (mother):``."""
    passed: Mapping[str, int]
    """What looks like a label and is none, and how often it comes."""
    n_turns: int
    n_lines: int
    """Lines that are not blank."""
    bare: bool = False
    """Whether nothing but a name stands in any label, neither a time nor anything in brackets."""
    lines: Iterable[str] = ()
    """The lines that it was learned from."""
    heads: Sequence[Head] = ()
    """What the style's pattern finds in them, each once."""
    head_of: Sequence[int] = ()
    """For each line, which of these."""

    def turns(
        self, lines: Iterable[str], passed: list[Passed] | None = None
    ) -> Iterator[LabelledTurn]:
        """Yield the turns: each label takes the lines up to the next.

        Lines within turns that begin with what looks like a label go to ``passed`` too.
        """
        match, groups = self.style.pattern.match, self.style.pattern.groupindex
        label, stop, aside, day = (
            groups.get(name, 0) for name in ("speaker", "end", "aside", "date")
        )
        starts, apart, speakers = _starts(self.style), self.style.apart, self.speakers
        if self.bare and lines is self.lines and not apart:
            yield from self._bare_turns(passed)
            return
        turn: LabelledTurn | None = None
        for number, line in enumerate(lines, start=1):
            found = match(line) if line else None
            speaker = speakers.get(found[label] if label else "") if found else None
            if found is None or speaker is None:
                if turn:
                    turn.words.append(line)
                    if found is not None and passed is not None and label:
                        passed.append(Passed(number, found[label].strip(_BESIDE), line))
                continue
            if turn:
                yield self._timed_below(turn) if apart else turn
            beside = (found[aside] or "") if aside else ""
            if beside and (speaker in self.titled or suggest_roles([beside])):
                speaker, beside = f"{speaker} ({beside})", ""
            start = _time(found, starts) if starts else None
            end = _time(found, (stop,)) if stop and start is not None else None
            date = (found[day] or "") if day else ""
            turn = LabelledTurn(number, speaker, start, end, date, beside, [line[found.end() :]])
        if turn:
            yield self._timed_below(turn)._replace(last=True)

    def _bare_turns(self, passed: list[Passed] | None) -> Iterator[LabelledTurn]:
        """Yield the turns of the lines that were learned from, by what was found in them then."""
        who = [self.speakers.get(name) for name, _ in self.heads]
        turn: LabelledTurn | None = None
        for number, (line, i) in enumerate(zip(self.lines, self.head_of, strict=True), start=1):
            speaker = who[i]
            if speaker is None:
                if turn:
                    turn.words.append(line)
                    if i and passed is not None:
                        passed.append(Passed(number, self.heads[i][0].strip(_BESIDE), line))
                continue
            if turn:
                yield turn
            words = [line[self.heads[i][1] :]]
            turn = LabelledTurn(number, speaker, None, None, "", "", words)
        if turn:
            yield turn._replace(last=True)

    def _timed_below(self, turn: LabelledTurn) -> LabelledTurn:
        """Take the time from the line below, where labels have lines to themselves."""
        below = LONE_TIME.match(turn.words[1]) if self.style.apart and turn.words[1:] else None
        return turn._replace(start=milliseconds(below["start"])) if below else turn


@dataclass(slots=True)
class _Seen:
    """What stands where a style has labels."""

    heads: dict[Head, int] = field(default_factory=lambda: {_NONE: 0})
    head_of: array[int] = field(default_factory=lambda: array("i"))
    """For each line, which head it has: a number, not the head, for memory's sake."""
    n_lines: int = 0
    """Lines that are not blank, a few above the first label with a time apart."""
    n_times: int = 0
    """Lines among them that hold nothing but a time."""
    names: Counter[str] = field(default_factory=Counter)
    stamped: set[str] = field(default_factory=set)
    near: Counter[str] = field(default_factory=Counter)
    """Labels behind which a time stands, which may be a stamp or be said."""
    empty: Counter[str] = field(default_factory=Counter)
    """Labels that have a line to themselves, with another label on the next."""
    asides: dict[str, Counter[str]] = field(default_factory=dict)

    def time_below(self, line: str, label: str | None) -> bool:
        """Whether a line holds nothing but a time, which may be that of the label above it."""
        if not LONE_TIME.match(line):
            return False
        self.n_times += 1
        if label is not None:
            self.stamped.add(label)
        return True


def learned(style: Style, lines: Iterable[str], named: frozenset[str] | None) -> Rule:
    """Learn the labels of a file in one style, unless the user has named them.

    Examples
    --------
    >>> from rupturecode.io.parsers.label_styles import STYLES
    >>> colon = next(style for style in STYLES if style.name == "label and colon")
    >>> rule = learned(colon, ["T: How was it?", "C: Well: fine.", "Note: late."], None)
    >>> rule.speakers, rule.passed
    ({'T': 'T', 'C': 'C'}, {'Note': 1})
    """
    seen = _seen(style, lines)
    labels: Counter[str] = Counter()
    for name, n in seen.names.items():
        labels[name.strip(_BESIDE)] += n
    if seen.near.total() >= 0.8 * labels.total():
        seen.stamped.update(seen.near)
    kept = named
    if "speaker" not in style.pattern.groupindex:
        kept = None
    elif named is not None:  # users name labels with their title: Ana (mother)
        kept = named | {name.partition(" (")[0] for name in named}
    elif style.by_vocabulary:
        dense = labels.total() >= 0.8 * seen.n_lines
        n_lines = seen.n_lines if dense else seen.n_lines - seen.n_times
        headings = {name for name, n in seen.empty.items() if n == labels[name]}
        kept = learn(labels, n_lines, stamped=seen.stamped, headings=headings)
    passed = {x: n for x, n in labels.items() if kept is not None and folded(x) not in kept}
    return Rule(
        style,
        speakers={name: bare for name in seen.names if (bare := name.strip(_BESIDE)) not in passed},
        titled=frozenset(x for x, beside in seen.asides.items() if _constant(beside, labels[x])),
        passed=passed,
        n_turns=labels.total() - sum(passed.values()),
        n_lines=seen.n_lines,
        bare=not seen.stamped and not seen.asides,
        lines=lines,
        heads=list(seen.heads),
        head_of=seen.head_of,
    )


def _seen(style: Style, lines: Iterable[str]) -> _Seen:
    match, groups = style.pattern.match, style.pattern.groupindex
    label, aside, starts = groups.get("speaker", 0), groups.get("aside", 0), _starts(style)
    seen = _Seen()
    names, heads, apart = seen.names, seen.heads, style.apart
    above, open_label, timed = None, "", False
    for line in lines:
        found = match(line) if line and not line.isspace() else None
        if found is None:
            seen.head_of.append(0)
            if line and not line.isspace():
                seen.n_lines += 1
                timed = seen.time_below(line, above if apart else None)
                open_label = ""
            above = None
            continue
        seen.n_lines += 1
        end = found.end()
        name = found[label] if label else ""
        above = name.strip(_BESIDE)
        seen.head_of.append(heads.setdefault((name, end), len(heads)))
        alone = found.lastindex == label and not found.start(label)  # no other group has matched
        has_time = not alone and bool(starts) and _time(found, starts) is not None
        if has_time and not (names or style.unnamed):
            seen.n_lines = max(1, seen.n_lines - _MOST_ABOVE)
        names[name] += 1
        if open_label:
            seen.empty[open_label] += 1
        open_label = above if end == len(line) and not apart else ""
        if end < len(line) and line[end] in "[(0123456789" and _NEAR.match(line, end):
            seen.near[above] += 1
        if has_time or (timed and apart):
            seen.stamped.add(above)
        timed = False
        if aside and found[aside]:
            seen.asides.setdefault(above, Counter())[found[aside]] += 1
    return seen


def _constant(asides: Counter[str], n_turns: int) -> bool:
    """Whether the same words stand behind a label each time, and more than once."""
    return len(asides) == 1 and asides.total() == n_turns > 1


def _starts(style: Style) -> tuple[int, ...]:
    """Return the groups of a style's pattern that hold the time of a turn's start."""
    groups = style.pattern.groupindex
    return tuple(groups[name] for name in ("start", "later", "after") if name in groups)


def _time(found: re.Match[str], groups: tuple[int, ...]) -> int | None:
    for text in found.group(*groups) if len(groups) > 1 else (found[groups[0]],):
        if text:
            return milliseconds(text)
    return None
