"""Translate annotations along a crosswalk, reporting every loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rupturecode.codebook.crosswalk import CARRIED
from rupturecode.display import counted
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.codebook.crosswalk import Crosswalk
    from rupturecode.codebook.model import Codebook
    from rupturecode.codebook.parts import Scale

_NOT_RATED = ("not_applicable", "cannot_code", "skipped")
LOSS_COLUMNS = ("row", "code", "to", "relation", "translated", "loss")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Translation(Result):
    """Annotations in the words of another instrument, and what was lost on the way.

    ``annotations`` may hold several rows for one that came in, or none; ``row`` is its
    number in the input, from 1. ``losses`` has a row for everything that is not exactly
    the same: meaning, scale, or the whole annotation. A row that came in is always found
    in at least one of the two.
    """

    main: ClassVar[str] = "annotations"
    annotations: pd.DataFrame
    losses: pd.DataFrame

    def headline(self) -> str:
        """Count what was translated and what was not."""
        total = self.settings["n_rows"]
        done = self.annotations["row"].nunique()
        return (
            f"{done} of {total} annotations translated from {self.settings['source']} to "
            f"{self.settings['target']}; {counted(len(self.losses), 'loss', 'losses')}"
        )


def translate(
    annotations: pd.DataFrame,
    crosswalk: Crosswalk,
    *,
    source: Codebook,
    target: Codebook,
) -> Translation:
    """Translate annotations along a crosswalk.

    Only steps along which a coding still holds are taken (exact, and broader, where the
    target says less). Narrower and related targets are named in ``losses`` as candidates
    for a coder to decide, never given.

    Parameters
    ----------
    annotations
        A frame with at least the column ``code`` of the annotations table.
    crosswalk
        From :func:`load_crosswalk`.
    source, target
        The two codebooks.

    Raises
    ------
    InvalidDataError
        When the column ``code`` is missing, or names codes that the source does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.codebook import load_codebook, load_crosswalk
    >>> walk = load_crosswalk("3rs-2015", "cis")
    >>> notes = pd.DataFrame({"code": ["wd_denial"]})
    >>> out = translate(notes, walk, source=load_codebook("3rs-2015"), target=load_codebook("cis"))
    >>> out.annotations["code"].tolist(), len(out.losses)
    (['cis_irm'], 1)
    """
    import pandas as pd

    _refuse_unknown(annotations, source)
    made: list[dict[str, object]] = []
    losses: list[tuple[object, ...]] = []
    for n, row in enumerate(annotations.to_dict("records"), start=1):
        step = crosswalk.step(str(row["code"]), source)
        carried = step.relation in CARRIED
        if step.relation != "exact":
            where = "; ".join(step.to)
            losses.append((n, row["code"], where, step.relation, carried, step.loss))
        for code in step.to if carried else ():
            scales = source[str(row["code"])].scale, target[code].scale
            values, loss, holds = _value(row, *scales)
            if loss:
                losses.append((n, row["code"], code, step.relation, holds, loss))
            if holds:
                moved = {**row, **values, "code": code, "codebook": target.ref}
                made.append({"row": n, **{str(k): v for k, v in moved.items()}})
    columns = list(dict.fromkeys(["row", *map(str, annotations.columns), "code", "codebook"]))
    settings = {"source": source.ref, "target": target.ref, "n_rows": len(annotations)}
    return Translation(
        annotations=pd.DataFrame(made, columns=columns),
        losses=pd.DataFrame(losses, columns=list(LOSS_COLUMNS)),
        settings=settings,
    )


def _refuse_unknown(annotations: pd.DataFrame, source: Codebook) -> None:
    if "code" not in annotations.columns:
        raise InvalidDataError("annotations", [Problem("column 'code' is missing")])
    unknown = [c for c in annotations["code"].drop_duplicates() if c not in source]
    if unknown:
        known = f"is not a code of {source.ref}"
        raise InvalidDataError("annotations", [Problem(f"{c!r} {known}") for c in unknown])


def _value(row: dict[str, object], old: Scale, new: Scale) -> tuple[dict[str, object], str, bool]:
    """Return value and category under the new scale, what is lost, and whether it holds."""
    if old == new or row.get("status") in _NOT_RATED:
        return {}, "", True
    if new.kind == "presence":
        had = row.get("category") if old.kind == "nominal" else row.get("value")
        if old.kind == "presence":
            return {}, "", True
        if old.kind in ("count", "ordinal") and had == old.absent:
            return {}, f"{had} meant absence on a {old.kind} scale", False
        return {"value": 1.0, "category": None}, f"the {old.kind} value {had!r}", True
    if (old.kind, old.low, old.high, old.categories) == (
        new.kind,
        new.low,
        new.high,
        new.categories,
    ):
        return {}, "the wording of the anchors differs", True
    return {}, f"the target is rated ({new.kind}); a {old.kind} value cannot stand for it", False
