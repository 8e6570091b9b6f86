"""What analyses and figures are asked of: checks of arguments that all of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from rupturecode.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

_P = ParamSpec("_P")
_R = TypeVar("_R")
#: The kinds that are checked: in words, and where each comes from.
ASKED_OF = {
    "Agreement": ("a table of agreement", "reliability.agreement"),
    "AllianceSeries": ("a series of alliance scores", "sequences.alliance_series"),
    "Annotations": (
        "annotations",
        (
            "read_annotations and Annotations.from_frame, and for bare ratings and codes "
            "krippendorff_alpha and transition_table"
        ),
    ),
    "Confusions": ("confusions", "reliability.confusions"),
    "Corpus": ("a corpus", "read_corpus and Corpus.from_transcripts"),
    "DataFrame": ("a table", "pandas.DataFrame"),
    "Drift": ("coders' drift", "reliability.drift"),
    "Episodes": ("episodes", "sequences.episodes"),
    "EventWindow": ("an event window", "sequences.event_window"),
    "Axes": ("a figure", "what the functions of plots return"),
    "Figure": ("a figure", "what the functions of plots return"),
    "RepairTime": ("time to repair", "sequences.repair_time"),
    "StagePaths": ("stage paths", "sequences.stage_paths"),
    "Trajectory": ("a trajectory", "sequences.trajectory"),
    "Transitions": ("transitions", "sequences.transitions"),
}
_LISTS = ("Iterable", "Sequence")
_INSIDE = re.compile(r"\[[^\[\]]*\]")


def check_kinds(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Refuse arguments of another kind than the signature says, before anything uses them.

    Kinds are told by their names, so that no room has to import another to check. Looked at are
    those in ``ASKED_OF`` and whatever can be gone through; numbers and words have checks of
    their own.

    Raises
    ------
    UsageError
        On the call, naming the argument, what it should be and where that comes from.

    Examples
    --------
    >>> @check_kinds
    ... def words(corpus: Corpus) -> int:
    ...     return 0
    >>> words("s01.txt")
    Traceback (most recent call last):
    rupturecode.errors.UsageError: words is asked of a corpus, not of a str (corpus): see
    read_corpus and Corpus.from_transcripts
    """
    hints = {n: _kinds(str(h)) for n, h in function.__annotations__.items() if n != "return"}
    asked = {name: kinds for name, kinds in hints.items() if kinds}
    order = function.__code__.co_varnames

    @wraps(function)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for name, value in chain(zip(order, args, strict=False), kwargs.items()):
            if name in asked and not any(_is_a(value, kind) for kind in asked[name]):
                raise UsageError(f"{function.__name__} {_wanted(value, name, asked[name])}")
        return function(*args, **kwargs)

    return checked


def _kinds(hint: str) -> tuple[str, ...]:
    """Return the names of the kinds that an annotation allows; none where some are not told."""
    while _INSIDE.search(hint):
        hint = _INSIDE.sub("", hint)
    kinds = tuple(kind.rpartition(".")[2] for kind in hint.split(" | "))
    return kinds if all(k in ASKED_OF or k in _LISTS or k == "None" for k in kinds) else ()


def _is_a(value: object, kind: str) -> bool:
    if kind == "None":
        return value is None
    if kind in _LISTS:
        return isinstance(value, Iterable)
    return kind in {cls.__name__ for cls in type(value).__mro__}


def _wanted(value: object, name: str, kinds: tuple[str, ...]) -> str:
    given = "None" if value is None else f"a {type(value).__name__}"
    words, see = ASKED_OF.get(kinds[0], ("a list", ""))
    return f"is asked of {words}, not of {given} ({name})" + (f": see {see}" if see else "")


def as_numbers(values: object, name: str) -> NDArray[np.float64]:
    """Return an argument as an array of numbers, missing ones as NaN.

    Raises
    ------
    UsageError
        When something in it is no number.

    Examples
    --------
    >>> as_numbers([1, None], "times").tolist()
    [1.0, nan]
    """
    import numpy as np

    try:
        if values is not None:
            return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        pass
    raise UsageError(f"{name} must be numbers, not {values!s:.80}")


def check_confidence(confidence: float) -> None:
    """Refuse a level of an interval that is no share, such as 95.

    Raises
    ------
    UsageError
        When it does not lie between 0 and 1.

    Examples
    --------
    >>> check_confidence(0.95)
    """
    if not 0 < confidence < 1:
        raise UsageError(f"confidence={confidence!r}: use a share between 0 and 1, such as 0.95")
