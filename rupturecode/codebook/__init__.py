"""Codebooks: which codes exist, who may carry them, how they are rated, and how they change."""

from __future__ import annotations

from rupturecode.codebook.load import bundled, codebooks, load_codebook
from rupturecode.codebook.model import (
    Code,
    Codebook,
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

__all__ = [
    "Code",
    "Codebook",
    "Confusion",
    "Constraint",
    "Example",
    "Given",
    "Refused",
    "Scale",
    "Vignette",
    "VignetteLink",
    "VignetteTurn",
    "bundled",
    "codebooks",
    "load_codebook",
]
