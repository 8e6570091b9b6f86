"""Whether study.toml fits what it speaks of: the codebook, the analyses and the folder."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rupturecode.errors import RupturecodeError, UnknownNameError, UsageError, nearest
from rupturecode.study.settings import FILE, at_key
from rupturecode.tables import UNIT_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Codebook
    from rupturecode.errors import Problem
    from rupturecode.study.model import Study
    from rupturecode.transcript import Corpus

#: Rules that say what a coder has examined; anything else names a table.
COVERAGE_RULES = ("whole sessions", "rows")


def check_settings(study: Study) -> tuple[Study, list[Problem]]:
    """Check the settings of a study; each mistake is told once, at its line.

    Returns
    -------
    The study without the settings that cannot be followed, so that its files can be checked
    all the same, and what is wrong with those settings.
    """
    text = (study.path / FILE).read_bytes().decode("utf-8-sig")
    faults = list(_faults(study))
    problems = [
        at_key(message, key, text, section=section, kind=f"bad-{key}")
        for section, key, message in faults
    ]
    if not faults:
        return study, problems
    bad = {(section, key) for section, key, _ in faults}
    s = study.settings
    codings = _without(s.codings, "codings", bad)
    if ("codings", "coverage") in bad:
        codings["coverage"] = COVERAGE_RULES[0]
    sound = replace(
        s,
        transcripts=_without(s.transcripts, "transcripts", bad),
        sessions=_without(s.sessions, "sessions", bad),
        codings=codings,
        windows={} if any(section == "windows" for section, _ in bad) else s.windows,
    )
    return replace(study, settings=sound), problems


def _without(
    given: Mapping[str, Any], section: str, bad: Collection[tuple[str, str]]
) -> dict[str, Any]:
    return {key: value for key, value in given.items() if (section, key) not in bad}


def check_windows(study: Study, corpus: Corpus) -> tuple[Study, list[Problem]]:
    """Check that the sessions can be cut into windows; else the study without windows."""
    try:
        study.windows(corpus)
    except UsageError as err:
        text = (study.path / FILE).read_bytes().decode("utf-8-sig")
        settings = replace(study.settings, windows={})
        problem = at_key(str(err), "windows", text, kind="bad-windows")
        return replace(study, settings=settings), [problem]
    return study, []


def check_units(study: Study, notes: Annotations | None) -> list[Problem]:
    """Check that the kinds of units to analyse are among those that were coded."""
    if notes is None:
        return []
    from rupturecode.reliability.sample import TALLY

    given = study.settings.agreement.get("units", ())
    known = {*notes.units["kind"], TALLY}
    text = (study.path / FILE).read_bytes().decode("utf-8-sig")
    asked = [("units", kind) for kind in given] or [("unit", study.settings.unit)]
    return [
        at_key(f"there are no units of kind {kind!r}, only {', '.join(sorted(known))}", key, text)
        for key, kind in asked
        if kind not in known and kind in UNIT_KINDS
    ]


def check_role_sessions(study: Study, corpus: Corpus) -> list[Problem]:
    """Check that [roles.SESSION] names sessions that are there, and speakers who speak in them."""
    from rupturecode.io.corpus_reading import idle_roles

    text = (study.path / FILE).read_bytes().decode("utf-8-sig")
    own = {k: v for k, v in study.settings.roles.items() if not isinstance(v, str)}
    found = []
    for session, roles in own.items():
        for problem in idle_roles({session: roles}, list(corpus)):
            message = problem.message
            if session not in corpus:
                message += (
                    f" If it is a speaker, put the whole name in quotes: {_dotted(own, session)}"
                )
            found.append(at_key(message, session, text, kind="idle-role"))
    return found


def _dotted(own: Mapping[str, Any], session: str) -> str:
    """Show a name with a dot as it should have been written."""
    name, role = next(iter(own[session].items()), ("", ""))
    return f'"{session}.{name}" = "{role}"'


def check_columns(study: Study, corpus: Corpus) -> list[Problem]:
    """Check that the columns of the sessions table that [agreement] names are there."""
    text = (study.path / FILE).read_bytes().decode("utf-8-sig")
    columns = [str(c) for c in corpus.sessions.columns]
    asked = {key: study.settings.agreement.get(key) for key in ("groups", "coded")}
    return [
        at_key(
            str(UnknownNameError("column of the sessions table", column, columns)),
            key,
            text,
            section="agreement",
            kind=f"bad-{key}",
        )
        for key, column in asked.items()
        if column is not None and column not in columns
    ]


def _faults(study: Study) -> Iterator[tuple[str, str, str]]:
    """Yield section, key and message of each setting that cannot be followed."""
    s = study.settings
    yield from _of_reading(s.transcripts, s.sessions)
    yield from _of_windows(s.windows)
    yield from _of_files(study)
    yield from _of_agreement(s.agreement)
    from rupturecode.annotation.consensus import RULES

    if s.consensus not in RULES and not (study.path / s.consensus).is_file():
        unknown = UnknownNameError("rule of consensus", s.consensus, RULES)
        yield "", "consensus", f"{unknown} Or name a file of decisions (rupturecode adjudicate)."
    try:
        book = study.codebook
    except RupturecodeError as err:
        there = [p.name for p in study.path.iterdir() if p.is_file()]
        hint = nearest(s.codebook, there) if "." in s.codebook else ""
        yield "", "codebook", f"{err}{hint}"
        yield from _of_episodes(study, None)
    else:
        yield from _of_codes(study, book)
        yield from _of_episodes(study, book)


def _of_reading(
    transcripts: Mapping[str, Any], sessions: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Try what is asked of every transcript on one turn."""
    from rupturecode.io.detect import named
    from rupturecode.transcript import Draft, finish

    draft = Draft("text", FILE)
    draft.add("T", "Hello.")
    for key in ("convention", "merge", "gap_ms", "backchannels", "comments", "format"):
        if key not in transcripts:
            continue
        try:
            if key == "format":
                named(transcripts[key])
            else:
                finish(draft, session="", **{key: transcripts[key]})
        except (UsageError, UnknownNameError) as err:
            yield "transcripts", key, str(err)
    try:
        re.compile(str(sessions.get("pattern", "")))
    except re.error as err:
        yield "sessions", "pattern", f"pattern is not a regular expression: {err}"


def _of_windows(asked: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Try to cut one turn into windows."""
    from rupturecode.transcript import Corpus, Draft, finish

    if not asked:
        return
    draft = Draft("text", FILE)
    draft.add("T", "Hello.", 0, 1000)
    try:
        Corpus.from_transcripts([finish(draft, session="one")]).units("window", **asked)
    except UsageError as err:
        key = next((k for k in asked if k in str(err)), "windows")
        yield "windows", key, str(err)


def _of_files(study: Study) -> Iterator[tuple[str, str, str]]:
    """Name the files that study.toml speaks of and that are not there."""
    codings, table = study.settings.codings, study.settings.sessions.get("table")
    there = sorted(p.relative_to(study.path).as_posix() for p in study.path.iterdir())
    for section, given in (("transcripts", study.settings.transcripts), ("codings", codings)):
        folder = str(given.get("folder", section))
        if "folder" in given and not (study.path / folder).is_dir():
            hint = nearest(folder, [n for n in there if (study.path / n).is_dir()])
            yield section, "folder", f"there is no folder {folder!r} in this study.{hint}"
    if table is not None and not (study.path / str(table)).is_file():
        hint = nearest(str(table), there)
        yield "sessions", "table", f"there is no file {table!r} in this folder.{hint}"
    for key in ("coverage", "links"):
        name = codings.get(key)
        rules = COVERAGE_RULES if key == "coverage" else ()
        if name is None or name in rules or (study.path / name).is_file():
            continue
        ways = " or ".join([*(f'"{rule}"' for rule in rules), "the name of a file in this folder"])
        hint = nearest(str(name), [*rules, *there])
        yield "codings", key, f"{key} is {name!r}; give {ways}.{hint}"


def _of_agreement(asked: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    from rupturecode.reliability.coefficients import FROM_SUMS
    from rupturecode.reliability.joint import plan_of
    from rupturecode.reliability.sample import TALLY

    usual = {"resample": None, "confidence": 0.95, "replicates": 0}
    for key in [k for k in usual if k in asked]:
        plan = usual | {key: asked[key]}
        try:
            plan_of(plan["resample"], {}, plan["confidence"], plan["replicates"], 0)
        except UsageError as err:
            yield "agreement", key, str(err)
    if not float(asked.get("width", 1)) > 0:
        yield "agreement", "width", "the width of an interval is above 0, such as 0.2"
    for kind in asked.get("units", ()):
        if kind not in (*UNIT_KINDS, TALLY):
            yield "agreement", "units", str(UnknownNameError("unit", kind, (*UNIT_KINDS, TALLY)))
    for name in asked.get("coefficients", ()):
        if name not in FROM_SUMS:
            yield "agreement", "coefficients", str(UnknownNameError("coefficient", name, FROM_SUMS))


def _of_codes(study: Study, book: Codebook) -> Iterator[tuple[str, str, str]]:
    for code in study.settings.codes:
        try:
            book[code]
        except UnknownNameError as err:
            yield "", "codes", str(err)


def _of_episodes(study: Study, book: Codebook | None) -> Iterator[tuple[str, str, str]]:
    """Try each key of [episodes] alone; its codes only where the codebook can be read."""
    from rupturecode.annotation import split_book
    from rupturecode.sequences import EpisodeRule

    onset = ["withdrawal"] if book is None else [c.id for c in book if not c.heading][:1]
    split = None if book is None else split_book(book)
    for key, value in study.settings.episodes.items():
        try:
            EpisodeRule.from_dict({"onset": onset, key: value}, split)
        except (UnknownNameError, UsageError) as err:
            yield "episodes", key, str(err)
