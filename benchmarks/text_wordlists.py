"""Rebuild the word lists of rupturecode/text/deidentification/data from their sources.

Usage: python benchmarks/text_wordlists.py SPACY_LOOKUPS_DATA NAMES OUT

The first two are the unpacked packages spacy-lookups-data 1.0.5 (MIT, Explosion) and
names 0.3.0 (MIT; its lists are public-domain tables of the US Census of 1990). What is
kept: which words running English writes mostly small (``common_words``) and which it
writes mostly with a capital (``proper_words``), and the census's given names.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
UNSEEN = -25.0
#: Natural logarithms of relative frequency: rarer words are left out.
COMMON_FROM, PROPER_FROM = -17.0, -18.0
#: A capital opens every sentence, so a word counts as proper only beyond this margin.
MARGIN = 0.3


def case_frequencies(source: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Log frequency of each word written small, and written with a capital."""
    with gzip.open(source / "data" / "en_lexeme_prob.json.gz", "rt", encoding="utf-8") as file:
        frequencies = json.load(file)
    small: dict[str, float] = defaultdict(lambda: UNSEEN)
    capital: dict[str, float] = defaultdict(lambda: UNSEEN)
    for word, frequency in frequencies.items():
        if WORD.fullmatch(word):
            key = word.lower()
            if word == key:
                small[key] = frequency
            elif word != word.upper() or len(word) > 2:
                capital[key] = max(capital[key], frequency)
    return small, capital


def write(words: list[str], path: Path) -> None:
    """Write one word per line, the same bytes every time."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write("\n".join(sorted(words)).encode())
    print(f"{path.name}: {len(words)} words, {path.stat().st_size / 1000:.0f} kB")


def main(lookups: Path, names: Path, out: Path) -> None:
    """Derive and write the three lists."""
    small, capital = case_frequencies(lookups)
    common = [w for w, f in small.items() if f > COMMON_FROM and f >= capital[w] - MARGIN]
    proper = [w for w, f in list(capital.items()) if f > PROPER_FROM and f > small[w] + MARGIN]
    given = set()
    for table in ("dist.female.first", "dist.male.first"):
        lines = (names / table).read_text(encoding="ascii").splitlines()
        given |= {line.split()[0].lower() for line in lines}
    write(common, out / "common_words.txt.gz")
    write(proper, out / "proper_words.txt.gz")
    write(list(given), out / "given_names_census.txt.gz")


if __name__ == "__main__":
    main(*(Path(a) for a in sys.argv[1:4]))
