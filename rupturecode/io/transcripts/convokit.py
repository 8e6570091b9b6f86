"""ConvoKit corpora: a ZIP archive of the corpus folder, or its ``utterances.jsonl`` alone."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.clock import LONGEST_MS
from rupturecode.io.parsers.encoding import decode
from rupturecode.io.parsers.jsonsafe import parse_json, records, seconds, words
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.turn_rows import turn_rows
from rupturecode.io.parsers.zipsafe import is_zip, open_zip
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rupturecode.io.parsers.zipsafe import Archive
    from rupturecode.transcript.model import Transcript

NAME = "convokit"
_FILES = ("utterances.jsonl", "utterances.json")
_BESIDE = ("speakers.json", "users.json", "conversations.json", "corpus.json", "index.json")
_CONVERSATION = re.compile(r'"(?:conversation_id|root)"\s*:')
_SPEAKER = re.compile(r'"(?:speaker|user)"\s*:')
_REPLY = re.compile(r'"reply[-_]to"\s*:')
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # a fixed date, so that equal corpora give equal bytes


def sniff(head: bytes, name: str) -> bool:
    """Whether this is a corpus of ConvoKit."""
    del name
    if is_zip(head):
        return any(file.encode() in head for file in _FILES)
    text = preview(head)
    if not re.match(r"\s*(?:\[\s*)?\{", text):
        return False
    return all(sign.search(text) for sign in (_CONVERSATION, _SPEAKER, _REPLY))


def read(data: bytes, *, source: str, unit: str | None = None) -> list[Draft]:
    """Read each conversation as a session.

    Parameters
    ----------
    data
        The archive, or ``utterances.jsonl``.
    source
        Its name, for errors.
    unit
        What the corpus counts its timestamps in, ``"s"`` or ``"ms"``. ConvoKit does not say,
        so without it they are not read as times.

    Raises
    ------
    ParseError
        With the line, where an utterance is malformed or lacks what it needs.

    Examples
    --------
    >>> line = b'{"id": "a", "conversation_id": "a", "text": "Hm.", "speaker": "T"}'
    >>> [(draft.session, draft.raws) for draft in read(line, source="utterances.jsonl")]
    [('a', ['Hm.'])]
    """
    if unit not in (None, "s", "ms"):
        raise UsageError(f"unit={unit!r}: say 's', 'ms' or None.")
    conversations: dict[str, Any] = {}
    speakers: dict[str, Any] = {}
    if is_zip(data):
        archive = open_zip(data, source=source)
        inside = _utterance_file(archive, source)
        folder = inside[: -len(inside.rsplit("/", 1)[-1])]
        conversations = _side(archive, (f"{folder}conversations.json",), source)
        speakers = _side(archive, (f"{folder}speakers.json", f"{folder}users.json"), source)
        data, source = archive.read(inside), f"{source}/{inside}"
    drafts: dict[str, Draft] = {}
    for number, utterance in _utterances(data, source):
        conversation = words(utterance.get("conversation_id")) or words(utterance.get("root"))
        if not conversation:
            raise ParseError("an utterance without conversation_id", source, number)
        if conversation not in drafts:
            session = words(_meta(conversations.get(conversation)).get("session")) or conversation
            drafts[conversation] = Draft(NAME, source, session=session)
        _add(drafts[conversation], utterance, speakers, number, unit)
    if not drafts:
        raise ParseError("the corpus holds no utterances", source)
    for draft in drafts.values():
        if draft.info.pop("timestamps", None) is not None and unit is None:
            draft.warn("timestamps were not read as times; say unit='s' or unit='ms'")
        if "backwards" in draft.info:
            line = draft.info.pop("backwards")
            draft.warn(f"line {line}: utterances do not stand in the order of their timestamps")
    return list(drafts.values())


def gather(paths: Iterable[Path]) -> tuple[list[Path], list[tuple[Path, bytes]]]:
    """Take together what belongs to one corpus in a folder of files.

    Returns
    -------
    The paths that belong to no corpus, and for each corpus its folder and its files as one
    archive that :func:`read` takes.
    """
    paths = list(paths)
    folders = sorted({p.parent for p in paths if p.name in _FILES and p.is_file()})
    own = {folder / name for folder in folders for name in (*_FILES, *_BESIDE)}
    own |= {p for p in paths if p.parent in folders and p.name.startswith("info.")}
    corpora = []
    for folder in folders:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in (*_FILES, *_BESIDE):
                if (folder / name).is_file():
                    archive.writestr(zipfile.ZipInfo(name), (folder / name).read_bytes())
        corpora.append((folder, out.getvalue()))
    return [p for p in paths if p not in own], corpora


def conversations_of(
    data: bytes, *, source: str
) -> tuple[list[tuple[int, dict[str, Any]]], dict[str, Any]]:
    """Return utterances with their lines, and what the corpus says of each conversation."""
    if not is_zip(data):
        return list(_utterances(data, source)), {}
    archive = open_zip(data, source=source)
    inside = _utterance_file(archive, source)
    folder = inside[: -len(inside.rsplit("/", 1)[-1])]
    conversations = _side(archive, (f"{folder}conversations.json",), source)
    return list(_utterances(archive.read(inside), f"{source}/{inside}")), conversations


def _utterance_file(archive: Archive, source: str) -> str:
    found = [n for n in archive.names if n.rsplit("/", 1)[-1] in _FILES and "__MACOSX" not in n]
    if len(found) != 1:
        raise ParseError(
            f"expected one utterances.jsonl in the archive, found {len(found)}", source
        )
    return found[0]


def _side(archive: Archive, names: Iterable[str], source: str) -> dict[str, Any]:
    for name in names:
        if name in archive:
            content = parse_json(archive.read(name), source=f"{source}/{name}")
            return content if isinstance(content, dict) else {}
    return {}


def _utterances(data: bytes, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line (or position) and utterance, from JSON lines or the older single list."""
    text = decode(data, source=source).text
    if text.lstrip().startswith("["):
        yield from enumerate(records(parse_json(data, source=source), "utterances", source), 1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as err:
                at = getattr(err, "pos", 0)
                message = f"malformed JSON: {getattr(err, 'msg', err)}"
                shown = line[max(0, at - 60) : at + 60]
                raise ParseError(message, source, number, shown, min(at, 60)) from err
            if not isinstance(value, dict):
                raise ParseError("expected an utterance, an object in braces", source, number)
            yield number, value


def _meta(record: object) -> dict[str, Any]:
    """Return the ``meta`` of a record; old corpora keep the fields in the record itself."""
    if not isinstance(record, dict):
        return {}
    meta = record.get("meta", record)
    return meta if isinstance(meta, dict) else {}


def _add(
    draft: Draft, utterance: dict[str, Any], speakers: dict[str, Any], line: int, unit: str | None
) -> None:
    who = utterance.get("speaker", utterance.get("user"))
    speaker = words(who.get("id")) if isinstance(who, dict) else words(who)
    meta = _meta(utterance)
    start, end = _whole(meta.get("start_ms")), _whole(meta.get("end_ms"))
    stamp = seconds(utterance.get("timestamp"))
    if start is None and stamp is not None:
        last = draft.info.get("timestamps")
        if isinstance(last, int) and stamp < last and not draft.info.get("backwards"):
            draft.info["backwards"] = line
        draft.info["timestamps"] = stamp
        start = None if unit is None else stamp if unit == "s" else stamp // 1000
    named = _meta(speakers.get(speaker)).get("name")
    name = named if named == "" else words(named) or speaker
    draft.add(name, words(utterance.get("text")), start, end, line=line)


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LONGEST_MS else None


def write(transcripts: Transcript | Iterable[Transcript] | Mapping[str, Transcript]) -> bytes:
    """Write a ConvoKit corpus, zipped; its folder loads with ``Corpus(filename=...)``.

    A speaker's id is the session and the name, since ConvoKit takes one id for one person
    and a "T" of two sessions may be two. Times stand in each utterance's ``meta``.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "Hello."), ("C", "Hi.")])
    >>> [(d.session, d.speakers) for d in read(write(talk), source="corpus.zip")]
    [('s1', ['T', 'C'])]
    """
    lines: list[dict[str, Any]] = []
    speakers: dict[str, Any] = {}
    conversations: dict[str, Any] = {}
    for talk in _talks(transcripts):
        root = f"{talk.session}_1"
        conversations[root] = {"meta": {"session": talk.session}, "vectors": []}
        before = None
        for row in turn_rows(talk):
            who = f"{talk.session}_{row.speaker}"
            meta = {"name": row.speaker, "role": row.role, "session": talk.session}
            speakers.setdefault(who, {"meta": meta, "vectors": []})
            turn = root if before is None else f"{talk.session}_{row.turn}"
            lines.append(
                {
                    "id": turn,
                    "conversation_id": root,
                    "text": row.raw,
                    "speaker": who,
                    "meta": {"turn": row.turn, "start_ms": row.start_ms, "end_ms": row.end_ms},
                    "reply-to": before,
                    "timestamp": None,
                    "vectors": [],
                }
            )
            before = turn
    index = {
        "utterances-index": {},
        "speakers-index": {},
        "conversations-index": {},
        "overall-index": {},
        "version": 1,
        "vectors": [],
    }
    return _zipped(
        {
            "utterances.jsonl": "".join(f"{_json(line)}\n" for line in lines),
            "speakers.json": _json(speakers),
            "conversations.json": _json(conversations),
            "corpus.json": "{}",
            "index.json": _json(index),
        }
    )


def _talks(
    transcripts: Transcript | Iterable[Transcript] | Mapping[str, Transcript],
) -> Iterable[Transcript]:
    from rupturecode.transcript import Transcript

    if isinstance(transcripts, Transcript):
        return [transcripts]
    return transcripts.values() if isinstance(transcripts, Mapping) else transcripts


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _zipped(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode())
    return out.getvalue()
