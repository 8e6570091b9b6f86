"""The frame in which other tools' codings are read: parse the file, land it on the turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rupturecode.io.exchange.landing import land

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.project import Project
    from rupturecode.transcript import Corpus


class Reader(Protocol):
    """The ``read`` of a format module; what its options mean for the tool, ``OPTIONS`` says."""

    def __call__(
        self,
        data: bytes,
        *,
        source: str,
        codebook: Codebook,
        corpus: Corpus | None = None,
        coder: str | None = None,
        codes: Mapping[str, str | None] | None = None,
        sessions: Mapping[str, str] | None = None,
    ) -> CodingDraft:
        """Read the codings of one file."""


def reader(parse: Callable[..., Project]) -> Reader:
    """Make a format's ``read`` from the function that parses its files.

    The coder is the one asked for, else the user whose file it is (``info["user"]``), for the
    codings that name nobody.
    """

    def read(
        data: bytes,
        *,
        source: str,
        codebook: Codebook,
        corpus: Corpus | None = None,
        coder: str | None = None,
        codes: Mapping[str, str | None] | None = None,
        sessions: Mapping[str, str] | None = None,
    ) -> CodingDraft:
        project = parse(data, source=source)
        return land(
            project,
            codebook=codebook,
            corpus=corpus,
            coder=coder or str(project.info.get("user") or "") or None,
            codes=codes,
            sessions=sessions,
        )

    return read
