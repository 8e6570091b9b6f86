"""Every coefficient by name: how to call it, and how to compute it from sums."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rupturecode.reliability import alpha, gwet, icc, kappa, kappas, observed, sets, uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from rupturecode.reliability.scheme import Scheme

    Parts = Mapping[str, NDArray[np.float64]]

#: Name to the function that takes a units × coders table and returns a number.
COEFFICIENTS: dict[str, Callable[..., float]] = {
    "percent_agreement": observed.percent_agreement,
    "positive_agreement": observed.positive_agreement,
    "negative_agreement": observed.negative_agreement,
    "krippendorff_alpha": alpha.krippendorff_alpha,
    "masi_alpha": sets.masi_alpha,
    "cohen_kappa": kappa.cohen_kappa,
    "scott_pi": kappa.scott_pi,
    "fleiss_kappa": kappas.fleiss_kappa,
    "conger_kappa": kappas.conger_kappa,
    "light_kappa": kappas.light_kappa,
    "hubert_kappa": kappas.hubert_kappa,
    "brennan_prediger": uniform.brennan_prediger,
    "pabak": uniform.pabak,
    "gwet_ac": gwet.gwet_ac,
    "icc": icc.icc,
}


@dataclass(frozen=True, slots=True)
class FromSums:
    """How a coefficient is computed for many codes and resamples at once."""

    needs: tuple[str, ...]
    """Parts of the sums (see `rupturecode.reliability.tally`)."""
    compute: Callable[[Parts, Scheme], NDArray[np.float64]]
    two_coders: bool = False


def _negative(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    del scheme
    specific: NDArray[np.float64] = observed.specific_from_sums(parts)[0]
    return specific


def _positive(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    del scheme
    specific: NDArray[np.float64] = observed.specific_from_sums(parts)[1]
    return specific


def _prevalence(parts: Parts, scheme: Scheme) -> NDArray[np.float64]:
    del scheme
    given = parts["coder_margins"].sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: NDArray[np.float64] = given[1] / given.sum(axis=0)
    return share


def _icc(parts: Parts, scheme: Scheme, *, form: str) -> NDArray[np.float64]:
    del scheme
    return icc.icc_from_sums(parts, form)


#: Name to the batched computation; intraclass correlations go by their form.
FROM_SUMS: dict[str, FromSums] = {
    "percent_agreement": FromSums(("unit_pairs",), observed.percent_from_sums),
    "positive_agreement": FromSums(("coincidences",), _positive),
    "negative_agreement": FromSums(("coincidences",), _negative),
    "prevalence": FromSums(("coder_margins",), _prevalence),
    "krippendorff_alpha": FromSums(("coincidences",), alpha.alpha_from_sums),
    "alpha_of_numbers": FromSums(("spread",), alpha.alpha_of_numbers),
    "cohen_kappa": FromSums(("pair_tables",), kappa.cohen_from_sums, two_coders=True),
    "scott_pi": FromSums(("pair_tables",), kappa.scott_from_sums, two_coders=True),
    "fleiss_kappa": FromSums(("unit_pairs", "rated"), kappas.fleiss_from_sums),
    "conger_kappa": FromSums(("unit_pairs", "coder_margins"), kappas.conger_from_sums),
    "light_kappa": FromSums(("pair_tables",), kappas.light_from_sums),
    "hubert_kappa": FromSums(("pair_tables",), kappas.hubert_from_sums),
    "brennan_prediger": FromSums(("unit_pairs",), uniform.uniform_from_sums),
    "pabak": FromSums(("unit_pairs",), uniform.uniform_from_sums),
    "gwet_ac": FromSums(("unit_pairs", "rated"), gwet.gwet_from_sums),
    "icc": FromSums(("moments",), partial(_icc, form="ICC(2,1)")),
    **{
        name: FromSums(("moments",), partial(_icc, form=ours))
        for ours, theirs in icc.FORMS.items()
        for name in (ours, theirs)
    },
}
