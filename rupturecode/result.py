"""The one shape that every analysis returns."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from typing import TYPE_CHECKING, ClassVar

from rupturecode.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_SHOWN = 12


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Result:
    """Tidy tables, a one-line headline, and the settings that made them.

    A subclass is named for the question it answers, declares one field per table, names
    the first in ``main``, and words its own ``headline``.
    """

    main: ClassVar[str]
    """Name of the table shown first and returned by ``to_frame()``."""

    settings: Mapping[str, object] = field(default_factory=dict)
    """Every argument that made the result, for the methods section."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables inside, the main one first."""
        import pandas as pd

        names = [f.name for f in fields(self) if isinstance(getattr(self, f.name), pd.DataFrame)]
        return (self.main, *(n for n in names if n != self.main))

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a copy of one table (the main one unless named).

        Raises
        ------
        UnknownNameError
            When the result has no table of that name.
        """
        name = table or self.main
        if name not in self.tables:
            raise UnknownNameError("table", name, self.tables)
        frame: pd.DataFrame = getattr(self, name)
        return frame.copy()

    def headline(self) -> str:
        """One plain sentence; subclasses say more."""
        return type(self).__name__

    def __repr__(self) -> str:
        frame = self.to_frame()
        rows = frame.head(_SHOWN).to_string(index=False)
        return f"{self.headline()}\n{rows}{_more(len(frame))}"

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        rows = frame.head(_SHOWN).to_html(index=False, border=0, float_format="%.3g")
        headline, more = escape(self.headline()), escape(_more(len(frame)).strip())
        others = ", ".join(f"<code>{escape(t)}</code>" for t in self.tables[1:])
        foot = f"<p>Also in this result: {others}</p>" if others else ""
        return f"<p><b>{headline}</b></p>{rows}<p>{more}</p>{foot}"


def _more(n: int) -> str:
    return f"\n... {n - _SHOWN} more rows: to_frame()" if n > _SHOWN else ""
