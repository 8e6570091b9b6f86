"""From one transcript format to another, saying what the new one cannot hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.io.listing import write_transcript
from rupturecode.io.read import read_transcript

if TYPE_CHECKING:
    from os import PathLike

    from rupturecode.transcript import Transcript


def convert_transcript(
    source: str | PathLike[str],
    target: str | PathLike[str],
    *,
    read_as: str | None = None,
    write_as: str | None = None,
    overwrite: bool = False,
) -> list[str]:
    r"""Read a transcript, write it in another format, and compare what can be read back.

    Parameters
    ----------
    source, target
        The file to read and the file to write.
    read_as, write_as
        Formats, where contents or suffix do not say them.
    overwrite
        Whether a file that is there already may be replaced; never the source itself.

    Returns
    -------
    What the new file does not hold, in words; empty when nothing was lost.

    Raises
    ------
    UnknownNameError
        When no format that can be written has the suffix.
    UsageError
        When the target is there already, or is the source.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "s1.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nT: Hello.\n")
    >>> convert_transcript(folder / "s1.srt", folder / "s1.txt")
    ['end times of 1 turn']
    """
    new = Path(target)
    if new.exists() and (not overwrite or new.samefile(source)):
        raise UsageError(
            f"{target} is there already and was left as it is. Name another file"
            + ("." if overwrite else "; --overwrite (in Python, overwrite=True) replaces it.")
        )
    talk = read_transcript(source, format=read_as)
    written = write_transcript(talk, target, format=write_as)
    back = read_transcript(written, format=write_as, session=talk.session)
    losses = []
    if len(back) != len(talk):
        losses.append(f"turn boundaries: {len(talk)} turns read back as {len(back)}")
    for column, name in (("start_ms", "start times"), ("end_ms", "end times")):
        gone = int(talk.turns[column].notna().sum() - back.turns[column].notna().sum())
        if gone > 0:
            losses.append(f"{name} of {gone} turn{'' if gone == 1 else 's'}")
    if len(back) == len(talk):
        losses += _changed(talk, back)
    had, have = len(talk.marks), len(back.marks)
    if have < had:
        losses.append(f"{had - have} of {had} marks")
    return losses


def _changed(talk: Transcript, back: Transcript) -> list[str]:
    """Say which names and words are other ones in the new file."""
    pairs = zip(talk.turns["speaker"], back.turns["speaker"], strict=True)
    names = {old: new for old, new in pairs if old != new}
    found = [f"the name {old!r}, which is written {new!r}" for old, new in names.items()]
    texts = zip(talk.turns["text"], back.turns["text"], strict=True)
    n = sum(old.split() != new.split() for old, new in texts)
    if n:
        found.append(f"the wording of {n} turn{'' if n == 1 else 's'}")
    return found
