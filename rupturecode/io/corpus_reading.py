"""Reading one file of a corpus: who it is about, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rupturecode.errors import InvalidDataError, ParseError, Problem, RupturecodeError, UsageError
from rupturecode.io.read import Settings, load, read_drafts

if TYPE_CHECKING:
    import re

    from rupturecode.io.corpus_files import CorpusFile
    from rupturecode.transcript import Transcript
    from rupturecode.transcript.roles import Roles


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
            settings = replace(job.settings, roles=_roles_of(session, job.roles))
            out.talks.append(settings.finish(draft, session))
            out.known.append(known)
    except InvalidDataError as err:
        out.problems += [p if p.source else replace(p, source=job.file.name) for p in err.problems]
    except ParseError as err:
        out.problems.append(Problem(err.problem, err.source, err.line, kind="unreadable"))
    except RupturecodeError as err:
        words = str(err).removeprefix(f"{job.file.name}: ")
        out.problems.append(Problem(words, job.file.name, kind="unreadable"))
    return out


def _identity(job: Job, inside: str | None) -> dict[str, object]:
    """Return what the file's name says about the session, and the file itself if it does."""
    stem = str(PurePosixPath(job.file.name).with_suffix(""))
    if job.ids is None:
        return {"session": inside or PurePosixPath(stem).name}
    found = job.ids.search(stem)
    if found is None:
        raise UsageError(f"session_pattern does not match {stem!r}.")
    groups = {k: v for k, v in found.groupdict().items() if v}
    default = found[1] if job.ids.groups and "session" not in job.ids.groupindex else found[0]
    session = inside or groups.get("session") or default
    fields = ("case", "position", "date", "kind")
    return {"session": session, **{f: groups[f] for f in fields if f in groups}}


def _roles_of(session: str, roles: Mapping[str, object] | str | None) -> Roles:
    if not isinstance(roles, Mapping):
        return roles  # type: ignore[return-value]  # checked by role_column
    general = {k: str(v) for k, v in roles.items() if not isinstance(v, Mapping)}
    own = roles.get(session)
    if not isinstance(own, Mapping):
        return general
    from rupturecode.transcript.roles import folded

    mine = {folded(str(k)) for k in own}
    return {**{k: v for k, v in general.items() if folded(k) not in mine}, **own}
