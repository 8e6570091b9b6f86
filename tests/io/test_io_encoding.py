"""Every common encoding is recognised, and what cannot be told is asked for."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rupturecode.errors import ParseError, UsageError
from rupturecode.io.parsers.encoding import decode, lines_of
from rupturecode.io.parsers.preview import preview

GERMAN = "T: Wie geht’s Ihnen?\nC: Schön … ich weiß nicht, „müde“ – größer.\n"
FRENCH = "T: Ça va ?\nC: Où étiez-vous l’été passé, à la fenêtre ?\n"
HEBREW = "T: מה שלומך?\nC: בסדר, תודה.\n"
CHINESE = "T: 你今天感觉怎么样？\nC: 我觉得有点累，不想说话。\n"


@pytest.mark.parametrize("text", [GERMAN, FRENCH, HEBREW, CHINESE])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
    ],
)
def test_unicode(text, encoding, mark):
    found = decode(mark + text.encode(encoding), source="x")
    assert (found.text, found.encoding, found.bom) == (text, encoding, bool(mark))
    assert preview(mark + text.encode(encoding)) == text


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("size", [16, 32])
def test_a_named_encoding_takes_the_byte_order_from_the_mark(size, order):
    """A file in the other byte order, read as ``utf-16``, came out as signs of other scripts."""
    data = ("\ufeff" + GERMAN).encode(f"utf-{size}-{order}")
    for name in (f"utf-{size}", f"utf-{size}-{order}", f"UTF{size}"):
        found = decode(data, source="x", encoding=name)
        assert (found.text, found.encoding, found.bom) == (GERMAN, f"utf-{size}-{order}", True)


def test_what_a_named_encoding_cannot_hold_is_told_with_its_line():
    text = "T: \u0a0d\u0a0a\nC: a\ud800b\n"
    with pytest.raises(ParseError, match=r"^x:2: byte 00 is not possible in utf-16-le"):
        decode(text.encode("utf-16-le", "surrogatepass"), source="x", encoding="utf-16-le")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_without_end_is_refused_before_it_is_read(encoding):
    start = time.process_time()
    talk = "T: Hello.\n" * 3 + "C: Hm, I do not know. " * 1_000_000
    with pytest.raises(ParseError, match=r"x:\d: a line of more than 5,000,000 bytes"):
        lines_of(talk.encode(encoding), source="x")
    assert time.process_time() - start < 2


def test_long_lines_that_a_turn_may_have_are_read():
    talk = "T: Hello.\r" + "C: " + "so " * 300_000 + "\rT: " + "ж" * 900_000 + "\r"
    assert list(lines_of(talk.encode(), source="x")) == talk.split("\r")


def test_utf16_without_a_mark_is_noted():
    found = decode(GERMAN.encode("utf-16-le"), source="x")
    assert found.text == GERMAN
    assert "no byte order mark" in found.notes[0]


@pytest.mark.parametrize("text", [GERMAN, FRENCH])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_western_eight_bit_is_told_apart_and_noted(text, encoding):
    found = decode(text.encode(encoding), source="x")
    assert (found.text, found.encoding) == (text, encoding)
    assert f"not Unicode: read as {encoding}" in found.info["warnings"][0]


@pytest.mark.parametrize(
    "said",
    [
        "I don’t know",
        "I’m fine",
        "We’re late",
        "Jane’s",
        "the clients’ house",
        "‘so’ he said",
        "She said “so” and left",
        "“No.”",
        "l’autre",
        "qu’elle dit",
        "O’Brien",
        "I – well",
        "and then —",
        "und dann – ja",
        "„so“ sagte er",
        "ich hab’ ja",
        "goin’ home",
        "„das sagt meine Mutter immer wieder zu mir“",
    ],
)
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_signs_alone_tell_the_encoding_by_their_places(said, encoding):
    """Windows writes them without being asked, and English text often has no other signs."""
    assert decode(f"T: So?\nC: {said}\n".encode(encoding), source="x").encoding == encoding


@pytest.mark.parametrize("said", ["así es mi país", "mi tía habló", "el día"])
def test_letters_where_a_sign_could_stand_are_not_guessed(said):
    with pytest.raises(ParseError, match="cannot be told; name it"):
        decode(f"T: So?\nC: {said}\n".encode("mac_roman"), source="x")


@pytest.mark.parametrize("said", ["la canción", "sì, così", "mañana, mi tía habló"])
def test_letters_where_no_sign_can_stand_are_letters(said):
    talk = f"T: So?\nC: {said}\n"
    assert decode(talk.encode("mac_roman"), source="x").text == talk


def test_dashes_between_words_are_dashes_in_english():
    talk = "T: What was it?\nC: So—you know—that is the end of it.\n"
    assert decode(talk.encode("cp1252"), source="x").text == talk
    assert decode(talk.encode("mac_roman"), source="x").text == talk


def test_chinese():
    assert decode(CHINESE.encode("gb2312"), source="x").text == CHINESE


@pytest.mark.parametrize("encoding", ["cp1255", "iso8859-8"])
def test_other_scripts_must_be_named(encoding):
    data = HEBREW.encode(encoding)
    with pytest.raises(ParseError, match="neither Unicode nor Western European; name it"):
        decode(data, source="x")
    assert decode(data, source="x", encoding=encoding).text == HEBREW


def test_a_tie_is_not_guessed():
    with pytest.raises(ParseError, match="cannot be told"):
        decode(b"C: \xa9", source="x")


def test_the_named_encoding_must_exist_and_fit():
    with pytest.raises(UsageError, match="no text encoding 'klingon'"):
        decode(b"x", source="x", encoding="klingon")
    with pytest.raises(ParseError, match="x:2: byte e9 is not possible in utf-8"):
        decode(b"ok\ncaf\xe9 noir", source="x", encoding="utf-8")


def test_a_named_encoding_drops_only_its_own_mark():
    assert decode(b"\xef\xbb\xbfC: hm", source="x", encoding="utf-8").text == "C: hm"
    assert decode("C: hm".encode("utf-16"), source="x", encoding="utf-16").text == "C: hm"


def test_one_damaged_byte_does_not_turn_utf8_into_something_else():
    data = (HEBREW * 5).encode() + b"\xff" + HEBREW.encode()
    found = decode(data, source="x")
    assert found.text == HEBREW * 5 + "\ufffd" + HEBREW
    assert "damaged utf-8: 1 lost" in found.notes[0]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"text\nthen \0\0\x01 bytes"])
def test_binary_is_refused(data):
    with pytest.raises(ParseError, match="not a text file"):
        decode(data, source="x")


@pytest.mark.parametrize(
    ("data", "newline"),
    [
        (b"a\nb", "lf"),
        (b"a\r\nb", "crlf"),
        (b"a\rb", "cr"),
        (b"a\r\nb\n", "mixed"),
        (b"a\r\nb\r\r\n", "mixed"),
        (b"a", ""),
    ],
)
def test_line_endings_are_unified_and_named(data, newline):
    found = decode(data, source="x")
    assert found.newline == newline
    assert found.text.startswith("a\nb" if newline else "a")
    assert "\r" not in found.text


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused_in_our_words(data):
    preview(data)
    try:
        found = decode(data, source="x")
    except ParseError:
        return
    assert "\r" not in found.text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf8_is_always_recovered(text):
    assert decode(codecs.BOM_UTF8 + text.encode(), source="x").text == text


def test_an_endless_line_is_refused_before_it_takes_memory():
    line = b"T: " + b"word " * (2 << 20)
    for newline in (b"\n", b"\r"):
        with pytest.raises(ParseError, match=r"big.txt:\d: a line of more than 5,000,000 bytes"):
            lines_of(b"C: Fine." + newline + line, source="big.txt")
        many = newline.join([b"C: " + b"word " * 1000] * 1500)
        assert len(many) > 7 << 20
        assert next(iter(lines_of(many, source="many.txt"))).startswith("C: word")
