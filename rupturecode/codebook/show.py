"""A codebook as a frame and as HTML for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.codebook.model import Code, Codebook


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


def to_html(book: Codebook) -> str:
    """Return a short page: title, counts, and the tree of codes that fold open."""
    unverified = sum(code.status == "unverified" for code in book)
    given = sum(not code.heading for code in book)
    note = f", {unverified} unverified" if unverified else ""
    head = (
        f"<p><b>{escape(book.title)}</b> <code>{escape(book.ref)}</code><br>"
        f"{given} codes{note}, {len(book.constraints)} constraints, "
        f"{len(book.vignettes)} vignettes</p>"
    )
    return head + "".join(_branch(book, code) for code in book.top)


def _branch(book: Codebook, code: Code) -> str:
    children = book.children(code.id)
    flag = " <i>unverified</i>" if code.status == "unverified" else ""
    line = f"<code>{escape(code.id)}</code> {escape(code.label)}{flag}"
    about = f"<p>{escape(code.definition)}</p>" if code.definition else ""
    inside = about + "".join(_branch(book, child) for child in children)
    return f'<details style="margin-left:1em"><summary>{line}</summary>{inside}</details>'
