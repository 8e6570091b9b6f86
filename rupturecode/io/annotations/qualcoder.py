"""QualCoder projects: ``data.qda`` (SQLite) in the project's folder, read only."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.landing import land
from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.parsers.sqlitesafe import integer, is_sqlite, read_tables, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.transcript import Corpus

_TABLES = {
    "source": ("id", "name", "fulltext", "mediapath"),
    "code_name": ("cid", "name", "catid"),
    "code_cat": ("catid", "name", "supercatid"),
    "code_text": ("ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "memo"),
    "code_av": ("avid", "cid", "id", "pos0", "pos1", "owner", "memo"),
    "code_image": ("imid",),
}


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a database of QualCoder."""
    return is_sqlite(head) and (name.casefold().endswith(".qda") or b"code_text" in head)


def parse(data: bytes, *, source: str) -> Project:
    """Read the codings of texts and recordings; those of images are counted in a warning.

    Raises
    ------
    ParseError
        When the file is no database of QualCoder, or is damaged.
    """
    optional = ("code_av", "code_cat", "code_image")
    tables = read_tables(data, _TABLES, source=source, optional=optional)
    project = Project("qualcoder", source)
    for row in tables["source"]:
        words = row["fulltext"] if isinstance(row["fulltext"], str) else None
        project.documents.append(Document(text(row["id"]), text(row["name"]), words or None))
    names = _names(tables["code_name"], tables["code_cat"])
    for row in tables["code_text"]:
        project.codings.append(
            Coding(
                text(row["fid"]),
                names.get(row["cid"], (f"code {row['cid']}",)),
                text(row["owner"]) or None,
                integer(row["pos0"], "a coding's start", source),
                integer(row["pos1"], "a coding's end", source),
                quote=text(row["seltext"]),
                note=text(row["memo"]),
                id=f"text {row['ctid']}" if row["ctid"] is not None else "",
            )
        )
    for row in tables["code_av"]:
        project.codings.append(
            Coding(
                text(row["id"]),
                names.get(row["cid"], (f"code {row['cid']}",)),
                text(row["owner"]) or None,
                start_ms=integer(row["pos0"], "a coding's start", source),
                end_ms=integer(row["pos1"], "a coding's end", source),
                note=text(row["memo"]),
                id=f"av {row['avid']}",
            )
        )
    images = len(tables["code_image"])
    if images:
        project.warnings.append(f"{images} codings stand on regions of pictures, were not read")
    project.info = {name: len(rows) for name, rows in tables.items()}
    return project


def _names(
    codes: list[dict[str, Any]], categories: list[dict[str, Any]]
) -> dict[object, tuple[str, ...]]:
    """Return every code's path through its categories, and its name where that is its own."""
    above = {row["catid"]: (text(row["name"]), row["supercatid"]) for row in categories}
    often = Counter(text(row["name"]) for row in codes)
    found: dict[object, tuple[str, ...]] = {}
    for row in codes:
        path, at, seen = [text(row["name"])], row["catid"], set()
        while at in above and at not in seen:
            seen.add(at)
            path.append(above[at][0])
            at = above[at][1]
        full = " > ".join(reversed(path))
        found[row["cid"]] = (full, path[0]) if often[path[0]] == 1 else (full,)
    return found


def read(
    data: bytes,
    *,
    source: str,
    codebook: Codebook,
    corpus: Corpus | None = None,
    coder: str | None = None,
    codes: Mapping[str, str | None] | None = None,
    sessions: Mapping[str, str] | None = None,
) -> CodingDraft:
    """Read the codings of a QualCoder project; a coder is the ``owner`` of a coding.

    Parameters
    ----------
    data, source
        The file ``data.qda`` and its name.
    codebook, corpus
        What it is about.
    coder
        Whose the codings are that have no owner.
    codes
        Names, or paths (``"Category > Code"``), to codes, None to leave out.
    sessions
        Names of sources to sessions.

    Raises
    ------
    ParseError
        When the file is no database of QualCoder, or is damaged.
    UsageError
        Without a corpus.
    """
    project = parse(data, source=source)
    return land(
        project, codebook=codebook, corpus=corpus, coder=coder, codes=codes, sessions=sessions
    )
