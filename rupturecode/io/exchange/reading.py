"""The frame in which other tools' codings are read: parse the file, land it on the turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.io.exchange.landing import land

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rupturecode.annotation.draft import CodingDraft
    from rupturecode.codebook import Codebook
    from rupturecode.io.exchange.project import Project
    from rupturecode.transcript import Corpus


def reader(parse: Callable[..., Project]) -> Callable[..., CodingDraft]:
    """Make a format's ``read`` from the function that parses its files.

    What the options mean for the tool stands in ``OPTIONS`` of the format's module.

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
