"""The command line, called within the tests' own process."""

from __future__ import annotations

import sys

from rupturecode.cli.app import main


def rupturecode(*words: object) -> int:
    """Run a command; returns the code that the process would end with."""
    before, sys.argv = sys.argv, ["rupturecode", *map(str, words)]
    try:
        main()
    except SystemExit as err:
        return int(err.code or 0)
    finally:
        sys.argv = before
    return 0
