"""Captions to drafts: who speaks in a cue, and captions that roll."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.caption_names import are_headed, finder, somebody_else, two_speak
from rupturecode.io.parsers.clock import many
from rupturecode.io.parsers.label_vocabulary import is_field, is_name, learn
from rupturecode.transcript.columns import Texts
from rupturecode.transcript.draft import Draft
from rupturecode.transcript.numbers import Numbers
from rupturecode.transcript.roles import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from rupturecode.io.parsers.caption_names import Name
    from rupturecode.transcript.draft import Piece

SPEAKER_CARRIED = "speaker-carried-over"
TWO_SPEAKERS = "two-speakers"
ROLLING = "rolling-caption"
OVER = "overlap"

#: So many names a message names.
_MOST_NAMED = 10
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:[ \t\n]+([^<>]*))?>")
_VOICE_END = re.compile(r"</v>")
#: Tags other than those of voices: what another voice says again is not shown twice.
_TAG = re.compile(r"<(?!/?v\b)[^<>]*>")
#: What a rolling caption shows again, it shows at once; after a pause it was said again.
_ABUTS_MS = 500
#: So many captions are gathered at a time.
_AT_ONCE = 1 << 10
#: Flags of many captions, each held once.
_CARRIED: tuple[str, ...] = (SPEAKER_CARRIED,)
_SHARED: tuple[str, ...] = (TWO_SPEAKERS,)
_OVER: tuple[str, ...] = (OVER,)


class Written(NamedTuple):
    """One caption as it is written in a file."""

    start: str
    end: str
    line: int
    text: str


@dataclass(slots=True)
class Cues:
    """All captions of a file in columns, until they become a draft."""

    starts: Numbers[int] = field(default_factory=Numbers)
    ends: Numbers[int] = field(default_factory=Numbers)
    lines: Numbers[int] = field(default_factory=Numbers)
    texts: Texts = field(default_factory=Texts)

    @classmethod
    def timed(cls, found: Iterable[Written], one: Callable[[str], int]) -> Cues:
        """Gather captions, their times read many at once, or by ``one`` where they are unusual."""
        cues = cls()
        coming = iter(found)
        while some := list(islice(coming, _AT_ONCE)):
            starts, ends, lines, texts = zip(*some, strict=True)
            cues.starts.extend(many(starts, one))
            cues.ends.extend(many(ends, one))
            cues.lines.extend(lines)
            cues.texts.extend(texts)
        return cues

    def drained(self) -> Iterator[tuple[int, int, int, str]]:
        """Yield start, end, line and text of each caption; the texts are let go of on the way."""
        return zip(self.starts, self.ends, self.lines, self.texts.drained(), strict=True)

    def __len__(self) -> int:
        return len(self.starts)


def draft_of(
    cues: Cues,
    *,
    format: str,  # noqa: A002 - the word readers know
    source: str,
    speakers: Iterable[str] | None = None,
) -> Draft:
    """Turn cues into a draft: speakers from voice tags, else from names in the text.

    A cue in which several voices speak becomes several pieces; they share its times. With
    ``speakers`` only those names count. The cues are used up.
    """
    draft = Draft(format, source, cues=True, markup=True)
    cues = _unrolled(draft, cues)
    draft.info["n_cues"] = len(cues)
    if any("<v" in text for text in cues.texts):
        draft.extend(_by_voice(cues))
    else:
        _by_name(draft, cues, None if speakers is None else list(speakers))
    return draft


def _by_voice(cues: Cues) -> Iterator[Piece]:
    names: dict[str, tuple[str, tuple[str, ...]]] = {}
    for start, end, line, text in cues.drained():
        if not text.startswith("<v ") or text.count("<v") > 1:
            for written, raw in _voices(text):
                speaker, flags = _speaker(written)
                yield speaker, raw, start, end, line, flags
            continue
        written, _, raw = text[3:].partition(">")
        if written not in names:
            names[written] = _speaker(written)
        if "</v>" in raw:
            raw = _VOICE_END.sub("", raw)
        speaker, flags = names[written]
        yield speaker, raw.strip(), start, end, line, flags


def _speaker(written: str) -> tuple[str, tuple[str, ...]]:
    """Return a voice's name and its flags: noScribe writes ``//`` before one who talks over."""
    name = " ".join(html.unescape(written).split())
    return (name[2:].lstrip(), _OVER) if name.startswith("//") else (name, ())


def _voices(text: str) -> list[tuple[str, str]]:
    """Each voice of a cue as written, with its words; words before the first voice have none."""
    parts: list[tuple[str, str]] = []
    written, done = "", 0
    for found in _VOICE.finditer(text):
        parts.append((written, text[done : found.start()]))
        written = found[1] or ""
        done = found.end()
    parts.append((written, text[done:]))
    clean = [(s, _VOICE_END.sub("", t).strip()) for s, t in parts]
    return [(s, t) for s, t in clean if t] or [clean[-1]]


def _by_name(draft: Draft, cues: Cues, speakers: Iterable[str] | None) -> None:
    """Names at the start of a cue's lines; a cue without one continues the speaker."""
    find = finder(speakers, headed=are_headed(cues.texts))
    labels = Counter([name.label for text in cues.texts for name in find(text)])
    known = learn(labels, len(cues)) if speakers is None else frozenset(map(folded, speakers))
    names = {x: x.strip() for x in labels if folded(x) in known}
    doubtful = _doubtful(labels, names) if speakers is None else {}
    draft.extend(_named(cues, find, names, doubtful))
    carried = sum(SPEAKER_CARRIED in flags for flags in draft.flags)
    if carried:
        draft.warn(f"{carried} captions without a name were given to the speaker before them")
    if doubtful:
        shown = ", ".join(map(repr, list(doubtful)[:_MOST_NAMED]))
        more = f" and {len(doubtful) - _MOST_NAMED} more" if len(doubtful) > _MOST_NAMED else ""
        draft.warn(
            f"perhaps speakers, but not taken for any: {shown}{more}; their captions have no "
            "speaker. Name all speakers in speakers=[...]"
        )


def _named(
    cues: Cues,
    find: Callable[[str], Sequence[Name]],
    names: Mapping[str, str],
    doubtful: Collection[str],
) -> Iterator[Piece]:
    speaker = ""
    for start, end, line, text in cues.drained():
        found = find(text)
        heads = [name for name in found if name.label in names] if found else found
        if len(heads) == 1 and heads[0].start == 0 and "-" not in text[:1] and "\n" not in text:
            speaker = names[heads[0].label]
            yield speaker, text[heads[0].end :].strip(), start, end, line, ()
            continue
        flags = _SHARED if two_speak(text) else ()
        if not heads or text[: heads[0].start].strip():
            before = text[: heads[0].start].strip() if heads else text
            doubted = found and not found[0].start and found[0].label in doubtful
            if doubted or somebody_else(before):
                speaker = ""
            yield speaker, before, start, end, line, flags + _CARRIED if speaker else flags
        for i, head in enumerate(heads):
            speaker = names[head.label]
            stop = heads[i + 1].start if i + 1 < len(heads) else len(text)
            yield speaker, text[head.end : stop].strip(), start, end, line, flags


def _doubtful(labels: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    """Return what stands where names do and looks like one, but was not learned to be one."""
    left = {x: n for x, n in labels.items() if x not in names}
    return {x: n for x, n in left.items() if is_name(x) and not is_field(x)}


def _unrolled(draft: Draft, cues: Cues) -> Cues:
    """Leave out what rolling captions show twice: lines that the cue before ended with.

    Only where most captions of a file do so, as machine captions of video sites do.
    """
    if len(cues) < 10 or 4 * _rolling(cues, 200) < min(len(cues), 200):
        return cues
    rolling = _rolling(cues)
    if rolling < (len(cues) - 1) / 2:
        return cues
    kept = Cues()
    before: list[tuple[str, str]] = []
    last = 0
    for start, end, line, text in cues.drained():
        new = here = _spoken(text)
        before, last = before if start - last <= _ABUTS_MS else [], end
        while new and before and new[0][1] in [b[1] for b in before]:
            new = new[1:]
        if new:
            kept.starts.append(start)
            kept.ends.append(end)
            kept.lines.append(line)
            kept.texts.append("\n".join(raw for raw, _ in new))
        before = here or before
    draft.warn(f"rolling captions: {rolling} lines shown twice were read once")
    draft.info[ROLLING] = rolling
    return kept


def _rolling(cues: Cues, n: int | None = None) -> int:
    """How many of the first ``n`` cues begin at once and as the one before ended."""
    said = map(_spoken, islice(cues.texts, n))
    shown = pairwise(zip(cues.starts, cues.ends, said, strict=False))
    return sum(
        bool(a and b) and b[0][1] == a[-1][1] and start - end <= _ABUTS_MS
        for (_, end, a), (start, _, b) in shown
    )


def _spoken(text: str) -> list[tuple[str, str]]:
    """Return the lines of a cue that hold words, each with its words without tags."""
    lines = [(line, _TAG.sub("", line).strip()) for line in text.split("\n")]
    return [(line, words) for line, words in lines if words]
