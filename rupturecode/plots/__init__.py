"""Pictures of results, one module each; the only room that knows matplotlib.

Every function draws one result, takes ``ax=`` to draw into a figure of yours, and returns
the matplotlib Axes (a Figure where it has several panels). What ``x`` draws, ``x_table``
returns as a table, for readers who cannot see it and for those who check. matplotlib itself is
imported when something is drawn.

A module bears the name of its function, and importing a submodule binds its name in the
package, so the functions are imported here at once: loaded lazily, ``plots.timeline`` would
be the module or the function, whichever came last.
"""

from __future__ import annotations

from rupturecode.plots.agreement import agreement, agreement_table
from rupturecode.plots.confusion import confusion, confusion_table
from rupturecode.plots.drift import drift, drift_table
from rupturecode.plots.event_window import event_window, event_window_table
from rupturecode.plots.pairwise import pairwise, pairwise_table
from rupturecode.plots.repair_time import repair_time, repair_time_table
from rupturecode.plots.show import show
from rupturecode.plots.stage_paths import stage_paths, stage_paths_table
from rupturecode.plots.style import (
    ONE_COLUMN,
    TWO_COLUMNS,
    alt_text,
    paper,
    save,
)
from rupturecode.plots.timeline import timeline
from rupturecode.plots.timeline_table import timeline_table
from rupturecode.plots.trajectory import trajectory, trajectory_table
from rupturecode.plots.transitions import (
    transition_network,
    transition_network_table,
    transitions,
    transitions_table,
)

__all__ = [
    "ONE_COLUMN",
    "TWO_COLUMNS",
    "agreement",
    "agreement_table",
    "alt_text",
    "confusion",
    "confusion_table",
    "drift",
    "drift_table",
    "event_window",
    "event_window_table",
    "pairwise",
    "pairwise_table",
    "paper",
    "repair_time",
    "repair_time_table",
    "save",
    "show",
    "stage_paths",
    "stage_paths_table",
    "timeline",
    "timeline_table",
    "trajectory",
    "trajectory_table",
    "transition_network",
    "transition_network_table",
    "transitions",
    "transitions_table",
]
