"""Pictures of results, one module each; the only room that knows matplotlib.

Every function draws one result, takes ``ax=`` to draw into a figure of yours, and returns
the matplotlib Axes (a Figure where it has several panels). matplotlib itself is imported
when something is drawn.

A module bears the name of its function, and importing a submodule binds its name in the
package, so the functions are imported here at once: loaded lazily, ``plots.timeline`` would
be the module or the function, whichever came last.
"""

from __future__ import annotations

from rupturecode.plots.agreement import agreement
from rupturecode.plots.confusion import confusion
from rupturecode.plots.event_window import event_window
from rupturecode.plots.pairwise import pairwise
from rupturecode.plots.repair_time import repair_time
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
from rupturecode.plots.trajectory import trajectory
from rupturecode.plots.transitions import transition_network, transitions, transitions_table

__all__ = [
    "ONE_COLUMN",
    "TWO_COLUMNS",
    "agreement",
    "alt_text",
    "confusion",
    "event_window",
    "pairwise",
    "paper",
    "repair_time",
    "save",
    "stage_paths",
    "stage_paths_table",
    "timeline",
    "timeline_table",
    "trajectory",
    "transition_network",
    "transitions",
    "transitions_table",
]
