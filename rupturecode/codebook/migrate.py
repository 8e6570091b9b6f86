"""Take annotations from one version of a codebook to the next, losing no row in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rupturecode.codebook.compare import SURE, successors
from rupturecode.display import counted
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from rupturecode.codebook.model import Codebook

Pairs = dict[tuple[str, str], str]
PLACE = ("session", "kind", "unit", "first_turn", "last_turn", "start_char", "end_char")
WHO = ("coder", "round")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Migration(Result):
    """Annotations under the new codebook, and what could not be carried over.

    Every row that came in is in exactly one of ``annotations`` and ``left``; column ``row``
    is its number in the input, from 1, and ``reason`` says what happened to it.
    """

    main: ClassVar[str] = "annotations"
    annotations: pd.DataFrame
    left: pd.DataFrame

    def headline(self) -> str:
        """Count what was carried over, what needs another look, and what was left."""
        flagged = int((self.annotations["reason"] != "").sum())
        return (
            f"{counted(len(self.annotations), 'annotation')} carried over to "
            f"{self.settings['new']} ({flagged} with a remark), "
            f"{len(self.left)} left for a decision"
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recoding(Result):
    """Annotations made under another definition, and the units to look at again.

    ``worklist`` has one row per coder and unit, with the codes to decide anew.
    ``stale`` has one row per stale annotation, with the reason.
    """

    main: ClassVar[str] = "worklist"
    worklist: pd.DataFrame
    stale: pd.DataFrame

    def headline(self) -> str:
        """Count stale annotations and units."""
        verb = "is" if len(self.stale) == 1 else "are"
        return (
            f"{counted(len(self.stale), 'annotation')} {verb} stale under {self.settings['new']}: "
            f"{counted(len(self.worklist), 'coder-unit')} to look at again"
        )


def migrate(annotations: pd.DataFrame, *, old: Codebook, new: Codebook) -> Migration:
    """Carry annotations over to another version of their codebook.

    Renamed and merged codes are carried over under their new id. Left for a decision are
    rows of removed, split and unknown codes, of renames that are only guessed, values that
    the new scale refuses, and values that differ after a merger.

    Parameters
    ----------
    annotations
        A frame with at least the columns ``code`` and ``codebook`` of the annotations table.
    old, new
        The codebook they were made with, and the one to go to.

    Raises
    ------
    InvalidDataError
        When the column ``code`` is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.codebook import Codebook
    >>> base = {"id": "t", "title": "T"}
    >>> old = Codebook.from_dict({**base, "version": "1", "codes": [{"id": "a"}, {"id": "b"}]})
    >>> new = Codebook.from_dict({**base, "version": "2",
    ...     "codes": [{"id": "c", "replaces": ["a"]}]})
    >>> moved = migrate(pd.DataFrame({"code": ["a", "b"]}), old=old, new=new)
    >>> moved.annotations["code"].tolist(), moved.left["reason"].tolist()
    (['c'], ["'b' was removed"])
    """
    frame = _numbered(annotations)
    pairs = successors(old, new)
    fates = {code: _fate(code, old, new, pairs) for code in frame["code"].dropna().unique()}
    targets = [fates.get(code, ("", ""))[0] for code in frame["code"]]
    reasons = [fates.get(code, ("", "the row names no code"))[1] for code in frame["code"]]
    frame["reason"] = reasons
    frame["_target"] = targets
    _refuse_values(frame, new)
    _settle_mergers(frame)
    stays = frame["_target"] != ""
    kept = frame[stays].copy()
    kept["code"] = kept["_target"]
    kept["codebook"] = new.ref
    return Migration(
        annotations=kept.drop(columns="_target").reset_index(drop=True),
        left=frame[~stays].drop(columns="_target").reset_index(drop=True),
        settings={"old": old.ref, "new": new.ref, "n_rows": len(annotations)},
    )


def _numbered(annotations: pd.DataFrame) -> pd.DataFrame:
    if "code" not in annotations.columns:
        raise InvalidDataError("annotations", [Problem("column 'code' is missing")])
    frame = annotations.reset_index(drop=True).copy()
    frame.insert(0, "row", range(1, len(frame) + 1))
    return frame


def _fate(code: str, old: Codebook, new: Codebook, pairs: Pairs) -> tuple[str, str]:
    """Return the new id (empty when there is none) and what to tell about it."""
    if code not in old:
        return "", f"{code!r} is not a code of {old.ref}"
    heirs = {after: how for (before, after), how in pairs.items() if before == code}
    if not heirs:
        return "", f"{code!r} was removed"
    if len(heirs) > 1:
        return "", f"{code!r} was split into {', '.join(map(repr, heirs))}: recode"
    (after, how), *_ = heirs.items()
    if how not in SURE:
        return "", f"{code!r} may have become {after!r} ({how}): confirm with 'replaces'"
    if new[after].heading and not old[code].heading:
        return "", f"{after!r} has become a heading: give a code below it"
    merged = sum(target == after for _, target in pairs) > 1
    remarks = [f"{'merged' if merged else 'renamed'} from {code!r}"] if after != code else []
    if old[code].fingerprint != new[after].fingerprint:
        remarks.append(f"the definition of {after!r} changed: recode")
    return after, "; ".join(remarks)


def _refuse_values(frame: pd.DataFrame, new: Codebook) -> None:
    """Leave given rows whose value or category the new scale does not know."""
    for i, row in enumerate(frame.to_dict("records")):
        target = row["_target"]
        if not target or _known(row.get("status")) not in ("given", None):
            continue
        value, category = _known(row.get("value")), _known(row.get("category"))
        fault = new[target].scale.fault(value, category)
        if fault:
            frame.loc[i, ["_target", "reason"]] = ["", f"{target!r} has a new scale: {fault}"]


def _known(cell: Any) -> Any:  # noqa: ANN401 - cells of a frame have any type
    """Return a cell's content, or None where it is missing."""
    import pandas as pd

    return None if pd.isna(cell) else cell


def _settle_mergers(frame: pd.DataFrame) -> None:
    """Keep one of several equal rows that became one code; leave all that contradict."""
    key = [c for c in (*PLACE, *WHO) if c in frame.columns]
    live = frame[frame["_target"] != ""]
    for _, group in live.groupby([*key, "_target"], dropna=False, sort=False):
        if group["code"].nunique() < 2:
            continue
        first = group.iloc[0]
        said = [c for c in ("value", "category", "status") if c in frame.columns]
        if len(group[said].drop_duplicates()) > 1:
            words = f"rows {_listed(group['row'])} became {first['_target']!r} and differ: decide"
            frame.loc[group.index, ["_target", "reason"]] = ["", words]
        else:
            words = f"says the same as row {first['row']} since the merger"
            frame.loc[group.index[1:], ["_target", "reason"]] = ["", words]


def _listed(numbers: pd.Series) -> str:
    return ", ".join(map(str, numbers))


def recoding(annotations: pd.DataFrame, *, old: Codebook, new: Codebook) -> Recoding:
    """Flag annotations made under an older definition and list what to code again.

    A row is stale when its code was redefined, rescaled, reassigned, split, merged or
    removed since. Rows whose ``codebook`` already names the new version are not.

    Parameters
    ----------
    annotations
        A frame with at least the column ``code`` of the annotations table.
    old, new
        The codebook they were made with, and the one in force.

    Examples
    --------
    >>> import pandas as pd
    >>> from rupturecode.codebook import Codebook
    >>> def book(version, words):
    ...     codes = [{"id": "a", "definition": words}]
    ...     return Codebook.from_dict({"id": "t", "version": version, "title": "T", "codes": codes})
    >>> notes = pd.DataFrame({"session": ["s1"], "unit": [4], "coder": ["AK"], "code": ["a"]})
    >>> recoding(notes, old=book("1", "Away."), new=book("2", "Away, and soon.")).worklist
      session  unit coder codes                                   reason
    0      s1     4    AK     a  the definition of 'a' changed: recode
    """
    frame = _numbered(annotations)
    if "codebook" in frame.columns:
        frame = frame[frame["codebook"].ne(new.ref).fillna(value=True)]
    pairs = successors(old, new)
    codes = frame["code"].dropna().unique()
    reasons = {code: _stale_reason(code, old, new, pairs) for code in codes}
    frame["reason"] = frame["code"].map(reasons).fillna("")
    stale = frame[frame["reason"] != ""].reset_index(drop=True)
    key = [c for c in (*PLACE[:5], "coder") if c in stale.columns]
    worklist = (
        stale.groupby(key, dropna=False, sort=False)
        .agg(codes=("code", _joined), reason=("reason", _joined))
        .reset_index()
    )
    return Recoding(worklist=worklist, stale=stale, settings={"old": old.ref, "new": new.ref})


def _joined(texts: pd.Series) -> str:
    return "; ".join(dict.fromkeys(texts))


def _stale_reason(code: str, old: Codebook, new: Codebook, pairs: Pairs) -> str:
    target, words = _fate(code, old, new, pairs)
    merged = sum(after == target for _, after in pairs) > 1
    return words if not target or merged or "recode" in words else ""
