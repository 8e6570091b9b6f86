"""What a laboratory can share without a word: counts per session, in a small file.

The file holds counts only: no text, and no names of sessions or coders unless the
laboratory gives them. See `rupturecode.reliability.pooling`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rupturecode.arguments import check_kinds
from rupturecode.errors import ParseError, UsageError
from rupturecode.reliability.joint import plan_of, regrouped
from rupturecode.reliability.sample import TALLY, take

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rupturecode.annotation import Annotations
    from rupturecode.codebook.parts import ScaleKind
    from rupturecode.reliability.blocks import Block

    Floats = NDArray[np.float64]

FORMAT = "rupturecode session sums 1"
_ALL_PARTS = (
    "krippendorff_alpha",
    "fleiss_kappa",
    "conger_kappa",
    "light_kappa",
    "ICC(A,1)",
)
_KINDS = ("presence", "ordinal", "count", "nominal")
_KEYS = {"format", "laboratory", "codebook", "unit", "by", "coders", "n_groups", "codes"}


@dataclass(frozen=True, eq=False)
class CodeSums:
    """One code's sums over the sessions of a laboratory."""

    kind: ScaleKind
    """Of scale: presence, ordinal, count or nominal."""
    categories: tuple[float, ...]
    n_paired: Floats
    """Units that two or more coders rated, per group."""
    parts: dict[str, Floats]
    """Axes of the part, then groups; see `rupturecode.reliability.tally`."""
    beside: dict[str, Floats]
    """The same of present or absent."""


@dataclass(frozen=True, eq=False)
class SessionSums:
    """All that agreement needs to know of a laboratory, and nothing that was said."""

    laboratory: str
    codebook: str
    """Id, version and fingerprint: sums of different codebooks do not add up."""
    unit: str
    by: str
    """What the groups are: sessions or cases."""
    coders: tuple[str, ...]
    n_groups: int
    codes: dict[str, CodeSums]

    def write(self, path: str | Path) -> Path:
        """Write as JSON; the same sums give the same bytes."""
        content = {
            "format": FORMAT,
            "laboratory": self.laboratory,
            "codebook": self.codebook,
            "unit": self.unit,
            "by": self.by,
            "coders": list(self.coders),
            "n_groups": self.n_groups,
            "codes": {name: _plain(sums) for name, sums in self.codes.items()},
        }
        target = Path(path)
        target.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
        return target


@check_kinds
def session_sums(
    notes: Annotations,
    laboratory: str,
    unit: str = "turn",
    codes: Sequence[str] | None = None,
    *,
    coders: Mapping[str, str] | None = None,
    cases: Mapping[str, str] | None = None,
) -> SessionSums:
    """Sum a laboratory's coding by session, ready to be shared.

    Parameters
    ----------
    notes
        Coding by two or more coders; not a consensus.
    laboratory
        A name that tells the files apart; coders become "NAME 1", "NAME 2", ...
    unit
        Kind of unit.
    codes
        Codes of the codebook; those given by somebody unless named.
    coders
        Names to give coders instead: the same name in two files is the same person.
    cases
        Session to case, to sum (and later resample) by case.

    Raises
    ------
    UnknownNameError
        When a code is not known.
    UsageError
        When the layer is a consensus, or a coder has no name.
    """
    names = {c: f"{laboratory} {i}" for i, c in enumerate(notes.coders, 1)}
    names = names if coders is None else dict(coders)
    missing = [c for c in notes.coders if c not in names]
    if missing:
        raise UsageError(f"coder {missing[0]!r} has no name: give coders={{coder: name}}")
    sample = take(notes, unit, codes, _ALL_PARTS)
    plan = plan_of(None, cases, 0.95, 0, 0)
    by, blocks = regrouped(sample, plan, fall_back=False)
    beside = regrouped(replace(sample, blocks=(sample.beside,)), plan, fall_back=False)[1][0]
    found = {
        code: CodeSums(
            kind="count" if unit == TALLY else notes.codebook[code].scale.kind,
            categories=sample.measures[code].categories,
            n_paired=block.n_paired[c],
            parts=_of_code(block, c),
            beside=_of_code(beside, beside.codes.index(code)),
        )
        for block in blocks
        for c, code in enumerate(block.codes)
    }
    book = notes.codebook
    return SessionSums(
        laboratory=laboratory,
        codebook=f"{book.id}@{book.version} {book.fingerprint}",
        unit=unit,
        by=by,
        coders=tuple(names[c] for c in sample.ratings.coders),
        n_groups=blocks[0].n_groups,
        codes={code: found[code] for code in sample.ratings.codes},
    )


def _of_code(block: Block, code: int) -> dict[str, Floats]:
    parts = block.parts(block.features)
    return {name: part[..., code, :] for name, part in parts.items()}


def _plain(sums: CodeSums) -> dict[str, object]:
    def lists(parts: Mapping[str, Floats]) -> dict[str, object]:
        return {
            name: {"shape": list(p.shape), "sums": [_number(x) for x in p.ravel().tolist()]}
            for name, p in parts.items()
        }

    return {
        "kind": sums.kind,
        "categories": list(sums.categories),
        "n_paired": [_number(x) for x in sums.n_paired.tolist()],
        "parts": lists(sums.parts),
        "beside": lists(sums.beside),
    }


def _number(x: float) -> float | int:
    return int(x) if x.is_integer() else x


def read_session_sums(path: str | Path) -> SessionSums:
    """Read sums that a laboratory wrote.

    Raises
    ------
    ParseError
        When the file is not such a file.
    UsageError
        When there is no file.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except (TypeError, OSError) as e:
        raise UsageError(f"there is no file {str(path)!r} that could be read: {e}") from e
    except (UnicodeDecodeError, json.JSONDecodeError) as e:
        raise ParseError("not JSON: expected a file that SessionSums.write made", str(path)) from e
    if not isinstance(content, dict) or content.get("format") != FORMAT or _KEYS - {*content}:
        raise ParseError(f"not a file of {FORMAT!r}", str(path))
    try:
        codes = {name: _code_sums(given) for name, given in content["codes"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        raise ParseError(f"sums are damaged: {e}", str(path)) from e
    kept = {k: content[k] for k in ("laboratory", "codebook", "unit", "by", "n_groups")}
    return SessionSums(**kept, coders=tuple(content["coders"]), codes=codes)


def _code_sums(given: Mapping[str, Any]) -> CodeSums:
    def arrays(parts: Mapping[str, Any]) -> dict[str, Floats]:
        return {
            name: np.array(p["sums"], dtype=np.float64).reshape(p["shape"])
            for name, p in parts.items()
        }

    if given["kind"] not in _KINDS:
        raise ValueError(f"no scale is called {given['kind']!r}")
    return CodeSums(
        kind=given["kind"],
        categories=tuple(float(c) for c in given["categories"]),
        n_paired=np.array(given["n_paired"], dtype=np.float64),
        parts=arrays(given["parts"]),
        beside=arrays(given["beside"]),
    )
