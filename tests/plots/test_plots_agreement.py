"""Figures of agreement: what is drawn is what was found, and nothing falls off the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rupturecode import plots
from rupturecode import reliability as rel
from rupturecode.annotation import Annotations
from rupturecode.codebook import Codebook
from rupturecode.errors import UnknownNameError
from rupturecode.plots import style

CODES = ["withdrawal", "confrontation", "repair", "never"]


@pytest.fixture(scope="module")
def notes() -> Annotations:
    book = Codebook.from_dict(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "codes": [{"id": c, "definition": c} for c in CODES],
        }
    )
    rng = np.random.default_rng(1)
    rows = [
        (f"s{s}", turn, coder, code)
        for s in range(6)
        for turn in range(1, 31)
        for code in CODES[:3]
        if rng.random() < 0.2
        for coder in ("AK", "BL", "CM")
        if rng.random() < 0.8
    ]
    marks = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"])
    units = pd.DataFrame(
        [(f"s{s}", t) for s in range(6) for t in range(1, 31)], columns=["session", "unit"]
    )
    return Annotations.from_frame(marks, codebook=book, units=units, coverage="whole sessions")


@pytest.fixture(scope="module")
def found(notes: Annotations) -> rel.Agreement:
    return rel.agreement(notes, codes=CODES)


def texts_of(axes) -> list[str]:
    return [t.get_text() for t in axes.texts]


def outside(figure) -> list[str]:
    """Texts that reach beyond the figure's edge."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    page = figure.bbox.padded(2)
    found = []
    for axes in figure.axes:
        for inner in [axes, *axes.child_axes]:
            labels = [*inner.texts, *inner.get_yticklabels(), inner.xaxis.label, inner.title]
            for text in labels:
                box = text.get_window_extent(renderer)
                if (
                    text.get_text()
                    and text.get_visible()
                    and not (page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0)
                ):
                    found.append(text.get_text())
    return found


def test_the_forest_shows_estimates_intervals_and_prevalence(found: rel.Agreement) -> None:
    axes = plots.agreement(found)
    rows = found.by_code[found.by_code["coefficient"] == "krippendorff_alpha"]
    drawn = axes.lines[0].get_xdata()
    np.testing.assert_allclose(np.sort(drawn), np.sort(rows["estimate"]), equal_nan=True)
    order = rows.sort_values("estimate", na_position="first")["code"]
    labels = [t.get_text() for t in axes.get_yticklabels()]
    assert labels == [f"{c} (180)" for c in order]
    assert "undefined" in texts_of(axes)
    segments = axes.collections[0].get_segments()
    low = rows.set_index("code").loc[order, "low"].dropna()
    np.testing.assert_allclose([s[0][0] for s in segments if len(s) and not np.isnan(s).any()], low)
    side = axes.child_axes[0]
    assert f"{rows['prevalence'].max():.2f}" in texts_of(side)
    assert not outside(axes.figure)
    assert style.alt_text(axes.figure) == found.headline()


def test_two_coefficients_differ_in_color_and_shape(found: rel.Agreement) -> None:
    axes = plots.agreement(
        found, coefficients=["krippendorff_alpha", "gwet_ac"], width=style.TWO_COLUMNS
    )
    first, second = axes.lines[:2]
    assert first.get_color() != second.get_color()
    assert first.get_marker() != second.get_marker()
    names = [t.get_text() for t in axes.get_legend().get_texts()]
    assert names == ["Krippendorff's alpha", "Gwet's AC"]
    with pytest.raises(UnknownNameError, match="coefficient in this result"):
        plots.agreement(found, coefficients=["light_kappa"])
    with pytest.raises(UnknownNameError, match="unit in this result"):
        plots.agreement(found, unit="window")


def test_a_code_is_drawn_at_the_unit_on_which_it_was_rated() -> None:
    book = Codebook.from_dict(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "codes": [
                {"id": "withdrawal", "definition": "w"},
                {"id": "repaired", "definition": "r", "level": ["session"]},
            ],
        }
    )
    units = [
        pd.DataFrame([(f"s{s}", t) for s in range(4) for t in (1, 2)], columns=["session", "unit"]),
        pd.DataFrame({"session": [f"s{s}" for s in range(4)], "unit": 1, "kind": "session"}),
    ]
    rows = [
        (f"s{s}", kind, 1, coder, code)
        for s in (0, 1)
        for kind, code in (("turn", "withdrawal"), ("session", "repaired"))
        for coder in ("AK", "BL")
    ]
    marks = pd.DataFrame(rows, columns=["session", "kind", "unit", "coder", "code"])
    notes = Annotations.from_frame(marks, codebook=book, units=units, coverage=_all_of(units))
    found = rel.agreement(notes, unit=["turn", "session"])
    drawn = plots.agreement_table(found).set_index("code")
    assert drawn.loc["repaired", ["unit", "n_units", "estimate"]].tolist() == ["session", 4, 1]
    assert drawn.loc["withdrawal", ["unit", "n_units"]].tolist() == ["turn", 8]
    labels = [t.get_text() for t in plots.agreement(found, ax=None).get_yticklabels()]
    assert "repaired (4 sessions)" in labels or "withdrawal (8 turns)" in labels
    named = plots.agreement_table(found, unit="turn").set_index("code")
    assert np.isnan(named.loc["repaired", "estimate"])


def _all_of(units: list[pd.DataFrame]) -> pd.DataFrame:
    frames = [
        pd.DataFrame({"session": f["session"], "first_unit": f["unit"], "last_unit": f["unit"]})
        .assign(kind=f.get("kind", "turn"), coder=coder)
        for f in units
        for coder in ("AK", "BL")
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def test_the_confusion_table_shows_its_shares(notes: Annotations) -> None:
    result = rel.confusions(notes)
    axes = plots.confusion(result)
    shares = result.matrix()
    first = f"{shares.iloc[0, 0]:.2f}".removeprefix("0")
    assert texts_of(axes)[0] == first
    assert len(texts_of(axes)) == shares.size
    assert axes.get_yticklabels()[0].get_text().startswith("withdrawal (")
    assert not outside(axes.figure)


def test_pairs_of_coders(found: rel.Agreement) -> None:
    axes = plots.pairwise(found, "withdrawal")
    row = found.by_pair.set_index(["code", "coder_a", "coder_b"]).loc[("withdrawal", "AK", "BL")]
    assert texts_of(axes)[3] == f"{row['kappa']:.2f}".removeprefix("0"), "below the diagonal"
    assert texts_of(axes)[1] == f"{row['positive']:.2f}".removeprefix("0"), "above it"
    assert not outside(axes.figure)
    with pytest.raises(UnknownNameError, match="code in this result"):
        plots.pairwise(found, "withdrawl")


def test_figures_draw_into_given_axes(found: rel.Agreement) -> None:
    with style.paper():
        figure, (left, right) = style.new_figure(style.TWO_COLUMNS, 60, columns=2)
        assert plots.agreement(found, ax=left) is left
        assert plots.pairwise(found, ax=right) is right
    figure.canvas.draw()
