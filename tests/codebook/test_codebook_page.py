"""The page on codebooks says what is so."""

import re
from pathlib import Path

import pytest

from rupturecode.codebook import bundled, check_codebook, load_codebook
from rupturecode.codebook.load import read_yaml

PAGE = Path(__file__).parents[2] / "docs" / "codebooks.md"
if not PAGE.is_file():
    pytest.skip("the docs are not beside the tests", allow_module_level=True)
TEXT = PAGE.read_text("utf-8")


def test_the_example_is_a_clean_codebook():
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    book = read_yaml(example.encode(), source="my-lab.yaml")
    assert check_codebook(book) == []
    assert book["plain_hedge"].roles == ("client",)


def test_the_table_counts_codes():
    counts = {}
    for names, numbers in re.findall(
        r"^\| (`.*?`) \|.*\| ([0-9, ]+) \|$", TEXT, flags=re.MULTILINE
    ):
        listed = re.findall(r"`(.*?)`", names)
        counts |= dict(zip(listed, map(int, numbers.split(",")), strict=True))
    assert counts == {n: sum(not c.heading for c in load_codebook(n)) for n in bundled()}
