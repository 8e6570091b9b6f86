"""Parse JSON that may be broken or hostile, and take values out of it with their type checked."""

from __future__ import annotations

import json
from typing import Any

from rupturecode.errors import ParseError
from rupturecode.io.parsers.clock import LONGEST_MS
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.surrogates import whole


def parse_json(data: bytes, *, source: str, encoding: str | None = None) -> Any:  # noqa: ANN401
    """Return what a JSON file holds.

    Raises
    ------
    ParseError
        With line and caret, when it is malformed, cut off or nests absurdly deep.

    Examples
    --------
    >>> parse_json(b'{"text": "hm"}', source="s01.json")
    {'text': 'hm'}
    >>> parse_json(b'{"text": "hm"', source="s01.json")
    Traceback (most recent call last):
    ...
    rupturecode.errors.ParseError: s01.json:1: malformed JSON: Expecting ',' delimiter
        {"text": "hm"
                     ^
    """
    text = decode(data, source=source, encoding=encoding).text
    try:
        return json.loads(text)
    except json.JSONDecodeError as err:
        start = max(err.doc.rfind("\n", 0, err.pos) + 1, err.pos - 60)
        shown = err.doc[start : err.pos + 60].split("\n")[0]
        raise ParseError(
            f"malformed JSON: {err.msg}", source, err.lineno, shown, err.pos - start
        ) from err
    except RecursionError as err:
        raise ParseError("malformed JSON: it nests absurdly deep", source) from err
    except ValueError as err:  # a number of thousands of digits
        raise ParseError(f"malformed JSON: {err}", source) from err


def records(value: object, what: str, source: str) -> list[dict[str, Any]]:
    """Return a list of objects; nothing at all counts as an empty list.

    Raises
    ------
    ParseError
        When something else stands there.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ParseError(f"expected a list of objects as {what}", source)
    return value


def words(value: object) -> str:
    """Return a text (its characters made whole) or number as text, anything else as nothing.

    Examples
    --------
    >>> words("hm"), words(1), words(None)
    ('hm', '1', '')
    """
    if isinstance(value, str):
        return whole(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def seconds(value: object) -> int | None:
    """Milliseconds of a number of seconds, written as number or text; None when it is neither.

    Examples
    --------
    >>> seconds(1.5), seconds("0.1204"), seconds("12.9s"), seconds(None), seconds("soon")
    (1500, 120, 12900, None, None)
    """
    if isinstance(value, str):
        try:
            value = float(value.removesuffix("s"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value * 1000 <= LONGEST_MS:  # also false for NaN
        return None
    return round(value * 1000)


def milliseconds(value: object) -> int | None:
    """Return a number of milliseconds; None when it is none or no time in a recording.

    Examples
    --------
    >>> milliseconds(250), milliseconds(250.4), milliseconds(-1), milliseconds("soon")
    (250, 250, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value) if 0 <= value <= LONGEST_MS else None
