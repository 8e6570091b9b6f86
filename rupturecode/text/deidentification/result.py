"""What de-identification returns: new words, what was replaced, what is left to judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from rupturecode.display import counted
from rupturecode.errors import InvalidDataError, Problem
from rupturecode.result import Result
from rupturecode.text.deidentification.key import Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from rupturecode.text.deidentification.replace import Replaced
    from rupturecode.transcript import Corpus

#: Strict recall (every letter and digit of a marked stretch replaced) on the invented
#: sentences of tests/text/data (deid_own, deid_second, deid_third) that were held back while
#: rules were written, as (found, marked). A test recomputes both.
MEASURED = {"as written": (151, 161), "without capitals": (135, 161)}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Deidentified(Result):
    """A text or corpus with stand-ins, and everything a reviewer needs. Not called safe."""

    main: ClassVar[str] = "replacements"
    text: str | None = None
    """The new text, when a text was given."""
    corpus: Corpus | None = None
    """The new corpus, when a corpus or transcript was given."""
    replacements: pd.DataFrame
    """session, turn, start_char, end_char, new_start_char, new_end_char, kind, rule,
    original, replacement. Holds the original words: keep it with the key."""
    leftovers: pd.DataFrame
    """session, turn, start_char, end_char (in the new text), text, context, reason."""
    key: Key = field(default_factory=Key)
    edits: Mapping[tuple[str, int], Replaced] = field(default_factory=dict)
    """What was done to each turn, by session and turn."""

    def headline(self) -> str:
        """How much was replaced and how much is left to judge."""
        return (
            f"{counted(len(self.replacements), 'stretch', 'stretches')} replaced, "
            f"{len(self.leftovers)} left to judge; "
            "a person must review every turn before anything is shared."
        )

    @property
    def statement(self) -> str:
        """What the risk is that remains, with measured recall and a place to sign."""
        lines = [
            (
                "Residual risk. This text was de-identified with the help of rules and word lists. "
                "It is not certified as anonymous under any law."
            ),
            (
                "Measured on invented English sentences that were held back while the rules were "
                "written:"
            ),
            *(f"- {how}: {_recall(*counts)}" for how, counts in MEASURED.items()),
            (
                "Real sessions differ from these sentences; expect lower recall. Rare events,"
                " places "
                "described without their name, and details that identify only in combination"
                " are not "
                "found at all. A voice identifies its speaker: recordings are not covered."
            ),
            f"In this run: {self.headline()}",
            "Reviewed by: ____________________   Date: ____________   Signature: ______________",
        ]
        return "\n".join(lines)

    def move_offsets(self, annotations: pd.DataFrame) -> pd.DataFrame:
        """Return annotations with character offsets that hold in the new text.

        Parameters
        ----------
        annotations
            Columns session, first_turn (or turn), start_char, end_char and any others; rows
            without offsets stay as they are. A span over several turns also needs last_turn.

        Raises
        ------
        InvalidDataError
            When a row points at a turn that was not part of the corpus.
        """
        out = annotations.copy()
        first = "first_turn" if "first_turn" in out.columns else "turn"
        last = "last_turn" if "last_turn" in out.columns else first
        problems: list[Problem] = []
        for side, (turn, late) in {"start_char": (first, 0), "end_char": (last, 1)}.items():
            moved: list[object] = []
            rows = zip(out["session"], out[turn], out["start_char"], out["end_char"], strict=True)
            for row, (session, number, *offsets) in enumerate(rows, start=1):
                if offsets[late] is None or offsets[late] != offsets[late]:
                    moved.append(None)
                    continue
                try:
                    edit = self.edits[str(session), int(number)]
                except (KeyError, TypeError, ValueError):
                    words = f"row {row}: turn {number} of session {session!r} is not in the corpus"
                    problems.append(Problem(words))
                    moved.append(None)
                    continue
                here = int(offsets[late])
                start = int(offsets[0]) if first == last or not late else here
                moved.append(edit.move(start, here)[late])
            out[side + "_moved"] = moved
        if problems:
            raise InvalidDataError("annotations", problems)
        for side in ("start_char", "end_char"):
            out[side] = out.pop(side + "_moved").astype("Int64")
        return out


def _recall(found: int, marked: int) -> str:
    from scipy.stats import binomtest

    low, high = binomtest(found, marked).proportion_ci(method="wilson")
    return (
        f"{found} of {marked} identifying stretches found whole "
        f"({found / marked:.0%}, 95% interval {low:.0%} to {high:.0%})"
    )
