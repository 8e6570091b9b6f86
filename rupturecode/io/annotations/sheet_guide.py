"""What coders read beside the sheets: definitions, choices, and how to code."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rupturecode.io.annotations.cells import OFFERED
from rupturecode.io.annotations.sheet_layout import ANSWERS, CONFIDENCE, EVIDENCE_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rupturecode.codebook import Code, Codebook
    from rupturecode.io.annotations.sheet_pages import SheetPage

#: Headings of the list of codes; by them a saved copy of this sheet is known.
GUIDE_HEADS = ("code", "label", "what it means", "who", "how it is rated")
_WIDTHS = (22, 28, 80, 16, 30)
_STOP = {
    "turn": "When you stop, put x under 'reviewed to here' in the last turn that you have read. "
    "Empty cells count as absent only down to there.",
    "window": "On the sheet 'windows', put x under 'reviewed to here' in the last window of each "
    "session that you have rated.",
    "session": "On the sheet 'session ratings', put x under 'rated' where you looked and rated "
    "nothing.",
}
_ASIDES = {
    EVIDENCE_KIND: "Under 'evidence', choose what the codes of this row rest on: words spoken, "
    "nonverbal behavior as transcribed, a memo, or your inference.",
    CONFIDENCE: "Under 'confidence', say how sure you are of the codes of this row, from 0 (a "
    "guess) to 1 (sure).",
}


def how(pages: Sequence[SheetPage]) -> Iterator[str]:
    """Say how to code, as far as these sheets need it."""
    yield (
        "One row per turn (or window, or session), one column per code. Choose from the list in "
        "the cell or type: x given, x? given but in doubt."
    )
    yield (
        "Leave a cell empty when the code is absent. n/a: it does not apply here. cannot code: "
        "for example inaudible. skipped: you did not decide."
    )
    yield from (_STOP[kind] for kind in dict.fromkeys(p.kind for p in pages))
    columns = {c for p in pages for c in p.columns}
    if ANSWERS in columns:
        yield (
            "For a code that answers another turn (a repair, its rupture), write the number of "
            "that turn under 'answers turn'; several with commas."
        )
    yield from (words for name, words in _ASIDES.items() if name in columns)
    if any(c.roles for p in pages if p.kind == "turn" for c in p.codes):
        yield "Grey hatched cells belong to turns of speakers who cannot carry the code."
    yield "Hover over a code's name to read its definition. All definitions stand below."
    yield "Please do not sort, insert, delete or merge rows, and do not change the transcript."


def definition(code: Code) -> str:
    """Return what a coder needs to know about a code, as a few lines."""
    lines = [code.label or code.id, code.definition]
    lines += [f"+ {t}" for t in code.include]
    lines += [f"- {t}" for t in code.exclude]
    lines += [f"e.g. {e.text}" for e in code.examples[:2]]
    lines += [f"{value:g} = {meaning}" for value, meaning in code.scale.anchors]
    if code.roles:
        lines.append(f"carried by: {', '.join(code.roles)}")
    return "\n".join(line for line in lines if line)


def options(code: Code) -> list[str]:
    """Return what a drop-down offers: the scale, the same with doubt, and why not.

    Examples
    --------
    >>> from rupturecode.codebook import Code
    >>> options(Code("withdrawal"))
    ['x', 'x?', 'n/a', 'cannot code', 'skipped']
    """
    scale = code.scale
    if scale.kind == "presence":
        sure = ["x"]
    elif scale.kind == "nominal":
        sure = list(scale.categories)
    elif scale.kind == "count":
        sure = [str(i) for i in range(int(min(scale.high or 10, 20)) + 1)]
    else:
        sure = [f"{v:g}" for v in _steps(code)]
    return [*sure, *(f"{s}?" for s in sure), *OFFERED]


def _steps(code: Code) -> list[float]:
    low, high = code.scale.low, code.scale.high
    anchored = [v for v, _ in code.scale.anchors]
    if low is None or high is None:
        return anchored
    whole = [float(v) for v in range(int(low), int(high) + 1)]
    return sorted({*anchored, *whole}) if len(whole) <= 20 else anchored


def row_height(text: str, width: int) -> float:
    """Return the height of a row in points, so that a wrapped text shows (409 is the most).

    Set by us because not every program fits rows to wrapped text when it opens a file.
    """
    lines = sum(max(1, len(wrap(line, int(width * 0.95)))) for line in text.split("\n"))
    return min(409.0, 15.5 * lines + 2)


def write_guide(
    sheet: Any,  # noqa: ANN401 - xlsxwriter has no types
    formats: Mapping[str, Any],
    pages: Sequence[SheetPage],
    codebook: Codebook,
    coder: str,
) -> None:
    """Fill the first sheet: whose it is, how to code, and every code with its definition."""
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"{codebook.title} ({codebook.ref})", formats["title"])
    sheet.write_string(1, 0, f"Coder: {coder}", formats["plain"])
    lines = list(how(pages))
    for number, line in enumerate(lines, start=3):
        sheet.merge_range(number, 0, number, 4, line, formats["plain"])
        sheet.set_row(number, row_height(line, sum(_WIDTHS)))
    top = 4 + len(lines)
    for column, name in enumerate(GUIDE_HEADS):
        sheet.write_string(top, column, name, formats["head"])
    seen = {c.id: c for page in pages for c in page.codes}
    for number, code in enumerate(seen.values(), start=top + 1):
        cells = (
            code.id,
            code.label,
            definition(code).partition("\n")[2],
            ", ".join(code.roles) or "anyone",
            ", ".join(options(code)),
        )
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell, formats["text"])
        tallest = zip(cells, _WIDTHS, strict=True)
        sheet.set_row(number, max(row_height(cell, width) for cell, width in tallest))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("")
