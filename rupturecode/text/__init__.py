"""Where the library reads words: sentences, features, cues, suggestions, de-identification.

The only room that knows spaCy and scikit-learn. It works with spaCy's blank pipeline,
loads a model only when the user names one that is there, and never opens a connection.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rupturecode.text.audit import flag_rates, log_acceptance
    from rupturecode.text.cues import find_cues
    from rupturecode.text.deidentification import (
        Deidentified,
        deidentify,
        read_key,
        write_review_sheet,
    )
    from rupturecode.text.evaluate import evaluate_suggestions
    from rupturecode.text.pipelines import docs, pipeline
    from rupturecode.text.splitting import sentences, split_sentences
    from rupturecode.text.storage import load_model
    from rupturecode.text.suggestions import suggest
    from rupturecode.text.transformer import FeatureTransformer
    from rupturecode.text.turn_features import feature_sources, features

#: No module bears the name of a public function: importing it would hide the function.
_HOME = {
    "Deidentified": "deidentification",
    "FeatureTransformer": "transformer",
    "deidentify": "deidentification",
    "docs": "pipelines",
    "evaluate_suggestions": "evaluate",
    "feature_sources": "turn_features",
    "features": "turn_features",
    "find_cues": "cues",
    "flag_rates": "audit",
    "load_model": "storage",
    "log_acceptance": "audit",
    "pipeline": "pipelines",
    "read_key": "deidentification",
    "sentences": "splitting",
    "split_sentences": "splitting",
    "suggest": "suggestions",
    "write_review_sheet": "deidentification",
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
    """Import the module a public name lives in on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'rupturecode.text' has no attribute {name!r}")
    value = getattr(import_module(f"rupturecode.text.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
