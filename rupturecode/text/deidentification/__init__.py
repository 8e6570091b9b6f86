"""Assisted de-identification: it finds and replaces, a person reviews and signs."""

from __future__ import annotations

from rupturecode.text.deidentification.key import Key, read_key
from rupturecode.text.deidentification.result import Deidentified
from rupturecode.text.deidentification.review import write_review_sheet
from rupturecode.text.deidentification.run import deidentify

__all__ = ["Deidentified", "Key", "deidentify", "read_key", "write_review_sheet"]
