"""What was read, how it looks, what was changed, and what deserves a look."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from rupturecode.display import counted
from rupturecode.result import Result
from rupturecode.transcript.repair import MEANING as REPAIRS
from rupturecode.transcript.suspicion import duplicated_turns, suspicious_speakers
from rupturecode.transcript.words import spoken_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rupturecode.transcript.corpus import Corpus
    from rupturecode.transcript.model import Transcript

MEANING = {
    **REPAIRS,
    "merged": "pieces of one speaker joined to one turn",
    "backchannel-inside": "a listener's sounds put inside the turn around them",
    "backchannel-split": "a listener's sounds in brackets given a turn of their own",
    "comment-by-wording": "a bracket taken out as a comment because of its words: please look",
    "unclosed-bracket": "a bracket that is never closed",
    "interrupted": "breaks off, with a dash or CHAT's +/., where another speaker goes on",
    "self-interrupted": "the speaker breaks off and begins anew (CHAT's +//.)",
    "completion": "goes on with an earlier utterance, one's own or another's (CHAT's +, and ++)",
    "latched": "follows the turn before without a gap",
    "ends-before-start": "the end time lies before the start time",
    "runs-backwards": "pieces joined to one turn begin before the piece before: please look",
    "overlap": "said while another spoke, as the file marks it",
    "speaker-differs": "all words have another speaker than their segment: please look",
    "segment-split": "a part of a segment in which the words have several speakers",
    "time-interpolated": "a time that the file does not give, spread evenly",
    "speaker-carried-over": "a caption without a name given to the speaker before it",
    "two-speakers": "a caption that two speakers share: please look",
    "possible-speaker": "a line begins with what may be another's name: please look",
    "turn-numbered-label": "a label that numbers the turn, read as its speaker",
    "tracked-change": "Word's tracked changes: insertions read, deletions left out",
}
_FILE_COLUMNS = [
    "session",
    "source",
    "format",
    "convention",
    "encoding",
    "n_turns",
    "n_speakers",
    "n_words",
    "timed",
    "monotone",
    "n_backwards",
    "n_gaps",
    "longest_gap_ms",
    "n_overlaps",
    "n_duplicated",
    "n_empty",
    "n_flagged",
    "n_marks",
    "unknown_roles",
]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ImportReport(Result):
    """One row per transcript in ``files``; who speaks, flags and notes in the other tables."""

    main: ClassVar[str] = "files"
    files: pd.DataFrame
    """session, source, format, convention (of signs inside turns), encoding, n_turns,
    n_speakers, n_words, timed (share of turns with a start), monotone (whether starts never
    run backwards), n_backwards, n_gaps, longest_gap_ms, n_overlaps, n_duplicated, n_empty,
    n_flagged, n_marks, unknown_roles."""
    speakers: pd.DataFrame
    """session, speaker, role, n_turns, n_words, share (of the session's words), suspicion."""
    flags: pd.DataFrame
    """session, flag, n_turns, meaning."""
    notes: pd.DataFrame
    """session, source, line, note."""

    def headline(self) -> str:
        """Say what was read, and how much of it deserves a look."""
        n_turns, n_words = int(self.files["n_turns"].sum()), int(self.files["n_words"].sum())
        odd = set(self.notes["session"]) | set(
            self.speakers.loc[self.speakers["suspicion"] != "", "session"]
        )
        n_odd = len(odd - {""})
        deserve = "deserves" if n_odd == 1 else "deserve"
        look = f"; {counted(n_odd, 'session')} {deserve} a look" if n_odd else ""
        read = counted(len(self.files), "transcript")
        return f"{read} read: {counted(n_turns, 'turn')}, {counted(n_words, 'word')}{look}."


def import_report(corpus: Corpus, *, gap_ms: int = 60_000) -> ImportReport:
    """Look at every transcript of a corpus.

    Parameters
    ----------
    corpus
        As read.
    gap_ms
        A silence between turns longer than this counts as a gap.

    Examples
    --------
    >>> from rupturecode.transcript import Corpus, Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "So."), ("C", "[*Repair*] Fine.")])
    >>> import_report(Corpus.from_transcripts([talk])).files["n_words"].tolist()
    [2]
    """
    files: list[dict[str, object]] = []
    speakers: list[tuple[object, ...]] = []
    flags: list[tuple[object, ...]] = []
    notes: list[tuple[str, str, int | None, str]] = [
        ("", p.source, p.line, p.message) for p in corpus.notes
    ]
    by_hash: dict[object, str] = {}
    for talk in corpus:
        words = spoken_words(talk)
        row = _file_row(talk, words, gap_ms)
        files.append(row)
        speakers += _speaker_rows(talk, words)
        flags += _flag_rows(talk)
        notes += [(talk.session, talk.source, None, note) for note in _notes(talk, row)]
        twin = by_hash.setdefault(talk.info.get("sha256", talk.session), talk.session)
        if twin != talk.session and corpus[twin].turns["raw"].equals(talk.turns["raw"]):
            notes.append((talk.session, talk.source, None, f"the same content as session {twin!r}"))
    return ImportReport(
        files=pd.DataFrame(files, columns=_FILE_COLUMNS),
        speakers=pd.DataFrame(
            speakers,
            columns=["session", "speaker", "role", "n_turns", "n_words", "share", "suspicion"],
        ),
        flags=pd.DataFrame(flags, columns=["session", "flag", "n_turns", "meaning"]),
        notes=pd.DataFrame(notes, columns=["session", "source", "line", "note"]).astype(
            {"line": "Int64"}
        ),
        settings={"gap_ms": gap_ms},
    )


_ODD = {
    "n_backwards": "times run backwards (number of places)",
    "n_duplicated": "turns in passages that come twice, word for word",
    "n_empty": "turns without words",
}


def _notes(talk: Transcript, row: Mapping[str, object]) -> list[str]:
    """Say what the reader warned of, and what the counts of the file show."""
    warnings = talk.info.get("warnings", [])
    found = [str(w) for w in warnings] if isinstance(warnings, list) else []
    return found + [f"{meaning}: {row[column]}" for column, meaning in _ODD.items() if row[column]]


def _file_row(talk: Transcript, words: pd.Series, gap_ms: int) -> dict[str, object]:
    turns = talk.turns
    return {
        "session": talk.session,
        "source": talk.source,
        "format": talk.format,
        "convention": str(talk.info.get("convention", "")),
        "encoding": str(talk.info.get("encoding", "")),
        "n_turns": len(turns),
        "n_speakers": len(set(turns["speaker"]) - {""}),
        "n_words": int(words.sum()),
        **_timing(turns, gap_ms),
        "n_duplicated": len(duplicated_turns(talk)),
        "n_empty": int((turns["text"] == "").sum()),
        "n_flagged": int((turns["flags"] != "").sum()),
        "n_marks": len(talk.marks),
        "unknown_roles": int((turns["role"] == "unknown").sum()),
    }


def _timing(turns: pd.DataFrame, gap_ms: int) -> dict[str, object]:
    """How the times run; backwards steps are counted among the turns that have a start."""
    start = turns["start_ms"].to_numpy(dtype="float64", na_value=np.nan)
    end = turns["end_ms"].to_numpy(dtype="float64", na_value=np.nan)
    known = start[~np.isnan(start)]
    backwards = int((np.diff(known) < 0).sum())
    between = start[1:] - end[:-1] if len(start) > 1 else np.array([])
    gaps = between[between > gap_ms]
    return {
        "timed": len(known) / len(start) if len(start) else np.nan,
        "monotone": backwards == 0 if len(known) else None,
        "n_backwards": backwards,
        "n_gaps": len(gaps),
        "longest_gap_ms": int(gaps.max()) if len(gaps) else 0,
        "n_overlaps": int((between < 0).sum()),
    }


def _speaker_rows(talk: Transcript, words: pd.Series) -> Iterator[tuple[object, ...]]:
    suspicions = suspicious_speakers(talk)
    total = int(words.sum())
    frame = talk.turns[["speaker", "role"]].assign(words=words)
    for (speaker, role), part in frame.groupby(["speaker", "role"], sort=False):
        spoken = int(part["words"].sum())
        share = spoken / total if total else np.nan
        suspicion = suspicions.get(str(speaker), "")
        yield talk.session, speaker, role, len(part), spoken, share, suspicion


def _flag_rows(talk: Transcript) -> Iterator[tuple[object, ...]]:
    counts: Counter[str] = Counter()
    for flags in talk.turns.loc[talk.turns["flags"] != "", "flags"]:
        counts.update(flags.split(";"))
    for flag, n in counts.most_common():
        yield talk.session, flag, n, MEANING.get(flag, "")
