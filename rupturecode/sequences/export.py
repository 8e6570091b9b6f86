"""Sequences for other programs: GSEQ, TraMineR, and process-mining tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rupturecode.arguments import check_kinds
from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.sequences.case_time import case_time, one_layer
from rupturecode.sequences.coded_pairs import presence
from rupturecode.sequences.encode import Sequences, encode
from rupturecode.sequences.indices import spells
from rupturecode.tables import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rupturecode.annotation import Annotations
    from rupturecode.transcript import Corpus

ON_MULTI = ("error", "priority", "combine")
NONE = "none"


@check_kinds
def code_sequences(
    notes: Annotations,
    codes: Sequence[str],
    *,
    on_multi: str = "priority",
    uncoded: str | None = NONE,
) -> dict[str, list[str]]:
    """Make one code per turn, for methods that need single states.

    Parameters
    ----------
    notes
        A consensus, or one coder's coding.
    codes
        Codes in order of priority; a parent stands for those below it.
    on_multi
        Where a turn carries several: ``"priority"`` takes the first of ``codes``,
        ``"combine"`` joins their names with ``+``, ``"error"`` refuses.
    uncoded
        State of a turn examined with none of the codes; None leaves such turns out.

    Returns
    -------
    Session to list of states. Turns not examined are left out.

    Raises
    ------
    UsageError, UnknownNameError
        For several coders, several codes under ``"error"``, or an unknown option or code.
    """
    one_layer(notes)
    if on_multi not in ON_MULTI:
        raise UnknownNameError("treatment of several codes", on_multi, ON_MULTI)
    data = presence(notes, [notes.codebook[c].id for c in listed(codes)], eligible=False)
    examined = ~np.isnan(data.there).all(axis=0)
    there = np.nan_to_num(data.there) > 0
    if on_multi == "error" and (there.sum(axis=0) > 1).any():
        at = int(np.argmax(there.sum(axis=0) > 1))
        raise UsageError(
            f"turn {data.turn[at]} of session {data.sessions[data.session[at]]} carries several "
            'of the codes: use on_multi="priority" or "combine"'
        )
    out: dict[str, list[str]] = {s: [] for s in data.sessions}
    for t in np.flatnonzero(examined).tolist():
        found = [c for c, yes in zip(data.codes, there[:, t], strict=True) if yes]
        state = ("+".join(found) if on_multi == "combine" else found[0]) if found else uncoded
        if state is not None:
            out[data.sessions[data.session[t]]].append(state)
    return out


def to_sds(sequences: Sequences) -> str:
    """Write event sequences in SDIS/GSEQ syntax (``.sds``).

    Names are made safe for SDIS: letters, digits and underscores.

    References
    ----------
    Bakeman, R. & Quera, V. (2011). Sequential Analysis and Observational Methods, ch. 7.

    Examples
    --------
    >>> print(to_sds({"s1": ["a", "b"], "s2": ["b"]}))
    Event (a b);
    <s1> a b /
    <s2> b /
    """
    data = encode(sequences)
    safe = [_safe(str(x)) for x in data.labels]
    if len(set(safe)) < len(safe):
        raise UsageError("two codes have the same name once made safe for SDIS")
    rows = [
        f"<{_safe(s)}> {' '.join(safe[c] for c in row)} /"
        for s, row in zip(data.sessions, data.rows, strict=True)
    ]
    return "\n".join([f"Event ({' '.join(safe)});", *rows])


def _safe(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "_"


def to_sts(sequences: Sequences) -> pd.DataFrame:
    """Lay out states one column per position, as TraMineR's STS format.

    References
    ----------
    Gabadinho, A. et al. (2011). Journal of Statistical Software 40(4).

    Examples
    --------
    >>> to_sts([["a", "b"], ["b"]]).fillna("").values.tolist()
    [['1', 'a', 'b'], ['2', 'b', '']]
    """
    data = encode(sequences)
    width = int(data.lengths.max(initial=0))
    rows = [
        [s, *(data.labels[c] for c in row), *[None] * (width - len(row))]
        for s, row in zip(data.sessions, data.rows, strict=True)
    ]
    columns = ["session", *(f"t{i}" for i in range(1, width + 1))]
    return pd.DataFrame(rows, columns=columns)


def to_sps(sequences: Sequences) -> pd.DataFrame:
    """Write states with durations, as TraMineR's SPS format.

    Examples
    --------
    >>> to_sps([["a", "a", "b"]])["sequence"].tolist()
    ['(a,2)-(b,1)']
    """
    data = encode(sequences)
    rows = []
    for session, row in zip(data.sessions, data.rows, strict=True):
        states, lasted = spells(row)
        pairs = zip(states.tolist(), lasted.tolist(), strict=True)
        text = "-".join(f"({data.labels[s]},{d})" for s, d in pairs)
        rows.append({"session": session, "sequence": text})
    return pd.DataFrame(rows)


@check_kinds
def event_log(notes: Annotations, corpus: Corpus) -> pd.DataFrame:
    """List codes as an event log for process mining (the columns XES readers expect).

    Parameters
    ----------
    notes, corpus
        One layer of coding, and its transcripts.

    Returns
    -------
    ``case:concept:name`` (the case), ``concept:name`` (the code), ``org:resource`` (the
    role), ``session``, ``turn`` (missing for codes on whole sessions), ``order``.
    """
    events = case_time(notes, corpus).events
    return pd.DataFrame(
        {
            "case:concept:name": events["case"],
            "concept:name": events["code"],
            "org:resource": events["role"],
            "session": events["session"],
            "turn": events["turn"],
            "order": np.arange(1, len(events) + 1),
        }
    )
