"""ConvoKit corpora: codes in the ``meta`` of utterances and conversations, keyed by coder.

ConvoKit has neither coders nor spans. Ours stand as
``meta["codes"] = {"AK": {"withdrawal": "x", "quality": {"value": "2", "note": "at last"}}}``, a
span on its first utterance, with how many it takes and its places in the first and the last. In
corpora of others any entry of ``meta`` called annotations, codes, coding or labels is read, a
coder's entry being a mapping, a list or a single name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rupturecode.io.exchange.alignment import align
from rupturecode.io.exchange.convokit_codes import LINKS, OURS, PLAIN, parse
from rupturecode.io.exchange.extras import EXTRAS, extras
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import cell
from rupturecode.io.exchange.page import by_session, needs_corpus, silent
from rupturecode.io.exchange.reading import reader
from rupturecode.io.exchange.zipout import to_zip
from rupturecode.io.parsers.zipsafe import open_zip
from rupturecode.io.transcripts import convokit as transcripts
from rupturecode.io.transcripts.convokit import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus, Transcript

__all__ = ["parse", "read", "sniff", "write"]


#: Read the codes of a zipped corpus, or of its ``utterances.jsonl``.
read = reader(parse)
OPTIONS = {
    "coder": "Not needed: codes are kept by coder.",
    "codes": "Names of codes to codes of the codebook, None to leave out.",
    "sessions": "Conversations (their ``session``, or their id) to sessions.",
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a corpus, zipped, with the codes in the ``meta`` of its utterances and conversations.

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
    ties: dict[str, list[dict[str, str]]] = {}
    for row in notes.links.to_dict("records"):
        link = {k: str(row[k]) for k in ("from", "to", "relation")}
        ties.setdefault(str(row["session"]), []).append(link)
    [lines] = [n for n in members if n.endswith("utterances.jsonl")]
    [talks] = [n for n in members if n.endswith("conversations.json")]
    conversations = json.loads(members[talks])
    said = [json.loads(line) for line in members[lines].decode().split("\n") if line]
    texts = {
        (conversations[r["conversation_id"]]["meta"]["session"], r["meta"]["turn"]): r["text"]
        for r in said
    }
    turns, sessions = _by_place(notes, corpus, texts)
    for record in said:
        session = conversations[record["conversation_id"]]["meta"]["session"]
        if (session, record["meta"]["turn"]) in turns:
            record["meta"][OURS] = turns[session, record["meta"]["turn"]]
    for about in conversations.values():
        if about["meta"]["session"] in sessions:
            about["meta"][OURS] = sessions[about["meta"]["session"]]
        if about["meta"]["session"] in ties:
            about["meta"][LINKS] = ties[about["meta"]["session"]]
    members[lines] = "".join(f"{json.dumps(r)}\n" for r in said).encode()
    members[talks] = json.dumps(conversations).encode()
    lost = [*losses(notes, holds=("note", "links", *EXTRAS)), *silent(notes)]
    return Written({"corpus.zip": to_zip(members)}, tuple(lost))


#: By coder and code what is given: a value, or more in a mapping; several in a list.
_Codes = dict[str, dict[str, Any]]


def _by_place(
    notes: Annotations, corpus: Corpus, texts: Mapping[tuple[str, int], str]
) -> tuple[dict[tuple[str, int], _Codes], dict[str, _Codes]]:
    """Return the codes that begin on each turn, and those of sessions, by coder."""
    turns: dict[tuple[str, int], _Codes] = {}
    sessions: dict[str, _Codes] = {}
    linked = {str(end) for column in ("from", "to") for end in notes.links[column]}
    every = ((talk, row) for talk, rows in by_session(notes, corpus) for row in rows)
    for talk, row in every:
        session = talk.session
        if row["kind"] == "session":
            place = sessions.setdefault(session, {})
        else:
            place = turns.setdefault((session, int(row["first_turn"])), {})
        given = place.setdefault(str(row["coder"]), {})
        code, entry = str(row["code"]), _entry(row, notes, linked, _ends(row, talk, texts))
        if code not in given:
            given[code] = entry
        elif isinstance(given[code], list):
            given[code].append(entry)
        else:
            given[code] = [given[code], entry]
    return turns, sessions


def _ends(
    row: Mapping[str, Any], talk: Transcript, texts: Mapping[tuple[str, int], str]
) -> dict[str, int]:
    """Return the places in the first and last utterance, whose text may not be the turn's."""
    found: dict[str, int] = {}
    for key, turn in (("start_char", row["first_turn"]), ("end_char", row["last_turn"])):
        if row["kind"] == "session" or pd.isna(row[key]):
            continue
        words = talk.turns.loc[talk.turns["turn"] == turn, "text"].iloc[0]
        inside = align(texts[talk.session, int(turn)], [words]).char
        if key == "start_char":
            hits = np.flatnonzero(inside >= int(row[key]))[:1]
        else:
            hits = np.flatnonzero((inside >= 0) & (inside < int(row[key])))[-1:] + 1
        if len(hits):
            found[key] = int(hits[0])
    return found


def _entry(
    row: Mapping[str, Any], notes: Annotations, linked: set[str], ends: Mapping[str, int]
) -> str | dict[str, Any]:
    """Return a value, or a mapping where there is more to say."""
    said = cell(row, notes.codebook) or PLAIN
    more: dict[str, Any] = dict(extras(row))
    if isinstance(row["note"], str) and row["note"]:
        more["note"] = row["note"]
    if str(row["id"]) in linked:
        more["id"] = str(row["id"])
    if row["kind"] != "session":
        n = int(row["last_turn"]) - int(row["first_turn"]) + 1
        more |= {"utterances": n} if n > 1 else {}
        more |= ends
    return {"value": said, **more} if more else said
