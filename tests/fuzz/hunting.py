"""Hunt in one reader: mutate, read, settle; count what came of it, and keep what is new.

An input that reaches a line of ``rupturecode`` no other reached joins the pool that later
inputs are made from. Whatever comes out that is neither a draft nor one of our errors is a
finding, and so is an input that takes more than a second.
"""

from __future__ import annotations

import random
import signal
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mutations import mutate
from small_seeds import SMALL, trimmed

import rupturecode
from rupturecode.errors import RupturecodeError
from rupturecode.io.detect import detect, head_of
from rupturecode.transcript import finish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from rupturecode.io._formats import Format
    from rupturecode.transcript import Transcript

DATA = Path(__file__).parents[1] / "data"
PACKAGE = str(Path(rupturecode.__file__).parent)
#: Seconds of the processor an input may take, and those after which it is cut off.
SLOW, SECONDS_AT_MOST = 1.0, 20
LARGEST_SEED = 12_000


@dataclass(slots=True)
class Finding:
    """An input that got something else than a transcript or one of our errors, in time."""

    format: str
    number: int
    what: str
    data: bytes


@dataclass(slots=True)
class Report:
    """How many inputs were tried, how many were read and refused, and what was found."""

    tried: int = 0
    read: int = 0
    settled: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: bytes = b""
    kept: list[bytes] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def seeds(fmt: Format) -> list[bytes]:
    """The samples of a format, sound ones first; a labelled text where there are none."""
    own = sorted((DATA / fmt.name).glob("*"), key=lambda p: (p.name.startswith("broken"), p.name))
    files = [p for p in own if p.is_file() and p.stat().st_size <= LARGEST_SEED]
    found = [*SMALL.get(fmt.name, ()), *(trimmed(p.read_bytes()) for p in files)]
    return found or [b"T: How was it?\nC: Fine.\n"]


def attempt(fmt: Format, data: bytes, *, settle: bool = True) -> bool:
    """Recognise, read and settle one input; whether it was read rather than refused."""
    module = fmt.load()
    name = f"s01{fmt.suffixes[0]}"
    module.sniff(head_of(data), name)
    try:
        if settle:
            detect(data, name)
    except RupturecodeError as err:
        str(err)
    try:
        found = module.read(data, source=name)
        for draft in (found if isinstance(found, list) else [found])[:5]:
            sizes = {len(c) for c in (draft.speakers, draft.raws, draft.starts, draft.ends)}
            assert sizes == {len(draft.lines)}, "columns of unequal length"
            if settle:
                _check(finish(draft, session="s01"))
    except RupturecodeError as err:
        str(err)
        return False
    return True


def _check(talk: Transcript) -> None:
    """See that marks lie in their turns."""
    if len(talk.marks):
        marks = talk.marks
        sizes = talk.turns["text"].str.len().to_numpy()[marks["turn"].to_numpy("int64") - 1]
        start, end = marks["start_char"], marks["end_char"]
        assert ((start >= 0) & (start <= end) & (end <= sizes)).all(), "a mark outside its turn"


@contextmanager
def watchdog(limit: float) -> Iterator[None]:
    """Raise TimeoutError after so many seconds of the processor (main thread, POSIX).

    Of the processor, for on a busy machine the clock runs while nothing is done.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TimeoutError(f"took more than {limit} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Lines:
    """The lines of the package that any input has reached."""

    def __init__(self) -> None:
        self.seen: set[tuple[Any, int]] = set()
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
        return self._line if frame.f_code.co_filename.startswith(PACKAGE) else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        del arg
        if event == "line":
            self.seen.add((frame.f_code, frame.f_lineno))
        return self._line


class Hunt:
    """A hunt in one reader, which may be continued.

    Parameters
    ----------
    fmt
        The reader's format.
    seed
        For the mutations.
    guided
        Each so-manieth input is watched for new lines; 0 watches none.
    settle
        Each so-manieth input that is read is settled too.
    pool
        Inputs kept by an earlier hunt.
    first
        The number of the first input, where an earlier hunt left off.
    trail
        A file that holds the input under way, should the process die of it.
    """

    def __init__(
        self,
        fmt: Format,
        *,
        seed: int = 0,
        guided: int = 20,
        settle: int = 1,
        pool: list[bytes] | None = None,
        first: int = 0,
        trail: Path | None = None,
    ) -> None:
        self.trail = trail
        self.fmt, self.seed, self.guided, self.settle = fmt, seed, guided, settle
        originals = seeds(fmt)
        self.sound = [data for data in originals if _sound(fmt, data)] or originals
        self.pool = originals + list(pool or ())
        self.lines, self.next = Lines(), first
        for data in self.pool if guided else ():  # what is known need not be found again
            self._watched(data)

    def run(self, count: int) -> Report:
        """Try so many more mutations."""
        report = Report()
        for i in range(self.next, self.next + count):
            rng = random.Random(f"{self.fmt.name} {self.seed} {i}")
            base = rng.choice(self.sound if rng.random() < 0.6 else self.pool)
            data = mutate(base, self.pool, rng)
            report.tried += 1
            if self.trail:
                self.trail.write_bytes(data)
            if self.guided and i % self.guided == 0 and self._watched(data):
                self.pool.append(data)
                report.kept.append(data)
            self._try(i, data, report)
        self.next += count
        return report

    def _watched(self, data: bytes) -> bool:
        """Whether an input reaches lines that none has; what it raises is found elsewhere."""
        try:
            with watchdog(SECONDS_AT_MOST), warnings.catch_warnings(), self.lines.watch():
                warnings.simplefilter("ignore")
                attempt(self.fmt, data)
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001, S110
            pass
        return bool(self.lines.new) and len(data) < LARGEST_SEED

    def _try(self, number: int, data: bytes, report: Report) -> None:
        settle = number % self.settle == 0
        started = time.process_time()
        try:
            with watchdog(SECONDS_AT_MOST), warnings.catch_warnings():
                warnings.simplefilter("error")
                was_read = attempt(self.fmt, data, settle=settle)
        except KeyboardInterrupt:
            raise
        except BaseException as err:  # noqa: BLE001 - what we hunt for; panics of Rust are no Exception
            what = f"{type(err).__name__}: {err} ({_place(err)})"[:300]
            report.findings.append(Finding(self.fmt.name, number, what, data))
        else:
            report.read += was_read
            report.settled += was_read and settle
            report.refused += not was_read
        took = time.process_time() - started
        if took > report.slowest:
            report.slowest, report.slowest_input = took, data
        if took > SLOW:
            what = f"slow: {took:.1f} s for {len(data):,} bytes"
            report.findings.append(Finding(self.fmt.name, number, what, data))


def _sound(fmt: Format, data: bytes) -> bool:
    try:
        return attempt(fmt, data)
    except Exception:  # noqa: BLE001 - the hunt will meet it
        return False


def _place(err: BaseException) -> str:
    """Where an exception was raised, as file and line."""
    where = err.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    return f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
