"""Whether one code earns suggestions: its row of measures, and the reason where it does not."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.text.judge import (
    average_precision,
    calibration_error,
    case_weights,
    f1_of,
    kappas,
    recall_in_budget,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.text.targets import Target

    Floats = NDArray[np.float64]

MIN_CASES, MIN_GIVEN = 5, 20
COLUMNS = (
    "code estimate low high prevalence length_pr_auc gain gain_low gain_high f1 f1_always"
    " f1_majority f1_length recall_at_budget recall_length calibration_error brier coder_kappa"
    " model_kappa kappa_gap kappa_gap_low kappa_gap_high n_double n_units n_given n_cases"
    " n_coders earns note"
).split()


def judge(
    target: Target,
    found: dict[str, Any],
    cases: NDArray[np.object_],
    settings: dict[str, Any],
) -> dict[str, object]:
    """Return one row of the table: the measures of a code, and whether it earns suggestions."""
    share = target.share
    rated = ~np.isnan(share)
    known = rated & ~np.isnan(found["score"])
    row: dict[str, object] = dict.fromkeys(COLUMNS, float("nan"))
    row |= {
        "code": target.code,
        "n_units": int(rated.sum()),
        "n_given": float(share[rated].sum()),
        "n_cases": len(np.unique(cases[rated])),
        "n_coders": int((~np.isnan(target.given)).any(axis=0).sum()),
        "prevalence": float(share[rated].mean()) if rated.any() else float("nan"),
        "earns": False,
    }
    seen = known if known.any() else rated
    weights = case_weights(cases[seen], settings["draws"], settings["seed"])
    model = found["flagged"][seen].astype(float) if known.any() else np.full(seen.sum(), np.nan)
    row |= agreement(target.given[seen], model, weights, settings["confidence"])
    row["note"] = target.fault or _too_little(row, share[known])
    if known.any() and share[known].any() and not target.fault:
        part = {name: values[known] for name, values in found.items()}
        row |= _measures(share[known], part, weights, settings)
        row["note"] = row["note"] or _refusal(row)
        row["earns"] = not row["note"]
        row["note"] = row["note"] or _caution(row)
    return row


def agreement(given: Floats, model: Floats, weights: Floats, confidence: float) -> dict[str, Any]:
    """Cohen's kappa of coders with one another and of the model with them, on the same turns.

    Parameters
    ----------
    given
        Turns × coders: 1, 0 or NaN.
    model
        Per turn 1 or 0; NaN throughout where there is no model.
    weights
        Weightings × turns; the first is the estimate, the others make the interval.
    confidence
        Of the interval of the difference.
    """
    pairs, n_double = [], 0
    for one, other in combinations(given.T, 2):
        both = ~np.isnan(one) & ~np.isnan(other)
        if both.any():
            n_double += int(both.sum())
            weight, guess = weights[:, both], model[both]
            with_model = kappas(one[both], guess, weight) + kappas(other[both], guess, weight)
            pairs.append((kappas(one[both], other[both], weight), with_model / 2))
    if pairs:
        coders, models = np.mean(pairs, axis=0)
    else:
        each = [
            kappas(g[~np.isnan(g)], model[~np.isnan(g)], weights[:, ~np.isnan(g)])
            for g in given.T
            if not np.isnan(g).all()
        ]
        models = np.mean(each, axis=0) if each else np.full(len(weights), np.nan)
        coders = np.full(len(weights), np.nan)
    gap = models - coders
    low, high = _interval(gap[1:], confidence)
    return {
        "coder_kappa": float(coders[0]),
        "model_kappa": float(models[0]),
        "kappa_gap": float(gap[0]),
        "kappa_gap_low": low,
        "kappa_gap_high": high,
        "n_double": n_double,
    }


def _interval(drawn: Floats, confidence: float) -> tuple[float, float]:
    """Lower and upper end over the draws that have a value; NaN where none has."""
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def _too_little(row: dict[str, Any], scored: Floats) -> str:
    if row["n_cases"] < MIN_CASES:
        cases = "1 case was" if row["n_cases"] == 1 else f"{row['n_cases']} cases were"
        return f"{cases} coded; {MIN_CASES} are needed to leave cases out"
    if row["n_given"] < MIN_GIVEN:
        return f"the code was given {row['n_given']:g} times; {MIN_GIVEN} are needed"
    if not len(scored):
        return "in some fold the code was never given, or always"
    return "" if scored.any() else "on the turns that could be scored the code was never given"


def _measures(
    share: Floats, found: dict[str, Any], weights: Floats, settings: dict[str, Any]
) -> dict[str, object]:
    score, length = found["score"], found["length"]
    area = average_precision(score, share, weights)
    by_length = average_precision(length, share, weights)
    base = weights @ share / weights.sum(axis=1)
    gain = area - np.fmax(by_length, base)
    low, high = _interval(area[1:], settings["confidence"])
    gain_low, gain_high = _interval(gain[1:], settings["confidence"])
    prevalence = float(share.mean())
    always = 2 * prevalence / (1 + prevalence)
    return {
        "estimate": float(area[0]),
        "low": low,
        "high": high,
        "length_pr_auc": float(by_length[0]),
        "gain": float(gain[0]),
        "gain_low": gain_low,
        "gain_high": gain_high,
        "f1": f1_of(found["flagged"], share),
        "f1_always": always,
        "f1_majority": always if prevalence > 0.5 else 0.0,
        "f1_length": f1_of(found["length_flagged"], share),
        "recall_at_budget": recall_in_budget(score, share, settings["budget"]),
        "recall_length": recall_in_budget(length, share, settings["budget"]),
        "calibration_error": calibration_error(score, share),
        "brier": float(np.mean(share * (1 - score) ** 2 + (1 - share) * score**2)),
    }


def _refusal(row: dict[str, Any]) -> str:
    """Why a code does not earn suggestions; empty when it does."""
    reasons = []
    if not row["gain_low"] > 0:
        better = "turn length" if row["length_pr_auc"] > row["prevalence"] else "its prevalence"
        reasons.append(
            f"ranking is not clearly better than {better} "
            f"(gain {row['gain']:.3f}, interval {row['gain_low']:.3f} to {row['gain_high']:.3f})"
        )
    for other, words in (
        ("f1_always", "calling every turn positive"),
        ("f1_majority", "calling every turn what most turns are"),
        ("f1_length", "turn length"),
    ):
        if not row["f1"] > row[other]:
            reasons.append(f"F1 {row['f1']:.3f} is not above that of {words} ({row[other]:.3f})")
    if row["coder_kappa"] <= 0:
        reasons.append(
            f"coders themselves agree no better than chance (kappa {row['coder_kappa']:.2f} on "
            f"{row['n_double']} turns coded twice)"
        )
    return "; ".join(reasons)


def _caution(row: dict[str, Any]) -> str:
    """Say what to know of a code that earns suggestions."""
    if not row["n_double"]:
        return "no turns were coded twice: how well coders agree is not known"
    if row["kappa_gap"] < 0:
        return (
            f"the model agrees with coders less (kappa {row['model_kappa']:.2f}) than coders with "
            f"one another ({row['coder_kappa']:.2f}) on the same {row['n_double']} turns; "
            f"difference {row['kappa_gap']:.2f}, interval {row['kappa_gap_low']:.2f} to "
            f"{row['kappa_gap_high']:.2f}"
        )
    return ""
