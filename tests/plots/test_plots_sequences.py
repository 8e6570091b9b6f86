"""Plots of the sequences room: what is drawn is what the result says, in grey as well."""

import numpy as np
import pandas as pd
import pytest

from rupturecode import plots
from rupturecode import sequences as sq
from rupturecode.annotation import Annotations
from rupturecode.codebook import load_codebook
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.plots.style import ONE_COLUMN, TWO_COLUMNS, alt_text
from rupturecode.sequences import EpisodeRule
from rupturecode.transcript import Corpus, Transcript


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(3)
    roles = {"C": "client", "T": "therapist"}
    names = [f"s{i}" for i in range(6)]
    talks = [
        Transcript.from_turns(n, [(w, f"words {i}") for i, w in enumerate("CT" * 20)], roles=roles)
        for n in names
    ]
    meta = pd.DataFrame({"session": names, "case": list("AABBCC"), "position": [1, 2] * 3})
    corpus = Corpus.from_transcripts(talks, sessions=meta)
    client = ["withdrawal", "confrontation", "client_accepts_repair", "stage_explore_meaning"]
    therapist = ["antagonizes", "repair_deep", "stage_attend_marker", "stage_affirm"]
    rows = [
        (n, t, str(rng.choice(client if t % 2 else therapist)))
        for n in names
        for t in range(1, 41)
        if rng.random() < 0.4
    ]
    frame = pd.DataFrame(rows, columns=["session", "turn", "code"]).assign(coder="AK")
    notes = Annotations.from_frame(frame, codebook=load_codebook("ccr"), corpus=corpus,
                                   coverage="whole sessions", constraints="report")  # fmt: skip
    return notes, corpus


@pytest.fixture(scope="module")
def found(study):
    return sq.episodes(*study, EpisodeRule(span="case", merge_gap=4))


def drawn(thing, tmp_path):
    """Save the figure, return it with its pixels in grey."""
    import matplotlib.image

    figure = thing if hasattr(thing, "savefig") else thing.figure
    plots.save(figure, tmp_path / "figure.png")
    pixels = matplotlib.image.imread(tmp_path / "figure.png")[:, :, :3].mean(2)
    assert pixels.min() < 0.2  # ink
    assert (pixels > 0.95).mean() > 0.3  # and paper
    assert ONE_COLUMN <= round(figure.get_figwidth() * 25.4) <= TWO_COLUMNS
    assert alt_text(figure)
    return figure


def test_heat_map_prints_every_count(study, tmp_path):
    codes = ["withdrawal", "confrontation", "antagonizes", "repair_deep"]
    table = sq.transitions(*study, given=codes, target=codes, shuffles=49)
    ax = plots.transitions(table)
    drawn(ax, tmp_path)
    printed = [int(t.get_text()) for t in ax.texts]
    assert printed == table.matrix().to_numpy().ravel().tolist()
    hatched = sum(bool(p.get_hatch()) for p in ax.patches)
    tested = table.cells["z"].notna()
    assert hatched == (tested & (table.cells["expected"] < 5)).sum()
    data = plots.transitions_table(table)
    assert data["count"].tolist() == table.cells["count"].tolist()
    with pytest.raises(UnknownNameError, match="adjusted_residual"):
        plots.transitions(table, value="adjusted_residuals")


def test_network_leaves_out_what_is_weak(tmp_path):
    table = sq.transition_table([list("abab" * 10 + "cacbcc")])
    ax = plots.transition_network(table, threshold=2)
    drawn(ax, tmp_path)
    strong = table.cells[table.cells["z"] >= 2]
    assert len(ax.patches) == len(strong)
    with pytest.raises(UsageError, match="no transition lies"):
        plots.transition_network(table, threshold=99)


def test_survival_curve_has_a_tick_per_censored_wait(found, tmp_path):
    result = sq.repair_time(found)
    figure = drawn(plots.repair_time(result), tmp_path)
    curve, risk = figure.axes
    ticks = [line for line in curve.lines if line.get_marker() == "|"]
    open_ = result.waits["outcome"] != "resolution"
    assert sum(len(line.get_xdata()) for line in ticks) == open_.sum()
    assert int(risk.texts[0].get_text()) == len(result.waits)
    drawn(plots.repair_time(result, kind="incidence"), tmp_path)
    with pytest.raises(UnknownNameError, match="kind of curve"):
        plots.repair_time(result, kind="hazard")


def test_groups_differ_in_more_than_color(found, tmp_path):
    figure = drawn(plots.repair_time(sq.repair_time(found, by="kind")), tmp_path)
    lines = [x for x in figure.axes[0].lines if not str(x.get_label()).startswith("_")]
    dashes = {tuple(x._unscaled_dash_pattern[1] or ()) for x in lines}
    assert len(dashes) == len(lines)


def test_stage_flow_has_arcs_back(study, tmp_path):
    result = sq.stage_paths(*study)
    ax = plots.stage_paths(result)
    drawn(ax, tmp_path)
    table = plots.stage_paths_table(result)
    inner = table[~table["from"].eq("onset") & ~table["to"].eq("end")]
    assert len(ax.patches) == len(inner)
    assert (inner["move"] == "back").any()


def test_trajectory_has_a_panel_per_case(found, tmp_path):
    figure = drawn(plots.trajectory(sq.trajectory(found)), tmp_path)
    assert [a.get_title(loc="left") for a in figure.axes] == ["Case A", "Case B", "Case C"]
    drawn(plots.trajectory(sq.trajectory(found), cases=["B"]), tmp_path)
    with pytest.raises(UsageError, match="no such case: D"):
        plots.trajectory(sq.trajectory(found), cases=["D"])


def test_event_window_has_a_panel_per_code(study, found, tmp_path):
    result = sq.event_window(study[0], found, ["repair_deep", "antagonizes"], before=5, after=9)
    figure = drawn(plots.event_window(result), tmp_path)
    assert len(figure.axes) == 2
