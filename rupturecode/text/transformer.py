"""The features as a scikit-learn transformer, made when first asked for.

The class derives from scikit-learn's base classes, whose import takes two seconds; so it
is built on first use and stands in this module afterwards, where pickle finds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.text.lexical import FEATURE_NAMES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    class FeatureTransformer:
        """What :func:`_build` makes, for type checkers."""

        def __init__(self, *, standardize: bool = True, missing: float = 0.0) -> None: ...
        def fit(self, turns: pd.DataFrame, y: object = None) -> FeatureTransformer:
            """Learn nothing."""

        def transform(self, turns: pd.DataFrame) -> NDArray[np.float64]:
            """Return turns × features."""

        def get_feature_names_out(self, names: object = None) -> NDArray[np.object_]:
            """Names of the columns."""


def _build() -> type:
    from sklearn.base import BaseEstimator, TransformerMixin

    class FeatureTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
        """Turns in, language features out; for scikit-learn pipelines.

        Parameters
        ----------
        standardize
            Within speaker; see :func:`rupturecode.text.turn_features`.
        missing
            What stands for a feature that has no value in a turn.

        Notes
        -----
        Rows are turns with the columns of ``tables.TURNS``. Features look at the turns
        before, so pass whole sessions, never rows drawn at random.
        """

        def __init__(self, *, standardize: bool = True, missing: float = 0.0) -> None:
            self.standardize = standardize
            self.missing = missing

        def fit(self, turns: pd.DataFrame, y: object = None) -> Any:  # noqa: ANN401
            """Learn nothing; the rules are fixed."""
            del turns, y
            self.n_features_out_ = len(FEATURE_NAMES)
            return self

        def transform(self, turns: pd.DataFrame) -> NDArray[np.float64]:
            """Return turns × features."""
            from rupturecode.text.turn_features import features

            frame = features(turns, standardize=self.standardize)
            values = frame[list(FEATURE_NAMES)].to_numpy(dtype=float)
            return np.where(np.isnan(values), self.missing, values)

        def get_feature_names_out(self, names: object = None) -> NDArray[np.object_]:
            """Names of the columns."""
            del names
            return np.array(FEATURE_NAMES, dtype=object)

    FeatureTransformer.__qualname__ = "FeatureTransformer"
    return FeatureTransformer


def __getattr__(name: str) -> object:
    if name != "FeatureTransformer":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = _build()
    return globals()[name]
