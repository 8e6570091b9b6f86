"""Annotations: who gave which code on which unit, and who looked at all."""

from __future__ import annotations

from rupturecode.annotation.adjudication import adjudication_list, codebook_gaps
from rupturecode.annotation.annotations import Annotations
from rupturecode.annotation.assemble import assemble
from rupturecode.annotation.audit import Reanchored, reanchor
from rupturecode.annotation.choices import split_book, split_choices
from rupturecode.annotation.consensus import said
from rupturecode.annotation.disagreement import apart, disputes
from rupturecode.annotation.draft import CodingDraft
from rupturecode.annotation.ratings import RatingArray
from rupturecode.annotation.stale import stale
from rupturecode.annotation.vignettes import vignettes

__all__ = [
    "Annotations",
    "CodingDraft",
    "RatingArray",
    "Reanchored",
    "adjudication_list",
    "apart",
    "assemble",
    "codebook_gaps",
    "disputes",
    "reanchor",
    "said",
    "split_book",
    "split_choices",
    "stale",
    "vignettes",
]
