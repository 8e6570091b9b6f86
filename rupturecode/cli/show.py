"""What the commands print: lines, problems and progress bars."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.progress import TaskID

    from rupturecode.errors import Problem


def say(text: str, *, quiet: bool) -> None:
    """Print a line, unless asked to be quiet or there is nothing to say."""
    if text and not quiet:
        print(text)


def typed(path: Path) -> str:
    """Word a path as it can be typed: in quotes where it has spaces or signs.

    Examples
    --------
    >>> from pathlib import Path
    >>> typed(Path("pilot")), typed(Path("my study"))
    ('pilot', '"my study"')
    """
    text = str(path)
    return text if re.fullmatch(r"[\w./\\:~-]+", text) else f'"{text}"'


def print_problems(problems: Sequence[Problem]) -> None:
    """List problems on standard error, one a line."""
    if not problems:
        return
    n = len(problems)
    print(f"{n} problem{'s' if n != 1 else ''}:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a callback (stage, done, total) that draws a bar, or None without a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance
