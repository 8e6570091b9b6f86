"""Figures: size in millimetres, bytes that repeat, text for readers who cannot see them."""

from __future__ import annotations

import hashlib

import matplotlib as mpl
import pytest

from rupturecode.errors import UsageError
from rupturecode.plots import style


def test_paper_leaves_the_users_settings_alone() -> None:
    before = mpl.rcParams["font.size"]
    with style.paper():
        assert mpl.rcParams["font.size"] == 7.0
    assert mpl.rcParams["font.size"] == before


def test_a_figure_has_the_width_that_was_asked_for() -> None:
    figure, axes = style.new_figure(style.ONE_COLUMN, 40, rows=2, columns=3)
    assert figure.get_figwidth() * 25.4 == pytest.approx(85)
    assert figure.get_figheight() * 25.4 == pytest.approx(40)
    assert len(axes) == 6


@pytest.mark.parametrize("size", [(0, 10), (10, -1)])
def test_a_figure_of_no_size_is_refused(size: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="positive size in millimetres"):
        style.new_figure(*size)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_series_and_families_differ_without_color() -> None:
    for looks in (list(style.SERIES), list(style.FAMILIES.values())):
        shapes = [(look.marker, look.letter) for look in looks]
        assert len(set(shapes)) == len(shapes)
    letters = [look.letter for look in style.FAMILIES.values()]
    assert len(set(letters)) == len(letters)


def test_marks_stand_out_from_white_paper() -> None:
    for look in style.FAMILIES.values():
        assert 1.05 / (_luminance(look.color) + 0.05) > 2


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes_with_its_words_inside(tmp_path, suffix) -> None:
    digests = set()
    for run in (1, 2):
        with style.paper():
            figure, (ax,) = style.new_figure(60, 40)
            ax.plot([1, 2], [2, 1])
            style.describe(figure, "Two points, falling.")
            path = tmp_path / f"{run}.{suffix}"
            style.save(figure, path)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert b"Two points, falling." in path.read_bytes()


def test_unknown_endings_are_refused(tmp_path) -> None:
    figure, _ = style.new_figure()
    with pytest.raises(UsageError, match=r"\.png, \.svg or \.pdf"):
        style.save(figure, tmp_path / "figure.jpg")


def test_new_axes_or_the_callers_own() -> None:
    figure, (left, right) = style.new_figure(columns=2)
    assert style.axes_for(right) == (figure, right)
    own, ax = style.axes_for(None)
    assert own is not figure
    assert ax not in (left, right)
