"""The drift figure shows the numbers of the result, and marks what signals."""

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

CODERS = ("AK", "BL", "CM")


@pytest.fixture(scope="module")
def found() -> rel.Drift:
    """Three coders; from the seventh session on, CM gives withdrawal too readily."""
    book = Codebook.from_dict(
        {
            "id": "tiny",
            "version": "1",
            "title": "Tiny",
            "codes": [
                {"id": "confrontation", "definition": "moves against"},
                {"id": "withdrawal", "definition": "moves away"},
            ],
        }
    )
    rng = np.random.default_rng(2)
    rows = []
    for s in range(12):
        for turn in range(1, 51):
            truth = rng.random(2) < 0.2
            for coder in CODERS:
                seen = truth ^ (rng.random(2) < 0.04)
                seen[1] |= coder == "CM" and s > 5 and rng.random() < 0.4
                rows += [(f"s{s:02}", turn, coder, book.codes[c].id) for c in np.flatnonzero(seen)]
    marks = pd.DataFrame(rows, columns=["session", "turn", "coder", "code"])
    units = pd.DataFrame(
        [(f"s{s:02}", t) for s in range(12) for t in range(1, 51)], columns=["session", "unit"]
    )
    notes = Annotations.from_frame(marks, codebook=book, units=units, coverage="whole sessions")
    return rel.drift(notes, baseline=6)


def test_a_panel_for_agreement_and_one_for_every_coder(found: rel.Drift) -> None:
    figure = plots.drift(found)
    top, *others = figure.axes
    assert top.get_title(loc="left") == "withdrawal"
    assert [a.get_ylabel().split("\n")[0] for a in others] == list(CODERS)
    own = found.over_time.query("code == 'withdrawal'")
    assert np.allclose(top.lines[0].get_ydata(), own["estimate"])
    assert np.allclose(top.lines[1].get_ydata(), own["moving"])


def test_lines_and_squares_are_the_chart(found: rel.Drift) -> None:
    figure = plots.drift(found, "withdrawal")
    table = plots.drift_table(found, "withdrawal")
    for axes, coder in zip(figure.axes[1:], CODERS, strict=True):
        own = table[table["coder"] == coder]
        by_marker = {line.get_marker(): line for line in axes.lines}
        assert np.allclose(by_marker["o"].get_ydata(), own["value"])
        off = own[own["signal"] != ""]
        assert np.allclose(by_marker["s"].get_ydata(), off["ewma"])
    assert (table.query("coder == 'CM'")["signal"] == "above").any()
    assert style.alt_text(figure).startswith(found.headline())


def test_nothing_falls_off_the_page_and_codes_are_checked(found: rel.Drift) -> None:
    figure = plots.drift(found, width=style.ONE_COLUMN)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    page = figure.bbox.padded(2)
    for axes in figure.axes:
        for text in (axes.yaxis.label, axes.xaxis.label, axes.title):
            box = text.get_window_extent(renderer)
            assert not text.get_text() or (page.x0 <= box.x0 and box.x1 <= page.x1)
    with pytest.raises(UnknownNameError, match="Unknown code in this result 'silence'"):
        plots.drift(found, "silence")
