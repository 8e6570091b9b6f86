"""A page per bundled codebook, from its YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import rupturecode as rc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.codebook import Code, Codebook


def pages() -> Iterator[tuple[str, str]]:
    """Yield path and Markdown of each page, the overview last."""
    table = rc.codebooks()
    for name in table["id"]:
        yield f"codebooks/{name}.md", page(rc.load_codebook(name))
    rows = "\n".join(
        f"| [{row.id}]({row.id}.md) | {row.title} | {row.version} | {row.n_codes} "
        f"| {row.n_unverified} | {row.n_vignettes} |"
        for row in table.itertuples()
    )
    names = "\n".join(table["id"])
    yield "codebooks/index.md", OVERVIEW.format(rows=rows, names=names)


OVERVIEW = """# Bundled codebooks

Written from the YAML when this site is built. Definitions and examples are ours; the instruments
belong to their authors, and train with their manuals. "Unverified" counts codes whose place or
wording we could not check against the source.

| id | what it is | version | codes | unverified | vignettes |
|---|---|---|---|---|---|
{rows}

```{{toctree}}
:hidden:

{names}
```
"""


def page(book: Codebook) -> str:
    """Write a codebook out for reading: what it is, its codes as a tree, its rules."""
    parts = [
        f"# {book.id}: {book.title}",
        about_book(book),
        f"**Sources.** {book.citation}",
        f"**Licence.** {book.licence}",
        f'In Python: `rc.load_codebook("{book.id}")`.',
        "## Codes",
    ]
    for code in book.codes:
        if not code.parent:
            parts.extend(branch(book, code, depth=0))
    parts.extend(rules(book))
    parts.extend(vignettes(book))
    return "\n\n".join(part for part in parts if part) + "\n"


def about_book(book: Codebook) -> str:
    """Return version, size, language and fingerprint; headings are not counted as codes."""
    n_codes = sum(not code.heading for code in book.codes)
    return (
        f"Version {book.version}, {n_codes} codes, language `{book.language}`, "
        f"fingerprint `{book.fingerprint}`."
    )


def plain(text: str) -> str:
    """Return a text on one line whose signs mean nothing to Markdown."""
    return re.sub(r"([\\`*_${}<\[\]|])", r"\\\1", " ".join(text.split()))


def branch(book: Codebook, code: Code, depth: int) -> Iterator[str]:
    """Yield a code and those below it; the two upper levels are headings."""
    name = f"{plain(code.label)} (`{code.id}`)"
    yield f"{'#' * (3 + depth)} {name}" if depth < 2 else f"**{name}**"
    yield from about(code)
    for child in book.children(code.id):
        yield from branch(book, child, depth + 1)


def about(code: Code) -> Iterator[str]:
    """Yield what a coder must know of one code."""
    yield plain(code.definition)
    facts = [", ".join(code.roles) or "any role"]
    if not code.heading:
        facts.append(f"rated as {code.scale.kind}, on {', '.join(code.level)}")
    if code.origin:
        facts.append(f"origin {plain(code.origin)}")
    if code.status != "current":
        facts.append(code.status)
    yield f"*{'; '.join(facts)}*"
    lines = [f"Give it: {plain(text)}" for text in code.include]
    lines += [f"Not for: {plain(text)}" for text in code.exclude]
    lines += [f"Example: {plain(one.text)}" for one in code.examples]
    lines += [f"Near miss: {plain(one.text)} {plain(one.why)}" for one in code.near_misses]
    lines += [
        f"Beside `{other.code}`: {plain(other.boundary)}"
        for other in code.confused_with
        if other.boundary
    ]
    lines += [f"{value:g} is {plain(text)}" for value, text in code.scale.anchors]
    yield "\n".join(f"- {line.strip()}" for line in lines)


def rules(book: Codebook) -> Iterator[str]:
    """Yield the codebook's own rules, if there are any."""
    if not book.constraints:
        return
    yield "## Rules"
    yield "\n".join(
        f"- `{rule.code}` {rule.kind.replace('_', ' ')} "
        f"{', '.join(f'`{other}`' for other in rule.others)}. {plain(rule.why)}"
        for rule in book.constraints
    )


def vignettes(book: Codebook) -> Iterator[str]:
    """Yield the short dialogues at the boundary between codes."""
    if not book.vignettes:
        return
    yield "## Vignettes"
    for vignette in book.vignettes:
        yield f"### {plain(vignette.title)}"
        yield plain(vignette.why)
        yield "\n".join(
            f"{number}. {turn.role}: {plain(turn.text)}"
            + "".join(f" **{given.code}**" for given in turn.codes)
            + "".join(f" (not `{no.code}`)" for no in turn.not_codes)
            for number, turn in enumerate(vignette.turns, start=1)
        )
