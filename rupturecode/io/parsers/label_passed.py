"""What looks like a label and was not taken for one: codes, notes, people who speak once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rupturecode.io.parsers.label_vocabulary import could_be_speaker, is_code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rupturecode.transcript.draft import Draft

POSSIBLE_SPEAKER = "possible-speaker"
#: So many are named in warnings, and so many of their words and of the speakers shown.
_MOST_NAMED, _MOST_SHOWN, _FEW = 20, 40, 4


class Passed(NamedTuple):
    """A line that begins with words before a colon that are no label."""

    line: int
    name: str
    whole: str


def tell_of_passed(draft: Draft, passed: Iterable[Passed]) -> None:
    """Name the words before colons that are no labels; flag turns that may hold another's words.

    A code on a line of its own (``Code: WD-1``) becomes a comment on the turn above it.
    """
    told: dict[str, int] = {}
    codes: list[Passed] = []
    passed = list(passed)
    for one, n_before in zip(passed, draft.lines.n_up_to([p.line for p in passed]), strict=True):
        position = n_before - 1
        if position < 0:
            continue
        if is_code(one.name):
            codes.append(one)
            _comment(draft, position, one.whole.strip())
            continue
        possible = could_be_speaker(one.name)
        if possible and POSSIBLE_SPEAKER not in draft.flags[position]:
            draft.flag(position, POSSIBLE_SPEAKER)
        told[one.name] = told.get(one.name, 0) + 1
        if told[one.name] == 1 and len(told) <= _MOST_NAMED:
            draft.warn(_warning(draft, one, draft.speakers[position], possible=possible))
    if codes:
        shown = f"{codes[0].whole.strip()[:_MOST_SHOWN]!r} (line {codes[0].line})"
        draft.warn(
            f"{shown} became a comment on the turn above, not speech"
            if len(codes) == 1
            else f"{len(codes)} lines such as {shown} became comments on turns, not speech"
        )


def _warning(draft: Draft, one: Passed, speaker: str, *, possible: bool) -> str:
    known = list(dict.fromkeys(draft.speakers))
    whose = f"the words of {speaker!r}" if speaker else "words without a speaker"
    said = one.whole.strip()
    shown = said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN].rstrip()}..."
    text = (
        f"{one.name!r} stands before a colon on line {one.line} ({shown!r}): not read as a "
        f"speaker, so the line counts among {whose}"
    )
    if not possible:
        return text
    if len(known) > _FEW:
        return f"{text}. If {one.name!r} speaks, name all speakers in speakers=[...]"
    named = ", ".join(repr(name) for name in [*known, one.name] if name)
    return f"{text}. If {one.name!r} speaks, say speakers=[{named}]"


def _comment(draft: Draft, position: int, words: str) -> None:
    """Put a line of a turn, and the line break before it, into a comment."""
    last = draft.marks[-1] if draft.marks else None
    behind = (last[4] or 0) if last and last[0] == position else 0
    start = draft.raws[position].find(words, behind)
    if start >= 0:
        first = max(start - 1, behind)
        draft.marks.append((position, "comment", words, first, start + len(words)))
