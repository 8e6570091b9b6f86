"""Round, evidence and confidence as named texts, for files that have room for such."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict

import pandas as pd

from rupturecode.tables import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

EXTRAS = ("round", "evidence", "confidence")
_SHARE = re.compile(r"\d{1,3}(\.\d{1,20})?(e-\d{1,3})?")
_ROUND = re.compile(r"[1-9]\d{0,3}")


class Extras(TypedDict, total=False):
    """What of a coding is neither its code, its place nor its note."""

    round: int
    evidence: str
    confidence: float


def extras(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what an annotation says of these, as texts; the first round goes without saying.

    Examples
    --------
    >>> extras({"round": 2, "evidence": "spoken", "confidence": None})
    {'round': '2', 'evidence': 'spoken'}
    """
    said = {}
    if row["round"] != 1:
        said["round"] = str(row["round"])
    if isinstance(row["evidence"], str):
        said["evidence"] = row["evidence"]
    confidence: Any = row.get("confidence")
    if not pd.isna(confidence):
        said["confidence"] = repr(float(confidence))
    return said


def extra(name: str, value: str) -> Extras:
    """Return what a named text says; nothing when it is none of these.

    Examples
    --------
    >>> extra("confidence", "0.5"), extra("evidence", "hearsay")
    ({'confidence': 0.5}, {})
    """
    if name == "evidence" and value in EVIDENCE:
        return {"evidence": value}
    if name == "round" and _ROUND.fullmatch(value):
        return {"round": int(value)}
    if name == "confidence" and _SHARE.fullmatch(value):
        return {"confidence": float(value)}
    return {}


def all_extras(fields: Mapping[str, str]) -> Extras:
    """Return what several named texts say."""
    found: Extras = {}
    for name, value in fields.items():
        found |= extra(name, value)
    return found
