"""Vignettes of every bundled codebook become a corpus and its gold standard."""

from __future__ import annotations

import pytest

from rupturecode.annotation import vignettes
from rupturecode.codebook import Codebook, codebooks, load_codebook
from rupturecode.errors import UsageError
from rupturecode.reliability.training import training


@pytest.mark.parametrize("name", sorted(set(codebooks()["id"])))
def test_bundled_vignettes(name: str) -> None:
    book = load_codebook(name)
    if not book.vignettes:
        pytest.skip(f"{name} has no vignettes of its own")
    corpus, gold = vignettes(book)
    assert len(corpus) == len(book.vignettes)
    assert gold.layer == "gold"
    wanted = {
        (v.id, n, g.code)
        for v in book.vignettes
        for n, turn in enumerate(v.turns, start=1)
        for g in turn.codes
        if not g.reading
    }
    table = gold.to_frame()
    assert set(table[["session", "unit", "code"]].itertuples(index=False, name=None)) == wanted
    assert set(gold.coverage["session"]) == set(corpus.sessions["session"])


def test_a_trainee_who_codes_like_the_expert_is_perfect() -> None:
    corpus, gold = vignettes(load_codebook("ccr"))
    trainee = gold.replace(
        table=gold.table.assign(coder="AK"), coverage=gold.coverage.assign(coder="AK")
    )
    result = training(trainee, gold, corpus, replicates=50)
    known = result.to_frame().query("n_gold > 0")
    assert (known[["sensitivity", "precision"]] == 1).all().all()
    assert len(result.to_frame("missed")) == 0


def test_a_book_without_vignettes() -> None:
    book = Codebook.from_dict({"id": "t", "version": "1", "title": "T", "codes": [{"id": "a"}]})
    with pytest.raises(UsageError, match="no vignettes"):
        vignettes(book)
