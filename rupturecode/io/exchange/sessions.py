"""Which session a tool's document is: by what the user says, by name, or by its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from rupturecode.errors import nearest
from rupturecode.io.exchange.alignment import align

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.io.exchange.project import Document
    from rupturecode.transcript import Corpus

#: Share of a session's words that a document must have to be taken for it unnamed.
_ENOUGH = 0.9


@dataclass(slots=True)
class Sessions:
    """Finds the sessions of a corpus that a tool's documents are."""

    corpus: Corpus
    mapping: Mapping[str, str] = field(default_factory=dict)

    def of(self, document: Document) -> tuple[str | None, str]:
        """Return the session, or None and why there is none."""
        for name in (document.session, self.mapping.get(document.name)):
            if name is not None and name in self.corpus:
                return name, ""
            if name is not None:
                known = [t.session for t in self.corpus]
                return None, f"there is no session {name!r}.{nearest(name, known)}"
        named = self._named(document.name)
        if len(named) == 1:
            return named[0], ""
        if document.text:
            alike = [t.session for t in self.corpus if self._holds(document.text, t.session)]
            if len(alike) == 1:
                return alike[0], ""
        near = nearest(document.name, [t.session for t in self.corpus])
        return None, f"document {document.name!r} is no session by name or by its words.{near}"

    def _named(self, name: str) -> list[str]:
        wanted = {name.casefold(), _stem(name)}
        return [
            t.session
            for t in self.corpus
            if {t.session.casefold(), _stem(t.source)} & wanted - {""}
        ]

    def _holds(self, text: str, session: str) -> bool:
        turns = self.corpus[session].turns["text"].tolist()
        return bool(turns) and align(text, turns).share >= _ENOUGH


def _stem(name: str) -> str:
    path = PurePath(name.replace("\\", "/"))
    return path.stem.casefold()
