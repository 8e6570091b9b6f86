"""How the speakers of one file are labelled: learned from its lines, then used to part turns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.clock import TIME, milliseconds
from rupturecode.io.parsers.label_vocabulary import learn
from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rupturecode.io.parsers.label_styles import Style


#: A time with a line to itself.
LONE_TIME = re.compile(rf"\s*[\[(#]?(?P<start>{TIME})[\])#]?[ \t]*$")


class LabelledTurn(NamedTuple):
    """The lines of a turn as they stand in the file, and what its label says."""

    line: int
    speaker: str
    start: int | None
    end: int | None
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
    passed: tuple[str, ...]
    """What looks like a label and is none."""
    n_turns: int
    n_lines: int
    """Lines that are not blank."""
    bare: bool = False
    """Whether nothing but a name stands in any label, neither a time nor anything in brackets."""

    def turns(self, lines: Iterable[str]) -> Iterator[LabelledTurn]:
        """Yield the turns: each label takes the lines up to the next."""
        match, groups = self.style.pattern.match, self.style.pattern.groupindex
        label, stop, aside = (groups.get(name, 0) for name in ("speaker", "end", "aside"))
        starts, apart, speakers = _starts(self.style), self.style.apart, self.speakers
        bare = self.bare
        turn: LabelledTurn | None = None
        for number, line in enumerate(lines, start=1):
            found = match(line) if line else None
            speaker = speakers.get(found[label] if label else "") if found else None
            if found is None or speaker is None:
                if turn:
                    turn.words.append(line)
                continue
            if turn:
                yield self._timed_below(turn) if apart else turn
            if bare:
                turn = LabelledTurn(number, speaker, None, None, "", [line[found.end() :]])
                continue
            beside = (found[aside] or "") if aside else ""
            if beside and (speaker in self.titled or suggest_roles([beside])):
                speaker, beside = f"{speaker} ({beside})", ""
            start = _time(found, starts) if starts else None
            end = _time(found, (stop,)) if stop and start is not None else None
            turn = LabelledTurn(number, speaker, start, end, beside, [line[found.end() :]])
        if turn:
            yield self._timed_below(turn)._replace(last=True)

    def _timed_below(self, turn: LabelledTurn) -> LabelledTurn:
        """Take the time from the line below, where labels have lines to themselves."""
        below = LONE_TIME.match(turn.words[1]) if self.style.apart and turn.words[1:] else None
        return turn._replace(start=milliseconds(below["start"])) if below else turn


@dataclass(slots=True)
class _Seen:
    """What stands where a style has labels."""

    n_lines: int = 0
    n_times: int = 0
    """Lines among them that hold nothing but a time."""
    names: Counter[str] = field(default_factory=Counter)
    stamped: set[str] = field(default_factory=set)
    asides: dict[str, Counter[str]] = field(default_factory=dict)


def learned(style: Style, lines: Iterable[str], named: frozenset[str] | None) -> Rule:
    """Learn the labels of a file in one style, unless the user has named them.

    Examples
    --------
    >>> from rupturecode.io.parsers.label_styles import STYLES
    >>> colon = next(style for style in STYLES if style.name == "label and colon")
    >>> rule = learned(colon, ["T: How was it?", "C: Well: fine.", "Note: late."], None)
    >>> rule.speakers, rule.passed
    ({'T': 'T', 'C': 'C'}, ('Note',))
    """
    seen = _seen(style, lines)
    labels: Counter[str] = Counter()
    for name, n in seen.names.items():
        labels[name.strip()] += n
    kept = named
    if "speaker" not in style.pattern.groupindex:
        kept = None
    elif named is not None:  # users name labels with their title: Ana (mother)
        kept = named | {name.partition(" (")[0] for name in named}
    elif style.by_vocabulary:
        dense = labels.total() >= 0.8 * seen.n_lines
        n_lines = seen.n_lines if dense else seen.n_lines - seen.n_times
        kept = learn(labels, n_lines, stamped=seen.stamped)
    passed = {x: None for x in labels if kept is not None and folded(x) not in kept}
    return Rule(
        style,
        speakers={name: name.strip() for name in seen.names if name.strip() not in passed},
        titled=frozenset(x for x, beside in seen.asides.items() if _constant(beside, labels[x])),
        passed=tuple(passed),
        n_turns=labels.total() - sum(labels[x] for x in passed),
        n_lines=seen.n_lines,
        bare=not seen.stamped and not seen.asides,
    )


def _seen(style: Style, lines: Iterable[str]) -> _Seen:
    match, groups = style.pattern.match, style.pattern.groupindex
    label, aside, starts = groups.get("speaker", 0), groups.get("aside", 0), _starts(style)
    seen = _Seen()
    above: str | None = None
    for line in lines:
        if not line or line.isspace():
            above = None
            continue
        seen.n_lines += 1
        found = match(line)
        if found is None:
            if LONE_TIME.match(line):
                seen.n_times += 1
                if above is not None and style.apart:
                    seen.stamped.add(above)
            above = None
            continue
        name = found[label] if label else ""
        above = name.strip()
        seen.names[name] += 1
        if starts and above not in seen.stamped and _time(found, starts) is not None:
            seen.stamped.add(above)
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
