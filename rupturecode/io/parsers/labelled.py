"""Lines with speaker labels, in every style that transcribers and tools write them.

Used for plain text, Markdown and the paragraphs of word-processor files.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.clock import TIME, milliseconds
from rupturecode.io.parsers.label_header import Bare, header_length, names_somebody
from rupturecode.io.parsers.label_passed import tell_of_passed
from rupturecode.io.parsers.label_rest import Rest
from rupturecode.io.parsers.label_rule import LONE_TIME, learned
from rupturecode.io.parsers.label_styles import STYLES
from rupturecode.io.parsers.numbered_labels import unnumber
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.numbers import Numbers
from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rupturecode.io.parsers.label_passed import Passed
    from rupturecode.io.parsers.label_rule import LabelledTurn, Rule
    from rupturecode.io.parsers.label_styles import Style
    from rupturecode.transcript.draft import Draft, Piece

#: Lines by which the style is chosen.
_SAMPLE = 300
#: Labels so much rarer than stamps are words that look like labels.
_RARE = 20
#: Letters of labels that are no words.
_SHORT = 3
#: Part of a style's share of lines that is enough where its labels are telling.
_LEAST = 0.2
_F4_BEFORE = re.compile(rf"\s*#(?P<t>{TIME})#\s*")
_F4_AFTER = re.compile(rf"#(?P<t>{TIME})#\s*$")
_LEADING = re.compile(rf"[\[(]?(?P<start>{TIME})[\])]?(?=\s|$)[-–—\s]*")


def fill(
    draft: Draft,
    lines: Iterable[str],
    *,
    speakers: Iterable[str] | None = None,
    each_line: bool = False,
) -> None:
    """Read labelled lines into a draft.

    Parameters
    ----------
    draft
        To be filled; lines before the first speaker go to ``info["preamble"]``.
    lines
        The file's lines or paragraphs, without line breaks; they are walked over more than
        once, to learn the labels and to read the turns.
    speakers
        The labels, when the user knows them. An empty list: nobody is named, each
        paragraph is a turn without a speaker.
    each_line
        Whether every line is a paragraph; else blank lines part them.

    Raises
    ------
    ParseError
        When no line has a label.
    """
    if speakers is not None and isinstance(speakers, str):
        raise UsageError("speakers: give a list of labels, such as ['T', 'C'].")
    named = None if speakers is None else frozenset(folded(s) for s in speakers)
    if named is not None and not named:
        _paragraphs(draft, lines, each_line=each_line)
        return
    spoken = Bare(lines, header) if (header := header_length(lines)) else lines
    rule = _choose(spoken, named, draft.source)
    draft.info["style"] = rule.style.name
    passed: list[Passed] = []
    seen = passed if rule.passed and rule.style.name == "label and colon" else None
    turns = _without_key(draft, rule.turns(spoken, seen))
    first = next(turns)
    before = list(islice(lines, first.line - 1))
    _preamble(draft, before)
    rest = Rest(draft, rule)
    draft.extend(_assembled(chain([first], turns), rest, rest.lines(before)[1]))
    _begin_where_the_last_ended(draft)
    if rest.dates:
        _note_dates(draft, list(rest.dates))
    rest.report()
    _lead_with_times(draft)
    unnumber(draft)
    tell_of_passed(draft, passed)


def _choose(lines: Iterable[str], named: frozenset[str] | None, source: str) -> Rule:
    """Find the style that explains most of the first lines, and learn the labels of the file."""
    sample = list(islice((line for line in lines if line and not line.isspace()), _SAMPLE))
    for some in (sample, lines):
        style = _best(some, named)
        rule = learned(style, lines, named) if style else None
        if rule and rule.n_turns:
            return rule
    spoken = ((i, line) for i, line in enumerate(lines, start=1) if line.strip())
    number, line = next(spoken, (1, ""))
    raise ParseError(_unlabelled(named), source, number, line)


def _unlabelled(named: frozenset[str] | None) -> str:
    if named is None:
        return (
            "no speaker labels found; expected lines such as 'T: text'. Name the labels with "
            "speakers=['T', 'C'], or say speakers=[] to read each paragraph as a turn"
        )
    return (
        f"too few lines begin with a label named in speakers= ({', '.join(sorted(named)[:10])}); "
        "look how the labels are written in the file, or say speakers=[] to read each "
        "paragraph as a turn"
    )


def _best(lines: Iterable[str], named: frozenset[str] | None) -> Style | None:
    best: Rule | None = None
    absent = _absent(lines)
    for style in STYLES:
        if style.needs in absent:
            continue
        if not any(map(style.pattern.match, lines)):
            continue
        rule = learned(style, lines, named)
        if style.apart and not _stand_apart(rule, lines, named):
            continue
        if style.named_only and named is None and not _begin_every_line(rule):
            continue
        share = style.share * (_LEAST if _are_telling(rule, named) else 1)
        enough = rule.n_turns >= max(1, share * rule.n_lines)
        most = best.n_turns * (_RARE if style.unnamed else 1) if best else 0
        if enough and rule.n_turns > most:
            best = rule
            if rule.n_turns == rule.n_lines:  # every line: no other style can explain more
                break
    return best.style if best else None


def _begin_every_line(rule: Rule) -> bool:
    """Whether each line begins with a usual short label, of several that come back.

    Longer ones are words: notes on a session begin their lines with Client and Therapist.
    """
    labels = {label.rstrip("0123456789") for label in rule.speakers.values()}
    roles = suggest_roles(label for label in labels if len(label) <= _SHORT)
    usual = labels == {"Q", "A"} or all(roles.get(x) in ("client", "therapist") for x in labels)
    return usual and len(labels) > 1 and rule.n_turns == rule.n_lines >= 2 * len(labels)


def _are_telling(rule: Rule, named: frozenset[str] | None) -> bool:
    """Whether the user named the labels, or all are words for roles, or capitals beside one."""
    labels = {*rule.speakers.values()} - {""}
    usual = suggest_roles(labels)
    return named is not None or (
        len(labels) > 1
        and bool(usual)
        and all(len(label) > 2 and (label.isupper() or label in usual) for label in labels)
    )


def _absent(lines: Iterable[str]) -> set[re.Pattern[str]]:
    """Return what styles need and no line holds."""
    absent = {style.needs for style in STYLES if style.needs}
    coming = iter(lines)
    while absent and (some := list(islice(coming, _SAMPLE))):
        text = "\n".join(some)
        absent = {sign for sign in absent if not sign.search(text)}
    return absent


def _stand_apart(rule: Rule, lines: Iterable[str], named: frozenset[str] | None) -> bool:
    """Whether words stand between any two labels, and the labels look like labels.

    A line of its own may be a short answer, so unless the user names the labels or a time is
    below each, most of them must be usual ones, in capitals, numbered, or of several words;
    names may stand among them.
    """
    n_timed = 0
    for turn in rule.turns(lines):
        if not any(map(str.strip, turn.words[1:])):
            return False
        n_timed += turn.start is not None
    if n_timed == rule.n_turns > 1:
        return True
    labels = set(rule.speakers.values())
    telling = sum(
        bool(suggest_roles([x])) or (x.isupper() and len(x) > 1) or not x.isalpha() for x in labels
    )
    return named is not None or (len(labels) > 1 and 2 * telling >= len(labels))


def _without_key(draft: Draft, turns: Iterator[LabelledTurn]) -> Iterator[LabelledTurn]:
    """Leave out a key at the top (``T: Therapist``), which explains labels and is not speech."""
    key: dict[str, str] = {}
    top: list[LabelledTurn] = []
    for turn in turns:
        top.append(turn)
        words = turn.words[0].strip()
        if not names_somebody(words):
            break
        if turn.speaker in key:
            return chain(top, turns)
        key[turn.speaker] = words
    if not 2 <= len(key) < len(top):
        return chain(top, turns)
    draft.info["key"] = key
    draft.warn("a key of labels at the top was not read as speech: " + ", ".join(key))
    return chain(top[len(key) :], turns)


def _preamble(draft: Draft, lines: Iterable[str]) -> None:
    before = [line.strip() for line in lines if line.strip()]
    if before and LONE_TIME.match(before[-1]):
        before.pop()  # when the first turn begins
    if before:
        draft.info["preamble"] = before
        draft.warn(f"{len(before)} lines before the first speaker were not read as speech")


def _assembled(turns: Iterable[LabelledTurn], rest: Rest, pending: int | None) -> Iterator[Piece]:
    """Put the lines of each turn together; ``pending`` is a time that stands before the first."""
    for turn in turns:
        line, speaker, begins, ends, date, aside, words, _ = turn
        body = f"({aside}) {words[0]}" if aside else words[0]
        if date:
            rest.dates[date] = None
        start, end = pending if begins is None else begins, ends
        pending = None
        if ": " in body or "：" in body:
            rest.look_for_labels(line, body)
        if len(words) > 1 and any(below := words[1:]):
            if start is None and not body.strip():
                start, below = _time_below(below)
            more, pending = rest.lines(below, turn)
            body = "\n".join([body, *more]) if more else body
        if "#" in body:
            body, start, end = _f4(body, start, end)
        yield speaker, body.strip(), start, end, line, ()


def _note_dates(draft: Draft, dates: list[str]) -> None:
    """Keep the days of a chat; times of day on several days are no times of one session."""
    draft.info["dates"] = dates
    if len(dates) == 1:
        draft.warn(f"the date beside each time was left out: {dates[0]}")
        return
    draft.starts = Numbers([None] * len(draft))
    draft.ends = Numbers([None] * len(draft))
    draft.warn(
        f"turns are of several days ({dates[0]} to {dates[-1]}): dates and times were left out"
    )


def _lead_with_times(draft: Draft) -> None:
    """Take the times that turns begin with as their starts, where nearly all do, in order.

    One turn may begin with a time that somebody says, or with a pause such as ``(0:05)``.
    """
    if draft.starts.n_known or len(draft) < 2:
        return
    found = [_LEADING.match(raw) for raw in islice(draft.raws, 5)]
    if sum(map(bool, found)) < min(4, len(found)):
        return
    found = [_LEADING.match(raw) for raw in draft.raws]
    starts = [milliseconds(m["start"]) if m else None for m in found]
    known = [ms for ms in starts if ms is not None]
    if len(known) < 0.8 * len(starts) or known != sorted(known) or known[0] == known[-1]:
        return
    draft.starts = Numbers(starts)
    draft.raws = Texts(
        raw[m.end() :] if m and ms is not None else raw
        for raw, m, ms in zip(draft.raws, found, starts, strict=True)
    )
    draft.warn("times at the beginning of turns were taken as their starts")


def _begin_where_the_last_ended(draft: Draft) -> None:
    """Take the stamp that closes a turn as the next one's start, where turns have no other.

    So transcribers' players write them: a stamp when a paragraph is closed.
    """
    if draft.starts.n_known or len(draft) < 2 or draft.ends.n_known < len(draft) / 2:
        return
    draft.starts = Numbers([None, *draft.ends[:-1]])
    draft.warn("time stamps close the turns; each was taken as the start of the next turn too")


def _time_below(lines: list[str]) -> tuple[int | None, list[str]]:
    """Take the time between a label on its own line and the words, where there is one."""
    spoken = [i for i, line in enumerate(lines) if line.strip()]
    found = LONE_TIME.match(lines[spoken[0]]) if len(spoken) > 1 else None
    return (milliseconds(found["start"]), lines[spoken[1] :]) if found else (None, lines)


def _f4(body: str, start: int | None, end: int | None) -> tuple[str, int | None, int | None]:
    """Take time stamps such as ``#00:00:01-2#`` off the edges of a turn."""
    before, after = _F4_BEFORE.match(body), _F4_AFTER.search(body)
    if before:
        start = milliseconds(before["t"])
    if after and not (before and before.end() >= after.end()):
        end = milliseconds(after["t"])
        body = body[: after.start()]
    return (body[before.end() :] if before else body), start, end


def _paragraphs(draft: Draft, lines: Iterable[str], *, each_line: bool) -> None:
    """Each paragraph is a turn without a speaker; a stamp that closes a line ends it too."""
    block: list[str] = []
    for number, line in enumerate(chain(lines, ("",)), start=1):
        if line.strip():
            block.append(line)
        closed = each_line or not line.strip() or ("#" in line and _F4_AFTER.search(line))
        if block and closed:
            body, start, end = _f4("\n".join(block), None, None)
            first = number - len(block) + bool(line.strip())
            draft.add("", body.strip(), start, end, line=first)
            block = []
    _begin_where_the_last_ended(draft)
