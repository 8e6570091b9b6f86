"""The body of a Word document, taken in as it streams by: no tree, one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.errors import ParseError
from rupturecode.io.parsers.blocks import CHANGES, TRACKED, Block, Blocks
from rupturecode.io.parsers.docx_asides import USUAL_HEADINGS, Asides, value
from rupturecode.io.parsers.docx_paragraph import (
    BITS,
    COLORS,
    HIDDEN,
    Paragraph,
    bold_name,
    settled,
)
from rupturecode.io.parsers.docx_patterns import PARAGRAPHS, ROWS
from rupturecode.io.parsers.docx_plain import Taken, texts_of
from rupturecode.io.parsers.docx_tables import Tables
from rupturecode.io.parsers.xmlsafe import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rupturecode.io.parsers.docx_plain import Plain

    Handler = Callable[[dict[str, str]], None]

_CHARACTERS = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "\u00ad",
    "sym": "\ufffd",
}
#: Text boxes inside text boxes: beyond this a file is built to exhaust its reader.
_DEEPEST = 40
_ROWS = "tracked changes: deleted rows were left out"


class Reading(Asides):
    """Takes events and keeps blocks; properties of paragraphs and styles are told apart.

    Parameters
    ----------
    source
        The file, for errors.
    said
        The words of comments and footnotes, by part and id.
    taken
        Paragraphs and rows taken out beforehand, each in place before its sign comes.
    boxes_are_talk
        Whether text boxes hold the talk; else they are remarks beside it.
    headings
        The ids of the styles of titles and headings.
    """

    def __init__(
        self,
        source: str,
        said: dict[tuple[str, str], str],
        taken: Taken | None = None,
        *,
        boxes_are_talk: bool = False,
        headings: frozenset[str] = USUAL_HEADINGS,
    ) -> None:
        super().__init__(source, headings)
        self.said, self.boxes_are_talk = said, boxes_are_talk
        self.n_boxed = 0
        """Characters in text boxes that were taken for remarks."""
        self.joined: Paragraph | None = None
        """A paragraph whose end was deleted: the next goes on with it."""
        self.taken = taken or Taken()
        self.blocks = Blocks()
        self.bold: dict[int, int] = {}
        """By position of the block: how many characters at its start are bold, not all."""
        self.has_body = False
        self.tables = Tables()
        self.in_text = False
        self.starts, self.ends = self._starts(), self._ends()
        self.start_of: dict[str, Handler | None] = {}
        self.end_of: dict[str, Callable[[], None] | None] = {}

    def _starts(self) -> dict[str, Handler]:
        """Return what begins with each element, by its name."""
        tables = self.tables
        return {
            "t": self._text_start,
            "p": self._paragraph_start,
            "r": self._run_start,
            PARAGRAPHS: self._plain_paragraphs,
            ROWS: self._plain_rows,
            "pPr": lambda _: self._aside("pPr"),
            "rPr": lambda _: self._aside("rPr"),
            "trPr": lambda _: self._aside("trPr"),
            "body": self._body,
            "tbl": self._table_start,
            "tr": tables.begin_row,
            "tc": tables.begin_cell,
            "gridSpan": tables.span,
            "gridBefore": tables.leave_free,
            "vMerge": tables.merge,
            **{name: begin for name, (begin, _) in self.asides().items() if begin},
            "ins": self._inserted,
            "moveTo": self._inserted,
            "del": self._deleted,
            "moveFrom": self._deleted,
            "commentRangeStart": lambda a: self._note("comments", a),
            "commentReference": lambda a: self._note("comments", a),
            "footnoteReference": lambda a: self._note("footnotes", a),
            "endnoteReference": lambda a: self._note("endnotes", a),
            "rPrChange": lambda _: self._former(1),
            **{name: self._styler(name) for name in (*BITS, *COLORS)},
            **{name: self._character(name) for name in _CHARACTERS},
        }

    def _ends(self) -> dict[str, Callable[[], None]]:
        """Return what ends with each element."""
        return {
            "t": self._text_end,
            "p": self._paragraph_end,
            "r": self._run_end,
            "pPr": lambda: self._aside_end("pPr"),
            "rPr": lambda: self._aside_end("rPr"),
            "trPr": lambda: self._aside_end("trPr"),
            "rPrChange": lambda: self._former(-1),
            "tbl": self.tables.end,
            "tr": self._row_end,
            "tc": self._cell_end,
            **{name: end for name, (_, end) in self.asides().items() if end},
            "del": self._change_end,
            "moveFrom": self._change_end,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element; its full name is looked up once."""
        try:
            act = self.start_of[name]
        except KeyError:
            act = self.start_of[name] = self.starts.get(self.local(name))
        if act is not None:
            act(attributes)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        try:
            act = self.end_of[name]
        except KeyError:
            act = self.end_of[name] = self.ends.get(self.local(name))
        if act is not None:
            act()

    def text(self, text: str) -> None:
        """Take text between tags, of which only what is inside ``w:t`` was written."""
        if self.in_text:
            self.open[-1].put(text)

    def close(self) -> None:
        """Let go of the handlers, which hold the reading as it holds them, and all it read."""
        self._settle()
        for handlers in (self.starts, self.ends, self.start_of, self.end_of):
            handlers.clear()

    # paragraphs and runs

    def _body(self, _: dict[str, str]) -> None:
        self.has_body = True

    def _paragraph_start(self, _: dict[str, str]) -> None:
        if len(self.open) >= _DEEPEST:
            raise ParseError(f"text boxes nest more than {_DEEPEST} deep", self.source)
        self.open.append(Paragraph())

    def _stands_oddly(self) -> None:
        """Have the file read whole where what was taken out stands in no place of its own."""
        if self.aside or self.in_text or self.former:
            raise ParseError("a paragraph stands inside properties or text", self.source)

    def _plain_paragraphs(self, _: dict[str, str]) -> None:
        self._stands_oddly()
        if self.taken.paragraphs:
            self._put_back(self.taken.paragraphs.popleft())

    def _put_back(self, paragraphs: Iterable[Plain]) -> None:
        elsewhere = self.skipping or self.open or self.tables.row is not None
        for done in paragraphs:
            if isinstance(done, str):
                if elsewhere or self.joined:
                    self._finished(Paragraph([done], len(done)))
                else:
                    self.blocks.items.append(done)
                continue
            if done.removed or (done.tracked and not self.skipping):
                self.notes[CHANGES] = None
            if not self.skipping:
                for at, number in done.references:
                    self._say(done, at, ("comments", number))
            self._finished(done)

    def _plain_rows(self, _: dict[str, str]) -> None:
        self._stands_oddly()
        tables = self.tables
        if tables.own_row is not None:
            raise ParseError("a row stands inside a row", self.source)
        elsewhere = tables.depth != 1 or self.skipping or self.open
        for row in self.taken.rows.popleft() if self.taken.rows else ():
            cells = None if elsewhere else texts_of(row)
            if cells:
                self.blocks.add(Block(cells, len(self.blocks) + 1, tables.n))
                continue
            tables.begin_row()
            for paragraphs in row:
                tables.begin_cell()
                self._put_back(paragraphs)
                self._cell_end()
            self._row_end()

    def _paragraph_end(self) -> None:
        self._finished(self.open.pop())

    def _finished(self, done: Paragraph) -> None:
        """Put a paragraph where it belongs: nowhere, to the one it hangs on, or in its place."""
        if self.skipping:
            return
        if self.open:
            self.open[-1].boxes += [done, *done.boxes]
            return
        if done.boxes and not self.boxes_are_talk:
            self.notes["text boxes became comments on the paragraph they hang on"] = None
            self.n_boxed += done.remark()
        self._close(done)
        for box in done.boxes if self.boxes_are_talk else ():
            self.notes["text boxes were read after the paragraph they hang on"] = None
            self._close(box)

    def _close(self, done: Paragraph) -> None:
        """Make a block of a paragraph, or a part of the cell that it stands in."""
        if self.joined:
            self.joined.go_on(done)
            done, self.joined = self.joined, None
        if done.joins:
            done.joins = False
            self.joined = done if done.length else None
            return
        text, comments, drawn = settled(done)
        if self.tables.row is not None:
            self.tables.put(text, comments, drawn, tracked=done.tracked)
            return
        if done.styled and (bold := bold_name(text, done)):
            self.bold[len(self.blocks)] = bold
        if not (comments or drawn or done.tracked or done.heading):
            self.blocks.items.append(text)
            return
        flags = (TRACKED,) if done.tracked else ()
        placed = tuple([(0, at, words) for at, words in comments])
        number, heading = len(self.blocks) + 1, done.heading
        self.blocks.add(Block((text,), number, None, placed, flags, tuple(drawn), heading=heading))

    def _run_start(self, _: dict[str, str]) -> None:
        if self.open:
            now = self.open[-1]
            now.run, now.bits, now.color = (len(now.pieces), now.length), 0, ""

    def _run_end(self) -> None:
        if not self.open:
            return
        now = self.open[-1]
        if now.run is not None and (now.bits or now.color):
            pieces, start = now.run
            if now.bits & HIDDEN:
                self.notes["hidden text was left out"] = None
                del now.pieces[pieces:]
                now.length = start
            else:
                now.styled_since(start)
        now.run = None

    def _text_start(self, _: dict[str, str]) -> None:
        self.in_text = bool(self.open) and not self.skipping

    def _text_end(self) -> None:
        self.in_text = False

    def _styler(self, name: str) -> Handler:
        def act(attributes: dict[str, str]) -> None:
            of_run = self.aside == "rPr" and self.open and self.open[-1].run is not None
            if of_run and not self.former:
                self.open[-1].style(name, {local(key): v for key, v in attributes.items()})

        return act

    def _character(self, name: str) -> Handler:
        text = _CHARACTERS[name]

        def act(_: dict[str, str]) -> None:
            if self.open and self.open[-1].run is not None and not self.aside and not self.skipping:
                self.open[-1].put(text)
                if name == "sym":
                    self.notes["symbols of special fonts stand as U+FFFD"] = None

        return act

    # tables

    def _settle(self) -> None:
        """Let a paragraph end whose end was deleted, where none comes that could go on."""
        done, self.joined = self.joined, None
        if done:
            self._close(done)

    def _table_start(self, _: dict[str, str]) -> None:
        self._settle()
        self.tables.begin()

    def _row_end(self) -> None:
        row = self.tables.end_row()
        if row is None:
            return
        if row.deleted:
            self.notes[_ROWS] = None
        elif not self.skipping:
            self.blocks.add(row.block(len(self.blocks) + 1, self.tables.n))

    def _cell_end(self) -> None:
        row = self.tables.own_row
        if row is not None and row.parts is not None:
            self._settle()
            self.tables.end_cell()

    # changes, comments, alternatives

    def _inserted(self, _: dict[str, str]) -> None:
        if not self.aside and self.open and not self.skipping:
            self.open[-1].tracked = True
            self.notes[CHANGES] = None

    def _deleted(self, _: dict[str, str]) -> None:
        if self.aside == "trPr" and self.tables.row is not None:
            self.tables.row.deleted = True
        elif self.aside == "pPr" and self.open:
            self.open[-1].joins = True
        elif not self.aside:
            self.notes[CHANGES] = None
            if self.open:
                self.open[-1].tracked = True
            self.skipping += 1

    def _change_end(self) -> None:
        if not self.aside:
            self.skipping -= 1

    def _note(self, part: str, attributes: dict[str, str]) -> None:
        """Put a comment where its stretch begins, else where its sign is; each one once."""
        if self.open and not self.skipping:
            now = self.open[-1]
            self._say(now, now.length, (part, value(attributes, "id", "")))

    def _say(self, done: Paragraph, at: int, which: tuple[str, str]) -> None:
        words = self.said.pop(which, None)
        if words is not None:
            done.comments.append((at, words))
