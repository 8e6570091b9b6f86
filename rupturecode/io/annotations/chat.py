r"""CHAT (``.cha``): codes on dependent tiers, ``%cod: $code $code=value``.

CHAT has no coders: each gets a tier of their own, ``%x`` and their name (``%xAK``), which
is how CHAT lets users add tiers. In values, underscores stand for spaces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import UsageError
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import by_session, needs_corpus, plain_name, silent
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.parsers import chat
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.transcripts import chat as transcripts
from rupturecode.io.transcripts.chat import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus, Transcript

__all__ = ["parse", "read", "sniff", "write"]
_POSTCODE = re.compile(r"\[\+ ([^\]]+)\]")
_TIER_NAME = re.compile(r"[^\s:*@%]{1,30}")


def parse(data: bytes, *, source: str) -> Project:
    """Read ``%cod`` and ``%x...`` tiers that hold ``$`` codes, and postcodes.

    Raises
    ------
    ParseError
        With the line, where it is neither header, tier nor continuation.
    """
    found = chat.parse(decode(data, source=source).text, source=source)
    texts = [u.text for u in found.utterances]
    project = Project("chat", source, [Document(source, source, "\n".join(texts))])
    at = 0
    for number, utterance in enumerate(found.utterances, start=1):
        ends = (at, at + len(utterance.text))
        at = ends[1] + 1
        for order, (names, coder) in enumerate(_codes(utterance)):
            project.codings.append(
                Coding(
                    source, names, coder or None, *ends, quote=utterance.text,
                    id=f"{number}.{order}", line=utterance.line,
                )
            )  # fmt: skip
    tiers = sorted({t for u in found.utterances for t, _ in u.tiers})
    project.info = {"utterances": len(texts), "tiers": tiers}
    return project


def _codes(utterance: chat.Utterance) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield names and coder of every code on an utterance."""
    for tier, text in utterance.tiers:
        if tier != "cod" and not tier.startswith("x"):
            continue
        coder = tier[1:] if tier.startswith("x") else ""
        for token in text.split():
            if token.startswith("$") and len(token) > 1:
                yield _names(token[1:]), coder
    for code in _POSTCODE.findall(utterance.text):
        yield (code.strip(),), ""


def _names(token: str) -> tuple[str, ...]:
    """Return what a code may be called: as a whole, its last part, with spaces for ``_``.

    Examples
    --------
    >>> _names("WDR:denial"), _names("manner=soft_spoken")
    (('WDR:denial', 'denial'), ('manner = soft_spoken', 'manner = soft spoken'))
    """
    code, sign, value = token.partition("=")
    names = dict.fromkeys([code, code.rpartition(":")[2]])
    if not sign:
        return tuple(names)
    values = dict.fromkeys([value, value.replace("_", " ")])
    return tuple(f"{n} = {v}" for n in names for v in values)


#: Read the codes of a CHAT file; they stand on the utterance above them.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the codes on ``%cod`` and the postcodes are; ``%x`` tiers name their coder.",
    "codes": (
        "Codes without the ``$`` (the whole, or the part after the last ``:``) to codes of "
        "the codebook, None to leave out."
    ),
    "sessions": "File name to session; unless given, the name says the session.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a file per session with a tier ``%x<coder>`` under every turn that was coded.

    Raises
    ------
    UsageError
        Without a corpus, or when a coder's name cannot name a tier.
    """
    corpus = needs_corpus(corpus, "chat")
    for coder in notes.coders:
        if not _TIER_NAME.fullmatch(coder):
            raise UsageError(
                f"coder {coder!r} cannot name a CHAT tier: no spaces, ':', '*', '@' or '%'"
            )
    files, elsewhere = {}, 0
    for talk, rows in by_session(notes, corpus):
        turns = [r for r in rows if r["kind"] == "turn"]
        elsewhere += len(rows) - len(turns)
        files[f"{plain_name(talk.session, 'session')}.cha"] = _file(talk, turns, notes.codebook)
    lost = [*losses(notes, spans=False), *silent(notes)]
    if elsewhere:
        lost.append(f"{elsewhere} annotations that do not stand on one turn")
    return Written(files, tuple(lost))


def _file(talk: Transcript, rows: list[dict[str, Any]], book: Codebook) -> bytes:
    plain = chat.parse(transcripts.write(talk).decode(), source=talk.session)
    by_turn: dict[int, dict[str, list[str]]] = {}
    for row in rows:
        said = "_".join(cell(row, book).split())
        token = f"${row['code']}={said}" if said else f"${row['code']}"
        by_turn.setdefault(int(row["unit"]), {}).setdefault(str(row["coder"]), []).append(token)
    coded = [
        chat.Utterance(
            u.speaker,
            u.text,
            u.start_ms,
            u.end_ms,
            tuple((f"x{who}", " ".join(t)) for who, t in sorted(by_turn.get(n, {}).items())),
        )
        for n, u in zip(talk.turns["turn"], plain.utterances, strict=True)
    ]
    return chat.write(chat.Chat(plain.headers, tuple(coded)))
