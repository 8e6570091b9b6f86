"""GSEQ (SDIS, ``.sds``): event sequences, read where there is one code for every turn.

A sequence has neither turns nor coder. It can be laid on a session only when it has as many
codes as the session has turns; :func:`rupturecode.sequences.to_sds` writes sequences.

References
----------
Bakeman, R. & Quera, V. (2011). Sequential Analysis and Observational Methods, ch. 7.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.preview import preview

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_COMMENT = re.compile(r"%[^%]*%")
_KIND = re.compile(r"\s*(Event|Timed|State|Interval|Multievent)\b([^;]*);", re.IGNORECASE)
_PIECE = re.compile(r"<([^>]*)>|\(([^)]*)\)|([/;])|([^\s<>()/;]+)")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a file of SDIS."""
    del name
    return _KIND.match(_COMMENT.sub(" ", preview(head))) is not None


def parse(data: bytes, *, source: str) -> Project:
    """Read event sequences, one per label.

    Raises
    ------
    ParseError
        When the file is no SDIS, or its sequences are not of events.
    """
    text = _COMMENT.sub(" ", decode(data, source=source).text)
    kind = _KIND.match(text)
    if kind is None:
        raise ParseError("no SDIS file: it must begin with 'Event ...;'", source, 1)
    if kind[1].casefold() != "event":
        raise ParseError(f"{kind[1]} sequences have no turns; only Event ones are read", source, 1)
    project = Project("gseq", source)
    label = ""
    sequences: dict[str, list[tuple[str, int]]] = {}
    for piece in _PIECE.finditer(text, kind.end()):
        named, condition, _, code = piece.groups()
        if named is not None:
            label = named.strip()
            sequences.setdefault(label, [])
        elif code is not None:
            line = text.count("\n", 0, piece.start()) + 1
            sequences.setdefault(label, []).append((code, line))
        elif condition is not None:
            project.info["conditions"] = True
    for name, codes in sequences.items():
        project.documents.append(Document(name, name, n_turns=len(codes)))
        for turn, (code, line) in enumerate(codes, start=1):
            project.codings.append(
                Coding(name, (code,), first_turn=turn, id=f"{name}.{turn}", line=line)
            )
    project.info |= {"sequences": len(sequences), "events": len(project.codings)}
    return project


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
    """Read sequences that have one code for every turn of their session.

    Parameters
    ----------
    data, source
        The file and its name.
    codebook, corpus
        What it is about.
    coder
        Whose coding it is; the file does not say it.
    codes
        Codes of the file to codes of the codebook; None for the one that means "nothing".
    sessions
        Labels of sequences to sessions.

    Raises
    ------
    ParseError
        When the file is no SDIS, or its sequences are not of events.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
