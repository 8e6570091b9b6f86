"""Plain sentences about results: the headlines, and a verdict with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.display import counted
from rupturecode.reliability.undefined import FEW_GIVEN
from rupturecode.report.blocks import MISSING, number, sentence_list
from rupturecode.sequences.outcomes import outcome_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.report.findings import Findings

MAIN = "krippendorff_alpha"
FIRM, TENTATIVE = 0.800, 0.667
SOURCE = (
    "Krippendorff (2004, Content Analysis, 2nd ed., p. 241) would rest firm conclusions on alpha "
    "of .800 and above and only tentative ones on .667 to .800. These are conventions, not tests: "
    "what agreement is needed depends on what is concluded from it."
)


def headlines(findings: Findings) -> list[str]:
    """Return the three findings that stand on top: sample, agreement, rupture and repair."""
    return [_sample(findings), _agreement(findings), _sequences(findings)]


def _sample(findings: Findings) -> str:
    corpus, notes = findings.corpus, findings.notes
    sessions = corpus.sessions
    cases = sessions["case"].nunique()
    kinds = sessions["kind"].fillna("session").value_counts()
    others = [f"{n} {kind}" for kind, n in kinds.items() if kind != "session"]
    n_sessions = counted(int(kinds.get("session", 0)), "session")
    of = f" of {counted(cases, 'case')}" if cases else ""
    coded = ""
    if notes is not None:
        coded = (
            f", coded by {counted(len(notes.coders), 'coder')} "
            f"({counted(len(notes.to_frame()), 'annotation')}, {counted(len(notes.codes), 'code')})"
        )
    contacts = sentence_list([n_sessions, *others])
    return f"{contacts}{of} with {counted(len(corpus.turns), 'turn')}{coded}."


def _agreement(findings: Findings) -> str:
    if findings.agreement is None:
        return next(iter(findings.missing), "Agreement was not analysed.")
    table = main_rows(findings.agreement.by_code)
    known = table[table["estimate"].notna()]
    if known.empty:
        return "Agreement could not be estimated for any code; the table says why."
    verdicts = known.apply(verdict, axis=1)
    often = known[verdicts != "too rare"]
    often = often if len(often) else known
    bounded = often[often["low"].notna()]
    shown = bounded if len(bounded) else often
    best, worst = (shown.loc[at] for at in (shown["estimate"].idxmax(), shown["estimate"].idxmin()))
    firm, weak, rare = ((verdicts == word).sum() for word in ("firm", "weak", "too rare"))
    if len(shown) == 1:
        line = f"Agreement is alpha {_with_n(best)} for {_label(findings, best)}"
    else:
        line = (
            f"Agreement runs from alpha {_with_n(worst)} for {_label(findings, worst)} to "
            f"{_with_n(best)} for {_label(findings, best)}"
        )
    if len(bounded):
        line += (
            f"; of {counted(len(bounded), 'code')} with an interval, {firm} lie surely above "
            f"{FIRM:.3f} and {weak} surely below {TENTATIVE:.3f}"
        )
    undefined = len(table) - len(known)
    alone = "it was" if len(known) == 1 else "all were"
    who = alone if rare == len(known) else f"{rare}"
    rest = f"; {who} given too rarely to tell" if rare else ""
    rest += f"; {undefined} could not be estimated" if undefined else ""
    return f"{line}{rest}."


def _with_n(row: pd.Series) -> str:
    return f"{interval(row)} (n = {int(row['n_units']):,})"


def _label(findings: Findings, row: pd.Series) -> str:
    return findings.labels[str(row["code"])].lower()


def _sequences(findings: Findings) -> str:
    if findings.episodes is None:
        return "Ruptures and repairs were not analysed."
    table = findings.episodes.to_frame()
    if table.empty:
        return "No rupture episode was found by the rule in study.toml."
    ends = [
        f"{n:,} {outcome_words(str(end))}" for end, n in table["outcome"].value_counts().items()
    ]
    kinds = [f"{n} {kind}" for kind, n in table["kind"].value_counts().items()]
    first = table["first_response"].value_counts()
    answered = (
        f" The therapist's first response was repair in {int(first.get('repair', 0))} and "
        f"antagonizing in {int(first.get('antagonizing', 0))}."
    )
    n = counted(len(table), "rupture episode")
    return f"{n} ({sentence_list(kinds)}): {sentence_list(ends)}.{answered}"


def main_rows(by_code: pd.DataFrame) -> pd.DataFrame:
    """Return one row per code: its alpha at the first unit on which it was rated."""
    rated = by_code.assign(
        unrated=by_code["n_units"] == 0, other=by_code["coefficient"] != MAIN
    ).sort_values(["unrated", "other"], kind="stable")
    first = rated.drop_duplicates("code").drop(columns=["unrated", "other"])
    order = list(by_code["code"].drop_duplicates())
    return first.set_index("code").loc[order].reset_index()


def interval(row: Mapping[str, object] | pd.Series) -> str:
    """Word an estimate with its interval.

    Examples
    --------
    >>> interval({"estimate": 0.61, "low": 0.4, "high": 0.78})
    '0.61 [0.40, 0.78]'
    >>> interval({"estimate": 1.0, "low": float("nan"), "high": float("nan")})
    '1.00'
    """
    low, high = number(row["low"]), number(row["high"])
    limits = "" if low == high == MISSING else f" [{low}, {high}]"
    return f"{number(row['estimate'])}{limits}"


VERDICTS = {
    "firm": "the whole interval lies above .800",
    "tentative": "the whole interval lies above .667",
    "open": "the interval is too wide to tell",
    "weak": "the whole interval lies below .667",
    "too rare": f"given on fewer than {FEW_GIVEN} units: no verdict can rest on so few",
    "no interval": "too little disagreement, or too few sessions, to make an interval from",
    "undefined": "no coefficient exists; the reason stands in the table of all coefficients",
}


def verdict(row: pd.Series) -> str:
    """Say in one word what an agreement estimate allows; VERDICTS says what the words mean.

    Examples
    --------
    >>> import pandas as pd
    >>> verdict(pd.Series({"estimate": 0.9, "low": 0.85, "high": 0.95}))
    'firm'
    >>> verdict(pd.Series({"estimate": 0.7, "low": 0.3, "high": 0.9}))
    'open'
    """
    import pandas as pd

    if pd.isna(row["estimate"]):
        return "undefined"
    if row.get("n_given", FEW_GIVEN) < FEW_GIVEN:
        return "too rare"
    if pd.isna(row["low"]):
        return "no interval"
    if row["low"] >= FIRM:
        return "firm"
    if row["low"] >= TENTATIVE:
        return "tentative"
    return "weak" if row["high"] < TENTATIVE else "open"
