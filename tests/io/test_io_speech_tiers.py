"""Tiers of ELAN and Praat: what is speech, and that codes never become speech in silence."""

from __future__ import annotations

import pytest

from rupturecode.errors import ParseError
from rupturecode.io.parsers.speech_tiers import Layer, Piece, sort_tiers
from rupturecode.io.parsers.textgrid import Entry, TextGrid, Tier, write
from rupturecode.io.transcripts import eaf, textgrid

TALK = {
    "T": ["How was it?", "Go on, please."],
    "C": ["I do not want to say.", "It was not good at all."],
}


def elan(tiers: dict[str, list[str]], **attributes: str) -> bytes:
    """Return a file in which the pieces of each tier follow one another, a second each."""
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{i}" TIME_VALUE="{i}000"/>' for i in range(20))
    body = ""
    for shift, (name, texts) in enumerate(tiers.items()):
        pieces = "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}{i}" TIME_SLOT_REF1='
            f'"t{2 * i + shift % 2}" TIME_SLOT_REF2="t{2 * i + 1 + shift % 2}"><ANNOTATION_VALUE>'
            f"{text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            for i, text in enumerate(texts)
        )
        body += f'<TIER TIER_ID="{name}" {attributes.get(name, "")}>{pieces}</TIER>'
    below = attributes.get("below", "")
    return f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{body}{below}</ANNOTATION_DOCUMENT>".encode()


def child(parent: str, texts: list[str]) -> str:
    pieces = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="b{i}" ANNOTATION_REF="{parent}{i}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for i, text in enumerate(texts)
    )
    return f'<TIER TIER_ID="words" PARENT_REF="{parent}">{pieces}</TIER>'


def praat(tiers: dict[str, list[tuple[float, float, str]]]) -> bytes:
    made = [Tier(n, "interval", 0.0, 9.0, tuple(Entry(*p) for p in ps)) for n, ps in tiers.items()]
    return write(TextGrid(0.0, 9.0, tuple(made)))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("rupture_AK", ["withdrawal of the client", "none"]),
        ("3RS notes", ["I am not sure about this one."]),
        ("MyGestures", ["nods", "looks away"]),
        ("AK", ["with drawal", "C", "with drawal", "with drawal", "C", "C"]),
    ],
)
def test_tiers_of_codes_in_elan_are_refused_until_the_tiers_are_named(name, texts):
    data = elan({**TALK, name: texts})
    with pytest.raises(ParseError, match=rf"'{name}' \(perhaps codes.*\{{'tiers': \['T', 'C'\]\}}"):
        eaf.read(data, source="s1.eaf")
    draft = eaf.read(data, source="s1.eaf", tiers=["T", "C"])
    assert sorted(set(draft.speakers)) == ["C", "T"]
    assert f"tiers not read as speech: '{name}'" in draft.info["warnings"]


def test_our_own_codings_and_ratings_in_elan_are_not_read_as_speech():
    codes = {"withdrawal@C_AK": ["mild", "strong"], "level": ["3", "1"], "distance@AK": ["x"]}
    draft = eaf.read(elan({**TALK, **codes}), source="s1.eaf")
    assert sorted(set(draft.speakers)) == ["C", "T"]
    assert draft.info["warnings"] == [
        "tiers not read as speech: 'withdrawal@C_AK', 'level', 'distance@AK'"
    ]


@pytest.mark.parametrize("texts", [["", ""], ["s01.001", "s01.002"], ["s01.001", ""]])
def test_an_elan_tier_without_words_names_the_tiers_below_that_hold_some(texts):
    data = elan({"segments of T": texts}, below=child("segments of T", TALK["T"]))
    with pytest.raises(ParseError, match="no words; those below hold some: 'words'"):
        eaf.read(data, source="s1.eaf")
    assert eaf.read(data, source="s1.eaf", tiers={"words": "T"}).raws == TALK["T"]


def test_several_tiers_of_one_participant_are_told():
    data = elan(
        {"T1": TALK["T"], "T2": ["Well, so it is."]}, T1='PARTICIPANT="T"', T2='PARTICIPANT="T"'
    )
    notes = eaf.read(data, source="s1.eaf").info["warnings"]
    assert notes == ["several tiers were read as speech of 'T': 'T1', 'T2'"]


def test_listeners_short_answers_and_free_talk_are_speech():
    data = elan({"T": ["Mm-hm", "ok", "mm-hm", "yes", "mm-hm", "yes"], "C": TALK["C"]})
    assert "warnings" not in eaf.read(data, source="s1.eaf").info


def test_words_sounds_and_codes_of_praat_are_told():
    data = praat(
        {
            "T": [(0.0, 2.0, "so it was"), (3.0, 4.0, "and you")],
            "T words": [
                *((0.0, 0.5, "so"), (0.5, 1.0, "it"), (1.0, 2.0, "was")),
                *((3.0, 3.5, "and"), (3.5, 4.0, "you")),
            ],
            "rupture": [(0.0, 4.0, "withdrawal")],
            "again": [(0.0, 2.0, "so it was"), (3.0, 4.0, "and you")],
            "german": [(0.0, 2.0, "so war es"), (3.0, 4.0, "und du")],
        }
    )
    draft = textgrid.read(data, source="s1.TextGrid")
    assert len(draft) == 12
    [note] = draft.info["warnings"]
    assert note == (
        "read as speech all the same: tiers that may hold no speech: 'T words', 'again' (words or "
        "sounds of another tier, or no words), 'rupture' (perhaps codes, notes or sounds), 'german' "
        "(goes piece by piece with 'T'). Say which tiers hold speech: options={'tiers': ['T']}"
    )
    assert "warnings" in textgrid.read(data, source="s", tiers=["T"]).info
    assert textgrid.read(data, source="s", tiers=["T"]).raws == ["so it was", "and you"]


def test_a_tier_of_words_alone_is_told():
    words = [(i / 10, (i + 1) / 10, f"w{'abcdefghijkl'[i]}") for i in range(12)]
    notes = textgrid.read(praat({"T": words}), source="s").info["warnings"]
    assert notes == ["each turn of 'T' is a word; merge='same-speaker' joins neighbours"]


def test_many_tiers_take_no_time():
    layers = [Layer(f"a@{i}", [Piece(0, i, "so"), Piece(i, 9, "it")]) for i in range(3000)]
    assert len(sort_tiers(layers).speech) > 2000
