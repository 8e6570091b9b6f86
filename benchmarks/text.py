"""Speed of cue spotting beside SpanRuler, ``re`` and an Aho-Corasick library, in one run.

Usage: python benchmarks/text.py [TURNS]     (4,000 unless given; 100,000 is the full run)

Turns are invented: common English words, sixteen to a turn, with cues strewn in. There are
200 literal cues and 100 with a gap of up to three words, under three codes. Seconds are of the
processor, so that a busy machine changes little. SpanRuler and ours must find the same places
with the same codes; install pyahocorasick or ahocorasick-rs to see its line. Last, the whole of
``find_cues`` is run with one process and with two, in turns, three times: the least time by the
clock of each, and the processor time of all their processes together. The clock says something
on an idle machine alone; how busy this one is stands beside it.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import resource
import sys
from importlib.resources import files
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import pandas as pd
import spacy

from rupturecode.text.cue_patterns import parse_cue
from rupturecode.text.cues import CueSpotter, find_cues
from rupturecode.text.pipelines import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS_A_TURN = 16


def invent(n_turns: int, seed: int = 0) -> tuple[list[str], list[str], list[str]]:
    """Make turns, literal cues and cues with a gap."""
    draw = random.Random(seed)
    data = files("rupturecode.text.deidentification") / "data" / "common_words.txt.gz"
    words = [w for w in gzip.decompress(data.read_bytes()).decode().split() if w.isalpha()]
    frequent = draw.sample(words, 3000)
    weights = [1 / (rank + 3) for rank in range(len(frequent))]

    def some(k: int) -> list[str]:
        return draw.choices(frequent, weights, k=k)

    literal = sorted({" ".join(some(draw.choice((2, 3)))) for _ in range(230)})[:200]
    gaps = sorted({" ... ".join(some(2)) for _ in range(130)})[:100]
    turns = []
    for _ in range(n_turns):
        turn = some(WORDS_A_TURN)
        if draw.random() < 0.1:
            turn[5:5] = draw.choice(literal).split()
        if draw.random() < 0.1:
            left, right = draw.choice(gaps).split(" ... ")
            turn[9:9] = [left, *some(draw.choice((0, 1, 2))), right]
        turns.append(" ".join(turn).capitalize() + ".")
    return turns, literal, gaps


Found = set[tuple[int, int, int, str]]
"""Turn, first and past-the-end character, code."""


def coded(cues: list[str]) -> dict[str, list[str]]:
    """Put the cues under three codes."""
    return {"a": cues[:100], "b": cues[100:200], "c": cues[200:]}


def gated(turns: list[str], cues: list[str]) -> Found:
    """Ours: phrases in one pass, other patterns only where all their words are present."""
    nlp = pipeline()
    spotter = CueSpotter(nlp, coded(cues))
    return {
        (i, s.start_char, s.end_char, s.label_)
        for i, text in enumerate(turns)
        for s in spotter.find(nlp.make_doc(text))
    }


def span_ruler(turns: list[str], cues: list[str]) -> Found:
    """Run spaCy's own component with the same token patterns."""
    nlp = spacy.blank("en")
    nlp.tokenizer = pipeline().tokenizer
    ruler = nlp.add_pipe("span_ruler")
    ruler.add_patterns(
        {"label": code, "pattern": parse_cue(nlp, cue)}
        for code, own in coded(cues).items()
        for cue in own
    )
    return {
        (i, s.start_char, s.end_char, s.label_)
        for i, doc in enumerate(nlp.pipe(turns))
        for s in doc.spans["ruler"]
    }


def alternation(turns: list[str], cues: list[str]) -> set[tuple[int, int, int]]:
    """One regular expression with all cues as alternatives (loses what overlaps)."""
    gap = r"(?:\W+\w+){0,3}?\W+"
    forms = [gap.join(re.escape(p) for p in c.split(" ... ")) for c in cues]
    found = re.compile(rf"\b(?:{'|'.join(forms)})\b", re.IGNORECASE)
    return {(i, *m.span()) for i, text in enumerate(turns) for m in found.finditer(text)}


def aho_corasick(turns: list[str], cues: list[str]) -> set[tuple[int, int, int]]:
    """Literal cues only, by whichever library is installed."""
    literal = [c for c in cues if "..." not in c]
    try:
        from ahocorasick_rs import AhoCorasick

        automaton = AhoCorasick(literal)
        return {
            (i, start, end)
            for i, text in enumerate(turns)
            for _, start, end in automaton.find_matches_as_indexes(text.lower(), overlapping=True)
        }
    except ImportError:
        import ahocorasick

        machine = ahocorasick.Automaton()
        for cue in literal:
            machine.add_word(cue, len(cue))
        machine.make_automaton()
        return {
            (i, end - length + 1, end + 1)
            for i, text in enumerate(turns)
            for end, length in machine.iter(text.lower())
        }


def in_processes(turns: list[str], cues: list[str]) -> None:
    """Compare one process with two on the same sessions of a hundred turns."""
    sessions = [f"s{i // 100}" for i in range(len(turns))]
    frame = pd.DataFrame({"session": sessions, "turn": range(1, len(turns) + 1), "text": turns})
    clock: dict[int, list[float]] = {1: [], 2: []}
    busy: dict[int, list[float]] = {1: [], 2: []}
    found = {}
    for workers in (1, 2) * 3:
        start, before = perf_counter(), _processor()
        found[workers] = find_cues(frame, coded(cues), workers=workers)
        clock[workers].append(perf_counter() - start)
        busy[workers].append(_processor() - before)
    for workers, name in ((1, "one process"), (2, "two processes")):
        least = min(clock[workers])
        rate = len(turns) / least
        print(
            f"find_cues, {name:19} {rate:9,.0f} turns/s by the clock ({least:.2f} s; "
            f"{min(busy[workers]):.2f} s of processors)"
        )
    gain = min(clock[1]) / min(clock[2])
    print(
        f"two processes over one: {gain:.2f} times as fast, the same rows: "
        f"{found[1].equals(found[2])}; load of the machine {os.getloadavg()[0]:.1f}"
    )


def _processor() -> float:
    return sum(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def main() -> None:
    """Run all finders on the same turns and print turns per second."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    turns, literal, gaps = invent(n)
    cues = literal + gaps
    for turn in turns:  # every finder meets a tokenizer that knows the words
        pipeline().make_doc(turn)
    seconds: dict[str, float] = {}
    found: dict[str, set[Any]] = {}
    finders: dict[str, Callable[[list[str], list[str]], set[Any]]] = {
        "gated component": gated,
        "SpanRuler, token patterns": span_ruler,
        "re, one alternation": alternation,
        "Aho-Corasick, literals only": aho_corasick,
    }
    for name, finder in finders.items():
        start = process_time()
        try:
            found[name] = finder(turns, cues)
        except ImportError:
            print(f"{name:30} not installed")
            continue
        seconds[name] = process_time() - start
        print(f"{name:30} {n / seconds[name]:9,.0f} turns/s   {len(found[name]):7,} matches")
    ours, theirs = found["gated component"], found["SpanRuler, token patterns"]
    print(f"same matches as SpanRuler: {ours == theirs} ({len(ours ^ theirs)} differ)")
    ratio = seconds["SpanRuler, token patterns"] / seconds["gated component"]
    print(f"gated component over SpanRuler: {ratio:.1f} times as fast")
    in_processes(turns, cues)


if __name__ == "__main__":
    main()
