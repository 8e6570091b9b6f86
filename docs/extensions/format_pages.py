"""A page per file format: what the table of formats says, and the traps written by hand."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING

import rupturecode as rc
from rupturecode.io._formats import Format, all_formats

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {
    "transcript": "Transcripts",
    "annotations": "Codings",
    "codebook": "Codebooks",
}


def traps(path: Path) -> dict[str, str]:
    """Read the sections of traps.md, keyed `kind-name` as their headings say.

    Raises
    ------
    ValueError
        When a section is for no known format, or a format has no section.
    """
    parts = re.split(r"^## (\S+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    known = {f"{one.kind}-{one.name}" for one in all_formats()}
    if found.keys() != known:
        raise ValueError(f"traps.md and the formats differ: {sorted(found.keys() ^ known)}")
    return found


def pages(path: Path) -> Iterator[tuple[str, str]]:
    """Yield path and Markdown of each page, the overview last."""
    sections = traps(path)
    for one in all_formats():
        yield f"formats/{one.kind}-{one.name}.md", page(one, sections[f"{one.kind}-{one.name}"])
    yield "formats/index.md", overview()


def page(one: Format, section: str) -> str:
    """Write what is known of one format."""
    row = rc.formats().set_index(["kind", "name"]).loc[(one.kind, one.name)]
    ways = [way for way, can in (("read", row["reads"]), ("written", row["writes"])) if can]
    install = f"\n\nNeeds `pip install 'rupturecode[{one.extra}]'`." if one.extra else ""
    named = {"transcript": own_options, "annotations": meanings}.get(one.kind)
    options = list(named(one)) if named else []
    title = "Options of its own" if one.kind == "transcript" else "What the options mean here"
    listed = "\n".join(f"- `{name}`: {text}" for name, text in options)
    return (
        f"# {one.name}: {KINDS[one.kind].lower()}\n\n"
        f"{one.description[0].upper()}{one.description[1:]}. "
        f"Files: {', '.join(f'`{suffix}`' for suffix in one.suffixes)}; {' and '.join(ways)}."
        f"{install}\n\n{section}\n" + (f"\n## {title}\n\n{listed}\n" if options else "")
    )


def own_options(one: Format) -> Iterator[tuple[str, str]]:
    """Yield the named options of a transcript reader, with the words of its docstring."""
    # The source is parsed, not imported: pages build without the packages of an extra.
    reader = reader_of(one)
    words = inspect.cleandoc(ast.get_docstring(reader) or "")
    for argument in reader.args.kwonlyargs:
        about = re.search(rf"^{argument.arg}\n((?:    .+\n?)+)", words, flags=re.MULTILINE)
        if argument.arg != "source" and about:
            yield argument.arg, " ".join(about[1].split())


def meanings(one: Format) -> Iterator[tuple[str, str]]:
    """Yield what the options of ``read_annotations`` mean for another tool's files."""
    yield from getattr(one.load(), "OPTIONS", {}).items()


def reader_of(one: Format) -> ast.FunctionDef:
    """Find the function `read` of a format: in its module, or in the frame of all recognisers."""
    from importlib.util import find_spec
    from pathlib import Path

    readers = (
        node
        for module in (one.module, "rupturecode.io.parsers.recogniser")
        for node in ast.walk(ast.parse(Path(str(find_spec(module).origin)).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "read"
    )
    return next(readers)


def overview() -> str:
    """List all formats by kind."""
    table = rc.formats()
    text = ["# Formats", OPENING]
    for kind, title in KINDS.items():
        rows = [
            f"| [{row.name}]({kind}-{row.name}.md) | {' '.join(str(row.suffixes).split())} "
            f"| {'yes' if row.reads else 'no'} | {'yes' if row.writes else 'no'} "
            f"| {row.description} |"
            for row in table[table["kind"] == kind].itertuples()
        ]
        text += [f"## {title}", "\n".join([HEADER, "|---|---|---|---|---|", *rows])]
    names = "\n".join(f"{row.kind}-{row.name}" for row in table.itertuples())
    text.append(f"```{{toctree}}\n:hidden:\n\n{names}\n```")
    return "\n\n".join(text) + "\n"


HEADER = "| name | files | read | written | what it is |"
OPENING = (
    "Written from `rc.formats()` when this site is built. A file is recognised by what is in it, "
    "not by its name; where two formats fit, both are named and `format=` settles it."
)
