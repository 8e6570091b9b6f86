"""Speed of reading transcripts: finished turns, beside named peers in the same run.

Run ``python benchmarks/transcripts.py --megabytes 1 10 100``. Peers that are not installed
(webvtt-py, srt, python-docx) are left out. Each reader runs in a process of its own, so
that its peak memory can be told; seconds are those of the processor, so other work on the
machine disturbs little.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

WORDS = [
    "I",
    "you",
    "we",
    "it",
    "that",
    "so",
    "well",
    "maybe",
    "always",
    "never",
    "feel",
    "think",
    "want",
    "know",
    "remember",
    "work",
    "mother",
    "week",
    "night",
    "sleep",
    "angry",
    "sad",
    "quiet",
    "again",
    "because",
    "when",
    "then",
    "there",
    "really",
    "just",
    "about",
    "something",
    "nothing",
    "could",
    "would",
    "should",
    "have",
    "been",
    "was",
    "were",
    "going",
    "to",
    "the",
    "a",
    "and",
    "but",
    "or",
    "not",
    "with",
    "for",
    "from",
    "at",
    "in",
    "on",
]
CLOCK = "{:02d}:{:02d}:{:02d}{}{:03d}"


def turns(n_bytes: int, seed: int = 0) -> list[tuple[str, str]]:
    """Invent talk of about that many bytes: lengths and marks as in counselling transcripts."""
    rng = random.Random(seed)
    made, size = [], 0
    while size < n_bytes:
        length = min(120, 1 + int(rng.lognormvariate(2.4, 1.0)))
        words = rng.choices(WORDS, k=length)
        if rng.random() < 0.04:
            words.insert(rng.randrange(length), rng.choice(["[laughs]", "[inaudible]", "(sighs)"]))
        text = " ".join(words).capitalize() + rng.choice([".", "?", "...", ", um."])
        made.append(("Therapist" if len(made) % 2 else "Client", text))
        size += len(text) + 12
    return made


def stamp(ms: int, point: str) -> str:
    """Write a time as captions do."""
    seconds, rest = divmod(ms, 1000)
    return CLOCK.format(seconds // 3600, seconds // 60 % 60, seconds % 60, point, rest)


def as_text(talk: list[tuple[str, str]]) -> bytes:
    return "\n\n".join(f"{who}: {text}" for who, text in talk).encode()


def as_webvtt(talk: list[tuple[str, str]]) -> bytes:
    cues = [
        f"{stamp(i * 4000, '.')} --> {stamp(i * 4000 + 3500, '.')}\n<v {who}>{text}"
        for i, (who, text) in enumerate(talk)
    ]
    return ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode()


def as_srt(talk: list[tuple[str, str]]) -> bytes:
    cues = [
        f"{i + 1}\n{stamp(i * 4000, ',')} --> {stamp(i * 4000 + 3500, ',')}\n{who}: {text}"
        for i, (who, text) in enumerate(talk)
    ]
    return ("\n\n".join(cues) + "\n").encode()


def as_docx(talk: list[tuple[str, str]]) -> bytes:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        '<w:p><w:pPr><w:spacing w:after="120"/></w:pPr>'
        f"<w:r><w:rPr><w:b/></w:rPr><w:t>{who}:</w:t></w:r>"
        f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p>'
        for who, text in talk
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{relation}" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", document)
    return out.getvalue()


WRITERS = {".txt": as_text, ".vtt": as_webvtt, ".srt": as_srt, ".docx": as_docx}


def ours(path: Path) -> int:
    from rupturecode.io import read_transcript

    return len(read_transcript(path))


def bare_regex(path: Path) -> int:
    return len(re.findall(r"^(\w+): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def webvtt_py(path: Path) -> int:
    import webvtt

    return len([(c.voice, c.text, c.start_in_seconds) for c in webvtt.read(str(path))])


def srt_py(path: Path) -> int:
    import srt

    return len(list(srt.parse(path.read_text(encoding="utf-8"))))


def python_docx(path: Path) -> int:
    import docx

    return len([p.text for p in docx.Document(str(path)).paragraphs])


READERS = {
    "rupturecode": (ours, tuple(WRITERS)),
    "bare regex": (bare_regex, (".txt",)),
    "webvtt-py": (webvtt_py, (".vtt",)),
    "srt": (srt_py, (".srt",)),
    "python-docx": (python_docx, (".docx",)),
}


def measure(name: str, path: Path) -> dict[str, float] | None:
    """Seconds, turns and peak memory of one reader on one file; None when not installed."""
    command = [sys.executable, __file__, "--one", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def one(name: str, path: Path) -> None:
    read = READERS[name][0]
    small = path.with_name("small" + path.suffix)
    read(small)  # imports are not reading
    before = peak_kb()
    start = time.process_time()
    n = read(path)
    seconds = time.process_time() - start
    peak = peak_kb() - before
    print(json.dumps({"seconds": seconds, "turns": n, "peak_mb": peak / 1024}))


def peak_kb() -> int:
    """Return the most memory held so far, of this process alone, which ru_maxrss is not."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--formats", nargs="+", default=list(WRITERS), choices=list(WRITERS))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], Path(options.one[1]))
        return
    print(f"{'format':8}{'reader':14}{'MB':>7}{'MB/s':>8}{'turns/s':>10}{'peak MB':>9}{'ratio':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for suffix in options.formats:
            write = WRITERS[suffix]
            (Path(folder) / f"small{suffix}").write_bytes(write(turns(20_000)))
            for megabytes in options.megabytes:
                talk = turns(int(megabytes * 1e6))
                path = Path(folder) / f"big{suffix}"
                path.write_bytes(write(talk))
                compare(path, sum(len(t) + 12 for _, t in talk) / 1e6)


def compare(path: Path, text_mb: float) -> None:
    """Print a line per reader; MB are those of the file, of the text for archives."""
    size = text_mb if path.suffix == ".docx" else path.stat().st_size / 1e6
    first: dict[str, float] | None = None
    for name, (_, suffixes) in READERS.items():
        if path.suffix not in suffixes or (found := measure(name, path)) is None:
            continue
        first = first or found
        print(
            f"{path.suffix:8}{name:14}{size:7.1f}{size / found['seconds']:8.1f}"
            f"{found['turns'] / found['seconds']:10,.0f}{found['peak_mb']:9.0f}"
            f"{found['seconds'] / first['seconds']:7.2f}"
        )


if __name__ == "__main__":
    main()
