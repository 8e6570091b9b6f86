"""Speed of the readers of RTF, CHAT, ELAN, TextGrid and Whisper beside other libraries.

Files of 1 and 10 MB are generated from invented talk; each is read from memory into turns
(ours) or into the peer's own structure. Peers are optional: ``pip install pympi-ling praatio
pylangacq striprtf``. Run ``python benchmarks/transcript_formats.py [MB ...]``.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
import tracemalloc
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.io.detect import known_formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = tuple(
    "well I think it was not that easy this week and you said something which stayed with me "
    "because my sister called again so we talked about leaving but then nothing happened hm".split()
)
_TIMED = tuple[int, int, str, str]


def talk(megabytes: float) -> Iterator[_TIMED]:
    """Yield start, end, speaker and words until about so much text has been said."""
    rng = random.Random(1)
    said = at = 0
    while said < megabytes * 1e6:
        words = " ".join(rng.choices(WORDS, k=rng.randint(3, 40)))
        length = 60 * len(words)
        yield at, at + length, "TC"[rng.random() < 0.5], words
        said += len(words)
        at += length + rng.randint(0, 900)


def eaf(megabytes: float) -> bytes:
    turns = list(talk(megabytes / 3))
    slots, tiers = [], {"T": [], "C": []}
    for i, (start, end, who, words) in enumerate(turns):
        a, b = f"ts{2 * i}", f"ts{2 * i + 1}"
        slots += [
            f'<TIME_SLOT TIME_SLOT_ID="{a}" TIME_VALUE="{start}"/>',
            f'<TIME_SLOT TIME_SLOT_ID="{b}" TIME_VALUE="{end}"/>',
        ]
        tiers[who].append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i}" TIME_SLOT_REF1="{a}" '
            f'TIME_SLOT_REF2="{b}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    body = "\n".join(
        f'<TIER TIER_ID="{who}" PARTICIPANT="{who}" LINGUISTIC_TYPE_REF="talk">'
        + "\n".join(lines)
        + "</TIER>"
        for who, lines in tiers.items()
    )
    xsi = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01" '
        f'FORMAT="3.0" VERSION="3.0" {xsi}><HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>'
        f"<TIME_ORDER>{''.join(slots)}</TIME_ORDER>{body}"
        '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="talk" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>'
    ).encode()


def chat(megabytes: float) -> bytes:
    head = (
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tT Therapist Investigator, C Client "
        "Participant\n@ID:\teng|x|T|||||Investigator|||\n@ID:\teng|x|C|||||Participant|||\n"
    )
    lines = (
        f"*{who}:\t{words} . \x15{start}_{end}\x15\n"
        for start, end, who, words in talk(megabytes * 0.8)
    )
    return (head + "".join(lines) + "@End\n").encode()


def textgrid(megabytes: float) -> bytes:
    from rupturecode.io.parsers.textgrid import Entry, TextGrid, Tier, write

    turns = list(talk(megabytes * 0.4))
    end = turns[-1][1] / 1000
    tiers = (
        Tier(
            w,
            "interval",
            0.0,
            end,
            tuple(Entry(a / 1000, b / 1000, t) for a, b, s, t in turns if s == w),
        )
        for w in "TC"
    )
    return write(TextGrid(0.0, end, tuple(tiers)))


def whisper(megabytes: float) -> bytes:
    segments = []
    for start, end, who, text in talk(megabytes / 16):
        words = text.split()
        step = (end - start) / len(words) / 1000
        segments.append(
            {
                "start": start / 1000,
                "end": end / 1000,
                "text": f" {text}",
                "speaker": who,
                "words": [
                    {
                        "word": w,
                        "start": round(start / 1000 + i * step, 3),
                        "end": round(start / 1000 + (i + 1) * step, 3),
                        "score": 0.9,
                        "speaker": who,
                    }
                    for i, w in enumerate(words)
                ],
            }
        )
    return json.dumps({"segments": segments, "language": "en"}).encode()


def rtf(megabytes: float) -> bytes:
    paragraphs = (
        f"\\pard\\plain\\ltrpar\\ql\\sb0\\sa0{{\\b {who}:}} {{\\f0\\fs22 {words}}}\\par\n"
        for _, _, who, words in talk(megabytes * 0.7)
    )
    return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}" + "".join(paragraphs) + "}").encode()


def _by_path(read: Callable[[str], object], suffix: str) -> Callable[[bytes], object]:
    def call(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"talk{suffix}"
            path.write_bytes(data)
            return read(str(path))

    return call


def peers(name: str) -> tuple[str, Callable[[bytes], object]] | None:
    """Return the peer of a format and how it reads, when it is installed."""
    try:
        return _peer(name)
    except ImportError:
        return None


def _peer(name: str) -> tuple[str, Callable[[bytes], object]]:
    if name == "eaf":
        return "pympi-ling", _by_path(import_module("pympi").Elan.Eaf, ".eaf")
    if name == "chat":
        module = import_module("pylangacq")
        return "pylangacq", lambda data: module.CHAT.from_strs([data.decode()], strict=False)
    if name == "textgrid":
        module = import_module("praatio.textgrid")
        return "praatio", _by_path(lambda p: module.openTextgrid(p, False), ".TextGrid")
    if name == "rtf":
        module = import_module("striprtf.striprtf")
        return "striprtf", lambda data: module.rtf_to_text(data.decode())
    return "json.loads alone", json.loads


def timed(read: Callable[[bytes], object], data: bytes, repeats: int) -> tuple[float, object]:
    """Return the best time of several, and what was read."""
    best, result = float("inf"), None
    for _ in range(repeats):
        started = time.perf_counter()
        result = read(data)
        best = min(best, time.perf_counter() - started)
    return best, result


def main() -> None:
    """Print a line per format and size."""
    sizes = [float(a) for a in sys.argv[1:]] or [1.0, 10.0]
    print("format      size MB   MB/s   turns/s  peak/file  peer              peer MB/s  ratio")
    for make in (eaf, chat, textgrid, whisper, rtf):
        name = make.__name__
        module = known_formats("transcript")[name].load()
        for size in sizes:
            data = make(size)
            megabytes = len(data) / 1e6
            repeats = 3 if size <= 1 else 1
            seconds, draft = timed(lambda d, m=module: m.read(d, source="talk"), data, repeats)
            tracemalloc.start()
            module.read(data, source="talk")
            peak = tracemalloc.get_traced_memory()[1] / len(data)
            tracemalloc.stop()
            line = f"{name:10} {megabytes:8.1f} {megabytes / seconds:6.1f}"
            line += f" {len(draft) / seconds:9,.0f} {peak:9.1f}x"
            if peer := peers(name):
                theirs, _ = timed(peer[1], data, repeats)
                line += f"  {peer[0]:16} {megabytes / theirs:10.1f} {theirs / seconds:6.1f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
