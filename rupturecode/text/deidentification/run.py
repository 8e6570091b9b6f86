"""De-identify a text, a transcript or a corpus."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.text.deidentification.context import tokenize
from rupturecode.text.deidentification.find import ENTITIES
from rupturecode.text.deidentification.key import Key
from rupturecode.text.deidentification.leftovers import around, leftovers
from rupturecode.text.deidentification.lexicon import Lexicon, lexicon, plain
from rupturecode.text.deidentification.patterns import Finding
from rupturecode.text.deidentification.pseudonyms import Pseudonyms, invented_words
from rupturecode.text.deidentification.replace import Replaced
from rupturecode.text.deidentification.replace import replace as replace_in
from rupturecode.text.deidentification.result import Deidentified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from spacy.language import Language

    from rupturecode.transcript import Corpus, Transcript

_REPLACED = [
    "session",
    "turn",
    "start_char",
    "end_char",
    "new_start_char",
    "new_end_char",
    "kind",
    "rule",
    "original",
    "replacement",
]
_LEFT = ["session", "turn", "start_char", "end_char", "text", "context", "reason"]
#: Ways of writing who speaks that name nobody.
_PARTS = frozenset(
    "t c p s i th cl pt therapist client patient counselor counsellor interviewer interviewee"
    " speaker unknown supervisor supervisee partner observer participant clinician moderator other"
    " clt ther coun int male female voice a b".split()
)
_ONE_TEXT = "text"


@dataclass(frozen=True, eq=False)
class _Run:
    pseudonyms: Pseudonyms
    lexicon: Lexicon
    entities: Callable[[str], list[Finding]] | None

    def __call__(self, text: str, case: str) -> Replaced:
        return replace_in(
            text, self.pseudonyms, case=case, lexicon=self.lexicon, entities=self.entities
        )


def deidentify(
    source: str | Transcript | Corpus,
    *,
    names: Iterable[str] = (),
    key: Key | None = None,
    seed: int | None = None,
    nlp: str | Path | Language | None = None,
) -> Deidentified:
    """Replace what may identify someone by stand-ins that stay the same through a case.

    Found are dates, ages of ninety and more, telephone and other numbers, mail and web
    addresses, street addresses, and by capitals and word lists the names of people, places,
    schools and employers; text without capitals is handled. Nothing is called safe: read
    ``statement``, and have someone go through :func:`write_review_sheet`.

    Parameters
    ----------
    source
        A text, a transcript or a corpus.
    names
        Names the study knows of; always replaced. The speakers' own names are added.
    key
        The key of an earlier run, so that the same stand-ins are used again.
    seed
        Makes the choice of stand-ins repeatable. Whoever knows the seed can guess better:
        leave it out for data that will be shared.
    nlp
        A spaCy pipeline with named entities, whose findings are added; see
        :func:`rupturecode.text.pipeline`.

    Returns
    -------
    Deidentified
        With ``text`` or ``corpus``, ``replacements``, ``leftovers`` and ``key``.

    Examples
    --------
    >>> result = deidentify("I told Nkechi on March 3rd.", seed=1)
    >>> result.replacements[["kind", "original"]].values.tolist()
    [['NAME', 'Nkechi'], ['DATE', 'March 3rd']]
    >>> deidentify(result.text, seed=1).text == result.text
    True
    """
    from rupturecode.transcript import Corpus, Transcript

    given = list(names)
    run = _Run(
        Pseudonyms(seed, key.rows if key else ()),
        lexicon().with_names(given + ([] if isinstance(source, str) else _speakers(source))),
        _entity_finder(nlp) if nlp is not None else None,
    )
    settings: dict[str, object] = {
        "names": len(given),
        "seed": seed,
        "key": key is not None,
        "nlp": str(nlp or ""),
    }
    if isinstance(source, str):
        edits = {(_ONE_TEXT, 1): run(source, _ONE_TEXT)}
        return _finish(edits, run, settings, text=edits[_ONE_TEXT, 1].text)
    if isinstance(source, Transcript):
        source = Corpus.from_transcripts([source])
    edits, new = _corpus(source, run)
    return _finish(edits, run, settings, corpus=new)


def _speakers(source: Transcript | Corpus) -> list[str]:
    """Names under which people speak, leaving out mere parts such as "Therapist"."""
    found = source.speakers["speaker"].dropna().unique()
    return [str(s) for s in found if not _is_part(str(s))]


def _is_part(speaker: str) -> bool:
    words = [plain(t.text).strip("0123456789") for t in tokenize(speaker)]
    pool = invented_words()
    return all(w in _PARTS or w in pool or not w for w in words)


def _entity_finder(nlp: str | Path | Language) -> Callable[[str], list[Finding]]:
    from rupturecode.text.pipelines import pipeline

    tagger = pipeline(nlp)

    def find(text: str) -> list[Finding]:
        return [
            Finding(e.start_char, e.end_char, ENTITIES[e.label_], "named entity")
            for e in tagger(text).ents
            if e.label_ in ENTITIES and e.text.strip("x -")
        ]

    return find


def _corpus(source: Corpus, run: _Run) -> tuple[dict[tuple[str, int], Replaced], Corpus]:
    from rupturecode.transcript import Corpus

    sessions = source.sessions
    case_of = dict(
        zip(sessions["session"], sessions["case"].fillna(sessions["session"]), strict=True)
    )
    edits: dict[tuple[str, int], Replaced] = {}
    talks = []
    for talk in source:
        case = str(case_of[talk.session])
        for turn, text in zip(talk.turns["turn"], talk.turns["text"].fillna(""), strict=True):
            edits[talk.session, int(turn)] = run(text, case)
        talks.append(_transcript(talk, run, case, edits))
    sessions["source"] = ""
    sessions["date"] = sessions["date"].str.extract(r"^((?:19|20)\d\d)", expand=False).astype("str")
    kept = sessions.drop(columns=["n_turns", "format"], errors="ignore")
    return edits, Corpus.from_transcripts(talks, sessions=kept)


def _transcript(
    talk: Transcript, run: _Run, case: str, edits: dict[tuple[str, int], Replaced]
) -> Transcript:
    """Put stand-ins into turns, marks and speakers; leave the source out."""
    turns, marks = talk.turns.copy(), talk.marks.copy()
    here = [edits[talk.session, int(turn)] for turn in turns["turn"]]
    turns["text"] = pd.Series([e.text for e in here], dtype="str")
    raws = turns["raw"].fillna("")
    turns["raw"] = pd.Series([run(raw, case).text for raw in raws], dtype="str")
    turns["speaker"] = turns["speaker"].map(lambda s: _speaker(s, run, case), na_action="ignore")
    texts, starts, ends = [], [], []
    rows = zip(marks["turn"], marks["text"], marks["start_char"], marks["end_char"], strict=True)
    for turn, text, start, end in rows:
        edit = edits.get((talk.session, int(turn))) if pd.notna(turn) and pd.notna(start) else None
        moved = edit.move(int(start), int(end)) if edit else (start, end)
        inside = edit.text[moved[0] : moved[1]] if edit and moved[1] > moved[0] else None
        texts.append(inside if inside is not None else run(str(text), case).text)
        starts.append(moved[0])
        ends.append(moved[1])
    marks["text"] = pd.Series(texts, dtype="str")
    marks["start_char"] = pd.Series(starts, dtype="Int64")
    marks["end_char"] = pd.Series(ends, dtype="Int64")
    turns["speaker"] = turns["speaker"].astype("str")
    return replace(talk, turns=turns, marks=marks, source="", info={})


def _speaker(name: str, run: _Run, case: str) -> str:
    if _is_part(name):
        return name
    found = Finding(0, len(name), "NAME", "speaker")
    return run.pseudonyms.replace(found, name, case=case)


def _finish(
    edits: dict[tuple[str, int], Replaced],
    run: _Run,
    settings: dict[str, object],
    *,
    text: str | None = None,
    corpus: Corpus | None = None,
) -> Deidentified:
    done = [
        (*where, r.start, r.end, r.new_start, r.new_end, r.kind, r.rule, r.original, r.replacement)
        for where, edit in edits.items()
        for r in edit.replacements
    ]
    left = [
        (*where, a, b, edit.text[a:b], around(edit.text, a, b), reason)
        for where, edit in edits.items()
        for a, b, reason in leftovers(edit.text, run.lexicon)
    ]
    return Deidentified(
        text=text,
        corpus=corpus,
        replacements=pd.DataFrame(done, columns=_REPLACED),
        leftovers=pd.DataFrame(left, columns=_LEFT),
        key=Key(tuple(run.pseudonyms.rows)),
        edits=edits,
        settings=settings,
    )
