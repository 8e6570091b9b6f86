"""Invented contacts and codings for the sequences room."""

import pandas as pd

from rupturecode.annotation import Annotations
from rupturecode.transcript import Transcript

ROLES = {"T": "therapist", "C": "client", "S": "supervisor", "P": "partner"}


def contact(name, speakers, **times):
    """A contact whose turns are as many as the letters of ``speakers``."""
    rows = pd.DataFrame(
        {"speaker": list(speakers), "text": [f"words {i}" for i in range(len(speakers))]}
    )
    for column, values in times.items():
        rows[column] = values
    return Transcript.from_turns(name, rows, roles=ROLES)


def coding(corpus, rows, book, *, coverage="whole sessions", links=None, coder="AK"):
    """Rows are (session, turn, code), turn None for the whole session, and a value if any."""
    frame = pd.DataFrame(
        [
            {
                "session": s, "kind": "turn" if t else "session", "unit": t or 1, "code": c,
                "coder": coder, "id": f"{s}-{t}-{c}", "value": value[0] if value else 1.0,
            }
            for s, t, c, *value in rows
        ]
    )  # fmt: skip
    return Annotations.from_frame(
        frame, codebook=book, corpus=corpus, coverage=coverage, links=links, constraints="report"
    )
