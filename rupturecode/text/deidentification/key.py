"""The key from stand-ins back to the words: a file of its own that only its owner may read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UsageError

if TYPE_CHECKING:
    import pandas as pd

Rows = tuple[tuple[str, str, str, str], ...]
_FORMAT = "rupturecode key 1"


@dataclass(frozen=True, repr=False)
class Key:
    """Which words each stand-in stands for. Never printed, only written on request."""

    rows: Rows = ()
    """Case, kind of stand-in, original words and replacement."""

    def to_frame(self) -> pd.DataFrame:
        """Return a frame of case, kind, original and replacement."""
        import pandas as pd

        columns = ["case", "kind", "original", "replacement"]
        return pd.DataFrame(list(self.rows), columns=columns, dtype="str")

    def write(self, path: str | Path) -> Path:
        """Write the key to a new file that only its owner may read and write.

        Raises
        ------
        UsageError
            When the file exists: a key is never overwritten.
        """
        target = Path(path)
        content = json.dumps({"format": _FORMAT, "rows": self.rows}, ensure_ascii=False, indent=1)
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(
                f"{target} exists, and a key is never overwritten: choose another name, or pass "
                "the old key to deidentify(key=...) and write to a new file."
            ) from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        return target

    def __repr__(self) -> str:
        return f"Key({len(self.rows)} stand-ins, not shown)"


def read_key(path: str | Path) -> Key:
    """Read a key that :meth:`Key.write` wrote.

    Raises
    ------
    ParseError
        When the file is not such a key.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise ParseError(f"expected a file of format {_FORMAT!r}", str(path))
        rows = tuple((str(a), str(b), str(c), str(d)) for a, b, c, d in content["rows"])
    except (ValueError, KeyError, TypeError) as err:
        if isinstance(err, ParseError):
            raise
        raise ParseError("not a key file written by rupturecode", str(path)) from None
    return Key(rows)
