"""ELAN (``.eaf``): codings on tiers, one per code, speaker and coder.

References
----------
Max Planck Institute for Psycholinguistics, ELAN Annotation Format, EAFv3.0.xsd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.page import by_session, needs_corpus, plain_name
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import lay, named, names_of, speech
from rupturecode.io.exchange.xmlout import legal, to_bytes
from rupturecode.io.parsers import eaf
from rupturecode.io.transcripts.eaf import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from rupturecode.annotation import Annotations
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.tiers import Tier, Tiers
    from rupturecode.io.parsers.eaf import Eaf
    from rupturecode.transcript import Corpus, Transcript

__all__ = ["parse", "read", "sniff", "write"]
_SPEECH, _CODES, _NOTES = "speech", "codes", "notes"
_NOTE = "#note"
_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"


def parse(data: bytes, *, source: str) -> Project:
    """Read all tiers that hold codings.

    These are tiers with ``@`` in their name, with an annotator, or with a controlled
    vocabulary; the others hold speech and are told in the warnings.

    Raises
    ------
    ParseError
        When the file is malformed or hostile, or is not ELAN's.
    """
    found = eaf.parse(data, source=source)
    project = Project("elan", source, [Document(source, source)])
    notes = {
        a.ref: a.text for t in found.tiers if t.id.endswith(_NOTE) for a in t.annotations if a.ref
    }
    coding = [t for t in found.tiers if _is_coding(t)]
    known = {t.participant or t.id for t in found.tiers if not _is_coding(t)}
    known |= {t.participant for t in coding if t.participant}
    for tier in coding:
        about = named(
            tier.id, coder=tier.annotator or "", speaker=tier.participant or "", known=known
        )
        for a in tier.annotations:
            project.codings.append(
                Coding(
                    source,
                    names_of(about.layer, _text(found, tier, a)),
                    about.coder or None,
                    start_ms=None if about.whole else a.start_ms,
                    end_ms=None if about.whole else a.end_ms,
                    speaker=about.speaker,
                    note=notes.get(a.id, ""),
                    id=a.id,
                )
            )
    left = [t.id for t in found.tiers if not _is_coding(t) and not t.id.endswith(_NOTE)]
    project.info = {"version": found.version, "speech": left}
    return project


def _is_coding(tier: eaf.Tier) -> bool:
    if tier.id.endswith(_NOTE):
        return False
    return "@" in tier.id or tier.vocabulary is not None or tier.annotator is not None


def _text(found: Eaf, tier: eaf.Tier, a: eaf.Annotation) -> str:
    """Return an annotation's text, or the entry it chose from its vocabulary."""
    if a.text.strip() or tier.vocabulary is None or a.entry is None:
        return a.text.strip()
    return found.vocabularies.get(tier.vocabulary, {}).get(a.entry, "")


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Read the codings of an ELAN file; its stretches of time are laid on the turns' times.

    Parameters
    ----------
    data, source
        The file and its name, which says the session unless ``sessions`` does.
    codebook, corpus
        What it is about.
    coder
        Whose the codings are, where neither the tier's annotator nor its name says it.
    codes
        Names (``"tier = text"``, text or tier) to codes of the codebook, None to leave out.
    sessions
        File name to session.

    Raises
    ------
    ParseError
        When the file is malformed or hostile.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a file per session: a tier of speech per speaker, tiers of codings, their notes.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "elan")
    files, untimed, repaired = {}, 0, 0
    for talk, rows in by_session(notes, corpus, words=False):
        tiers = lay(rows, talk, notes.codebook)
        files[f"{plain_name(talk.session, 'session')}.eaf"] = _document(talk, tiers)
        untimed += tiers.untimed
        repaired += sum(legal(s.note) != s.note for t in tiers.tiers for s in t.stretches)
    lost = list(losses(notes, holds=("note",), chars=False))
    if untimed:
        lost.append(f"{untimed} annotations on turns without times")
    if repaired:
        lost.append(f"control characters or carriage returns in {repaired} notes")
    return Written(files, tuple(lost))


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


def _document(talk: Transcript, tiers: Tiers) -> bytes:
    from xml.etree import ElementTree as ET

    root = ET.Element("ANNOTATION_DOCUMENT", AUTHOR="", DATE="1980-01-01T00:00:00Z")
    root.set("FORMAT", "3.0")
    root.set("VERSION", "3.0")
    root.set("xmlns:xsi", _NAMESPACE)
    root.set("xsi:noNamespaceSchemaLocation", "http://www.mpi.nl/tools/elan/EAFv3.0.xsd")
    ET.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    order = ET.SubElement(root, "TIME_ORDER")
    slots, numbers = _Slots(), iter(range(1, 1 << 40))
    for speaker, rows in speech(talk).items():
        node = ET.SubElement(root, "TIER", TIER_ID=legal(speaker), LINGUISTIC_TYPE_REF=_SPEECH)
        node.set("PARTICIPANT", legal(speaker))
        for start, end, text in rows:
            _aligned(node, f"a{next(numbers)}", (slots.at(start), slots.at(end)), text)
    for tier in tiers.tiers:
        _tier(root, tier, slots, [f"a{next(numbers)}" for _ in range(2 * len(tier.stretches))])
    slots.write(order)
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
    return to_bytes(root)


def _tier(root: Element, tier: Tier, slots: _Slots, ids: list[str]) -> None:
    from xml.etree import ElementTree as ET

    node = ET.SubElement(root, "TIER", TIER_ID=legal(tier.name), LINGUISTIC_TYPE_REF=_CODES)
    node.set("ANNOTATOR", legal(tier.coder))
    if tier.speaker:
        node.set("PARTICIPANT", legal(tier.speaker))
    said = []
    for stretch, id_, note_id in zip(tier.stretches, ids[::2], ids[1::2], strict=True):
        _aligned(node, id_, (slots.at(stretch.start_ms), slots.at(stretch.end_ms)), stretch.text)
        if stretch.note:
            said.append((note_id, id_, stretch.note))
    if not said:
        return
    name = legal(tier.name) + _NOTE
    notes = ET.SubElement(root, "TIER", TIER_ID=name, LINGUISTIC_TYPE_REF=_NOTES)
    notes.set("PARENT_REF", legal(tier.name))
    notes.set("ANNOTATOR", legal(tier.coder))
    for note_id, ref, text in said:
        outer = ET.SubElement(notes, "ANNOTATION")
        inner = ET.SubElement(outer, "REF_ANNOTATION", ANNOTATION_ID=note_id, ANNOTATION_REF=ref)
        ET.SubElement(inner, "ANNOTATION_VALUE").text = legal(text)


def _aligned(node: Element, id_: str, ends: tuple[str, str], text: str) -> None:
    from xml.etree import ElementTree as ET

    outer = ET.SubElement(node, "ANNOTATION")
    inner = ET.SubElement(outer, "ALIGNABLE_ANNOTATION", ANNOTATION_ID=id_)
    inner.set("TIME_SLOT_REF1", ends[0])
    inner.set("TIME_SLOT_REF2", ends[1])
    ET.SubElement(inner, "ANNOTATION_VALUE").text = legal(text)
