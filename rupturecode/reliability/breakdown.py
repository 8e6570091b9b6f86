"""The agreement table taken apart: by pair, session, coder and category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.reliability.alpha import krippendorff_alpha
from rupturecode.reliability.kappa import beyond_chance, observed_and_expected
from rupturecode.reliability.matrix import Matrix, encode
from rupturecode.reliability.observed import specific_agreement
from rupturecode.reliability.slices import leave_one_coder_out
from rupturecode.reliability.tally import coder_pairs, tally
from rupturecode.reliability.undefined import why_undefined

if TYPE_CHECKING:
    from collections.abc import Callable

    from rupturecode.codebook import Codebook
    from rupturecode.reliability.sample import Sample
    from rupturecode.reliability.scheme import Scheme


def matrix_of(sample: Sample, code: str) -> Matrix:
    """Return one code's ratings, with the scale's categories and the coders' names."""
    codes = encode(sample.of(code), sample.measures[code].categories).codes
    return Matrix(codes, sample.measures[code].categories, sample.ratings.coders)


def by_pair(sample: Sample) -> pd.DataFrame:
    """Return agreement of every pair of coders who share units, by code."""
    rows = []
    for code in sample.ratings.codes:
        matrix = matrix_of(sample, code)
        scheme = sample.measures[code].scheme
        present = _present(sample, code)
        for a, b in coder_pairs(matrix.n_coders):
            pair = matrix.select([a, b])
            n = int((pair.codes >= 0).all(axis=0).sum())
            if n:
                head = (sample.unit, code, matrix.coders[a], matrix.coders[b])
                rows.append((*head, *_of_pair(pair, scheme, present([a, b])), n))
    columns = ["unit", "code", "coder_a", "coder_b", "percent", "kappa", "positive"]
    frame = pd.DataFrame(rows, columns=[*columns, "negative", "note", "n_units"])
    return frame[[*columns, "negative", "n_units", "note"]]


def _of_pair(
    pair: Matrix, scheme: Scheme, present: Matrix | None
) -> tuple[float, float, float, float, str]:
    tables = tally(pair.codes[None], len(pair.categories), ["pair_tables"])["pair_tables"]
    seen, chance = observed_and_expected(tables, scheme)
    kappa = float(beyond_chance(seen, chance).item())
    alike = float(np.trace(tables[0, :, :, 0, 0]) / tables.sum())
    positive = negative = float("nan")
    if present is not None:
        positive, negative = specific_agreement(present, 1), specific_agreement(present, 0)
    note = why_undefined(pair, "cohen_kappa") if np.isnan(kappa) else ""
    return alike, kappa, positive, negative, note


def _present(sample: Sample, code: str) -> Callable[[list[int]], Matrix | None]:
    """Return what gives two coders' ratings as present or absent; None on nominal scales."""
    coders, least = sample.ratings.coders, sample.measures[code].lowest_present
    values = sample.of(code).T

    def of(pair: list[int]) -> Matrix | None:
        if not np.isfinite(least):
            return None
        chosen = values[pair]
        codes = np.where(np.isnan(chosen), -1, chosen >= least).astype(np.int8)
        return Matrix(codes, (0, 1), tuple(coders[c] for c in pair))

    return of


def by_session(sample: Sample) -> pd.DataFrame:
    """Return every coefficient within each double-coded session."""
    frames = []
    for block in sample.blocks:
        estimates, n = block.by_group(), block.n_used
        k, c, g = np.nonzero(n > 0)
        frames.append(
            pd.DataFrame(
                {
                    "unit": sample.unit,
                    "session": np.array(sample.sessions, dtype=object)[g],
                    "code": np.array(block.codes, dtype=object)[c],
                    "coefficient": np.array(block.coefficients, dtype=object)[k],
                    "estimate": estimates[k, c, g],
                    "n_units": n[k, c, g].astype(int),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def by_coder(sample: Sample) -> pd.DataFrame:
    """Return alpha without each coder in turn, where three or more coded."""
    columns = ["unit", "code", "coder", "estimate", "change", "n_units", "note"]
    frames = []
    for code in sample.ratings.codes:
        matrix = matrix_of(sample, code)
        active = np.flatnonzero((matrix.codes >= 0).any(axis=1))
        if len(active) > 2:
            level = sample.measures[code].scheme.level
            table = leave_one_coder_out(matrix.select(active.tolist()), level=level)
            frames.append(table.assign(unit=sample.unit, code=code))
    return (
        pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    )


def by_category(sample: Sample, book: Codebook) -> pd.DataFrame:
    """Return agreement on each category of scales with more than two."""
    rows = []
    for code in sample.ratings.codes:
        measure, scale = sample.measures[code], book[code].scale
        if scale.kind not in ("nominal", "ordinal"):
            continue
        matrix = matrix_of(sample, code)
        names = scale.categories if scale.kind == "nominal" else measure.categories
        for position, name in enumerate(names):
            binary = matrix.against_rest(position)
            alpha = krippendorff_alpha(binary)
            note = why_undefined(binary) if np.isnan(alpha) else ""
            n = int((matrix.codes == position).sum())
            label = f"{name:g}" if isinstance(name, float) else str(name)
            rows.append((sample.unit, code, label, alpha, specific_agreement(binary, 1), n, note))
    columns = ["unit", "code", "category", "estimate", "agreement", "n_ratings", "note"]
    return pd.DataFrame(rows, columns=columns)
