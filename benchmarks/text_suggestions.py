"""Macro-F1 on AnnoMI beside plain TF-IDF with logistic regression, in one run.

Usage: python benchmarks/text_suggestions.py AnnoMI-full.csv [--nested]

Five folds that never divide a conversation; all models see only the therapist's (the
client's) turns of a fold. "ours" has the library's fixed input and cost, which were settled
after trying about a dozen on these very folds: read it as slightly flattered. With
``--nested`` the weight of letters and the cost are chosen inside each training part (three
folds, again whole conversations), so no test fold has a say in them; it takes minutes.
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import product
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from rupturecode.text.vectors import Prepared, TurnVectorizer, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TASKS = {"main_therapist_behaviour": "therapist", "client_talk_type": "client"}
WORDS = r"(?u)\b\w+\b|[?]"
#: Weight of letter sequences, and cost: what the training part chooses from.
CHOICES = tuple(product((0.0, 0.5, 1.0), (0.05, 0.1)))


def load(path: str) -> tuple[pd.DataFrame, Prepared]:
    """Load the first coding of every utterance, and its turns ready to be vectorised."""
    frame = pd.read_csv(path).drop_duplicates(["transcript_id", "utterance_id"])
    frame = frame.reset_index(drop=True)
    turns = pd.DataFrame(
        {
            "session": frame["transcript_id"].astype(str),
            "turn": frame.groupby("transcript_id").cumcount() + 1,
            "speaker": frame["interlocutor"],
            "role": frame["interlocutor"],
            "text": frame["utterance_text"],
        }
    )
    return frame, prepare(turns)


def nested(
    data: Prepared, truth: np.ndarray, groups: np.ndarray, train: np.ndarray, test: np.ndarray
) -> np.ndarray:
    """Choose inside the training part, then predict the test part."""
    inner: dict[tuple[float, float], list[float]] = {choice: [] for choice in CHOICES}
    for a, b in GroupKFold(3).split(train, groups=groups[train]):
        for letters, cost in CHOICES:
            seen, unseen = vectorised(data, train[a], train[b], letters)
            guess = fitted(seen, truth[train[a]], cost).predict(unseen)
            inner[letters, cost].append(f1_score(truth[train[b]], guess, average="macro"))
    letters, cost = max(CHOICES, key=lambda choice: np.mean(inner[choice]))
    seen, unseen = vectorised(data, train, test, letters)
    return fitted(seen, truth[train], cost).predict(unseen)


def ours(data: Prepared, truth: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Predict the test part with the library's own input and cost."""
    seen, unseen = vectorised(data, train, test, 0.0)
    return fitted(seen, truth[train], 0.1).predict(unseen)


def vectorised(
    data: Prepared, train: np.ndarray, test: np.ndarray, letters: float
) -> tuple[csr_matrix, csr_matrix]:
    """Vectorise both parts; the vocabulary comes from the first alone."""
    vectorizer = TurnVectorizer(letters=letters).fit(data, train)
    return vectorizer.transform(data, train), vectorizer.transform(data, test)


def fitted(rows: csr_matrix, truth: np.ndarray, cost: float) -> LinearSVC:
    """One linear model per value, the highest margin wins."""
    return LinearSVC(C=cost, class_weight="balanced", random_state=0).fit(rows, truth)


def plain(texts: np.ndarray, truth: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """TF-IDF of words, question marks and pairs of them, with logistic regression."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    words.set_params(token_pattern=WORDS)
    model = make_pipeline(words, LogisticRegression(class_weight="balanced", max_iter=1000))
    return model.fit(texts[train], truth[train]).predict(texts[test])


def main() -> None:
    """Print macro-F1, kappa and seconds of both models on both tasks."""
    start = perf_counter()
    frame, data = load(sys.argv[1])
    print(f"features of {len(frame)} turns: {perf_counter() - start:.1f} s")
    groups = frame["transcript_id"].to_numpy()
    for task, role in TASKS.items():
        truth = frame[task].to_numpy(dtype=str)
        at = np.flatnonzero(frame["interlocutor"] == role)
        models: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
            "plain": partial(plain, data.texts, truth),
            "ours": partial(ours, data, truth),
        }
        if "--nested" in sys.argv:
            models["nested"] = partial(nested, data, truth, groups)
        guesses = {name: np.empty(len(frame), dtype=object) for name in models}
        seconds = dict.fromkeys(models, 0.0)
        for a, b in GroupKFold(5).split(at, groups=groups[at]):
            train, test = at[a], at[b]
            for name, model in models.items():
                start = process_time()
                guesses[name][test] = model(train, test)
                seconds[name] += process_time() - start
        for name, guess in guesses.items():
            said = guess[at].astype(str)
            f1 = f1_score(truth[at], said, average="macro")
            kappa = cohen_kappa_score(truth[at], said)
            took = f"{seconds[name]:.1f} s"
            print(f"{task:26} {name:6} macro-F1 {f1:.3f}  kappa {kappa:.3f}  {took}")


if __name__ == "__main__":
    main()
