"""CHAT (.cha), the format of TalkBank and CLAN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rupturecode.io.parsers import chat
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.turn_rows import turn_rows
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from rupturecode.transcript.model import Transcript

NAME = "chat"
#: Begins with a letter rather than a place, so that a search need not look at every line.
_SIGN = re.compile(r"(?m)@(?<=^@)(?:Begin|UTF8)[ \t]*$")
_MAIN = re.compile(r"(?m)^\*[^:\s]+:|^@Participants:")
#: Dependent tiers that say what was seen or thought, and the kind of mark they become.
#: Tiers of words and grammar (%mor, %gra, %wor, %pho ...) are not about the conversation.
_MARKS = {
    "act": "event",
    "add": "comment",
    "cod": "comment",
    "coh": "comment",
    "com": "comment",
    "exp": "gloss",
    "fac": "nonverbal",
    "gls": "gloss",
    "gpx": "nonverbal",
    "int": "comment",
    "par": "nonverbal",
    "sit": "comment",
    "spa": "comment",
}
#: Headers that may stand between turns and say what happened there.
_REMARKS = ("Comment", "Situation", "Activities")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,6}")


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a CHAT file: ``@Begin`` and main tiers or participants."""
    del name
    text = preview(head)
    return bool(_SIGN.search(text)) and bool(_MAIN.search(text))


def read(data: bytes, *, source: str, encoding: str | None = None) -> Draft:
    r"""Read the main tiers as turns; observations in dependent tiers become marks.

    Parameters
    ----------
    data
        The file.
    source
        Its name, for errors.
    encoding
        For files from before Unicode.

    Raises
    ------
    ParseError
        With the line, where it is neither header, tier nor continuation.

    Examples
    --------
    >>> read(b"@Begin\n*CLI:\tI came . \x150_900\x15\n@End\n", source="s01.cha").ends
    [900]
    """
    decoded = decode(data, source=source, encoding=encoding)
    found = chat.parse(decoded.text, source=source)
    draft = Draft(NAME, source, convention=_convention(found), info=decoded.info)
    for utterance in found.utterances:
        position = len(draft)
        draft.add(
            utterance.speaker,
            utterance.text,
            utterance.start_ms,
            utterance.end_ms,
            line=utterance.line,
        )
        for tier, text in utterance.tiers:
            if tier in _MARKS and text:
                draft.marks.append((position, _MARKS[tier], text, None, None))
    _remarks(draft, found)
    draft.info["participants"] = found.participants
    for name in ("Languages", "Media", "Date", "Situation", "Location"):
        if value := found.header(name):
            draft.info[name.casefold()] = value
    gems = [h for h in found.headers if h.name in ("G", "Bg", "Eg", "New Episode")]
    if gems:
        draft.info["gems"] = [(h.name, h.value, h.before + 1) for h in gems]
    left = sorted({t for u in found.utterances for t, _ in u.tiers} - set(_MARKS))
    if left:
        draft.warn("tiers about words were not read: " + ", ".join(f"%{t}" for t in left))
    return draft


def _remarks(draft: Draft, found: chat.Chat) -> None:
    """Take in what headers between turns say, as marks of the turn that follows."""
    for header in found.headers:
        if header.name in _REMARKS and header.value and header.before:
            position = min(header.before, len(draft) - 1)
            draft.marks.append((position, "comment", header.value, None, None))
    if ahead := [h.value for h in found.headers if h.name == "Comment" and not h.before]:
        draft.info["comments"] = ahead


def _convention(found: chat.Chat) -> str:
    """Return CHAT's notation, save where the file says that its signs are others.

    Under the option ``CA`` brackets mean what they mean in conversation analysis: ``(yes)``
    is what was hardly heard, not what was left unsaid.
    """
    options = (found.header("Options") or "").replace(",", " ").split()
    return "plain" if any(option.startswith("CA") for option in options) else "chat"


def write(transcript: Transcript) -> bytes:
    """Write a transcript; speakers get codes of up to seven letters, named in the header.

    The ``CA`` option is set because ordinary transcripts do not end each utterance with a
    terminator as CHAT otherwise demands.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("Ms. D", "Hello."), ("T", "Hi.")])
    >>> read(write(talk), source="s1.cha").info["participants"]
    {'MSD': 'Ms._D Participant', 'T': 'T Participant'}
    """
    rows = turn_rows(transcript)
    codes = _codes(list(dict.fromkeys(row.speaker for row in rows)))
    people = ", ".join(_participant(code, name) for name, code in codes.items())
    headers = [
        chat.Header("Languages", "und", 0),
        chat.Header("Participants", people, 0),
        chat.Header("Options", "CA", 0),
        *(chat.Header("ID", f"und|rupturecode|{c}|||||Participant|||", 0) for c in codes.values()),
    ]
    said = (chat.Utterance(codes[r.speaker], r.raw, r.start_ms, r.end_ms) for r in rows)
    return chat.write(chat.Chat(tuple(headers), tuple(said)))


def _participant(code: str, name: str) -> str:
    plain = "_".join(re.sub(r"[,:|\t]", " ", name).split())
    return f"{code} {plain} Participant" if plain else f"{code} Participant"


def _codes(speakers: list[str]) -> dict[str, str]:
    """Give each speaker a code of its own: the name's letters, numbered where taken."""
    codes: dict[str, str] = {}
    for speaker in speakers:
        letters = "".join(c for c in speaker.upper() if c.isascii() and c.isalnum())
        code = letters[:7] if _CODE.fullmatch(letters[:7]) else "SPK"
        n = 1
        while code in codes.values():
            n += 1
            code = f"{(letters or 'SPK')[: 7 - len(str(n))]}{n}"
        codes[speaker] = code
    return codes
