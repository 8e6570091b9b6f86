"""The JSON Schema of codebook files, for editors, made from what the loader reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.codebook.schema import BOOK

if TYPE_CHECKING:
    from rupturecode.codebook.spec import Json


def json_schema() -> Json:
    """Return the JSON Schema (draft 2020-12) of a codebook.

    It accepts whatever the loader accepts. What a schema cannot see (names of codes that do
    not exist, duplicate keys, a code that stands under itself) the loader refuses as well.

    Examples
    --------
    >>> json_schema()["required"]
    ['id', 'version', 'title', 'codes']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "rupturecode codebook",
        **BOOK.schema(),
    }


def write_json_schema(path: str | Path) -> None:
    """Write the JSON Schema to a file that an editor can be pointed at."""
    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    Path(path).write_text(text + "\n", encoding="utf-8")
