"""All formats that come with rupturecode, one line each."""

from __future__ import annotations

from rupturecode.io._formats import Format, register_format  # noqa: F401

# transcripts: turns in

# annotations: codings in and out

# codebooks
