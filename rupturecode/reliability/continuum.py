"""Stretches that coders cut out freely of one session: the continuum and its spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from rupturecode.errors import InvalidDataError, UsageError

#: A frame (or rows) with ``coder, start, end`` (or ``length``) and ``category``, or a mapping
#: from coder to ``(start, end, category)``, or a list of those, one per coder. ``end`` is the
#: first place no longer inside.
Spans: TypeAlias = (
    pd.DataFrame
    | Iterable[Mapping[str, Any]]
    | Mapping[str, Iterable[Sequence[Any]]]
    | Sequence[Sequence[Sequence[Any]]]
)
_NEEDED = ("coder", "start", "end")


class Span(NamedTuple):
    """One stretch by one coder, half open: ``end`` is no longer inside."""

    start: float
    end: float
    category: str | None = None
    """None for a gap, which nobody coded."""

    @property
    def length(self) -> float:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, eq=False, slots=True)
class Continuum:
    """What several coders cut out of the same stretch of turns, characters or milliseconds."""

    spans: dict[str, tuple[Span, ...]]
    """Per coder, in order."""
    begin: float
    end: float

    @property
    def length(self) -> float:
        """From begin to end."""
        return self.end - self.begin

    @property
    def coders(self) -> tuple[str, ...]:
        """Everyone who looked, also who found nothing."""
        return tuple(self.spans)

    @property
    def categories(self) -> tuple[str, ...]:
        """All that somebody gave, sorted."""
        return tuple(sorted({str(s.category) for own in self.spans.values() for s in own}))

    def only(self, category: str) -> Continuum:
        """Return the spans of one category."""
        kept = {c: tuple(s for s in own if s.category == category) for c, own in self.spans.items()}
        return Continuum(kept, self.begin, self.end)

    def partition(self, coder: str) -> list[Span]:
        """Return a coder's spans and the gaps between them, which fill the continuum."""
        out, here = [], self.begin
        for span in self.spans[coder]:
            if span.start > here:
                out.append(Span(here, span.start))
            out.append(span)
            here = span.end
        return [*out, Span(here, self.end)] if here < self.end else out


def continuum(
    spans: Spans | Continuum,
    *,
    begin: float | None = None,
    end: float | None = None,
    coders: Iterable[str] | None = None,
) -> Continuum:
    """Read spans of any shape into one continuum.

    Parameters
    ----------
    spans
        See ``Spans``; a category that is None or missing is a gap and left out.
    begin, end
        Of what coders looked at; the outermost spans unless given.
    coders
        Everyone who looked, when some found nothing.

    Raises
    ------
    InvalidDataError
        When a span has no coder, place or length, or lies outside, listing all.
    UsageError
        When a column is missing, or there is nothing to tell how long the continuum is.

    Examples
    --------
    >>> found = continuum({"AK": [(2, 5, "withdrawal")], "BL": []}, begin=0, end=9)
    >>> [tuple(s) for s in found.partition("AK")]
    [(0.0, 2.0, None), (2.0, 5.0, 'withdrawal'), (5.0, 9.0, None)]
    """
    if isinstance(spans, Continuum):
        return spans
    rows, known = _rows(spans)
    names = dict.fromkeys([*known, *(coders or ())])
    starts = [s.start for _, s in rows]
    ends = [s.end for _, s in rows]
    if not rows and (begin is None or end is None):
        raise UsageError("nobody cut out anything: say begin=... and end=... of what was read")
    first = min(starts) if begin is None else float(begin)
    last = max(ends) if end is None else float(end)
    problems = [
        f"{coder}: {_words(span)} {_fault(span, first, last)}"
        for coder, span in rows
        if _fault(span, first, last)
    ]
    if problems:
        raise InvalidDataError("spans", problems)
    coded = [(c, s) for c, s in rows if s.category is not None]
    own = {name: tuple(sorted((s for c, s in coded if c == name), key=_place)) for name in names}
    return Continuum(own, first, last)


def _place(span: Span) -> tuple[float, float]:
    return span.start, span.end


def _rows(spans: Any) -> tuple[list[tuple[str, Span]], list[str]]:  # noqa: ANN401 - any shape
    """Return coder and span of every row, and all coders; rows that are no spans are refused."""
    cells, coders = _cells(spans)
    rows, problems = [], []
    for i, (coder, place) in enumerate(cells, start=1):
        try:
            rows.append((coder, _span(*place)))
        except (TypeError, ValueError):
            problems.append(f"span {i} ({coder}): {place!r} is not start and end, in numbers")
    problems += [f"span {i} has no coder" for i, (coder, _) in enumerate(cells, 1) if not coder]
    if problems:
        raise InvalidDataError("spans", problems)
    return rows, coders


def _cells(spans: Any) -> tuple[list[tuple[str, Any]], list[str]]:  # noqa: ANN401
    """Return coder and start, end, category of every row as given, and all coders."""
    if not isinstance(spans, pd.DataFrame | Iterable):
        raise UsageError("spans are a table, or a mapping from coder to (start, end, category)")
    if not isinstance(spans, pd.DataFrame | Mapping):
        spans = list(spans)
        if any(isinstance(own, list | tuple) for own in spans):
            spans = {f"coder {i}": own for i, own in enumerate(spans, 1)}
    if isinstance(spans, Mapping):
        by_coder = {str(coder): list(own) for coder, own in spans.items()}
        return [(coder, s) for coder, own in by_coder.items() for s in own], list(by_coder)
    frame = spans if isinstance(spans, pd.DataFrame) else pd.DataFrame(spans)
    if "end" not in frame and {"start", "length"} <= {*frame.columns}:
        frame = frame.assign(end=frame["start"] + frame["length"])
    missing = [c for c in _NEEDED if c not in frame]
    if missing and len(frame):
        raise UsageError(
            f"spans need the column {missing[0]!r}; there are: {', '.join(map(str, frame))}"
        )
    category = next((c for c in ("category", "code") if c in frame), None)
    given = frame[category] if category else ["unit"] * len(frame)
    rows = [
        ("" if pd.isna(coder) else str(coder), place)
        for coder, *place in zip(
            *(frame[c] if len(frame) else () for c in _NEEDED), given, strict=True
        )
    ]
    return [(coder, tuple(place)) for coder, place in rows], [coder for coder, _ in rows]


def _span(start: Any, end: Any, category: Any = "unit", *_: Any) -> Span:  # noqa: ANN401 - any cells
    first, last = float(start), float(end)
    if not isfinite(first) or not isfinite(last):
        raise ValueError
    return Span(first, last, None if pd.isna(category) else str(category))


def _fault(span: Span, begin: float, end: float) -> str:
    if not span.end > span.start:
        return "has no length"
    return "" if begin <= span.start and span.end <= end else f"lies outside {begin:g} to {end:g}"


def _words(span: Span) -> str:
    return f"{span.category or 'gap'} from {span.start:g} to {span.end:g}"


def overlaps(found: Continuum) -> list[str]:
    """Name every two stretches of one coder that overlap."""
    return [
        f"{coder}: {_words(b)} overlaps {_words(a)}"
        for coder, own in found.spans.items()
        for a, b in pairwise(own)
        if b.start < a.end
    ]


def refuse_overlaps(found: Continuum) -> None:
    """Refuse stretches of one coder that overlap.

    Raises
    ------
    InvalidDataError
        Listing every overlap.
    """
    problems = overlaps(found)
    if problems:
        raise InvalidDataError("spans", problems)
