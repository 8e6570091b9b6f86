"""Cues of the bundled codebooks: they work, they stay off near misses, they hint at the right code."""

from __future__ import annotations

import re
from functools import cache

import pytest

import rupturecode as rc
from rupturecode.codebook import load_codebook
from rupturecode.text.cues import CueSpotter, cues_of
from rupturecode.transcript import Transcript

BOOKS = ("ccr", "3rs-2015", "3rs-2022", "mco")


@cache
def spotter(book):
    return CueSpotter(rc.text.pipeline(), cues_of(load_codebook(book)))


def codes_in(book, text):
    words = re.sub(r"^[A-Z][\w ()]{0,30}: ", "", text)
    return {s.label_ for s in spotter(book).find(rc.text.pipeline().make_doc(words))}


@pytest.mark.parametrize("book", BOOKS)
def test_cues_stay_off_their_own_near_misses(book):
    wrong = [
        (code.id, one.text)
        for code in load_codebook(book)
        if code.cues
        for one in code.near_misses
        if code.id in codes_in(book, one.text)
    ]
    assert wrong == []


@pytest.mark.parametrize("book", BOOKS)
def test_no_cue_is_given_twice_and_few_are_one_word(book):
    for code in load_codebook(book):
        assert len(set(code.cues)) == len(code.cues)
        assert sum(len(cue.split()) == 1 for cue in code.cues) <= 2, code.id


def test_in_vignettes_a_cue_mostly_hints_at_a_code_the_experts_gave():
    hints = []
    for name in BOOKS:
        book = load_codebook(name)
        for vignette in book.vignettes:
            for turn in vignette.turns:
                given = {c.code for c in turn.codes}
                may = {c for c in codes_in(name, turn.text) if turn.role in book[c].roles}
                hints += [bool({c, *book.descendants(c)} & given) for c in may]
    assert len(hints) >= 8
    assert sum(hints) / len(hints) >= 0.8


SAID = [
    ("withdrawal", "client", "Whatever you say."),
    ("marker_request_other_provider", "client", "Can I talk to your supervisor?"),
    ("marker_ends_contact", "client", "You know what, I'm done here."),
    ("marker_ends_contact", "client", "Fine. We're finished."),
    ("felt_judged_or_attacked", "client", "I felt really judged last time."),
    ("discrimination_disclosure", "client", "They followed me because I'm Black."),
    ("wd_denial", "client", "I'm not mad."),
    ("wd_deferential_appeasing", "client", "You know best."),
    ("cf_complaint_therapist", "client", "You never really listen."),
    ("cf_rejects_intervention", "client", "I won't even try that."),
    ("cf_complaint_activities", "client", "What is this even for?"),
    ("cf_complaint_progress", "client", "Nothing has really changed."),
    ("antagonizes", "therapist", "You have to understand how this works."),
    ("pulls_rank", "therapist", "I've been doing this for twenty years."),
    ("invokes_negative_consequence", "therapist", "I will have to report that."),
    ("puts_onus_on_client", "therapist", "That's up to you."),
    ("defensiveness", "therapist", "I was only trying to help."),
    ("microinvalidation", "therapist", "I don't see color."),
    ("broach_intracounseling", "therapist", "What is it like to tell that to a white woman?"),
    ("accountability_own_contribution", "therapist", "I should have asked you first."),
    ("accountability_own_contribution", "therapist", "I pushed you there."),
    ("apology", "therapist", "I am so sorry that I said it."),
    ("validate_sharing", "therapist", "I'm glad that you told me."),
    ("invite_complaint", "therapist", "Tell me what I got wrong."),
    ("res_invite_feelings", "therapist", "How did that land?"),
    ("res_rationale", "therapist", "I ask that because it may help."),
    ("res_redirect", "therapist", "Let's go back to that."),
]


@pytest.mark.parametrize(("code", "role", "text"), SAID)
def test_a_plain_instance_is_hinted_at(code, role, text):
    talk = Transcript.from_turns("s1", [("A", text)], roles={"A": role})
    found = rc.text.find_cues(talk, load_codebook("ccr"))
    assert code in set(found["code"])


def test_a_code_is_hinted_at_only_in_turns_that_may_be_given_it():
    book = load_codebook("ccr")
    rows = [("A", "I am so sorry that I said it."), ("B", "I am so sorry that I said it.")]
    talk = Transcript.from_turns("s1", rows, roles={"A": "therapist", "B": "client"})
    found = rc.text.find_cues(talk, book)
    assert found.loc[found["code"] == "apology", "turn"].tolist() == [1]
    unknown = Transcript.from_turns("s1", rows)
    assert rc.text.find_cues(unknown, book)["code"].tolist().count("apology") == 2


def test_alternatives_may_be_contractions():
    cues = {"x": ["i'm|we're|she ... done|over"]}
    said = ["I am done.", "we're really over", "she done", "I done", "we over"]
    talk = Transcript.from_turns("s1", [("A", text) for text in said])
    assert rc.text.find_cues(talk, cues)["turn"].tolist() == [1, 2, 3]
