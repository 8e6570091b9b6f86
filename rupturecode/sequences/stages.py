"""Paths through the stages of resolution, as they went; no order is imposed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UsageError
from rupturecode.result import Result
from rupturecode.sequences import cautions as words
from rupturecode.sequences.episode_rows import write_set
from rupturecode.sequences.episodes import Episodes, episodes
from rupturecode.sequences.rule import EpisodeRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

Stages = frozenset[int]
MODEL: tuple[tuple[int, ...], ...] = ((1,), (2,), (3, 4), (5, 6))
"""Stages 3 and 4, and 5 and 6, have no order between them; a model is a question, not a norm."""
START, END = "onset", "end"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StagePaths(Result):
    """The path of each episode, and what follows what among stages."""

    main: ClassVar[str] = "paths"

    paths: pd.DataFrame
    steps: pd.DataFrame
    follows: pd.DataFrame
    """Directly-follows graph: from, to, count, probability, kind of move."""
    visits: pd.DataFrame
    """Per stage: episodes that visited it, could have, and the share."""
    cautions: pd.DataFrame

    def headline(self) -> str:
        """How many paths, and how straight."""
        n = int((self.paths["n_steps"] > 0).sum())
        moves = self.paths[["forward", "back"]].sum()
        total = int(moves.sum())
        straight = f"{int(moves['forward'])} of {total} moves forward" if total else "no moves"
        return f"{n} of {len(self.paths)} episodes visited some stage; {straight}."


@check_kinds
def stage_paths(
    notes: Annotations,
    corpus: Corpus,
    rule: EpisodeRule | None = None,
    *,
    model: Sequence[Sequence[int]] | None = None,
) -> StagePaths:
    """Follow every episode through the stages of resolution.

    Parameters
    ----------
    notes, corpus
        As for :func:`episodes`.
    rule
        Default: the codebook's, followed over the whole case, since stages may be spread
        over contacts.
    model
        A named order to compare with: groups of stage numbers, free within a group. Default:
        1, 2, {3,4}, {5,6} for the six stages of ``ccr``, else one after the other.

    Returns
    -------
    ``paths``: per episode the ``path`` (stages on one unit as a set), ``n_steps``,
    ``forward``, ``skip`` (forward moves that leave out a stage in between), ``back``,
    ``repeat``, ``cycles`` (returns to an earlier stage after advancing), ``linearity``
    (forward / (forward + back)), ``order_kept`` (of the pairs of stages that the model
    orders and that both occur, the share first visited in that order), ``missing`` (stages
    of the model that could be seen and were not) and ``unobservable`` (stages done outside
    sessions, where the case holds no such contact). ``follows``: the directly-follows graph.

    Raises
    ------
    UsageError
        As for :func:`episodes`, or when the model names a stage that the rule has not.

    References
    ----------
    Safran & Muran (1996), JCCP 64, 447-458; van der Aalst, W. (2016), Process Mining, ch. 6
    (directly-follows graph). Little support for a fixed order: see Laraway (2015) and later
    task analyses.
    """
    rule = rule or replace(EpisodeRule.for_codebook(notes.codebook), span="case")
    found = episodes(notes, corpus, rule)
    return paths_of(found, model=model)


@check_kinds
def paths_of(found: Episodes, *, model: Sequence[Sequence[int]] | None = None) -> StagePaths:
    """Make stage paths of episodes already found; see :func:`stage_paths`."""
    rule = found.rule
    if not rule.stages:
        raise UsageError("the episode rule names no stages: EpisodeRule(stages=(...))")
    known = range(1, len(rule.stages) + 1)
    if model is None:
        model = MODEL if len(known) == len(EpisodeRule().stages) else [(s,) for s in known]
    groups = tuple(tuple(int(s) for s in g) for g in model)
    if any(s not in known for g in groups for s in g):
        raise UsageError(f"the model names stages other than 1 to {len(rule.stages)}")
    steps = found.stages
    sets = {str(e): [read_set(x) for x in part["stages"]] for e, part in steps.groupby("episode")}
    outside = frozenset(i for i, s in enumerate(rule.stages, start=1) if s in rule.outside)
    hidden = _unobservable(found, outside)
    rows = []
    for row in found.episodes.to_dict("records"):
        path = sets.get(str(row["episode"]), [])
        rows.append(
            {
                "episode": row["episode"], "case": row["case"], "kind": row["kind"],
                "outcome": row["outcome"], "path": " > ".join(map(write_set, path)),
                "n_steps": len(path), **count_moves(path, outside),
                **conformance(path, groups, hidden.get(str(row["case"]), frozenset())),
            }
        )  # fmt: skip
    paths = pd.DataFrame(rows, columns=list(_PATHS)).astype(_PATHS)
    n_cases = found.contacts["case"].nunique()
    lines = (words.few_clusters(n_cases, "cases"), _NO_NORM)
    return StagePaths(
        paths=paths,
        steps=steps,
        follows=directly_follows(list(sets.values()), outside),
        visits=_visits(found, sets, hidden),
        cautions=words.cautions(*lines),
        settings={"rule": rule, "model": groups},
    )


_PATHS = {
    "episode": "str", "case": "str", "kind": "str", "outcome": "str", "path": "str",
    "n_steps": "int64", "forward": "int64", "skip": "int64", "back": "int64", "repeat": "int64",
    "cycles": "int64", "linearity": "float64", "order_kept": "float64", "missing": "str",
    "unobservable": "str",
}  # fmt: skip
_NO_NORM = "An order of stages is described here, not required: paths that go back are findings."


def read_set(text: str) -> Stages:
    """Read what :func:`write_set` wrote.

    Examples
    --------
    >>> sorted(read_set("{3,4}"))
    [3, 4]
    """
    return frozenset(int(x) for x in str(text).strip("{}").split(","))


def move(before: Stages, after: Stages, outside: Stages = frozenset()) -> str:
    """Name a move between steps: forward, skip, back, repeat or both ways.

    What counts is where the stages lie that the second step adds; a step that adds none
    repeats. Stages done outside sessions cannot be skipped within them.

    Examples
    --------
    >>> three, four = frozenset({3}), frozenset({4})
    >>> move(three, four), move(four, three), move(frozenset({1}), four), move(three, three)
    ('forward', 'back', 'skip', 'repeat')
    """
    new = after - before
    if not new:
        return "repeat"
    if min(new) > max(before):
        between = set(range(max(before) + 1, min(new))) - outside
        return "skip" if between else "forward"
    return "back" if max(new) < max(before) else "both"


def count_moves(path: Sequence[Stages], outside: Stages = frozenset()) -> dict[str, object]:
    """Count the moves of a path; a skip is a forward move too.

    Examples
    --------
    >>> moves = count_moves([frozenset({1}), frozenset({3}), frozenset({2})])
    >>> moves["forward"], moves["skip"], moves["back"], moves["linearity"]
    (1, 1, 1, 0.5)
    """
    kinds = [move(a, b, outside) for a, b in pairwise(path)]
    both = kinds.count("both")
    forward = kinds.count("forward") + kinds.count("skip") + both
    back = kinds.count("back") + both
    cycles = sum(
        bool(after & set().union(*path[: i + 1])) and move(before, after) in ("back", "both")
        for i, (before, after) in enumerate(pairwise(path))
    )
    return {
        "forward": forward, "skip": kinds.count("skip"), "back": back,
        "repeat": kinds.count("repeat"), "cycles": cycles,
        "linearity": forward / (forward + back) if forward + back else float("nan"),
    }  # fmt: skip


def conformance(
    path: Sequence[Stages], model: Sequence[Sequence[int]], hidden: Stages
) -> dict[str, object]:
    """Compare a path with a named order of stages.

    Examples
    --------
    >>> conformance([frozenset({3}), frozenset({1})], [(1,), (2,), (3,)], frozenset({2}))
    {'order_kept': 0.0, 'missing': '', 'unobservable': '2'}
    """
    first: dict[int, int] = {}
    for i, step in enumerate(path):
        for stage in step:
            first.setdefault(stage, i)
    kept = ordered = 0
    for earlier, later in combinations(model, 2):
        for a in earlier:
            for b in later:
                if a in first and b in first:
                    ordered += 1
                    kept += first[a] <= first[b]
    wanted = {s for g in model for s in g}
    missing = sorted(wanted - set(first) - hidden)
    unseen = sorted((wanted & hidden) - set(first))
    return {
        "order_kept": kept / ordered if ordered else float("nan"),
        "missing": ", ".join(map(str, missing)),
        "unobservable": ", ".join(map(str, unseen)),
    }


def directly_follows(
    paths: Sequence[Sequence[Stages]], outside: Stages = frozenset()
) -> pd.DataFrame:
    """Count which step directly follows which, with the onset and the end.

    Examples
    --------
    >>> directly_follows([[frozenset({1}), frozenset({3})]])["to"].tolist()
    ['1', '3', 'end']
    """
    counts: dict[tuple[str, str], int] = {}
    kinds: dict[tuple[str, str], str] = {}
    for path in paths:
        names = [START, *map(write_set, path), END]
        for i, (a, b) in enumerate(pairwise(names)):
            counts[a, b] = counts.get((a, b), 0) + 1
            inner = 0 < i < len(path)
            edge = "start" if i == 0 else "end"
            kinds[a, b] = move(path[i - 1], path[i], outside) if inner else edge
    rows = [{"from": a, "to": b, "count": n, "move": kinds[a, b]} for (a, b), n in counts.items()]
    frame = pd.DataFrame(rows, columns=["from", "to", "count", "move"])
    total = frame.groupby("from")["count"].transform("sum")
    frame.insert(3, "probability", frame["count"] / total)
    return frame


def _unobservable(found: Episodes, outside: Stages) -> dict[str, Stages]:
    """Stages done outside sessions, for the cases without any covered contact of that kind."""
    rule, contacts = found.rule, found.contacts
    seen = contacts["covered"] & contacts["kind"].isin(("supervision", "memo", "other"))
    with_one = set(contacts.loc[seen, "case"])
    if rule.span == "session":
        with_one = set()
    return {str(c): frozenset() if c in with_one else outside for c in contacts["case"].unique()}


def _visits(
    found: Episodes, sets: dict[str, list[Stages]], hidden: dict[str, Stages]
) -> pd.DataFrame:
    rows = []
    case = dict(zip(found.episodes["episode"], found.episodes["case"], strict=True))
    for number, code in enumerate(found.rule.stages, start=1):
        visited = {e for e, path in sets.items() if any(number in s for s in path)}
        could = {e for e, c in case.items() if number not in hidden[str(c)]} | visited
        share = len(visited) / len(could) if could else float("nan")
        note = "" if could else "unobservable: no contact of this kind was examined"
        rows.append(
            {"stage": number, "code": code, "episodes": len(visited), "n_units": len(could),
             "share": share, "note": note}
        )  # fmt: skip
    return pd.DataFrame(rows)
