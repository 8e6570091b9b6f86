"""Speed of the other readers of transcripts, beside the libraries that read the same files.

Run ``python benchmarks/transcript_formats.py --megabytes 1 10 --peers PYTHON``; how each is
measured is told in ``reading.py``. Peers: pympi-ling, pylangacq, praatio, striprtf, openpyxl,
ConvoKit (which wants a home folder that it may write to), and the parser alone for JSON and CSV.
Ours gives finished turns, peers their own structure. MB are those of the file, of the text for
workbooks and archives.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reading import OURS, compare_all, ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reading import Talk

_SESSION = 500
"""Turns of a conversation."""


def timed(talk: Talk) -> Iterator[tuple[int, int, str, str]]:
    """Yield start and end in milliseconds, speaker and words."""
    for i, (who, words) in enumerate(talk):
        yield i * 4000, i * 4000 + 3500, who, words


def as_eaf(talk: Talk) -> bytes:
    slots: list[str] = []
    tiers: dict[str, list[str]] = {}
    for i, (start, end, who, words) in enumerate(timed(talk)):
        a, b = f"ts{2 * i}", f"ts{2 * i + 1}"
        slots += [
            f'<TIME_SLOT TIME_SLOT_ID="{a}" TIME_VALUE="{start}"/>',
            f'<TIME_SLOT TIME_SLOT_ID="{b}" TIME_VALUE="{end}"/>',
        ]
        tiers.setdefault(who, []).append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i}" TIME_SLOT_REF1="{a}" '
            f'TIME_SLOT_REF2="{b}"><ANNOTATION_VALUE>{escape(words)}</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    body = "\n".join(
        f'<TIER TIER_ID="{who}" PARTICIPANT="{who}" LINGUISTIC_TYPE_REF="talk">'
        + "\n".join(lines)
        + "</TIER>"
        for who, lines in tiers.items()
    )
    xsi = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01" '
        f'FORMAT="3.0" VERSION="3.0" {xsi}><HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>'
        f"<TIME_ORDER>{''.join(slots)}</TIME_ORDER>{body}"
        '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="talk" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>'
    ).encode()


def as_chat(talk: Talk) -> bytes:
    head = (
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tT Therapist Investigator, C Client "
        "Participant\n@ID:\teng|x|T|||||Investigator|||\n@ID:\teng|x|C|||||Participant|||\n"
    )
    lines = []
    for start, end, who, words in timed(talk):
        said = words.rstrip(".,?").replace("[inaudible]", "xxx")
        said = said.replace("(sighs)", "&=sighs").replace("[laughs]", "&=laughs")
        lines.append(f"*{who[0]}:\t{said} . \x15{start}_{end}\x15\n")
    return (head + "".join(lines) + "@End\n").encode()


def as_textgrid(talk: Talk) -> bytes:
    """Write Praat's long form, silence and all."""
    end = len(talk) * 4
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    out = [f"{head}xmin = 0\nxmax = {end}\ntiers? <exists>\nsize = 2\nitem []:\n"]
    for n, tier in enumerate(("Client", "Therapist")):
        said = [(a / 1000, b / 1000, words) for a, b, who, words in timed(talk) if who == tier]
        spans, at = [], 0.0
        for a, b, words in said:
            spans += [(at, a, "")] * (a > at) + [(a, b, words)]
            at = b
        spans += [(at, end, "")] * (end > at)
        out.append(
            f'    item [{n + 1}]:\n        class = "IntervalTier"\n        name = "{tier}"\n'
            f"        xmin = 0\n        xmax = {end}\n        intervals: size = {len(spans)}\n"
        )
        out += [
            f"        intervals [{i}]:\n            xmin = {a}\n            xmax = {b}\n"
            f'            text = "{words}"\n'
            for i, (a, b, words) in enumerate(spans, start=1)
        ]
    return "".join(out).encode()


def as_whisper(talk: Talk) -> bytes:
    segments = []
    for start, end, who, text in timed(talk):
        words = text.split()
        step = (end - start) / len(words) / 1000
        times = [round(start / 1000 + i * step, 3) for i in range(len(words) + 1)]
        segments.append(
            {
                "start": start / 1000,
                "end": end / 1000,
                "text": f" {text}",
                "speaker": who,
                "words": [
                    {"word": w, "start": a, "end": b, "score": 0.9, "speaker": who}
                    for w, a, b in zip(words, times, times[1:], strict=False)
                ],
            }
        )
    return json.dumps({"segments": segments, "language": "en"}).encode()


def as_rtf(talk: Talk) -> bytes:
    paragraphs = (
        f"\\pard\\plain\\ltrpar\\ql\\sb0\\sa0{{\\b {who}:}} {{\\f0\\fs22 {words}}}\\par\n"
        for who, words in talk
    )
    return ("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}" + "".join(paragraphs) + "}").encode()


def rows(talk: Talk) -> list[tuple[str, float, float, str]]:
    return [(who, start / 1000, end / 1000, words) for start, end, who, words in timed(talk)]


HEADINGS = ("speaker", "start_s", "end_s", "text")


def as_csv(talk: Talk) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *rows(talk)])
    return out.getvalue().encode()


def as_json(talk: Talk) -> bytes:
    return json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in rows(talk)]).encode()


def as_xlsx(talk: Talk) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("talk")
    for row in [HEADINGS, *rows(talk)]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_convokit(talk: Talk) -> bytes:
    lines, first = [], {}
    for i, (who, words) in enumerate(talk):
        root = f"u{i - i % _SESSION}"
        first[root] = {"meta": {}, "vectors": []}
        lines.append(
            {
                "id": f"u{i}",
                "conversation_id": root,
                "text": words,
                "speaker": who,
                "meta": {},
                "reply-to": None if root == f"u{i}" else f"u{i - 1}",
                "timestamp": i,
                "vectors": [],
            }
        )
    none = {"utterances-index": {}, "speakers-index": {}, "conversations-index": {}}
    index = {**none, "overall-index": {}, "version": 1, "vectors": []}
    people = {who: {"meta": {}, "vectors": []} for who in ("Client", "Therapist")}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("utterances.jsonl", "".join(json.dumps(x) + "\n" for x in lines))
        for name, content in (("speakers", people), ("conversations", first), ("corpus", {})):
            archive.writestr(f"{name}.json", json.dumps(content))
        archive.writestr("index.json", json.dumps(index))
    return out.getvalue()


WRITERS = {
    ".eaf": as_eaf,
    ".cha": as_chat,
    ".TextGrid": as_textgrid,
    ".whisper.json": as_whisper,
    ".rtf": as_rtf,
    ".csv": as_csv,
    ".rows.json": as_json,
    ".xlsx": as_xlsx,
    ".convokit.zip": as_convokit,
}


def ours_corpus(path: Path) -> int:
    from rupturecode.io import read_corpus

    return sum(map(len, read_corpus(path, format="convokit")))


def convokit(path: Path) -> int:
    from convokit import Corpus

    return len(Corpus(filename=str(path.with_suffix(""))).utterances)


def pympi(path: Path) -> int:
    from pympi.Elan import Eaf

    found = Eaf(str(path))
    return sum(len(found.get_annotation_data_for_tier(t)) for t in found.get_tier_names())


def pylangacq(path: Path) -> int:
    import pylangacq

    read = pylangacq.CHAT if hasattr(pylangacq, "CHAT") else pylangacq.Reader
    return len(read.from_strs([path.read_text(encoding="utf-8")], strict=False).utterances())


def praatio(path: Path) -> int:
    from praatio.textgrid import openTextgrid

    return sum(len(tier.entries) for tier in openTextgrid(str(path), False).tiers)


def striprtf(path: Path) -> int:
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(path.read_text(encoding="utf-8")).count("\n")


def json_alone(path: Path) -> int:
    return len(json.loads(path.read_bytes()))


def csv_alone(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return len(list(csv.DictReader(file)))


def openpyxl(path: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return len(list(book.active.iter_rows(values_only=True)))


#: By name, what reads each kind of file.
READERS = {
    OURS: {**dict.fromkeys(WRITERS, ours), ".convokit.zip": ours_corpus},
    "pympi-ling": {".eaf": pympi},
    "pylangacq": {".cha": pylangacq},
    "praatio": {".TextGrid": praatio},
    "striprtf": {".rtf": striprtf},
    "json alone": {".whisper.json": json_alone, ".rows.json": json_alone},
    "csv alone": {".csv": csv_alone},
    "openpyxl": {".xlsx": openpyxl},
    "ConvoKit": {".convokit.zip": convokit},
}


if __name__ == "__main__":
    compare_all(__file__, __doc__, WRITERS, READERS)
