"""Write docs/codebook-constructs.md: every construct of the model and where it is used.

Run ``python docs/build_constructs.py``; a test fails when the table is out of date.
"""

from __future__ import annotations

import csv
from pathlib import Path

from rupturecode.codebook import load_codebook

ROOT = Path(__file__).parents[1]
CONSTRUCTS = ROOT / "tests" / "codebook" / "data" / "constructs.csv"
PAGE = ROOT / "docs" / "codebook-constructs.md"
HEAD = """# Constructs of the critical-cultural-relational model

Every construct of the model, with the section of the paper (Chang, Dunn & Omid, 2021) that it comes
from, the code that stands for it, and where it is put to use: the boundary vignettes in which an
expert gives it (+), holds it back (-) or the rules refuse it (x), and the test that reads its
examples (`test_whoever_speaks_in_an_example_may_carry_its_code`). Codes of another origin are
imported and were never the paper's. This page is written by `docs/build_constructs.py`.
"""


def table() -> str:
    """Return the page."""
    ccr, cis = load_codebook("ccr"), load_codebook("cis")
    fields = {field.id: field for field in ccr.case_data}
    lines, group = [HEAD], ""
    for row in csv.DictReader(CONSTRUCTS.read_text("utf-8").splitlines()):
        if row["group"] != group:
            group = row["group"]
            lines += [
                "",
                f"## {group.capitalize()}",
                "",
                "| code | construct | origin | section | used by |",
                "|---|---|---|---|---|",
            ]
        name = row["id"]
        if name in fields:
            field = fields[name]
            cells = (
                f"`{name}`",
                field.label,
                "ccr",
                field.section,
                "case data, supplied by the user only",
            )
        else:
            book = ccr if name in ccr else cis
            code = book[name]
            where = f"`{name}`" if book is ccr else f"`{name}` (codebook `cis`)"
            cells = (where, code.label, code.origin, code.section, "; ".join(uses(book, name)))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def uses(book, name: str) -> list[str]:
    """Return the vignettes and tests in which a code is used."""
    found: dict[str, str] = {}
    for vignette in book.vignettes:
        for turn in vignette.turns:
            for sign, codes in (
                ("+", [g.code for g in turn.codes]),
                ("-", [r.code for r in turn.not_codes]),
                ("x", turn.breaks),
            ):
                if name in codes:
                    found[vignette.id] = found.get(vignette.id, "") + sign
    listed = [f"{vignette} ({''.join(dict.fromkeys(signs))})" for vignette, signs in found.items()]
    if book[name].examples:
        listed.append("examples")
    if book[name].heading:
        listed.append(f"groups {len(book.descendants(name))} codes")
    return listed


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
