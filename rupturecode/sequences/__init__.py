"""What follows a rupture: episodes, transitions, time to repair, stages, trajectories."""

from __future__ import annotations

from rupturecode.sequences.adjust import adjust_p, max_t
from rupturecode.sequences.transition_result import Transitions
from rupturecode.sequences.transition_table import transition_statistics, transition_table

__all__ = [
    "Transitions",
    "adjust_p",
    "max_t",
    "transition_statistics",
    "transition_table",
]
