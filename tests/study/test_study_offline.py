"""Nothing reaches for the network: the main job runs with every socket refused."""

from __future__ import annotations

import socket

import pytest

from rupturecode.study import open_example, open_study


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        message = "the network was reached for"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("offline")
def test_the_main_job_opens_no_connection(tmp_path):
    open_study(open_example(tmp_path / "demo")).run()
    assert (tmp_path / "demo" / "derived" / "report.html").is_file()


@pytest.mark.usefixtures("offline")
def test_the_guard_itself_works():
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("127.0.0.1", 9))
