"""Training: a trainee's blind coding against an expert's, code by code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

_MEASURES = ("sensitivity", "precision", "kappa")


@dataclass(frozen=True, kw_only=True)
class PassRule:
    """What a trainee must reach, fixed before they begin.

    A code with fewer than ``min_gold`` units in the gold standard is not judged. Where every
    unit has the code and the trainee gave it to every one, kappa is undefined, and reached.

    Examples
    --------
    >>> PassRule(kappa=0.6).share_examined
    1.0
    """

    kappa: float = 0.0
    sensitivity: float = 0.0
    precision: float = 0.0
    min_gold: int = 5
    share_of_codes: float = 1.0
    """Share of the judged codes on which the trainee must reach all three."""
    share_examined: float = 1.0
    """Share of the gold standard's units that the trainee must have examined: who leaves out
    what is hard does not pass. For trainees who were given a part, pass
    ``gold.only(sessions=...)``."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Training(Result):
    """How a trainee's coding compares with the gold standard."""

    main: ClassVar[str] = "by_code"
    by_code: pd.DataFrame
    """``coder, round, code, sensitivity, sensitivity_low, sensitivity_high, precision,
    precision_low, precision_high, kappa, kappa_low, kappa_high, n_gold, n_given, n_units,
    passed, note``; ``passed`` is missing for codes that are not judged."""
    missed: pd.DataFrame
    """``coder, round, session, unit, code, slip, text``: gold codes not given (``missed``) and
    codes given that are not in the gold standard (``false alarm``)."""
    verdict: pd.DataFrame
    """``coder, round, n_examined, n_to_examine, n_judged, n_passed, passed, note``: the rule
    applied, per attempt."""
    progress: pd.DataFrame
    """``coder, code, n_attempts, kappa_first, kappa_last, change, passed_first, passed_last``:
    from the first attempt to the last, for those who made several."""

    def headline(self) -> str:
        """Say who passed."""
        done = self.verdict[self.verdict["passed"].fillna(False).astype(bool)]
        names = [f"{r.coder} (attempt {r.round})" for r in done.itertuples()]
        short = self.verdict[self.verdict["n_examined"] < self.verdict["n_to_examine"]]
        left = [
            f" {r.coder} examined {r.n_examined} of {r.n_to_examine} units in attempt {r.round}."
            for r in short.itertuples()
        ]
        return f"Passed: {', '.join(names) or 'nobody yet'}.{''.join(left)}"


def training(
    trainees: Annotations,
    gold: Annotations,
    corpus: Corpus | None = None,
    *,
    unit: str = "turn",
    codes: Iterable[str] | None = None,
    rule: PassRule | None = None,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> Training:
    """Compare trainees with a gold standard, on the units that both examined.

    A code counts as present where it is given at all (any value but the scale's absent one).
    Intervals resample sessions, since turns of a session depend on one another; with one
    session there is none, and ``note`` says so.

    Parameters
    ----------
    trainees
        Blind coding; several coders, and several rounds as attempts.
    gold
        The expert's coding of the same sessions, by one coder.
    corpus
        For the words of what was missed.
    unit
        Kind of unit.
    codes
        Codes to compare; those of the gold standard unless given.
    rule
        The pass rule, fixed beforehand.
    confidence
        Of the intervals.
    replicates
        Resamples of sessions.
    seed
        For the resampling.

    Returns
    -------
    Training
        Rows in order of coder, attempt and code; progress is read down ``round``.

    Raises
    ------
    UsageError
        When the gold standard has several coders, or shares no unit with a trainee.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement, 20, 37-46, equation 1.
    """
    if len(gold.coders) != 1:
        raise UsageError(
            f"A gold standard is one coding, not {len(gold.coders)}; use gold.only(coder=...) "
            'or gold.consensus("majority").'
        )
    rule = PassRule() if rule is None else rule
    names = listed(gold.codes if codes is None else codes)
    rng = np.random.default_rng(seed)
    tables, slips, seen = [], [], {}
    for coder in trainees.coders:
        mine = trainees.only(coder=coder)
        for round_ in mine.rounds:
            attempt = mine.only(round=round_)
            seen[coder, round_] = _examined(attempt, gold, names, unit)
            for code in names:
                pair = _pair(attempt, gold, code, unit)
                row = _measures(pair, rng, confidence, replicates)
                tables.append({"coder": coder, "round": round_, "code": code, **row})
                slips.append(_slips(pair).assign(coder=coder, round=round_, code=code))
    by_code = _judged(pd.DataFrame(tables), rule)
    if not len(by_code) or not by_code["n_units"].any():
        raise UsageError("Trainees and gold standard have no examined unit in common.")
    settings = {"unit": unit, "codes": names, "rule": rule, "confidence": confidence}
    settings |= {"replicates": replicates, "seed": seed}
    return Training(
        by_code=by_code,
        missed=_with_text(pd.concat(slips, ignore_index=True), corpus, unit),
        verdict=_verdict(by_code, rule, seen),
        progress=_progress(by_code),
        settings=settings,
    )


def _examined(
    attempt: Annotations, gold: Annotations, codes: Sequence[str], unit: str
) -> tuple[int, int]:
    """Return how many of the units that the expert rated the trainee rated too, and all."""
    rated = []
    for notes in (attempt, gold):
        columns = [notes.ratings(code, unit)[notes.coders[0]].dropna() for code in codes]
        rated.append({place for column in columns for place in column.index})
    return len(rated[0] & rated[1]), len(rated[1])


def _pair(attempt: Annotations, gold: Annotations, code: str, unit: str) -> pd.DataFrame:
    """Trainee and gold on common units: 1 where the code is there."""
    one = attempt.ratings(code, unit)[attempt.coders[0]]
    other = gold.ratings(code, unit)[gold.coders[0]]
    both = pd.DataFrame({"trainee": one, "gold": other}).dropna()
    absent = gold.codebook[code].scale.absent
    return (both != absent).astype(int)


def _measures(
    pair: pd.DataFrame, rng: np.random.Generator, confidence: float, replicates: int
) -> dict[str, object]:
    counts = _by_session(pair)
    estimate = dict(zip(_MEASURES, rates(counts.sum(axis=0)), strict=True))
    row: dict[str, object] = {}
    limits = np.full((2, len(_MEASURES)), np.nan)
    if len(counts) > 1:
        drawn = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), replicates)
        spread = rates(drawn @ counts)
        tail = 100 * (1 - confidence) / 2
        limits = np.array([_limits(spread[:, i], tail) for i in range(len(_MEASURES))]).T
    for i, name in enumerate(_MEASURES):
        row |= {name: estimate[name], f"{name}_low": limits[0, i], f"{name}_high": limits[1, i]}
    hit, missed, false_alarm, _ = counts.sum(axis=0)
    row |= {"n_gold": int(hit + missed), "n_given": int(hit + false_alarm), "n_units": len(pair)}
    return row | {"note": _note(pair, len(counts), hit + missed, hit + false_alarm)}


def _by_session(pair: pd.DataFrame) -> NDArray[np.int64]:
    """Sessions × (hit, missed, false alarm, neither)."""
    if pair.empty:
        return np.zeros((0, 4), dtype=np.int64)
    trainee, gold = pair["trainee"].to_numpy(), pair["gold"].to_numpy()
    session = pd.factorize(pair.index.get_level_values(0))[0]
    cell = np.where(gold == 1, 1 - trainee, 3 - trainee)
    counts = np.zeros((session.max() + 1, 4), dtype=np.int64)
    np.add.at(counts, (session, cell), 1)
    return counts


def rates(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return sensitivity, precision and kappa from hits, misses, false alarms and the rest.

    Examples
    --------
    >>> rates(np.array([20, 10, 5, 15])).round(3).tolist()
    [0.667, 0.8, 0.4]
    """
    hit, missed, false, neither = np.moveaxis(np.asarray(counts, dtype=float), -1, 0)
    n = hit + missed + false + neither
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = (hit + neither) / n
        expected = ((hit + missed) * (hit + false) + (false + neither) * (missed + neither)) / n**2
        kappa = np.where(expected == 1, np.nan, (observed - expected) / (1 - expected))
        return np.stack([hit / (hit + missed), hit / (hit + false), kappa], axis=-1)


def _limits(values: NDArray[np.float64], tail: float) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def _note(pair: pd.DataFrame, n_sessions: int, n_gold: int, n_given: int) -> str:
    notes = []
    if pair.empty:
        return "no unit that both examined"
    if not n_gold:
        notes.append("not in the gold standard: no sensitivity")
    if not n_given:
        notes.append("never given: no precision")
    if pair["gold"].nunique() == pair["trainee"].nunique() == 1 and n_gold == n_given:
        notes.append("one category only: no kappa")
    if n_sessions < 2:
        notes.append("one session: no interval")
    return "; ".join(notes)


def _slips(pair: pd.DataFrame) -> pd.DataFrame:
    wrong = pair[pair["trainee"] != pair["gold"]].reset_index()
    slip = np.where(wrong["gold"] == 1, "missed", "false alarm")
    return pd.DataFrame({"session": wrong["session"], "unit": wrong["unit"], "slip": slip})


def _with_text(slips: pd.DataFrame, corpus: Corpus | None, unit: str) -> pd.DataFrame:
    columns = ["coder", "round", "session", "unit", "code", "slip"]
    if corpus is None or unit != "turn":
        return slips[columns].assign(text="")
    turns = corpus.turns[["session", "turn", "text"]].rename(columns={"turn": "unit"})
    return slips[columns].merge(turns, on=["session", "unit"], how="left")


def _judged(table: pd.DataFrame, rule: PassRule) -> pd.DataFrame:
    """Apply the rule to every code that the gold standard has often enough."""
    if table.empty:
        return table
    passed = pd.Series(True, index=table.index, dtype="boolean")
    for name in _MEASURES:
        needed = getattr(rule, name)
        alike = (table[name].isna() & (table["n_units"] > 0)) if name == "kappa" else False
        passed &= (table[name] >= needed) | (needed == 0) | alike
    passed[table["n_gold"] < rule.min_gold] = pd.NA
    note = table.pop("note")
    return table.assign(passed=passed, note=note)


def _verdict(
    table: pd.DataFrame, rule: PassRule, seen: Mapping[tuple[str, int], tuple[int, int]]
) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = []
    for (coder, round_), group in table.groupby(["coder", "round"], sort=False):
        judged = group["passed"].dropna()
        enough = len(judged) and judged.mean() >= rule.share_of_codes
        note = "" if len(judged) else f"no code has {rule.min_gold} units in the gold standard"
        n_examined, n_all = seen[coder, round_]
        if n_examined < rule.share_examined * n_all:
            enough, note = False, f"examined {n_examined} of {n_all} units; {note}".rstrip("; ")
        rows.append(
            {
                "coder": coder,
                "round": round_,
                "n_examined": n_examined,
                "n_to_examine": n_all,
                "n_judged": len(judged),
                "n_passed": int(judged.sum()),
                "passed": bool(enough) if len(judged) else pd.NA,
                "note": note,
            }
        )
    return pd.DataFrame(rows).astype({"passed": "boolean"})


def _progress(table: pd.DataFrame) -> pd.DataFrame:
    """Compare the first attempt with the last, code by code."""
    rows: list[Mapping[str, object]] = []
    for (coder, code), group in table.groupby(["coder", "code"], sort=False):
        tries = group.sort_values("round")
        if len(tries) < 2:
            continue
        first, last = tries.iloc[0], tries.iloc[-1]
        rows.append(
            {
                "coder": coder,
                "code": code,
                "n_attempts": len(tries),
                "kappa_first": first["kappa"],
                "kappa_last": last["kappa"],
                "change": last["kappa"] - first["kappa"],
                "passed_first": first["passed"],
                "passed_last": last["passed"],
            }
        )
    columns = ["coder", "code", "n_attempts", "kappa_first", "kappa_last", "change"]
    frame = pd.DataFrame(rows, columns=[*columns, "passed_first", "passed_last"])
    return frame.astype({"passed_first": "boolean", "passed_last": "boolean"})
