"""Turn the public AnnoMI data set into a study folder.

AnnoMI (Wu et al. 2022, ICASSP; 2023, Future Internet 15(3) 110) holds 133 counselling
conversations; seven were coded by ten annotators, the others by one. Each annotator becomes a
coder, each of its behaviour columns a code of a small codebook. Run it as

    python examples/01_annomi_study.py AnnoMI-full.csv annomi-study
    rupturecode run annomi-study

Every utterance and every annotation is accounted for; what could not be kept is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

CODEBOOK = """\
id: annomi
version: "1.0"
title: AnnoMI behaviour codes
language: en
citation: Wu, Z. et al. (2022). Anno-MI, ICASSP, 6177-6181; (2023) Future Internet 15(3), 110.
codes:
  - id: main_therapist_behaviour
    label: Main therapist behaviour
    definition: The one behaviour that this therapist turn is mainly made of.
    roles: [therapist]
    scale: {kind: nominal, categories: [question, reflection, therapist_input, other]}
  - id: client_talk_type
    label: Client talk type
    definition: Whether this client turn speaks for change, against it, or neither.
    roles: [client]
    scale: {kind: nominal, categories: [change, neutral, sustain]}
  - id: question_exists
    label: Question
    definition: The therapist asks something.
    roles: [therapist]
  - id: question_subtype
    label: Kind of question
    definition: Whether the question leaves the answer open.
    roles: [therapist]
    scale: {kind: nominal, categories: [open, closed], absent: none}
  - id: reflection_exists
    label: Reflection
    definition: The therapist says back what the client said or meant.
    roles: [therapist]
  - id: reflection_subtype
    label: Kind of reflection
    definition: Whether the reflection stays with the words or adds meaning.
    roles: [therapist]
    scale: {kind: nominal, categories: [simple, complex], absent: none}
  - id: therapist_input_exists
    label: Therapist input
    definition: The therapist brings in something of their own.
    roles: [therapist]
  - id: therapist_input_subtype
    label: Kind of input
    definition: What the therapist brings in.
    roles: [therapist]
    scale:
      kind: nominal
      categories: [information, advice, negotiation, options]
      absent: none
"""

STUDY = """\
title = "AnnoMI"
codebook = "annomi.yaml"
unit = "turn"
coders = [{coders}]

[roles]
therapist = "therapist"
client = "client"

[sessions]
table = "sessions.csv"

[codings]
coverage = "coverage.csv"

[agreement]
coefficients = ["fleiss_kappa", "krippendorff_alpha", "percent_agreement", "gwet_ac"]

[episodes]
onset = ["client_talk_type=sustain"]
attempt = ["reflection_exists"]
resolution = ["client_talk_type=change"]
merge_gap = 10
"""

NOMINAL = (
    "main_therapist_behaviour",
    "client_talk_type",
    "question_subtype",
    "reflection_subtype",
    "therapist_input_subtype",
)
PRESENCE = ("question_exists", "reflection_exists", "therapist_input_exists")


def main(source: str, target: str) -> None:
    data = pd.read_csv(source, dtype=str, keep_default_na=False)
    data["session"] = "annomi_" + data["transcript_id"].str.zfill(3)
    data["turn"] = data["utterance_id"].astype(int) + 1
    data["coder"] = "A" + data["annotator_id"]
    folder = Path(target)
    for room in ("transcripts", "codings"):
        (folder / room).mkdir(parents=True)
    write_transcripts(data, folder / "transcripts")
    write_sessions(data, folder / "sessions.csv")
    write_codings(data, folder / "codings")
    (folder / "annomi.yaml").write_text(CODEBOOK, encoding="utf-8")
    coders = ", ".join(f'"{c}"' for c in sorted(data["coder"].unique()))
    (folder / "study.toml").write_text(STUDY.format(coders=coders), encoding="utf-8")
    turns = data.drop_duplicates(["session", "turn"])
    print(f"{len(turns)} utterances of {data['session'].nunique()} conversations")
    print(f"{len(data)} annotated utterances by {data['coder'].nunique()} annotators")


def write_transcripts(data: pd.DataFrame, folder: Path) -> None:
    turns = data.drop_duplicates(["session", "turn"]).sort_values(["session", "turn"])
    readable = turns["timestamp"].str.fullmatch(r"\d\d:\d\d:\d\d")
    for row in turns[~readable].itertuples():
        print(f"not kept: time {row.timestamp!r} of {row.session}, turn {row.turn}")
    turns = turns.assign(start=turns["timestamp"].where(readable, ""))
    for session, rows in turns.groupby("session"):
        columns = rows[["interlocutor", "start", "utterance_text"]]
        columns.columns = ["speaker", "start", "text"]
        columns.to_csv(folder / f"{session}.csv", index=False)


def write_sessions(data: pd.DataFrame, path: Path) -> None:
    first = data.drop_duplicates("session").sort_values("session")
    first[["session", "mi_quality", "topic", "video_title"]].assign(
        case=first["session"], position=1
    ).to_csv(path, index=False)


def write_codings(data: pd.DataFrame, folder: Path) -> None:
    long = data.melt(
        id_vars=["session", "turn", "coder"],
        value_vars=[*NOMINAL, *PRESENCE],
        var_name="code",
        value_name="given",
    )
    nominal = long[long["code"].isin(NOMINAL) & (long["given"] != "n/a")]
    nominal = nominal.assign(value=nominal["given"])
    present = long[long["code"].isin(PRESENCE) & (long["given"] == "True")].assign(value="1")
    rows = pd.concat([nominal, present])[["session", "turn", "coder", "code", "value"]]
    rows = rows.sort_values(["coder", "session", "turn", "code"])
    for coder, own in rows.groupby("coder"):
        own.to_csv(folder / f"{coder}.csv", index=False)
    seen = data.groupby(["session", "coder"])["turn"].agg(["min", "max"]).reset_index()
    seen.columns = ["session", "coder", "first_unit", "last_unit"]
    seen.insert(1, "kind", "turn")
    seen.to_csv(folder.parent / "coverage.csv", index=False)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
