"""Reading one file of a corpus: who it is about, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rupturecode.errors import (
    InvalidDataError,
    ParseError,
    Problem,
    RupturecodeError,
    UsageError,
    nearest,
)
from rupturecode.io.read import Settings, load, read_drafts
from rupturecode.transcript.roles import folded, roles_of
from rupturecode.transcript.sessions import composed

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

    from rupturecode.io.corpus_files import CorpusFile
    from rupturecode.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to read one file."""

    file: CorpusFile
    format: str | None
    options: Mapping[str, object]
    settings: Settings
    roles: Mapping[str, object] | str | None
    ids: re.Pattern[str] | None


@dataclass(slots=True)
class Outcome:
    """What became of one file."""

    name: str
    talks: list[Transcript]
    known: list[dict[str, object]]
    problems: list[Problem]


def read_one(job: Job) -> Outcome:
    """Read one file; its problems come back instead of being raised."""
    out = Outcome(job.file.name, [], [], [])
    try:
        data = job.file.data if job.file.data is not None else load(job.file.path)
        drafts = read_drafts(
            data, job.file.name, format=job.format, options=job.options, strict=False
        )
        for draft in drafts:
            known = _identity(job, draft.session)
            session = str(known["session"])
            settings = replace(job.settings, roles=roles_of(session, job.roles))
            out.talks.append(settings.finish(draft, session))
            out.known.append(known)
    except InvalidDataError as err:
        out.problems += [p if p.source else replace(p, source=job.file.name) for p in err.problems]
    except ParseError as err:
        source = job.file.name if err.source == str(job.file.path) else err.source
        out.problems.append(Problem(err.problem, source, err.line, kind="unreadable"))
    except RupturecodeError as err:
        words = str(err).removeprefix(f"{job.file.name}: ")
        out.problems.append(Problem(words, job.file.name, kind="unreadable"))
    return out


def _identity(job: Job, inside: str | None) -> dict[str, object]:
    """Return what the file's name says about the session, and the file itself if it does."""
    stem = composed(str(PurePosixPath(job.file.name).with_suffix("")))
    if job.ids is None:
        return {"session": inside or PurePosixPath(stem).name.strip()}
    found = job.ids.search(stem)
    if found is None:
        raise UsageError(f"session_pattern does not match {stem!r}.")
    groups = {k: v for k, v in found.groupdict().items() if v}
    default = found[1] if job.ids.groups and "session" not in job.ids.groupindex else found[0]
    session = inside or groups.get("session") or default
    if not session:
        raise UsageError(f"session_pattern finds no session in {stem!r}: its group is empty there.")
    fields = ("case", "position", "date", "kind")
    return {"session": session, **{f: groups[f] for f in fields if f in groups}}


def idle_roles(roles: object, talks: Sequence[Transcript]) -> list[Problem]:
    """Name the speakers and sessions of a mapping of roles that are not in the corpus."""
    if not isinstance(roles, Mapping):
        return []
    speakers = {t.session: list(dict.fromkeys(t.turns["speaker"])) for t in talks}
    everybody = list(dict.fromkeys(s for mine in speakers.values() for s in mine if s))
    found = []
    for key, value in roles.items():
        if not isinstance(value, Mapping):
            found += _nobody([key], everybody, "in any session")
        elif str(key) not in speakers:
            hint = nearest(str(key), speakers)
            found.append(f"roles are given for session {key!r}, which is not there.{hint}")
        else:
            found += _nobody(value, speakers[str(key)], f"in session {key!r}")
    return [Problem(message, "roles", kind="idle-role") for message in found]


def _nobody(names: Iterable[object], speakers: Sequence[str], where: str) -> list[str]:
    known = {folded(s) for s in speakers}
    return [
        f"a role is given to {name!r}, who does not speak {where}.{nearest(str(name), speakers)}"
        for name in names
        if name and folded(str(name)) not in known
    ]
