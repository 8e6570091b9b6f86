"""Write the Word and WebVTT transcripts of the example study from their plain sources.

The sources in ``examples/sources/`` are what people edit: one turn a line, ``Label: text``.
Run ``python examples/build_study_files.py`` after a change. WebVTT times are invented: each
speaker has a rate of speech, and pauses stand where the text has them.
"""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
SOURCES, TRANSCRIPTS = HERE / "sources", HERE / "study" / "transcripts"
WORD_FILES = ("A4", "C1")
CAPTION_FILES = ("B1", "B2")

MS_PER_WORD = {"Julian": 360, "Ellen": 400}
GAP_MS, INTERRUPTED_MS, PAUSE_MS, LONG_PAUSE_MS = 350, 40, 2600, 7000
START_MS = 4000
WORDS_PER_CUE = 22

Turn = tuple[str, str]


def read_source(name: str) -> list[Turn]:
    """Return the turns of one source: speaker and text."""
    turns = []
    for line in (SOURCES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        speaker, _, text = line.partition(": ")
        turns.append((speaker, text))
    return turns


def word_bytes(turns: list[Turn]) -> bytes:
    """Return a Word document: a paragraph a turn, speaker in bold, notes in italics."""
    from docx import Document

    document = Document()
    for speaker, text in turns:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{speaker}:").bold = True
        paragraph.add_run(" ")
        for piece in re.split(r"(\([^)]*\)|\[[^\]]*\])", text):
            if piece:
                paragraph.add_run(piece).italic = piece[0] in "([" or None
    stream = io.BytesIO()
    document.save(stream)
    return _without_dates(stream.getvalue())


def _without_dates(docx: bytes) -> bytes:
    """Give every part of the archive one date, so that the same source gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part))
    return stream.getvalue()


def caption_text(turns: list[Turn]) -> str:
    """Return WebVTT with a voice in each cue; long turns run over several cues."""
    now, before = START_MS, ""
    blocks = ["WEBVTT", "NOTE\nInvented conversation, invented times."]
    for speaker, text in turns:
        now += _pause(before, text)
        for cue in _cues(text.replace("{time}", _clock(now)[:8])):
            end = now + _spoken_ms(speaker, cue)
            blocks.append(
                f"{_clock(now)} --> {_clock(end)}\n<v {speaker}>{escape(cue, quote=False)}</v>"
            )
            now = end
        before = text
    return "\n\n".join(blocks) + "\n"


def _pause(before: str, text: str) -> int:
    if "long pause" in text:
        return LONG_PAUSE_MS
    if text.startswith(("...", "(pause)")):
        return PAUSE_MS
    return INTERRUPTED_MS if before.endswith("—") else GAP_MS


def _spoken_ms(speaker: str, cue: str) -> int:
    spoken = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", cue)
    return max(900, len(re.findall(r"\w[\w'’-]*", spoken)) * MS_PER_WORD[speaker])


def _cues(text: str) -> list[str]:
    """Split a turn after the sentence that fills a cue."""
    cues = [""]
    for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z(\"])", text):
        if cues[-1] and len(f"{cues[-1]} {sentence}".split()) > WORDS_PER_CUE:
            cues.append(sentence)
        else:
            cues[-1] = f"{cues[-1]} {sentence}".strip()
    return cues


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def main() -> None:
    """Write all files, replacing what is there."""
    for name in WORD_FILES:
        (TRANSCRIPTS / f"{name}.docx").write_bytes(word_bytes(read_source(name)))
    for name in CAPTION_FILES:
        (TRANSCRIPTS / f"{name}.vtt").write_text(
            caption_text(read_source(name)), encoding="utf-8", newline="\n"
        )


if __name__ == "__main__":
    main()
