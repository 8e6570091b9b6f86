"""One value of a codebook as the text of one cell, and back.

A cell holds a plain text, several texts on a line each, or several names with ``;``
between. What none of these can hold unchanged is written as JSON after ``json:``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rupturecode.codebook.schema import NAME
from rupturecode.codebook.spec import Flag, Many, Number, Record, Table, Text
from rupturecode.codebook.tree import Node, from_python

if TYPE_CHECKING:
    from rupturecode.codebook.spec import Spec
    from rupturecode.codebook.tree import Log

JSON = "json:"


def encode(value: object, spec: Spec) -> str:
    r"""Return the cell for a value as :func:`rupturecode.codebook.dump.to_dict` gives it.

    Examples
    --------
    >>> from rupturecode.codebook.schema import NAMES, TEXTS
    >>> encode(["a", "b"], NAMES), encode(["One.", "Two."], TEXTS)
    ('a; b', 'One.\nTwo.')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str) and _safe(value):
        return value
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        mark = "; " if _names(spec) else "\n"
        if all(_safe(v) and "\n" not in v for v in value):
            return mark.join(value)
    return JSON + json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> bool:
    return not text.startswith(JSON) and "\r" not in text and text == text.strip() != ""


def _names(spec: Spec) -> bool:
    """Whether a list holds names, which contain no ``;`` or comma."""
    return isinstance(spec, Many) and (
        spec.item is NAME or (isinstance(spec.item, Text) and bool(spec.item.choices))
    )


def decode(cell: Node, spec: Spec, path: str, log: Log) -> Node | None:
    """Return the node for a cell's text, or None for an empty cell.

    Parameters
    ----------
    cell
        Its text and its place.
    spec
        What the value must look like.
    path
        Named in a problem.
    log
        Where a problem goes.
    """
    text = str(cell.value).strip()
    if not text:
        return None
    if text.startswith(JSON):
        return _from_json(text.removeprefix(JSON), cell, path, log)
    if isinstance(spec, Many):
        parts = re.split(r"[;,\n]" if _names(spec) else r"\n", text)
        return _at(cell, [_at(cell, p.strip()) for p in parts if p.strip()])
    if isinstance(spec, (Table, Record)) and not getattr(spec, "short", ""):
        log.add(cell, f"{path}: write it as {JSON}{{...}}", "type")
        return None
    return _at(cell, text, plain=isinstance(spec, (Flag, Number)))


def _from_json(text: str, cell: Node, path: str, log: Log) -> Node | None:
    try:
        node = from_python(json.loads(text))
    except (ValueError, RecursionError):
        log.add(cell, f"{path}: what follows {JSON} is not JSON", "syntax")
        return None
    _place(node, cell)
    return node


def _place(node: Node, cell: Node) -> None:
    """Give a whole tree the place of the cell it was read from."""
    node.line, node.column, node.cell = cell.line, cell.column, cell.cell
    children = node.value.values() if isinstance(node.value, dict) else node.value
    if not isinstance(node.value, str):
        for child in children:
            _place(child, cell)  # type: ignore[arg-type]  # not text, so nodes


def _at(cell: Node, value: str | list[Node], *, plain: bool = False) -> Node:
    return Node(value, cell.line, cell.column, plain, cell=cell.cell)
