"""Do suggestions earn their place? Measured on cases the model has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.tables import listed
from rupturecode.text.judge import calibration_bins
from rupturecode.text.linear import best_threshold, fit_code
from rupturecode.text.targets import Target, case_of_turns, targets
from rupturecode.text.vectors import Prepared, TurnVectorizer, prepare
from rupturecode.text.verdict import COLUMNS, judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SuggestionTest(Result):
    """What suggestions would have been worth, one row per code.

    Attributes
    ----------
    by_code
        ``estimate, low, high`` is the area under the precision-recall curve with its
        interval over cases; ``prevalence`` is the area of knowing nothing (and of calling
        every turn positive, or none); ``gain`` is the estimate over the better of prevalence
        and turn length. ``coder_kappa`` is how well coders agree with one another and
        ``model_kappa`` how well the model agrees with them, on the ``n_double`` turns that
        two coders rated (on all turns, where none were); ``kappa_gap`` is the difference
        with its interval over cases. ``earns`` says whether the code may be suggested,
        ``note`` why not, or what to know beside.
    calibration
        Mean score and observed share per tenth of the turns.
    scores
        Per turn and code the score from a model that did not see the turn's case.
    """

    main: ClassVar[str] = "by_code"
    by_code: pd.DataFrame
    calibration: pd.DataFrame
    scores: pd.DataFrame

    def headline(self) -> str:
        """How many codes earn their suggestions."""
        earned = int(self.by_code["earns"].sum())
        return (
            f"{earned} of {len(self.by_code)} codes beat the baselines on cases the model had not "
            "seen; the others are not suggested."
        )


def evaluate_suggestions(
    notes: Annotations,
    corpus: Corpus,
    *,
    codes: Iterable[str] | None = None,
    folds: int = 5,
    budget: float = 0.1,
    draws: int = 500,
    confidence: float = 0.95,
    seed: int = 0,
) -> SuggestionTest:
    """Measure suggestions on cases that the model has not seen, against plain baselines.

    Every fold leaves out whole cases; scaling, calibration and threshold come from the other
    cases alone. A turn on which coders differ counts in part as given. The words of up to
    two turns on either side and the turn's place in its session are part of the input:
    whoever codes a transcript has read on.

    A code earns suggestions when the interval of its gain over prevalence and turn length
    lies above 0, its F1 is above those of calling every turn positive, of calling every
    turn what most turns are, and of turn length; and, where turns were coded twice, when
    coders agree on it beyond chance, for otherwise there is nothing settled to learn. A
    model that agrees with coders less than they with one another is not refused (what it
    finds is a second look, not a third coder), but the note gives both figures.

    Parameters
    ----------
    notes
        Coding by one or more coders (not a consensus).
    corpus
        The transcripts.
    codes
        Which codes; all that were given unless named.
    folds
        Into how many parts the cases are divided.
    budget
        Share of turns a coder can look at again, for recall at that budget.
    draws
        How often cases are drawn again for the intervals.
    confidence
        Of the intervals.
    seed
        For the draws.

    Raises
    ------
    UsageError
        For a consensus layer, no codes, or an option out of range.
    UnknownNameError
        When the codebook has no such code.

    References
    ----------
    Saito, T., & Rehmsmeier, M. (2015). The precision-recall plot is more informative than
    the ROC plot when evaluating binary classifiers on imbalanced datasets. PLOS ONE, 10(3).
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement, 20, 37-46 (coder_kappa: mean over pairs of coders;
    model_kappa: mean of the model with each coder).
    """
    if not 0 < budget < 1 or not 0 < confidence < 1 or folds < 2 or draws < 1:
        raise UsageError(
            "evaluate_suggestions: budget and confidence lie between 0 and 1, folds is 2 or more, "
            "draws 1 or more."
        )
    wanted = targets(notes, corpus, listed(codes))
    data, cases = prepare(corpus), case_of_turns(corpus)
    settings = {
        "codes": [t.code for t in wanted],
        "folds": folds,
        "budget": budget,
        "draws": draws,
        "confidence": confidence,
        "seed": seed,
        "codebook": notes.codebook.ref,
    }
    scores = out_of_fold(data, wanted, cases, folds)
    rows, bins = [], []
    for target in wanted:
        found = scores[target.code]
        rows.append(judge(target, found, cases, settings))
        known = ~np.isnan(found["score"])
        if known.any():
            parts = calibration_bins(found["score"][known], target.share[known])
            bins += [(target.code, i, *part) for i, part in enumerate(parts, start=1)]
    return SuggestionTest(
        by_code=pd.DataFrame(rows, columns=COLUMNS),
        calibration=pd.DataFrame(bins, columns=["code", "bin", "score", "observed", "n_units"]),
        scores=_scores(data, wanted, scores),
        settings=settings,
    )


def out_of_fold(
    data: Prepared, wanted: list[Target], cases: NDArray[np.object_], folds: int
) -> dict[str, dict[str, Any]]:
    """Per code the score, flag, length score and length flag of turns from unseen cases."""
    from sklearn.model_selection import GroupKFold

    n = len(cases)
    out = {
        t.code: {
            "score": np.full(n, np.nan),
            "flagged": np.zeros(n, dtype=bool),
            "length": np.full(n, np.nan),
            "length_flagged": np.zeros(n, dtype=bool),
        }
        for t in wanted
    }
    rated = np.any([~np.isnan(t.share) for t in wanted], axis=0)
    at = np.flatnonzero(rated)
    n_folds = min(folds, len(np.unique(cases[at]))) if len(at) else 0
    if n_folds < 2:
        return out
    for train, test in GroupKFold(n_folds).split(at, groups=cases[at]):
        vectorizer = TurnVectorizer().fit(data, at[train])
        seen, unseen = vectorizer.transform(data, at[train]), vectorizer.transform(data, at[test])
        fold = _Fold(seen, unseen, at[train], at[test])
        for target in wanted:
            _one_fold(target, out[target.code], fold, cases, data)
    return out


@dataclass(frozen=True, eq=False)
class _Fold:
    seen: Any
    """Inputs of the turns to learn from, sparse."""
    unseen: Any
    train: NDArray[np.intp]
    """Which turns of the corpus those are."""
    test: NDArray[np.intp]


def _one_fold(
    target: Target, out: dict[str, Any], fold: _Fold, cases: NDArray[np.object_], data: Prepared
) -> None:
    share = target.share
    own, new = ~np.isnan(share[fold.train]), ~np.isnan(share[fold.test])
    if not new.any() or not own.any():
        return
    known, here = share[fold.train][own], fold.test[new]
    model = fit_code(fold.seen[own], known, cases[fold.train][own])
    if model is None:
        return
    out["score"][here] = model.score(fold.unseen[new])
    out["flagged"][here] = out["score"][here] >= model.threshold
    length = data.n_words[fold.train][own]
    sign = 1.0 if np.cov(length, known)[0, 1] >= 0 else -1.0
    out["length"][here] = sign * data.n_words[here]
    out["length_flagged"][here] = out["length"][here] >= best_threshold(sign * length, known)


def _scores(
    data: Prepared, wanted: list[Target], scores: dict[str, dict[str, Any]]
) -> pd.DataFrame:
    parts = []
    for target in wanted:
        found = scores[target.code]
        known = ~np.isnan(found["score"])
        part = data.keys.loc[known, ["session", "turn"]].assign(code=target.code)
        parts.append(
            part.assign(
                score=found["score"][known],
                flagged=found["flagged"][known],
                given=target.share[known],
            )
        )
    return pd.concat(parts, ignore_index=True)
