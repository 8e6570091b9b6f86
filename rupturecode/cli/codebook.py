"""The commands on codebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rupturecode.cli.show import print_problems, say

DATA = 1

codebook_app = typer.Typer(
    help="List, show, check, compare and print codebooks.", no_args_is_help=True
)

Book = Annotated[str, typer.Argument(help="A bundled id, id@version, or a file.")]


@codebook_app.command("list")
def list_() -> None:
    """List the bundled codebooks."""
    import rupturecode as rc

    shown = ["id", "version", "title", "n_codes", "n_vignettes", "n_unverified"]
    print(rc.codebooks()[shown].to_string(index=False))


@codebook_app.command()
def show(
    book: Book,
    code: Annotated[str, typer.Argument(help="One code; default: the whole tree.")] = "",
) -> None:
    """Show a codebook as a tree, or one code in full."""
    from rupturecode.io import load_codebook

    loaded = load_codebook(book)
    print(loaded[code].describe() if code else loaded.tree())


@codebook_app.command()
def check(book: Book) -> None:
    """Check a codebook: its form, its lint rules, and its boundary vignettes."""
    from rupturecode.codebook import check_codebook

    problems = check_codebook(book)
    print_problems(problems)
    if problems:
        raise typer.Exit(DATA)
    print(f"{book}: no problems found.")


@codebook_app.command()
def diff(old: Book, new: Book) -> None:
    """Say what changed from one codebook to another."""
    from rupturecode.codebook import compare_codebooks
    from rupturecode.io import load_codebook

    changes = compare_codebooks(load_codebook(old), load_codebook(new))
    print(changes.headline())
    if len(changes.to_frame()):
        print(changes.to_frame().fillna("").to_string(index=False))


@codebook_app.command()
def manual(
    book: Book,
    out: Annotated[Path, typer.Argument(help="An .html or .docx file.")],
    *,
    quick: Annotated[bool, typer.Option("--quick", help="The one-page sheet only.")] = False,
) -> None:
    """Write the coder's manual of a codebook, to print."""
    from rupturecode.codebook.manual import write_manual, write_quick_sheet
    from rupturecode.io import load_codebook

    loaded = load_codebook(book)
    (write_quick_sheet if quick else write_manual)(loaded, out)
    say(f"Wrote {out}", quiet=False)
