"""Annotations: who gave which code on which unit, and who looked at all."""

from __future__ import annotations

from rupturecode.annotation.adjudication import adjudication_list, codebook_gaps
from rupturecode.annotation.annotations import Annotations
from rupturecode.annotation.disagreement import disputes
from rupturecode.annotation.ratings import RatingArray

__all__ = ["Annotations", "RatingArray", "adjudication_list", "codebook_gaps", "disputes"]
