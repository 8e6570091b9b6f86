"""A study folder as an object: what it holds, read when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rupturecode.errors import InvalidDataError, UnknownNameError, UsageError
from rupturecode.study.settings import Settings, read_settings
from rupturecode.study.settings_check import COVERAGE_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from rupturecode.annotation import Annotations, Reanchored
    from rupturecode.codebook import Codebook
    from rupturecode.io import SheetPlan
    from rupturecode.study.check import Check
    from rupturecode.study.run import StudyRun
    from rupturecode.text import Deidentified
    from rupturecode.transcript import Corpus

    Progress = Callable[[str, int, int], None]


def open_study(folder: str | Path) -> Study:
    """Open a study folder.

    Parameters
    ----------
    folder
        A folder with a study.toml, ``transcripts/`` and ``codings/``.

    Raises
    ------
    InvalidDataError
        When there is no study.toml, or it is not TOML.

    Examples
    --------
    >>> from rupturecode.study import example_study
    >>> open_study(example_study()).settings.codebook
    'ccr'
    """
    path = Path(folder)
    if not path.is_dir():
        raise UsageError(f"There is no folder {str(folder)!r}.")
    return Study(path=path, settings=read_settings(path))


@dataclass(frozen=True, repr=False)
class Study:
    """A study folder; see :func:`open_study`."""

    path: Path
    settings: Settings

    @property
    def transcripts_folder(self) -> Path:
        """Where the transcripts lie."""
        return self.path / str(self.settings.transcripts.get("folder", "transcripts"))

    @property
    def codings_folder(self) -> Path:
        """Where the coders' files lie."""
        return self.path / str(self.settings.codings.get("folder", "codings"))

    @property
    def session_file(self) -> Path | None:
        """The table of sessions, if study.toml names one."""
        name = self.settings.sessions.get("table")
        return None if name is None else self.path / str(name)

    @property
    def derived_folder(self) -> Path:
        """Where :meth:`run` writes; safe to delete."""
        return self.path / "derived"

    def name_of(self, path: Path) -> str:
        """Name a path as study.toml would: from the study folder on where it lies in it."""
        if path.is_relative_to(self.path):
            return path.relative_to(self.path).as_posix()
        return path.as_posix()

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook: a file in the study folder, or a bundled one."""
        from rupturecode.io import load_codebook

        own = self.path / self.settings.codebook
        return load_codebook(own if own.is_file() else self.settings.codebook)

    @cached_property
    def corpus(self) -> Corpus:
        """All transcripts.

        Raises
        ------
        InvalidDataError
            Listing every file that cannot be read.
        """
        found = self._sound.corpus
        if found is None:
            raise InvalidDataError(self.path.name, ["no transcripts"])
        return found

    @cached_property
    def annotations(self) -> Annotations:
        """All codings.

        Raises
        ------
        InvalidDataError
            Listing everything that is wrong with them.
        """
        found = self._sound.notes
        if found is None:
            raise UsageError(f"{self.codings_folder} holds no codings yet.")
        return found

    def check(self, progress: Progress | None = None) -> Check:
        """Read everything and list all that is wrong; nothing is written."""
        from rupturecode.study.check import check

        return check(self, progress)

    def run(self, progress: Progress | None = None) -> StudyRun:
        """Do the main job: tidy tables, figures and a report into ``derived/``.

        Raises
        ------
        InvalidDataError
            Listing everything that is wrong with the study; nothing is written then.
        """
        from rupturecode.study.run import run

        return run(self, progress)

    def sheets(
        self,
        folder: str | Path | None = None,
        *,
        coders: Sequence[str] | None = None,
        double: float | Literal["all"] = "all",
        seed: int | None = None,
        evidence: bool | None = None,
        confidence: bool | None = None,
    ) -> SheetPlan:
        """Write a coding workbook per coder, into ``sheets/`` unless told otherwise.

        Codes given to windows are on a sheet of their own when study.toml has ``[windows]``;
        ``evidence`` and ``confidence`` are as in its ``[sheets]`` unless said here.

        Raises
        ------
        UsageError
            When study.toml names no coders or too many codes, or the folder holds sheets.
        UnknownNameError
            When study.toml names coders and this is none of them.
        """
        from rupturecode.io import write_sheets
        from rupturecode.io.sheets import MOST_COLUMNS

        known = self.settings.coders
        names = list(coders or known)
        for name in names:
            if known and name not in known:
                raise UnknownNameError("coder of study.toml", name, known)
        if not names:
            raise UsageError(
                'study.toml names no coders. Add a line such as: coders = ["AK", "BM"]'
            )
        offered = [c for c in self.codebook if not c.heading]
        if not self.settings.codes and len(offered) > MOST_COLUMNS:
            raise UsageError(
                f"study.toml lists no codes, and codebook {self.codebook.id} has {len(offered)}: "
                f"more than the {MOST_COLUMNS} columns that a person can code in. Add a line such "
                'as: codes = ["withdrawal", "repair_surface"]'
            )
        asked = self.settings.sheets
        corpus = self._corpus_to_code()
        return write_sheets(
            corpus,
            self.codebook,
            names,
            folder or self.path / "sheets",
            codes=self.settings.codes or None,
            double=double,
            seed=self.settings.seed if seed is None else seed,
            windows=self.windows(corpus),
            evidence=asked.get("evidence", False) if evidence is None else evidence,
            confidence=asked.get("confidence", False) if confidence is None else confidence,
        )

    def adjudicate(self, path: str | Path | None = None) -> tuple[Path, int]:
        """List what the coders disagree on, worst first and masked, for somebody to decide.

        Parameters
        ----------
        path
            A ``.xlsx`` or ``.csv`` file, ``adjudication.xlsx`` in the study unless given. With
            ``consensus = "adjudication.xlsx"`` in study.toml, a run takes the decisions in.

        Returns
        -------
        The file written, and the number of disagreements.

        Raises
        ------
        UsageError
            When the file is there already, or there is nothing to decide.
        """
        from rupturecode.study.decisions import write_list

        return write_list(self, path)

    def decisions(self) -> pd.DataFrame | None:
        """Read the adjudicator's decisions, where study.toml names their file as consensus."""
        from rupturecode.study.decisions import decisions

        return decisions(self)

    def consensus(self, notes: Annotations) -> Annotations:
        """Bring the coders together by the rule, or the decisions, that study.toml names."""
        from rupturecode.study.decisions import one_layer

        return one_layer(self, notes)

    def windows(self, corpus: Corpus) -> pd.DataFrame | None:
        """Cut the sessions into the windows of study.toml; None where it names none.

        Raises
        ------
        UsageError
            When minutes are asked for and a session has no times.
        """
        return corpus.units("window", **self.settings.windows) if self.settings.windows else None

    def deidentify(self, folder: str | Path | None = None) -> tuple[Deidentified, list[Path]]:
        """Write the transcripts with stand-ins for names and the like, for review.

        Parameters
        ----------
        folder
            Where the copy goes; ``NAME-deidentified`` beside the study unless given. The key
            and the review sheet stay in the study folder. A file ``names.txt`` there, one
            name a line, adds names that are always replaced.

        Returns
        -------
        The result, and the paths written.

        Raises
        ------
        UsageError
            When the folder holds something, or a key of an earlier run is there.
        """
        from rupturecode.study.deidentification import deidentify_study

        return deidentify_study(self, folder)

    def __repr__(self) -> str:
        from rupturecode.study.show import line

        return line(self)

    def _repr_html_(self) -> str:
        from rupturecode.study.show import to_html

        return to_html(self)

    def transcripts(self) -> Corpus:
        """Read the transcripts alone, whatever is wrong with the codings.

        Raises
        ------
        InvalidDataError
            Listing every file that cannot be read.
        """
        from rupturecode.study.check import read_transcripts

        return read_transcripts(self)

    def reanchor(self, folder: str | Path | None = None) -> Reanchored:
        """Carry codings over to transcripts that have changed since the last run.

        Parameters
        ----------
        folder
            Where the codings that fit go, ``codings-reanchored`` unless given; a list of what
            became of every coding is written beside it. Nothing is replaced.

        Raises
        ------
        UsageError
            When nothing has changed, or the folder holds something.
        """
        from rupturecode.study.changes import write_reanchored

        return write_reanchored(self, Path(folder or self.path / "codings-reanchored"))

    @cached_property
    def _sound(self) -> Check:
        """The study as read once, when nothing is wrong with it."""
        found = self.check()
        if found.problems:
            raise InvalidDataError(f"study {self.path.name}", found.problems)
        return found

    def _corpus_to_code(self) -> Corpus:
        """Return the transcripts when nothing but the codings is wrong: these may wait."""
        found = self.check()
        room = f"{self.codings_folder.name}/"
        wrong = [p for p in found.problems if not p.source.startswith(room)]
        if wrong or found.corpus is None:
            raise InvalidDataError(f"study {self.path.name}", wrong)
        return found.corpus

    def transcript_files(self) -> list[Path]:
        """Every file of the transcripts folder that is read, in order of name."""
        from rupturecode.study.reading import sources

        found = [source.path for source in sources(self)[0]]
        return sorted(
            file for path in found for file in (_files(path) if path.is_dir() else [path])
        )

    def coding_files(self) -> list[Path]:
        """Every file in the codings folder but hidden ones, in order of name."""
        return _files(self.codings_folder)

    def named_files(self) -> list[str]:
        """Names of the other files that study.toml refers to, relative to the folder."""
        s = self.settings
        named = (
            s.codebook,
            s.consensus,
            s.sessions.get("table"),
            s.codings.get("coverage"),
            s.codings.get("links"),
        )
        return sorted(str(n) for n in named if n is not None and (self.path / str(n)).is_file())

    def session_table(self) -> pd.DataFrame | None:
        """Read what the study says about its sessions, if it does.

        Raises
        ------
        UsageError
            When the table named in study.toml is not there.
        """
        if self.session_file is None:
            return None
        from rupturecode.io.session_table import read_session_table

        return read_session_table(self.session_file)

    def read_annotations(self, corpus: Corpus) -> Annotations | None:
        """Read the codings; None when there are none yet."""
        from rupturecode.io import read_annotations

        if not self.coding_files():
            return None
        given = self.settings.codings
        sources = [self.codings_folder]
        sources += [self.path / given[key] for key in ("coverage", "links") if self._is_file(key)]
        return read_annotations(
            sources,
            codebook=self.codebook,
            corpus=corpus,
            units=self.windows(corpus),
            coders=self.settings.coders,
            coverage=None if self._is_file("coverage") else given.get("coverage"),
        )

    def _is_file(self, key: str) -> bool:
        """Whether a setting of the codings names a file; coverage may also be a rule."""
        value = self.settings.codings.get(key)
        return value is not None and value not in COVERAGE_RULES


def _files(folder: Path) -> list[Path]:
    """Every file below a folder but hidden ones, in order of name; none where it is not there."""
    found = sorted(folder.rglob("*"))
    return [p for p in found if p.is_file() and not p.name.startswith((".", "~$"))]
