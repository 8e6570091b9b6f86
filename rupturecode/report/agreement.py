"""The parts of the report on agreement and disagreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.display import counted
from rupturecode.reliability.names import printed
from rupturecode.report.audits import plan_blocks
from rupturecode.report.blocks import (
    Block,
    Figure,
    Fold,
    Items,
    Section,
    Spoken,
    TableBlock,
    Talk,
    Text,
    print_table,
    svg,
    title_of,
)
from rupturecode.report.words import SOURCE, VERDICTS, interval, main_rows, verdict

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.report.findings import Findings

_TABLE = {
    "label": "Code",
    "shown": "Alpha [95 % interval]",
    "verdict": "Verdict",
    "positive": "On presence",
    "negative": "On absence",
    "prevalence": "Prevalence",
    "n_units": "Units",
    "n_sessions": "Sessions",
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
    table["label"] = table["code"].map(findings.labels)
    every = findings.worded(by_code, "code").assign(coefficient=by_code["coefficient"].map(printed))
    table["shown"] = [interval(row) for _, row in table.iterrows()]
    table["verdict"] = [verdict(row) for _, row in table.iterrows()]
    confidence = float(str(findings.agreement.settings.get("confidence", 0.95)))
    titles = _TABLE | {"shown": f"Alpha [{100 * confidence:.0f} % interval]"}
    drawn = plots.agreement(findings.agreement, width=plots.TWO_COLUMNS)
    blocks: list[Block] = [
        Text("Agreement beyond chance, code by code:"),
        Items(_plain(table)),
        Figure(
            svg(drawn, findings.agreement.headline()),
            "Krippendorff's alpha per code with its interval; n and prevalence stand beside it.",
            "agreement",
        ),
        TableBlock(print_table(table, "Agreement per code", titles)),
        Text(SOURCE, kind="caution"),
        Text(_limits(table), kind="caution"),
        *plan_blocks(findings),
        Fold(
            "Every coefficient at every level",
            print_table(every, "All coefficients", _ALL, digits=3),
        ),
        Fold(
            "Each pair of coders",
            print_table(
                findings.worded(findings.agreement.by_pair, "code"),
                "Pairs of coders",
                {c: title_of(c) for c in findings.agreement.by_pair.columns},
            ),
        ),
    ]
    return Section("agreement", "Do coders agree?", blocks)


def _plain(table: pd.DataFrame) -> list[str]:
    """One sentence per verdict, with the codes it holds for."""
    lines = []
    for word, meaning in VERDICTS.items():
        labels = list(table.loc[table["verdict"] == word, "label"])
        if labels:
            lines.append(f"{word.capitalize()} ({meaning}): {', '.join(labels)}.")
    return lines


def _limits(table: pd.DataFrame) -> str:
    rare = list(table.loc[table["prevalence"].between(0, 0.05, inclusive="neither"), "label"])
    sessions = int(table["n_sessions"].max()) if len(table) else 0
    words = (
        f"Intervals resample whole sessions, of which {sessions} were read by two or more coders; "
        "with so few, they are wide and themselves uncertain. "
        if sessions < 30
        else "Intervals resample whole sessions. "
    )
    if rare:
        words += (
            f"Codes given on fewer than 5 % of units ({', '.join(rare)}) can have low "
            "chance-corrected agreement even when coders rarely differ: read agreement on presence "
            "beside it. "
        )
    if table["level"].str.startswith("ordinal").any():
        words += "On rating scales, presence means a rating above the scale's lowest point."
    return words


def disagreement_section(findings: Findings) -> Section | None:
    """Show the turns to talk about, worst first, with the talk around them."""
    if findings.disagreements is None:
        return None
    frame = findings.disagreements.to_frame()
    if frame.empty:
        return Section("disagreements", "What coders disagree about", [Text("Nothing.")])
    per_code = findings.disagreements.to_frame("by_code")
    per_code = per_code.sort_values("n_disputed", ascending=False)
    per_code["share"] = (100 * per_code["share"]).round(1)
    per_code["label"] = per_code["code"].map(findings.labels)
    shown = _worst_of_each(frame, list(per_code["code"]))
    blocks: list[Block] = [
        Text(
            f"{counted(len(frame), 'disagreement')} in all. Below is the worst of each of the "
            f"{len(shown)} most disputed codes; disagreements.csv has every one."
        ),
        TableBlock(print_table(per_code, "Disagreements per code", _DISPUTED, digits=1)),
        *(_talk(findings, row, first=i == 0) for i, row in enumerate(shown)),
    ]
    return Section("disagreements", "What coders disagree about", blocks)


_DISPUTED = {
    "label": "Code",
    "n_disputed": "Disputed units",
    "n_units": "Units read by two or more",
    "share": "Share, %",
}


def _worst_of_each(frame: pd.DataFrame, codes: list[str]) -> list[dict[str, object]]:
    first = frame.drop_duplicates("code").set_index("code", drop=False)
    return [first.loc[c].to_dict() for c in codes if c in first.index][:_SHOWN_TALKS]


def _talk(findings: Findings, row: dict[str, object], *, first: bool) -> Talk:
    session, number = str(row["session"]), int(str(row["unit"]))
    unit = str(findings.disagreements.settings["unit"]) if findings.disagreements else "turn"
    code = findings.codebook[str(row["code"])]
    said = _worded(str(row["said"]), presence=code.scale.kind == "presence")
    place = session if unit == "session" else f"{session}, {unit} {number}"
    spoken = _spoken(findings, session, number) if unit == "turn" else _lines(row, unit)
    return Talk(f"{code.label}: {place}", spoken, said, open=first)


def _spoken(findings: Findings, session: str, turn: int) -> list[Spoken]:
    """Quote a turn with the one before and the one after."""
    turns = findings.corpus[session].turns
    around = turns[(turns["turn"] >= turn - 1) & (turns["turn"] <= turn + 1)]
    return [
        Spoken(f"{t['turn']} {t['speaker']}:", str(t["text"]), focus=t["turn"] == turn)
        for t in around.to_dict("records")
    ]


def _lines(row: dict[str, object], unit: str) -> list[Spoken]:
    """Quote a stretch of turns; a whole session is too long to quote."""
    if unit == "session":
        return []
    return [Spoken("", line) for line in str(row.get("text", "")).splitlines()]


def _worded(said: str, *, presence: bool) -> str:
    """Turn "AK 1; BM 0" into what people say.

    Examples
    --------
    >>> _worded("AK 1; BM 0", presence=True), _worded("AK 4; BM 2", presence=False)
    ('AK: yes, BM: no', 'AK: 4, BM: 2')
    """
    words = {"0": "no", "1": "yes"} if presence else {}
    pairs = [part.rsplit(" ", 1) for part in said.split("; ")]
    return ", ".join(f"{coder}: {words.get(value, value)}" for coder, value in pairs)
