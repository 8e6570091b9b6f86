"""Cues: short patterns, kept with the codes of a codebook, that make a turn worth a look.

A cue is a hint for a reader, never a coding. The pipeline component ``rupture_cues`` puts
spans with code ids into ``doc.spans``; :func:`find_cues` does the same for a whole corpus.

Two ways to write a cue: a text, or a spaCy token pattern (a list of mappings). In a text,
``...`` stands for up to three words and ``a|b`` for either word::

    "whatever you say"      "i don't|do n't see ... point"      [{"LOWER": "fine"}, ...]

Texts match whatever the case, and *don't* matches *do not*, with any apostrophe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.text.cue_patterns import as_phrase, make_finder, needed_words, parse_cue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    from rupturecode.codebook import Codebook
    from rupturecode.text.cue_patterns import Finder
    from rupturecode.text.pipelines import Talk

    Cue = str | list[dict[str, Any]]
    Cues = Mapping[str, Sequence[Cue]]

SPANS_KEY = "rupture_cues"
_SHARD = 5_000


def cues_of(codebook: Codebook | Cues) -> dict[str, list[Cue]]:
    """Return code to cues, from a codebook or a mapping.

    Raises
    ------
    UsageError
        When there is not one cue.

    Examples
    --------
    >>> cues_of({"withdrawal": ["i don't know"]})
    {'withdrawal': ["i don't know"]}
    """
    from rupturecode.codebook import Codebook

    if isinstance(codebook, Codebook):
        found: dict[str, list[Cue]] = {c.id: list(c.cues) for c in codebook if c.cues}
    else:
        found = {str(code): list(cues) for code, cues in codebook.items()}
    if not any(found.values()):
        raise UsageError(
            "There are no cues: give codes a list of `cues` in the codebook, or pass a mapping "
            "from code to cues."
        )
    return found


class CueSpotter:
    """Finds cues in documents: phrases at once, other patterns only where they can match.

    Parameters
    ----------
    nlp
        The pipeline whose words the documents use.
    cues
        Code to cues.
    spans_key
        Where the spans go: ``doc.spans[spans_key]``, labelled with the code.
    """

    def __init__(self, nlp: Language, cues: Cues, *, spans_key: str = SPANS_KEY) -> None:
        from spacy.matcher import PhraseMatcher

        self.spans_key = spans_key
        self._phrases = PhraseMatcher(nlp.vocab, attr="NORM")
        self._by_anchor: dict[int, list[tuple[frozenset[int], Finder]]] = {}
        self._always: list[Finder] = []
        problems: list[Problem] = []
        for code, entries in cues.items():
            for entry in entries:
                self._add(nlp, code, entry, problems)
        if problems:
            raise InvalidDataError("cues", problems)

    def _add(self, nlp: Language, code: str, cue: Cue, problems: list[Problem]) -> None:
        pattern = parse_cue(nlp, cue) if isinstance(cue, str) else cue
        if not pattern:
            problems.append(Problem(f"code {code!r}: the cue {cue!r} has no words", kind="cue"))
            return
        phrase = as_phrase(pattern)
        if phrase is not None:
            words = nlp.make_doc(cue if isinstance(cue, str) else " ".join(phrase))
            self._phrases.add(code, [words])
            return
        try:
            finder = make_finder(nlp, code, pattern)
        except ValueError as err:
            first = str(err).strip().splitlines()[0]
            problems.append(Problem(f"code {code!r}: not a token pattern: {first}", kind="cue"))
            return
        hashes = {w: nlp.vocab.strings.add(w) for w in needed_words(pattern)}
        if hashes:
            anchor, needed = hashes[max(hashes, key=len)], frozenset(hashes.values())
            self._by_anchor.setdefault(anchor, []).append((needed, finder))
        else:
            self._always.append(finder)

    def __call__(self, doc: Doc) -> Doc:
        """Add the spans to a document."""
        doc.spans[self.spans_key] = self.find(doc)
        return doc

    def find(self, doc: Doc) -> list[Span]:
        """Return the spans of all cues, in order of start, end and code."""
        from spacy.tokens import Span

        found = {(start, end, key) for key, start, end in self._phrases(doc)}
        norms = doc.to_array("NORM").tolist()
        present = set(norms)
        for anchor in present & self._by_anchor.keys():
            for needed, finder in self._by_anchor[anchor]:
                if needed <= present:
                    found.update(finder(doc, norms))
        for finder in self._always:
            found.update(finder(doc, norms))
        names = doc.vocab.strings
        ordered = sorted(found, key=lambda f: (f[0], f[1], names[f[2]]))
        return [Span(doc, start, end, label=key) for start, end, key in ordered]


def make_component(
    nlp: Language,
    name: str,
    cues: dict[str, list[Any]],
    codebook: str,
    spans_key: str,
) -> CueSpotter:
    """Build the component for ``nlp.add_pipe("rupture_cues", config={"codebook": "ccr"})``.

    ``name`` is spaCy's name for the component in this pipeline and changes nothing.
    """
    del name
    if codebook and not cues:
        from rupturecode.codebook import load_codebook

        return CueSpotter(nlp, cues_of(load_codebook(codebook)), spans_key=spans_key)
    return CueSpotter(nlp, cues, spans_key=spans_key)


def _register() -> None:
    """Tell spaCy of the component, which looks for it here by the entry point's name."""
    from spacy.language import Language

    Language.factory(
        "rupture_cues",
        default_config={"cues": {}, "codebook": "", "spans_key": SPANS_KEY},
        func=make_component,
    )


_register()


def find_cues(
    talk: Talk,
    cues: Codebook | Cues,
    *,
    nlp: str | Path | None = None,
    workers: int = 1,
) -> pd.DataFrame:
    """Find a codebook's cues in every turn.

    Parameters
    ----------
    talk
        A corpus, a transcript or a frame of turns.
    cues
        A codebook whose codes have ``cues``, or a mapping from code to cues.
    nlp
        See :func:`~rupturecode.text.pipelines.pipeline`.
    workers
        Processes. Each takes shards of 5,000 turns and hands back plain tuples. One process
        finds cues in tens of thousands of turns a second, so that starting others costs
        more than it saves on any usual corpus: leave it at 1 unless yours is far larger.

    Returns
    -------
    One row per cue found: session, turn, code, text, start_char, end_char.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("C", "Well, I do not really see the point.")])
    >>> find_cues(talk, {"withdrawal": ["don't ... see the point"]})["text"].tolist()
    ['do not really see the point']
    """
    import pandas as pd

    from rupturecode.text.pipelines import turns_of

    turns = turns_of(talk)
    texts = turns["text"].fillna("").astype(str).tolist()
    shards = [(texts[i : i + _SHARD], cues_of(cues), nlp) for i in range(0, len(texts), _SHARD)]
    parts = _in_processes(shards, workers) if workers > 1 else map(_shard, shards)
    rows = [
        (shard * _SHARD + i, code, start, end)
        for shard, part in enumerate(parts)
        for i, code, start, end in part
    ]
    where = [r[0] for r in rows]
    return pd.DataFrame(
        {
            "session": turns["session"].iloc[where].to_numpy(),
            "turn": turns["turn"].iloc[where].to_numpy(),
            "code": pd.Series([r[1] for r in rows], dtype="str"),
            "text": pd.Series([texts[i][a:b] for i, _, a, b in rows], dtype="str"),
            "start_char": pd.Series([r[2] for r in rows], dtype="Int64"),
            "end_char": pd.Series([r[3] for r in rows], dtype="Int64"),
        }
    ).astype({"session": "str", "turn": "Int64"})


Shard = tuple[list[str], dict[str, list[Any]], Any]


def _shard(job: Shard) -> list[tuple[int, str, int, int]]:
    """Position of the turn in the shard, code, and offsets, for every cue in a shard."""
    from rupturecode.text.pipelines import pipeline

    texts, cues, name = job
    nlp = pipeline(name)
    spotter = CueSpotter(nlp, cues)
    return [
        (i, span.label_, span.start_char, span.end_char)
        for i, text in enumerate(texts)
        for span in spotter.find(nlp.make_doc(text))
    ]


def _in_processes(shards: Iterable[Shard], workers: int) -> list[list[tuple[int, str, int, int]]]:
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_shard, shards))
