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

import numpy as np

from rupturecode.errors import InvalidDataError, Problem, UsageError
from rupturecode.text.cue_patterns import (
    as_phrase,
    expand_cue,
    make_finder,
    needed_words,
    parse_cue,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    from rupturecode.codebook import Codebook
    from rupturecode.text.cue_patterns import Finder
    from rupturecode.text.pipelines import Talk

    Cue = str | list[dict[str, Any]]
    Cues = Mapping[str, Sequence[Cue]]
    Rows = NDArray[np.int64]

SPANS_KEY = "rupture_cues"


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
                texts = expand_cue(nlp, entry) if isinstance(entry, str) else [entry]
                for one in texts or [""]:
                    self._add(nlp, code, one, problems)
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

        return [Span(doc, start, end, label=key) for start, end, key in self._matches(doc)]

    def places(self, doc: Doc) -> list[tuple[str, int, int]]:
        """Return the same as codes with first and past-the-end characters."""
        names = doc.vocab.strings
        return [
            (names[key], doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
            for start, end, key in self._matches(doc)
        ]

    def _matches(self, doc: Doc) -> list[tuple[int, int, int]]:
        """First token, token after the last and code, in order."""
        found = {(start, end, key) for key, start, end in self._phrases(doc)}
        if self._by_anchor or self._always:
            norms = doc.to_array("NORM").tolist()
            present = set(norms)
            for anchor in present & self._by_anchor.keys():
                for needed, finder in self._by_anchor[anchor]:
                    if needed <= present:
                        found.update(finder(doc, norms))
            for finder in self._always:
                found.update(finder(doc, norms))
        names = doc.vocab.strings
        return sorted(found, key=lambda f: (f[0], f[1], names[f[2]]))


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
        A codebook whose codes have ``cues``, or a mapping from code to cues. With a codebook,
        a code's cues count only in turns of roles that may be given it, and where the role
        is not known.
    nlp
        See :func:`~rupturecode.text.pipelines.pipeline`.
    workers
        Processes, each of which searches whole sessions and hands back numbers alone. What
        is found is the same. Starting them takes a moment: worth it from some tens of
        thousands of turns on.

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

    from rupturecode.text.cue_search import search
    from rupturecode.text.pipelines import turns_of

    turns, wanted = turns_of(talk), cues_of(cues)
    texts = turns["text"].fillna("").astype(str).tolist()
    rows = search(texts, turns["session"].tolist(), wanted, nlp=nlp, workers=workers)
    where, code, start, end = rows[_may_be_given(cues, wanted, rows, turns["role"])].T
    places = zip(where.tolist(), start.tolist(), end.tolist(), strict=True)
    return pd.DataFrame(
        {
            "session": turns["session"].iloc[where].to_numpy(),
            "turn": turns["turn"].iloc[where].to_numpy(),
            "code": pd.Series(list(wanted), dtype="str").iloc[code].to_numpy(),
            "text": pd.Series([texts[i][a:b] for i, a, b in places], dtype="str"),
            "start_char": pd.Series(start, dtype="Int64"),
            "end_char": pd.Series(end, dtype="Int64"),
        }
    ).astype({"session": "str", "turn": "Int64", "code": "str"})


def _may_be_given(
    cues: Codebook | Cues, wanted: dict[str, list[Cue]], rows: Rows, roles: pd.Series
) -> NDArray[np.bool_]:
    """Whether each code found may be given to a turn of that role."""
    from rupturecode.codebook import Codebook

    if not isinstance(cues, Codebook):
        return np.ones(len(rows), dtype=bool)
    who = roles.fillna("unknown").astype(str).tolist()
    allowed = [{*cues[code].roles, "unknown"} if cues[code].roles else set(who) for code in wanted]
    return np.array([who[i] in allowed[code] for i, code, *_ in rows.tolist()], dtype=bool)
