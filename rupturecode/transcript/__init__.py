"""Transcripts: turns, marks, roles and units of one session or of a corpus."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rupturecode.transcript.build import finish
    from rupturecode.transcript.corpus import Corpus
    from rupturecode.transcript.draft import Draft
    from rupturecode.transcript.model import Transcript
    from rupturecode.transcript.roles import suggest_roles

_HOME = {
    "Corpus": "corpus",
    "Draft": "draft",
    "Transcript": "model",
    "finish": "build",
    "suggest_roles": "roles",
}
__all__ = ["Corpus", "Draft", "Transcript", "finish", "suggest_roles"]


def __getattr__(name: str) -> object:
    """Import the module a public name lives in on first use: readers need only the draft."""
    if name not in _HOME:
        raise AttributeError(f"module 'rupturecode.transcript' has no attribute {name!r}")
    return getattr(import_module(f"rupturecode.transcript.{_HOME[name]}"), name)
