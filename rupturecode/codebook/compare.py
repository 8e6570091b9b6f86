"""What changed between two versions of a codebook."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, ClassVar

from rupturecode.codebook.load import load_codebook
from rupturecode.codebook.model import Codebook
from rupturecode.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from rupturecode.codebook.model import Code

SIMILAR = 0.85
"""Share of a definition that must match for a rename to be guessed."""
COLUMNS = ("change", "old", "new", "how", "detail")
SURE = ("declared", "same definition", "")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CodebookChanges(Result):
    """Changes between two versions, one row per change.

    ``change`` is one of added, removed, renamed, split, merged, redefined, rescaled,
    reassigned (roles or level), moved (another parent), reworded (label, examples and the
    like: nobody need recode), rule added and rule removed. ``how`` says on what a rename,
    split or merger rests: declared (``replaces`` in the new codebook), same definition, or
    similar definition, which is a guess.
    """

    main: ClassVar[str] = "changes"
    changes: pd.DataFrame

    def headline(self) -> str:
        """Count the changes by kind."""
        counts = self.changes["change"].value_counts(sort=False)
        listed = ", ".join(f"{n} {kind}" for kind, n in counts.items()) or "no change"
        return f"{self.settings['old']} to {self.settings['new']}: {listed}"


def compare_codebooks(old: Codebook | str | Path, new: Codebook | str | Path) -> CodebookChanges:
    """Say what was added, removed, renamed, split, merged, redefined and rescaled.

    Parameters
    ----------
    old, new
        Two versions of a codebook, or where they are: a bundled id, ``id@version`` or the path
        of a YAML file. A code of the new one may name in ``replaces`` the old
        codes that it stands for; else an equal definition under another id is a rename,
        and a very similar one a guessed rename.

    Returns
    -------
    CodebookChanges
        Frame ``changes``: change, old, new, how, detail.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> base = {"id": "t", "version": "1", "title": "T"}
    >>> old = Codebook.from_dict({**base, "codes": [{"id": "a", "definition": "Away."}]})
    >>> new = Codebook.from_dict({**base, "codes": [{"id": "b", "definition": "Away."}]})
    >>> compare_codebooks(old, new).to_frame()[["change", "old", "new", "how"]].values.tolist()
    [['renamed', 'a', 'b', 'same definition']]
    """
    import pandas as pd

    old, new = (book if isinstance(book, Codebook) else load_codebook(book) for book in (old, new))
    pairs = successors(old, new)
    rows = [*_came_and_went(old, new, pairs), *_lines(old, new, pairs), *_rules(old, new)]
    return CodebookChanges(
        changes=pd.DataFrame(rows, columns=list(COLUMNS), dtype="str"),
        settings={"old": old.ref, "new": new.ref},
    )


def successors(old: Codebook, new: Codebook) -> dict[tuple[str, str], str]:
    """Return which new code stands for which old one, and how that is known."""
    pairs = {
        (before, code.id): "declared" for code in new for before in code.replaces if before in old
    }
    spoken_for = {before for before, _ in pairs}
    for code in old:
        if code.id in new and code.id not in spoken_for:
            pairs[code.id, code.id] = ""
    taken = {after for _, after in pairs}
    spoken_for |= {before for before, _ in pairs}
    gone = [c for c in old if c.id not in spoken_for and c.definition]
    fresh = [c for c in new if c.id not in taken and c.definition]
    return pairs | _guessed(gone, fresh)


def _guessed(gone: list[Code], fresh: list[Code]) -> dict[tuple[str, str], str]:
    """Pair codes without a declared successor by their definitions, each at most once."""
    pairs: dict[tuple[str, str], str] = {}
    for same in (True, False):
        for before in gone:
            left = [c for c in fresh if c.id not in {after for _, after in pairs}]
            if before.id in {b for b, _ in pairs} or not left:
                continue
            best = max(left, key=lambda c: _likeness(before, c))
            if same and before.fingerprint == best.fingerprint:
                pairs[before.id, best.id] = "same definition"
            elif not same and _likeness(before, best) >= SIMILAR:
                pairs[before.id, best.id] = "similar definition"
    return pairs


def _likeness(a: Code, b: Code) -> float:
    if a.fingerprint == b.fingerprint:
        return 2.0
    return SequenceMatcher(None, a.definition, b.definition, autojunk=False).ratio()


def _came_and_went(
    old: Codebook, new: Codebook, pairs: dict[tuple[str, str], str]
) -> Iterator[tuple[str, str, str, str, str]]:
    before, after = {b for b, _ in pairs}, {a for _, a in pairs}
    for code in old:
        if code.id not in before:
            yield "removed", code.id, "", "", ""
    for code in new:
        if code.id not in after:
            yield "added", "", code.id, "", ""


def _rules(old: Codebook, new: Codebook) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield constraints that came or went; their reasons may be reworded freely."""
    before, after = (
        {(r.kind, r.code, r.others, r.relation) for r in book.constraints} for book in (old, new)
    )
    for kind, code, others, _ in sorted(before - after):
        yield "rule removed", code, "", "", f"{kind} {', '.join(others)}"
    for kind, code, others, _ in sorted(after - before):
        yield "rule added", "", code, "", f"{kind} {', '.join(others)}"


def _lines(
    old: Codebook, new: Codebook, pairs: dict[tuple[str, str], str]
) -> Iterator[tuple[str, str, str, str, str]]:
    for (before, after), how in pairs.items():
        heirs = sum(b == before for b, _ in pairs)
        sources = sum(a == after for _, a in pairs)
        if heirs > 1:
            yield "split", before, after, how, f"one of {heirs}"
        elif sources > 1:
            yield "merged", before, after, how, f"one of {sources}"
        elif before != after:
            yield "renamed", before, after, how, ""
        if heirs == 1 and sources == 1:
            for change, detail in _rewritten(old[before], new[after]):
                yield change, before, after, how, detail


def _rewritten(a: Code, b: Code) -> Iterator[tuple[str, str]]:
    """Yield what changed in a code that has one successor."""
    words = [n for n in ("definition", "include", "exclude") if _plain(a, n) != _plain(b, n)]
    if words:
        yield "redefined", ", ".join(words)
    if a.scale != b.scale:
        yield "rescaled", _scales(a, b)
    places = ("roles", "level", "observability", "heading")
    duties = [n for n in places if _sorted(a, n) != _sorted(b, n)]
    if duties:
        yield "reassigned", ", ".join(duties)
    if a.parent != b.parent:
        yield "moved", f"{a.parent or 'top'} to {b.parent or 'top'}"
    rest = ["examples", "near_misses", "confused_with", "note", "status", "key", "color"]
    rest += ["label"] if a.id == b.id else []
    small = [n for n in rest if getattr(a, n) != getattr(b, n)]
    if small:
        yield "reworded", ", ".join(small)


def _plain(code: Code, name: str) -> list[str]:
    value = getattr(code, name)
    return [" ".join(t.split()) for t in ((value,) if isinstance(value, str) else value)]


def _sorted(code: Code, name: str) -> object:
    value = getattr(code, name)
    return sorted(value) if isinstance(value, tuple) else value


def _scales(a: Code, b: Code) -> str:
    if a.scale.kind != b.scale.kind:
        return f"{a.scale.kind} to {b.scale.kind}"
    return f"{a.scale.kind}: range, anchors, categories or the value of absence differ"
