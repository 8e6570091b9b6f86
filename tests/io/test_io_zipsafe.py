"""Archives that are damaged or hostile are refused in words, and cheaply."""

from __future__ import annotations

import io
import zipfile

import pytest

from rupturecode.errors import ParseError, UnknownNameError
from rupturecode.io.parsers.zipsafe import Limits, is_zip, open_zip


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in members:
            z.writestr(name, content)
    return buffer.getvalue()


def test_members_are_listed_without_folders_and_read_back():
    data = packed(("a/", b""), ("a/s01.txt", b"T: Hello."), ("b.txt", b"C: Hi."))
    archive = open_zip(data, source="x.zip")
    assert archive.names == ("a/s01.txt", "b.txt")
    assert archive.read("b.txt") == b"C: Hi."
    assert "b.txt" in archive
    assert "c.txt" not in archive
    with pytest.raises(UnknownNameError, match=r"member of x\.zip .b\.tx.\. Did you mean .b\.txt."):
        archive.read("b.tx")


@pytest.mark.parametrize(
    "name", ["../up.txt", "/etc/x", "a/../../x", "C:/x", "..\\up.txt", "a\\..\\x"]
)
def test_names_that_point_outside_are_refused(name):
    with pytest.raises(ParseError, match="points outside the archive"):
        open_zip(packed((name, b"x")), source="x.zip")


def test_a_link_is_refused():
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(ParseError, match="is a link"):
        open_zip(packed((link, b"/etc/passwd")), source="x.zip")


def test_a_dense_member_is_refused_before_it_is_unpacked():
    with pytest.raises(ParseError, match="more than 200 times, as in a ZIP bomb"):
        open_zip(packed(("bomb", bytes(9 << 20))), source="x.zip")


def test_a_short_dense_member_is_honest():
    archive = open_zip(packed(("empty table", bytes(1 << 20))), source="x.zip")
    assert len(archive.read("empty table")) == 1 << 20


def test_declared_total_is_capped():
    data = packed(("a", b"x" * 600), ("b", b"x" * 600))
    with pytest.raises(ParseError, match="would unpack to 1,200 bytes; at most 1,000"):
        open_zip(data, source="x.zip", limits=Limits(total=1000))


def test_what_is_read_is_capped_even_when_read_again_and_again():
    archive = open_zip(packed(("a", b"x" * 600)), source="x.zip", limits=Limits(total=1000))
    archive.read("a")
    with pytest.raises(ParseError, match="unpacks to more than 1,000 bytes"):
        archive.read("a")


def test_too_many_members_are_refused():
    data = packed(("a", b""), ("b", b""), ("c", b""))
    with pytest.raises(ParseError, match="holds 3 files; at most 2"):
        open_zip(data, source="x.zip", limits=Limits(members=2))


def test_the_same_name_twice_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        z.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            z.writestr("a", b"2")
    with pytest.raises(ParseError, match="'a' is there twice"):
        open_zip(buffer.getvalue(), source="x.zip")


def test_a_password_is_named():
    data = bytearray(packed(("a", b"secret")))
    data[6] |= 1  # the encryption bit in the local header ...
    data[data.index(b"PK\x01\x02") + 8] |= 1  # ... and in the directory
    with pytest.raises(ParseError, match="protected by a password; save a copy without one"):
        open_zip(bytes(data), source="x.zip")


def test_damage_is_named():
    data = packed(("a", b"hello " * 500))
    with pytest.raises(ParseError, match="not a readable ZIP"):
        open_zip(data[: len(data) // 2], source="x.zip")
    broken = bytearray(data)
    broken[40:60] = bytes(20)
    with pytest.raises(ParseError, match="'a' cannot be unpacked"):
        open_zip(bytes(broken), source="x.zip").read("a")


def test_is_zip():
    assert is_zip(packed(("a", b"")))
    assert is_zip(packed())
    assert not is_zip(b"PK, said P.K.")
