r"""CHAT, the transcription format of TalkBank: headers, main tiers and dependent tiers.

Best effort as users ask of readers of this format: main tiers are kept letter for letter
and never checked against the grammar of words, so no file is refused for its details.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(
    r"(?P<header>@[^:\t]+)(?::[ \t]*(?P<value>.*))?$"
    r"|\*(?P<speaker>[^:\s]+):[ \t]*(?P<said>.*)$"
    r"|%(?P<tier>[^:\s]+):[ \t]*(?P<note>.*)$"
)
#: A time bullet, as ``start_end`` in milliseconds; older files name the sound file first.
_BULLET = re.compile(r"[ \t]*\x15(?:%[a-z]+:\"[^\"\x15]*\"_)?(\d{1,15})_(\d{1,15})-?\x15")
_BREAK = re.compile(r"[ ]*[\t\r\n]+[ ]*")
_NEWLINE = re.compile(r"\r\n?|\n")
BULLET = "\x15"
_SPEAKER = re.compile(r"[^\s:*@%]{1,40}")


@dataclass(frozen=True, slots=True)
class Header:
    """A line that starts with ``@``; ``before`` is the utterance that follows it (0-based)."""

    name: str
    value: str
    before: int
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A main tier with its dependent tiers (name without ``%``, text)."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    tiers: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chat:
    """A file: its headers and utterances, each in order."""

    headers: tuple[Header, ...]
    utterances: tuple[Utterance, ...]

    def header(self, name: str) -> str | None:
        """Return the value of the first header of a name, or None."""
        return next((h.value for h in self.headers if h.name == name), None)

    @property
    def participants(self) -> dict[str, str]:
        """Speaker codes and what ``@Participants`` says of each."""
        entries = (
            entry.split(maxsplit=1) for entry in (self.header("Participants") or "").split(",")
        )
        return {entry[0]: entry[1] if len(entry) > 1 else "" for entry in entries if entry}


def parse(text: str, *, source: str) -> Chat:
    r"""Read the text of a CHAT file.

    Raises
    ------
    ParseError
        With the line, where a line is no header, no tier and no continuation.

    Examples
    --------
    >>> chat = parse("@Begin\n*CLI:\tI came .\n%com:\tlooks away\n@End\n", source="s01.cha")
    >>> chat.utterances[0].speaker, chat.utterances[0].text, chat.utterances[0].tiers
    ('CLI', 'I came .', (('com', 'looks away'),))
    """
    headers: list[Header] = []
    utterances: list[Utterance] = []
    main: tuple[str, str, int] | None = None
    tiers: list[tuple[str, str]] = []

    def close() -> None:
        if main is not None:
            utterances.append(_utterance(*main, tuple(tiers)))
            tiers.clear()

    for number, line in _joined(text, source):
        match = _LINE.match(line)
        if match is None:
            raise ParseError(
                "expected '@Header:', '*SPEAKER:' or '%tier:'", source, number, line[:120]
            )
        if match["tier"]:
            if main is None:
                raise ParseError("a dependent tier before any speaker", source, number, line[:120])
            tiers.append((match["tier"], match["note"].rstrip()))
            continue
        close()
        main = None
        if match["header"]:
            value = (match["value"] or "").strip()
            headers.append(Header(match["header"][1:].strip(), value, len(utterances), number))
        else:
            main = (match["speaker"], match["said"], number)
    close()
    if not any(h.name == "Begin" for h in headers):
        raise ParseError("this is not a CHAT file: it has no @Begin", source, 1)
    return Chat(tuple(headers), tuple(utterances))


def _joined(text: str, source: str) -> Iterator[tuple[int, str]]:
    """Yield logical lines: those that begin with a tab or space continue the one before."""
    number, parts = 0, [""]
    for at, line in enumerate(_NEWLINE.split(text), start=1):
        if not line.strip():
            continue
        if line[0] in "\t ":
            if not number:
                raise ParseError("the file begins with a continuation line", source, at, line[:120])
            parts.append(line.strip())
            continue
        if number:
            yield number, " ".join(parts)
        number, parts = at, [line.rstrip()]
    if number:
        yield number, " ".join(parts)


def _utterance(speaker: str, said: str, line: int, tiers: tuple[tuple[str, str], ...]) -> Utterance:
    times = [(int(a), int(b)) for a, b in _BULLET.findall(said)]
    text = _BULLET.sub("", said).strip() if times else said.strip()
    start, end = (times[0][0], times[-1][1]) if times else (None, None)
    return Utterance(speaker, text, start, end, tiers, line)


def write(chat: Chat) -> bytes:
    """Write a CHAT file; line breaks and tabs inside a text become spaces.

    ``@UTF8``, ``@Begin`` and ``@End`` are added where they are missing.

    Raises
    ------
    UsageError
        When a speaker, header or tier name cannot stand in a CHAT file.
    """
    lines: list[str] = []
    headers = list(chat.headers)
    if not any(h.name == "Begin" for h in headers):
        headers = [Header("UTF8", "", 0), Header("Begin", "", 0), *headers]
    if not any(h.name == "End" for h in headers):
        headers.append(Header("End", "", len(chat.utterances)))
    waiting = iter(sorted(headers, key=lambda h: h.before))
    header = next(waiting, None)
    for i in range(len(chat.utterances) + 1):
        while header is not None and (header.before <= i or i == len(chat.utterances)):
            _check(header.name.replace(" ", "_"), "header")
            lines.append(
                f"@{header.name}:\t{_flat(header.value)}" if header.value else f"@{header.name}"
            )
            header = next(waiting, None)
        if i < len(chat.utterances):
            lines += _lines(chat.utterances[i])
    return ("\n".join(lines) + "\n").encode()


def _lines(utterance: Utterance) -> Iterator[str]:
    _check(utterance.speaker, "speaker")
    bullet = ""
    if utterance.start_ms is not None and utterance.end_ms is not None:
        bullet = f" \x15{utterance.start_ms}_{utterance.end_ms}\x15"
    said = _flat(utterance.text.replace(BULLET, " "))
    yield f"*{utterance.speaker}:\t{said}{bullet}"
    for name, text in utterance.tiers:
        _check(name, "tier")
        yield f"%{name}:\t{_flat(text)}"


def _flat(text: str) -> str:
    return _BREAK.sub(" ", text).strip()


def _check(name: str, what: str) -> None:
    if not _SPEAKER.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a {what} name in CHAT: no spaces, ':', '*', '@' or '%'"
        )
