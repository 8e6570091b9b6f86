"""The manual and the quick sheet as HTML, each one file with nothing to fetch."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from rupturecode.codebook.manual import outline

if TYPE_CHECKING:
    import jinja2
    import markupsafe

    from rupturecode.codebook.model import Codebook

ROOMY, FULL = 45, 120
"""Numbers of codes up to which a quick sheet has room for words, and for four columns."""


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("rupturecode.codebook.manual", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def manual_html(book: Codebook) -> str:
    """Return the coder's manual as one HTML page that prints well.

    Examples
    --------
    >>> from rupturecode.codebook import load_codebook
    >>> "Easily confused" in manual_html(load_codebook("cis"))
    True
    """
    return (
        _templates()
        .get_template("manual.html.j2")
        .render(
            book=book,
            families=outline.families(book),
            pairs=outline.pairs(book),
            rules=outline.rules(book),
            guide=outline.GUIDE,
            unverified=outline.unverified(book),
            n_codes=sum(not code.heading for code in book),
            chips=partial(outline.chips, book),
            answers=outline.answers,
            links=outline.links,
            boundary=outline.boundary,
            linked=partial(_linked, book),
        )
    )


def quick_sheet_html(book: Codebook) -> str:
    """Return all codes on one landscape page: keys, labels, roles, and words where they fit."""
    words = len(book) <= ROOMY
    columns = 3 if words else 6 if len(book) > FULL else 4
    lengths = [
        len(code.label) + len(outline.marks(code)) + (len(outline.short(code)) if words else 0)
        for code in book
    ]
    lengths += [60 for _ in book.top]
    return (
        _templates()
        .get_template("quick.html.j2")
        .render(
            book=book,
            families=outline.families(book),
            size=outline.type_size(lengths, columns=columns),
            columns=columns,
            words=words,
            short=outline.short,
            marks=outline.marks,
        )
    )


def _linked(book: Codebook, text: str) -> markupsafe.Markup:
    """Return text with the ids of codes in it turned into links."""
    from markupsafe import Markup

    link = Markup('<a href="#{}">{}</a>')
    return Markup("").join(
        link.format(code, words) if code else words for words, code in outline.segments(book, text)
    )
