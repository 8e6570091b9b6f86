"""Write an ELAN file: tiers of speech, tiers of codings, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.exchange.tiers import speech
from rupturecode.io.exchange.xmlout import legal, to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from rupturecode.io.exchange.tiers import Tier, Tiers
    from rupturecode.transcript import Transcript

LINK = "link"
_SPEECH, _CODES, _NOTES = "speech", "codes", "notes"
_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"


class _Slots:
    """Time slots, one per moment."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def at(self, moment: int) -> str:
        return self._names.setdefault(moment, f"ts{len(self._names) + 1}")

    def write(self, order: Element) -> None:
        from xml.etree import ElementTree as ET

        for moment, name in sorted(self._names.items()):
            ET.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=name, TIME_VALUE=str(moment))


class ElanDocument:
    """One file: speech, codings and what is said of them."""

    def __init__(
        self, talk: Transcript, tiers: Tiers, ties: Mapping[str, list[tuple[str, str]]]
    ) -> None:
        self._talk, self.tiers = talk, tiers
        self._slots, self._numbers = _Slots(), iter(range(1, 1 << 40))
        self._ids = {s.id: self._id() for t in tiers.tiers for s in t.stretches}
        self._ties = {
            start: [(relation, self._ids[end]) for end, relation in ends if end in self._ids]
            for start, ends in ties.items()
            if start in self._ids
        }
        self.tied = sum(map(len, self._ties.values()))

    def _id(self) -> str:
        return f"a{next(self._numbers)}"

    def file(self) -> bytes:
        """Return the whole file."""
        from xml.etree import ElementTree as ET

        root = ET.Element("ANNOTATION_DOCUMENT", AUTHOR="", DATE="1980-01-01T00:00:00Z")
        root.set("FORMAT", "3.0")
        root.set("VERSION", "3.0")
        root.set("xmlns:xsi", _NAMESPACE)
        root.set("xsi:noNamespaceSchemaLocation", "http://www.mpi.nl/tools/elan/EAFv3.0.xsd")
        ET.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
        order = ET.SubElement(root, "TIME_ORDER")
        for speaker, rows in speech(self._talk).items():
            node = ET.SubElement(root, "TIER", TIER_ID=legal(speaker), LINGUISTIC_TYPE_REF=_SPEECH)
            node.set("PARTICIPANT", legal(speaker))
            for start, end, text in rows:
                _aligned(node, self._id(), (self._slots.at(start), self._slots.at(end)), text)
        for tier in self.tiers.tiers:
            self._tier(root, tier)
        self._slots.write(order)
        _types(root)
        return to_bytes(root)

    def _tier(self, root: Element, tier: Tier) -> None:
        from xml.etree import ElementTree as ET

        node = ET.SubElement(root, "TIER", TIER_ID=legal(tier.name), LINGUISTIC_TYPE_REF=_CODES)
        node.set("ANNOTATOR", legal(tier.coder))
        if tier.speaker:
            node.set("PARTICIPANT", legal(tier.speaker))
        said: dict[str, list[tuple[str, str]]] = {}
        for stretch in tier.stretches:
            id_ = self._ids[stretch.id]
            ends = (self._slots.at(stretch.start_ms), self._slots.at(stretch.end_ms))
            _aligned(node, id_, ends, stretch.text)
            links = "\n".join(" ".join(tie) for tie in self._ties.get(stretch.id, ()))
            about = {"note": stretch.note, **stretch.extras, LINK: links}
            for part, text in about.items():
                if text:
                    said.setdefault(part, []).append((id_, text))
        for part, texts in said.items():
            self._dependent(root, tier, part, texts)

    def _dependent(
        self, root: Element, tier: Tier, part: str, texts: list[tuple[str, str]]
    ) -> None:
        from xml.etree import ElementTree as ET

        name = f"{legal(tier.name)}#{part}"
        node = ET.SubElement(root, "TIER", TIER_ID=name, LINGUISTIC_TYPE_REF=_NOTES)
        node.set("PARENT_REF", legal(tier.name))
        node.set("ANNOTATOR", legal(tier.coder))
        for ref, text in texts:
            outer = ET.SubElement(node, "ANNOTATION")
            inner = ET.SubElement(outer, "REF_ANNOTATION", ANNOTATION_ID=self._id())
            inner.set("ANNOTATION_REF", ref)
            ET.SubElement(inner, "ANNOTATION_VALUE").text = legal(text)


def _types(root: Element) -> None:
    """Say what kinds of tiers there are."""
    from xml.etree import ElementTree as ET

    for kind, constraint in ((_SPEECH, ""), (_CODES, ""), (_NOTES, "Symbolic_Association")):
        made = ET.SubElement(root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=kind)
        made.set("TIME_ALIGNABLE", "false" if constraint else "true")
        made.set("GRAPHIC_REFERENCES", "false")
        if constraint:
            made.set("CONSTRAINTS", constraint)
    ET.SubElement(
        root,
        "CONSTRAINT",
        STEREOTYPE="Symbolic_Association",
        DESCRIPTION="1-1 association with a parent annotation",
    )


def _aligned(node: Element, id_: str, ends: tuple[str, str], text: str) -> None:
    from xml.etree import ElementTree as ET

    outer = ET.SubElement(node, "ANNOTATION")
    inner = ET.SubElement(outer, "ALIGNABLE_ANNOTATION", ANNOTATION_ID=id_)
    inner.set("TIME_SLOT_REF1", ends[0])
    inner.set("TIME_SLOT_REF2", ends[1])
    ET.SubElement(inner, "ANNOTATION_VALUE").text = legal(text)
