"""Methods and results paragraphs on agreement, worded from one result."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import TYPE_CHECKING

from rupturecode.display import counted
from rupturecode.reliability.names import cited, printed
from rupturecode.report.blocks import number, sentence_list
from rupturecode.report.words import SOURCE, interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.annotation import Annotations
    from rupturecode.reliability import Agreement
    from rupturecode.transcript import Corpus

_MISSING = (
    "Every rating given was used and none filled in; agreement was observed on units that two or "
    "more coders rated."
)


def methods_text(
    result: Agreement,
    *,
    notes: Annotations | None = None,
    corpus: Corpus | None = None,
    labels: Mapping[str, str] | None = None,
) -> str:
    """Return paragraphs for the methods and the results section, as Markdown.

    Only what the result knows is worded; what it cannot know (training, blinding, who the
    coders are) is in the GRRAS checklist as missing.

    Parameters
    ----------
    result
        What ``agreement`` found.
    notes
        The annotations, for the codebook's title and citation.
    corpus
        The transcripts, for the size of the sample.
    labels
        Code to the name to print.
    """
    return "\n".join(
        [
            "## Methods: agreement between coders",
            "",
            " ".join([*_material(result, notes, corpus), *_statistics(result)]),
            "",
            "## Results: agreement between coders",
            "",
            " ".join(_results(result, labels or {})),
            "",
            f"*On reading the figures.* {SOURCE}",
            "",
        ]
    )


def _material(result: Agreement, notes: Annotations | None, corpus: Corpus | None) -> list[str]:
    settings = result.settings
    coders = settings.get("coders")
    n_coders = len(coders) if isinstance(coders, list) else int(result.by_code["n_coders"].max())
    both = int(result.by_code["n_sessions"].max()) if len(result.by_code) else 0
    book = str(settings.get("codebook", ""))
    named = f"{notes.codebook.title} ({book})" if notes is not None else book
    sample = (
        f"{_number_word(n_coders)} coders applied the codebook {named} to "
        f"{counted(int(str(settings.get('n_sessions', both))), 'session')}; "
        f"{counted(both, 'session')} were coded by two coders or more and entered the analysis."
    )
    lines = [sample]
    if notes is not None and notes.codebook.citation:
        lines.append(f"Codebook: {notes.codebook.citation.rstrip('.')}.")
    if corpus is not None:
        turns = counted(len(corpus.turns), "turn")
        lines.append(f"The transcripts hold {turns} in {counted(len(corpus), 'contact')}.")
    units = list(dict.fromkeys(result.by_code["unit"]))
    lines.append(f"Codes were compared by {sentence_list([str(u) for u in units])}.")
    return lines


def _number_word(n: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[n] if n < len(words) else str(n)


def _statistics(result: Agreement) -> list[str]:
    table, settings = result.by_code, result.settings
    names = [cited(str(c)) for c in dict.fromkeys(table["coefficient"])]
    levels = list(dict.fromkeys(str(v) for v in table["level"]))
    what = (
        f"We report {sentence_list(names)} (level of measurement by the codes' scales: "
        f"{sentence_list(levels)}), beside prevalence and agreement on presence and on absence. "
        f"{_MISSING}"
    )
    lines = [what]
    made = sorted({m for m in table["interval"] if m})
    confidence = 100 * float(str(settings.get("confidence", 0.95)))
    if made:
        drawn = any("bootstrap" in m for m in made)
        how = f" with {settings['replicates']} replicates, seed {settings['seed']}" if drawn else ""
        lines.append(f"Intervals ({confidence:g} %) are by {sentence_list(made)}{how}.")
    lines.append(f"Computed with rupturecode {version('rupturecode')}.")
    return lines


def _results(result: Agreement, labels: Mapping[str, str]) -> list[str]:
    table = result.by_code
    lines = []
    for unit in dict.fromkeys(table["unit"]):
        for name in dict.fromkeys(table["coefficient"]):
            own = table[(table["unit"] == unit) & (table["coefficient"] == name)]
            known = own[own["estimate"].notna()]
            if len(known):
                lines.append(_range(str(unit), str(name), known, labels))
    overall = result.overall
    lines += [
        f"Over {counted(int(row['n_codes']), 'code')} by {row['unit']}, mean "
        f"{printed(row['coefficient'])} was {interval(row)}."
        for row in overall[overall["low"].notna()].to_dict("records")
    ]
    return [*lines, *_undefined(table, labels)] or ["Nothing could be estimated."]


def _range(unit: str, name: str, known: pd.DataFrame, labels: Mapping[str, str]) -> str:
    low, high = known.loc[known["estimate"].idxmin()], known.loc[known["estimate"].idxmax()]
    shown = printed(name)
    if len(known) == 1:
        return f"By {unit}, {shown} was {_with_context(low, labels)}."
    return (
        f"By {unit}, {shown} ran from {_with_context(low, labels)} to "
        f"{_with_context(high, labels)}, over {counted(len(known), 'code')}."
    )


def _with_context(row: pd.Series, labels: Mapping[str, str]) -> str:
    code = str(row["code"])
    bounded = interval(row) if math.isfinite(row["low"]) else number(row["estimate"])
    return (
        f"{bounded} for {labels.get(code, code)} (n = {int(row['n_units']):,}, prevalence "
        f"{number(row['prevalence'])})"
    )


def _undefined(table: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for row in table[table["estimate"].isna()].to_dict("records"):
        shown = labels.get(row["code"], row["code"])
        reasons.setdefault((str(row["unit"]), str(row["note"])), {})[shown] = None
    return [
        f"By {unit}, undefined for {sentence_list(list(codes))}: {why}."
        for (unit, why), codes in reasons.items()
    ]
