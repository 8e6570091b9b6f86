"""The parts of the report on the sample and on who coded what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.report.blocks import Block, Fold, Section, TableBlock, Text, print_table, title_of
from rupturecode.report.words import count

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.report.findings import Findings

CONTACTS = {
    "session": "Contact",
    "case": "Case",
    "kind": "Kind",
    "date": "Date",
    "format": "Read as",
    "n_turns": "Turns",
    "client_share": "Client's share of words",
}


def sample_section(findings: Findings) -> Section:
    """Describe the transcripts: per contact, and in sum."""
    contacts = findings.corpus.sessions.merge(_shares(findings), on="session", how="left")
    description = findings.corpus.description().to_frame()
    blocks: list[Block] = [
        TableBlock(print_table(contacts, "Contacts, in the order of each case", CONTACTS)),
        Fold(
            "Sample description, for the methods section",
            print_table(description, "Sample", {c: title_of(c) for c in description.columns}),
        ),
    ]
    return Section("sample", "The sample", blocks)


def _shares(findings: Findings) -> pd.DataFrame:
    turns = findings.corpus.turns
    words = turns["text"].fillna("").str.split().str.len()
    total = words.groupby(turns["session"]).sum()
    client = words.where(turns["role"] == "client", 0).groupby(turns["session"]).sum()
    share = (100 * client / total).round().map("{:.0f} %".format).rename("client_share")
    return share.rename_axis("session").reset_index()


def coding_section(findings: Findings) -> Section | None:
    """Say which coder read what; a turn nobody read is not a turn without codes."""
    notes = findings.notes
    if notes is None:
        return None
    coverage = notes.coverage
    turns = coverage[coverage["kind"] == "turn"]
    read = (turns["last_unit"] - turns["first_unit"] + 1).groupby(
        [turns["coder"], turns["session"]]
    )
    table = read.sum().unstack(fill_value=0).rename_axis(None, axis=1)  # noqa: PD010
    table = table[[s for s in findings.corpus.sessions["session"] if s in table.columns]]
    table = table.reset_index()
    titles = {"coder": "Coder", **{c: c for c in table.columns if c != "coder"}}
    given = notes.to_frame().groupby("code").size().sort_values(ascending=False)
    codes = given.rename("n").reset_index()
    codes["label"] = [findings.codebook[c].label for c in codes["code"]]
    blocks: list[Block] = [
        Text(
            f"{count(len(notes.coders), 'coder')} gave "
            f"{count(len(notes.to_frame()), 'annotation')}. Turns a coder did not read count as "
            "missing, not as a no."
        ),
        TableBlock(print_table(table, "Turns read, by coder and contact", titles)),
        Fold(
            "How often each code was given",
            print_table(codes, "Codes given", {"code": "Code", "label": "Label", "n": "Times"}),
        ),
    ]
    return Section("coding", "Who coded what", blocks)
