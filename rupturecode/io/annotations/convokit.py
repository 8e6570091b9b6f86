"""ConvoKit corpora: codes in the ``meta`` of utterances and conversations, keyed by coder.

ConvoKit has no coders and no spans. Ours stand as
``meta["codes"] = {"AK": {"withdrawal": "x", "quality": "2"}}``; in corpora of others any
entry of ``meta`` called annotations, codes, coding or labels is read, a coder's entry being
a mapping, a list or a single name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import by_session, needs_corpus, silent
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.zipout import to_zip
from rupturecode.io.parsers.jsonsafe import words
from rupturecode.io.parsers.surrogates import whole
from rupturecode.io.parsers.zipsafe import open_zip
from rupturecode.io.transcripts import convokit as transcripts
from rupturecode.io.transcripts.convokit import conversations_of, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

__all__ = ["parse", "read", "sniff", "write"]
_KEYS = ("codes", "annotations", "coding", "codings", "labels")
_OURS = "codes"
PLAIN = "x"


def parse(data: bytes, *, source: str) -> Project:
    """Read the codes of all utterances and conversations.

    Raises
    ------
    ParseError
        With the line, where an utterance is malformed.
    """
    project = Project("convokit", source)
    texts: dict[str, list[str]] = {}
    lengths: dict[str, int] = {}
    utterances, conversations = conversations_of(data, source=source)
    for line, utterance in utterances:
        talk = words(utterance.get("conversation_id")) or words(utterance.get("root"))
        text = whole(words(utterance.get("text")))
        start = lengths.get(talk, 0)
        texts.setdefault(talk, []).append(text)
        lengths[talk] = start + len(text) + 1
        number = words(utterance.get("id")) or str(line)
        for order, (names, said, coder) in enumerate(_codes(utterance.get("meta"))):
            project.codings.append(
                Coding(
                    talk, names, coder, start, start + len(text), quote=text, cell=said,
                    id=f"{number}.{order}", line=line,
                )
            )  # fmt: skip
    for talk, lines in texts.items():
        about = conversations.get(talk, {})
        meta = about.get("meta", about) if isinstance(about, dict) else {}
        session = words(meta.get("session")) if isinstance(meta, dict) else ""
        project.documents.append(Document(talk, session or talk, "\n".join(lines)))
        for order, (names, value, coder) in enumerate(_codes(meta)):
            project.codings.append(Coding(talk, names, coder, cell=value, id=f"all {talk}.{order}"))
    project.info = {"utterances": sum(map(len, texts.values())), "conversations": len(texts)}
    return project


def _codes(meta: object) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield names, value and coder of every code in a ``meta``."""
    found = meta if isinstance(meta, dict) else {}
    for key in _KEYS:
        by_coder = found.get(key)
        for coder, given in by_coder.items() if isinstance(by_coder, dict) else ():
            if isinstance(given, dict):
                for name, value in given.items():
                    said = PLAIN if value is True else words(value)
                    yield (str(name),), said, str(coder)
            else:
                for name in given if isinstance(given, list) else [given]:
                    if words(name):
                        yield (f"{key} = {words(name)}", words(name)), "", str(coder)


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
    """Read the codes of a zipped corpus, or of its ``utterances.jsonl``.

    Parameters
    ----------
    data, source
        The file and its name.
    codebook, corpus
        What it is about.
    coder
        Not needed: codes are kept by coder.
    codes
        Names of codes to codes of the codebook, None to leave out.
    sessions
        Conversations (their ``session``, or their id) to sessions.

    Raises
    ------
    ParseError
        With the line, where an utterance is malformed.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a corpus, zipped, with the codes of turns and sessions in its ``meta``.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "convokit")
    archive = open_zip(
        transcripts.write([talk for talk, _ in by_session(notes, corpus)]), source="corpus"
    )
    members = {name: archive.read(name) for name in archive.names}
    turns, sessions, elsewhere = _by_place(notes, corpus)
    [lines] = [n for n in members if n.endswith("utterances.jsonl")]
    [talks] = [n for n in members if n.endswith("conversations.json")]
    conversations = json.loads(members[talks])
    said = [json.loads(line) for line in members[lines].decode().splitlines() if line]
    for record in said:
        session = conversations[record["conversation_id"]]["meta"]["session"]
        if (session, record["meta"]["turn"]) in turns:
            record["meta"][_OURS] = turns[session, record["meta"]["turn"]]
    for about in conversations.values():
        if about["meta"]["session"] in sessions:
            about["meta"][_OURS] = sessions[about["meta"]["session"]]
    members[lines] = "".join(f"{json.dumps(r)}\n" for r in said).encode()
    members[talks] = json.dumps(conversations).encode()
    lost = [*losses(notes, spans=False), *silent(notes)]
    if elsewhere:
        lost.append(f"{elsewhere} annotations that stand neither on one turn nor on a session")
    return Written({"corpus.zip": to_zip(members)}, tuple(lost))


_Codes = dict[str, dict[str, str]]


def _by_place(
    notes: Annotations, corpus: Corpus
) -> tuple[dict[tuple[str, int], _Codes], dict[str, _Codes], int]:
    """Return the codes of turns and of sessions, by coder; and how many stand elsewhere."""
    turns: dict[tuple[str, int], _Codes] = {}
    sessions: dict[str, _Codes] = {}
    elsewhere = 0
    for row in (row for _, rows in by_session(notes, corpus) for row in rows):
        session = str(row["session"])
        if row["kind"] == "turn":
            place = turns.setdefault((session, int(row["unit"])), {})
        elif row["kind"] == "session":
            place = sessions.setdefault(session, {})
        else:
            elsewhere += 1
            continue
        said = cell(row, notes.codebook) or PLAIN
        place.setdefault(str(row["coder"]), {})[str(row["code"])] = said
    return turns, sessions, elsewhere
