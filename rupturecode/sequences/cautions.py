"""What a reader should bear in mind: the words printed with results."""

from __future__ import annotations

import pandas as pd

FEW_CLUSTERS = 20
SMALL_EXPECTED = 5.0


def cautions(*lines: str) -> pd.DataFrame:
    """Put the cautions that apply (the non-empty ones) into a table.

    Examples
    --------
    >>> cautions("", "Few sessions.")["caution"].tolist()
    ['Few sessions.']
    """
    return pd.DataFrame({"caution": pd.Series([x for x in lines if x], dtype="str")})


def few_clusters(n: int, what: str = "sessions") -> str:
    """Warn when too few clusters carry an interval.

    Examples
    --------
    >>> few_clusters(8, "cases")
    'Only 8 cases: intervals that rest on variation between them are too narrow below 20.'
    """
    if n >= FEW_CLUSTERS:
        return ""
    return (
        f"Only {n} {what}: intervals that rest on variation between them are too narrow "
        f"below {FEW_CLUSTERS}."
    )


def sparse(n_small: int, n_cells: int) -> str:
    """Warn about cells whose expected count is small.

    Examples
    --------
    >>> sparse(3, 9)
    '3 of 9 cells have an expected count below 5: trust their exact p, not their residual.'
    """
    if not n_small:
        return ""
    return (
        f"{n_small} of {n_cells} cells have an expected count below {SMALL_EXPECTED:.0f}: "
        "trust their exact p, not their residual."
    )


def many_tests(n: int) -> str:
    """Say how many false findings the number of tests alone would bring.

    Examples
    --------
    >>> many_tests(144)
    '144 tests: about 7.2 would fall below .05 by chance alone; read p_adjusted.'
    """
    if n < 2:
        return ""
    return f"{n} tests: about {0.05 * n:.1f} would fall below .05 by chance alone; read p_adjusted."


def pooled_residual(n_sessions: int) -> str:
    """Warn that a residual pooled over sessions mixes base rates with sequence.

    Examples
    --------
    >>> pooled_residual(1)
    ''
    """
    if n_sessions < 2:
        return ""
    return (
        "expected and adjusted_residual pool sessions as if they were one: sessions that "
        "differ in how often codes occur then look as if codes followed one another (in our "
        "simulations 16 to 59 % false findings at .05). p_exact and z compare within "
        "sessions and are not affected."
    )


NOT_CAUSAL = (
    "A contingency is not a cause, and codes that persist in one speaker (autodependence) "
    "can look like an answer to the other."
)
