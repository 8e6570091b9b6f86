"""Reading and writing files: one module per format, and one table of formats."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rupturecode.io.adjudication import read_adjudication, write_adjudication
    from rupturecode.io.annotation_reading import read_annotations
    from rupturecode.io.annotation_writing import write_annotations
    from rupturecode.io.codebook_files import load_codebook, write_codebook
    from rupturecode.io.convert import convert_transcript
    from rupturecode.io.corpus import read_corpus
    from rupturecode.io.corpus_writing import write_corpus
    from rupturecode.io.listing import formats, write_transcript
    from rupturecode.io.read import read_transcript
    from rupturecode.io.sheets import SheetPlan, write_sheets

_HOME = {
    "convert_transcript": "convert",
    "formats": "listing",
    "load_codebook": "codebook_files",
    "read_adjudication": "adjudication",
    "read_annotations": "annotation_reading",
    "read_corpus": "corpus",
    "read_transcript": "read",
    "SheetPlan": "sheets",
    "write_adjudication": "adjudication",
    "write_annotations": "annotation_writing",
    "write_codebook": "codebook_files",
    "write_corpus": "corpus_writing",
    "write_sheets": "sheets",
    "write_transcript": "listing",
}
__all__ = [
    "SheetPlan",
    "convert_transcript",
    "formats",
    "load_codebook",
    "read_adjudication",
    "read_annotations",
    "read_corpus",
    "read_transcript",
    "write_adjudication",
    "write_annotations",
    "write_codebook",
    "write_corpus",
    "write_sheets",
    "write_transcript",
]


def __getattr__(name: str) -> object:
    """Import the module a public name lives in on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'rupturecode.io' has no attribute {name!r}")
    value = getattr(import_module(f"rupturecode.io.{_HOME[name]}"), name)
    globals()[name] = value  # a submodule of the same name must not take its place
    return value
