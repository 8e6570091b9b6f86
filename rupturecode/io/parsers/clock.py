"""Times as people and tools write them, in milliseconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: ``1:02``, ``01:02:03``, ``01:02:03.450``, ``1:02:03,4`` and, as f4 and easytranscript write
#: tenths, ``01:02:03-4``; hours may have many digits. Chats write ``1:02 PM``.
TIME = r"\d{1,6}:[0-5]?\d(?::[0-5]?\d(?!\d)(?:-\d(?![\d:]))?)?(?:[.,]\d{1,9})?"
#: A time of day may be followed by these.
_HALF = r"[ \u00a0\u202f]?[AaPp]\.?[Mm](?!\w)\.?"
TIME += rf"(?:{_HALF})?+"
#: Thirty years: whatever is longer is no time in a recording.
LONGEST_MS = 10**12
#: Where the digits of ``hh:mm:ss.mmm`` stand, and the milliseconds that each is worth.
_DIGITS = [0, 1, 3, 4, 6, 7, 9, 10, 11]
_WEIGHTS = np.array([36_000_000, 3_600_000, 600_000, 60_000, 10_000, 1000, 100, 10, 1])
_PARTS = re.compile(r"(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+)|-(\d))?")
_OF_DAY = re.compile(rf"(1[0-2]|0?[0-9]):([0-5]\d)(:[0-5]\d)?{_HALF}")


def milliseconds(text: str) -> int | None:
    """Milliseconds of a clock time, or None when it is not one.

    Examples
    --------
    >>> milliseconds("1:02"), milliseconds("00:01:02,5"), milliseconds("soon")
    (62000, 62500, None)
    >>> milliseconds("00:01:02-5"), milliseconds("1:02 PM")
    (62500, 46920000)
    """
    half = _OF_DAY.fullmatch(text.strip()) if text.strip(" .")[-1:] in "mM" else None
    if half:
        hour = int(half[1]) % 12 + (12 if "p" in text.lower() else 0)
        text = f"{hour}:{half[2]}{half[3] or ':00'}"
    found = _PARTS.fullmatch(text.strip())
    if found is None or len(text) > 32:
        return None
    hours, minutes, seconds, fraction, tenths = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    ms = whole * 1000 + int((fraction or tenths or "0")[:3].ljust(3, "0"))
    return ms if ms <= LONGEST_MS else None


def many(times: Sequence[str], one: Callable[[str], int]) -> list[int]:
    """Milliseconds of many times, all at once where each is written ``hh:mm:ss.mmm``.

    Parameters
    ----------
    times
        As found in a file.
    one
        Reads a time that is written in another way.

    Examples
    --------
    >>> many(["00:00:01.500", "01:00:00,000"], one=int)
    [1500, 3600000]
    >>> many(["12345:56.789"], one=lambda time: -1)
    [-1]
    """
    joined = "".join(times).encode("ascii", "replace")
    if len(joined) == 12 * len(times) and all(len(t) == 12 for t in times):
        signs = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 12)
        digits = signs[:, _DIGITS].astype("int64") - ord("0")
        if (signs[:, [2, 5]] == ord(":")).all() and ((digits >= 0) & (digits <= 9)).all():
            found: list[int] = (digits @ _WEIGHTS).tolist()
            return found
    return [one(time) for time in times]


def clock(ms: int, *, separator: str = ".") -> str:
    """Write a time as ``hh:mm:ss.mmm``.

    Examples
    --------
    >>> clock(62500), clock(3_600_000, separator=",")
    ('00:01:02.500', '01:00:00,000')
    """
    seconds, thousandths = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{thousandths:03d}"
