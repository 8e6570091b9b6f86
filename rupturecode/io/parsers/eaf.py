"""ELAN annotation files: tiers, time slots, aligned and referring annotations.

Times of annotations that have none of their own are worked out as ELAN shows them: slots
without a time are spread evenly between their neighbours, and annotations that refer to
another take its stretch, shared evenly among those that subdivide it. Such times are
marked ``interpolated``.

References
----------
Max Planck Institute for Psycholinguistics, ELAN Annotation Format, EAFv3.0.xsd.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rupturecode.errors import ParseError
from rupturecode.io.parsers.eaf_events import take

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rupturecode.io.parsers.eaf_events import Node, TierNode


class Annotation(NamedTuple):
    """One annotation; ``ref`` and ``previous`` are ids of others, None for an aligned one."""

    id: str
    text: str
    start_ms: int | None
    end_ms: int | None
    ref: str | None = None
    previous: str | None = None
    interpolated: bool = False
    entry: str | None = None
    """The id of the controlled vocabulary's entry, where one was chosen."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier; ``constraint`` and ``vocabulary`` come from its linguistic type."""

    id: str
    annotations: tuple[Annotation, ...]
    participant: str | None = None
    annotator: str | None = None
    parent: str | None = None
    type: str | None = None
    constraint: str | None = None
    vocabulary: str | None = None


@dataclass(frozen=True, slots=True)
class Eaf:
    """A file: its tiers in order, media, and controlled vocabularies (id to entry to value)."""

    tiers: tuple[Tier, ...]
    version: str = "3.0"
    media: tuple[str, ...] = ()
    vocabularies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    n_slots: int = 0
    n_slots_without_time: int = 0

    def tier(self, name: str) -> Tier | None:
        """Return the tier of that id, or None."""
        return next((t for t in self.tiers if t.id == name), None)


def parse(data: bytes, *, source: str) -> Eaf:
    """Read an ELAN file.

    Raises
    ------
    ParseError
        When the XML is malformed or hostile, is not ELAN's, or its references do not hold.
    """
    content = take(data, source=source)
    slots = {name: _milliseconds(value, source) for name, value in content.slots.items()}
    reading = _Reading(slots, source)
    for tier in content.tiers:
        reading.align(tier.nodes)
    reading.refer()
    return Eaf(
        tuple(_tier(tier, content.types, reading.annotations) for tier in content.tiers),
        content.root.get("VERSION") or content.root.get("FORMAT") or "",
        tuple(content.media),
        content.vocabularies,
        len(slots),
        sum(time is None for time in slots.values()),
    )


def _milliseconds(value: str | None, source: str) -> int | None:
    if value is not None and not (value.isascii() and value.isdecimal() and len(value) < 16):
        raise ParseError(f"a time slot has the time {value[:40]!r}", source)
    return None if value is None else int(value)


def _tier(
    tier: TierNode,
    types: Mapping[str | None, Mapping[str, str]],
    annotations: Mapping[int, Annotation],
) -> Tier:
    said = tier.attributes.get
    kind = types.get(said("LINGUISTIC_TYPE_REF"), {})
    return Tier(
        said("TIER_ID", ""),
        tuple(annotations[id(node)] for node in tier.nodes),
        said("PARTICIPANT") or None,
        said("ANNOTATOR") or None,
        said("PARENT_REF") or None,
        said("LINGUISTIC_TYPE_REF") or None,
        kind.get("CONSTRAINTS"),
        kind.get("CONTROLLED_VOCABULARY_REF"),
    )


class _Reading:
    """All annotations of a file by the node they come from, as their times settle."""

    def __init__(self, slots: Mapping[str, int | None], source: str) -> None:
        self._slots, self._source = slots, source
        self._open = any(time is None for time in slots.values())
        self.annotations: dict[int, Annotation] = {}
        self._by_id: dict[str, Annotation] = {}
        #: parent annotation -> number of the tier -> annotations that refer to the parent
        self._referring: dict[str, dict[int, list[Node]]] = {}
        self._tiers = 0

    def align(self, tier: Iterable[Node]) -> None:
        """Take a tier's aligned annotations and set the referring ones aside."""
        aligned: list[Node] = []
        self._tiers += 1
        for node in tier:
            if node.kind == "ALIGNABLE_ANNOTATION":
                aligned.append(node)
            elif node.kind == "REF_ANNOTATION":
                parent = self._referring.setdefault(node.ref or "", {})
                parent.setdefault(self._tiers, []).append(node)
            else:
                raise ParseError(f"unknown kind of annotation {node.kind[:60]!r}", self._source)
        spread = self._spread(aligned) if self._open else {}
        for node in aligned:
            first, last = node.first_slot, node.last_slot
            start, end = self._time(first, spread), self._time(last, spread)
            between = first in spread or last in spread
            self._keep(node, start, end, interpolated=between)

    def _time(self, slot: str, spread: Mapping[str, int]) -> int | None:
        if slot not in self._slots:
            raise ParseError(f"there is no time slot {slot[:60]!r} to refer to", self._source)
        time = self._slots[slot]
        return spread.get(slot) if time is None else time

    def _spread(self, aligned: Iterable[Node]) -> dict[str, int]:
        """Spread slots without a time evenly along each chain of annotations that share them."""
        follow = {n.first_slot: n.last_slot for n in aligned}
        found: dict[str, int] = {}
        walked: set[str] = set()  # a slot belongs to one chain; also ends circles
        for first, second in follow.items():
            start, at = self._slots.get(first), second
            chain: list[str] = []
            while start is not None and at in follow and at not in walked:
                if self._slots.get(at) is not None:
                    break
                walked.add(at)
                chain.append(at)
                at = follow[at]
            end = self._slots.get(at)
            if start is not None and end is not None:
                step = (end - start) / (len(chain) + 1)
                found.update({s: round(start + step * i) for i, s in enumerate(chain, start=1)})
        return found

    def _keep(self, node: Node, start: int | None, end: int | None, *, interpolated: bool) -> None:
        made = Annotation(
            node.id, node.text, start, end, node.ref, node.previous, interpolated, node.entry
        )
        self.annotations[id(node)] = made
        self._by_id[made.id] = made

    def refer(self) -> None:
        """Give referring annotations their times, level by level from the aligned ones down."""
        ready = [ref for ref in self._referring if ref in self._by_id]
        while ready:
            ref = ready.pop()
            parent = self._by_id[ref]
            for siblings in self._referring.pop(ref, {}).values():
                for i, node in enumerate(_in_order(siblings)):
                    shared = _share(parent.start_ms, parent.end_ms, i, len(siblings))
                    between = parent.interpolated or len(siblings) > 1
                    self._keep(node, *shared, interpolated=between)
                    if node.id in self._referring:
                        ready.append(node.id)
        if self._referring:
            ref = next(iter(self._referring))
            raise ParseError(
                f"an annotation refers to {ref[:60]!r}, which is not there or refers back to it",
                self._source,
            )


def _in_order(siblings: list[Node]) -> list[Node]:
    """Follow ``PREVIOUS_ANNOTATION``; what hangs on nothing keeps its place in the file."""
    after = {n.previous: n for n in siblings if n.previous}
    ordered: list[Node] = []
    for node in siblings:
        if not node.previous:
            ordered.append(node)
            while (follower := after.pop(ordered[-1].id, None)) is not None:
                ordered.append(follower)
    placed = set(map(id, ordered))
    return ordered + [n for n in siblings if id(n) not in placed]


def _share(start: int | None, end: int | None, index: int, n: int) -> tuple[int | None, int | None]:
    if start is None or end is None or n == 1:
        return start, end
    step = (end - start) / n
    return round(start + step * index), round(start + step * (index + 1))
