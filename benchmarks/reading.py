"""How a reader is measured beside its peers: the one way for all benchmarks of transcripts.

Each reader runs in a process of its own, so that its peak memory can be told; seconds are those
of the processor, so other work on the machine disturbs little. With ``--repeat 5`` the readers
take turns, and the best of each tells. "of file" is the peak beyond the imports as a multiple of
the file's size, "time" a multiple of ours. Peers that are not installed are left out;
``--peers PYTHON`` runs them by another interpreter, where one of them wants much beside it.
"""

from __future__ import annotations

import argparse
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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Talk = list[tuple[str, str]]
    Writers = Mapping[str, Callable[[Talk], bytes]]
    Readers = Mapping[str, Mapping[str, Callable[[Path], int]]]

WORDS = (
    "I you we it that so well maybe always never feel think want know remember work mother week "
    "night sleep angry sad quiet again because when then there really just about something nothing "
    "could would should have been was were going to the a and but or not with for from at in on"
).split()
OURS = "rupturecode"


def turns(n_bytes: int, seed: int = 0) -> Talk:
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


def ours(path: Path) -> int:
    from rupturecode.io import read_transcript

    return len(read_transcript(path))


def compare_all(script: str, about: str | None, writers: Writers, readers: Readers) -> None:
    """Run a benchmark from the command line: each kind of file, each size, each reader."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--formats", nargs="+", default=list(writers), choices=list(writers))
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has peers")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, path = options.one[0], Path(options.one[1])
        _one(readers[name][ending(path)], path)
        return
    print(
        f"{'format':15}{'reader':17}{'MB':>7}{'MB/s':>8}{'turns/s':>10}{'peak MB':>9}{'of file':>9}"
        f"{'time':>7}"
    )
    for suffix in options.formats:
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder) / f"small{suffix}", writers[suffix](turns(20_000)))
            for megabytes in options.megabytes:
                talk = turns(int(megabytes * 1e6))
                path = Path(folder) / f"big{suffix}"
                _write(path, writers[suffix](talk))
                size = path.stat().st_size
                if zipfile.is_zipfile(path):  # of the text, for archives
                    size = sum(len(words) + 12 for _, words in talk)
                kinds = [name for name, kinds in readers.items() if suffix in kinds]
                runs = [
                    (name, _measure(script, name, path, options.peers))
                    for _ in range(options.repeat)
                    for name in kinds
                ]
                _print(suffix, size / 1e6, runs)


def _write(path: Path, data: bytes) -> None:
    """Write a file, and beside an archive what is in it, for peers that read folders."""
    path.write_bytes(data)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            archive.extractall(path.with_suffix(""))


def _measure(script: str, name: str, path: Path, peers: str) -> dict[str, float] | None:
    """Seconds, turns and peak memory of one reader on one file; None when not installed."""
    python = sys.executable if name == OURS else peers
    command = [python, script, "--one", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and "ModuleNotFoundError" not in done.stderr:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def _one(read: Callable[[Path], int], path: Path) -> None:
    read(path.with_name("small" + ending(path)))  # imports are not reading
    before = peak_kb()
    start = time.process_time()
    n = read(path)
    seconds = time.process_time() - start
    peak = peak_kb() - before
    print(json.dumps({"seconds": seconds, "turns": n, "peak_mb": peak / 1024}))


def ending(path: Path) -> str:
    """Return the name from its first dot on."""
    return path.name[path.name.index(".") :]


def peak_kb() -> int:
    """Return the most memory held so far, of this process alone, which ru_maxrss is not."""
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _print(kind: str, size: float, runs: list[tuple[str, dict[str, float] | None]]) -> None:
    """Print a line per reader, the best of its runs."""
    first: dict[str, float] | None = None
    for name in dict.fromkeys(name for name, _ in runs):
        of_one = [found for other, found in runs if other == name and found]
        if not of_one:  # not installed
            continue
        found = min(of_one, key=lambda run: run["seconds"])
        first = first or found
        print(
            f"{kind:15}{name:17}{size:7.1f}{size / found['seconds']:8.1f}"
            f"{found['turns'] / found['seconds']:10,.0f}{found['peak_mb']:9.0f}"
            f"{found['peak_mb'] * 2**20 / 1e6 / size:9.1f}"
            f"{found['seconds'] / first['seconds']:7.2f}",
            flush=True,
        )
