"""A codebook as a frame and as HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rupturecode.display import counted, listing

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.codebook.model import Code, Codebook
    from rupturecode.codebook.parts import Example, Scale


def to_frame(book: Codebook) -> pd.DataFrame:
    """Return one row per code, lists joined with ``;``.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> book = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "codes": [{"id": "a"}]})
    >>> to_frame(book)[["code", "roles", "scale"]].to_dict("records")
    [{'code': 'a', 'roles': 'any', 'scale': 'presence'}]
    """
    import pandas as pd

    return pd.DataFrame([_row(code) for code in book])


def _row(code: Code) -> dict[str, object]:
    return {
        "code": code.id,
        "label": code.label,
        "parent": code.parent,
        "definition": code.definition,
        "roles": "; ".join(code.roles) or "any",
        "scale": code.scale.kind,
        "level": "; ".join(code.level),
        "observability": code.observability,
        "origin": code.origin,
        "section": code.section,
        "status": code.status,
        "heading": code.heading,
        "key": code.key,
        "color": code.color,
        "fingerprint": code.fingerprint,
    }


def tree(book: Codebook) -> str:
    """Return the codes as an indented plain text tree.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> print(tree(Codebook.from_dict({"id": "t", "version": "1", "title": "Tiny",
    ...     "codes": [{"id": "a"}, {"id": "b", "parent": "a", "status": "unverified"}]})))
    Tiny (t@1)
    a  A
      b  B  [unverified]
    """
    lines = [f"{book.title} ({book.ref})"]

    def add(code: Code, depth: int) -> None:
        flag = f"  [{code.status}]" if code.status != "current" else ""
        lines.append(f"{'  ' * depth}{code.id}  {code.label}{flag}")
        for child in book.children(code.id):
            add(child, depth + 1)

    for code in book.top:
        add(code, 0)
    return "\n".join(lines)


def describe(code: Code) -> str:
    """Return everything a coder needs to know about one code, as plain text."""
    lines = [f"{code.label} ({code.id})"]
    if code.status != "current":
        lines.append(f"STATUS: {code.status}. Check the source before relying on it.")
    lines += [code.definition] if code.definition else []
    lines += [f"{name}: {words}" for name, words in facts(code)]
    for title, items in (("Give it when", code.include), ("Do not give it when", code.exclude)):
        lines += [f"{title}:", *(f"  - {item}" for item in items)] if items else []
    for title, examples in (("Examples", code.examples), ("Near misses", code.near_misses)):
        lines += [f"{title}:", *(f"  - {example_line(e)}" for e in examples)] if examples else []
    if code.confused_with:
        pairs = [
            f"  - {c.code}{f': {c.boundary}' if c.boundary else ''}" for c in code.confused_with
        ]
        lines += ["Easily confused with:", *pairs]
    return "\n".join(lines + ([f"Note: {code.note}"] if code.note else []))


def example_line(example: Example) -> str:
    """Return an example with its reason on one line."""
    reason = f"  [{example.why}]" if example.why else ""
    return example.text + reason + (f"  -> {example.instead}" if example.instead else "")


def facts(code: Code) -> list[tuple[str, str]]:
    """Return who may carry a code, how it is rated and where it comes from, in words."""
    source = ", ".join(filter(None, [code.origin, code.section and f"section {code.section}"]))
    named = [
        ("Carried by", ", ".join(code.roles) or "anyone"),
        ("Scale", scale_words(code.scale)),
        ("Attaches to", ", ".join(code.level)),
        ("Evidence", code.observability.replace("_", " ")),
        ("Source", source),
        ("Key", code.key),
    ]
    return [(name, words) for name, words in named if words]


def scale_words(scale: Scale) -> str:
    """Return a scale in words.

    Examples
    --------
    >>> from rupturecode.codebook import Scale
    >>> scale_words(Scale("ordinal", anchors=((1, "weak"), (2, "clear"))))
    'ordinal: 1 = weak; 2 = clear'
    """
    if scale.anchors:
        return f"{scale.kind}: " + "; ".join(f"{v:g} = {text}" for v, text in scale.anchors)
    if scale.categories:
        return f"{scale.kind}: " + ", ".join(scale.categories)
    return "present or absent" if scale.kind == "presence" else scale.kind


def to_html(book: Codebook) -> str:
    """Return a short page: title, counts, and the tree of codes that fold open."""
    unverified = sum(code.status == "unverified" for code in book)
    given = sum(not code.heading for code in book)
    note = f", {unverified} unverified" if unverified else ""
    head = (
        f"<p><b>{escape(book.title)}</b> <code>{escape(book.ref)}</code><br>"
        f"{counted(given, 'code')}{note}, {counted(len(book.constraints), 'constraint')}, "
        f"{counted(len(book.vignettes), 'vignette')}</p>"
    )
    return head + "".join(_branch(book, code) for code in book.top)


def code_html(code: Code) -> str:
    """Return everything a coder needs to know about one code, as HTML."""
    title, *_ = describe(code).splitlines()
    return f"<p><b>{escape(title)}</b></p>{_about(code)}"


def _branch(book: Codebook, code: Code) -> str:
    below = sum(not c.heading for c in book.descendants(code.id))
    flag = " <i>unverified</i>" if code.status == "unverified" else ""
    count = f" ({below} below)" if below else ""
    line = f"{escape(code.label)} <code>{escape(code.id)}</code>{flag}{count}"
    inside = _about(code) + "".join(_branch(book, child) for child in book.children(code.id))
    return (
        '<details style="margin-left:1em;border-left:1px solid;padding-left:.5em">'
        f'<summary style="cursor:pointer">{line}</summary>{inside}</details>'
    )


def _about(code: Code) -> str:
    parts = [f"<p>{escape(code.definition)}</p>" if code.definition else ""]
    told = [
        ("Give it when", code.include),
        ("Do not give it when", code.exclude),
        ("Examples", [example_line(e) for e in code.examples]),
        ("Near misses", [example_line(e) for e in code.near_misses]),
        (
            "Easily confused with",
            [f"{c.code}: {c.boundary}" if c.boundary else c.code for c in code.confused_with],
        ),
    ]
    for title, items in told:
        if items:
            parts.append(f'<p style="margin:.2em 0">{title}:</p>{listing(items)}')
    if not code.heading:
        parts.append("<p><small>" + " · ".join(_fact(*f) for f in facts(code)) + "</small></p>")
    return "".join(parts)


def _fact(name: str, words: str) -> str:
    return f"{escape(name)}: {escape(words)}"
