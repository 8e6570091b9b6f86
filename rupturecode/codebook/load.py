"""Find a codebook by path, bundled id or ``id@version``, and read it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from rupturecode.codebook.build import build
from rupturecode.codebook.tree import decode, parse
from rupturecode.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import pandas as pd

    from rupturecode.codebook.model import Codebook

_CHECKOUT = Path(__file__).parents[2] / "codebooks"


def bundled_folder() -> Traversable:
    """Return the folder of the codebooks that come with rupturecode.

    A wheel holds them inside the package; a checkout beside it.
    """
    installed = files("rupturecode") / "_codebooks"
    return installed if installed.is_dir() else _CHECKOUT


def bundled() -> dict[str, Traversable]:
    """Return the files of the bundled codebooks by id (older versions as ``id@version``).

    Examples
    --------
    >>> "ccr" in bundled()
    True
    """
    found = {
        entry.name.removesuffix(".yaml"): entry
        for entry in bundled_folder().iterdir()
        if entry.name.endswith(".yaml")
    }
    return dict(sorted(found.items()))


def load_codebook(name: str | Path) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    name
        The id of a bundled codebook, ``id@version``, or the path of a YAML file.

    Raises
    ------
    InvalidDataError
        Listing everything that is wrong, with file, line and column.
    UnknownNameError
        When no bundled codebook has the name.
    UsageError
        When the path or the version does not exist.

    Examples
    --------
    >>> load_codebook("ccr")["withdrawal"].label
    'Withdrawal'
    """
    text = str(name)
    looks_like_path = (
        isinstance(name, Path)
        or "/" in text
        or "\\" in text
        or "." in Path(text.partition("@")[0]).name
    )
    if looks_like_path or (Path(text).is_file() and text not in bundled()):
        return _from_path(Path(name))
    return _from_bundle(text)


def _from_path(path: Path) -> Codebook:
    if not path.is_file():
        raise UsageError(f"There is no codebook file {path}.")
    if path.suffix.lower() in (".yaml", ".yml"):
        return read_yaml(path.read_bytes(), source=path.name, path=str(path))
    raise UsageError(
        f"{path.name} is not YAML: rupturecode.load_codebook reads the other formats too."
    )


def _from_bundle(name: str) -> Codebook:
    known = bundled()
    plain, _, version = name.partition("@")
    if plain not in known:
        raise UnknownNameError("codebook", name, known)
    if name in known:
        return _read_bundled(known[name])
    book = _read_bundled(known[plain])
    if book.version != version:
        older = [k.partition("@")[2] for k in known if k.startswith(f"{plain}@")]
        have = ", ".join([*older, book.version])
        raise UsageError(f"Codebook {plain!r} has no version {version!r}. Known: {have}.")
    return book


def _read_bundled(entry: Traversable) -> Codebook:
    return read_yaml(entry.read_bytes(), source=entry.name, path=str(entry))


def read_yaml(data: bytes, *, source: str, path: str = "") -> Codebook:
    """Read a codebook from the bytes of a YAML file.

    Raises
    ------
    InvalidDataError
        Listing everything that is wrong, with file, line and column.
    """
    return build(parse(decode(data, source), source=source), source=source, path=path)


def codebooks() -> pd.DataFrame:
    """Return a frame of the bundled codebooks, one row each.

    Examples
    --------
    >>> "ccr" in set(codebooks()["id"])
    True
    """
    import pandas as pd

    books = [_read_bundled(entry) for entry in bundled().values()]
    rows = [
        {
            "id": book.id,
            "version": book.version,
            "title": book.title,
            "language": book.language,
            "n_codes": sum(not code.heading for code in book),
            "n_unverified": sum(c.status == "unverified" for c in book if not c.heading),
            "n_vignettes": len(book.vignettes),
            "licence": book.licence,
            "citation": book.citation,
            "fingerprint": book.fingerprint,
        }
        for book in books
    ]
    return pd.DataFrame(rows)
