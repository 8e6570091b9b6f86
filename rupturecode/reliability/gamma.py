"""Gamma: agreement on stretches that may differ in place, length and name at once.

pygamma-agreement (an extra: ``pip install 'rupturecode[gamma]'``) finds the best alignment
and draws random codings; here it is seeded, quiet, and one thread, so that a number can be
had again.

References
----------
Mathet, Y., Widlocher, A. & Metivier, J.-P. (2015). The unified and holistic method gamma for
inter-annotator agreement measure and alignment. Computational Linguistics 41, 437-479.
Mathet, Y. (2017). The agreement measure gamma-cat. Computational Linguistics 43, 661-681.
Titeux, H. & Riad, R. (2021). pygamma-agreement. JOSS 6(62), 2989.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from rupturecode.arguments import as_numbers, check_kinds
from rupturecode.errors import MissingExtraError, UsageError
from rupturecode.reliability.continuum import Continuum, Spans, continuum
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAN = float("nan")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Gamma(Result):
    """Gamma and gamma-cat, and the disorder that they are made of."""

    main: ClassVar[str] = "estimates"
    estimates: pd.DataFrame
    """coefficient (gamma, gamma_cat, gamma_k), category, estimate, observed, expected,
    drawn_low, drawn_high (error of the random codings only, no interval), n_spans,
    n_coders, note."""

    def headline(self) -> str:
        """Say gamma."""
        first = self.estimates.iloc[0]
        if np.isnan(first["estimate"]):
            return f"Gamma is undefined: {first['note']}."
        return f"Gamma {first['estimate']:.2f} ({first['n_spans']} stretches)."


@check_kinds
def positional_dissimilarity(
    first: Sequence[float], second: Sequence[float], *, empty: float = 1.0
) -> float:
    """Return how far two stretches lie apart, for their length.

    Parameters
    ----------
    first, second
        Start and end.
    empty
        What a stretch that meets nothing costs; the scale of the measure.

    Raises
    ------
    UsageError
        When both have no length.

    References
    ----------
    Mathet, Widlocher & Metivier (2015), section 4.2, eq. for the positional sporadic
    dissimilarity, figure 10.

    Examples
    --------
    >>> round(positional_dissimilarity((4, 14), (20, 25)), 2)
    3.24
    """
    one, other = as_numbers(first, "start and end"), as_numbers(second, "start and end")
    if one.shape != (2,) or other.shape != (2,):
        raise UsageError("a stretch is its start and its end")
    both = (one[1] - one[0]) + (other[1] - other[0])
    if not both > 0:
        raise UsageError("two stretches without length have no distance")
    return float((np.abs(one - other).sum() / both) ** 2 * empty)


def gamma(spans: Spans | Continuum, *, samples: int = 30, seed: int = 0) -> float:
    """Return gamma; see ``gamma_table``.

    Raises
    ------
    MissingExtraError
        When pygamma-agreement is not installed.
    """
    return _estimate(gamma_table(spans, samples=samples, seed=seed), "gamma")


def gamma_cat(spans: Spans | Continuum, *, samples: int = 30, seed: int = 0) -> float:
    """Return gamma-cat: agreement on what aligned stretches are called; see ``gamma_table``.

    Raises
    ------
    MissingExtraError
        When pygamma-agreement is not installed.
    """
    return _estimate(gamma_table(spans, samples=samples, seed=seed), "gamma_cat")


def gamma_table(
    spans: Spans | Continuum,
    *,
    alpha: float = 3.0,
    beta: float = 1.0,
    empty: float = 1.0,
    samples: int = 30,
    seed: int = 0,
) -> Gamma:
    """Return gamma, gamma-cat and gamma-k of each category.

    Time grows steeply with the number of coders; two or three are fast.

    Parameters
    ----------
    spans
        Stretches by coder; see `rupturecode.reliability.continuum`. They may overlap.
    alpha, beta
        Weights of position and of category.
    empty
        Cost of a stretch that meets nothing.
    samples
        Random codings for what chance gives.
    seed
        Of the random codings.

    Raises
    ------
    MissingExtraError
        When pygamma-agreement is not installed.
    UsageError
        When there are no random codings to compare with.
    """
    if samples < 2:
        raise UsageError(f"samples={samples}: give 2 or more (30 is usual)")
    whole = continuum(spans)
    settings: dict[str, object] = {
        "alpha": alpha,
        "beta": beta,
        "empty": empty,
        "samples": samples,
        "seed": seed,
    }
    reason = _why(whole)
    if reason:
        return Gamma(estimates=_frame([("gamma", "", _NAN, [])], whole, reason), settings=settings)
    with _quiet(seed) as pygamma:
        measure = pygamma.CombinedCategoricalDissimilarity(
            alpha=alpha, beta=beta, delta_empty=empty
        )
        theirs = _theirs(pygamma, whole)
        best = theirs.get_best_alignment(measure)
        sampler = pygamma.StatisticalContinuumSampler()
        sampler.init_sampling(theirs)
        drawn = [sampler.sample_from_continuum.get_best_alignment(measure) for _ in range(samples)]
        rows = [("gamma", "", float(best.disorder), [float(d.disorder) for d in drawn])]
        asked = [("gamma_cat", None), *(("gamma_k", c) for c in whole.categories)]
        rows += [
            (
                name,
                category or "",
                float(best.gamma_k_disorder(measure, category)),
                [float(d.gamma_k_disorder(measure, category)) for d in drawn],
            )
            for name, category in asked
        ]
    return Gamma(estimates=_frame(rows, whole, ""), settings=settings)


def _estimate(found: Gamma, name: str) -> float:
    table = found.estimates
    values = table.loc[table["coefficient"] == name, "estimate"]
    return float(values.iloc[0]) if len(values) else _NAN


def _why(whole: Continuum) -> str:
    if len(whole.coders) < 2:
        return "one coder only"
    if sum(bool(own) for own in whole.spans.values()) < 2:
        return "fewer than two coders cut out anything"
    return ""


def _frame(
    rows: Sequence[tuple[str, str, float, list[float]]], whole: Continuum, reason: str
) -> pd.DataFrame:
    n_spans = sum(len(own) for own in whole.spans.values())
    out = []
    for name, category, observed, drawn in rows:
        chance = np.array(drawn, dtype=np.float64)
        chance = chance[~np.isnan(chance)]
        expected = float(chance.mean()) if len(chance) else _NAN
        estimate = 1 - observed / expected if expected > 0 else _NAN
        reach = 1.96 * chance.std(ddof=1) / len(chance) ** 0.5 if len(chance) > 1 else _NAN
        note = reason or ("" if expected > 0 else "chance gives no disorder to compare with")
        out.append(
            {
                "coefficient": name,
                "category": category,
                "estimate": estimate,
                "observed": observed,
                "expected": expected,
                "drawn_low": _over(observed, expected - reach),
                "drawn_high": _over(observed, expected + reach),
                "n_spans": n_spans,
                "n_coders": len(whole.coders),
                "note": note,
            }
        )
    return pd.DataFrame(out)


def _over(observed: float, expected: float) -> float:
    return 1 - observed / expected if expected > 0 else _NAN


def _theirs(pygamma: Any, whole: Continuum) -> Any:  # noqa: ANN401 - a library without types
    from pyannote.core import Segment

    out = pygamma.Continuum()
    for coder, own in whole.spans.items():
        out.add_annotator(coder)
        for span in own:
            out.add(coder, Segment(span.start, span.end), span.category)
    return out


@contextmanager
def _quiet(seed: int) -> Iterator[Any]:
    """Lend pygamma-agreement, seeded and silent, and leave nothing of it behind.

    It draws from numpy's global state, its solver prints, and it logs on the root logger,
    which sets up handlers when there are none.
    """
    try:
        import pygamma_agreement
        from cvxopt import glpk
    except ImportError as e:
        raise MissingExtraError("gamma", "pygamma-agreement", "gamma") from e
    state, options = np.random.get_state(), dict(glpk.options)  # noqa: NPY002 - theirs
    root, silent = logging.getLogger(), logging.NullHandler()
    level = logging.root.manager.disable
    root.addHandler(silent)
    logging.disable(logging.CRITICAL)
    glpk.options["msg_lev"] = "GLP_MSG_OFF"
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield pygamma_agreement
    finally:
        np.random.set_state(state)  # noqa: NPY002
        glpk.options.clear()
        glpk.options.update(options)
        logging.disable(level)
        root.removeHandler(silent)
