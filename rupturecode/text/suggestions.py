"""Suggestions for codes that earned them: a second look after coding, or a worklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import pandas as pd

from rupturecode.display import counted
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.result import Result
from rupturecode.text.evaluate import SuggestionTest, evaluate_suggestions
from rupturecode.text.linear import fit_code
from rupturecode.text.storage import SuggestionModel, data_hash
from rupturecode.text.targets import Target, case_of_turns, targets
from rupturecode.text.vectors import TurnVectorizer, prepare

if TYPE_CHECKING:
    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

Purpose = Literal["second look", "worklist"]
_LOOK = ["session", "turn", "code", "score", "flagged", "given", "why"]
_LIST = ["place", "session", "expected", "n_turns", "why"]
_METRICS = ["estimate", "low", "high", "prevalence", "gain", "f1", "coder_kappa", "model_kappa"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Suggestions(Result):
    """Turns to look at again, or sessions in the order in which to code them twice.

    Attributes
    ----------
    suggestions
        For a second look: turns the coder has coded where the model disagrees, most
        surprising first. For a worklist: sessions only, so that coders stay blind.
    refused
        The codes that are not suggested, each with its reason.
    evaluation
        The test on unseen cases by which codes earned or lost their suggestions.
    """

    main: ClassVar[str] = "suggestions"
    suggestions: pd.DataFrame
    refused: pd.DataFrame
    evaluation: SuggestionTest
    model: SuggestionModel

    def headline(self) -> str:
        """How many suggestions of how many codes, and how many codes were refused."""
        made, codes = len(self.suggestions), len(self.model.codes)
        refused = counted(len(self.refused), "code")
        return (
            f"{counted(made, 'suggestion')} from {counted(codes, 'code')}; "
            f"{refused} refused{' (see refused)' if len(self.refused) else ''}."
        )


def suggest(
    notes: Annotations,
    corpus: Corpus,
    *,
    coder: str | None = None,
    purpose: Purpose = "second look",
    evaluation: SuggestionTest | None = None,
    seed: int = 0,
) -> Suggestions:
    """Suggest turns or sessions to one coder, for codes that beat the baselines.

    Coders code first. A second look lists only turns that this coder has already coded, and
    scores them with a model that did not see their case. A worklist orders sessions that
    this coder has not coded and others have, or nobody has, by how many codes are expected,
    and names neither turns nor codes.

    Parameters
    ----------
    notes
        Coding by one or more coders (not a consensus).
    corpus
        The transcripts.
    coder
        Who will see the suggestions; may be left out where only one coder has coded, and for
        a second look, which then lists each coder's own turns, with a column ``coder``: part
        it before you hand it out, so that coders stay blind to one another.
    purpose
        ``"second look"`` or ``"worklist"``.
    evaluation
        A result of :func:`evaluate_suggestions` on the same coding, if there is one.
    seed
        For the evaluation, when it has to be run.

    Raises
    ------
    UnknownNameError
        When nobody of that name has coded.
    UsageError
        For an unknown purpose, an evaluation of another codebook, or a worklist of several
        coders for nobody in particular.
    """
    if purpose not in ("second look", "worklist"):
        raise UsageError(f'purpose={purpose!r}; use "second look" or "worklist".')
    chosen = _coders(notes, coder, purpose)
    test = evaluation or evaluate_suggestions(notes, corpus, seed=seed)
    if test.settings["codebook"] != notes.codebook.ref:
        raise UsageError(
            f"The evaluation was made with codebook {test.settings['codebook']}, the coding with "
            f"{notes.codebook.ref}: evaluate again."
        )
    earned = test.by_code.loc[test.by_code["earns"].astype(bool), "code"].tolist()
    refused = test.by_code.loc[~test.by_code["earns"].astype(bool), ["code", "note"]]
    wanted = targets(notes, corpus, earned) if earned else []
    model = _fit(notes, corpus, wanted, test)
    if purpose == "second look":
        looks = {c: _second_look(test, wanted, corpus, notes.coders.index(c)) for c in chosen}
        owned = [look.assign(coder=c)[["coder", *_LOOK]] for c, look in looks.items()]
        rows = pd.concat(owned, ignore_index=True)
    else:
        rows = _worklist(model, notes, corpus, chosen[0])
    return Suggestions(
        suggestions=rows,
        refused=refused.rename(columns={"note": "reason"}).reset_index(drop=True),
        evaluation=test,
        model=model,
        settings={"coder": coder, "purpose": purpose, "seed": seed, **test.settings},
    )


def _coders(notes: Annotations, coder: str | None, purpose: Purpose) -> list[str]:
    """Say for whom suggestions are made."""
    if coder is not None and coder not in notes.coders:
        raise UnknownNameError("coder", coder, notes.coders)
    if coder is None and purpose == "worklist" and len(notes.coders) > 1:
        names = ", ".join(notes.coders)
        raise UsageError(f"A worklist is for one coder: say coder=, one of {names}.")
    return list(notes.coders) if coder is None else [coder]


def _fit(
    notes: Annotations, corpus: Corpus, wanted: list[Target], test: SuggestionTest
) -> SuggestionModel:
    """Models of the codes that earned it, on all that was coded."""
    data, cases = prepare(corpus), case_of_turns(corpus)
    metrics = test.by_code.set_index("code")[_METRICS]
    rated = [~np.isnan(t.share) for t in wanted]
    rows = np.flatnonzero(np.any(rated, axis=0)) if wanted else np.arange(len(cases))
    vectorizer = TurnVectorizer().fit(data, rows)
    codes = {}
    for target, known in zip(wanted, rated, strict=True):
        at = np.flatnonzero(known)
        fitted = fit_code(vectorizer.transform(data, at), target.share[at], cases[at])
        if fitted is not None:
            codes[target.code] = fitted
    about = {
        "codebook": notes.codebook.ref,
        "codebook_fingerprint": notes.codebook.fingerprint,
        "code_fingerprints": {c: notes.codebook[c].fingerprint for c in codes},
        "data": data_hash(corpus.turns[["session", "turn", "text"]], notes.to_frame()),
        "metrics": {c: {k: _plain(v) for k, v in metrics.loc[c].items()} for c in codes},
    }
    return SuggestionModel(vectorizer, codes, about)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _second_look(
    test: SuggestionTest, wanted: list[Target], corpus: Corpus, coder: int
) -> pd.DataFrame:
    """List turns this coder has coded where the out-of-fold flag differs from the coding."""
    turns = corpus.turns[["session", "turn"]]
    parts = []
    for target in wanted:
        own = turns.assign(given=target.given[:, coder]).dropna(subset="given")
        scores = test.scores[test.scores["code"] == target.code].drop(columns="given")
        seen = scores.merge(own, on=["session", "turn"])
        differ = seen[seen["flagged"].astype(float) != seen["given"]].copy()
        differ["why"] = np.where(
            differ["given"] == 0, "not given, yet like turns given it", "given, yet unlike them"
        )
        differ["surprise"] = (differ["score"] - differ["given"]).abs()
        parts.append(differ)
    if not parts:
        return pd.DataFrame(columns=_LOOK)
    rows = pd.concat(parts, ignore_index=True).sort_values(
        "surprise", ascending=False, kind="stable"
    )
    return rows[_LOOK].reset_index(drop=True)


def _worklist(
    model: SuggestionModel, notes: Annotations, corpus: Corpus, coder: str
) -> pd.DataFrame:
    """Sessions this coder has not coded, those with most codes expected first."""
    done = notes.coverage
    own = set(done.loc[done["coder"] == coder, "session"])
    others = set(done["session"]) - own
    scores = model.score(corpus)
    open_ = scores[~scores["session"].isin(own)]
    expected = open_.groupby("session", sort=False)["score"].sum()
    n_turns = corpus.turns.groupby("session", sort=False).size()
    rows = expected.sort_values(ascending=False, kind="stable").rename("expected").reset_index()
    rows["n_turns"] = rows["session"].map(n_turns)
    rows["why"] = np.where(rows["session"].isin(others), "for double coding", "not coded yet")
    rows.insert(0, "place", range(1, len(rows) + 1))
    return rows[_LIST]
