"""Every public plot, drawn from the example study: words beside it, a table behind it, uncut."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from html import escape as html_escape
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from rupturecode import plots
from rupturecode.plots import alt_text, paper

SCRIPT = Path(__file__).parents[2] / "docs" / "gallery.py"
NOT_PLOTS = {"alt_text", "paper", "save", "show"}


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("gallery", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["gallery"]


@pytest.fixture(scope="module")
def entries(gallery):
    return list(gallery.entries())


def public_plots() -> set[str]:
    named = {n for n in plots.__all__ if inspect.isfunction(getattr(plots, n))}
    return {n for n in named - NOT_PLOTS if not n.endswith("_table")}


def test_every_public_plot_is_in_the_gallery(entries):
    assert {e.function for e in entries} == public_plots()


@pytest.mark.parametrize("name", sorted(public_plots()))
def test_every_plot_has_its_table_and_takes_a_width(name):
    assert f"{name}_table" in plots.__all__
    assert "width" in inspect.signature(getattr(plots, name)).parameters


def test_each_figure_has_words_and_a_table(entries, gallery):
    for entry in entries:
        figure = entry.figure(gallery.ONE_COLUMN)
        assert isinstance(figure, Figure)
        assert len(alt_text(figure)) > 20, entry.name
        table = entry.table()
        assert isinstance(table, pd.DataFrame)
        assert len(table), entry.name


@pytest.mark.parametrize("size", ["one", "two"])
def test_nothing_is_cut_off_at_the_edges(entries, gallery, size):
    width = gallery.WIDTHS[size]
    for entry in entries:
        figure = entry.figure(width)
        assert figure.get_figwidth() * 25.4 == pytest.approx(width), entry.name
        with paper():
            figure.draw_without_rendering()
        for text in shown_texts(figure):
            box = text.get_window_extent()
            outside = max(-box.x0, -box.y0, box.x1 - figure.bbox.width, box.y1 - figure.bbox.height)
            assert outside < 3, f"{entry.name}: {text.get_text()!r} is cut off by {outside} dots"


def shown_texts(figure):
    """All texts that are drawn; tick labels beyond an axis's limits are not."""
    beyond = set()
    for ax in figure.findobj(Axes):
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(limits)
            for tick in axis.get_major_ticks():
                if not ax.axison or not low <= tick.get_loc() <= high:
                    beyond |= {tick.label1, tick.label2}
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    return [t for t in texts if t not in beyond]


def test_the_page_names_every_picture(gallery, entries, tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "entries", lambda: iter(entries[:1]))
    page = gallery.draw(tmp_path).read_text(encoding="utf-8")
    assert page.count("<img") == page.count("alt=") == 4
    for suffix in ("png", "svg", "pdf"):
        assert (tmp_path / f"agreement_two.{suffix}").stat().st_size > 1000
    assert (tmp_path / "agreement_one_grey.png").is_file()
    assert "<caption" in page


def test_a_figure_shows_itself_with_its_words_and_its_table(entries, gallery):
    entry = entries[0]
    picture = plots.show(entry.figure(gallery.ONE_COLUMN), entry.table())
    html = picture._repr_html_()
    assert f'alt="{html_escape(alt_text(picture.figure))}"' in html
    assert "data:image/png;base64," in html
    assert "<details" in html
    assert "withdrawal" in html.split("<details")[1]
    assert "<details" not in plots.show(picture.figure)._repr_html_()
