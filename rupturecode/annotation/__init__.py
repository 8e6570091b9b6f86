"""Annotations: who gave which code on which unit, and who looked at all."""

from __future__ import annotations

from rupturecode.annotation.annotations import Annotations
from rupturecode.annotation.ratings import RatingArray

__all__ = ["Annotations", "RatingArray"]
