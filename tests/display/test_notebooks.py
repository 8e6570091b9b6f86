"""Notebooks as they lie in the repository: no output, the same bytes for the same story."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def content(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def prose(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in content(path)["cells"] if c["cell_type"] == "markdown"]


def test_there_are_five_stories() -> None:
    assert [p.name[:2] for p in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_nothing_that_was_run_is_saved(path: Path) -> None:
    for cell in content(path)["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_ids_and_kernel_never_change_by_themselves(path: Path) -> None:
    book = content(path)
    ids = [cell["id"] for cell in book["cells"]]
    assert ids == [f"cell-{i:02d}" for i in range(1, len(ids) + 1)]
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert set(book["metadata"]) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_story_opens_with_its_question_and_says_what_to_report(path: Path) -> None:
    texts = prose(path)
    assert "**The question.**" in texts[0]
    ending = "\n".join(texts[-3:])
    assert ending.index("## What to report") < ending.index("## What not to conclude")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_links_between_stories_lead_somewhere(path: Path) -> None:
    for text in prose(path):
        for part in text.split("](")[1:]:
            assert (FOLDER / part.split(")")[0]).is_file()
