"""The manual and the quick sheet as Word documents."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rupturecode.codebook.manual import outline
from rupturecode.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rupturecode.codebook.model import Code, Codebook
    from rupturecode.codebook.parts import Example, Vignette

SOFT = "5B6570"
_SIGNS = {"not given": "–", "not allowed": "×"}


def manual_docx(book: Codebook) -> bytes:
    """Return the coder's manual as DOCX, with a table of contents that Word fills in.

    Raises
    ------
    MissingExtraError
        When python-docx is not installed.
    """
    page = _Page(book)
    page.title()
    page.heading("Contents", 1)
    page.field(r'TOC \o "1-1" \h \z \u', " · ".join(outline.sections(book)))
    page.heading("How to code", 1)
    page.bullets(outline.GUIDE)
    if outline.unverified(book):
        page.text("Entries marked unverified were not checked against their source.", bold=True)
    page.scales()
    page.aids()
    for family in outline.families(book):
        page.heading(family.top.label, 1, new_page=True)
        for entry in family.entries:
            page.code(entry.code)
    page.case_data()
    page.vignettes(book.vignettes)
    return page.bytes()


def quick_sheet_docx(book: Codebook) -> bytes:
    """Return all codes on one landscape page as DOCX.

    Raises
    ------
    MissingExtraError
        When python-docx is not installed.
    """
    page = _Page(book)
    columns = 3 if len(book) <= 45 else 5
    size = outline.type_size(
        [len(c.label) + len(outline.marks(c)) + 4 for c in book] + [60] * len(book.top),
        columns=columns,
    )
    page.landscape(columns)
    page.text(f"{book.title} ({book.ref})", bold=True, size=min(size + 2, 12))
    for family in outline.families(book):
        page.text(family.top.label.upper(), bold=True, size=size)
        for code in (e.code for e in family.entries if not e.code.heading):
            star = "*" if code.status == "unverified" else ""
            page.text(f"{code.key:<3} {code.label}{star} {outline.marks(code)}", size=size)
    return page.bytes()


class _Page:
    """A Word document being written from top to bottom."""

    def __init__(self, book: Codebook) -> None:
        try:
            import docx
        except ModuleNotFoundError as err:
            raise MissingExtraError("Writing a DOCX manual", "python-docx", "docx") from err
        self.book = book
        self.doc: Any = docx.Document()
        self._styles()
        about = self.doc.core_properties
        about.title, about.author = book.title, ", ".join(book.authors)

    def _styles(self) -> None:
        from docx.shared import Mm, Pt, RGBColor

        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin = section.bottom_margin = Mm(18)
        normal = self.doc.styles["Normal"]
        normal.font.name, normal.font.size = "Georgia", Pt(10)
        normal.paragraph_format.space_after = Pt(3)
        for name, size in (("Title", 24), ("Heading 1", 18), ("Heading 2", 12)):
            style = self.doc.styles[name]
            style.font.name, style.font.size = "Arial", Pt(size)
            style.font.color.rgb = RGBColor(0x1B, 0x1F, 0x24)
            style.element.rPr.rFonts.attrib.clear()
            style.element.rPr.rFonts.set(_qn("w:ascii"), "Arial")
            style.element.rPr.rFonts.set(_qn("w:hAnsi"), "Arial")
            style.paragraph_format.keep_with_next = True
        self._page_number(section)

    def _page_number(self, section: Any) -> None:  # noqa: ANN401 - python-docx has no types
        paragraph = section.footer.paragraphs[0]
        self._run(paragraph, f"{self.book.ref}   ", size=8, color=SOFT)
        self._field(paragraph, "PAGE", "1")

    def title(self) -> None:
        book = self.book
        self.text("Coder's manual", color=SOFT)
        self.heading(book.title, 0)
        self.text(book.ref, color=SOFT)
        if book.description:
            self.text(book.description)
        for name, words in (
            ("Authors", ", ".join(book.authors)),
            ("Cite", book.citation),
            ("Licence", book.licence),
            ("Meant for", ", ".join(book.units)),
            ("Fingerprint", book.fingerprint),
        ):
            if words:
                self.labelled(name, words)

    def heading(self, text: str, level: int, *, new_page: bool = False) -> None:
        paragraph = self.doc.add_heading(text, level)
        paragraph.paragraph_format.page_break_before = new_page

    def text(
        self, text: str, *, bold: bool = False, color: str = "", size: float = 0, keep: bool = False
    ) -> None:
        from docx.shared import Pt

        paragraph = self.doc.add_paragraph()
        self._run(paragraph, text, bold=bold, color=color, size=size)
        paragraph.paragraph_format.keep_with_next = keep
        if size:
            paragraph.paragraph_format.space_after = Pt(0)

    def _run(
        self,
        paragraph: Any,  # noqa: ANN401
        text: str,
        *,
        bold: bool = False,
        italic: bool = False,
        color: str = "",
        size: float = 0,
    ) -> None:
        from docx.shared import Pt, RGBColor

        run = paragraph.add_run(text)
        run.bold, run.italic = bold or None, italic or None
        if color:
            run.font.color.rgb = RGBColor.from_string(color)
        if size:
            run.font.size = Pt(size)

    def labelled(self, name: str, words: str) -> None:
        paragraph = self.doc.add_paragraph()
        self._run(paragraph, f"{name}  ", bold=True, size=9)
        self._run(paragraph, words, size=9)

    def bullets(self, items: Iterable[str]) -> None:
        for item in items:
            self.doc.add_paragraph(self._plain(item), style="List Bullet")

    def _plain(self, text: str) -> str:
        return "".join(
            f"“{words}”" if code else words for words, code in outline.segments(self.book, text)
        )

    def field(self, instruction: str, shown: str) -> None:
        self._field(self.doc.add_paragraph(), instruction, shown)

    def _field(self, paragraph: Any, instruction: str, shown: str) -> None:  # noqa: ANN401
        from docx.oxml import OxmlElement

        field = OxmlElement("w:fldSimple")
        field.set(_qn("w:instr"), instruction)
        field.set(_qn("w:dirty"), "true")
        run, text = OxmlElement("w:r"), OxmlElement("w:t")
        text.text = shown
        run.append(text)
        field.append(run)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no call for fields

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        from docx.shared import Mm, Pt

        listed = [header, *rows]
        table = self.doc.add_table(rows=len(listed), cols=len(header), style="Table Grid")
        widths = [Mm(38)] * (len(header) - 1) + [Mm(170 - 38 * (len(header) - 1))]
        for n, (row, texts) in enumerate(zip(table.rows, listed, strict=True)):
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = width
                self._run(cell.paragraphs[0], text, bold=n == 0, size=9)
                cell.paragraphs[0].paragraph_format.space_after = Pt(1)

    def scales(self) -> None:
        if self.book.scales:
            self.heading("Scales", 1)
        for name, scale in self.book.scales:
            self.text(f"{name} ({scale.kind})", bold=True, keep=True)
            self.bullets(f"{value:g}: {text}" for value, text in scale.anchors)
            self.bullets(text.replace("_", " ") for text in scale.categories)

    def aids(self) -> None:
        book = self.book
        self.heading("Decision aids", 1)
        self.table(("Which family?", "What it holds"), [(c.label, c.definition) for c in book.top])
        if book.constraints:
            self.heading("Rules", 2)
            self.bullets(outline.rules(book))
        if outline.pairs(book):
            self.heading("Easily confused", 2)
            rows = [(p.a.label, p.b.label, self._plain(p.boundary)) for p in outline.pairs(book)]
            self.table(("This", "or this", "What tells them apart"), rows)

    def code(self, code: Code) -> None:
        flag = "" if code.status == "current" else f"  [{code.status}]"
        key = f"  ({code.key})" if code.key else ""
        self.heading(f"{code.label}{key}{flag}", 2)
        if not code.heading:
            chips = outline.chips(self.book, code)
            self.text(f"{code.id} · {chips}", color=SOFT, size=8, keep=True)
        self.text(self._plain(code.definition), keep=bool(code.include))
        self._list("Give it when", code.include)
        self._list("Do not give it when", code.exclude)
        self._list("Examples", map(self._example, code.examples))
        self._list("Near misses", map(self._example, code.near_misses))
        self._list("Easily confused with", self._confusions(code))
        if code.note:
            self.labelled("Note", self._plain(code.note))

    def _list(self, title: str, items: Iterable[str]) -> None:
        listed = list(items)
        if listed:
            self.text(title, bold=True, size=9, keep=True)
            self.bullets(listed)

    def _example(self, example: Example) -> str:
        instead = f" Rather: {self.book[example.instead].label}." if example.instead else ""
        reason = f" [{example.why}]" if example.why else ""
        return f"{example.text}{reason}{instead}"

    def _confusions(self, code: Code) -> Iterable[str]:
        for confusion in code.confused_with:
            words = outline.boundary(self.book, code.id, confusion.code)
            yield self.book[confusion.code].label + (f": {words}" if words else "")

    def case_data(self) -> None:
        if self.book.case_data:
            self.heading("Case data", 1, new_page=True)
            self.text("Supplied by persons or study; never coded from talk, never inferred.")
            rows = [(f.label, ", ".join(f.about), f.definition) for f in self.book.case_data]
            self.table(("Field", "About", "Meaning"), rows)

    def vignettes(self, vignettes: Sequence[Vignette]) -> None:
        if vignettes:
            self.heading("Boundary vignettes", 1, new_page=True)
            self.text("Invented dialogues. + given, – tempting but not given, × refused by rule.")
        for vignette in vignettes:
            self.heading(vignette.title, 2)
            self.text(vignette.why, color=SOFT, keep=True)
            for n, turn in enumerate(vignette.turns, start=1):
                paragraph = self.doc.add_paragraph()
                paragraph.paragraph_format.keep_with_next = True
                self._run(paragraph, f"{n}. {turn.role.capitalize()}: ", bold=True)
                self._run(paragraph, turn.text)
                for mark, label, why in outline.answers(self.book, turn):
                    reading = mark.removeprefix("given").strip() if "reading" in mark else ""
                    words = " ".join(filter(None, [_SIGNS.get(mark, "+"), label, reading]))
                    self._answer(f"{words}: {why}" if why else words)
            self.bullets(outline.links(self.book, vignette))

    def _answer(self, words: str) -> None:
        from docx.shared import Mm, Pt

        paragraph = self.doc.add_paragraph()
        paragraph.paragraph_format.left_indent = Mm(8)
        paragraph.paragraph_format.space_after = Pt(1)
        self._run(paragraph, words, size=9, color=SOFT)

    def landscape(self, columns: int) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.oxml import OxmlElement
        from docx.shared import Mm

        section = self.doc.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(8)
        section.top_margin = section.bottom_margin = Mm(8)
        section.footer.is_linked_to_previous = True
        cols = section._sectPr.find(_qn("w:cols"))  # noqa: SLF001 - no call for columns
        if cols is None:
            cols = OxmlElement("w:cols")
            section._sectPr.append(cols)  # noqa: SLF001
        cols.set(_qn("w:num"), str(columns))
        cols.set(_qn("w:space"), "200")

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.doc.save(out)
        return out.getvalue()


def _qn(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))
