"""Wide CSV: a row per turn and a column per code, typed by a person or a coding sheet."""

from __future__ import annotations

from rupturecode.io.annotations.long_csv import csv_kind, read

__all__ = ["read", "sniff"]


def sniff(head: bytes, name: str) -> bool:
    """Whether the headings are those of a wide table or of a coding sheet."""
    return csv_kind(head, name) in ("wide", "sheet", "damaged", "guide")
