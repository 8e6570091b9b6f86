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
from rupturecode.io.parsers.xmlsafe import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element


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
    root = parse_xml(data, source=source)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ParseError(f"not an ELAN file: its root is {root.tag[:60]!r}", source)
    slots = _slots(root, source)
    types = {t.get("LINGUISTIC_TYPE_ID"): t for t in root.iter("LINGUISTIC_TYPE")}
    reading = _Reading(slots, source)
    for node in root.iter("TIER"):
        reading.align(node)
    reading.refer()
    tiers = [_tier(node, types, reading.annotations) for node in root.iter("TIER")]
    media = root.iter("MEDIA_DESCRIPTOR")
    return Eaf(
        tuple(tiers),
        root.get("VERSION") or root.get("FORMAT") or "",
        tuple(m.get("RELATIVE_MEDIA_URL") or m.get("MEDIA_URL") or "" for m in media),
        {v.get("CV_ID", ""): _vocabulary(v) for v in root.iter("CONTROLLED_VOCABULARY")},
        len(slots),
        sum(time is None for time in slots.values()),
    )


def _slots(root: Element, source: str) -> dict[str, int | None]:
    slots: dict[str, int | None] = {}
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE")
        if value is not None and not (value.isascii() and value.isdecimal() and len(value) < 16):
            raise ParseError(f"a time slot has the time {value[:40]!r}", source)
        slots[slot.get("TIME_SLOT_ID", "")] = None if value is None else int(value)
    return slots


def _tier(
    node: Element, types: Mapping[str | None, Element], annotations: Mapping[int, Annotation]
) -> Tier:
    kind = types.get(node.get("LINGUISTIC_TYPE_REF"))
    return Tier(
        node.get("TIER_ID", ""),
        tuple(annotations[id(a)] for a in _annotations(node)),
        node.get("PARTICIPANT") or None,
        node.get("ANNOTATOR") or None,
        node.get("PARENT_REF") or None,
        node.get("LINGUISTIC_TYPE_REF") or None,
        None if kind is None else kind.get("CONSTRAINTS"),
        None if kind is None else kind.get("CONTROLLED_VOCABULARY_REF"),
    )


def _annotations(tier: Element) -> Iterable[Element]:
    return (inner for a in tier.iterfind("ANNOTATION") for inner in a)


def _vocabulary(node: Element) -> dict[str, str]:
    """Entries of versions up to 2.7 (``CV_ENTRY``) and from 2.8 on, in the first language."""
    entries = {e.get("CVE_ID", "") or (e.text or ""): e.text or "" for e in node.iter("CV_ENTRY")}
    for entry in node.iter("CV_ENTRY_ML"):
        value = entry.find("CVE_VALUE")
        entries[entry.get("CVE_ID", "")] = "" if value is None else value.text or ""
    return entries


class _Reading:
    """All annotations of a file by the XML element they come from, as their times settle."""

    def __init__(self, slots: Mapping[str, int | None], source: str) -> None:
        self._slots, self._source = slots, source
        self._open = any(time is None for time in slots.values())
        self.annotations: dict[int, Annotation] = {}
        self._by_id: dict[str, Annotation] = {}
        #: parent annotation -> number of the tier -> annotations that refer to the parent
        self._referring: dict[str, dict[int, list[Element]]] = {}
        self._tiers = 0

    def align(self, tier: Element) -> None:
        """Take a tier's aligned annotations and set the referring ones aside."""
        aligned: list[Element] = []
        self._tiers += 1
        for node in _annotations(tier):
            if node.tag == "ALIGNABLE_ANNOTATION":
                aligned.append(node)
            elif node.tag == "REF_ANNOTATION":
                parent = self._referring.setdefault(node.get("ANNOTATION_REF", ""), {})
                parent.setdefault(self._tiers, []).append(node)
            else:
                raise ParseError(f"unknown kind of annotation {node.tag[:60]!r}", self._source)
        spread = self._spread(aligned) if self._open else {}
        for node in aligned:
            first, last = node.get("TIME_SLOT_REF1", ""), node.get("TIME_SLOT_REF2", "")
            start, end = self._time(first, spread), self._time(last, spread)
            between = first in spread or last in spread
            self._keep(node, start, end, interpolated=between)

    def _time(self, slot: str, spread: Mapping[str, int]) -> int | None:
        if slot not in self._slots:
            raise ParseError(f"there is no time slot {slot[:60]!r} to refer to", self._source)
        time = self._slots[slot]
        return spread.get(slot) if time is None else time

    def _spread(self, aligned: Iterable[Element]) -> dict[str, int]:
        """Spread slots without a time evenly along each chain of annotations that share them."""
        follow = {n.get("TIME_SLOT_REF1", ""): n.get("TIME_SLOT_REF2", "") for n in aligned}
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

    def _keep(
        self, node: Element, start: int | None, end: int | None, *, interpolated: bool
    ) -> None:
        value = node.find("ANNOTATION_VALUE")
        made = Annotation(
            node.get("ANNOTATION_ID", ""),
            "" if value is None else value.text or "",
            start,
            end,
            node.get("ANNOTATION_REF"),
            node.get("PREVIOUS_ANNOTATION"),
            interpolated,
            node.get("CVE_REF"),
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
                    if node.get("ANNOTATION_ID", "") in self._referring:
                        ready.append(node.get("ANNOTATION_ID", ""))
        if self._referring:
            ref = next(iter(self._referring))
            raise ParseError(
                f"an annotation refers to {ref[:60]!r}, which is not there or refers back to it",
                self._source,
            )


def _in_order(siblings: list[Element]) -> list[Element]:
    """Follow ``PREVIOUS_ANNOTATION``; what hangs on nothing keeps its place in the file."""
    after = {n.get("PREVIOUS_ANNOTATION"): n for n in siblings if n.get("PREVIOUS_ANNOTATION")}
    ordered: list[Element] = []
    for node in siblings:
        if not node.get("PREVIOUS_ANNOTATION"):
            ordered.append(node)
            while (follower := after.pop(ordered[-1].get("ANNOTATION_ID", ""), None)) is not None:
                ordered.append(follower)
    placed = set(map(id, ordered))
    return ordered + [n for n in siblings if id(n) not in placed]


def _share(start: int | None, end: int | None, index: int, n: int) -> tuple[int | None, int | None]:
    if start is None or end is None or n == 1:
        return start, end
    step = (end - start) / n
    return round(start + step * index), round(start + step * (index + 1))
