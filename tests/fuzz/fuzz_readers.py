"""Throw mutated files at every reader: only our own errors may come out, and soon.

Run ``python tests/fuzz/fuzz_readers.py --count 100000`` for a long hunt; the test suite runs
a short one. Mutation is guided by coverage: an input that reaches a line of ``rupturecode``
no other reached joins the pool that later inputs are made from. Archives are also mutated
inside, so that not only the ZIP layer is met.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import signal
import sys
import time
import warnings
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rupturecode
from rupturecode.errors import RupturecodeError
from rupturecode.io._formats import Format, known_formats
from rupturecode.io.detect import detect, head_of
from rupturecode.transcript import finish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

DATA = Path(__file__).parents[1] / "data"
PACKAGE = str(Path(rupturecode.__file__).parent)
SECONDS_AT_MOST = 10
LARGEST_SEED = 60_000
TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t", b'"', b'""', b"{", b"}", b"[", b"]",
    b"<", b"</", b"/>", b"<!DOCTYPE a>", b"&#0;", b"&x;", b"<![CDATA[", b"]]>", b"<!--", b":", b"-->",
    b"00:00:01.000", b"99999999999:59:59", b"-1", b"1e999", b"NaN", b"null", b"true", b"{}", b"[[]]",
    b"9" * 400, b"\\u-32768?", b"\\u99999", b"\\'", b"\\bin99999999 ", b"\\*", b"\\par ", b"\\cell ",
    b"\x15", b"\x1500_\x15", b"@Begin\n", b"*C:\t", b"%com:\t", b"\xed\xa0\x80", "שלום".encode(),
    "😀".encode(), b"T: ", b"\\", b"endobj", b"stream\r\n", b"/Kids [1 0 R]", b"PK\x03\x04", b",", b";",
)  # fmt: skip
QUOTED = re.compile(rb'"[^"\n]{0,80}"')
VALUES = (
    None, True, 0, -1, 1e308, float("nan"), float("inf"), 10**30, "", "x", "12", "1e5", "\ud800",
    [], {}, [[]], [None], {"a": 1}, "00:00:01", ["a", 1, 2], [{"text": 1}],
)  # fmt: skip


@dataclass(slots=True)
class Finding:
    """An input that got something else than a draft or one of our errors."""

    format: str
    seed: int
    what: str
    data: bytes


@dataclass(slots=True)
class Report:
    """How many inputs were tried, how many were read and refused, and what was found."""

    tried: int = 0
    read: int = 0
    refused: int = 0
    kept: int = 0
    slowest: float = 0.0
    findings: list[Finding] = field(default_factory=list)


def seeds(fmt: Format) -> list[bytes]:
    """The samples of a format, sound ones first; a labelled text where there are none."""
    own = sorted((DATA / fmt.name).glob("*"), key=lambda p: (p.name.startswith("broken"), p.name))
    files = [p for p in own if p.is_file() and p.stat().st_size <= LARGEST_SEED]
    return [p.read_bytes() for p in files] or [b"T: How was it?\nC: Fine.\n"]


def mutate(data: bytes, pool: list[bytes], rng: random.Random) -> bytes:
    """Change a file in one to a few places."""
    if data[:2] == b"PK" and rng.random() < 0.7:
        return _inside(data, pool, rng)
    if data[:1] in (b"{", b"[") and rng.random() < 0.5:
        return _json(data, rng)
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        _change(out, pool, rng)
    return bytes(out)


def _inside(data: bytes, pool: list[bytes], rng: random.Random) -> bytes:
    """Change one member of an archive and pack it again."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            chosen = rng.choice(names) if names else ""
            for name in names:
                body = bytearray(old.read(name))
                if name == chosen:
                    _change(body, pool, rng)
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(info, bytes(body))
    except Exception:  # noqa: BLE001 - a seed that is broken already
        return data
    return out.getvalue()


def _json(data: bytes, rng: random.Random) -> bytes:
    """Change one value of a JSON file, which stays well-formed."""
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return data
    places: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                waiting.append(node[key])
    if places:
        node, key = rng.choice(places)
        if rng.random() < 0.3:
            del node[key]
        else:
            node[key] = rng.choice(VALUES)
    return json.dumps(root, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _change(out: bytearray, pool: list[bytes], rng: random.Random) -> None:
    size = len(out)
    at = rng.randrange(size + 1)
    length = min(rng.choice((1, 1, 2, 4, 16, 64, 400)), size - at)
    kind = rng.randrange(11)
    if kind == 0 and at < size:
        out[at] ^= 1 << rng.randrange(8)
    elif kind == 1 and at < size:
        out[at] = rng.randrange(256)
    elif kind == 2:
        del out[at : at + length]
    elif kind == 3:
        out[at:at] = out[at : at + length] * rng.choice((1, 2, 50))
    elif kind == 4:
        out[at:at] = rng.choice(TOKENS)
    elif kind == 5:
        out[at : at + length] = rng.choice(TOKENS)
    elif kind == 6:
        del out[at:]
    elif kind == 7:
        other = rng.choice(pool)
        start = rng.randrange(len(other) + 1)
        out[at : at + length] = other[start : start + rng.choice((4, 32, 300))]
    elif kind > 8:
        quoted = list(QUOTED.finditer(out))
        if quoted:
            one, other = rng.choice(quoted), rng.choice(quoted)
            new = b'"' + rng.choice(TOKENS) + b'"' if rng.random() < 0.3 else other.group()
            out[one.start() : one.end()] = new
    else:
        digits = [i for i, b in enumerate(out[:4000]) if 48 <= b <= 57]
        if digits:
            i = rng.choice(digits)
            out[i : i + 1] = rng.choice((b"0", b"-1", b"99999999", b"1e9", b"0.5", b""))


@contextmanager
def watchdog(limit: float) -> Iterator[None]:
    """Raise TimeoutError after so many seconds (main thread, POSIX)."""

    def ring(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TimeoutError(f"took more than {limit} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Lines:
    """The lines of the package that any input has reached."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        self.new = 0

    @contextmanager
    def watch(self) -> Iterator[None]:
        before = len(self.seen)
        sys.settrace(self._trace)
        try:
            yield
        finally:
            sys.settrace(None)
            self.new = len(self.seen) - before

    def _trace(self, frame: FrameType, event: str, arg: Any) -> Any:
        del event, arg
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        return self._line

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        del arg
        if event == "line":
            self.seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


def attempt(fmt: Format, data: bytes, *, settle: bool) -> bool:
    """Recognise and read one input; whether it was read rather than refused."""
    module = fmt.load()
    module.sniff(head_of(data), "s01.dat")
    try:
        if settle:
            detect(data, "s01.dat")
        found = module.read(data, source="s01.dat")
        drafts = found if isinstance(found, list) else [found]
        for draft in drafts[:5]:
            sizes = {len(c) for c in (draft.speakers, draft.raws, draft.starts, draft.ends)}
            if len(sizes) != 1 or len(draft.lines) not in sizes:
                raise AssertionError("columns of unequal length")
            if settle and len(draft):
                finish(draft, session="s01")
    except RupturecodeError as err:
        str(err)
        return False
    return True


def hunt(fmt: Format, count: int, *, seed: int = 0, guided: int = 20) -> Report:
    """Try ``count`` mutations of a format's samples; each ``guided``-th is traced."""
    report, lines = Report(), Lines()
    pool = seeds(fmt)
    originals = pool[: max(1, len(pool) // 2)]
    for i in range(count):
        number = seed * 10_000_000 + i
        rng = random.Random(number)
        base = rng.choice(originals if rng.random() < 0.4 else pool)
        data = mutate(base, pool, rng)
        report.tried += 1
        started = time.perf_counter()
        try:
            with watchdog(SECONDS_AT_MOST), warnings.catch_warnings():
                warnings.simplefilter("error")
                if guided and i % guided == 0:
                    with lines.watch():
                        was_read = attempt(fmt, data, settle=False)
                    if lines.new and len(data) < 2 * LARGEST_SEED:
                        pool.append(data)
                        report.kept += 1
                else:
                    was_read = attempt(fmt, data, settle=i % 29 == 1)
        except Exception as err:  # noqa: BLE001 - what we hunt for
            where = err.__traceback__
            while where and where.tb_next:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
            report.findings.append(
                Finding(fmt.name, number, f"{type(err).__name__}: {err} ({place})"[:300], data)
            )
        else:
            report.read += was_read
            report.refused += not was_read
        report.slowest = max(report.slowest, time.perf_counter() - started)
    return report


def main() -> int:
    """Hunt in all formats, or those named, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="mutations in total")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="folder for inputs that found something")
    parser.add_argument("formats", nargs="*")
    args = parser.parse_args()
    formats = [
        f for n, f in known_formats("transcript").items() if n in args.formats or not args.formats
    ]
    total = Report()
    for fmt in formats:
        started = time.perf_counter()
        report = hunt(fmt, -(-args.count // len(formats)), seed=args.seed)
        seconds = time.perf_counter() - started
        total.tried += report.tried
        total.findings += report.findings
        print(
            f"{fmt.name:16} tried {report.tried:7,}  read {report.read:7,}  "
            f"refused {report.refused:7,}  pool +{report.kept:<4} slowest {report.slowest:5.2f} s  "
            f"{seconds:6.1f} s  findings {len(report.findings)}",
            flush=True,
        )
        for what in sorted({f.what for f in report.findings}):
            print("   ", what)
        for finding in report.findings if args.save else ():
            args.save.mkdir(parents=True, exist_ok=True)
            (args.save / f"{finding.format}_{finding.seed}").write_bytes(finding.data)
    print(f"{total.tried:,} mutations, {len(total.findings)} findings")
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
