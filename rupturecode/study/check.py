"""Find everything that is wrong in a study, at once, and read what is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from rupturecode.errors import InvalidDataError, ParseError, Problem, RupturecodeError
from rupturecode.result import Result
from rupturecode.study.changes import remarks
from rupturecode.study.decisions import check_decisions
from rupturecode.study.reading import jobs, sources
from rupturecode.study.sessions import check_sessions
from rupturecode.study.settings_check import (
    check_columns,
    check_role_sessions,
    check_settings,
    check_units,
    check_windows,
)
from rupturecode.study.speakers import KIND, by_speaker, no_role, plain_roles, role_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.io.corpus_files import CorpusFile
    from rupturecode.study.model import Study
    from rupturecode.transcript import Corpus, Transcript

    Progress = Callable[[str, int, int], None]


_MANY_SPEAKERS = 9


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Check(Result):
    """What is wrong in a study, one row per problem, and what was read."""

    main: ClassVar[str] = "listing"

    listing: pd.DataFrame
    """Columns source, line, column, cell, kind, message."""
    files: pd.DataFrame
    """The import report: one row per transcript."""
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    """What is worth knowing and stops nothing."""
    corpus: Corpus | None = None
    notes: Annotations | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    """Speakers as study.toml names them."""

    def headline(self) -> str:
        """Say how many problems there are."""
        n = len(self.problems)
        return f"{n} problem{'s' if n != 1 else ''} found" if n else "No problems found"

    def report(self) -> str:
        """One line per transcript: what it was read as."""
        shown = ["session", "format", "encoding", "n_turns", "n_speakers", "n_words", "flags"]
        columns = [c for c in shown if c in self.files.columns]
        table = self.files[columns].to_string(index=False) if len(self.files) else ""
        notes = [f"note: {p}" for p in _together(self.remarks)]
        return "\n".join([table, *notes]) if notes else table

    def brief(self) -> tuple[Problem, ...]:
        """Give the problems for people: a speaker without a role is told once for all files."""
        speakers = [p for p in self.problems if p.kind == KIND]
        if self.corpus is None or len(speakers) < _MANY_SPEAKERS:
            return self.problems
        rest = tuple(p for p in self.problems if p.kind != KIND)
        return (*rest, *by_speaker(self.corpus, self.roles))

    def advice(self) -> str:
        """Give the lines that would name every speaker, ready to paste; empty if all are known."""
        lines = [] if self.corpus is None else role_lines(self.corpus)
        if len(lines) < 2:
            return ""
        head = "These lines under [roles] in study.toml would name every speaker; mend what is"
        return "\n".join([f"{head} wrong or left open (?):", *(f"  {line}" for line in lines)])


def _together(remarks: Sequence[Problem]) -> list[str]:
    """Word remarks line by line; what is the same in several files is told once."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for p in remarks:
        alike.setdefault((p.message, p.kind), []).append(p)
    said = []
    for (message, _), mine in alike.items():
        if len(mine) < _ALIKE:
            said += [str(p) for p in mine]
        else:
            said.append(f"{message} (in {len(mine)} files, such as {mine[0].source})")
    return said


_ALIKE = 3


def check(study: Study, progress: Progress | None = None) -> Check:
    """Read all of a study and list every problem; raise only when there is no study."""
    usable, faults = check_settings(study)
    problems = [*study.settings.problems, *faults]
    told: list[Problem] = []
    corpus = _corpus(usable, problems, told, progress)
    notes = None
    if corpus is not None:
        usable, uncut = check_windows(usable, corpus)
        problems += uncut
        for talk in corpus:
            problems += _in_talk(talk, study)
        if not any(p.kind == "bad-codebook" for p in faults):
            notes = _annotations(usable, corpus, problems)
        problems += [
            *check_role_sessions(study, corpus),
            *check_units(study, notes),
            *check_columns(study, corpus),
        ]
        wrong, undecided = check_decisions(study, notes)
        problems += wrong
        told += [
            *(p for talk in corpus for p in _warnings(talk) if p.kind == "warning"),
            *(p for talk in corpus for p in _backwards(talk)),
            *remarks(study, corpus),
            *(_from_study(p, study) for p in _noticed(notes, study)),
            *undecided,
        ]
    ordered = tuple(sorted(dict.fromkeys(problems), key=_place))
    listing = pd.DataFrame(
        [(p.source, p.line, p.column, p.cell, p.kind, p.message) for p in ordered],
        columns=["source", "line", "column", "cell", "kind", "message"],
    )
    return Check(
        listing=listing,
        files=corpus.report().to_frame() if corpus is not None else pd.DataFrame(),
        problems=ordered,
        remarks=tuple(told),
        corpus=corpus,
        notes=notes,
        roles=plain_roles(study.settings.roles),
        settings={"study": study.path.name},
    )


def read_transcripts(study: Study) -> Corpus:
    """Read a study's transcripts; see Study.transcripts."""
    problems: list[Problem] = []
    corpus = _corpus(study, problems, [], None)
    if problems or corpus is None:
        raise InvalidDataError(f"study {study.path.name}", problems)
    return corpus


def _place(problem: Problem) -> tuple[str, int, str]:
    return (problem.source, problem.line or 0, problem.cell)


def _corpus(
    study: Study, problems: list[Problem], told: list[Problem], progress: Progress | None
) -> Corpus | None:
    """Read what can be read; every file, session id and metadata row that cannot is a problem."""
    from rupturecode.io.corpus import joined
    from rupturecode.transcript import Corpus

    folder = study.transcripts_folder
    files, left_out = sources(study)
    told += [replace(p, source=f"{folder.name}/{p.source}") for p in left_out]
    if not files:
        message = "there are no transcripts; put one file per session into this folder"
        problems.append(Problem(message, f"{folder.name}/", kind="empty"))
        return None
    talks, known = _talks(study, files, problems, progress)
    if not talks:
        return None
    table = _session_table(study, problems, {*talks, *(f.path.stem for f in files)})
    table = joined(table, [row for row in known if row["session"] in talks])
    try:
        corpus = Corpus.from_transcripts(talks.values(), sessions=table)
    except RupturecodeError as err:
        problems += _located(err, str(study.settings.sessions.get("table", folder.name)))
        return None
    problems += [p for p in corpus.notes if p.source != "sessions"]
    return corpus


def _talks(
    study: Study, files: list[CorpusFile], problems: list[Problem], progress: Progress | None
) -> tuple[dict[str, Transcript], list[dict[str, object]]]:
    """Read file by file; return the transcripts, and what the files' names say of them."""
    from rupturecode.io.corpus_reading import read_one

    room = study.name_of(study.transcripts_folder)
    way = _FROM_PATTERN if study.settings.sessions.get("pattern") else _FROM_NAMES
    talks: dict[str, Transcript] = {}
    known: list[dict[str, object]] = []
    for done, job in enumerate(jobs(study, files), start=1):
        place = f"{room}/{job.file.name}"
        if progress is not None:
            progress("Reading transcripts", done, len(files))
        out = read_one(job)
        problems += _placed(out.problems, place)
        known += out.known
        for talk in out.talks:
            if talk.session in talks:
                first = talks[talk.session].source
                message = f"session {talk.session!r} was already read from {first}; ids must differ"
                problems.append(Problem(message + way, place, kind="duplicate-session"))
            talks.setdefault(talk.session, replace(talk, source=place))
    return talks, known


_FROM_PATTERN = (
    ". They come from the pattern under [sessions] in study.toml: let it tell them apart"
)
_FROM_NAMES = (
    ". They come from the files' names, without folders: rename one file, or say under [sessions] "
    "in study.toml what makes an id, such as: pattern = '.+'   (the path without its suffix)"
)


def _session_table(
    study: Study, problems: list[Problem], talks: Collection[str]
) -> pd.DataFrame | None:
    name = str(study.settings.sessions.get("table", ""))
    try:
        table = study.session_table()
    except RupturecodeError as err:
        problems += _located(err, name)
        return None
    if table is None:
        return None
    sound, found = check_sessions(table, name, talks)
    problems += found
    return sound


def _located(err: RupturecodeError, place: str) -> list[Problem]:
    """Turn an error into problems that name the file as it lies in the study folder."""
    if isinstance(err, InvalidDataError):
        return _placed(err.problems, place)
    if isinstance(err, ParseError):
        return [Problem(err.problem, place, err.line, kind="unreadable")]
    return [Problem(str(err), place, kind="unreadable")]


def _placed(problems: Iterable[Problem], place: str) -> list[Problem]:
    """Name a file as it lies in the study folder, wherever a problem names it by itself."""
    return [replace(p, source=place) if place.endswith(p.source) else p for p in problems]


def _in_talk(talk: Transcript, study: Study) -> list[Problem]:
    """Say which speakers have no role yet, and which times cannot be."""
    found = []
    roles = plain_roles(study.settings.roles)
    speakers = talk.speakers
    for row in speakers[speakers["role"] == "unknown"].itertuples():
        turn = int(talk.turns.loc[talk.turns["speaker"] == row.speaker, "turn"].min())
        turns = f"({row.n_turns} turn{'s' if row.n_turns != 1 else ''}, the first is turn {turn})"
        message = no_role(str(row.speaker), turns, str(row.suggested_role), roles)
        found.append(Problem(message, talk.source, _line(talk, turn), kind=KIND))
    impossible = talk.turns["flags"].str.contains("ends-before-start", regex=False)
    for turn in talk.turns.loc[impossible, "turn"]:
        message = f"turn {turn} ends before it starts"
        found.append(Problem(message, talk.source, _line(talk, int(turn)), kind="bad-time"))
    return [*found, *(p for p in _warnings(talk) if p.kind == "left-out")]


def _backwards(talk: Transcript) -> list[Problem]:
    """Point at the first time that runs back too far to be people talking at once."""
    starts = talk.turns[["turn", "start_ms"]].dropna().astype("int64")
    latest = starts["start_ms"].cummax()
    early = starts[latest - starts["start_ms"] > _TOO_FAR_MS]
    if not len(early):
        return []
    turn = int(early["turn"].iloc[0])
    before = int(starts.loc[starts["start_ms"] == latest[early.index[0]], "turn"].iloc[0])
    message = (
        f"turn {turn} starts before turn {before}, by more than a minute; is one of the two times "
        f"wrong? Until times pass that of turn {before} again, windows of minutes cannot part turns"
    )
    return [Problem(message, talk.source, _line(talk, turn), kind="backwards")]


_TOO_FAR_MS = 60_000


def _warnings(talk: Transcript) -> list[Problem]:
    """Word what the reader noticed; words of the session that were left out are a fault."""
    said = talk.info.get("warnings", [])
    found = []
    for warning in said if isinstance(said, list) else []:
        at = re.match(r"line (\d+): ", warning)
        message = warning.removeprefix(at[0] if at else "").split("; options=")[0]
        lost = "caption was left out" in message
        advice = ". Mend the line in the file" if lost else ""
        line = int(at[1]) if at else None
        kind = "left-out" if lost else "warning"
        found.append(Problem(message + advice, talk.source, line, kind=kind))
    return found


def _line(talk: Transcript, turn: int) -> int | None:
    """Where a turn stands in a text file; other formats have no lines to point at."""
    lines = talk.info.get("lines")
    if "newline" not in talk.info or not isinstance(lines, Sequence):
        return None
    return int(lines[turn - 1])


def _annotations(study: Study, corpus: Corpus, problems: list[Problem]) -> Annotations | None:
    try:
        notes = study.read_annotations(corpus)
    except RupturecodeError as err:
        unread = {p.stem for p in study.transcript_files()} - {t.session for t in corpus}
        found = _located(err, f"{study.codings_folder.name}/")
        problems += [_from_study(p, study) for p in found if not _follows(p, unread)]
        return None
    return notes


def _noticed(notes: Annotations | None, study: Study) -> list[Problem]:
    """Give what reading the codings noticed and did no harm, what is missing, what is stale."""
    if notes is None:
        return []
    from rupturecode.annotation import stale

    absent = [c for c in study.settings.coders if c not in notes.coders]
    silent = [Problem(f"coder {c!r} has no codings yet", kind="no-codings") for c in absent]
    skipped = notes.info.get("skipped")
    unread = [
        Problem("not read: no format of codings has this suffix", str(name), kind="unread")
        for name in (skipped if isinstance(skipped, list) else [])
    ]

    old = stale(notes)
    aged = [
        Problem(
            f"{int(row.n)} codings of {row.code} by {row.coder} in {row.session} were made under "
            f"{row.codebook}; look at them again",
            kind="stale",
        )
        for row in old.itertuples()
    ]
    return [*notes.problems, *silent, *unread, *aged]


def _follows(problem: Problem, unread: Collection[str]) -> bool:
    """Whether a coding is wrong only because its transcript could not be read."""
    return problem.kind == "unknown-session" and any(repr(s) in problem.message for s in unread)


def _from_study(problem: Problem, study: Study) -> Problem:
    """Name a coder's file as it lies in the study folder."""
    if (study.codings_folder / problem.source).is_file() and problem.source:
        return replace(problem, source=f"{study.name_of(study.codings_folder)}/{problem.source}")
    return problem
