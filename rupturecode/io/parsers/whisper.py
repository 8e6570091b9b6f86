"""What the relatives of Whisper write differently, brought to one form of segments."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from rupturecode.errors import ParseError
from rupturecode.io.parsers.clock import milliseconds
from rupturecode.io.parsers.jsonsafe import records, seconds, words

#: Other programs' names of a segment's start, end and text.
_ALIKE = {
    "start": ("startTime", "start_time"),
    "end": ("stop", "endTime", "end_time"),
    "text": ("body", "word"),
}


#: Scripts that put no spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Segments(NamedTuple):
    """The pieces of a file with ``start``, ``end`` and ``text``."""

    pieces: list[dict[str, Any]]
    notes: tuple[str, ...] = ()
    """What has to be told."""
    single: bool = False
    """Each piece is a word."""


def segments_of(content: object, source: str) -> Segments:
    """Return the segments of a file, whatever wrote it.

    Raises
    ------
    ParseError
        When there are none.

    Examples
    --------
    >>> segments_of([{"start": 1, "stop": 2, "text": "Hm."}], "a.json").pieces[0]["end"]
    2
    >>> segments_of({"chunks": [{"text": "Hm.", "timestamp": [1, 2]}]}, "a").pieces[0]["start"]
    1
    """
    if not isinstance(content, dict):
        return Segments([_alike(s) for s in records(content, "segments", source)])
    if "transcription" in content:
        return Segments(
            [_cpp(s) for s in records(content["transcription"], "transcription", source)]
        )
    if content.get("segments") is not None:
        return Segments([_alike(s) for s in records(content["segments"], "segments", source)])
    if content.get("chunks") is not None:
        return _chunks(content, source)
    if content.get("words") and isinstance(content.get("text"), str):
        said = records(content["words"], "words", source)
        if all("word" in word for word in said):  # others, who count otherwise, say "text"
            return Segments([_alike(word) for word in said], (), True)
    raise ParseError("not a Whisper file: there are no segments", source)


def _alike(segment: dict[str, Any]) -> dict[str, Any]:
    found = dict(segment)
    for name, others in _ALIKE.items():
        if found.get(name) is None:
            found[name] = next((found[o] for o in others if found.get(o) is not None), None)
    return found


def _cpp(segment: dict[str, Any]) -> dict[str, Any]:
    """whisper.cpp counts milliseconds in ``offsets``, or writes clock times."""
    offsets, stamps = segment.get("offsets"), segment.get("timestamps")
    if isinstance(offsets, dict):
        start, end = (seconds(offsets.get(k)) for k in ("from", "to"))
        times = (None if start is None else start // 1000, None if end is None else end // 1000)
    elif isinstance(stamps, dict):
        times = (milliseconds(words(stamps.get("from"))), milliseconds(words(stamps.get("to"))))
    else:
        times = (None, None)
    start_s, end_s = (None if t is None else t / 1000 for t in times)
    return {**segment, "start": start_s, "end": end_s}


def _chunks(content: dict[str, Any], source: str) -> Segments:
    """Take chunks as Transformers write them; insanely-fast-whisper repeats them with speakers."""
    chunks = [_chunk(c) for c in records(content["chunks"], "chunks", source)]
    named = [_chunk(c) for c in records(content.get("speakers"), "speakers", source)]
    texts = [text for c in chunks if (text := text_of(c).strip())]
    single = len(texts) > 1 and not any(" " in t or _UNSPACED.search(t) for t in texts)
    if not named:
        return Segments(chunks, (), single)
    everything, theirs = ("".join(map(text_of, found)).split() for found in (chunks, named))
    if "".join(everything) == "".join(theirs):
        return Segments(named, (), single)
    note = (
        f"the list with speakers, which was read, has {len(theirs)} words, the list without "
        f"them {len(everything)}: the program lost or changed words where it put in the speakers"
    )
    return Segments(named, (note,), single)


def _chunk(chunk: dict[str, Any]) -> dict[str, Any]:
    pair = chunk.get("timestamp")
    times = pair if isinstance(pair, list) and len(pair) == 2 else (None, None)
    return {**chunk, "start": times[0], "end": times[1]}


def time_of(value: object) -> int | None:
    """Milliseconds of a time in seconds, or on the clock; None when it is neither.

    Examples
    --------
    >>> time_of(1.5), time_of("1.5"), time_of("00:00:01,500"), time_of("soon")
    (1500, 1500, 1500, None)
    """
    found = seconds(value)
    return milliseconds(value) if found is None and isinstance(value, str) else found


def speaker_of(value: object) -> str:
    """Return the speaker's name, which some programs write as an object.

    Examples
    --------
    >>> speaker_of("T"), speaker_of(0), speaker_of({"id": 3, "name": "Ana"}), speaker_of(None)
    ('T', '0', 'Ana', '')
    """
    if isinstance(value, dict):
        return next((n for key in ("name", "label", "id") if (n := words(value.get(key)))), "")
    return words(value)


def text_of(word: dict[str, Any], *, apart: bool = False) -> str:
    """Return the words of a piece; ``apart`` with a space before, where it brings none."""
    text = words(word.get("word")) or words(word.get("text"))
    return f" {text}" if apart and not text[:1].isspace() else text


def runs(spoken: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Stretches of words by speaker; a word without one stays with its neighbours."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for word in spoken:
        speaker = speaker_of(word.get("speaker"))
        if found and speaker in ("", found[-1][0]):
            found[-1][1].append(word)
        elif found and not found[-1][0]:
            found[-1] = (speaker, [*found[-1][1], word])
        else:
            found.append((speaker, [word]))
    return found


def parted(text: str, stretches: list[list[dict[str, Any]]]) -> list[str] | None:
    """Cut a segment's text where stretches of its words begin; None where words are not in it.

    Examples
    --------
    >>> parted("Fine - all 5%. No?", [[{"word": "Fine"}, {"word": "all"}], [{"word": "No?"}]])
    ['Fine - all 5%. ', 'No?']
    """
    cuts, at = [], 0
    for stretch in stretches:
        first = None
        for word in stretch:
            bare = text_of(word).strip()
            place = text.find(bare, at)
            if place < 0:
                return None
            first = place if first is None and bare else first
            at = place + len(bare)
        cuts.append(at if first is None else first)
    ends = [*cuts[1:], len(text)]
    return [text[a:b] for a, b in zip([0, *cuts[1:]], ends, strict=True)]
