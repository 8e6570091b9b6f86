"""ELAN (``.eaf``): codings on tiers, one per code, speaker and coder.

References
----------
Max Planck Institute for Psycholinguistics, ELAN Annotation Format, EAFv3.0.xsd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.exchange.elan_document import LINK, ElanDocument
from rupturecode.io.exchange.extras import EXTRAS, all_extras
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.page import by_session, needs_corpus, plain_name
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.tiers import lay, named, names_of
from rupturecode.io.exchange.xmlout import legal
from rupturecode.io.parsers import eaf
from rupturecode.io.transcripts.eaf import sniff

if TYPE_CHECKING:
    from rupturecode.annotation import Annotations
    from rupturecode.io.parsers.eaf import Eaf
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
#: What dependent tiers say of a coding; a link is a relation and the other annotation's id.
_PARTS = ("note", *EXTRAS, LINK)


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
    said = {
        part: {a.ref: a.text for t in tiers for a in t.annotations if a.ref}
        for part, tiers in _parts(found).items()
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
                    note=said["note"].get(a.id, ""),
                    id=a.id,
                    **all_extras({part: said[part].get(a.id, "") for part in EXTRAS}),
                )
            )
    for ref, text in said[LINK].items():
        ties = (line.rpartition(" ") for line in text.splitlines() if " " in line)
        project.links += [(ref, target, relation) for relation, _, target in ties]
    left = [t.id for t in found.tiers if not _is_coding(t) and not _part(t.id)]
    project.info = {"version": found.version, "speech": left}
    return project


def _part(tier: str) -> str:
    """Return what a dependent tier of ours says of its parent's annotations; empty for others."""
    _, sign, part = tier.rpartition("#")
    return part if sign and part in _PARTS else ""


def _parts(found: Eaf) -> dict[str, list[eaf.Tier]]:
    return {part: [t for t in found.tiers if _part(t.id) == part] for part in _PARTS}


def _is_coding(tier: eaf.Tier) -> bool:
    if _part(tier.id):
        return False
    return "@" in tier.id or tier.vocabulary is not None or tier.annotator is not None


def _text(found: Eaf, tier: eaf.Tier, a: eaf.Annotation) -> str:
    """Return an annotation's text, or the entry it chose from its vocabulary."""
    if a.text.strip() or tier.vocabulary is None or a.entry is None:
        return a.text.strip()
    return found.vocabularies.get(tier.vocabulary, {}).get(a.entry, "")


#: Read the codings of an ELAN file; its stretches of time are laid on the turns' times.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the codings are, where neither the tier's annotator nor its name says it.",
    "codes": 'Names (``"tier = text"``, text or tier) to codes of the codebook, None to leave out.',
    "sessions": "File name to session; unless given, the name says the session.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a file per session: a tier of speech per speaker, tiers of codings.

    Notes, rounds, evidence, confidence and links stand on dependent tiers (``...#note``).

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "elan")
    ties: dict[str, list[tuple[str, str]]] = {}
    for row in notes.links.to_dict("records"):
        ties.setdefault(str(row["from"]), []).append((str(row["to"]), str(row["relation"])))
    files, untimed, repaired, tied = {}, 0, 0, 0
    for talk, rows in by_session(notes, corpus, words=False):
        out = ElanDocument(talk, lay(rows, talk, notes.codebook), ties)
        files[f"{plain_name(talk.session, 'session')}.eaf"] = out.file()
        untimed += out.tiers.untimed
        repaired += sum(legal(s.note) != s.note for t in out.tiers.tiers for s in t.stretches)
        tied += out.tied
    lost = list(losses(notes, holds=("note", "links", *EXTRAS), chars=False))
    for n, what in (
        (untimed, "annotations on turns without times"),
        (len(notes.links) - tied, "links between annotations of which one is not in the files"),
    ):
        if n:
            lost.append(f"{n} {what}")
    if repaired:
        lost.append(f"control characters or carriage returns in {repaired} notes")
    return Written(files, tuple(lost))
