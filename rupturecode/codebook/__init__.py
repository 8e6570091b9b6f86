"""Codebooks: which codes exist, who may carry them, how they are rated, and how they change."""

from __future__ import annotations

from rupturecode.codebook.check import check_codebook
from rupturecode.codebook.compare import CodebookChanges, compare_codebooks
from rupturecode.codebook.crosswalk import Crosswalk, crosswalk_files, load_crosswalk
from rupturecode.codebook.lint import lint
from rupturecode.codebook.load import bundled, codebooks, load_codebook
from rupturecode.codebook.migrate import Migration, Recoding, migrate, recoding
from rupturecode.codebook.model import Code, Codebook
from rupturecode.codebook.parts import (
    CaseField,
    Confusion,
    Constraint,
    Example,
    Given,
    Refused,
    Scale,
    Vignette,
    VignetteLink,
    VignetteTurn,
)
from rupturecode.codebook.rules import broken_on_unit, links_wanted
from rupturecode.codebook.translate import Translation, translate
from rupturecode.codebook.vignettes import check_vignettes

__all__ = [
    "CaseField",
    "Code",
    "Codebook",
    "CodebookChanges",
    "Confusion",
    "Constraint",
    "Crosswalk",
    "Example",
    "Given",
    "Migration",
    "Recoding",
    "Refused",
    "Scale",
    "Translation",
    "Vignette",
    "VignetteLink",
    "VignetteTurn",
    "broken_on_unit",
    "bundled",
    "check_codebook",
    "check_vignettes",
    "codebooks",
    "compare_codebooks",
    "crosswalk_files",
    "links_wanted",
    "lint",
    "load_codebook",
    "load_crosswalk",
    "migrate",
    "recoding",
    "translate",
]
