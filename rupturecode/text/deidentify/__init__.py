"""Assisted de-identification: it finds and replaces, a person reviews and signs."""

from __future__ import annotations

from rupturecode.text.deidentify.key import Key, read_key
from rupturecode.text.deidentify.result import Deidentified
from rupturecode.text.deidentify.review import write_review_sheet
from rupturecode.text.deidentify.run import deidentify

__all__ = ["Deidentified", "Key", "deidentify", "read_key", "write_review_sheet"]
