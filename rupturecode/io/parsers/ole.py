"""Old and locked Office files, recognised by their container and refused with advice."""

from __future__ import annotations

from rupturecode.errors import ParseError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOK = 4 << 20


def refuse_ole(data: bytes, source: str) -> None:
    """Raise when a file is in the container of old or password-protected Office files.

    Raises
    ------
    ParseError
        Saying how to save it so that it can be read.
    """
    if not data.startswith(MAGIC):
        return
    names = data[:_LOOK] + data[-_LOOK:]
    if "EncryptedPackage".encode("utf-16-le") in names:
        advice = "is protected by a password; save a copy without one"
    elif "WordDocument".encode("utf-16-le") in names:
        advice = "is in the old Word format (.doc); save it as .docx in Word or LibreOffice"
    elif "Workbook".encode("utf-16-le") in names:
        advice = "is in the old Excel format (.xls); save it as .xlsx or CSV"
    else:
        advice = "is in an old Office format; save it as .docx, .xlsx or text"
    raise ParseError(advice, source)
