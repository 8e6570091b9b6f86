"""What follows a rupture: episodes, transitions, time to repair, stages, trajectories.

Functions on coding take one layer (a consensus, or one coder's) and a corpus; the same
statistics are there for bare data: code sequences, count tables, times and events.

Some functions bear the name of their module, so they are imported here at once: a lazily
loaded ``episodes`` would be the module or the function, whichever came last.
"""

from __future__ import annotations

from rupturecode.sequences.adjust import adjust_p, max_t
from rupturecode.sequences.alliance import (
    AllianceSeries,
    alliance_series,
    compare_with_observers,
)
from rupturecode.sequences.competing import competing_risks
from rupturecode.sequences.cox import CoxModel, cox_regression
from rupturecode.sequences.distances import (
    hamming_distance,
    largest_distance,
    optimal_matching,
    substitution_costs,
)
from rupturecode.sequences.episodes import Episodes, episodes
from rupturecode.sequences.export import code_sequences, event_log, to_sds, to_sps, to_sts
from rupturecode.sequences.hazard import discrete_hazard, landmark_odds, person_turn_table
from rupturecode.sequences.hidden import StateChances, best_path, state_chances
from rupturecode.sequences.indices import state_indices
from rupturecode.sequences.log_rank import log_rank
from rupturecode.sequences.logit import LogitModel, logit
from rupturecode.sequences.mantel import CommonOdds, mantel_haenszel
from rupturecode.sequences.markov import (
    absorption,
    homogeneity_test,
    mean_first_passage,
    order_test,
    stationarity_test,
    stationary_distribution,
    theory_test,
    transition_rates,
)
from rupturecode.sequences.moderation import Moderation, moderation, transitions_by
from rupturecode.sequences.partners import ActorPartner, actor_partner
from rupturecode.sequences.pooling import PooledTransitions, pool_transitions
from rupturecode.sequences.random_order import random_order_kappa, two_cell_kappa
from rupturecode.sequences.rates import Rates, initiators, rates
from rupturecode.sequences.repair_time import RepairTime, repair_time
from rupturecode.sequences.resample import resampled_limits
from rupturecode.sequences.rule import EpisodeRule
from rupturecode.sequences.stages import StagePaths, paths_of, stage_paths
from rupturecode.sequences.survival import median_time, restricted_mean, survival_curve
from rupturecode.sequences.testing import TestResult
from rupturecode.sequences.trajectories import (
    EventWindow,
    Trajectory,
    event_window,
    trajectory,
)
from rupturecode.sequences.transition_result import Transitions
from rupturecode.sequences.transition_table import transition_statistics, transition_table
from rupturecode.sequences.transitions import transitions

__all__ = [
    "ActorPartner",
    "AllianceSeries",
    "CommonOdds",
    "CoxModel",
    "EpisodeRule",
    "Episodes",
    "EventWindow",
    "LogitModel",
    "Moderation",
    "PooledTransitions",
    "Rates",
    "RepairTime",
    "StagePaths",
    "StateChances",
    "TestResult",
    "Trajectory",
    "Transitions",
    "absorption",
    "actor_partner",
    "adjust_p",
    "alliance_series",
    "best_path",
    "code_sequences",
    "compare_with_observers",
    "competing_risks",
    "cox_regression",
    "discrete_hazard",
    "episodes",
    "event_log",
    "event_window",
    "hamming_distance",
    "homogeneity_test",
    "initiators",
    "landmark_odds",
    "largest_distance",
    "log_rank",
    "logit",
    "mantel_haenszel",
    "max_t",
    "mean_first_passage",
    "median_time",
    "moderation",
    "optimal_matching",
    "order_test",
    "paths_of",
    "person_turn_table",
    "pool_transitions",
    "random_order_kappa",
    "rates",
    "repair_time",
    "resampled_limits",
    "restricted_mean",
    "stage_paths",
    "state_chances",
    "state_indices",
    "stationarity_test",
    "stationary_distribution",
    "substitution_costs",
    "survival_curve",
    "theory_test",
    "to_sds",
    "to_sps",
    "to_sts",
    "trajectory",
    "transition_rates",
    "transition_statistics",
    "transition_table",
    "transitions",
    "transitions_by",
    "two_cell_kappa",
]
