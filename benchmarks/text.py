"""Speed of cue spotting beside SpanRuler, ``re`` and an Aho-Corasick library, in one run.

Usage: python benchmarks/text.py [TURNS]     (4,000 unless given; 100,000 is the full run)

Turns are invented: common English words, sixteen to a turn, with cues strewn in. There are
200 literal cues and 100 with a gap of up to three words. Seconds are of the processor, so
that a busy machine changes little; of the clock for the shards, whose work is done
elsewhere. SpanRuler and ours must find the same; install pyahocorasick or ahocorasick-rs to
see the last line.
"""

from __future__ import annotations

import gzip
import random
import re
import sys
from importlib.resources import files
from time import perf_counter, process_time

import pandas as pd
import spacy

from rupturecode.text.cue_patterns import parse_cue
from rupturecode.text.cues import CueSpotter, find_cues
from rupturecode.text.pipelines import pipeline

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


def gated(turns: list[str], cues: list[str]) -> set[tuple[int, int, int]]:
    """Ours: phrases in one pass, other patterns only where all their words are present."""
    nlp = pipeline()
    spotter = CueSpotter(nlp, {"cue": cues})
    return {
        (i, s.start_char, s.end_char)
        for i, text in enumerate(turns)
        for s in spotter.find(nlp.make_doc(text))
    }


def span_ruler(turns: list[str], cues: list[str]) -> set[tuple[int, int, int]]:
    """Run spaCy's own component with the same token patterns."""
    nlp = spacy.blank("en")
    nlp.tokenizer = pipeline().tokenizer
    ruler = nlp.add_pipe("span_ruler")
    ruler.add_patterns([{"label": "cue", "pattern": parse_cue(nlp, c)} for c in cues])
    return {
        (i, s.start_char, s.end_char)
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


def sharded(turns: list[str], cues: list[str], workers: int) -> set[tuple[int, int, int]]:
    """Ours in several processes."""
    frame = pd.DataFrame({"session": "s", "turn": range(1, len(turns) + 1), "text": turns})
    found = find_cues(frame, {"cue": cues}, workers=workers)
    rows = found[["turn", "start_char", "end_char"]].to_numpy()
    return {(int(turn) - 1, int(start), int(end)) for turn, start, end in rows}


def main() -> None:
    """Run all finders on the same turns and print turns per second."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    turns, literal, gaps = invent(n)
    cues = literal + gaps
    for turn in turns:  # every finder meets a tokenizer that knows the words
        pipeline().make_doc(turn)
    seconds: dict[str, float] = {}
    found: dict[str, set[tuple[int, int, int]]] = {}
    finders = {
        "gated component": gated,
        "SpanRuler, token patterns": span_ruler,
        "re, one alternation": alternation,
        "two processes, own shards": lambda t, c: sharded(t, c, 2),
        "Aho-Corasick, literals only": aho_corasick,
    }
    for name, finder in finders.items():
        clock = perf_counter if "shards" in name else process_time
        start = clock()
        try:
            found[name] = finder(turns, cues)
        except ImportError:
            print(f"{name:30} not installed")
            continue
        seconds[name] = clock() - start
        print(f"{name:30} {n / seconds[name]:9,.0f} turns/s   {len(found[name]):7,} matches")
    ours, theirs = found["gated component"], found["SpanRuler, token patterns"]
    print(f"same matches as SpanRuler: {ours == theirs} ({len(ours ^ theirs)} differ)")
    ratio = seconds["SpanRuler, token patterns"] / seconds["gated component"]
    print(f"gated component over SpanRuler: {ratio:.1f} times as fast")


if __name__ == "__main__":
    main()
