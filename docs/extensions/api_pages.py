"""The reference: a page per room, with every public name of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOMS = {
    "codebook": "which codes there are",
    "transcript": "who said what, when",
    "annotation": "which coder gave which code, and what they examined",
    "io": "files in and out",
    "reliability": "do coders agree",
    "sequences": "what follows what",
    "text": "language, suggestions, de-identification",
    "plots": "figures",
    "study": "the folder that holds all of it",
    "report": "the page and the tables of a study",
    "tables": "columns of the public tables",
    "result": "the shape that every analysis returns",
    "errors": "what can go wrong, and how it is said",
}


def pages() -> Iterator[tuple[str, str]]:
    """Yield path and Markdown of each page, the overview last."""
    for room, about in ROOMS.items():
        yield f"api/{room}.md", page(room, about)
    names = "\n".join(ROOMS)
    top = "\n".join(
        f"| `rc.{name}` | {home_of(name)} |" for name in import_module("rupturecode").__all__
    )
    yield "api/index.md", OVERVIEW.format(top=top, names=names)


def public_names(room: str) -> list[str]:
    """Return the public names of a room, in its own order where it has one."""
    module = import_module(f"rupturecode.{room}")
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_")
    ]


def home_of(name: str) -> str:
    """Link a name of the package to the page of the room it lives in."""
    if name in ROOMS:
        return f"[room]({name}.md): {ROOMS[name]}"
    room = getattr(import_module("rupturecode"), name).__module__.split(".")[1]
    return f"[{room}]({room}.md)"


def page(room: str, about: str) -> str:
    """List the public names of a room with their docstrings."""
    module = import_module(f"rupturecode.{room}")
    entries = "\n".join(entry(module, room, name) for name in public_names(room))
    return (
        f"# {room}: {about}\n\n```{{eval-rst}}\n.. automodule:: rupturecode.{room}\n"
        f"   :no-members:\n\n.. currentmodule:: rupturecode.{room}\n\n{entries}\n```\n"
    )


def entry(module: object, room: str, name: str) -> str:
    """Write the directive that documents one name."""
    value = getattr(module, name)
    if isinstance(value, type):
        return f".. autoclass:: rupturecode.{room}.{name}\n   :members:\n"
    if callable(value):
        return f".. autofunction:: rupturecode.{room}.{name}\n"
    return f".. py:data:: rupturecode.{room}.{name}\n   :type: {type(value).__name__}\n"


OVERVIEW = """# Reference

Every public name, with its docstring. All examples in it run as tests. In them and here `rc` is
`rupturecode`.

| name | where it lives |
|---|---|
{top}

```{{toctree}}
:hidden:

{names}
```
"""
