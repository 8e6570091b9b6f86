"""Coding sheets for a team: who codes what, in which order, and a workbook for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal
from unicodedata import normalize

import numpy as np
import pandas as pd

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.io.annotations.pages import to_csv
from rupturecode.io.annotations.sheet_layout import ASIDES, check_names, chosen
from rupturecode.io.annotations.sheet_pages import SheetPage, pages_for
from rupturecode.io.annotations.sheet_windows import windows_of
from rupturecode.io.annotations.sheet_xlsx import workbook
from rupturecode.result import Result
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

MOST_COLUMNS = 60


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SheetPlan(Result):
    """Who codes which session, in which order, and in which file.

    Keep it from the coders: it says which sessions are coded twice.
    """

    main: ClassVar[str] = "assignments"
    assignments: pd.DataFrame
    """``coder, order, session, n_coders, file``."""

    def headline(self) -> str:
        """Say how many sessions go to how many coders."""
        sessions = self.assignments.drop_duplicates("session")
        double = int((sessions["n_coders"] > 1).sum())
        coding = set(self.assignments["coder"])
        asked = self.settings.get("coders", ())
        idle = [c for c in asked if c not in coding] if isinstance(asked, list) else []
        none = f" None were left for {', '.join(idle)}." if idle else ""
        return (
            f"{len(sessions)} sessions for {len(coding)} coders, {double} coded by more than "
            f"one.{none}"
        )


def write_sheets(
    corpus: Corpus,
    codebook: Codebook,
    coders: Sequence[str],
    folder: str | PathLike[str],
    *,
    codes: Iterable[str] | None = None,
    sessions: Iterable[str] | None = None,
    double: float | Literal["all"] = "all",
    per_double: int | None = None,
    order: Literal["random", "case"] = "random",
    seed: int = 0,
    round: int = 1,  # noqa: A002
    windows: pd.DataFrame | None = None,
    evidence: bool = False,
    confidence: bool = False,
    suggestions: pd.DataFrame | None = None,
    csv: bool = False,
    overwrite: bool = False,
) -> SheetPlan:
    """Write a coding workbook per coder.

    Coders see the blind text only: no codes of others, no earlier round, no analyst's
    comment, and no suggestion unless given here.

    Parameters
    ----------
    corpus
        The transcripts.
    codebook
        The codes.
    coders
        Names; each gets a file of that name.
    folder
        Where the files go; made if need be.
    codes
        Codes to offer, in this order; all of the codebook unless given (at most 60 columns
        on a sheet). Each stands where the codebook's ``level`` says: on the turns, on the
        sheet of windows, on that of session ratings, or on several.
    sessions
        Sessions to code; all unless given.
    double
        How many sessions are coded by more than one coder: ``"all"``, a share below 1, or a
        number. The others go to one coder each, dealt evenly. Which ones is drawn by ``seed``.
    per_double
        How many coders code each of those; all unless given.
    order
        Sessions in ``"random"`` order for every coder, or as in the corpus (``"case"``).
    seed
        The same seed gives the same plan and the same files.
    round
        Number of the round of coding.
    windows
        Windows to rate, from ``corpus.units("window", minutes=5)``; read the sheets back with
        ``units=`` the same.
    evidence
        Also ask, row by row, what the codes rest on (:data:`rupturecode.tables.EVIDENCE`).
    confidence
        Also ask, row by row, how sure the coder is, from 0 to 1.
    suggestions
        A table ``session, turn, code`` shown beside the text. Coders are then not blind.
    csv
        Also write every sheet as CSV, in a folder per coder.
    overwrite
        Replace files that exist; otherwise they are left alone and refused.

    Returns
    -------
    SheetPlan
        Who codes what. Keep it from the coders.

    Raises
    ------
    UsageError
        When files exist, names cannot stand on a sheet, there are too many columns, or
        nothing to code.
    """
    wanted, coders = listed(codes), listed(coders)
    book_codes = chosen(codebook, wanted, MOST_COLUMNS, windows=windows is not None)
    names = _sessions(corpus, sessions)
    check_names(*coders, *names)
    rng = np.random.default_rng(seed)
    several, per = _n_double(double, len(names)), _n_coders(coders, per_double)
    plan = _ordered(_dealt(names, coders, several, per, rng), names, order, rng)
    plan["file"] = [f"{_file_name(c)}.xlsx" for c in plan["coder"]]
    asides = tuple(
        name for name, asked in zip(ASIDES, (evidence, confidence), strict=True) if asked
    )
    every = {
        str(coder): pages_for(
            corpus,
            codebook,
            book_codes,
            coder=str(coder),
            sessions=mine["session"].tolist(),
            round_=round,
            windows=windows_of(windows),
            asides=asides,
            suggestions=suggestions,
        )
        for coder, mine in plan.groupby("coder", sort=False)
    }
    _write(Path(folder), every, codebook, csv=csv, overwrite=overwrite)
    settings = {
        "codebook": codebook.ref,
        "coders": coders,
        "codes": [c.id for c in book_codes],
        "double": double,
        "per_double": per_double,
        "order": order,
        "seed": seed,
        "round": round,
        "evidence": evidence,
        "confidence": confidence,
        "blind": suggestions is None,
    }
    return SheetPlan(settings=settings, assignments=plan)


def _write(
    folder: Path,
    every: Mapping[str, Sequence[SheetPage]],
    codebook: Codebook,
    *,
    csv: bool,
    overwrite: bool,
) -> None:
    """Write each coder's workbook, once it is sure that all can be written."""
    bare = [coder for coder, pages in every.items() if not pages]
    if bare:
        raise UsageError(
            f"There is nothing to code for {', '.join(bare)}: the sessions have no turns, or none "
            "of the codes is given to what they have."
        )
    if not overwrite:
        _refuse_existing(folder, sorted(f"{_file_name(c)}.xlsx" for c in every))
    folder.mkdir(parents=True, exist_ok=True)
    for coder, pages in every.items():
        name = _file_name(coder)
        (folder / f"{name}.xlsx").write_bytes(workbook(pages, codebook, coder=coder))
        if csv:
            _write_csv(folder / name, pages)


def _sessions(corpus: Corpus, sessions: Iterable[str] | None) -> list[str]:
    known = [t.session for t in corpus]
    if sessions is None:
        return known
    wanted = listed(sessions)
    for name in wanted:
        if name not in known:
            raise UnknownNameError("session", name, known)
    return wanted


def _dealt(
    sessions: list[str], coders: list[str], several: int, per: int, rng: np.random.Generator
) -> dict[str, list[str]]:
    """Deal the sessions out: some to several coders each, the rest evenly to one."""
    load = dict.fromkeys(coders, 0)
    dealt: dict[str, list[str]] = {c: [] for c in coders}
    for i, at in enumerate(rng.permutation(len(sessions))):
        free = [coders[j] for j in rng.permutation(len(coders))]
        for coder in sorted(free, key=lambda c: load[c])[: per if i < several else 1]:
            load[coder] += 1
            dealt[coder].append(sessions[at])
    return dealt


def _ordered(
    dealt: dict[str, list[str]], sessions: list[str], order: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Put every coder's sessions in their order."""
    rows = []
    for coder, mine in dealt.items():
        drawn = [mine[i] for i in rng.permutation(len(mine))]
        ready = sorted(drawn, key=sessions.index) if order == "case" else drawn
        rows += [{"coder": coder, "order": i, "session": s} for i, s in enumerate(ready, start=1)]
    table = pd.DataFrame(rows, columns=["coder", "order", "session"])
    table["n_coders"] = table.groupby("session")["coder"].transform("size")
    return table


def _n_coders(coders: list[str], per_double: int | None) -> int:
    if not coders:
        raise UsageError("Name at least one coder.")
    files: dict[str, str] = {}
    for coder in coders:
        name = _file_name(coder).casefold()
        if name in files:
            raise UsageError(
                f"Coders {files[name]!r} and {coder!r} would share a file: names must differ in "
                "more than capitals and signs that file names cannot hold."
            )
        files[name] = coder
    per = len(coders) if per_double is None else per_double
    if not 1 <= per <= len(coders):
        raise UsageError(f"per_double={per}: there are {len(coders)} coders.")
    return per


def _n_double(double: float | str, n: int) -> int:
    if double == "all":
        return n
    if isinstance(double, str) or not 0 <= double <= n:
        raise UsageError(f'double={double!r}: use "all", a share below 1 or a number of sessions.')
    return round(double * n) if 0 < double < 1 else int(double)


def _file_name(coder: str) -> str:
    """Return a file name that every system allows."""
    whole = normalize("NFC", coder)
    name = "".join(c if c.isalnum() or c in " -_.()" else "_" for c in whole)
    return name.rstrip(" .") or "coder"


def _refuse_existing(folder: Path, names: list[str]) -> None:
    there = [n for n in names if (folder / n).exists()]
    if there:
        raise UsageError(
            f"{folder} already has {', '.join(there)}, which may hold somebody's work; "
            "move them away or name another folder (in Python, overwrite=True replaces them)."
        )


def _write_csv(folder: Path, pages: Sequence[SheetPage]) -> None:
    folder.mkdir(exist_ok=True)
    for page in pages:
        rows: list[Sequence[object]] = [page.columns, *(page.cells(row) for row in page.rows)]
        (folder / f"{page.name}.csv").write_bytes(to_csv(rows))
