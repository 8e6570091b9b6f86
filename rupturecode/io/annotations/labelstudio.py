"""Label Studio (JSON): labels on text, paragraphs and whole tasks, read and written.

Offsets count UTF-16 units, as browsers do; in dialogues they count inside paragraphs.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.counting import Count, Source
from rupturecode.io.exchange.extras import EXTRAS, extras
from rupturecode.io.exchange.label_results import take_results
from rupturecode.io.exchange.losses import Written, losses, whole_sessions
from rupturecode.io.exchange.naming import name
from rupturecode.io.exchange.page import Page, by_session, needs_corpus, silent
from rupturecode.io.exchange.project import Document, Project
from rupturecode.io.exchange.reading import reader
from rupturecode.io.parsers.jsonsafe import parse_json, records, words
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.surrogates import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_SIGNS = (re.compile(r'"annotations"\s*:\s*\['), re.compile(r'"(?:data|result)"\s*:'))


def sniff(head: bytes, name: str) -> bool:
    """Whether these are tasks of Label Studio."""
    del name
    text = preview(head)
    return text.lstrip().startswith("[") and all(sign.search(text) for sign in _SIGNS)


def parse(data: bytes, *, source: str) -> Project:
    """Read all tasks with the annotations that were submitted.

    Raises
    ------
    ParseError
        When the file is malformed or is not Label Studio's full JSON export.
    """
    content = parse_json(data, source=source)
    tasks = records(content, "tasks", source)
    project = Project("labelstudio", source, unit="UTF-16 units")
    skipped = predicted = unplaced = n_annotations = 0
    types: set[str] = set()
    ids: dict[str, str] = {}
    for number, task in enumerate(tasks, start=1):
        if not isinstance(task.get("data"), dict):
            raise ParseError(
                f"task {number} has no 'data'; export as JSON, not JSON-MIN, which drops coders",
                source,
            )
        document = _document(task, number)
        project.documents.append(document)
        predicted += len(records(task.get("predictions"), "predictions", source))
        for annotation in records(task.get("annotations"), "annotations", source):
            n_annotations += 1
            if annotation.get("was_cancelled"):
                skipped += 1
                continue
            coder = _coder(annotation.get("completed_by"))
            project.examined.append((document.id, coder))
            results = records(annotation.get("result"), "results", source)
            types |= {words(r.get("type")) for r in results} - {"relation"}
            unplaced += take_results(project, document, annotation, results, coder, ids=ids)
    made = {coding.id for coding in project.codings}
    project.links = [(a, b if b in made else ids.get(b, b), said) for a, b, said in project.links]
    for n, what in (
        (skipped, "skipped annotations were not read"),
        (predicted, "predictions of models were not read"),
        (unplaced, "regions of pictures, sounds or chats were not read"),
    ):
        if n:
            project.warnings.append(f"{n} {what}")
    project.info = {
        "tasks": len(tasks),
        "annotations": n_annotations,
        "types": sorted(types),
        "unplaced": unplaced,
    }
    return project


def _coder(who: object) -> str:
    if isinstance(who, dict):
        return words(who.get("email")) or words(who.get("username")) or words(who.get("id"))
    return words(who)


def _document(task: dict[str, Any], number: int) -> Document:
    """Take a task's text: a dialogue's paragraphs one per line, or its longest text."""
    about = task["data"]
    id_ = words(task.get("id")) or str(number)
    names = (words(about.get(k)) for k in ("session", "name", "filename"))
    title = next(filter(None, names), "") or words(task.get("file_upload")) or id_
    dialogue = next((v for v in about.values() if _is_dialogue(v)), None)
    turn = about.get("turn")
    session = words(about.get("session")) or None
    if dialogue is not None:
        lines = [whole(str(p.get("text") or p.get("content") or "")) for p in dialogue]
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        return Document(id_, title, "\n".join(lines), tuple(starts), session)
    texts = [whole(v) for k, v in about.items() if isinstance(v, str) and k != "session"]
    text = max(texts, key=len, default=None)
    return Document(id_, title, text, session=session, turn=turn if isinstance(turn, int) else None)


def _is_dialogue(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(p, dict) and ("text" in p or "content" in p) for p in value)
    )


#: Read the annotations of tasks; who submitted one has examined all of its text.
read = reader(parse)
OPTIONS = {
    "coder": "Whose the annotations are that name nobody.",
    "codes": (
        'Labels, choices (``"question = choice"`` or the choice) and ratings to codes, None '
        "to leave out."
    ),
    "sessions": (
        "Names of tasks (``session``, ``name`` or ``filename`` in their data, the file "
        "uploaded, or their id) to sessions. A task is a session, or with ``turn`` in its "
        "data a turn."
    ),
}


def write(notes: Annotations, *, corpus: Corpus | None = None) -> Written:
    """Write a task per session, with an annotation for each coder who examined it.

    Values go into the labels' names (``quality = 2``), notes into the regions' meta text, and
    round, evidence, confidence and links to another session beside it: a relation of Label
    Studio's own stays within a task.

    Raises
    ------
    UsageError
        Without a corpus.
    """
    corpus = needs_corpus(corpus, "labelstudio")
    saw = set(notes.coverage[["session", "coder"]].itertuples(index=False, name=None))
    tasks = []
    for number, (talk, rows) in enumerate(by_session(notes, corpus), start=1):
        page = Page.of(talk)
        edges = Count("UTF-16 units").edges(Source(page.text, bom=False, returns=()))
        annotations = []
        for n, coder in enumerate(notes.coders, start=1):
            if (talk.session, coder) not in saw:
                continue
            mine = [r for r in rows if r["coder"] == coder]
            here, away = _links(notes, {str(r["id"]) for r in mine})
            results = [_result(r, page, edges, notes.codebook, away) for r in mine]
            results += [_relation(*link) for link in here]
            annotations.append(
                {"id": number * 1000 + n, "completed_by": {"id": n, "email": coder},
                 "was_cancelled": False, "result": results}
            )  # fmt: skip
        data = {"session": talk.session, "text": page.text}
        tasks.append({"id": number, "data": data, "annotations": annotations})
    body = json.dumps(tasks, ensure_ascii=False, indent=1).encode()
    holds = ["note", "links", *EXTRAS, *(["coverage"] if whole_sessions(notes) else [])]
    return Written({"tasks.json": body}, (*losses(notes, holds=holds), *silent(notes)))


def _result(
    row: Mapping[str, Any],
    page: Page,
    edges: Any,  # noqa: ANN401 - an array
    book: Codebook,
    away: Mapping[str, list[_Link]],
) -> dict[str, Any]:
    made: dict[str, Any] = {"id": str(row["id"]), "origin": "manual", "to_name": "text"}
    meta: dict[str, Any] = {**extras(row)}
    if isinstance(row["note"], str) and row["note"]:
        meta["text"] = [row["note"]]
    if str(row["id"]) in away:
        meta["links"] = [{"to": to, "relation": said} for _, to, said in away[str(row["id"])]]
    if meta:
        made["meta"] = meta
    if row["kind"] == "session":
        value: dict[str, Any] = {"choices": [name(row, book)]}
        return {**made, "from_name": "session", "type": "choices", "value": value}
    start, end = page.stretch(row)
    value = {
        "start": int(edges[start]),
        "end": int(edges[end]),
        "text": page.text[start:end],
        "labels": [name(row, book)],
    }
    return {**made, "from_name": "codes", "type": "labels", "value": value}


_Link = tuple[str, str, str]


def _links(notes: Annotations, ids: set[str]) -> tuple[list[_Link], dict[str, list[_Link]]]:
    """Return the links from some annotations: those among them, and by source those elsewhere."""
    here: list[_Link] = []
    away: dict[str, list[_Link]] = {}
    for link in notes.links[["from", "to", "relation"]].itertuples(index=False, name=None):
        if link[0] in ids and link[1] in ids:
            here.append(link)
        elif link[0] in ids:
            away.setdefault(link[0], []).append(link)
    return here, away


def _relation(source: str, target: str, said: str) -> dict[str, Any]:
    ends = {"from_id": source, "to_id": target}
    return {"type": "relation", **ends, "direction": "right", "labels": [said]}
