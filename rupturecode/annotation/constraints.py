"""Readings that contradict one another, and the codebook's own rules about codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.codebook.rules import sides

if TYPE_CHECKING:
    from rupturecode.annotation.checks import Rows
    from rupturecode.codebook import Codebook, Constraint
    from rupturecode.errors import Problem

_UNIT = [
    "session",
    "kind",
    "unit",
    "first_turn",
    "last_turn",
    "start_char",
    "end_char",
    "coder",
    "round",
]


def _unit_numbers(table: pd.DataFrame) -> pd.Series:
    """One number per coder, round and unit (or free stretch)."""
    return table.groupby(_UNIT, dropna=False, sort=False).ngroup()


def check_readings(rows: Rows) -> list[Problem]:
    """Check that one coder says one thing about a code on a unit.

    Two readings side by side are welcome when each has its note and they differ in code or
    in evidence.
    """
    table = rows.table.assign(_unit=_unit_numbers(rows.table))
    same = ["_unit", "code"]
    twice = table[table.duplicated(same, keep=False)]
    found = []
    for _, group in twice.groupby(same, sort=False):
        said = group[["value", "category", "status"]].drop_duplicates()
        last = group.iloc[-1]
        where = f"session {last['session']}, {last['kind']} {_number(last)}, coder {last['coder']}"
        at = int(rows.table.index.get_loc(group.index[-1]))
        if len(said) > 1:
            message = f"code {last['code']!r} is given with different values ({where})"
            found.append(rows.problem(at, message, "contradiction"))
        elif group["note"].isna().any() or group["evidence"].duplicated().any():
            message = (
                f"code {last['code']!r} is given twice ({where}); two readings need a note "
                "each and different evidence"
            )
            found.append(rows.problem(at, message, "duplicate"))
    return found


def _number(row: pd.Series) -> object:
    return row["unit"] if pd.notna(row["unit"]) else f"{row['first_turn']}-{row['last_turn']}"


def check_constraints(rows: Rows, codebook: Codebook, links: pd.DataFrame | None) -> list[Problem]:
    """Check ``excludes``, ``requires`` and, for coders who drew links, ``needs_link``."""
    if not codebook.constraints:
        return []
    table = rows.table.assign(_unit=_unit_numbers(rows.table))
    table = table[_is_there(table, codebook)]
    found: list[Problem] = []
    for rule in codebook.constraints:
        mine, others = sides(codebook, rule)
        own, other = table[table["code"].isin(mine)], table[table["code"].isin(others)]
        if rule.kind == "excludes":
            bad = _in_company(own, other)
        elif rule.kind == "requires":
            bad = own[~own["_unit"].isin(other["_unit"])]
        else:
            bad = own.iloc[:0] if links is None else _unlinked(own, other, links, rule)
        kind = rule.kind.replace("_", "-")
        found += [rows.problem(int(i), _sentence(rule, bad.loc[i]), kind) for i in bad.index]
    return found


def _is_there(table: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Rows that say that a code is there, rather than explicitly not."""
    absent = table["code"].map({c.id: c.scale.absent for c in codebook})
    there = table["status"].isin(("given", "uncertain"))
    says_absent = table["value"].notna() & (
        pd.to_numeric(absent, errors="coerce") == table["value"]
    )
    return there & ~says_absent & ~(table["category"].notna() & (table["category"] == absent))


def _in_company(own: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Rows on whose unit an excluded code stands; two readings with a note each may."""
    reasoned = other[other["note"].notna()]["_unit"]
    beside = own["note"].notna() & own["_unit"].isin(reasoned)
    return own[own["_unit"].isin(other["_unit"]) & ~beside]


def _unlinked(
    own: pd.DataFrame, other: pd.DataFrame, links: pd.DataFrame, rule: Constraint
) -> pd.DataFrame:
    good = links[links["to"].isin(other["id"])]
    if rule.relation:
        good = good[good["relation"] == rule.relation]
    linking = own["coder"].isin(links["coder"]) if len(links) else own["coder"].notna()
    return own[linking & ~own["id"].isin(good["from"])]


def _sentence(rule: Constraint, row: pd.Series) -> str:
    words = {
        "excludes": "may not stand with {} on the same unit",
        "requires": "needs {} on the same unit",
        "needs_link": "needs a link to {}",
    }
    word = words[rule.kind].format(" or ".join(rule.others))
    place = f"session {row['session']}, {row['kind']} {_number(row)}, coder {row['coder']}"
    why = f": {rule.why}" if rule.why else ""
    return f"code {row['code']!r} {word} ({place}){why}"


def check_links(links: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    """Check that links start and end at annotations that exist."""
    known = set(table["id"])
    return [
        f"link {row['from']} -> {row['to']}: there is no annotation {end!r}"
        for row in links.to_dict("records")
        for end in (row["from"], row["to"])
        if end not in known
    ]
