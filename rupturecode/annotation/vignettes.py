"""A codebook's boundary vignettes as a small corpus with its gold standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from rupturecode.annotation.annotations import Annotations
from rupturecode.errors import UsageError
from rupturecode.transcript import Corpus, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rupturecode.codebook import Codebook, Vignette

EXPERT = "expert"


def vignettes(codebook: Codebook, *, reading: str = "") -> tuple[Corpus, Annotations]:
    """Return the vignettes as transcripts to code, and the expert's coding of them.

    Write sheets for the corpus, let a trainee code them blind, and compare with
    :func:`rupturecode.reliability.training.training`.

    Parameters
    ----------
    codebook
        With vignettes; each becomes a session of its name.
    reading
        Where schools read a turn differently, the one whose codes count besides those that
        all give.

    Returns
    -------
    tuple
        The corpus, and annotations of the layer ``"gold"``.

    Raises
    ------
    UsageError
        When the codebook has no vignettes.
    """
    if not codebook.vignettes:
        raise UsageError(f"Codebook {codebook.ref} has no vignettes to train with.")
    corpus = Corpus.from_transcripts([_transcript(v) for v in codebook.vignettes])
    rows = [row for v in codebook.vignettes for row in _rows(v, reading)]
    columns = ["session", "unit", "code", "value", "category", "note"]
    frame = pd.DataFrame(rows, columns=columns).assign(coder=EXPERT)
    every = corpus.units("turn").groupby("session")["unit"]
    coverage = every.agg(first_unit="min", last_unit="max").reset_index().assign(coder=EXPERT)
    gold = Annotations.from_frame(
        frame,
        codebook=codebook,
        corpus=corpus,
        coverage=coverage,
        layer="gold",
        constraints="report",
    )
    return corpus, gold


def _transcript(vignette: Vignette) -> Transcript:
    turns = [(turn.role, turn.text) for turn in vignette.turns]
    roles = {turn.role: turn.role for turn in vignette.turns}
    return Transcript.from_turns(vignette.id, turns, roles=roles)


def _rows(vignette: Vignette, reading: str) -> Iterator[tuple[object, ...]]:
    for number, turn in enumerate(vignette.turns, start=1):
        for given in turn.codes:
            if given.reading in ("", reading):
                note = given.why or None
                yield vignette.id, number, given.code, given.value, given.category, note
