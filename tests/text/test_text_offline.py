"""Nothing in the text room opens a connection, and public names stay functions."""

from __future__ import annotations

import subprocess
import sys
from inspect import getmembers, isclass, isfunction

import rupturecode as rc

BLOCKED = """
import socket
def refuse(*args, **kwargs):
    raise RuntimeError("a connection was opened")
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
socket.create_connection = refuse
socket.getaddrinfo = refuse

import rupturecode as rc
from rupturecode.transcript import Transcript
talk = Transcript.from_turns("s1", [("T", "You should try."), ("C", "Whatever you say, Kevin.")])
assert len(rc.text.sentences(talk)) == 2
assert len(rc.text.features(talk)) == 2
assert len(rc.text.find_cues(talk, {"withdrawal": ["whatever you say"]})) == 1
assert len(list(rc.text.docs(talk))) == 2
assert "Kevin" not in rc.text.deidentify("I told Kevin.").text
rc.text.FeatureTransformer().fit_transform(talk.turns)
try:
    rc.text.pipeline("en_core_web_sm_not_here")
except rc.errors.UsageError:
    print("offline")
"""


def test_with_the_network_blocked_everything_works():
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], capture_output=True, text=True, check=False
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
