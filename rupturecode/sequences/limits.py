"""How far an interval reaches, for a level of confidence."""

from __future__ import annotations

from rupturecode.arguments import check_confidence


def quantile(confidence: float, df: float = float("inf")) -> float:
    """Return the number of standard errors on each side: Student's t, or the normal one.

    Raises
    ------
    UsageError
        When the confidence is no share.

    Examples
    --------
    >>> round(quantile(0.95), 3), round(quantile(0.95, 10), 3)
    (1.96, 2.228)
    """
    from scipy.special import ndtri, stdtrit

    check_confidence(confidence)
    upper = 0.5 + confidence / 2
    return float(ndtri(upper) if df == float("inf") else stdtrit(df, upper))


def tail(confidence: float) -> float:
    """Return the share left out on each side.

    Raises
    ------
    UsageError
        When the confidence is no share.

    Examples
    --------
    >>> round(tail(0.95), 3)
    0.025
    """
    check_confidence(confidence)
    return (1 - confidence) / 2
