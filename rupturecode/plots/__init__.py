"""Pictures of results, one module each; the only room that knows matplotlib.

Every function draws one result, takes ``ax=`` to draw into a figure of yours, and returns
the matplotlib Axes (a Figure where it has several panels). matplotlib itself is imported
when something is drawn.

A module bears the name of its function, and importing a submodule binds its name in the
package, so the functions are imported here at once: loaded lazily, ``plots.timeline`` would
be the module or the function, whichever came last.
"""

from __future__ import annotations

from rupturecode.plots.style import (
    ONE_COLUMN,
    TWO_COLUMNS,
    alt_text,
    paper,
    save,
)
from rupturecode.plots.timeline import timeline
from rupturecode.plots.timeline_table import timeline_table

__all__ = [
    "ONE_COLUMN",
    "TWO_COLUMNS",
    "alt_text",
    "paper",
    "save",
    "timeline",
    "timeline_table",
]
