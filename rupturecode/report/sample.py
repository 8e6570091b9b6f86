"""The parts of the report on the sample and on who coded what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.display import counted
from rupturecode.errors import UsageError
from rupturecode.report.blocks import Block, Fold, Section, TableBlock, Text, print_table, title_of
from rupturecode.transcript.description import client_share

if TYPE_CHECKING:
    from rupturecode.report.findings import Findings

CONTACTS = {
    "session": "Contact",
    "case": "Case",
    "kind": "Kind",
    "date": "Date",
    "format": "Read as",
    "n_turns": "Turns",
    "client_share": "Client's share of the dyad's words",
}


_MANY_CONTACTS = 30


def sample_section(findings: Findings) -> Section:
    """Describe the transcripts: per contact, and in sum."""
    contacts = findings.corpus.sessions.merge(_shares(findings), on="session", how="left")
    description = findings.corpus.description().to_frame()
    known = {c: title for c, title in CONTACTS.items() if contacts[c].notna().any()}
    listed = print_table(contacts, "Contacts, in the order of each case", known)
    blocks: list[Block] = [
        TableBlock(listed)
        if len(contacts) <= _MANY_CONTACTS
        else Fold(f"All {counted(len(contacts), 'contact')}", listed),
        Fold(
            "Sample description, for the methods section",
            print_table(description, "Sample", {c: title_of(c) for c in description.columns}),
        ),
    ]
    return Section("sample", "The sample", blocks)


def _shares(findings: Findings) -> pd.DataFrame:
    shares = {talk.session: client_share(talk) for talk in findings.corpus}
    shown = {s: None if pd.isna(share) else f"{100 * share:.0f} %" for s, share in shares.items()}
    return pd.DataFrame({"session": list(shown), "client_share": list(shown.values())})


def coding_section(findings: Findings) -> Section | None:
    """Say which coder read what; a turn nobody read is not a turn without codes."""
    notes = findings.notes
    if notes is None:
        return None
    read = _turns_read(findings)
    given = notes.to_frame().groupby("code").size().sort_values(ascending=False)
    codes = given.rename("n").reset_index()
    codes["label"] = codes["code"].map(findings.labels)
    blocks: list[Block] = [
        Text(
            f"{counted(len(notes.coders), 'coder')} gave "
            f"{counted(len(notes.to_frame()), 'annotation')}. Turns a coder did not read count as "
            "missing, not as a no."
        ),
        TableBlock(print_table(_by_coder(read), "Coders", _CODERS)),
        Fold(
            "Turns read, by contact and coder",
            print_table(
                read.reset_index(),
                "Turns read",
                {"session": "Contact", **{c: c for c in read.columns}},
            ),
        ),
        Fold(
            "How often each code was given",
            print_table(codes, "Codes given", {"code": "Code", "label": "Label", "n": "Times"}),
        ),
    ]
    return Section("coding", "Who coded what", blocks)


_CODERS = {
    "coder": "Coder",
    "contacts": "Contacts read",
    "shared": "of these, by others too",
    "turns": "Turns read",
}


def _turns_read(findings: Findings) -> pd.DataFrame:
    """Count turns read: a row per contact that somebody read, a column per coder."""
    notes = findings.notes
    if notes is None:
        raise UsageError("there are no codings yet")
    turns = notes.coverage[notes.coverage["kind"] == "turn"]
    n = (turns["last_unit"] - turns["first_unit"] + 1).groupby([turns["session"], turns["coder"]])
    table = n.sum().unstack(fill_value=0).rename_axis(None, axis=1)  # noqa: PD010
    order = [s for s in findings.corpus.sessions["session"] if s in table.index]
    return table.loc[order].reindex(columns=list(notes.coders), fill_value=0)


def _by_coder(read: pd.DataFrame) -> pd.DataFrame:
    """Count for each coder contacts, those that others read too, and turns."""
    there = read > 0
    several = there.sum(axis=1) > 1
    return pd.DataFrame(
        {
            "coder": list(read.columns),
            "contacts": there.sum().tolist(),
            "shared": there[several].sum().tolist(),
            "turns": read.sum().tolist(),
        }
    )
