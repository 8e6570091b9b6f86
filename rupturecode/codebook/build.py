"""From a checked tree to a codebook: inheritance, references, and rules between parts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from rupturecode.codebook.model import Code, Codebook
from rupturecode.codebook.parts import SCALE_KINDS, Scale, Vignette
from rupturecode.codebook.schema import BOOK, INHERITED
from rupturecode.codebook.tree import Log, Node
from rupturecode.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Raw = dict[str, object]


def build(tree: Node, *, source: str, path: str = "") -> Codebook:
    """Return the codebook that a tree describes.

    Parameters
    ----------
    tree
        From :func:`rupturecode.codebook.tree.parse` or ``from_python``.
    source
        Named in error messages.
    path
        Kept on the codebook.

    Raises
    ------
    InvalidDataError
        Listing every key, value and reference that is wrong, with its place.
    """
    log = Log(source)
    book = BOOK.values(tree, "", log)
    if book is None or not book.get("codes"):
        log.raise_any(source)
    raw = cast("tuple[Raw, ...]", cast("Raw", book)["codes"])
    places = _places(tree)
    if not _check_codes(tree, log):
        log.raise_any(source)
    shared = dict(cast("Iterable[tuple[str, Scale]]", cast("Raw", book).get("scales", ())))
    codes = _resolve(raw, shared, places, log)
    about = {"id": "", "version": "", "title": ""}  # stand in for what was wrong and is logged
    finished = Codebook(**{**about, **cast("Raw", book), "codes": codes, "path": path})  # type: ignore[arg-type]
    _check_references(finished, tree, log)
    log.raise_any(source)
    return finished


def _places(tree: Node) -> dict[str, Node]:
    """Where each code stands, by id."""
    nodes = [node for node in _listed(tree) if isinstance(node.value, dict)]
    return {_said(node, "id"): node for node in reversed(nodes)}


def _key(node: Node | None, *names: str) -> Node | None:
    """Return the node under a key, or the nearest one above that exists."""
    for name in names:
        if node is None or not isinstance(node.value, dict) or name not in node.value:
            return node
        node = node.value[name]
    return node


def _check_codes(tree: Node, log: Log) -> bool:
    """Note codes given twice, unknown parents, and codes that stand under themselves.

    Returns whether the codes form a tree.
    """
    before = len(log.problems)
    nodes = [node for node in _listed(tree) if isinstance(node.value, dict)]
    named = [(_said(node, "id"), _said(node, "parent"), node) for node in nodes]
    parents = {name: parent for name, parent, _ in reversed(named)}
    counts = Counter(name for name, _, _ in named)
    for name, parent, node in named:
        if not name:
            continue
        if counts.pop(name, 1) > 1:
            n = sum(other == name for other, _, _ in named)
            log.add(_key(node, "id"), f"code {name!r} is defined {n} times", "duplicate-code")
        if parent and parent not in parents:
            words = f"code {name!r}: unknown parent {parent!r}.{nearest(parent, parents)}"
            log.add(_key(node, "parent"), words, "orphan")
        elif _circular(name, parents):
            log.add(_key(node, "parent"), f"code {name!r} stands under itself", "circular")
    return len(log.problems) == before


def _listed(tree: Node) -> list[Node]:
    """Return the nodes of the codes."""
    return cast("list[Node]", cast("dict[str, Node]", tree.value)["codes"].value)


def _said(node: Node, name: str) -> str:
    """Return the text under a key of a code, empty where there is none."""
    found = cast("dict[str, Node]", node.value).get(name)
    return found.value.strip() if found is not None and isinstance(found.value, str) else ""


def _circular(name: str, parents: dict[str, str]) -> bool:
    seen = set()
    while name and name not in seen:
        seen.add(name)
        name = parents.get(name, "")
    return bool(name)


def _resolve(
    codes: tuple[Raw, ...], shared: dict[str, Scale], places: dict[str, Node], log: Log
) -> tuple[Code, ...]:
    """Fill in what codes take from the codes above them."""
    raw = {str(code["id"]): code for code in codes}
    done: dict[str, Raw] = {}

    def full(name: str) -> Raw:
        if name not in done:
            code = dict(raw[name])
            scale = code.get("scale")
            if isinstance(scale, str):
                code["scale"] = _shared_scale(scale, shared, _key(places[name], "scale"), log)
            above = full(str(code["parent"])) if code.get("parent") else {}
            done[name] = {**{k: above[k] for k in INHERITED if k in above}, **code}
        return done[name]

    return tuple(Code(**full(name)) for name in raw)  # type: ignore[arg-type]


def _shared_scale(name: str, shared: dict[str, Scale], where: Node | None, log: Log) -> Scale:
    if name in shared:
        return shared[name]
    if name in SCALE_KINDS:
        return Scale(name)  # type: ignore[arg-type]
    known = [*shared, *SCALE_KINDS]
    hint = nearest(name, known) or f" Known: {', '.join(known)}"
    log.add(where, f"unknown scale {name!r}.{hint}", "scale")
    return Scale()


def _check_references(book: Codebook, tree: Node, log: Log) -> None:
    """Note names of codes that do not exist, wherever one code points at another."""
    for i, rule in enumerate(book.constraints if _aligned(tree, book, "constraints") else ()):
        where = _item(tree, "constraints", i)
        _known((rule.code, *rule.others), book, where, f"constraints[{i + 1}]", log)
        if rule.code in rule.others:
            log.add(where, f"constraints[{i + 1}]: {rule.code!r} names itself", "constraint")
    places = _places(tree)
    for code in book:
        where = places.get(code.id)
        names = [c.code for c in code.confused_with]
        _known(names, book, _key(where, "confused_with"), f"code {code.id!r}: confused_with", log)
        near = [e.instead for e in code.near_misses if e.instead]
        _known(near, book, _key(where, "near_misses"), f"code {code.id!r}: near_misses", log)
        if book.roles and not set(code.roles) <= set(book.roles):
            extra = ", ".join(sorted(set(code.roles) - set(book.roles)))
            words = f"code {code.id!r}: role {extra} is not among the codebook's roles"
            log.add(_key(where, "roles"), words, "role")
    for i, vignette in enumerate(book.vignettes if _aligned(tree, book, "vignettes") else ()):
        _check_vignette(vignette, book, _item(tree, "vignettes", i), log)


def _aligned(tree: Node, book: Codebook, part: str) -> bool:
    """Whether every item of a list was readable, so that positions are lines."""
    node = _key(tree, part)
    listed = node.value if node is not None and node is not tree else []
    return isinstance(listed, list) and len(listed) == len(getattr(book, part))


def _check_vignette(vignette: Vignette, book: Codebook, where: Node | None, log: Log) -> None:
    path = f"vignette {vignette.id!r}"
    for n, turn in enumerate(vignette.turns):
        names = [*(g.code for g in turn.codes), *(r.code for r in turn.not_codes), *turn.breaks]
        _known(names, book, _item(where, "turns", n), f"{path}: turn {n + 1}", log)
    for n, link in enumerate(vignette.links):
        place = _item(where, "links", n)
        _known((link.from_code, link.to_code), book, place, f"{path}: link {n + 1}", log)
        if max(link.from_turn, link.to_turn) > len(vignette.turns):
            log.add(place, f"{path}: link {n + 1} names a turn that is not there", "link")


def _item(node: Node | None, name: str, position: int) -> Node | None:
    found = _key(node, name)
    if found is not None and isinstance(found.value, list) and position < len(found.value):
        return found.value[position]
    return found


def _known(
    names: Iterable[str], book: Collection[str] | Codebook, where: Node | None, path: str, log: Log
) -> None:
    for name in names:
        if name not in book:
            known = book.by_id if isinstance(book, Codebook) else book
            log.add(where, f"{path}: unknown code {name!r}.{nearest(name, known)}", "unknown-code")
