"""Do coders agree? Coefficients, honest intervals, reasons, and the turns to talk about.

``agreement(notes)`` makes the table; every coefficient is also a plain function of a
units × coders table. Coefficients never look at single ratings but at additive counts
(`rupturecode.reliability.tally`), so tables, resampling and pooling share one formula each.

Missing ratings: one rule
-------------------------
Every rating that was given is used, and nothing is filled in.

* Agreement is seen on units that two or more coders rated. Each such unit counts once, with
  the share of its pairs of coders that agree.
* Chance is estimated from every rating given, also on units that one coder rated.

Three families depart from it because their definitions do, and say so: Krippendorff's alpha
uses only units with two ratings, each rating counting once; two-coder coefficients (and
Light's and Hubert's, made of them) use the units both coders of a pair rated; intraclass
correlations need units rated by every coder, and leave the others out.

A coefficient that is undefined is NaN, with the reason from ``why_undefined`` in tables.
All ratings in one category is always undefined, also for AC1 and Brennan-Prediger: that
coders agree on a code nobody used cannot be told from nobody having looked.
"""

from __future__ import annotations

from rupturecode.reliability.agreement import Agreement, agreement
from rupturecode.reliability.alignment_kappa import Alignment, align_events, alignment_kappa
from rupturecode.reliability.alpha import (
    expected_disagreement,
    krippendorff_alpha,
    observed_disagreement,
)
from rupturecode.reliability.chance import expected_agreement
from rupturecode.reliability.charts import ewma_chart, p_chart
from rupturecode.reliability.coder_model import CoderModel, coder_model, one_of
from rupturecode.reliability.coefficients import COEFFICIENTS
from rupturecode.reliability.comparison import (
    AgreementDifference,
    compare_agreement,
    compare_codes,
)
from rupturecode.reliability.confusions import Confusions, confusions
from rupturecode.reliability.disagreements import Disagreements, disagreements
from rupturecode.reliability.drift import Drift, drift
from rupturecode.reliability.equity import Equity, equity
from rupturecode.reliability.events import EventsAndTime, events_and_time
from rupturecode.reliability.gamma import (
    Gamma,
    gamma,
    gamma_cat,
    gamma_table,
    positional_dissimilarity,
)
from rupturecode.reliability.gwet import gwet_ac
from rupturecode.reliability.icc import icc
from rupturecode.reliability.icc_limits import icc_table
from rupturecode.reliability.intervals import intervals
from rupturecode.reliability.kappa import cohen_kappa, cohen_kappa_max, scott_pi
from rupturecode.reliability.kappas import (
    conger_kappa,
    fleiss_kappa,
    hubert_kappa,
    light_kappa,
)
from rupturecode.reliability.observed import (
    bias_index,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    prevalence,
    prevalence_index,
    specific_agreement,
)
from rupturecode.reliability.planning import (
    DoubleCoding,
    expected_coefficients,
    plan_double_coding,
)
from rupturecode.reliability.pooling import PooledAgreement, pooled_agreement
from rupturecode.reliability.segmentation import (
    boundary_edits,
    boundary_similarity,
    segmentation_similarity,
)
from rupturecode.reliability.session_sums import SessionSums, read_session_sums, session_sums
from rupturecode.reliability.sets import (
    code_sets,
    jaccard_distance,
    masi_alpha,
    masi_distance,
)
from rupturecode.reliability.slices import leave_one_coder_out, per_category, per_pair
from rupturecode.reliability.standard_error import cohen_kappa_se, standard_error
from rupturecode.reliability.time_kappa import time_kappa, time_units
from rupturecode.reliability.undefined import why_undefined
from rupturecode.reliability.uniform import brennan_prediger, pabak
from rupturecode.reliability.unitizing import Unitizing, unitizing_alpha, unitizing_table

__all__ = [
    "COEFFICIENTS",
    "Agreement",
    "AgreementDifference",
    "Alignment",
    "CoderModel",
    "Confusions",
    "Disagreements",
    "DoubleCoding",
    "Drift",
    "Equity",
    "EventsAndTime",
    "Gamma",
    "PooledAgreement",
    "SessionSums",
    "Unitizing",
    "agreement",
    "align_events",
    "alignment_kappa",
    "bias_index",
    "boundary_edits",
    "boundary_similarity",
    "brennan_prediger",
    "code_sets",
    "coder_model",
    "cohen_kappa",
    "cohen_kappa_max",
    "cohen_kappa_se",
    "compare_agreement",
    "compare_codes",
    "confusions",
    "conger_kappa",
    "disagreements",
    "drift",
    "equity",
    "events_and_time",
    "ewma_chart",
    "expected_agreement",
    "expected_coefficients",
    "expected_disagreement",
    "fleiss_kappa",
    "gamma",
    "gamma_cat",
    "gamma_table",
    "gwet_ac",
    "hubert_kappa",
    "icc",
    "icc_table",
    "intervals",
    "jaccard_distance",
    "krippendorff_alpha",
    "leave_one_coder_out",
    "light_kappa",
    "masi_alpha",
    "masi_distance",
    "negative_agreement",
    "observed_disagreement",
    "one_of",
    "p_chart",
    "pabak",
    "per_category",
    "per_pair",
    "percent_agreement",
    "plan_double_coding",
    "pooled_agreement",
    "positional_dissimilarity",
    "positive_agreement",
    "prevalence",
    "prevalence_index",
    "read_session_sums",
    "scott_pi",
    "segmentation_similarity",
    "session_sums",
    "specific_agreement",
    "standard_error",
    "time_kappa",
    "time_units",
    "unitizing_alpha",
    "unitizing_table",
    "why_undefined",
]
