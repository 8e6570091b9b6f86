"""Times as people and tools write them, in milliseconds."""

from __future__ import annotations

import re

#: ``1:02``, ``01:02:03``, ``01:02:03.450``, ``1:02:03,4``; hours may have many digits.
TIME = r"\d{1,6}:[0-5]?\d(?::[0-5]\d)?(?:[.,]\d{1,9})?"
#: Thirty years: whatever is longer is no time in a recording.
LONGEST_MS = 10**12
_PARTS = re.compile(r"(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?")


def milliseconds(text: str) -> int | None:
    """Milliseconds of a clock time, or None when it is not one.

    Examples
    --------
    >>> milliseconds("1:02"), milliseconds("00:01:02,5"), milliseconds("soon")
    (62000, 62500, None)
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None or len(text) > 32:
        return None
    hours, minutes, seconds, fraction = found.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    ms = whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
    return ms if ms <= LONGEST_MS else None


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
