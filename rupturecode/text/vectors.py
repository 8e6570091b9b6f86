"""Turns as numbers for a linear model: their words, those of the turns around, and features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.text.lexical import FEATURE_NAMES
from rupturecode.text.pipelines import turns_of
from rupturecode.text.turn_features import folded, raw_and_standardized

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from rupturecode.text.pipelines import Talk

    Rows = NDArray[np.intp]

#: Words with their apostrophes, question marks, and the dash of being broken off.
_WORD_FORM = r"(?u)\b\w+(?:'\w+)?\b|[?]|-+$"
#: How many turns away, and the weight of the words there beside the turn's own. What another
#: says next counts too: whoever codes a transcript has read on. Nothing here is searched for.
_WEIGHTS = {0: 1.0, -1: 0.5, 1: 0.5, -2: 0.3, 2: 0.3}
#: In how many turns a term must stand: of the turn's own words, and of those around.
_MIN_TURNS, _MIN_TURNS_AROUND, _FEW_ROWS = 2, 3, 200
#: Of the features as counted, and within speaker; dampened, or 90 of them drown the words.
_COUNTED, _WITHIN = 0.1, 0.05
_CLIP = 3.0


@dataclass(frozen=True, eq=False)
class Prepared:
    """The turns of a corpus, ready to be vectorised; nothing here knows any coding."""

    keys: pd.DataFrame
    """session, turn and role."""
    terms: Mapping[str, int]
    """Words and pairs of words, each with its column of ``counts``."""
    counts: Any
    """Turns × terms, sparse: 1 + ln of how often; below the last turn an empty row."""
    around: Mapping[int, Rows]
    """By distance the row of the turn so far away in the session; -1, the empty row, if none."""
    numbers: NDArray[np.float64]
    """Features: logarithms of counts, then values standardized within speaker."""
    n_words: NDArray[np.float64]


def prepare(talk: Talk) -> Prepared:
    """Gather what the model looks at, in the order of the turns."""
    turns = turns_of(talk).reset_index(drop=True)
    raw, own = (frame.to_numpy(dtype=float) for frame in raw_and_standardized(talk))
    counts = np.log1p(np.nan_to_num(np.clip(raw, 0, None)))
    terms, matrix = _count([*turns["text"].fillna("").map(folded), ""])
    at = turns.index.to_series().groupby(turns["session"], sort=False)
    return Prepared(
        keys=turns[["session", "turn", "role"]],
        terms=terms,
        counts=matrix,
        around={d: at.shift(-d, fill_value=-1).to_numpy(dtype=np.intp) for d in _WEIGHTS},
        numbers=np.hstack([counts, np.clip(np.nan_to_num(own), -_CLIP, _CLIP)]),
        n_words=raw[:, FEATURE_NAMES.index("n_words")],
    )


def _count(texts: list[str]) -> tuple[dict[str, int], Any]:
    """Count words and pairs of words, once for the whole corpus; the logarithm dampens."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(1, 2), token_pattern=_WORD_FORM, dtype=np.float64)
    try:
        matrix = counter.fit_transform(texts).tocsr()
    except ValueError:  # not one word anywhere
        return {}, csr_matrix((len(texts), 0))
    matrix.data = 1 + np.log(matrix.data)
    return {str(term): int(column) for term, column in counter.vocabulary_.items()}, matrix


class TurnVectorizer:
    """Learns vocabularies and spreads from some turns, then turns any turns into rows.

    Terms and their weights (TF-IDF, rows of length 1) come from the turns it is fitted on
    alone, although the corpus was counted as a whole.

    Parameters
    ----------
    reach
        How many turns before and after are looked at: 0, 1 or 2.
    """

    def __init__(self, *, reach: int = 2) -> None:
        self.reach = reach
        self._terms: dict[int, NDArray[np.str_]] = {}
        self._idf: dict[int, NDArray[np.float64]] = {}
        self._spread: NDArray[np.float64] = np.empty(0)

    def fit(self, data: Prepared, rows: Rows) -> TurnVectorizer:
        """Learn from some rows of the data."""
        names = np.array(sorted(data.terms, key=data.terms.__getitem__), dtype=str)
        for distance in self._distances():
            present = data.counts[data.around[distance][rows]].getnnz(axis=0)
            least = _MIN_TURNS_AROUND if distance else _MIN_TURNS
            kept = present >= (1 if len(rows) < _FEW_ROWS else least)
            self._terms[distance] = names[kept]
            self._idf[distance] = np.log((1 + len(rows)) / (1 + present[kept])) + 1
        spread = data.numbers[rows].std(axis=0)
        weight = np.repeat([_COUNTED, _WITHIN], len(spread) // 2)
        self._spread = np.where(spread > 0, spread, np.inf) / weight
        return self

    def transform(self, data: Prepared, rows: Rows) -> Any:  # noqa: ANN401 a scipy sparse matrix
        """Return a sparse matrix, one row per turn."""
        from scipy.sparse import csr_matrix, hstack

        blocks = [self._block(data, rows, distance) for distance in self._distances()]
        blocks.append(csr_matrix(data.numbers[rows] / self._spread))
        return hstack(blocks).tocsr()

    def _distances(self) -> Iterable[int]:
        return (d for d in _WEIGHTS if abs(d) <= self.reach)

    def _block(self, data: Prepared, rows: Rows, distance: int) -> Any:  # noqa: ANN401
        """Words at one distance: their own columns, whatever columns the corpus counted in."""
        from scipy.sparse import csr_matrix, diags

        terms, idf = self._terms[distance], self._idf[distance]
        known = [(i, data.terms[t]) for i, t in enumerate(terms.tolist()) if t in data.terms]
        places, columns = np.array(known, dtype=np.intp).reshape(-1, 2).T
        select = csr_matrix((idf[places], (columns, places)), shape=(len(data.terms), len(terms)))
        weighted = data.counts[data.around[distance][rows]] @ select
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return diags(_WEIGHTS[distance] / np.where(length > 0, length, 1)) @ weighted

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything learnt, as plain arrays."""
        out: dict[str, NDArray[Any]] = {"spread": self._spread, "reach": np.array(self.reach)}
        for distance in self._distances():
            out[f"terms.{distance}"] = self._terms[distance]
            out[f"idf.{distance}"] = self._idf[distance]
        return out

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> TurnVectorizer:
        """Build again what :meth:`arrays` wrote out."""
        made = cls(reach=int(arrays["reach"]))
        made._spread = arrays["spread"]
        for distance in made._distances():
            made._terms[distance] = arrays[f"terms.{distance}"]
            made._idf[distance] = arrays[f"idf.{distance}"]
        return made
