"""The database of a QualCoder project: what its tables are called, and what they say.

Version 17 of the database, which QualCoder 4.0 makes; older ones lack columns and tables that
are not needed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rupturecode.io.exchange.project import Coding, Document, Project
from rupturecode.io.exchange.tiers import WHOLE, named
from rupturecode.io.parsers.sqlitesafe import integer, read_tables, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLES = {
    "source": ("id", "name", "fulltext", "mediapath"),
    "code_name": ("cid", "name", "catid", "supercid"),
    "code_cat": ("catid", "name", "supercatid"),
    "code_text": ("ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "memo"),
    "code_av": ("avid", "cid", "id", "pos0", "pos1", "owner", "memo"),
    "code_image": ("imid",),
    "annotation": ("anid",),
    "attribute": ("name", "attr_type", "value", "id", "owner"),
}
_OPTIONAL = ("code_av", "code_cat", "code_image", "annotation", "attribute")
NOTE = " note"

_COLUMNS = {
    "project": "databaseversion text, date text, memo text, about text, bookmarkfile integer, "
    "bookmarkpos integer, codername text, recently_used_codes text, avbookmarkfile integer, "
    "avbookmarkmsec integer, avbookmarktextpos integer",
    "source": "id integer primary key, name text, fulltext text, mediapath text, memo text, "
    "owner text, date text, av_text_id integer, risid integer, unique(name)",
    "code_image": "imid integer primary key, id integer, x1 integer, y1 integer, width integer, "
    "height integer, cid integer, memo text, date text, owner text, important integer, "
    "pdf_page integer",
    "code_av": "avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, "
    "memo text, date text, owner text, important integer",
    "annotation": "anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, "
    "owner text, date text, unique(fid,pos0,pos1,owner)",
    "attribute_type": "name text primary key, date text, owner text, memo text, caseOrFile text, "
    "valuetype text",
    "attribute": "attrid integer primary key, name text, attr_type text, value text, id integer, "
    "date text, owner text, unique(name,attr_type,id)",
    "case_text": "id integer primary key, caseid integer, fid integer, pos0 integer, "
    "pos1 integer, owner text, date text, memo text",
    "cases": "caseid integer primary key, name text, memo text, owner text, date text, "
    "constraint ucm unique(name)",
    "code_cat": "catid integer primary key, name text, owner text, date text, memo text, "
    "supercatid integer, unique(name)",
    "code_text": "ctid integer primary key, cid integer, fid integer, seltext text, "
    "pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, "
    "important integer, unique(cid,fid,pos0,pos1,owner)",
    "code_name": "cid integer primary key, name text, memo text, catid integer, owner text, "
    "date text, color text, supercid integer, unique(name)",
    "journal": "jid integer primary key, name text, jentry text, date text, owner text, "
    "unique(name)",
    "stored_sql": "title text, description text, grouper text, ssql text, unique(title)",
    "graph": "grid integer primary key, name text, description text, date text, "
    "scene_width integer, scene_height integer, unique(name)",
    "gr_cdct_text_item": "gtextid integer primary key, grid integer, x integer, y integer, "
    "supercatid integer, catid integer, cid integer, font_size integer, bold integer, "
    "isvisible integer, displaytext text",
    "gr_case_text_item": "gcaseid integer primary key, grid integer, x integer, y integer, "
    "caseid integer, font_size integer, bold integer, color text, displaytext text",
    "gr_file_text_item": "gfileid integer primary key, grid integer, x integer, y integer, "
    "fid integer, font_size integer, bold integer, color text, displaytext text",
    "gr_free_text_item": "gfreeid integer primary key, grid integer, freetextid integer, "
    "x integer, y integer, free_text text, font_size integer, bold integer, color text, "
    "tooltip text, ctid integer, memo_ctid integer, memo_imid integer, memo_avid integer",
    "gr_cdct_line_item": "glineid integer primary key, grid integer, fromcatid integer, "
    "fromcid integer, tocatid integer, tocid integer, color text, linewidth real, "
    "linetype text, isvisible integer, label text, arrow_mode text",
    "gr_free_line_item": "gflineid integer primary key, grid integer, fromfreetextid integer, "
    "fromcatid integer, fromcid integer, fromcaseid integer, fromfileid integer, "
    "fromimid integer, fromavid integer, tofreetextid integer, tocatid integer, "
    "tocid integer, tocaseid integer, tofileid integer, toimid integer, toavid integer, "
    "color text, linewidth real, linetype text, label text, arrow_mode text",
    "gr_memo_item": "gmemoid integer primary key, grid integer, memo_source_type text, "
    "memo_source_id integer, x integer, y integer, color text, font_size integer",
    "gr_pix_item": "grpixid integer primary key, grid integer, imid integer, x integer, "
    "y integer, px integer, py integer, w integer, h integer, filepath text, tooltip text, "
    "pdf_page integer",
    "gr_av_item": "gr_avid integer primary key, grid integer, avid integer, x integer, "
    "y integer, pos0 integer, pos1 integer, filepath text, tooltip text, color text",
    "ris": "risid integer, tag text, longtag text, value text",
    "manage_files_display": "mfid integer primary key, name text, tblrows text, "
    "tblcolumns text, owner text",
    "files_filter": "filterid integer primary key, name text, filter text, owner text",
    "coder_names": "name TEXT UNIQUE NOT NULL, visibility INTEGER NOT NULL DEFAULT 1 "
    "CHECK (visibility IN (0, 1))",
}
SCHEMA = "\n".join(f"CREATE TABLE {table} ({columns});" for table, columns in _COLUMNS.items())


def parse(data: bytes, *, source: str) -> Project:
    """Read the codings of texts and recordings; those of images are counted in a warning.

    Raises
    ------
    ParseError
        When the file is no database of QualCoder, or is damaged.
    """
    tables = read_tables(data, _TABLES, source=source, optional=_OPTIONAL)
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
    project.codings += _ratings(tables["attribute"])
    for table, what in (
        ("code_image", "codings stand on regions of pictures, were not read"),
        ("annotation", "memos on stretches of text without a code were not read"),
    ):
        if tables[table]:
            project.warnings.append(f"{len(tables[table])} {what}")
    project.info = {name: len(rows) for name, rows in tables.items()}
    return project


def _ratings(attributes: list[dict[str, Any]]) -> Iterator[Coding]:
    """Return ratings of whole sessions, which we keep as attributes of files."""
    given = {
        (text(row["id"]), text(row["name"])): row
        for row in attributes
        if row["attr_type"] == "file" and text(row["name"]).startswith(WHOLE) and text(row["value"])
    }
    for (document, name), row in given.items():
        if name.endswith(NOTE) and (document, name.removesuffix(NOTE)) in given:
            continue
        about = named(name, coder=text(row["owner"]))
        note = given.get((document, name + NOTE), {"value": ""})
        yield Coding(
            document,
            (f"{about.layer} = {text(row['value'])}",),
            about.coder or None,
            note=text(note["value"]),
            id=f"attribute {document} {name}",
        )


def _names(
    codes: list[dict[str, Any]], categories: list[dict[str, Any]]
) -> dict[object, tuple[str, ...]]:
    """Return every code's path through codes and categories, and its name where that is its own."""
    above = {("cat", row["catid"]): (text(row["name"]), ("cat", row["supercatid"]))
             for row in categories}  # fmt: skip
    for row in codes:
        over = ("cat", row["catid"]) if row["supercid"] is None else ("code", row["supercid"])
        above["code", row["cid"]] = (text(row["name"]), over)
    often = Counter(text(row["name"]) for row in codes)
    found: dict[object, tuple[str, ...]] = {}
    for row in codes:
        path: list[str] = []
        at, seen = ("code", row["cid"]), set()
        while at in above and at not in seen:
            seen.add(at)
            path.append(above[at][0])
            at = above[at][1]
        full = " > ".join(reversed(path))
        found[row["cid"]] = (full, path[0]) if often[path[0]] == 1 else (full,)
    return found
