"""A table as a paper prints it: one content, as Markdown, LaTeX, HTML or Word."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from html import escape
from typing import Any

from rupturecode.errors import MissingExtraError

_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "−": "$-$",
}


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Words in cells; the first column is text, the others are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def to_markdown(self) -> str:
        r"""Word as a Markdown table with its title and notes.

        Examples
        --------
        >>> print(PaperTable("T", ("Code", "n"), (("a|b", "3"),)).to_markdown())
        **T**
        <BLANKLINE>
        | Code | n |
        | :--- | ---: |
        | a\|b | 3 |
        <BLANKLINE>
        """

        def line(cells: tuple[str, ...]) -> str:
            return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"

        ruler = "| " + " | ".join([":---", *["---:"] * (len(self.columns) - 1)]) + " |"
        lines = [f"**{self.title}**", "", line(self.columns), ruler, *map(line, self.rows), ""]
        notes = [f"*Note.* {' '.join(self.notes)}", ""] if self.notes else []
        return "\n".join([*lines, *notes])

    def to_latex(self) -> str:
        """Word as a LaTeX table; it needs the package booktabs."""

        def line(cells: tuple[str, ...]) -> str:
            return " & ".join(map(latex, cells)) + r" \\"

        aligned = "l" + "r" * (len(self.columns) - 1)
        lines = [
            r"\begin{table}",
            rf"\caption{{{latex(self.title)}}}",
            rf"\begin{{tabular}}{{{aligned}}}",
            r"\toprule",
            line(self.columns),
            r"\midrule",
            *map(line, self.rows),
            r"\bottomrule",
            r"\end{tabular}",
        ]
        if self.notes:
            lines.append(rf"\par\smallskip\emph{{Note.}} {latex(' '.join(self.notes))}")
        return "\n".join([*lines, r"\end{table}", ""])

    def to_html(self) -> str:
        """Word as an HTML table."""

        def line(cells: tuple[str, ...], tag: str) -> str:
            scope = ' scope="col"' if tag == "th" else ""
            return "<tr>" + "".join(f"<{tag}{scope}>{escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "\n".join(line(r, "td") for r in self.rows)
        notes = f"<p><em>Note.</em> {escape(' '.join(self.notes))}</p>\n" if self.notes else ""
        return (
            f"<table>\n<caption>{escape(self.title)}</caption>\n"
            f"<thead>{line(self.columns, 'th')}</thead>\n"
            f"<tbody>\n{body}\n</tbody>\n</table>\n{notes}"
        )


def latex(text: str) -> str:
    r"""Escape what LaTeX would read as a command.

    Examples
    --------
    >>> latex("50 % of n_units")
    '50 \\% of n\\_units'
    """
    return "".join(_LATEX.get(c, c) for c in text)


def word_document(tables: list[PaperTable], title: str) -> bytes:
    """Return a Word document of tables; the same tables give the same bytes.

    Raises
    ------
    MissingExtraError
        When python-docx is not installed.
    """
    try:
        import docx
    except ImportError as e:
        raise MissingExtraError("Writing tables as DOCX", "python-docx", "docx") from e
    document: Any = docx.Document()
    document.core_properties.title, document.core_properties.author = title, ""
    for paper in tables:
        document.add_heading(paper.title, 2)
        grid = document.add_table(rows=0, cols=len(paper.columns), style="Light List")
        for n, cells in enumerate((paper.columns, *paper.rows)):
            _fill(grid.add_row().cells, cells, bold=n == 0)
        if paper.notes:
            note = document.add_paragraph()
            note.add_run("Note. ").italic = True
            note.add_run(" ".join(paper.notes))
    made = io.BytesIO()
    document.save(made)
    return _timeless(made)


def _fill(row: Any, cells: tuple[str, ...], *, bold: bool) -> None:  # noqa: ANN401 - no types
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for i, (cell, text) in enumerate(zip(row, cells, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9)
        if i:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _timeless(made: io.BytesIO) -> bytes:
    """Write the same archive without the time of day in it."""
    from rupturecode.io.exchange.zipout import to_zip

    with zipfile.ZipFile(made) as archive:
        return to_zip({name: archive.read(name) for name in archive.namelist()})
