"""Open a ZIP archive without trusting it: bombs, odd paths and passwords are refused.

Nothing is ever written to disk; members are read into memory one at a time, and what has
been read is counted against a budget, whatever the archive declares about itself.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rupturecode.errors import ParseError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 18
_ENCRYPTED = 0x1
#: What the standard library raises on damaged, truncated or unsupported archives.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold.

    ``ratio`` is unpacked over packed size and counts only for members larger than
    ``ratio_from`` bytes: short, very regular files compress well for honest reasons.
    """

    members: int = 20_000
    total: int = 1 << 30
    ratio: int = 200
    ratio_from: int = 8 << 20


@dataclass(slots=True)
class Archive:
    """A checked ZIP archive, held in memory."""

    source: str
    limits: Limits
    _zip: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo]
    _spent: int = field(default=0)

    @property
    def names(self) -> tuple[str, ...]:
        """Member files in the archive's order; folders are left out."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """Unpack one member.

        Raises
        ------
        UnknownNameError
            When there is no such member.
        ParseError
            When the member is damaged or the archive unpacks to more than allowed.
        """
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack one member piece by piece.

        Raises
        ------
        UnknownNameError, ParseError
            As :meth:`read`, when the piece at fault is reached.
        """
        if name not in self._members:
            raise UnknownNameError(f"member of {self.source}", name, self._members)
        for chunk in self._chunks(name):
            self._spent += len(chunk)
            if self._spent > self.limits.total:
                raise ParseError(
                    f"unpacks to more than {self.limits.total:,} bytes (reached in {name!r}); "
                    "unpack it yourself and check what is inside",
                    self.source,
                )
            yield chunk

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._members[name]) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except _DAMAGE as err:
            raise ParseError(f"{name!r} cannot be unpacked: {err}", self.source) from err


def is_zip(head: bytes) -> bool:
    """Whether the first bytes are those of a ZIP archive."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def open_zip(data: bytes, *, source: str, limits: Limits | None = None) -> Archive:
    """Open an archive after looking at its list of members.

    Raises
    ------
    ParseError
        When it is damaged, needs a password, is suspiciously large or dense, or has names
        that point outside it.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> with zipfile.ZipFile(buffer, "w") as z:
    ...     z.writestr("talks/s01.txt", "T: Hello.")
    >>> archive = open_zip(buffer.getvalue(), source="talks.zip")
    >>> archive.names, archive.read("talks/s01.txt")
    (('talks/s01.txt',), b'T: Hello.')
    """
    limits = limits or Limits()
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as err:
        raise ParseError(f"this is not a readable ZIP archive: {err}", source) from err
    infos = opened.infolist()
    if len(infos) > limits.members:
        raise ParseError(f"holds {len(infos):,} files; at most {limits.members:,} are read", source)
    total = sum(info.file_size for info in infos)
    if total > limits.total:
        raise ParseError(
            f"would unpack to {total:,} bytes; at most {limits.total:,} are read", source
        )
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if reason := _refuse(info, members, limits):
            raise ParseError(f"member {info.filename!r} {reason}", source)
        if not info.is_dir():
            members[info.filename] = info
    return Archive(source, limits, opened, members)


def _refuse(info: zipfile.ZipInfo, seen: dict[str, zipfile.ZipInfo], limits: Limits) -> str | None:
    name = info.orig_filename
    if info.flag_bits & _ENCRYPTED:
        return "is protected by a password; save a copy without one"
    if _points_outside(name):
        return "has a name that points outside the archive"
    if info.filename in seen:
        return "is there twice"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link, which is not followed"
    if info.file_size > max(limits.ratio_from, limits.ratio * max(info.compress_size, 1)):
        return f"is packed more than {limits.ratio} times, as in a ZIP bomb"
    return None


def _points_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return "\0" in name or parts[0] == "" or parts[0].endswith(":") or ".." in parts
