"""Models as plain arrays in one file: readable without running anybody's code."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.errors import ParseError, UnknownNameError
from rupturecode.text.linear import LinearCode
from rupturecode.text.vectors import TurnVectorizer, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from rupturecode.transcript import Corpus

_FORMAT = "rupturecode suggestions 3"
_NUMBERS = ("intercept", "slope", "offset", "threshold")


@dataclass(frozen=True, eq=False, repr=False)
class SuggestionModel:
    """Fitted models of some codes, with what they were fitted on and how good they are."""

    vectorizer: TurnVectorizer
    codes: Mapping[str, LinearCode]
    about: Mapping[str, Any] = field(default_factory=dict)
    """Codebook and its fingerprint, hash of the data, settings and metrics by code."""

    def score(self, corpus: Corpus) -> pd.DataFrame:
        """Score every turn: session, turn, code, score, flagged."""
        import pandas as pd

        data = prepare(corpus)
        matrix = self.vectorizer.transform(data, np.arange(len(data.keys)))
        parts = []
        for code, model in self.codes.items():
            score = model.score(matrix)
            part = data.keys[["session", "turn"]].assign(code=code, score=score)
            parts.append(part.assign(flagged=score >= model.threshold))
        if not parts:
            return pd.DataFrame(columns=["session", "turn", "code", "score", "flagged"])
        return pd.concat(parts, ignore_index=True)

    def save(self, path: str | Path) -> Path:
        """Write the model to one ``.npz`` file of plain arrays, without pickle.

        The vocabulary holds words and pieces of words of the transcripts: treat the file
        as you treat them.
        """
        target = Path(path)
        arrays: dict[str, NDArray[Any]] = dict(self.vectorizer.arrays())
        for code, model in self.codes.items():
            arrays[f"code.{code}.weights"] = model.weights
            numbers = [getattr(model, name) for name in _NUMBERS]
            arrays[f"code.{code}.numbers"] = np.array(numbers, dtype=float)
        header = {"format": _FORMAT, "codes": list(self.codes), "about": dict(self.about)}
        arrays["header"] = np.array(json.dumps(header))
        with target.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        return target

    def __repr__(self) -> str:
        codes = ", ".join(self.codes) or "no code"
        return f"SuggestionModel({codes}; codebook {self.about.get('codebook', '?')})"


def load_model(path: str | Path) -> SuggestionModel:
    """Read a model that :meth:`SuggestionModel.save` wrote; no code in it can run.

    Raises
    ------
    ParseError
        When the file is not such a model.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        header = json.loads(str(arrays.pop("header")))
        if header["format"] != _FORMAT:
            raise ParseError(f"expected format {_FORMAT!r}", str(path))
        codes = {}
        for code in header["codes"]:
            numbers = dict(zip(_NUMBERS, map(float, arrays[f"code.{code}.numbers"]), strict=True))
            codes[code] = LinearCode(weights=arrays[f"code.{code}.weights"], **numbers)
        return SuggestionModel(TurnVectorizer.from_arrays(arrays), codes, header["about"])
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as err:
        if isinstance(err, ParseError):
            raise
        raise ParseError("not a model file written by rupturecode", str(path)) from None


def check_codebook(model: SuggestionModel, codebook: Any) -> None:  # noqa: ANN401 a Codebook
    """Refuse a model whose codes the codebook no longer has, or words otherwise.

    Raises
    ------
    UnknownNameError
        When a code of the model is not in the codebook with the same definition.
    """
    for code, fingerprint in model.about.get("code_fingerprints", {}).items():
        if code not in codebook or codebook[code].fingerprint != fingerprint:
            same = [c.id for c in codebook if c.fingerprint == fingerprint]
            raise UnknownNameError("code with the definition the model learnt", code, same)


def data_hash(*frames: pd.DataFrame) -> str:
    """Return 16 hexadecimal digits that change when any cell does."""
    digest = hashlib.sha256()
    for frame in frames:
        digest.update(frame.to_csv(index=False).encode("utf-8"))
    return digest.hexdigest()[:16]
