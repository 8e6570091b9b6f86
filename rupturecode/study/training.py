"""Train coders on a codebook's vignettes: sheets with a rule fixed beforehand, then scores."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.codebook import Codebook
    from rupturecode.io import SheetPlan
    from rupturecode.reliability.training import PassRule, Training

RULE = "pass-rule.toml"


def start_training(
    codebook: Codebook,
    folder: str | Path,
    coders: Sequence[str],
    *,
    rule: PassRule | None = None,
    codes: Sequence[str] | None = None,
    attempt: int = 1,
    seed: int = 0,
) -> SheetPlan:
    """Write blind sheets of a codebook's vignettes, and the rule by which they will be judged.

    Parameters
    ----------
    codebook
        With vignettes.
    folder
        For all attempts; each has a folder of its own below. The rule is written there at the
        first attempt and holds for all.
    coders
        The trainees.
    rule
        What a trainee must reach; that of the first attempt unless given, else kappa 0.6 on
        four in five of the codes, all that the expert gave at all.
    codes
        Codes to offer, or families of which those are offered that the expert gave; all that
        the expert gave unless named.
    attempt
        Its number.
    seed
        For the order of the vignettes.

    Raises
    ------
    UsageError
        When another rule was fixed before, sheets of this attempt are there already, or there
        are more codes than a sheet can have.
    UnknownNameError
        When a code does not exist.
    """
    from rupturecode.annotation import vignettes
    from rupturecode.io.sheets import write_sheets

    corpus, gold = vignettes(codebook)
    offered = _offered(codebook, gold.codes, codes)
    home = Path(folder)
    _fix(home, rule)
    return write_sheets(
        corpus,
        codebook,
        coders,
        home / f"attempt-{attempt}",
        codes=offered,
        seed=seed + attempt,
        round=attempt,
    )


def _offered(codebook: Codebook, gold: Sequence[str], asked: Sequence[str] | None) -> list[str]:
    """Return the codes to offer, families taken apart; refuse more than a sheet can have."""
    from rupturecode.io.annotations.sheet_layout import on_turns
    from rupturecode.io.sheets import MOST_COLUMNS

    chosen = list(gold)
    if asked is not None:
        named = [codebook[code] for code in asked]
        within = {code.id: {c.id for c in codebook.descendants(code.id)} for code in named}
        families = [{x for x in gold if x in within[c.id]} if c.heading else {c.id} for c in named]
        wanted = set().union(*families)
        chosen = [code.id for code in codebook if code.id in wanted]
    if not chosen:
        raise UsageError(f"The expert gave no code of {', '.join(asked or [codebook.id])}.")
    columns = [code for code in chosen if on_turns(codebook[code])]
    if len(columns) > MOST_COLUMNS:
        tops = Counter((codebook.ancestors(code) or [codebook[code]])[-1].id for code in columns)
        raise UsageError(
            f"The vignettes of {codebook.id} teach {len(columns)} codes; a sheet has room for "
            f"{MOST_COLUMNS}. Choose codes or families with --code (in Python codes=[...]), for "
            f"example of: {', '.join(f'{top} ({n})' for top, n in tops.most_common())}."
        )
    return chosen


def score_training(codebook: Codebook, folder: str | Path) -> Training:
    """Compare all attempts in a folder with the expert, by the rule fixed beforehand.

    Raises
    ------
    UsageError
        When no training was begun here.
    InvalidDataError
        Listing everything that is wrong with the sheets.
    """
    from rupturecode.annotation import vignettes
    from rupturecode.io import read_annotations
    from rupturecode.reliability.training import training

    home = Path(folder)
    rule = fixed_rule(home)
    if rule is None:
        raise UsageError(f"{home} holds no {RULE}; begin with: rupturecode train sheets")
    corpus, gold = vignettes(codebook)
    notes = read_annotations(home, codebook=codebook, corpus=corpus, constraints="report")
    return training(notes, gold, corpus, rule=rule)


def fixed_rule(folder: Path) -> PassRule | None:
    """Return the rule that was fixed for a folder; None before the first attempt.

    Raises
    ------
    ParseError
        When somebody changed the file into something else.
    """
    from rupturecode.reliability.training import PassRule

    path = folder / RULE
    if not path.is_file():
        return None
    try:
        return PassRule(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as err:
        raise ParseError(f"this is no rule for passing ({err})", RULE) from err


def _fix(folder: Path, rule: PassRule | None) -> None:
    from rupturecode.reliability.training import PassRule

    before = fixed_rule(folder)
    if before is not None and rule not in (None, before):
        raise UsageError(
            f"The rule was fixed at the first attempt ({folder / RULE}) and holds for all; leave "
            "it out, or begin in another folder."
        )
    if before is None:
        folder.mkdir(parents=True, exist_ok=True)
        chosen = rule or PassRule(kappa=0.6, min_gold=1, share_of_codes=0.8)
        lines = [f"{name} = {value}" for name, value in asdict(chosen).items()]
        (folder / RULE).write_text("\n".join([*lines, ""]), encoding="utf-8")
