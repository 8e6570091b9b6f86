"""XML that is broken or hostile is refused in words; nothing is fetched or expanded."""

from __future__ import annotations

import pytest

from rupturecode.errors import ParseError
from rupturecode.io.parsers.xmlsafe import local, parse_xml

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>"""


def test_a_sound_file_is_parsed():
    root = parse_xml(b'<a x="1"><b>hm</b></a>', source="s.xml")
    assert (root.tag, root.get("x"), root[0].text) == ("a", "1", "hm")
    assert parse_xml("<a>ä</a>".encode("utf-16"), source="s.xml").text == "ä"


@pytest.mark.parametrize(
    "data",
    [
        BILLION_LAUGHS,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        b"<!DOCTYPE html><html/>",
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hosts"> %p;]><a/>',
    ],
)
def test_document_types_and_entities_are_refused(data):
    with pytest.raises(ParseError, match="without a DOCTYPE"):
        parse_xml(data, source="s.xml")


def test_an_undeclared_entity_is_malformed():
    with pytest.raises(ParseError, match="undefined entity"):
        parse_xml(b"<a>&x;</a>", source="s.xml")


def test_the_line_and_column_of_an_error_are_shown():
    with pytest.raises(ParseError) as caught:
        parse_xml(b"<a>\n<b>one</b>\n<b>two</c>\n</a>", source="s.xml")
    assert caught.value.line == 3
    assert str(caught.value).splitlines() == [
        "s.xml:3: malformed XML: mismatched tag",
        "    <b>two</c>",
        "            ^",
    ]


def test_an_error_in_one_long_line_carries_only_its_neighbourhood():
    with pytest.raises(ParseError) as caught:
        parse_xml(b"<a>" + b"x" * 100_000 + b"</b>", source="s.xml")
    assert len(caught.value.text) <= 120


@pytest.mark.parametrize(
    "data", [b"", b"T: Hello.", b"<a>", b'<?xml version="1.0" encoding="klingon"?><a/>', b"\0" * 9]
)
def test_what_is_not_xml_is_refused(data):
    with pytest.raises(ParseError, match="malformed XML"):
        parse_xml(data, source="s.xml")


def test_depth_is_bounded():
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    with pytest.raises(ParseError, match="nests more than 200 deep"):
        parse_xml(deep, source="s.xml")


def test_local():
    assert local("{urn:x}p") == "p"
    assert local("p") == "p"
