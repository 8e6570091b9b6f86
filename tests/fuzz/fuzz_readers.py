"""Throw mutated files at every reader: only our own errors may come out, and soon.

``python tests/fuzz/fuzz_readers.py --count 100000 docx odt`` hunts until each reader has met so
many inputs; with ``--folder`` the counts, the inputs worth keeping and the findings are kept
there, and the next call continues. ``tests/fuzz/fuzz_atheris.py`` hunts from the same folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from hunting import Hunt, Report

from rupturecode.io.detect import known_formats

BATCH = 500
#: What a hunt may take; an input that asks for more fails instead of starving the machine.
MEMORY = 3 << 30
TABLE = "{:15} {:>9} {:>9} {:>9} {:>9} {:>8} {:>6} {:>9} {:>8}"
HEADINGS = (
    "reader",
    "inputs",
    "our error",
    "read well",
    "settled",
    "foreign",
    "kept",
    "slowest",
    "seconds",
)
COUNTS = ("tried", "refused", "read", "settled", "foreign", "kept")


class State:
    """What hunts in one folder have come to, by reader; nothing is written without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.file = folder / "state.json" if folder else None
        self.readers: dict[str, dict[str, Any]] = {}
        if self.file and self.file.exists():
            self.readers = json.loads(self.file.read_text())

    def of(self, name: str) -> dict[str, Any]:
        """The counts of one reader."""
        new = dict.fromkeys(COUNTS, 0) | {"slowest": 0.0, "seconds": 0.0, "what": []}
        return self.readers.setdefault(name, new)

    def pool(self, name: str) -> list[bytes]:
        """The inputs kept for one reader."""
        if self.folder is None:
            return []
        return [p.read_bytes() for p in sorted((self.folder / name / "kept").glob("*"))]

    def add(self, name: str, report: Report, seconds: float) -> None:
        """Count a batch in, and keep its inputs."""
        counts = self.of(name)
        for key in ("tried", "refused", "read", "settled"):
            counts[key] += getattr(report, key)
        counts["foreign"] += len(report.findings)
        counts["kept"] += len(report.kept)
        counts["seconds"] += seconds
        counts["what"] = sorted({*counts["what"], *(f.what for f in report.findings)})
        for data in report.kept:
            self._put(name, "kept", data)
        for finding in report.findings:
            self._put(name, "found", finding.data)
        if report.slowest > counts["slowest"]:
            counts["slowest"] = report.slowest
            self._put(name, "slow", report.slowest_input)
        if self.file:
            self.file.write_text(json.dumps(self.readers, indent=1))

    def _put(self, name: str, kind: str, data: bytes) -> None:
        if self.folder is not None:
            place = self.folder / name / kind
            place.mkdir(parents=True, exist_ok=True)
            (place / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)

    def table(self, only: str | None = None) -> str:
        """A line per reader, and what was found; or of one reader."""
        lines = [TABLE.format(*HEADINGS)]
        for name, c in self.readers.items():
            if only not in (None, name):
                continue
            numbers = [f"{c[key]:,}" for key in COUNTS]
            lines.append(
                TABLE.format(name, *numbers, f"{c['slowest']:.2f} s", f"{c['seconds']:,.0f}")
            )
            lines += [f"    {what}" for what in c["what"]]
        return "\n".join(lines)


def main() -> int:
    """Hunt in all readers, or those named, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="inputs for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--guided", type=int, default=20, help="watch each so-manieth for new lines"
    )
    parser.add_argument("--settle", type=int, default=1, help="settle each so-manieth input too")
    parser.add_argument("--folder", type=Path, help="where to keep counts, inputs and findings")
    parser.add_argument("readers", nargs="*")
    args = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if args.folder:
        args.folder.mkdir(parents=True, exist_ok=True)
    state = State(args.folder)
    formats = known_formats("transcript")
    for name in args.readers or formats:
        done = state.of(name)["tried"]
        hunt = Hunt(
            formats[name],
            seed=args.seed,
            guided=args.guided,
            settle=args.settle,
            pool=state.pool(name),
            first=done,
            trail=args.folder / "under_way" if args.folder else None,
        )
        while hunt.next < args.count:
            started = time.process_time()
            report = hunt.run(min(BATCH, args.count - hunt.next))
            state.add(name, report, time.process_time() - started)
            for finding in report.findings:
                print(f"{name} {finding.number}: {finding.what}", flush=True)
        print(state.table().splitlines()[0], flush=True)
        print(
            next(line for line in state.table().splitlines() if line.startswith(name)), flush=True
        )
    print(state.table())
    return 1 if any(c["foreign"] for c in state.readers.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
