"""YAML as a tree of nodes that know their place.

Only PyYAML's parser is used, never its constructors: plain words stay words (``no`` is not
False), duplicate keys are reported, and what a codebook has no use for (anchors, aliases,
tags, several documents) is refused before it can grow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rupturecode.errors import InvalidDataError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
MAX_NODES = 100_000
MAX_PROBLEMS = 100
LONGEST_SHOWN = 60

_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"\xef\xbb\xbf", "UTF-8 with a byte order mark"),
)


@dataclass(slots=True)
class Node:
    """A scalar, a list or a mapping; ``plain`` marks an unquoted scalar."""

    value: str | list[Node] | dict[str, Node]
    line: int | None = None
    column: int | None = None
    plain: bool = False
    keys: dict[str, Node] = field(default_factory=dict)
    """For a mapping: where each key stands."""
    cell: str = ""
    """For a workbook: sheet and cell, such as ``codes!C4``."""

    @property
    def words(self) -> str:
        """What kind of node it is, for a message."""
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, list):
            return "a list"
        return shown(self.value)


def shown(text: str) -> str:
    """Return a text in quotes, cut where it is too long for a message."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "...")


@dataclass(slots=True)
class Log:
    """Problems as they are found; the worst file cannot make it grow without end."""

    source: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Whether looking for more problems is a waste of time."""
        return len(self.problems) >= MAX_PROBLEMS

    def add(self, node: Node | None, message: str, kind: str) -> None:
        """Note a problem at a node."""
        if not self.full:
            line, column = (node.line, node.column) if node else (None, None)
            cell = node.cell if node else ""
            self.problems.append(Problem(message, self.source, line, column, cell, kind))

    def raise_any(self, what: str) -> None:
        """Raise what was found, if anything."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda p: (p.line or 0, p.column or 0))
            raise InvalidDataError(what, ordered)


def decode(data: bytes, source: str) -> str:
    """Return a codebook's text, refusing what is not plain UTF-8 or is too large.

    Raises
    ------
    InvalidDataError
        Saying what to save the file as.
    """
    log = Log(source)
    if len(data) > MAX_BYTES:
        log.add(None, f"{len(data):,} bytes; a codebook has at most {MAX_BYTES:,}", "too-large")
    name = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    if name:
        log.add(None, f"the file is {name}: save it as UTF-8 without a mark", "encoding")
    log.raise_any(source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as err:
        line = data.count(b"\n", 0, err.start) + 1
        byte = data[err.start]
        words = f"byte 0x{byte:02x} is not UTF-8: save the file as UTF-8 (it may be Windows-1252)"
        raise InvalidDataError(source, [Problem(words, source, line, kind="encoding")]) from None


def parse(text: str, *, source: str) -> Node:
    """Return the tree of a YAML text.

    Raises
    ------
    InvalidDataError
        Listing duplicate keys, aliases and tags, or the first place that is not YAML.

    Examples
    --------
    >>> parse("keep: no", source="demo").value["keep"].value
    'no'
    """
    import yaml

    log = Log(source)
    try:
        tree = _Composer(_events(text), log).document()
    except yaml.YAMLError as err:
        log.problems.append(_syntax_problem(err, text, source))
        tree = None
    except _TooMuchError as err:
        log.add(err.node, err.message, "too-large")
        tree = None
    log.raise_any(source)
    if tree is None:
        raise InvalidDataError(source, [Problem("the file is empty", source, kind="empty")])
    return tree


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CLoader", yaml.SafeLoader)
    events: Iterator[Any] = yaml.parse(text, Loader=loader)
    return events  # one by one: a hostile file is left before it is read to its end


class _TooMuchError(Exception):
    """Stop reading here: nothing that follows is worth the time."""

    def __init__(self, node: Node, message: str) -> None:
        self.node, self.message = node, message
        super().__init__(node, message)


class _Composer:
    """Builds nodes from parser events, one level of the tree per call."""

    def __init__(self, events: Iterator[Any], log: Log) -> None:
        import yaml

        self.y, self.events, self.log, self.count = yaml, events, log, 0

    def document(self) -> Node | None:
        """Return the only document's tree, or None when there is none."""
        y, tree = self.y, None
        for event in self.events:
            if isinstance(event, y.DocumentStartEvent):
                if tree is not None:
                    self.log.add(
                        _at(event, ""), "a second document starts: a file holds one", "documents"
                    )
                    break
                tree = self.node(next(self.events), 0)
        return tree

    def node(self, event: yaml.NodeEvent, depth: int) -> Node:
        """Return the node that begins with this event."""
        y = self.y
        self.count += 1
        if self.count > MAX_NODES:
            raise _TooMuchError(_at(event, ""), f"more than {MAX_NODES:,} values")
        if isinstance(event, y.ScalarEvent):
            node = _at(event, event.value)
            node.plain = event.style is None or event.style == ""
            self._refuse(event, node)
            return node
        if isinstance(event, y.AliasEvent):
            node = _at(event, "")
            self.log.add(
                node, f"alias *{event.anchor[:LONGEST_SHOWN]}: write the text out again", "alias"
            )
            return node
        here = _at(event, "")
        if depth >= MAX_DEPTH:
            raise _TooMuchError(here, f"nested more than {MAX_DEPTH} deep")
        self._refuse(event, here)
        if isinstance(event, y.SequenceStartEvent):
            here.value = self._list(depth)
        else:
            here.value = self._mapping(here.keys, depth)
        return here

    def _list(self, depth: int) -> list[Node]:
        end = self.y.SequenceEndEvent
        items = []
        while not isinstance(event := next(self.events), end):
            items.append(self.node(event, depth + 1))
        return items

    def _mapping(self, keys: dict[str, Node], depth: int) -> dict[str, Node]:
        end = self.y.MappingEndEvent
        found: dict[str, Node] = {}
        while not isinstance(event := next(self.events), end):
            if self.log.full:
                raise _TooMuchError(_at(event, ""), "too many problems to go on")
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key.value, str):
                self.log.add(key, f"{key.words} cannot be a key", "key")
            elif key.value in found:
                first = keys[key.value].line
                self.log.add(
                    key,
                    f"key {key.words} is given twice (first on line {first})",
                    "duplicate-key",
                )
            else:
                found[key.value], keys[key.value] = value, key
        return found

    def _refuse(self, event: yaml.NodeEvent, node: Node) -> None:
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self.log.add(node, f"tag {tag[:LONGEST_SHOWN]}: tags are not used in codebooks", "tag")
        if event.anchor:
            self.log.add(
                node,
                f"anchor &{event.anchor[:LONGEST_SHOWN]}: anchors are not used in codebooks",
                "alias",
            )


def _at(event: yaml.Event, value: str) -> Node:
    mark: yaml.Mark = event.start_mark  # type: ignore[assignment]  # a parser always sets it
    return Node(value, mark.line + 1, mark.column + 1)


def _syntax_problem(err: yaml.YAMLError, text: str, source: str) -> Problem:
    mark = getattr(err, "problem_mark", None)
    if mark is None:
        position = int(getattr(err, "position", 0) or 0)
        line = text.count("\n", 0, position) + 1
        reason = getattr(err, "reason", "") or "not YAML"
        return Problem(f"{reason} (a control character?)", source, line, kind="syntax")
    lines = text.splitlines() or [""]
    words = f"not YAML: {getattr(err, 'problem', None) or err}"
    line = lines[min(mark.line, len(lines) - 1)]
    context = getattr(err, "context", None)
    if "\t" in line[: mark.column + 1]:
        words = "a tab in the indentation: YAML wants spaces"
    elif context:
        words += f" {context}"
    return Problem(words, source, mark.line + 1, mark.column + 1, kind="syntax")


def from_python(content: object, depth: int = 0) -> Node:
    """Return the tree of plain dictionaries, lists, texts and numbers, without places."""
    if depth > MAX_DEPTH:
        raise InvalidDataError(
            "codebook", [Problem(f"nested more than {MAX_DEPTH} deep", kind="too-large")]
        )
    if isinstance(content, dict):
        return Node({str(k): from_python(v, depth + 1) for k, v in content.items()})
    if isinstance(content, (list, tuple)):
        return Node([from_python(v, depth + 1) for v in content])
    if content is None:
        return Node("", plain=True)
    if isinstance(content, bool):
        return Node(str(content).lower(), plain=True)
    if isinstance(content, (int, float)):
        return Node(repr(content), plain=True)
    return Node(str(content))
