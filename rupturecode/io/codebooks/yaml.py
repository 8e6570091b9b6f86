"""A codebook as YAML, its home format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.codebook.dump import to_yaml
from rupturecode.codebook.load import read_yaml

if TYPE_CHECKING:
    from rupturecode.codebook import Codebook

NAME = "yaml"


def sniff(head: bytes, name: str) -> bool:
    """Whether the file is named as YAML and has a key ``codes`` or ``id``."""
    lines = head.decode("utf-8", "replace").splitlines()
    keys = {line.partition(":")[0] for line in lines if line[:1].isalpha()}
    return name.casefold().endswith((".yaml", ".yml")) and bool(keys & {"id", "codes", "version"})


def read(data: bytes, *, source: str) -> Codebook:
    """Read a codebook from YAML.

    Raises
    ------
    InvalidDataError
        Listing everything that is wrong, with line and column.
    """
    return read_yaml(data, source=source)


def write(book: Codebook) -> bytes:
    """Return the codebook as YAML, from which reading gives it back unchanged."""
    return to_yaml(book).encode("utf-8")
