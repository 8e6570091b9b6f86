"""The session strip draws what its table says, and the table says what coders gave."""

from __future__ import annotations

import pandas as pd
import pytest

from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.plots import ONE_COLUMN, alt_text, paper, timeline, timeline_table
from rupturecode.plots.style import FAMILIES, new_figure
from rupturecode.sequences.episodes import episodes
from rupturecode.sequences.rule import EpisodeRule
from rupturecode.study import example_study, open_study
from rupturecode.transcript import Corpus, Transcript

TURNS = [
    ("T", "Would you try it once more?"),
    ("C", "Fine."),
    ("T", "That sounded tired."),
    ("C", "I do not want to do it at all."),
    ("T", "I pushed. I am sorry."),
    ("C", "Thanks."),
]
BOOK = Codebook.from_dict(
    {
        "id": "tiny",
        "version": "1",
        "title": "Tiny",
        "codes": [
            {"id": "withdrawal", "definition": "moves away", "roles": ["client"]},
            {"id": "confrontation", "definition": "moves against", "roles": ["client"]},
            {"id": "stage", "definition": "of repair", "heading": True},
            {
                "id": "attend",
                "definition": "notices",
                "parent": "stage",
                "label": "Stage 1: attend",
            },
            {"id": "repair", "definition": "mends", "heading": True},
            {"id": "apology", "definition": "says sorry", "parent": "repair"},
            {"id": "dimension", "definition": "of it", "heading": True},
            {"id": "dim_power", "definition": "power", "parent": "dimension"},
            {"id": "weather", "definition": "talk of rain"},
        ],
    }
)
GIVEN = [
    (2, "AK", "withdrawal"),
    (2, "BM", "withdrawal"),
    (3, "AK", "attend"),
    (4, "AK", "confrontation"),
    (4, "AK", "dim_power"),
    (5, "AK", "apology"),
    (5, "BM", "apology"),
    (6, "AK", "weather"),
]


@pytest.fixture
def corpus() -> Corpus:
    rows = pd.DataFrame(TURNS, columns=["speaker", "text"])
    rows["start_ms"] = range(0, 6 * 30_000, 30_000)
    rows["end_ms"] = rows["start_ms"] + 20_000
    roles = {"T": "therapist", "C": "client"}
    talk = Transcript.from_turns("s1", rows, roles=roles)
    untimed = Transcript.from_turns("s2", TURNS, roles=roles)
    return Corpus.from_transcripts([talk, untimed])


@pytest.fixture
def notes(corpus: Corpus) -> Annotations:
    frame = pd.DataFrame(GIVEN, columns=["turn", "coder", "code"]).assign(session="s1")
    coverage = pd.DataFrame(
        [("s1", "turn", 1, 6, "AK"), ("s1", "turn", 1, 5, "BM")],
        columns=["session", "kind", "first_unit", "last_unit", "coder"],
    )
    return Annotations.from_frame(frame, codebook=BOOK, corpus=corpus, coverage=coverage)


def test_table_counts_who_gave_a_code_among_those_who_read_the_turn(notes, corpus) -> None:
    table = timeline_table(notes, corpus, "s1")
    coded = table[table["code"] != ""].set_index("code")
    assert coded["n_given"].to_dict() == {
        "withdrawal": 2,
        "attend": 1,
        "confrontation": 1,
        "dim_power": 1,
        "apology": 2,
        "weather": 1,
    }
    assert coded.loc["confrontation", "n_coders"] == 2
    assert coded.loc["weather", "n_coders"] == 1  # BM stopped after turn 5
    assert table.loc[table["code"] == "", "turn"].tolist() == [1]


def test_families_come_from_the_codebooks_tree_or_from_the_caller(notes, corpus) -> None:
    table = timeline_table(notes, corpus, "s1").set_index("code")
    assert table.loc["attend", "family"] == "stage"
    assert table.loc["apology", "family"] == "repair"
    assert table.loc["weather", "family"] == "other"
    own = timeline_table(notes, corpus, "s1", families={"weather": "response"}).set_index("code")
    assert own.loc["weather", "family"] == "response"
    with pytest.raises(UnknownNameError, match=r"Unknown family 'repairs'\. Did you mean 'repair'"):
        timeline_table(notes, corpus, "s1", families={"weather": "repairs"})


@pytest.mark.parametrize(
    ("by", "lefts", "end"),
    [
        ("turns", [0, 1, 2, 3, 4, 5], 6),
        ("words", [0, 6, 8, 11, 20, 25], 27),
        ("time", [0, 0.5, 1, 1.5, 2, 2.5], 2.5 + 1 / 3),
    ],
)
def test_turns_take_their_places(notes, corpus, by, lefts, end) -> None:
    table = timeline_table(notes, corpus, "s1", by=by).drop_duplicates("turn")
    assert table["left"].tolist() == pytest.approx(lefts)
    assert table["right"].iloc[-1] == pytest.approx(end)


def test_time_needs_times(notes, corpus) -> None:
    with pytest.raises(UsageError, match=r'6 of 6 turns of session .s2. have no times.*by="words"'):
        timeline_table(notes, corpus, "s2", by="time")


def test_unknown_names_are_refused(notes, corpus) -> None:
    with pytest.raises(UnknownNameError, match="s3"):
        timeline(notes, corpus, "s3")
    with pytest.raises(UnknownNameError, match="Did you mean 'withdrawal'"):
        timeline(notes, corpus, "s1", codes=["withdrawl"])
    with pytest.raises(UsageError, match='"words", "time" or "turns"'):
        timeline(notes, corpus, "s1", by="seconds")


def test_rows_are_client_then_speakers_then_the_rest(notes, corpus) -> None:
    ax = timeline(notes, corpus, "s1")
    shown = [label.get_text() for label in ax.get_yticklabels()]
    lanes = [shown.index("C"), shown.index("T")]
    assert shown[:2] == [BOOK["withdrawal"].label, BOOK["confrontation"].label]
    assert lanes == [2, 3]
    assert shown[4:] == [BOOK[c].label for c in ("apology", "attend", "dim_power", "weather")]


def _scatter(ax, y: float):
    return next(c for c in ax.collections if len(c.get_offsets()) and c.get_offsets()[0][1] == y)


def test_marks_are_filled_only_where_all_agree(notes, corpus) -> None:
    ax = timeline(notes, corpus, "s1", by="turns")
    agreed, split = _scatter(ax, 0.0), _scatter(ax, 1.5)
    assert agreed.get_offsets().tolist() == [[1.5, 0.0]]
    blue = tuple(int(FAMILIES["withdrawal"].color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    assert tuple(agreed.get_facecolor()[0][:3]) == pytest.approx(blue)
    assert tuple(split.get_facecolor()[0][:3]) == (1.0, 1.0, 1.0)


def test_turns_nobody_read_are_hatched(notes, corpus) -> None:
    assert not timeline(notes, corpus, "s1").patches
    only = timeline(notes.only(coder="BM"), corpus, "s1", by="turns")
    (hatched,) = only.patches
    assert hatched.get_hatch() == "////"
    assert hatched.get_x() == 5


def test_it_draws_into_axes_of_ones_own_and_tells_what_it_shows(notes, corpus) -> None:
    with paper():
        figure, (ax,) = new_figure(ONE_COLUMN, 60)
    assert timeline(notes, corpus, "s1", width=ONE_COLUMN, ax=ax) is ax
    assert alt_text(figure).startswith("Session s1, 6 turns. Turns coded: ")
    assert f"{BOOK['withdrawal'].label} on 1" in alt_text(figure)


def test_narrow_figures_shorten_labels_unless_told_otherwise(notes, corpus) -> None:
    def named(**options):
        ax = timeline(notes, corpus, "s1", width=ONE_COLUMN, **options)
        return [label.get_text() for label in ax.get_yticklabels()]

    assert "attend" in named()
    assert "noticing" in named(labels={"attend": "noticing"})


def test_a_session_without_codes_shows_who_speaks(notes, corpus) -> None:
    ax = timeline(notes, corpus, "s2")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["C", "T"]
    assert "no codes" in alt_text(ax.figure)


def test_episodes_end_in_the_mark_of_how_they_stood(corpus, notes) -> None:
    rule = EpisodeRule.from_dict({"merge_gap": 0}, BOOK)
    found = episodes(notes.only(coder="AK"), corpus, rule)
    outcomes = found.episodes["session_outcome"].tolist()
    assert outcomes == ["censored_session_end"] * 2
    ax = timeline(notes, corpus, "s1", by="turns", episodes=found)
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert shown[:2] == ["s1-1: censored", "s1-2: censored"]
    bars = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 2.2]
    assert [list(x) for x in bars] == [[1, 6], [3, 6]]
    ends = [line for line in ax.lines if line.get_marker() == ">"]
    assert [line.get_markerfacecolor() for line in ends] == ["white", "white"]


def test_episodes_of_other_sessions_stay_out(corpus, notes) -> None:
    found = episodes(notes.only(coder="AK"), corpus, EpisodeRule.for_codebook(BOOK))
    ax = timeline(notes, corpus, "s2", episodes=found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["C", "T"]


def test_an_episode_is_followed_into_the_contact_that_ends_it() -> None:
    book = Codebook.from_dict(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "codes": [
                {"id": "withdrawal", "definition": "moves away"},
                {"id": "client_accepts_repair", "definition": "accepts"},
            ],
        }
    )
    roles = {"T": "therapist", "C": "client"}
    talks = [Transcript.from_turns(name, TURNS, roles=roles) for name in ("a", "b", "c", "d")]
    order = pd.DataFrame(
        {"session": list("abcd"), "case": ["one", "one", "one", "two"], "position": [1, 2, 3, 1]}
    )
    corpus = Corpus.from_transcripts(talks, sessions=order)
    given = pd.DataFrame(
        [("a", 2, "withdrawal"), ("c", 4, "client_accepts_repair")],
        columns=["session", "turn", "code"],
    ).assign(coder="AK")
    coverage = pd.DataFrame({"session": list("abcd"), "first_unit": 1, "last_unit": 6})
    coverage = coverage.assign(kind="turn", coder="AK")
    notes = Annotations.from_frame(given, codebook=book, corpus=corpus, coverage=coverage)
    rule = EpisodeRule.from_dict({"span": "case"}, book)
    found = episodes(notes, corpus, rule)

    def drawn(session: str) -> tuple[str, list[float], int]:
        ax = timeline(notes, corpus, session, by="turns", episodes=found)
        (bar,) = [line for line in ax.lines if line.get_linewidth() == 2.2]
        marks = [line for line in ax.lines if line.get_marker() in ("o", ">")]
        return ax.get_yticklabels()[0].get_text(), list(bar.get_xdata()), len(marks)

    assert drawn("a") == ("a-1: censored", [1, 6], 1)
    assert drawn("b") == ("a-1: goes on", [0, 6], 0)
    assert drawn("c") == ("a-1: resolved", [0, 4], 1)
    other = timeline(notes, corpus, "d", episodes=found)
    assert [label.get_text() for label in other.get_yticklabels()] == ["C", "T"]


def test_an_episode_that_a_session_left_unresolved_and_a_later_one_took_up_is_so_only_here():
    study = open_study(example_study())
    layer = study.annotations.consensus("majority")
    rule = EpisodeRule.from_dict(study.settings.episodes, study.codebook)
    found = episodes(layer, study.corpus, rule)

    def bar(session: str) -> str:
        ax = timeline(layer, study.corpus, session, episodes=found)
        return ax.get_yticklabels()[0].get_text()

    assert [bar(s) for s in ("A1", "A2", "A4")] == [
        "A1-1: unresolved here", "A1-1: goes on", "A1-1: resolved"
    ]  # fmt: skip
