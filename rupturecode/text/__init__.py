"""Where the library reads words: sentences, features, cues, suggestions, de-identification.

The only room that knows spaCy and scikit-learn. It works with spaCy's blank pipeline,
loads a model only when the user names one that is there, and never opens a connection.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rupturecode.text.cues import find_cues
    from rupturecode.text.deidentify import Deidentified, deidentify, read_key, write_review_sheet
    from rupturecode.text.docs import docs, pipeline
    from rupturecode.text.evaluate import evaluate_suggestions
    from rupturecode.text.features import feature_sources, features
    from rupturecode.text.sentences import sentences, split_sentences
    from rupturecode.text.audit import flag_rates, log_acceptance
    from rupturecode.text.storage import load_model
    from rupturecode.text.suggest import suggest
    from rupturecode.text.transformer import FeatureTransformer

_HOME = {
    "Deidentified": "deidentify",
    "FeatureTransformer": "transformer",
    "deidentify": "deidentify",
    "docs": "docs",
    "evaluate_suggestions": "evaluate",
    "feature_sources": "features",
    "features": "features",
    "find_cues": "cues",
    "flag_rates": "audit",
    "load_model": "storage",
    "log_acceptance": "audit",
    "pipeline": "docs",
    "read_key": "deidentify",
    "sentences": "sentences",
    "split_sentences": "sentences",
    "suggest": "suggest",
    "write_review_sheet": "deidentify",
}
__all__ = [
    "Deidentified",
    "FeatureTransformer",
    "deidentify",
    "docs",
    "evaluate_suggestions",
    "feature_sources",
    "features",
    "find_cues",
    "flag_rates",
    "load_model",
    "log_acceptance",
    "pipeline",
    "read_key",
    "sentences",
    "split_sentences",
    "suggest",
    "write_review_sheet",
]


def __getattr__(name: str) -> object:
    """Import the module a public name lives in on first use.

    Some names are those of their module, which importing the module puts in their place:
    the function goes back there.
    """
    if name not in _HOME:
        raise AttributeError(f"module 'rupturecode.text' has no attribute {name!r}")
    value = getattr(import_module(f"rupturecode.text.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
