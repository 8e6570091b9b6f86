"""Sentences of speech: nothing lost, hesitations kept whole, interruptions ended."""

from __future__ import annotations

import pandas as pd
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import rupturecode as rc
from rupturecode.transcript import Corpus, Transcript

#: Invented turns; | marks where one sentence ends and the next begins.
GOLD = """\
I was... um, I was going to call you.|But I didn't.
No.|I mean, yes?|I don't know.
Dr. Lund said it was fine.|I wasn't so sure.
So I told him-- |Well, I tried to tell him.
He just... he just looked at me.
You think I'm angry?!|I'm not angry.
It was, like, 3.5 hours.|We waited.
She said, "I can't do this."|And then she left.
Mm-hmm.|Okay.|And how was that?
I thought it was over-|That's when the phone rang.
We went to St. Mary's on Sunday.|It was packed.
Wait.|What?
And I... I couldn't... I don't know... say it.
He is at 5 p.m. usually.|Then I cook.
[sighs] I'm tired.|Really tired.
Why do you ask?|Is it because of... what happened?
I said no -- I always say no -- but he came.
Mrs. Abara and Mr. Lund were there.
It's fine…|Let's move on.
You see, e.g. the form.|I never signed it.
All right.|So, um... where were we?
I can't!|I just can't!
What do you mean, "fine"?|It isn't.
It was him... Or his brother.|I forget.
(laughs) You would say that.|I know.
"""


def gold():
    for line in GOLD.strip().splitlines():
        yield line.replace("|", " ").replace("  ", " "), [s.strip() for s in line.split("|")]


def f1(split):
    hits = made = true = 0
    for text, wanted in gold():
        ours = split(text)
        ends = {text.index(s) + len(s) for s in wanted if s in text}
        got = {b for _, b in ours}
        hits += len(ends & got)
        made += len(got)
        true += len(ends)
    return 2 * hits / (made + true)


def test_better_than_the_stock_sentencizer():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    stock = f1(lambda text: [(s.start_char, s.end_char) for s in nlp(text).sents])
    ours = f1(rc.text.split_sentences)
    assert ours > stock + 0.02
    assert ours > 0.98


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I was... um, tired. You know?", ["I was... um, tired.", "You know?"]),
        ("He said so-- Well, no.", ["He said so--", "Well, no."]),
        ("Dr. Lund came. I left.", ["Dr. Lund came.", "I left."]),
        ("no marks at all", ["no marks at all"]),
        ("...", ["..."]),
        ("  ", []),
        ("你好。你怎么样？", ["你好。", "你怎么样？"]),
        ("It is 3.5 or so. Yes.", ["It is 3.5 or so.", "Yes."]),
    ],
)
def test_examples(text, sentences):
    assert [text[a:b] for a, b in rc.text.split_sentences(text)] == sentences


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("aI .?!-—…\n\"')S,"), max_size=60) | st.text(max_size=60))
def test_every_visible_character_is_in_exactly_one_sentence(text):
    spans = rc.text.split_sentences(text)
    edges = [e for span in spans for e in span]
    assert edges == sorted(edges)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() and a < b for a, b in spans)


def test_a_corpus_gives_a_tidy_frame_and_sentence_units():
    corpus = Corpus.from_transcripts(
        [Transcript.from_turns("s1", [("C", "I was... fine. Really?")])]
    )
    frame = rc.text.sentences(corpus)
    assert frame["text"].tolist() == ["I was... fine.", "Really?"]
    units = corpus.units("sentence", splitter=rc.text.split_sentences)
    assert units["start_char"].tolist() == frame["start_char"].tolist()
    assert rc.text.sentences(corpus.turns.iloc[:0]).empty


@pytest.mark.parametrize("text", ["." * 100_000, "a" * 100_000, "A. " * 33_000, "-- " * 33_000])
def test_hostile_turns_take_bounded_time(text):
    spans = rc.text.split_sentences(text)
    assert isinstance(pd.DataFrame(spans), pd.DataFrame)
