"""What an ELAN file holds, taken in as its XML streams by.

There is no tree, which would take seven times the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from rupturecode.errors import ParseError
from rupturecode.io.parsers.xmlsafe import parse_events


class Node(NamedTuple):
    """One annotation as written: its kind, ids of what it stands on, and its words."""

    kind: str
    id: str
    first_slot: str
    last_slot: str
    ref: str | None
    previous: str | None
    entry: str | None
    text: str


@dataclass(slots=True)
class TierNode:
    """One tier as written."""

    attributes: dict[str, str]
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Content:
    """A file as written; times of slots as text, types and vocabularies by id."""

    root: dict[str, str] = field(default_factory=dict)
    slots: dict[str, str | None] = field(default_factory=dict)
    tiers: list[TierNode] = field(default_factory=list)
    types: dict[str | None, dict[str, str]] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)
    vocabularies: dict[str, dict[str, str]] = field(default_factory=dict)


def take(data: bytes, *, source: str) -> Content:
    """Take in a file.

    Raises
    ------
    ParseError
        When the XML is malformed or hostile, or is not ELAN's.
    """
    taking = _Taking(source)
    parse_events([data], source=source, start=taking.start, end=taking.end, text=taking.text)
    return taking.content


class _Taking:
    """Takes events; ``depth`` is that of the element under way, the root's being 1."""

    def __init__(self, source: str) -> None:
        self.source, self.content = source, Content()
        self.depth = self.tier_at = self.annotation_at = self.value_at = 0
        self.kind, self.attributes = "", {"": ""}
        self.words: list[str] = []
        self.entries: dict[str, str] = {}
        self.value: str | None = None
        self.entry = ""
        self.slots: dict[str, str] = {}
        """Each name of a slot once, however often annotations refer to it."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        content = self.content
        if self.depth == 1:
            if name != "ANNOTATION_DOCUMENT":
                raise ParseError(f"not an ELAN file: its root is {name[:60]!r}", self.source)
            content.root = attributes
        elif self.annotation_at:
            self._inside_annotation(name, attributes)
        elif name == "ANNOTATION":
            self.annotation_at = self.depth
        elif name == "TIME_SLOT":
            slot = attributes.get("TIME_SLOT_ID", "")
            content.slots[self.slots.setdefault(slot, slot)] = attributes.get("TIME_VALUE")
        elif name == "TIER":
            content.tiers.append(TierNode(attributes))
            self.tier_at = self.depth
        else:
            self._about(name, attributes)

    def _inside_annotation(self, name: str, attributes: dict[str, str]) -> None:
        below = self.depth - self.annotation_at
        if below == 1:
            self.kind, self.attributes, self.value = name, attributes, None
        elif below == 2 and name == "ANNOTATION_VALUE" and self.value is None:
            self._listen()
        else:
            self.value_at = 0

    def _about(self, name: str, attributes: dict[str, str]) -> None:
        content = self.content
        if name == "LINGUISTIC_TYPE":
            content.types[attributes.get("LINGUISTIC_TYPE_ID")] = attributes
        elif name == "MEDIA_DESCRIPTOR":
            url = attributes.get("RELATIVE_MEDIA_URL") or attributes.get("MEDIA_URL") or ""
            content.media.append(url)
        elif name == "CONTROLLED_VOCABULARY":
            self.entries = content.vocabularies.setdefault(attributes.get("CV_ID", ""), {})
        elif name in ("CV_ENTRY", "CV_ENTRY_ML"):
            self.entry = attributes.get("CVE_ID", "")
            self.value = None
            if name == "CV_ENTRY":
                self._listen()
        elif name == "CVE_VALUE" and self.value is None:
            self._listen()

    def _listen(self) -> None:
        self.value, self.value_at = "", self.depth
        self.words.clear()

    def text(self, said: str) -> None:
        if self.value_at:
            self.words.append(said)

    def end(self, name: str) -> None:
        if self.depth == self.value_at:
            self.value, self.value_at = "".join(self.words), 0
            if name == "CV_ENTRY":
                self.entries[self.entry or self.value] = self.value
        if name == "CV_ENTRY_ML":
            self.entries[self.entry] = self.value or ""
        elif self.annotation_at and self.annotation_at == self.depth - 1:
            self._annotation_end()
        elif self.annotation_at == self.depth:
            self.annotation_at = 0
        elif self.tier_at == self.depth:
            self.tier_at = 0
        self.depth -= 1

    def _annotation_end(self) -> None:
        get = self.attributes.get
        first, last = get("TIME_SLOT_REF1", ""), get("TIME_SLOT_REF2", "")
        once = self.slots.get
        node = Node(
            self.kind,
            get("ANNOTATION_ID", ""),
            once(first, first),
            once(last, last),
            get("ANNOTATION_REF"),
            get("PREVIOUS_ANNOTATION"),
            get("CVE_REF"),
            self.value or "",
        )
        if self.tier_at:
            self.content.tiers[-1].nodes.append(node)
