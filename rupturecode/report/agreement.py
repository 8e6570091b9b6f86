"""The parts of the report on agreement and disagreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.report.blocks import (
    Block,
    Figure,
    Fold,
    Section,
    Spoken,
    TableBlock,
    Talk,
    Text,
    print_table,
    svg,
)
from rupturecode.report.words import SOURCE, count, interval, main_rows, verdict

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.report.findings import Findings

_TABLE = {
    "code": "Code",
    "shown": "Alpha [95 % interval]",
    "positive": "Agreement on presence",
    "negative": "Agreement on absence",
    "prevalence": "Prevalence",
    "n_units": "Units",
    "n_sessions": "Sessions",
    "n_coders": "Coders",
    "verdict": "Verdict",
}
_ALL = {
    "unit": "Unit",
    "code": "Code",
    "coefficient": "Coefficient",
    "estimate": "Estimate",
    "low": "Low",
    "high": "High",
    "n_units": "n",
    "interval": "Interval by",
    "note": "Note",
}
_SHOWN_TALKS = 12


def agreement_section(findings: Findings) -> Section | None:
    """Show agreement per code with intervals, in plain words and with its limits."""
    if findings.agreement is None:
        return None
    from rupturecode import plots

    by_code = findings.agreement.by_code
    table = main_rows(by_code)
    table["shown"] = [interval(row) for _, row in table.iterrows()]
    table["verdict"] = [verdict(row) for _, row in table.iterrows()]
    confidence = float(str(findings.agreement.settings.get("confidence", 0.95)))
    titles = _TABLE | {"shown": f"Alpha [{100 * confidence:.0f} % interval]"}
    drawn = plots.agreement(findings.agreement)
    blocks: list[Block] = [
        Text(_plain(table)),
        Figure(
            svg(drawn, findings.agreement.headline()),
            "Krippendorff's alpha per code with its interval; n and prevalence stand beside it.",
        ),
        TableBlock(print_table(table, "Agreement per code", titles)),
        Text(SOURCE, kind="caution"),
        Text(_limits(table), kind="caution"),
        Fold(
            "Every coefficient at every level",
            print_table(by_code, "All coefficients", _ALL, digits=3),
        ),
        Fold(
            "Each pair of coders",
            print_table(
                findings.agreement.by_pair,
                "Pairs of coders",
                {c: _title(c) for c in findings.agreement.by_pair.columns},
            ),
        ),
    ]
    return Section("agreement", "Do coders agree?", blocks)


def _title(column: str) -> str:
    return column.replace("_", " ").capitalize()


def _plain(table: pd.DataFrame) -> str:
    known = table[table["estimate"].notna()]
    groups = known.groupby("verdict")["code"].apply(list).to_dict()
    wording = {
        "firm": "firm enough to build on",
        "at least tentative": "enough for tentative conclusions",
        "open: too few data to tell": "open, because the interval is too wide to tell",
        "not enough to build on": "not enough to build on",
    }
    parts = [
        f"{words}: {', '.join(groups[key])}" for key, words in wording.items() if key in groups
    ]
    undefined = list(table.loc[table["estimate"].isna(), "code"])
    if undefined:
        parts.append(f"not defined on these data: {', '.join(undefined)}")
    return "Agreement beyond chance is " + "; ".join(parts) + "." if parts else ""


def _limits(table: pd.DataFrame) -> str:
    rare = list(table.loc[table["prevalence"] < 0.05, "code"])
    sessions = int(table["n_sessions"].max()) if len(table) else 0
    words = (
        f"Intervals resample whole sessions, of which {sessions} were read by two or more coders; "
        "with so few, they are wide and themselves uncertain. "
        if sessions < 30
        else "Intervals resample whole sessions. "
    )
    if rare:
        words += (
            f"Codes given on fewer than 5 % of units ({', '.join(rare)}) have low chance-corrected "
            "agreement even when coders rarely differ: read agreement on presence beside it."
        )
    return words


def disagreement_section(findings: Findings) -> Section | None:
    """Show the turns to talk about, worst first, with the talk around them."""
    if findings.disagreements is None:
        return None
    frame = findings.disagreements.to_frame()
    if frame.empty:
        return Section("disagreements", "What coders disagree about", [Text("Nothing.")])
    per_code = frame.groupby("code").size().sort_values(ascending=False)
    table = per_code.rename("n").reset_index()
    blocks: list[Block] = [
        Text(
            f"{count(len(frame), 'disagreement')} in all; the first "
            f"{min(_SHOWN_TALKS, len(frame))} are below, tables/disagreements.csv has every one."
        ),
        TableBlock(print_table(table, "Disagreements per code", {"code": "Code", "n": "Units"})),
    ]
    for position, row in enumerate(frame.head(_SHOWN_TALKS).to_dict("records")):
        blocks.append(_talk(findings, row, first=position == 0))
    return Section("disagreements", "What coders disagree about", blocks)


def _talk(findings: Findings, row: dict[str, object], *, first: bool) -> Talk:
    session, turn = str(row["session"]), int(str(row["unit"]))
    turns = findings.corpus[session].turns
    around = turns[(turns["turn"] >= turn - 1) & (turns["turn"] <= turn + 1)]
    spoken = [
        Spoken(f"{t['turn']} {t['speaker']}:", str(t["text"]), focus=t["turn"] == turn)
        for t in around.to_dict("records")
    ]
    label = findings.codebook[str(row["code"])].label
    return Talk(
        summary=f"{label}: {session}, turn {turn}",
        turns=spoken,
        verdict=str(row["said"]),
        open=first,
    )
