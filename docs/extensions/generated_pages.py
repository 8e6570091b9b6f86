"""Pages that are written when the site is built, from the code, the YAML and the notebooks."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import api_pages
import codebook_pages
import format_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def write_pages(app: Sphinx) -> None:
    """Write `generated/`; what has not changed keeps its date, so that builds stay short."""
    docs = Path(app.srcdir)
    target = docs / "generated"
    kept = set(copy_notebooks(docs.parent / "notebooks", target / "notebooks"))
    for name, text in all_pages(docs):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        kept.add(path)
    for path in target.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def all_pages(docs: Path) -> Iterator[tuple[str, str]]:
    """Yield path and text of all pages but the notebooks."""
    yield from codebook_pages.pages()
    yield from format_pages.pages(docs / "formats" / "traps.md")
    yield from api_pages.pages()
    yield "decisions.md", decisions(docs)
    yield "notebooks/index.md", notebook_index(docs.parent / "notebooks")


def copy_notebooks(source: Path, target: Path) -> Iterator[Path]:
    """Copy the notebooks beside the pages, where they are run and shown with their output."""
    target.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(source.glob("*.ipynb")):
        copy = target / notebook.name
        if not copy.exists() or copy.read_bytes() != notebook.read_bytes():
            shutil.copyfile(notebook, copy)
        yield copy


def decisions(docs: Path) -> str:
    """List all records of decisions by their headings."""
    names, rows = [], []
    for record in sorted((docs / "decisions").glob("[0-9]*.md")):
        heading = record.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        names.append(f"../decisions/{record.stem}")
        rows.append(f"- [{heading}](../decisions/{record.name})")
    listed, hidden = "\n".join(rows), "\n".join(names)
    return (
        "# Decisions\n\nChoices that may surprise, each with its reason.\n\n"
        f"{listed}\n\n```{{toctree}}\n:hidden:\n\n{hidden}\n```\n"
    )


def notebook_index(source: Path) -> str:
    """List the notebooks there are."""
    names = [notebook.stem for notebook in sorted(source.glob("*.ipynb"))]
    titles = [re.sub(r"^\d+_", "", name).replace("_", " ").capitalize() for name in names]
    listed = "\n".join(
        f"- [{title}]({name}.ipynb)" for title, name in zip(titles, names, strict=True)
    )
    hidden = "\n".join(names)
    return (
        "# Notebooks\n\nStories of five to ten minutes on the example study. Each was run when "
        "this site was built.\n\n"
        f"{listed}\n\n```{{toctree}}\n:hidden:\n\n{hidden}\n```\n"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for them."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
