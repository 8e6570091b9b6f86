"""All formats that come with rupturecode, one line each."""

from __future__ import annotations

from rupturecode.io._formats import Format, register_format

_T = "rupturecode.io.transcripts"

# transcripts: turns in
register_format(
    Format(
        "text",
        "transcript",
        (".txt", ".text", ".md", ".markdown"),
        f"{_T}.text",
        description="plain text or Markdown with speaker labels; Zoom, Otter, Rev, Trint, Descript",
    )
)
register_format(
    Format(
        "csv",
        "transcript",
        (".csv", ".tsv", ".tab"),
        f"{_T}.csv",
        description="table with a row per turn, separated by comma, semicolon, tab or bar",
    )
)

# annotations: codings in and out

# codebooks
