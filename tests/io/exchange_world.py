"""A small invented corpus with awkward characters, and arbitrary codings of it."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.tables import EVIDENCE
from rupturecode.transcript import Corpus, Transcript

BOOK = Codebook.from_dict(
    {
        "id": "small",
        "version": "1",
        "title": "A small codebook & more",
        "codes": [
            {"id": "withdrawal", "label": "Withdrawal", "definition": "moves <away>"},
            {"id": "denial", "parent": "withdrawal", "definition": "says it is fine"},
            {"id": "quality", "definition": "1 to 5", "scale": {"kind": "ordinal", "low": 1, "high": 5}},
            {"id": "pauses", "definition": "how many", "scale": {"kind": "count"}},
            {
                "id": "manner",
                "definition": "how",
                "scale": {"kind": "nominal", "categories": ["soft spoken", "harsh"]},
            },
        ],
    }
)  # fmt: skip
_TALKS = {
    "s01": [
        ("T", "How was it? 😀 Was it fine?", 0, 2500),
        ("C", "Née — not so good.\nReally, not.", 2500, 6000),
        ("T", "Hm.", 6000, 6400),
        ("C", "So. Hm.", 6400, 9000),
        ("T", "Hm.", 9000, 9300),
    ],
    "s02": [
        ("T", "  You are quiet & “still” today. ", 100, 2100),
        ("C", "漢字 𝒳 <b>I</b> am… here.", 2100, 4000),
        ("C", "Hm.", 4200, 5000),
        ("T", "שָׁלוֹם — מה שלומך? 😀", 5000, 6000),
    ],
    "s03": [("T", "Nothing was said.", 0, 10)],
}


def corpus_of(talks=None):
    made = []
    for session, rows in (talks or _TALKS).items():
        frame = pd.DataFrame(rows, columns=["speaker", "text", "start_ms", "end_ms"])
        made.append(Transcript.from_turns(session, frame))
    return Corpus.from_transcripts(made)


CORPUS = corpus_of()
CODERS = ("AK", "BL")


def notes_of(rows, coverage="whole sessions", **options):
    frame = pd.DataFrame(rows)
    return Annotations.from_frame(frame, codebook=BOOK, corpus=CORPUS, coverage=coverage, **options)


_LENGTHS = {
    (t.session, n): len(text)
    for t in CORPUS
    for n, text in zip(t.turns["turn"], t.turns["text"], strict=True)
}
_VALUES = {
    "withdrawal": ({"value": 1.0}, {"value": 0.0}),
    "denial": ({"value": 1.0},),
    "quality": ({"value": 1.0}, {"value": 4.0}),
    "pauses": ({"value": 0.0}, {"value": 12.0}),
    "manner": ({"category": "soft spoken"}, {"category": "harsh"}),
}
_NOTES = st.none() | st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20
).filter(lambda s: s.strip() == s and s and "|" not in s)  # fmt: skip

_PARTS = {
    "note": _NOTES,
    "round": st.sampled_from([1, 1, 2]),
    "evidence": st.none() | st.sampled_from(EVIDENCE),
    "confidence": st.none() | st.sampled_from([0.0, 0.25, 1.0, 1 / 3]),
}


@st.composite
def _row(draw, *, chars, parts, statuses, kinds):
    session = draw(st.sampled_from(["s01", "s02"]))
    n = len(CORPUS[session])
    kind = draw(st.sampled_from(kinds))
    row = {"session": session, "kind": kind, "coder": draw(st.sampled_from(CODERS))}
    if kind == "span":
        first = draw(st.integers(1, n))
        last = draw(st.integers(first, n))
        more = draw(_ends(session, first, last)) if chars else {}
        if first == last and not more:
            row |= {"kind": "turn", "unit": first}
        else:
            row |= {"first_turn": first, "last_turn": last, **more}
    else:
        row["unit"] = 1 if kind == "session" else draw(st.integers(1, n))
    row["code"] = draw(st.sampled_from(sorted(_VALUES)))
    status = draw(st.sampled_from(statuses))
    if status in ("given", "uncertain"):
        row |= draw(st.sampled_from(_VALUES[row["code"]]))
    row["status"] = status
    return row | {part: draw(_PARTS[part]) for part in parts}


@st.composite
def _ends(draw, session, first, last):
    """Places that begin and end on a letter and are not exactly a whole turn."""
    texts = dict(CORPUS[session].turns[["turn", "text"]].itertuples(index=False))
    starts = [i for i, c in enumerate(texts[first]) if not c.isspace()]
    start = draw(st.sampled_from(starts))
    ends = [i + 1 for i, c in enumerate(texts[last]) if not c.isspace()]
    ends = [e for e in ends if first < last or e > start]
    end = draw(st.sampled_from(ends))
    whole = not texts[first][:start].strip() and not texts[last][end:].strip()
    return {} if whole else {"start_char": start, "end_char": end}


STATUSES = ("given", "uncertain", "cannot_code", "skipped", "not_applicable")
KEY = ("session", "kind", "unit", "first_turn", "last_turn", "start_char", "end_char", "coder",
       "code", "round")  # fmt: skip


def codings(*, chars=True, parts=("note",), kinds=("turn", "span", "session")):
    """Lists of rows, one per coder, round, code and stretch."""
    row = _row(chars=chars, parts=parts, statuses=STATUSES, kinds=kinds)
    return st.lists(
        row, min_size=1, max_size=14, unique_by=lambda r: tuple(map(str, map(r.get, KEY)))
    )


SHOWN = ["session", "kind", "unit", "first_turn", "last_turn", "start_char", "end_char", "coder",
         "code", "value", "category", "status"]  # fmt: skip


def content(notes, *more):
    """What annotations say, in an order of its own."""
    frame = notes.to_frame().reindex(columns=[*SHOWN, *more])
    return sorted(
        tuple("" if pd.isna(x) else str(x) for x in row) for row in frame.itertuples(index=False)
    )
