"""Lines with speaker labels, in every style that transcribers and tools write them.

Used for plain text, Markdown and the paragraphs of word-processor files.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.clock import TIME, milliseconds
from rupturecode.io.parsers.label_styles import STYLES
from rupturecode.io.parsers.label_vocabulary import learn
from rupturecode.io.parsers.numbered_labels import unnumber
from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rupturecode.io.parsers.label_styles import Style
    from rupturecode.transcript.draft import Draft

#: Lines by which the style is chosen.
_SAMPLE = 300
_LONE_TIME = re.compile(rf"\s*[\[(#]?(?P<start>{TIME})[\])#]?[ \t]*$")
_F4_BEFORE = re.compile(rf"\s*#(?P<t>{TIME})#\s*")
_F4_AFTER = re.compile(rf"#(?P<t>{TIME})#\s*$")
_FOOTER = re.compile(
    r"\s*(?:transcribed (?:by|with) (?:https?://)?\w+\.\w+|---+\s*end"
    r"|\[?end of (?:transcript|recording)\]?|meeting ended after\b)",
    re.IGNORECASE,
)


class _Head(NamedTuple):
    """The start of a turn: its line, its label, and where in the line the words begin."""

    line: int
    speaker: str
    start: int | None
    end: int | None
    column: int
    aside: str = ""
    """What stands in parentheses between label and colon: ``T (nods):``."""


def fill(
    draft: Draft,
    lines: Sequence[str],
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
        The file's lines or paragraphs, without line breaks.
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
    style, heads = _choose(draft, lines, named)
    draft.info["style"] = style
    heads = _without_key(draft, lines, heads)
    _preamble(draft, lines, heads[0].line)
    _assemble(draft, lines, heads)
    unnumber(draft)


def _choose(
    draft: Draft, lines: Sequence[str], named: frozenset[str] | None
) -> tuple[str, list[_Head]]:
    """Find the style that explains most of the first lines, and where it has turns begin."""
    spoken = [line for line in lines if line and not line.isspace()]
    style = _best(spoken[:_SAMPLE], named) or _best(spoken, named)
    if style is None:
        first = next((i for i, line in enumerate(lines) if line.strip()), 0)
        raise ParseError(
            _unlabelled(named),
            draft.source,
            first + 1,
            lines[first] if lines else "",
        )
    heads, passed = _heads(style, lines, named)
    for label in passed:
        draft.warn(f"{label!r} stands before a colon once or as a heading: not read as a speaker")
    return style.name, heads


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


def _best(sample: Sequence[str], named: frozenset[str] | None) -> Style | None:
    whole = "\n".join(sample)
    best: tuple[int, Style] | None = None
    for style in STYLES:
        if style.needs not in whole or (style.named_only and named is None):
            continue
        heads, _ = _heads(style, sample, named)
        if style.apart and not _stand_apart(heads, len(sample), named):
            continue
        if heads and len(heads) >= style.share * len(sample) and (not best or len(heads) > best[0]):
            best = (len(heads), style)
            if len(heads) == len(sample):  # every line: no other style can explain more
                break
    return best[1] if best else None


def _stand_apart(heads: Sequence[_Head], n_lines: int, named: frozenset[str] | None) -> bool:
    """Whether words stand between any two labels, and the labels look like labels.

    A line of its own may be a short answer, so unless the user names the labels or a time is
    below each, most of them must be usual ones, in capitals, numbered, or of several words;
    names may stand among them.
    """
    lines = [head.line for head in heads]
    if not lines or lines[-1] == n_lines - 1 or any(b - a < 2 for a, b in pairwise(lines)):
        return False
    labels = {head.speaker for head in heads}
    if len(heads) > 1 and all(head.start is not None for head in heads):
        return True
    telling = sum(
        bool(suggest_roles([x])) or (x.isupper() and len(x) > 1) or not x.isalpha() for x in labels
    )
    return named is not None or (len(labels) > 1 and 2 * telling >= len(labels))


def _heads(
    style: Style, lines: Sequence[str], named: frozenset[str] | None
) -> tuple[list[_Head], list[str]]:
    """Where turns begin, and the would-be labels that were passed over."""
    heads = list(_candidates(style, lines))
    if "speaker" not in style.pattern.groupindex:
        return heads, []
    labels = Counter([head.speaker for head in heads])
    kept: frozenset[str] | None = named
    if kept is None and style.by_vocabulary:
        n_lines = sum([1 for line in lines if line and not line.isspace()])
        if len(heads) < 0.8 * n_lines:
            n_lines -= sum([1 for line in lines if _LONE_TIME.match(line)])
        stamped = {head.speaker for head in heads if head.start is not None}
        kept = learn(labels, n_lines, stamped=stamped)
    if named is not None:  # users name labels with their title: Ana (mother)
        kept = named | {name.partition(" (")[0] for name in named}
    passed = {x for x in labels if kept is not None and folded(x) not in kept}
    if passed:
        heads = [head for head in heads if head.speaker not in passed]
    return _with_titles(heads), [x for x in labels if x in passed][:20]


def _with_titles(heads: list[_Head]) -> list[_Head]:
    """Take what always stands behind a label, or names a role, into the label: ``Ana (mother)``."""
    if not any(head.aside for head in heads):
        return heads
    seen: dict[str, set[str]] = {}
    for head in heads:
        seen.setdefault(head.speaker, set()).add(head.aside)
    turns = Counter(head.speaker for head in heads)
    constant = {x for x, asides in seen.items() if len(asides) == 1 and turns[x] > 1}
    return [
        head._replace(speaker=f"{head.speaker} ({head.aside})", aside="")
        if head.aside and (head.speaker in constant or suggest_roles([head.aside]))
        else head
        for head in heads
    ]


def _candidates(style: Style, lines: Sequence[str]) -> Iterator[_Head]:
    """Yield a head for each line that the style matches; labels that repeat are one string."""
    match, groups = style.pattern.match, style.pattern.groupindex
    starts = [groups[name] for name in ("start", "later", "after") if name in groups]
    stop = groups.get("end", 0)
    label, aside = groups.get("speaker", 0), groups.get("aside", 0)
    names: dict[str, str] = {}
    for i, line in enumerate(lines):
        found = match(line) if line else None
        if found is None:
            continue
        name = found[label] if label else ""
        speaker = names.get(name)
        if speaker is None:
            speaker = names[name] = name.strip()
        start = end = None
        for group in starts:
            start = start or found[group]
        if style.apart and i + 1 < len(lines) and (below := _LONE_TIME.match(lines[i + 1])):
            start = below["start"]
        if start:
            end = _ms(found[stop]) if stop else None
        between = (found[aside] or "") if aside else ""
        yield _Head(i, speaker, _ms(start), end, found.end(), between)


def _ms(text: str | None) -> int | None:
    return milliseconds(text) if text else None


def _without_key(draft: Draft, lines: Sequence[str], heads: list[_Head]) -> list[_Head]:
    """Leave out a key at the top (``T: Therapist``), which explains labels and is not speech."""
    n = 0
    for head in heads:
        words = lines[head.line][head.column :].strip().rstrip(".")
        if not suggest_roles([words]) or len(words) < 4:
            break
        n += 1
    if n < 2 or n == len(heads) or len({h.speaker for h in heads[:n]}) < n:
        return heads
    key = {h.speaker: lines[h.line][h.column :].strip() for h in heads[:n]}
    draft.info["key"] = key
    draft.warn("a key of labels at the top was not read as speech: " + ", ".join(key))
    return heads[n:]


def _preamble(draft: Draft, lines: Sequence[str], first: int) -> None:
    before = [line.strip() for line in lines[:first] if line.strip()]
    if before and _LONE_TIME.match(before[-1]):
        before.pop()  # when the first turn begins
    if before:
        draft.info["preamble"] = before
        draft.warn(f"{len(before)} lines before the first speaker were not read as speech")


def _assemble(draft: Draft, lines: Sequence[str], heads: list[_Head]) -> None:
    """Each head takes the lines up to the next one."""
    pending = _rest(draft, lines[: heads[0].line], last=False)[1]
    ends = [h.line for h in heads[1:]] + [len(lines)]
    for head, end in zip(heads, ends, strict=True):
        body = lines[head.line][head.column :]
        if head.aside:
            body = f"({head.aside}) {body}"
        start, finish = head.start if head.start is not None else pending, head.end
        pending = None
        if end > head.line + 1 and any(lines[head.line + 1 : end]):
            below = lines[head.line + 1 : end]
            if not body.strip() and start is None:
                start, below = _time_below(below)
            rest, pending = _rest(draft, below, last=end == len(lines))
            body = "\n".join([body, *rest]) if rest else body
        if "#" in body:
            body, start, finish = _f4(body, start, finish)
        draft.add(head.speaker, body.strip(), start, finish, line=head.line + 1)
    _begin_where_the_last_ended(draft)


def _begin_where_the_last_ended(draft: Draft) -> None:
    """Take the stamp that closes a turn as the next one's start, where turns have no other.

    So transcribers' players write them: a stamp when a paragraph is closed.
    """
    if any(start is not None for start in draft.starts) or len(draft) < 2:
        return
    if sum(end is not None for end in draft.ends) < len(draft) / 2:
        return
    draft.starts[1:] = draft.ends[:-1]
    draft.warn("time stamps close the turns; each was taken as the start of the next turn too")


def _time_below(lines: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """Take the time between a label on its own line and the words, where there is one."""
    spoken = [i for i, line in enumerate(lines) if line.strip()]
    found = _LONE_TIME.match(lines[spoken[0]]) if len(spoken) > 1 else None
    return (milliseconds(found["start"]), lines[spoken[1] :]) if found else (None, lines)


def _rest(draft: Draft, lines: Sequence[str], *, last: bool) -> tuple[list[str], int | None]:
    """Continuation lines, a lone time after the last of them taken as the next turn's start."""
    time: int | None = None
    if any(map(str.strip, lines)):
        kept: list[str] = []
        for line in lines:
            found = _LONE_TIME.match(line)
            if found:
                time = milliseconds(found["start"])
                continue
            if line.strip():
                time = None  # more words of this turn
            if last and _FOOTER.match(line):
                draft.info["footer"] = line.strip()
                draft.warn("a closing line of the transcription service was not read as speech")
            else:
                kept.append(line)
        return kept, time
    return [], None


def _f4(body: str, start: int | None, end: int | None) -> tuple[str, int | None, int | None]:
    """Take time stamps such as ``#00:00:01-2#`` off the edges of a turn."""
    before, after = _F4_BEFORE.match(body), _F4_AFTER.search(body)
    if before:
        start = milliseconds(before["t"])
    if after and not (before and before.end() >= after.end()):
        end = milliseconds(after["t"])
        body = body[: after.start()]
    return (body[before.end() :] if before else body), start, end


def _paragraphs(draft: Draft, lines: Sequence[str], *, each_line: bool) -> None:
    """Each paragraph is a turn without a speaker; a stamp that closes a line ends it too."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        closed = each_line or not line.strip() or ("#" in line and _F4_AFTER.search(line))
        if block and closed:
            body, start, end = _f4("\n".join(block), None, None)
            first = number - len(block) + bool(line.strip())
            draft.add("", body.strip(), start, end, line=first)
            block = []
    _begin_where_the_last_ended(draft)
