"""Speakers that study.toml gives no role to: what to say, and the lines that would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import Problem, nearest
from rupturecode.study.start import quoted
from rupturecode.tables import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.transcript import Corpus

KIND = "unknown-speaker"
_UNDECIDED = "?"


def no_role(speaker: str, turns: str, suggested: str, roles: Mapping[str, str]) -> str:
    """Word that a speaker has no role, and what would do.

    A label that is nearly one of study.toml's is offered only where both are the same role:
    'Pt' is not a slip for the therapist's 'T'.

    Examples
    --------
    >>> print(no_role("Th", "(4 turns)", "therapist", {"T": "therapist"}))
    speaker 'Th' has no role (4 turns). Did you mean 'T'? Add a line under [roles] in study.toml, \
such as: "Th" = "therapist"
    """
    if not speaker:
        return (
            f"nobody is named as speaking {turns}. Write the speaker before the words, as in "
            "'T: ...', or name the labels under [transcripts] in study.toml, such as: "
            'speakers = ["T", "C"]'
        )
    alike = [label for label, role in roles.items() if not suggested or role == suggested]
    what = f"speaker {speaker!r} has no role {turns}.{nearest(speaker, alike)} Add a line under"
    if suggested:
        return f"{what} [roles] in study.toml, such as: {quoted(speaker)} = {quoted(suggested)}"
    return (
        f"{what} [roles] in study.toml: {quoted(speaker)} = one of "
        f"{', '.join(quoted(r) for r in ROLES if r != 'unknown')}"
    )


def plain_roles(roles: Mapping[str, str | Mapping[str, str]]) -> dict[str, str]:
    """Return the roles that hold for all sessions."""
    return {speaker: role for speaker, role in roles.items() if isinstance(role, str)}


def by_speaker(corpus: Corpus, roles: Mapping[str, str]) -> list[Problem]:
    """Tell each speaker without a role once, whatever number of transcripts they speak in."""
    return [
        Problem(
            no_role(str(speaker), _many(mine), _suggestion(mine), roles),
            corpus[str(mine["session"].iloc[0])].source,
            kind=KIND,
        )
        for speaker, mine in _unknown(corpus)
    ]


def role_lines(corpus: Corpus) -> list[str]:
    """Give the lines to paste under [roles]; a question mark where nothing can be suggested."""
    return [
        f"{quoted(str(speaker))} = {quoted(_suggestion(mine) or _UNDECIDED)}"
        for speaker, mine in _unknown(corpus)
        if speaker
    ]


def _unknown(corpus: Corpus) -> list[tuple[object, pd.DataFrame]]:
    speakers = corpus.speakers
    return [*speakers[speakers["role"] == "unknown"].groupby("speaker", sort=False)]


def _many(mine: pd.DataFrame) -> str:
    n, files = int(mine["n_turns"].sum()), len(mine)
    turns = f"{n} turn{'s' if n != 1 else ''}"
    return f"({turns} in {files} transcripts, this one first)" if files > 1 else f"({turns})"


def _suggestion(mine: pd.DataFrame) -> str:
    """Return the role suggested in most transcripts, if any."""
    offered = mine.loc[mine["suggested_role"] != "", "suggested_role"]
    return str(offered.mode().iloc[0]) if len(offered) else ""
