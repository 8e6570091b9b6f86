"""What a model is to learn: per turn and code the share of coders who gave the code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.codebook import Code
    from rupturecode.transcript import Corpus

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Target:
    """One code on the turns of a corpus."""

    code: str
    given: Floats
    """Turns × coders: 1 given, 0 not given, NaN not rated."""
    fault: str = ""
    """Why the code cannot be learnt at all."""

    @property
    def share(self) -> Floats:
        """Per turn the share of its coders who gave the code; NaN where nobody rated."""
        rated = ~np.isnan(self.given)
        n = rated.sum(axis=1)
        return np.where(n > 0, np.nansum(self.given, axis=1) / np.maximum(n, 1), np.nan)


def targets(notes: Annotations, corpus: Corpus, codes: list[str] | None) -> list[Target]:
    """Return the codes of some annotations as targets, in the order of the corpus's turns.

    Raises
    ------
    UsageError
        When there is nothing to learn from, or the coding is a consensus: a model must be
        measured against what coders did, disagreement included.
    """
    if notes.layer == "consensus":
        raise UsageError(
            "Suggestions are judged against coders, not against a consensus: pass the coding "
            "that the consensus was made from."
        )
    chosen = list(notes.codes) if codes is None else list(codes)
    if not chosen:
        raise UsageError("The annotations give no code: there is nothing to learn from.")
    turns = corpus.turns
    index = pd.MultiIndex.from_arrays([turns["session"], turns["turn"].astype(int)])
    return [_target(notes, notes.codebook[name], index) for name in chosen]


def _target(notes: Annotations, code: Code, index: pd.MultiIndex) -> Target:
    if code.scale.kind == "nominal":
        nothing = np.full((len(index), len(notes.coders)), np.nan)
        return Target(code.id, nothing, "a nominal scale is not suggested")
    ratings = notes.ratings(code.id, unit="turn")
    values = ratings.reindex(index).to_numpy(dtype=float)
    floor = code.scale.absent if code.scale.absent is not None else code.scale.low
    given = np.where(np.isnan(values), np.nan, values > float(floor or 0))
    return Target(code.id, given)


def case_of_turns(corpus: Corpus) -> NDArray[np.object_]:
    """Name the case of every turn; a session without a case is a case of its own."""
    sessions = corpus.sessions
    case = sessions["case"].fillna(sessions["session"])
    named = dict(zip(sessions["session"], case, strict=True))
    return np.array([str(named[s]) for s in corpus.turns["session"]], dtype=object)
