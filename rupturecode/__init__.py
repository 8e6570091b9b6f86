"""rupturecode: code alliance ruptures in psychotherapy transcripts.

Use it as ``import rupturecode as rc``. Every public name is loaded on first use, so the
import itself is light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rupturecode import errors, io, plots, reliability, report, sequences, tables, text
    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook, codebooks, compare_codebooks
    from rupturecode.io import (
        formats,
        load_codebook,
        read_annotations,
        read_corpus,
        read_transcript,
    )
    from rupturecode.sequences import EpisodeRule
    from rupturecode.study import open_study
    from rupturecode.transcript import Corpus, Transcript

__version__ = "0.1.0"

_ROOMS = ("errors", "io", "plots", "reliability", "report", "sequences", "tables", "text")
_HOME = {
    "Annotations": "annotation",
    "Codebook": "codebook",
    "Corpus": "transcript",
    "EpisodeRule": "sequences",
    "Transcript": "transcript",
    "codebooks": "codebook",
    "compare_codebooks": "codebook",
    "formats": "io",
    "load_codebook": "io",
    "open_study": "study",
    "read_annotations": "io",
    "read_corpus": "io",
    "read_transcript": "io",
}
__all__ = [
    "Annotations",
    "Codebook",
    "Corpus",
    "EpisodeRule",
    "Transcript",
    "codebooks",
    "compare_codebooks",
    "errors",
    "formats",
    "io",
    "load_codebook",
    "open_study",
    "plots",
    "read_annotations",
    "read_corpus",
    "read_transcript",
    "reliability",
    "report",
    "sequences",
    "tables",
    "text",
]


def __getattr__(name: str) -> object:
    """Import a room, or the room a public name lives in, on first use."""
    if name in _ROOMS:
        return import_module(f"rupturecode.{name}")
    if name in _HOME:
        value = getattr(import_module(f"rupturecode.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'rupturecode' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
