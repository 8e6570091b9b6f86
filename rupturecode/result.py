"""The one shape that every analysis returns."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar

from rupturecode.display import counted, fold, heading, hidden, listing, table, without_words
from rupturecode.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_SHOWN = 12
_LONGEST = 400


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
        rows = without_words(frame).head(_SHOWN).to_string(index=False)
        return "\n".join([self.headline(), rows, *_remarks(frame)])

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        known = self.to_frame("cautions") if "cautions" in self.tables else None
        warned = [] if known is None else [str(line) for line in known.iloc[:, -1]]
        parts = [
            heading(self.headline()),
            listing(warned),
            table(without_words(frame), _title(self.main), rows=_SHOWN),
            listing(_left_out(frame)),
        ]
        for name in self.tables[1:]:
            other = self.to_frame(name)
            if name == "cautions" or other.empty:
                continue
            inside = table(without_words(other).head(_SHOWN), _title(name))
            parts.append(
                fold(f"{_title(name)} ({counted(len(other), 'row')}): to_frame({name!r})", inside)
            )
        if self.settings:
            made = listing(f"{key}: {_short(value)}" for key, value in self.settings.items())
            parts.append(fold("Settings", made))
        return "".join(parts)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _remarks(frame: pd.DataFrame) -> list[str]:
    more = len(frame) - _SHOWN
    return [f"... {more} more rows: to_frame()"] * (more > 0) + _left_out(frame)


def _left_out(frame: pd.DataFrame) -> list[str]:
    """Say which columns are not shown, so that nobody thinks they are not there."""
    names = ", ".join(hidden(frame))
    return [f"Words are not shown ({names}): to_frame() has them."] if names else []
