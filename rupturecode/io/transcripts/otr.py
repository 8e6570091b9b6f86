"""oTranscribe (.otr): JSON around HTML, with time stamps the transcriber set by hand."""

from __future__ import annotations

import re
from html import unescape

from rupturecode.errors import ParseError
from rupturecode.io.parsers.jsonsafe import parse_json, seconds, words
from rupturecode.io.parsers.labelled import fill
from rupturecode.io.parsers.preview import preview
from rupturecode.transcript.draft import Draft
from rupturecode.transcript.numbers import Numbers

NAME = "otr"
_SIGN = re.compile(r'"media(?:-source|-time)?"\s*:|data-timestamp=')
_PIECE = re.compile(
    r"<(?P<closing>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,20})(?P<rest>[^<>]{0,2000}+)>|[^<]+|<"
)
_STAMP = re.compile(r"data-timestamp\s*=\s*[\"']?(?P<time>[\d.]{1,30})")
#: What may stand before a stamp that is the line's own.
_LABEL = re.compile(r"\s*[^\s:](?:[^:\n]{0,40}):\s*")
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

    Examples
    --------
    >>> read(b'{"text": "<p>T: Hm.</p><p>C: Go on.</p>"}', source="s01.otr").speakers
    ['T', 'C']
    """
    content = parse_json(data, source=source)
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise ParseError("not an oTranscribe file: there is no text", source)
    if "media" not in content and "<" not in content["text"]:
        raise ParseError("not an oTranscribe file: neither media nor HTML", source)
    page = _Page(words(content["text"]))
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
    """Try to read speaker labels; each turn has the time of the line on which it begins."""
    trial = Draft(NAME, draft.source)
    try:
        fill(trial, [text for _, text in lines])
    except ParseError:
        return False
    if not any(trial.speakers):
        return False
    for name in ("speakers", "raws", "ends", "lines", "flags"):
        setattr(draft, name, getattr(trial, name))
    own = zip(trial.starts, trial.lines, strict=True)
    draft.starts = Numbers(lines[at - 1][0] if start is None else start for start, at in own)
    draft.info |= trial.info
    within = sum(t is not None for t, _ in lines) - sum(t is not None for t in draft.starts)
    if within > 0:
        draft.warn(f"{within} time stamps on lines that continue a turn were left out")
    return True


class _Page:
    """The text of the editor's HTML, line by line.

    The editor knows few elements, so tags are taken by one pattern of bounded length; the
    standard library's parser takes quadratic time on comments that never end.
    """

    def __init__(self, html: str) -> None:
        self._lines: list[list[str]] = [[]]
        self._times: list[int | None] = [None]
        self._stamp = 0  # depth of elements inside a time stamp
        self.inside = 0
        for piece in _PIECE.finditer(html):
            if piece["tag"]:
                self._tag(piece["tag"].casefold(), piece["rest"], closing=bool(piece["closing"]))
            elif not self._stamp:
                self._lines[-1].append(unescape(piece.group()).replace("\n", " "))

    def _tag(self, tag: str, rest: str, *, closing: bool) -> None:
        if self._stamp:
            self._stamp += -1 if closing else tag != "br"
        elif not closing and (stamp := _STAMP.search(rest)):
            self._stamp = 1
            self._set(seconds(stamp["time"]))
        elif tag in _BREAKS and not (closing and tag == "br"):
            self._lines.append([])
            self._times.append(None)

    def _set(self, time: int | None) -> None:
        said = "".join(self._lines[-1])
        if self._times[-1] is not None or (said.strip() and not _LABEL.fullmatch(said)):
            self.inside += 1
        else:
            self._times[-1] = time

    @property
    def lines(self) -> list[tuple[int | None, str]]:
        """Each line with its time stamp."""
        found: list[tuple[int | None, str]] = []
        waiting: int | None = None  # a stamp on a line of its own is that of the next
        for stamp, parts in zip(self._times, self._lines, strict=True):
            text = "".join(parts).strip()
            time = waiting if stamp is None else stamp
            found.append((time if text else None, text))
            waiting = None if text else time
        return found
