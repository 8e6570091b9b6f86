"""Whisper's JSON: openai, faster-whisper, WhisperX, whisper-timestamped and whisper.cpp.

Words may lack times, scores or speakers (numerals do in WhisperX), so only the segments
are relied on; words decide where one segment holds several speakers.
"""

from __future__ import annotations

import re
from typing import Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.clock import milliseconds
from rupturecode.io.parsers.jsonsafe import parse_json, records, seconds, words
from rupturecode.io.parsers.preview import preview
from rupturecode.transcript.draft import Draft

NAME = "whisper"
#: Each begins with its word: where that does not stand, a search is done at once.
_SEGMENTS = re.compile(r'"segments"\s*:\s*\[\s*\{[^{}\[\]]*"text"\s*:')
_CPP = re.compile(r'"transcription"\s*:\s*\[\s*\{\s*"(?:timestamps|offsets)"\s*:')
_BARE = re.compile(r'\s*\[\s*\{\s*"start"\s*:\s*[\d.]+\s*,\s*"end"\s*:\s*[\d.]+\s*,\s*"text"\s*:')
#: openai's file begins with the whole text, which may fill all that sniffing sees.
_TEXT_FIRST = re.compile(r'^\s*\{\s*"text"\s*:\s*"(?:[^"\\]|\\.)*+$')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is the JSON of one of the Whisper family."""
    del name
    text = preview(head)
    if _SEGMENTS.search(text) or _CPP.search(text) or _BARE.match(text):
        return True
    return len(head) > 1000 and bool(_TEXT_FIRST.match(text))


def read(data: bytes, *, source: str) -> Draft:
    """Read the segments; a segment whose words have several speakers is split between them.

    Raises
    ------
    ParseError
        When the JSON is malformed or holds no segments.

    Examples
    --------
    >>> read(b'{"segments": [{"start": 0, "end": 1.5, "text": " Hm."}]}', source="a.json").raws
    ['Hm.']
    """
    content = parse_json(data, source=source)
    draft = Draft(NAME, source, cues=True)
    if isinstance(content, dict) and "transcription" in content:
        segments = [_cpp(s) for s in records(content["transcription"], "transcription", source)]
    else:
        found = content.get("segments") if isinstance(content, dict) else content
        if found is None:
            raise ParseError("not a Whisper file: there are no segments", source)
        segments = records(found, "segments", source)
    if isinstance(content, dict) and words(content.get("language")):
        draft.info["language"] = words(content["language"])
    empty = sum(not _fill(draft, s, number, source) for number, s in enumerate(segments, start=1))
    if not len(draft):
        raise ParseError("holds no segments with text", source)
    if empty:
        draft.warn(f"{empty} segments without text were left out")
    return draft


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


def _fill(draft: Draft, segment: dict[str, Any], number: int, source: str) -> bool:
    """Add a segment as one piece or, by its words' speakers, several; whether it had text."""
    spoken = records(segment.get("words"), "a segment's words", source)
    runs = _runs(spoken)
    start, end = seconds(segment.get("start")), seconds(segment.get("end"))
    if len(runs) > 1:
        for i, (speaker, run) in enumerate(runs):
            first = start if i == 0 else _time(run, "start")
            last = end if i == len(runs) - 1 else _time(reversed(run), "end")
            text = "".join(_text(w) for w in run).strip()
            draft.add(speaker, text, first, last, line=number, flags=("segment-split",))
        return True
    text = words(segment.get("text")).strip() or "".join(map(_text, spoken)).strip()
    if not text:
        return False
    speaker = words(segment.get("speaker")) or (runs[0][0] if runs else "")
    draft.add(speaker, text, start, end, line=number)
    return True


def _text(word: dict[str, Any]) -> str:
    """Return a word with the space before it; only some dialects' words bring their own."""
    text = words(word.get("word")) or words(word.get("text"))
    return text if text[:1].isspace() else f" {text}"


def _runs(spoken: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Stretches of words by speaker; a word without one stays with its neighbours."""
    runs: list[tuple[str, list[dict[str, Any]]]] = []
    for word in spoken:
        speaker = words(word.get("speaker"))
        if runs and speaker in ("", runs[-1][0]):
            runs[-1][1].append(word)
        elif runs and not runs[-1][0]:
            runs[-1] = (speaker, [*runs[-1][1], word])
        else:
            runs.append((speaker, [word]))
    return runs


def _time(run: Any, which: str) -> int | None:  # noqa: ANN401
    return next((t for w in run if (t := seconds(w.get(which))) is not None), None)
