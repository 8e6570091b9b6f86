"""The codes in the ``meta`` of a ConvoKit corpus, ours and those of others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.extras import all_extras
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.jsonsafe import words
from rupturecode.io.parsers.surrogates import whole
from rupturecode.io.transcripts.convokit import conversations_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEYS = ("codes", "annotations", "coding", "codings", "labels")
OURS, LINKS = "codes", "code_links"
PLAIN = "x"


def parse(data: bytes, *, source: str) -> Project:
    """Read the codes of all utterances and conversations.

    Raises
    ------
    ParseError
        With the line, where an utterance is malformed.
    """
    project = Project("convokit", source)
    talks: dict[str, list[_Said]] = {}
    utterances, conversations = conversations_of(data, source=source)
    for line, utterance in utterances:
        talk = words(utterance.get("conversation_id")) or words(utterance.get("root"))
        before = talks.setdefault(talk, [])
        start = before[-1].end + 1 if before else 0
        number = words(utterance.get("id")) or str(line)
        text = whole(words(utterance.get("text")))
        before.append(_Said(number, text, start, utterance.get("meta"), line))
    for talk, said in talks.items():
        text = "\n".join(one.text for one in said)
        for at, one in enumerate(said):
            for order, given in enumerate(_codes(one.meta)):
                id_ = given.id or f"{one.id}.{order}"
                made = given.coding(talk, id_, one.line)
                start, end = given.places(said[at : at + given.utterances])
                project.codings.append(replace(made, start=start, end=end, quote=text[start:end]))
        about = conversations.get(talk, {})
        meta = about.get("meta", about) if isinstance(about, dict) else {}
        session = words(meta.get("session")) if isinstance(meta, dict) else ""
        project.documents.append(Document(talk, session or talk, text))
        for order, given in enumerate(_codes(meta)):
            project.codings.append(given.coding(talk, given.id or f"all {talk}.{order}", None))
        project.links += _links(meta)
    project.info = {"utterances": sum(map(len, talks.values())), "conversations": len(talks)}
    return project


@dataclass(frozen=True, slots=True)
class _Said:
    """An utterance, and where it begins in the whole conversation."""

    id: str
    text: str
    start: int
    meta: object
    line: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class _Given:
    """One code as a ``meta`` has it."""

    names: tuple[str, ...]
    value: str
    coder: str
    about: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"={self.about['id']}" if "id" in self.about else ""

    @property
    def utterances(self) -> int:
        n = self.about.get("utterances")
        return n if isinstance(n, int) and n > 0 else 1

    def places(self, said: list[_Said]) -> tuple[int, int]:
        """Return where it begins and ends in the whole conversation."""
        start, end = self.about.get("start_char"), self.about.get("end_char")
        low, last = said[0].start, said[-1]
        return (
            low + start if isinstance(start, int) and start >= 0 else low,
            last.start + end if isinstance(end, int) and end >= 0 else last.end,
        )

    def coding(self, talk: str, id_: str, line: int | None) -> Coding:
        more = all_extras({k: words(v) for k, v in self.about.items()})
        note = words(self.about.get("note"))
        return Coding(
            talk, self.names, self.coder, cell=self.value, note=note, id=id_, line=line, **more
        )


def _codes(meta: object) -> Iterator[_Given]:
    """Yield every code in a ``meta``."""
    found = meta if isinstance(meta, dict) else {}
    for key in _KEYS:
        by_coder = found.get(key)
        for coder, given in by_coder.items() if isinstance(by_coder, dict) else ():
            if isinstance(given, dict):
                for name, values in given.items():
                    for value in values if isinstance(values, list) else [values]:
                        about = value if isinstance(value, dict) else {"value": value}
                        said = about.get("value", True)
                        cell = PLAIN if said is True else words(said)
                        yield _Given((str(name),), cell, str(coder), about)
            else:
                for name in given if isinstance(given, list) else [given]:
                    if words(name):
                        names = (f"{key} = {words(name)}", words(name))
                        yield _Given(names, "", str(coder), {})


def _links(meta: object) -> Iterator[tuple[str, str, str]]:
    """Yield our links between codes."""
    found = meta.get(LINKS) if isinstance(meta, dict) else None
    for link in found if isinstance(found, list) else []:
        if isinstance(link, dict):
            ends = (f"={words(link.get(k))}" for k in ("from", "to"))
            yield (*ends, words(link.get("relation")))  # type: ignore[misc]
