"""The results of one annotation of Label Studio, each by its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError
from rupturecode.io.exchange.extras import all_extras
from rupturecode.io.exchange.project import Coding
from rupturecode.io.parsers.jsonsafe import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.io.exchange.project import Document, Project

_SPANS = ("labels", "hypertextlabels", "paragraphlabels")
_CHOSEN = ("choices", "taxonomy", "rating", "number")


def take_results(
    project: Project,
    document: Document,
    annotation: dict[str, Any],
    results: list[dict[str, Any]],
    coder: str,
    *,
    ids: dict[str, str],
) -> int:
    """Add the codings and links of an annotation; return how many stand on no text.

    The end of a link that is in another annotation keeps the id it has in the file; ``ids``
    takes up which coding has which of these ids.
    """
    prefix = f"{document.id}.{words(annotation.get('id'))}"
    first: dict[str, str] = {}
    unplaced = 0
    relations = [r for r in results if r.get("type") == "relation"]
    for number, result in enumerate(results):
        if result.get("type") == "relation":
            continue
        found = list(_codings(result, document, f"{prefix}.{number}", project.source))
        unplaced += not found
        for coding in found:
            first.setdefault(words(result.get("id")), coding[1])
            project.codings.append(_made(document, coding, coder, result))
    for result in results:
        start = first.get(words(result.get("id")))
        if start is not None:
            project.links += [(start, first.get(to, to), said) for to, said in _links(result)]
    for written, made in first.items():
        ids.setdefault(written, made)
    for relation in relations:
        ends = [words(relation.get(k)) for k in ("from_id", "to_id")]
        kind = relation.get("labels")
        said = words(kind[0]) if isinstance(kind, list) and kind else ""
        project.links.append((first.get(ends[0], ends[0]), first.get(ends[1], ends[1]), said))
    return unplaced


#: Names of the code, id, value as a cell, and where it stands.
_Found = tuple[tuple[str, ...], str, str, dict[str, Any]]


def _codings(result: dict[str, Any], document: Document, id_: str, source: str) -> Iterator[_Found]:
    kind, value = words(result.get("type")), result.get("value")
    if not isinstance(value, dict) or kind not in (*_SPANS, *_CHOSEN):
        return
    if "start" not in value and {"x", "points", "startTime", "frame"} & set(value):
        return  # a region of a picture
    place = _place(value, document, source)
    question = words(result.get("from_name"))
    said = value.get(kind)
    if kind in ("rating", "number"):
        yield (question,), f"{id_}.0", words(said), place
        return
    for n, one in enumerate(said if isinstance(said, list) else []):
        name = words(one[-1]) if isinstance(one, list) and one else words(one)
        if name:
            names = (name,) if kind in _SPANS else (f"{question} = {name}", name)
            yield names, f"{id_}.{n}", "", place


def _made(document: Document, found: _Found, coder: str, result: dict[str, Any]) -> Coding:
    names, id_, cell, place = found
    meta = result.get("meta")
    about = meta if isinstance(meta, dict) else {}
    said = about.get("text")
    more = all_extras({str(k): words(v) for k, v in about.items()})
    note = " | ".join(map(words, said)) if isinstance(said, list) else words(said)
    return Coding(document.id, names, coder or None, cell=cell, note=note, id=id_, **place, **more)


def _links(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield where links in the meta of a region lead, and what they say."""
    meta = result.get("meta")
    given = meta.get("links") if isinstance(meta, dict) else None
    for link in given if isinstance(given, list) else []:
        if isinstance(link, dict):
            yield words(link.get("to")), words(link.get("relation"))


def _place(value: dict[str, Any], document: Document, source: str) -> dict[str, Any]:
    """Return offsets, within paragraphs where the text is a dialogue, and the quote."""
    if "start" not in value:
        return {}
    quote = words(value.get("text"))
    inside = value.get("globalOffsets")
    if isinstance(inside, dict):
        value = {**value, **inside, "startOffset": None}
    elif value.get("startOffset") is not None and document.paragraphs:
        ends = (_number(value["start"], source), _number(value.get("end"), source))
        start = _number(value["startOffset"], source)
        end = _number(value.get("endOffset"), source)
        return {"start": start, "end": end, "paragraphs": ends, "quote": quote}
    return {
        "start": _number(value["start"], source),
        "end": _number(value.get("end"), source),
        "quote": quote,
    }


def _number(value: object, source: str) -> int:
    """Return a whole number, which may be written as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        return int(value)
    raise ParseError(f"an offset is {str(value)[:40]!r}, which is no whole number", source)
