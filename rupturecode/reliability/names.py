"""Coefficients as papers, tables and figures name and cite them."""

from __future__ import annotations

#: Name in results to name in print.
NAMES = {
    "krippendorff_alpha": "Krippendorff's alpha",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "light_kappa": "Light's kappa",
    "hubert_kappa": "Hubert's kappa",
    "scott_pi": "Scott's pi",
    "brennan_prediger": "Brennan-Prediger",
    "pabak": "PABAK",
    "gwet_ac": "Gwet's AC",
    "alpha_of_numbers": "Krippendorff's alpha of numbers",
    "icc": "ICC(A,1)",
    "percent_agreement": "Agreement",
    "positive_agreement": "Agreement on presence",
    "negative_agreement": "Agreement on absence",
    "prevalence": "Prevalence",
    "masi_alpha": "Alpha with MASI",
}
#: Name in results to its source.
SOURCES = {
    "krippendorff_alpha": "Krippendorff, 2019",
    "cohen_kappa": "Cohen, 1960, 1968",
    "fleiss_kappa": "Fleiss, 1971",
    "conger_kappa": "Conger, 1980",
    "light_kappa": "Light, 1971",
    "hubert_kappa": "Hubert, 1977",
    "scott_pi": "Scott, 1955",
    "brennan_prediger": "Brennan & Prediger, 1981",
    "pabak": "Byrt et al., 1993",
    "gwet_ac": "Gwet, 2008, 2014",
}
_ICC = "McGraw & Wong, 1996"


def printed(name: str) -> str:
    """Name a coefficient for readers; one without a name of its own, such as a form of ICC, as is.

    Examples
    --------
    >>> printed("gwet_ac"), printed("ICC(A,1)")
    ("Gwet's AC", 'ICC(A,1)')
    """
    return NAMES.get(name, name)


def source(name: str) -> str:
    """Return where a coefficient comes from, or an empty string.

    Examples
    --------
    >>> source("cohen_kappa"), source("ICC(A,1)")
    ('Cohen, 1960, 1968', 'McGraw & Wong, 1996')
    """
    return _ICC if name.lower().startswith("icc") else SOURCES.get(name, "")


def cited(name: str) -> str:
    """Name a coefficient with its source.

    Examples
    --------
    >>> cited("gwet_ac")
    "Gwet's AC (Gwet, 2008, 2014)"
    """
    where = source(name)
    return f"{printed(name)} ({where})" if where else printed(name)
