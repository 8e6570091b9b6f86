"""The result of a test: statistic, degrees of freedom, p, and the null it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from rupturecode.result import Result


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TestResult(Result):
    """One test per row."""

    __test__: ClassVar[bool] = False  # pytest would collect it for its name
    main: ClassVar[str] = "tests"

    tests: pd.DataFrame
    """test, null, statistic, df, p, note"""
    details: pd.DataFrame
    """The numbers behind the test, such as observed and expected counts by group."""

    @property
    def statistic(self) -> float:
        """Statistic of the first test."""
        return float(self.tests["statistic"].iloc[0])

    @property
    def df(self) -> float:
        """Degrees of freedom of the first test."""
        return float(self.tests["df"].iloc[0])

    @property
    def p(self) -> float:
        """P value of the first test."""
        return float(self.tests["p"].iloc[0])

    def headline(self) -> str:
        """Say the first test in one sentence."""
        row = self.tests.iloc[0]
        return f"{row['test']} (null: {row['null']}): {self.statistic:.3f}, p = {self.p:.3g}."


def chi2_test(
    name: str,
    null: str,
    statistic: float,
    df: int,
    *,
    details: pd.DataFrame | None = None,
    note: str = "",
    settings: dict[str, object] | None = None,
) -> TestResult:
    """Make the result of a chi-squared test; p is NaN without degrees of freedom.

    Examples
    --------
    >>> chi2_test("demo", "nothing happens", 3.84, 1).p.__round__(3)
    0.05
    """
    from scipy.stats import chi2

    p = float(chi2.sf(statistic, df)) if df > 0 else float("nan")
    if df <= 0:
        note = "; ".join(x for x in (note, "no degrees of freedom") if x)
    row = {"test": name, "null": null, "statistic": statistic, "df": df, "p": p, "note": note}
    return TestResult(
        tests=pd.DataFrame([row]),
        details=pd.DataFrame() if details is None else details,
        settings=settings or {},
    )
