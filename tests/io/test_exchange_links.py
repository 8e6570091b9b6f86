"""Links of the example study, many of them to another session, through files of other tools."""

from __future__ import annotations

from collections import Counter

import pytest

from rupturecode.io import read_annotations, write_annotations
from rupturecode.study import example_study, open_study


@pytest.fixture(scope="module")
def study():
    return open_study(example_study())


def ends(notes) -> Counter:
    table = notes.to_frame().set_index("id")[["session", "coder", "unit", "code"]]
    at = {i: tuple(row) for i, row in zip(table.index, table.to_numpy().tolist(), strict=True)}
    links = notes.links[["from", "to", "relation"]].itertuples(index=False, name=None)
    return Counter((at[a], at[b], said) for a, b, said in links)


@pytest.mark.parametrize("name", ["labelstudio", "qdpx", "convokit"])
def test_links_to_another_session_come_back(study, name, tmp_path):
    notes, corpus = study.annotations, study.corpus
    told = write_annotations(notes, tmp_path / name, format=name, corpus=corpus)
    assert not any("link" in loss for loss in told)
    back = read_annotations(
        tmp_path / name,
        format=name,
        codebook=study.codebook,
        corpus=corpus,
        coverage="whole sessions",
        constraints="report",
    )
    expected = ends(notes)
    assert any(a[0] != b[0] for a, b, _ in expected)
    assert ends(back) == expected
