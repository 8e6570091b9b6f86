"""How much is found: on our own sentences, on others', and how much is flagged in plain talk."""

from __future__ import annotations

import re

import pytest
from marked import OWN, SECOND, THIRD, read_marked, strict_recall

from rupturecode.text.deidentification.find import find
from rupturecode.text.deidentification.result import MEASURED

HELD_BACK = [one for path in (OWN, SECOND, THIRD) for one in read_marked(path)[1::2]]


@pytest.mark.parametrize(("path", "n_marked"), [(OWN, 72), (SECOND, 43), (THIRD, 38)])
def test_development_halves(path, n_marked):
    found, marked = strict_recall(read_marked(path)[::2])
    assert marked == n_marked
    assert found >= marked - 1
    found, marked = strict_recall(read_marked(path)[::2], lower=True)
    assert found >= marked - 3


@pytest.mark.parametrize(("how", "lower"), [("as written", False), ("without capitals", True)])
def test_held_back_halves_are_what_the_statement_says(how, lower):
    assert strict_recall(HELD_BACK, lower=lower) == MEASURED[how]


def test_shouted_text_is_found_too():
    sentences = [(text.upper(), spans) for text, spans in read_marked(OWN) if text.isascii()]
    found, marked = strict_recall(sentences)
    assert found / marked > 0.75


def test_sentences_that_others_wrote(shared_data):
    sentences = read_marked(shared_data / "deid" / "dev.txt")
    found, marked = strict_recall(sentences)
    assert found / marked >= 0.98
    found, marked = strict_recall(sentences, lower=True)
    assert found / marked > 0.6


@pytest.mark.parametrize("lower", [False, True])
def test_plain_talk_is_left_alone(annomi_turns, lower):
    words = flagged = 0
    for text in annomi_turns["text"]:
        shown = text.lower() if lower else text
        spans = [m.span() for m in re.finditer(r"\S+", shown)]
        words += len(spans)
        for one in find(shown):
            flagged += sum(a < one.end and b > one.start for a, b in spans)
    assert 1000 * flagged / words <= 10


@pytest.mark.parametrize(
    "text",
    [
        "I will do it, and I hope it may work out.",
        "Well, she said it was a grace period.",
        "On Monday I felt like an American, you know?",
        "We drank Coke at Christmas and I took my Zoloft.",
        "Ninety percent of the time it's fine, five or six days a week.",
        "I-- I-- It's-- it's not like that. Okay? Um, no.",
        "The rating was 7 out of 10, two years ago, and 300 dollars.",
        "may i say something and will you listen for a hundred days",
        "you can call me back later, i work at home and live in fear.",
        "they call me lazy, and the department at work is full of people",
        "i have hope, it was the night of the first fight and the second date",
        "plan b said take one, and i was on the 2nd team for 300 dollars",
        "it is 9 a.m. i.e. too early, and the children's hospital called",
    ],
)
def test_ordinary_words_are_not_flagged(text):
    assert [text[f.start : f.end] for f in find(text)] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It happened on March 3rd, 2019.", "DATE"),
        ("since the 4th of july i cannot sleep", "DATE"),
        ("It was 12/24/2018 when he left.", "DATE"),
        ("Call me on +44 20 7946 0958 tonight.", "PHONE"),
        ("write to jo.b+x@mail.example.org please", "EMAIL"),
        ("it's lee dot park at example dot com", "EMAIL"),
        ("see www.example.org/me for it", "URL"),
        ("My social is 219-09-9999.", "SSN"),
        ("the chart number is 4471820", "MRN"),
        ("My server is 192.168.10.77, I think.", "ID"),
        ("He is 93 years old.", "AGE"),
        ("we live at 12 maple street now", "PLACE"),
        ("I studied at Whitlock College.", "SCHOOL"),
        ("I worked for Brannigan Logistics.", "EMPLOYER"),
        ("J texted me at noon.", "NAME"),
        ("My license plate is 4TRX 118.", "MRN"),
        ("it is 12 rue montcalm, i think", "PLACE"),
        ("I was put up at the Oakmoor hostel.", "EMPLOYER"),
        ("they call him stretch, i think", "NAME"),
        ("then t.j. from work came by", "NAME"),
        ("and k said she would come", "NAME"),
        ("i gave it to mark, he lost it", "NAME"),
        ("come on, bill, you know this", "NAME"),
        ("ask inspector adeyemi about it", "NAME"),
        ("i live in tower hamlets, it is loud", "PLACE"),
        ("i went to the university of ibadan then", "SCHOOL"),
        ("i studied at harrowgate sixth form then", "SCHOOL"),
        ("she works at target, i think", "EMPLOYER"),
        ("he was with the 82nd airborne then", "EMPLOYER"),
        ("it went to calle bravo murillo 118, 3º izquierda, you see", "PLACE"),
        ("We lived at Lindenstraße 27 then.", "PLACE"),
        ("the reference is hb/20417/c, they said", "MRN"),
        ("it was the night of the 11th, i think", "DATE"),
        ("I have not slept since Easter Monday.", "DATE"),
    ],
)
def test_kinds(text, kind):
    assert [f.kind for f in find(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("I work at Wendy's for now.", "Wendy's"),
        ("i was at st vincent's all week", "st vincent's"),
        ("I live at 77 West Elm, you know.", "77 West Elm"),
        ("She moved to New Jersey.", "New Jersey"),
        ("Our pastor is T. D. Larkin.", "T. D. Larkin"),
        ("I was at Google for years.", "Google"),
        ("We met at 3rd and Pike.", "3rd and Pike"),
        ("My anniversary is 6/12, and he forgot.", "6/12"),
        ("The last four of my social are 1120.", "1120"),
        ("It was the 22nd of September.", "the 22nd of September"),
        ("Kevin's not here.", "Kevin"),
        ("Look, Bill, you either stay or go.", "Bill"),
        ("Doc Moreno gave me those.", "Doc Moreno"),
        ("Somebody from Halden's keeps calling.", "Halden's"),
    ],
)
def test_a_finding_covers_the_whole_and_no_more(text, whole):
    assert [text[f.start : f.end] for f in find(text)] == [whole]


def test_a_name_that_is_a_word_needs_a_setting():
    assert [f.kind for f in find("Hope said she would come.")] == ["NAME"]
    assert not find("Hope springs eternal.")
