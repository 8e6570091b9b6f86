"""Turns as numbers for a linear model: words, the turn before, features, and letters on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.text.lexical import FEATURE_NAMES
from rupturecode.text.pipelines import turns_of
from rupturecode.text.turn_features import features, folded

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rupturecode.text.pipelines import Talk

    Rows = NDArray[np.intp]

#: Words with their apostrophes, question marks, and the dash of being broken off.
_WORD_FORM = r"(?u)\b\w+(?:'\w+)?\b|[?]|-+$"
_PARTS: dict[str, dict[str, Any]] = {
    "words": {"ngram_range": (1, 2), "min_df": 2, "token_pattern": _WORD_FORM},
    "letters": {"ngram_range": (2, 5), "min_df": 5, "analyzer": "char_wb"},
    "before": {"ngram_range": (1, 2), "min_df": 3, "token_pattern": _WORD_FORM},
}
#: Weight of a part beside the turn's own words; fixed beforehand, not searched for.
_WEIGHTS = {"words": 1.0, "before": 0.5}
_FEATURE_WEIGHT = 0.3
_CLIP = 3.0


@dataclass(frozen=True, eq=False)
class Prepared:
    """The turns of a corpus, ready to be vectorised; nothing here knows any coding."""

    keys: pd.DataFrame
    """session, turn and role."""
    texts: NDArray[np.object_]
    before: NDArray[np.object_]
    """The turn before in the same session; empty for the first."""
    numbers: NDArray[np.float64]
    """Features: logarithms of counts, then values standardized within speaker."""
    n_words: NDArray[np.float64]


def prepare(talk: Talk) -> Prepared:
    """Gather what the model looks at, in the order of the turns."""
    turns = turns_of(talk)
    raw = features(talk)[list(FEATURE_NAMES)].to_numpy(dtype=float)
    own = features(talk, standardize=True)[list(FEATURE_NAMES)].to_numpy(dtype=float)
    counts = np.log1p(np.nan_to_num(np.clip(raw, 0, None)))
    texts = turns["text"].fillna("").map(folded)
    before = texts.groupby(turns["session"], sort=False).shift(1).fillna("")
    return Prepared(
        keys=turns[["session", "turn", "role"]].reset_index(drop=True),
        texts=texts.to_numpy(dtype=object),
        before=before.to_numpy(dtype=object),
        numbers=np.hstack([counts, np.clip(np.nan_to_num(own), -_CLIP, _CLIP)]),
        n_words=raw[:, FEATURE_NAMES.index("n_words")],
    )


class TurnVectorizer:
    """Learns vocabularies and spreads from some turns, then turns any turns into rows.

    Parameters
    ----------
    letters
        Weight of letter sequences beside words; 0 leaves them out, which is ten times as fast
        and on AnnoMI as good (benchmarks/text_suggestions.py).
    """

    def __init__(self, *, letters: float = 0.0) -> None:
        self._weights = {**_WEIGHTS, "letters": letters}
        self._parts: dict[str, Any] = {}
        self._spread: NDArray[np.float64] = np.empty(0)

    def fit(self, data: Prepared, rows: Rows) -> TurnVectorizer:
        """Learn from some rows of the data."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        for name, options in _PARTS.items():
            if not self._weights[name]:
                continue
            texts = (data.before if name == "before" else data.texts)[rows]
            rare = options | ({"min_df": 1} if len(rows) < 200 else {})
            vectorizer = TfidfVectorizer(sublinear_tf=True, **rare)
            try:
                self._parts[name] = vectorizer.fit(texts)
            except ValueError:  # no word is frequent enough: this part stays empty
                continue
        spread = data.numbers[rows].std(axis=0)
        self._spread = np.where(spread > 0, spread, np.inf)
        return self

    def transform(self, data: Prepared, rows: Rows) -> Any:  # noqa: ANN401 a scipy sparse matrix
        """Return a sparse matrix, one row per turn."""
        from scipy.sparse import csr_matrix, hstack

        blocks = [
            part.transform((data.before if name == "before" else data.texts)[rows])
            * self._weights[name]
            for name, part in self._parts.items()
        ]
        blocks.append(csr_matrix(data.numbers[rows] / self._spread * _FEATURE_WEIGHT))
        return hstack(blocks).tocsr()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything learnt, as plain arrays."""
        out: dict[str, NDArray[Any]] = {
            "spread": self._spread,
            "letters": np.array(self._weights["letters"]),
        }
        for name, part in self._parts.items():
            ordered = sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
            out[f"{name}.vocabulary"] = np.array(ordered, dtype=str)
            out[f"{name}.idf"] = part.idf_
        return out

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> TurnVectorizer:
        """Build again what :meth:`arrays` wrote out."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        made = cls()
        made._weights["letters"] = float(arrays["letters"])
        made._spread = arrays["spread"]
        for name, options in _PARTS.items():
            if f"{name}.idf" in arrays:
                words = {str(w): i for i, w in enumerate(arrays[f"{name}.vocabulary"])}
                part = TfidfVectorizer(sublinear_tf=True, vocabulary=words, **options)
                part.idf_ = arrays[f"{name}.idf"]
                made._parts[name] = part
        return made
