"""The command line: parse, call the public API, print."""

from __future__ import annotations

from rupturecode.cli.app import main

__all__ = ["main"]
