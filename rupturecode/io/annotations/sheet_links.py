"""Links that coders draw on a sheet: the turns that a code answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rupturecode.codebook.rules import sides
from rupturecode.io.annotations.sheet_layout import linked_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook import Codebook
    from rupturecode.io.annotations.gather import Gathered
    from rupturecode.io.annotations.pages import Page
    from rupturecode.io.annotations.sheet_layout import Key

_RELATION = "answers"


@dataclass(frozen=True, slots=True)
class SheetLinks:
    """The codes given on one sheet, ready to be linked."""

    codebook: Codebook
    given: Mapping[int, Mapping[str, str]]
    """Per turn its codes, each with the id of its row."""

    def draw(self, page: Page, column: int, keys: Mapping[int, Key], out: Gathered) -> None:
        """Link the codes of every row to those of the turns that it says they answer."""
        for row, key in keys.items():
            for part in filter(None, (p.strip() for p in page.text(row, column).split(","))):
                fault = self._link(part, key, out)
                if fault:
                    out.problems.append(page.problem(fault, "unknown-link", row, column))

    def _link(self, part: str, key: Key, out: Gathered) -> str:
        """Draw the links of one row to one turn; say what is wrong."""
        if not part.isdigit():
            return f"{part!r} is no turn; write the number of the turn that is answered"
        rules = linked_codes(self.codebook)
        mine = {c: i for c, i in self.given.get(key.unit, {}).items() if c in rules}
        if not mine:
            return f"turn {key.unit} has no code that answers another turn"
        theirs = self.given.get(int(part), {})
        found = 0
        for code, source in mine.items():
            for rule in rules[code]:
                wanted = sides(self.codebook, rule)[1]
                for target in (i for c, i in theirs.items() if c in wanted):
                    found += 1
                    out.links.append(
                        {
                            "session": key.session,
                            "coder": key.coder,
                            "from": source,
                            "to": target,
                            "relation": rule.relation or _RELATION,
                        }
                    )
        return "" if found else f"turn {part} has no code that {' or '.join(mine)} could answer"
