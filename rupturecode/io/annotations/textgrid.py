"""Praat TextGrid: codings on tiers named ``code@speaker_coder``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.page import by_session, needs_corpus, plain_name
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.tiers import lay, named, names_of, speech
from rupturecode.io.parsers import textgrid
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.transcripts.textgrid import sniff

if TYPE_CHECKING:
    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]


def parse(data: bytes, *, source: str) -> Project:
    """Read all tiers with ``@`` in their name, intervals and points; the others hold speech.

    Raises
    ------
    ParseError
        When the file is malformed.
    """
    grid = textgrid.parse(decode(data, source=source).text, source=source)
    project = Project("textgrid", source, [Document(source, source)])
    spoken = [t.name for t in grid.tiers if "@" not in t.name]
    for tier in grid.tiers:
        if "@" not in tier.name:
            continue
        about = named(tier.name, known=spoken)
        for entry in tier.filled:
            start, end = round(entry.start * 1000), round(entry.end * 1000)
            project.codings.append(
                Coding(
                    source,
                    names_of(about.layer, entry.text.strip()),
                    about.coder or None,
                    start_ms=None if about.whole else start,
                    end_ms=None if about.whole else end,
                    speaker=about.speaker,
                )
            )
    project.info["speech"] = spoken
    return project


#: Read the codings of a TextGrid; its stretches of time are laid on the turns' times.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the codings are, where the tier's name does not say it.",
    "codes": 'Names (``"tier = text"``, text or tier) to codes of the codebook, None to leave out.',
    "sessions": "File name to session; unless given, the name says the session.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a file per session: a tier of speech per speaker, then tiers of codings.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    files, untimed = {}, 0
    for talk, rows in by_session(notes, needs_corpus(corpus, "textgrid"), words=False):
        tiers = lay(rows, talk, notes.codebook)
        untimed += tiers.untimed
        said = list(speech(talk).items())
        coded = [
            (t.name, [(s.start_ms, s.end_ms, s.text) for s in t.stretches]) for t in tiers.tiers
        ]
        end = max((e for _, rows in [*said, *coded] for _, e, _ in rows), default=0)
        made = tuple(_tier(name, rows, end) for name, rows in [*said, *coded])
        files[f"{plain_name(talk.session, 'session')}.TextGrid"] = textgrid.write(
            textgrid.TextGrid(0.0, end / 1000, made)
        )
    lost = list(losses(notes, chars=False))
    if untimed:
        lost.append(f"{untimed} annotations on turns without times")
    return Written(files, tuple(lost))


def _tier(name: str, rows: list[tuple[int, int, str]], end: int) -> textgrid.Tier:
    entries = tuple(textgrid.Entry(a / 1000, b / 1000, text) for a, b, text in rows)
    return textgrid.Tier(name, "interval", 0.0, end / 1000, entries)
