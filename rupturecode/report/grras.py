"""The GRRAS checklist: what a report of agreement must tell, filled in or marked missing.

References
----------
Kottner, J., Audige, L., Brorson, S., Donner, A., Gajewski, B. J., Hrobjartsson, A., Roberts,
C., Shoukri, M. & Streiner, D. L. (2011). Guidelines for reporting reliability and agreement
studies (GRRAS) were proposed. Journal of Clinical Epidemiology 64, 96-106, table 1. The items
stand here in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from rupturecode.display import counted
from rupturecode.errors import UnknownNameError
from rupturecode.reliability.names import cited
from rupturecode.report.blocks import number, sentence_list
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.reliability import Agreement
    from rupturecode.transcript import Corpus

VERSION = "GRRAS 2011"
#: Number, section, and what the item asks.
ITEMS = (
    (1, "Title and abstract", "say that reliability or agreement was studied"),
    (2, "Introduction", "name and describe the instrument"),
    (3, "Introduction", "say which clients and sessions it is meant for"),
    (4, "Introduction", "say which coders it is meant for"),
    (5, "Introduction", "say what is known of its reliability, and why this study"),
    (6, "Methods", "explain the numbers of sessions, coders and codings"),
    (7, "Methods", "say how sessions and coders were chosen"),
    (8, "Methods", "describe the coding: what coders saw, when, and blinding"),
    (9, "Methods", "say whether codings were made independently"),
    (10, "Methods", "describe the statistics"),
    (11, "Results", "give the numbers of coders, sessions and codings that were analysed"),
    (12, "Results", "describe the sample and the coders, their training too"),
    (13, "Results", "give estimates with their uncertainty"),
    (14, "Discussion", "discuss what the results mean in practice"),
    (15, "Supplement", "offer detailed results"),
)
FILLED, PARTLY, MISSING = "filled", "partly", "missing"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Grras(Result):
    """A checklist for the paper's supplement."""

    main: ClassVar[str] = "items"
    items: pd.DataFrame
    """item, section, asks, status (filled, partly, missing), text."""

    def headline(self) -> str:
        """Say how much is still to be written."""
        n = self.items["status"].value_counts()
        return (
            f"{VERSION}: {n.get(FILLED, 0)} of {len(self.items)} items filled, "
            f"{n.get(PARTLY, 0)} partly, {n.get(MISSING, 0)} missing."
        )

    def to_markdown(self) -> str:
        """Word as a Markdown checklist."""
        lines = [f"# {VERSION} checklist", "", self.headline(), ""]
        for section, rows in self.items.groupby("section", sort=False):
            lines += [f"## {section}", ""]
            for r in rows.to_dict("records"):
                asks = f"{r['item']}. {str(r['asks']).capitalize()}."
                lines.append(f"- **{asks}** [{r['status']}] {r['text']}".rstrip())
            lines.append("")
        source = "Kottner et al. (2011), J. Clin. Epidemiol. 64, 96-106; items in our own words."
        return "\n".join([*lines, source, ""])


def grras(
    result: Agreement,
    *,
    notes: Annotations | None = None,
    corpus: Corpus | None = None,
    title: str = "",
    answers: Mapping[int, str] | None = None,
) -> Grras:
    """Fill in the checklist from what a study knows of itself.

    Nothing is made up: items that no file can answer (who the coders are, how they were
    trained, why so many) are missing until ``answers`` gives them.

    Parameters
    ----------
    result
        What ``agreement`` found.
    notes
        The annotations.
    corpus
        The transcripts.
    title
        Of the paper or study.
    answers
        Item number to text; it stands in place of what was found.

    Raises
    ------
    UnknownNameError
        When there is no item of that number.

    References
    ----------
    Kottner et al. (2011), table 1.
    """
    given = dict(answers or {})
    for number_ in given:
        if number_ not in [item for item, _, _ in ITEMS]:
            raise UnknownNameError("GRRAS item", str(number_), [str(i) for i, _, _ in ITEMS])
    found = {1: _title(title)} | _known(result, notes, corpus)
    rows = []
    for item, section, asks in ITEMS:
        status, text = found.get(item, (MISSING, ""))
        if item in given:
            status, text = FILLED, given[item]
        rows.append((item, section, asks, status, text))
    return Grras(
        items=pd.DataFrame(rows, columns=["item", "section", "asks", "status", "text"]),
        settings={"version": VERSION, "title": title, "answers": given},
    )


def _title(title: str) -> tuple[str, str]:
    says = any(word in title.lower() for word in ("agreement", "reliability"))
    return (FILLED if says else MISSING), (f"Title: {title}." if says else "")


def _known(
    result: Agreement, notes: Annotations | None, corpus: Corpus | None
) -> dict[int, tuple[str, str]]:
    settings, table = result.settings, result.by_code
    units = sentence_list([str(u) for u in dict.fromkeys(table["unit"])])
    coders = settings.get("coders")
    n_coders = len(coders) if isinstance(coders, list) else int(table["n_coders"].max())
    n_codes = table["code"].nunique()
    both, units_rated = int(table["n_sessions"].max()), int(table["n_units"].max())
    names = sentence_list([cited(str(c)) for c in dict.fromkeys(table["coefficient"])])
    made = sentence_list(sorted({m for m in table["interval"] if m})) or "none could be made"
    missing_rule = "Missing ratings are left out, not filled in."
    numbers = (
        f"{counted(n_coders, 'coder')}, {counted(n_codes, 'code')}, {counted(both, 'session')} "
        f"coded by two or more, up to {counted(units_rated, 'unit')} per code."
    )
    return {
        2: _instrument(result, notes),
        8: (PARTLY, f"Codes were given by {units}; what coders saw and blinding are not known."),
        10: (FILLED, f"{names}; intervals: {made}. {missing_rule}"),
        11: (FILLED, numbers),
        12: _sample(corpus),
        13: _estimates(result),
        15: (FILLED, "agreement.csv: every code and coefficient with n, interval and reasons."),
    }


def _instrument(result: Agreement, notes: Annotations | None) -> tuple[str, str]:
    book = str(result.settings.get("codebook", ""))
    if notes is None:
        return (PARTLY, f"Codebook {book}.") if book else (MISSING, "")
    own = notes.codebook
    text = f"{own.title} ({book}), {counted(len(own), 'code')}, fingerprint {own.fingerprint}."
    return FILLED, f"{text} {own.citation}".rstrip()


def _sample(corpus: Corpus | None) -> tuple[str, str]:
    if corpus is None:
        return MISSING, ""
    size = f"{counted(len(corpus), 'contact')}, {counted(len(corpus.turns), 'turn')}"
    return PARTLY, f"{size}; clients, therapists, coders and their training are not known."


def _estimates(result: Agreement) -> tuple[str, str]:
    table = result.by_code
    known = table[table["estimate"].notna()]
    bounded = int(known["low"].notna().sum())
    if known.empty:
        return MISSING, "No coefficient is defined; the table says why."
    text = (
        f"{counted(len(known), 'estimate')} from {number(known['estimate'].min())} to "
        f"{number(known['estimate'].max())}, {bounded} of them with an interval."
    )
    return (FILLED if bounded else PARTLY), text
