"""Hunt with atheris, which sees every branch: a tool for developers, not a dependency.

``pip install atheris``, then ``python tests/fuzz/fuzz_atheris.py docx hunt -runs=20000``: the
reader, the folder that ``fuzz_readers.py --folder`` uses, and libFuzzer's own options. Inputs
worth keeping go where that hunt finds them; one that crashes the reader is kept beside them.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["rupturecode"]):
    from hunting import SECONDS_AT_MOST, attempt, seeds

    from rupturecode.io.detect import known_formats

    FORMATS = known_formats("transcript")
    FORMATS[sys.argv[1]].load()  # modules loaded later are not instrumented

from mutations import mutate


def main() -> None:
    """Hunt in one reader until something is found or the runs are used up."""
    name, folder, *options = sys.argv[1:]
    fmt = FORMATS[name]
    pool = seeds(fmt)
    kept, found = Path(folder) / name / "kept", Path(folder) / name / "found"
    for place in (kept, found):
        place.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(pool):
        (kept / f"seed_{number}").write_bytes(data)

    def change(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.2:
            return bytes(atheris.Mutate(data, most))
        return mutate(data or pool[0], pool, rng)[:most]

    limits = [f"-timeout={SECONDS_AT_MOST}", "-rss_limit_mb=3000", f"-artifact_prefix={found}/"]
    arguments = [sys.argv[0], *limits, *options, str(kept)]
    atheris.Setup(arguments, lambda data: attempt(fmt, data), custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
