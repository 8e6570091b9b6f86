"""doccano (JSON Lines): labels on documents and on stretches of them, read and written.

Three generations are read: ``annotations`` with user and label number, ``labels`` as
triples, and the newer files per user with ``label``, ``entities`` and ``relations``.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.losses import Written, losses
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, plain_name, silent
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.jsonsafe import parse_json, words
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.surrogates import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

_TEXT = re.compile(r'^\s*\{[^\n]*"(?:text|data)"\s*:')
_LABELS = re.compile(r'"(?:annotations|labels?|entities|cats)"\s*:\s*\[')


def sniff(head: bytes, name: str) -> bool:
    """Whether this is an export of doccano."""
    del name
    line = preview(head).lstrip().partition("\n")[0]
    return bool(_TEXT.match(line) and _LABELS.search(line)) and '"conversation_id"' not in line


def parse(data: bytes, *, source: str) -> Project:
    """Read all documents with their labels.

    Raises
    ------
    ParseError
        With the line, where one is no JSON object with a text.
    """
    project = Project("doccano", source)
    free, newer = 0, False
    for line, record in _records(data, source):
        shown = record.get("text", record.get("data"))
        newer |= "entities" in record or "label" in record
        if not isinstance(shown, str):
            raise ParseError("a document without a text", source, line)
        meta = record.get("meta") if isinstance(record.get("meta"), dict) else {}
        about = {**record, **(meta or {})}
        id_ = words(record.get("id")) or str(line)
        title = next((words(about[k]) for k in ("name", "filename", "session") if k in about), id_)
        turn = about.get("turn")
        project.documents.append(
            Document(
                id_,
                title,
                whole(shown),
                session=words(about.get("session")) or None,
                turn=turn if isinstance(turn, int) else None,
            )
        )
        for coding in _codings(record, id_, line, source):
            if coding is None:
                free += 1
            else:
                project.codings.append(coding)
    if free:
        project.warnings.append(f"{free} free texts (translations, summaries) were not read")
    users = {c.coder for c in project.codings if c.coder}
    project.info = {"documents": len(project.documents), "free": free, "users": sorted(users)}
    project.info["user"] = _user(source) if newer else ""
    return project


def _user(source: str) -> str:
    """Newer exports are a file per user, called after them."""
    stem = PurePath(source).stem
    return "" if stem in ("all", "unknown") else stem


def _records(data: bytes, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield objects by line, of JSON Lines or of one list."""
    text = decode(data, source=source).text
    items: list[tuple[int, Any]]
    if text.lstrip().startswith("["):
        items = list(enumerate(parse_json(data, source=source), start=1))
    else:
        lines = [(n, x) for n, x in enumerate(text.split("\n"), start=1) if x.strip()]
        items = [(n, parse_json(x.encode(), source=f"{source}:{n}")) for n, x in lines]
    for number, item in items:
        if not isinstance(item, dict):
            raise ParseError("expected an object with a document's text", source, number)
        yield number, item


def _codings(record: dict[str, Any], id_: str, line: int, source: str) -> Iterator[Coding | None]:
    """Yield the labels of a document, of whatever generation; None for a free text."""
    notes = " | ".join(filter(None, map(words, _list(record, "Comments"))))
    for old in _list(record, "annotations"):
        user = words(old.get("user")) or None if isinstance(old, dict) else None
        if not isinstance(old, dict) or "label" not in old:
            yield None
            continue
        yield _coding(id_, old.get("label"), old, line, source, coder=user)
    for new in _list(record, "entities"):
        if isinstance(new, dict):
            yield _coding(id_, new.get("label"), new, line, source, id_of=words(new.get("id")))
    for key in ("labels", "label", "cats"):
        for item in _list(record, key):
            if isinstance(item, list) and len(item) >= 3:
                place = {"start_offset": item[0], "end_offset": item[1]}
                yield _coding(id_, item[2], place, line, source)
            elif isinstance(item, str | int):
                yield _coding(id_, item, {}, line, source, note=notes)


def _list(record: dict[str, Any], key: str) -> list[Any]:
    found = record.get(key)
    return found if isinstance(found, list) else []


def _coding(
    document: str,
    label: object,
    place: dict[str, Any],
    line: int,
    source: str,
    *,
    coder: str | None = None,
    id_of: str = "",
    note: str = "",
) -> Coding:
    start, end = place.get("start_offset"), place.get("end_offset")
    for number in (start, end):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
            raise ParseError(f"offset {str(number)[:40]!r} is no whole number", source, line)
    who = coder or words(place.get("user")) or None
    return Coding(
        document,
        (words(label),),
        who,
        start,
        end,
        note=note or words(place.get("note")),
        id=f"{document}.{id_of}" if id_of else "",
        line=line,
    )


#: Read the labels of a doccano export.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the labels are; newer exports have a file per user, called after them.",
    "codes": "Labels (names, or the numbers of older exports as text) to codes, None to leave out.",
    "sessions": (
        "Names or ids of documents to sessions. A document is a session, or with ``turn`` in "
        "its metadata a turn."
    ),
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a file per coder with every session they examined as one document.

    Values go into the labels' names (``quality = 2``); offsets are code points.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "doccano")
    files: dict[str, list[str]] = {coder: [] for coder in notes.coders}
    for coder in notes.coders:
        for talk, rows in by_session(notes.only(coder=coder), corpus):
            page = Page.of(talk)
            record = {"id": len(files[coder]) + 1, "text": page.text, "session": talk.session}
            spans = [r for r in rows if r["kind"] != "session"]
            record["entities"] = [
                {
                    "id": number,
                    "label": name(row, notes.codebook),
                    "start_offset": page.stretch(row)[0],
                    "end_offset": page.stretch(row)[1],
                }
                for number, row in enumerate(spans, start=1)
            ]
            record["label"] = [name(r, notes.codebook) for r in rows if r["kind"] == "session"]
            files[coder].append(json.dumps(record, ensure_ascii=False))
    made = {
        f"{plain_name(coder, 'coder')}.jsonl": ("\n".join(x) + "\n").encode()
        for coder, x in files.items()
        if x
    }
    return Written(made, (*losses(notes), *silent(notes)))
