"""Everything a report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.reliability import Agreement, Disagreements, DoubleCoding, Drift, Equity
    from rupturecode.sequences import Episodes, RepairTime, StagePaths, Transitions
    from rupturecode.transcript import Corpus


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The results of a study's analyses; None where the data do not allow one yet."""

    title: str
    codebook: Codebook
    corpus: Corpus
    notes: Annotations | None = None
    layer: Annotations | None = None
    """The consensus (or only coder) that the sequence analyses rest on."""
    consensus_rule: str = "majority"
    agreement: Agreement | None = None
    disagreements: Disagreements | None = None
    plan: DoubleCoding | None = None
    drift: Drift | None = None
    equity: Equity | None = None
    episodes: Episodes | None = None
    transitions: Transitions | None = None
    repair_time: RepairTime | None = None
    stage_paths: StagePaths | None = None
    missing: tuple[str, ...] = ()
    """What could not be analysed, and why."""

    @property
    def labels(self) -> dict[str, str]:
        """What each code is called in print."""
        return {code.id: code.label for code in self.codebook}

    def worded(self, table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """Return a table with codes, one in a cell or several after commas, as their labels."""
        labels = self.labels
        return table.assign(
            **{
                name: [", ".join(labels.get(c, c) for c in codes.split(", ")) for codes in cells]
                for name in columns
                for cells in [table[name].fillna("")]
            }
        )
