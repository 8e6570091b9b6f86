"""Nothing in the text room opens a connection, and public names stay functions."""

from __future__ import annotations

import subprocess
import sys
from inspect import getmembers, isclass, isfunction
from pathlib import Path

import rupturecode as rc

BLOCKED = """
import socket, sys
FORBIDDEN = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
             "socket.bind", "urllib.Request", "http.client.connect", "ftplib.connect"}
def refuse(event, arguments):
    if event in FORBIDDEN:
        raise RuntimeError(f"a connection was opened: {event}")
sys.addaudithook(refuse)
try:
    socket.create_connection(("127.0.0.1", 9))
    sys.exit("the block does not block")
except RuntimeError:
    pass

import rupturecode as rc
from rupturecode.transcript import Transcript
from test_text_suggestions import study
talk = Transcript.from_turns("s1", [("T", "You should try."), ("C", "Whatever you say, Kevin.")])
assert len(rc.text.sentences(talk)) == 2
assert len(rc.text.features(talk)) == 2
cues = {"withdrawal": ["whatever you say"]}
assert len(rc.text.find_cues(talk, cues)) == 1
assert len(list(rc.text.docs(talk))) == 2
assert "Kevin" not in rc.text.deidentify("I told Kevin.").text
rc.text.FeatureTransformer().fit_transform(talk.turns)

notes, corpus = study()
assert rc.text.find_cues(corpus, {"strain": ["the point of this"]}, workers=2)["code"].size
nlp = rc.text.pipeline()
assert "Oslo" not in rc.text.deidentify("He moved to Oslo.", nlp=nlp).statement
clean = rc.text.deidentify(corpus, names=["Kevin"])
rc.text.write_review_sheet(clean, folder / "review.xlsx")
assert rc.text.read_key(clean.key.write(folder / "key.csv")) is not None
test = rc.text.evaluate_suggestions(notes, corpus, codes=["strain"], draws=20)
for purpose in ("second look", "worklist"):
    made = rc.text.suggest(notes, corpus, coder="AK", evaluation=test, purpose=purpose)
assert len(rc.text.load_model(made.model.save(folder / "model.npz")).score(corpus))
rc.text.flag_rates(test, corpus, by="group")
try:
    rc.text.pipeline("en_core_web_sm_not_here")
except rc.errors.UsageError:
    print("offline")
"""


def test_with_the_network_blocked_everything_works(tmp_path):
    here = f"import pathlib, sys; folder = pathlib.Path({str(tmp_path)!r})"
    script = f"{here}; sys.path.insert(0, {str(Path(__file__).parent)!r})\n{BLOCKED}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "offline", done.stderr


def test_public_names_are_what_they_say_whatever_was_imported_before():
    import rupturecode.text.deidentification.find
    import rupturecode.text.suggestions
    import rupturecode.text.turn_features  # noqa: F401

    for name in rc.text.__all__:
        value = getattr(rc.text, name)
        assert isfunction(value) or isclass(value), name
    assert dict(getmembers(rc.text))["features"] is rc.text.features
