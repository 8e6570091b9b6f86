"""The commands for training coders on a codebook's vignettes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rupturecode.cli.show import say

train_app = typer.Typer(
    help="Train coders on a codebook's vignettes, by a rule fixed beforehand.",
    no_args_is_help=True,
)

Book = Annotated[str, typer.Argument(help="A bundled id, id@version, or a file.")]
Folder = Annotated[Path, typer.Argument(help="The folder of this training, with all attempts.")]


@train_app.command()
def sheets(
    book: Book,
    folder: Folder,
    *,
    coder: Annotated[list[str], typer.Option(help="A trainee; repeatable.")],
    attempt: Annotated[int, typer.Option(help="Number of the attempt.")] = 1,
    code: Annotated[
        list[str] | None, typer.Option(help="Offer only this code or family; repeatable.")
    ] = None,
    kappa: Annotated[float | None, typer.Option(help="To reach; default: 0.6.")] = None,
    share: Annotated[float | None, typer.Option(help="Of the codes; default: 0.8.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random order.")] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing.")] = False,
) -> None:
    """Write blind sheets of the vignettes, and fix the rule for passing at the first attempt."""
    from rupturecode.io import load_codebook
    from rupturecode.reliability.training import PassRule
    from rupturecode.study.training import RULE, start_training

    rule = None
    if kappa is not None or share is not None:
        needed, part = 0.6 if kappa is None else kappa, 0.8 if share is None else share
        rule = PassRule(kappa=needed, min_gold=1, share_of_codes=part)
    plan = start_training(
        load_codebook(book),
        folder,
        coder,
        rule=rule,
        codes=code or None,
        attempt=attempt,
        seed=seed,
    )
    files = [folder / f"attempt-{attempt}" / name for name in plan.to_frame()["file"].unique()]
    lines = [*(f"Wrote {path}" for path in files), f"The rule is fixed in {folder / RULE}."]
    say(
        "\n".join([*lines, f"When they are filled in: rupturecode train score {book} {folder}"]),
        quiet=quiet,
    )


@train_app.command()
def score(book: Book, folder: Folder) -> None:
    """Compare every attempt with the expert: who passed, what was missed, what has changed."""
    from rupturecode.io import load_codebook
    from rupturecode.study.training import score_training

    found = score_training(load_codebook(book), folder)
    parts = {"": found.verdict, "By code": found.by_code, "Missed": found.missed}
    parts["Progress"] = found.progress
    print(found.headline())
    for title, table in parts.items():
        if len(table):
            print(f"\n{title}\n{table.round(2).to_string(index=False)}".replace("\n\n", "\n"))
