"""spaCy documents from turns, with a pipeline that needs no download."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from spacy.language import Language
    from spacy.tokens import Doc

    from rupturecode.transcript import Corpus, Transcript

    Talk: TypeAlias = Corpus | Transcript | pd.DataFrame

#: What a document knows about its turn, as ``doc._.session`` and so on.
EXTENSIONS = ("session", "turn", "speaker", "role")


def pipeline(name: str | Path | Language | None = None, *, language: str = "en") -> Language:
    """Return a spaCy pipeline: a blank one for speech, or the one that is named.

    Parameters
    ----------
    name
        Folder or installed package of a pipeline, or a pipeline already loaded. Nothing is
        ever downloaded.
    language
        For the blank pipeline.

    Raises
    ------
    UsageError
        When there is no such pipeline on this machine.

    Examples
    --------
    >>> [t.text for t in pipeline()("-I know-- ")]
    ['-', 'I', 'know', '--']
    """
    if name is None:
        return _blank(language)
    if not isinstance(name, str | Path):
        return name
    import spacy
    from spacy.util import is_package

    if not Path(name).exists() and not is_package(str(name)):
        raise UsageError(
            f"There is no spaCy pipeline {str(name)!r} on this machine: give the path of a "
            "pipeline folder, the name of an installed package, or nothing for a blank one."
        )
    return spacy.load(name)


@lru_cache(maxsize=4)
def _blank(language: str) -> Language:
    """Make a blank pipeline that also splits off the dashes of broken-off speech."""
    import spacy
    from spacy.util import compile_prefix_regex, compile_suffix_regex

    nlp = spacy.blank(language)
    tokenizer: Any = nlp.tokenizer
    # spaCy takes marks off one by one, in quadratic time: a long run of them is one token.
    prefixes = [r"[^\w\s]{30,}", *(nlp.Defaults.prefixes or ()), r"-+(?=\w)"]
    suffixes = [r"[^\w\s]{30,}", *(nlp.Defaults.suffixes or ()), r"(?<=\w)-+"]
    tokenizer.prefix_search = compile_prefix_regex(prefixes).search
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    nlp.max_length = 10_000_000
    return nlp


def turns_of(talk: Talk) -> pd.DataFrame:
    """Return the turns of a corpus or a transcript, or a frame of turns checked as such."""
    import pandas as pd

    from rupturecode.tables import TURNS, conform

    return conform(talk, TURNS) if isinstance(talk, pd.DataFrame) else talk.turns


def docs(talk: Talk, *, nlp: str | Path | Language | None = None) -> Iterator[Doc]:
    """Yield one spaCy document per turn, which knows its session, turn, speaker and role.

    Parameters
    ----------
    talk
        A corpus, a transcript or a frame of turns.
    nlp
        See :func:`pipeline`.

    Examples
    --------
    >>> from rupturecode.transcript import Transcript
    >>> talk = Transcript.from_turns("s1", [("T", "How was it?")])
    >>> [(doc._.session, doc._.turn, len(doc)) for doc in docs(talk)]
    [('s1', 1, 4)]
    """
    from spacy.tokens import Doc

    for extension in EXTENSIONS:
        if not Doc.has_extension(extension):
            Doc.set_extension(extension, default=None)
    turns = turns_of(talk)
    rows = zip(*(turns[c].tolist() for c in EXTENSIONS), strict=True)
    texts = turns["text"].fillna("").astype(str)
    for doc, row in zip(pipeline(nlp).pipe(texts), rows, strict=True):
        for extension, value in zip(EXTENSIONS, row, strict=True):
            doc._.set(extension, value)
        yield doc
