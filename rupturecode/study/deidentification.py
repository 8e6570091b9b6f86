"""A copy of a study's transcripts with stand-ins for names and the like, for a person to review."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import UsageError
from rupturecode.study.start import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rupturecode.study.model import Study
    from rupturecode.text import Deidentified
    from rupturecode.transcript import Corpus

CONTACTS = "deidentification-contacts.csv"
KEY, REVIEW, NAMES = "deidentification-key.json", "deidentification-review.xlsx", "names.txt"


def deidentify_study(
    study: Study, folder: str | Path | None = None
) -> tuple[Deidentified, list[Path]]:
    """Write de-identified transcripts to a folder of their own; see Study.deidentify.

    The key and the review sheet hold the original words. They stay in the study folder, which
    only its owner may read them from; the new folder holds nothing of them. Contacts whose ids
    (file names) may identify somebody get numbers instead; which is which stays there too.
    """
    from rupturecode.io import write_transcript
    from rupturecode.text import deidentify, write_review_sheet

    target = Path(folder) if folder else study.path.with_name(study.path.name + "-deidentified")
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{target} is already there and not empty; name another folder.")
    key = study.path / KEY
    if key.exists():
        raise UsageError(
            f"{key} is there from an earlier run. Move it away first: without it, earlier "
            "stand-ins could no longer be traced."
        )
    result = deidentify(study.corpus, names=_names(study))
    if result.corpus is None:
        raise UsageError("nothing was de-identified")
    names = plain_ids([talk.session for talk in result.corpus])
    private = [result.key.write(key), write_review_sheet(result, study.path / REVIEW)]
    private += _write_names(names, study.path / CONTACTS)
    (target / "transcripts").mkdir(parents=True)
    written = [
        write_transcript(talk, target / "transcripts" / f"{names[talk.session]}.csv")
        for talk in result.corpus
    ]
    settings = target / "study.toml"
    settings.write_text(_settings(study, result.corpus, names), encoding="utf-8")
    statement = target / "RESIDUAL-RISK.txt"
    statement.write_text(result.statement + "\n", encoding="utf-8")
    return result, [*written, settings, statement, *private]


def plain_ids(sessions: Sequence[str]) -> dict[str, str]:
    """Give every contact an id that tells nothing: its own where that is plain, else a number.

    Plain are numbers of up to three digits with at most two letters, and usual words.

    Examples
    --------
    >>> plain_ids(["s01", "case2_session8", "2024-03-05 Frau Abel"])
    {'s01': 's01', 'case2_session8': 'case2_session8', '2024-03-05 Frau Abel': 'contact-003'}
    """
    return {
        name: name if _is_plain(name) else f"contact-{i:03}"
        for i, name in enumerate(sessions, start=1)
    }


def _is_plain(name: str) -> bool:
    if not re.fullmatch(r"\w[\w .()-]*", name):
        return False
    words = re.findall(r"[^\W\d_]+", name)
    numbers = re.findall(r"\d+", name)
    return all(len(w) <= 2 or w.casefold() in _USUAL for w in words) and (
        len(numbers) < 3 and all(len(n) <= 3 for n in numbers)
    )


_USUAL = frozenset(
    "call case client contact dyad hour intake interview memo note phone session sess supervision "
    "therapist transcript visit week".split()
)


def _write_names(names: Mapping[str, str], path: Path) -> list[Path]:
    """Write which contact got which number; nothing where all keep their ids."""
    changed = [(new, old) for old, new in names.items() if new != old]
    if not changed:
        return []
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([("session", "was"), *changed])
    return [path]


def _settings(study: Study, corpus: Corpus, names: Mapping[str, str]) -> str:
    """Word a study.toml for the copy, in which speakers bear their stand-ins."""
    speakers = corpus.speakers
    general = speakers.groupby("speaker", sort=False)["role"].agg(lambda r: r.mode().iloc[0])
    roles = [f"{quoted(s)} = {quoted(r)}" for s, r in general.items()]
    for session, mine in speakers.groupby("session", sort=False):
        own = mine[mine["role"] != mine["speaker"].map(general)]
        if len(own):
            roles += ["", f"[roles.{quoted(names[str(session)])}]"]
            roles += [f"{quoted(r.speaker)} = {quoted(r.role)}" for r in own.itertuples()]
    codes = ", ".join(quoted(c) for c in study.settings.codes)
    head = [
        f"title = {quoted(study.settings.title)}",
        f"codebook = {quoted(study.settings.codebook)}",
        f"unit = {quoted(study.settings.unit)}",
        f"codes = [{codes}]",
    ]
    return "\n".join([*head, "", "[roles]", *roles, ""])


def _names(study: Study) -> list[str]:
    """Names the study knows of: one a line in names.txt, if there is one."""
    path = study.path / NAMES
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
