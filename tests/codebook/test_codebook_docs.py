"""The table of constructs in the docs is true."""

import csv
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "build_constructs.py"

if not SCRIPT.is_file():
    pytest.skip("the docs are not beside the tests", allow_module_level=True)
DOCS = runpy.run_path(str(SCRIPT))


def test_the_table_is_up_to_date():
    assert DOCS["PAGE"].read_text("utf-8") == DOCS["table"](), "run docs/build_constructs.py"


def test_every_construct_is_used_somewhere():
    page = DOCS["PAGE"].read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    constructs = list(csv.DictReader(DOCS["CONSTRUCTS"].read_text("utf-8").splitlines()))
    assert [row[0].split("`")[1] for row in rows] == [c["id"] for c in constructs]
    assert all(row[-1].removesuffix(" |").strip() for row in rows)
