"""oTranscribe (.otr): JSON around HTML, with time stamps the transcriber set by hand."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from rupturecode.errors import ParseError
from rupturecode.io.parsers.clock import clock
from rupturecode.io.parsers.jsonsafe import parse_json, seconds, words
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.preview import preview
from rupturecode.transcript.draft import Draft

NAME = "otr"
_SIGN = re.compile(r'"media(?:-source|-time)?"\s*:|data-timestamp=')
_BREAKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "blockquote"})


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a file of oTranscribe."""
    text = preview(head)
    if not re.match(r'\s*\{\s*"', text) or '"text"' not in text:
        return False
    return name.casefold().endswith(".otr") or bool(_SIGN.search(text) and "<" in text)


def read(data: bytes, *, source: str) -> Draft:
    """Read the paragraphs; a time stamp at the start of one gives its start.

    Speaker labels in the text are used where there are any; without them each paragraph
    is a turn without a speaker. Stamps inside a paragraph are taken out of the words and
    noted.

    Raises
    ------
    ParseError
        When the JSON is malformed or holds no text.
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise ParseError("not an oTranscribe file: there is no text", source)
    if "media" not in content and "<" not in content["text"]:
        raise ParseError("not an oTranscribe file: neither media nor HTML", source)
    page = _Page()
    page.feed(words(content["text"]))
    page.close()
    draft = Draft(NAME, source)
    if words(content.get("media")):
        draft.info["media"] = words(content["media"])
    if not _labelled(draft, page.lines):
        for number, (time, text) in enumerate(page.lines, start=1):
            if text:
                draft.add("", text, time, line=number)
        draft.warn("no speaker labels: each paragraph is a turn without a speaker")
    if page.inside:
        draft.warn(f"{page.inside} time stamps inside paragraphs were taken out of the words")
    return draft


def _labelled(draft: Draft, lines: list[tuple[int | None, str]]) -> bool:
    """Try to read speaker labels, each line's time written out in front of it."""
    trial = Draft(NAME, draft.source)
    stamped = [f"[{clock(time)}] {text}" if time is not None else text for time, text in lines]
    try:
        fill(trial, stamped)
    except ParseError:
        return False
    if not any(trial.speakers):
        return False
    for name in ("speakers", "raws", "starts", "ends", "lines", "flags"):
        setattr(draft, name, getattr(trial, name))
    draft.info |= trial.info
    return True


class _Page(HTMLParser):
    """The text of the editor's HTML, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._times: list[int | None] = [None]
        self._stamp = 0  # depth of elements inside a time stamp
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._stamp:
            self._stamp += tag != "br"
            return
        stamp = dict(attrs).get("data-timestamp")
        if stamp is not None:
            self._stamp = 1
            self._set(seconds(stamp))
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if self._stamp:
            self._stamp -= 1
        elif tag in _BREAKS and tag != "br":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._stamp:
            self._lines[-1].append(data.replace("\n", " "))

    def _set(self, time: int | None) -> None:
        if "".join(self._lines[-1]).strip() or self._times[-1] is not None:
            self.inside += 1
        else:
            self._times[-1] = time

    def _break(self) -> None:
        self._lines.append([])
        self._times.append(None)

    @property
    def lines(self) -> list[tuple[int | None, str]]:
        """Each line with its time stamp."""
        texts = ("".join(parts).strip() for parts in self._lines)
        return list(zip(self._times, texts, strict=True))
