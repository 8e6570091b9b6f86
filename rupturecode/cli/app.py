"""The commands on studies and files, and how errors become exit codes."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Literal

import typer

from rupturecode.cli.codebook import codebook_app
from rupturecode.cli.show import print_problems, progress_bar, say, typed
from rupturecode.cli.train import train_app

DATA, USAGE = 1, 2

app = typer.Typer(
    name="rupturecode",
    help="Code alliance ruptures in psychotherapy transcripts: import, code, check agreement, "
    "follow rupture-repair sequences.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(codebook_app, name="codebook")
app.add_typer(train_app, name="train")

StudyFolder = Annotated[Path, typer.Argument(help="The study folder, with its study.toml.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]


def main() -> None:
    """Run a command; exit 0 when all is well, 1 on problems in the data, 2 on a wrong call."""
    from rupturecode.errors import MissingExtraError, RupturecodeError, UnknownNameError, UsageError

    _print_what_can_be_printed()
    try:
        app()
    except (UsageError, UnknownNameError, MissingExtraError) as err:
        print(err, file=sys.stderr)
        sys.exit(USAGE)
    except RupturecodeError as err:
        print(err, file=sys.stderr)
        sys.exit(DATA)
    except OSError as err:
        where = f"{err.filename}: " if err.filename else ""
        print(f"{where}{(err.strerror or str(err)).lower()}", file=sys.stderr)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(USAGE)


def _print_what_can_be_printed() -> None:
    """Let signs that a terminal or a file of another encoding lacks become question marks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _version(wanted: bool) -> None:
    if wanted:
        from rupturecode import __version__

        print(f"rupturecode {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put it.")] = Path("rupturecode-demo"),
    *,
    quiet: Quiet = False,
) -> None:
    """Copy the bundled example study to a folder and run it."""
    from rupturecode.study import open_example, open_study

    with progress_bar(quiet=quiet) as progress:
        result = open_study(open_example(folder)).run(progress=progress)
    say(result.summary(), quiet=quiet)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The new study folder.")],
    *,
    title: Annotated[str, typer.Option(help="The study's title.")] = "",
    quiet: Quiet = False,
) -> None:
    """Make an empty study folder with a study.toml to fill in."""
    from rupturecode.study import init_study

    target = init_study(folder, title=title or None)
    say(
        f"Made {target}. Put transcripts into {target / 'transcripts'}, then say who is who in "
        f"{target / 'study.toml'} and type: rupturecode check {typed(target)}",
        quiet=quiet,
    )


@app.command()
def check(study: StudyFolder, *, quiet: Quiet = False) -> None:
    """Say everything that is wrong in a study, at once, with file and line; write nothing."""
    from rupturecode.study import open_study

    with progress_bar(quiet=quiet) as progress:
        found = open_study(study).check(progress=progress)
    say(found.report(), quiet=quiet)
    print_problems(found.brief())
    if found.problems:
        say(found.advice(), quiet=quiet)
        raise typer.Exit(DATA)
    say("No problems found.", quiet=quiet)


@app.command()
def run(study: StudyFolder, *, quiet: Quiet = False) -> None:
    """Read everything, then write tidy tables, figures and report.html into derived/."""
    from rupturecode.study import open_study

    with progress_bar(quiet=quiet) as progress:
        result = open_study(study).run(progress=progress)
    say(result.summary(), quiet=quiet)


@app.command()
def sheets(
    study: StudyFolder,
    *,
    out: Annotated[Path | None, typer.Option(help="Where to write; default: STUDY/sheets.")] = None,
    coder: Annotated[list[str] | None, typer.Option(help="Only this coder; repeatable.")] = None,
    double: Annotated[
        float | None, typer.Option(help="Share of sessions coded by all coders; default: all.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random order.")] = None,
    evidence: Annotated[
        bool | None, typer.Option(help="Ask what codes rest on; default: as in study.toml.")
    ] = None,
    confidence: Annotated[
        bool | None, typer.Option(help="Ask how sure the coder is; default: as in study.toml.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write a coding workbook for each coder."""
    from rupturecode.study import open_study

    share: float | Literal["all"] = "all" if double is None else double
    plan = open_study(study).sheets(
        out,
        coders=coder or None,
        double=share,
        seed=seed,
        evidence=evidence,
        confidence=confidence,
    )
    folder = out or study / "sheets"
    files = [folder / name for name in plan.to_frame()["file"].drop_duplicates()]
    back = f"When they are filled in, put them into {study / 'codings'}."
    say("\n".join([plan.headline(), *(f"Wrote {path}" for path in files), back]), quiet=quiet)


@app.command()
def adjudicate(
    study: StudyFolder,
    *,
    out: Annotated[
        Path | None, typer.Option(help="An .xlsx or .csv file; default: STUDY/adjudication.xlsx.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """List what coders disagree on, for somebody to decide; later, say how it stands."""
    from rupturecode.annotation import codebook_gaps
    from rupturecode.study import open_study

    project = open_study(study)
    decided = project.decisions()
    if decided is not None and out is None:
        print(codebook_gaps(decided).to_string(index=False))
        return
    path, n = project.adjudicate(out)
    where = path.name if path.parent == project.path else path
    say(
        f"{n} disagreements, worst first.\nWrote {path}\nWhen they are decided, write into "
        f'study.toml: consensus = "{where}"',
        quiet=quiet,
    )


@app.command()
def reanchor(
    study: StudyFolder,
    *,
    out: Annotated[Path | None, typer.Option(help="Default: STUDY/codings-reanchored.")] = None,
    quiet: Quiet = False,
) -> None:
    """Carry codings over to transcripts that have changed since the last run."""
    from rupturecode.study import open_study

    found = open_study(study).reanchor(out)
    say(found.headline(), quiet=quiet)
    say(f"Wrote {out or study / 'codings-reanchored'}", quiet=quiet)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A transcript in any known format.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    *,
    read: Annotated[str | None, typer.Option("--from", help="Format of IN, if unclear.")] = None,
    write: Annotated[str | None, typer.Option("--to", help="Format of OUT, if unclear.")] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT if it is there.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read a transcript in one format and write it in another."""
    from rupturecode.io import convert_transcript

    losses = convert_transcript(source, target, read_as=read, write_as=write, overwrite=overwrite)
    for loss in losses:
        say(f"not kept: {loss}", quiet=quiet)
    say(f"Wrote {target}", quiet=quiet)


@app.command()
def formats(
    kind: Annotated[str, typer.Argument(help="transcript, annotations or codebook")] = "",
) -> None:
    """List the file formats that rupturecode reads and writes."""
    import rupturecode as rc

    frame = rc.formats()
    if kind:
        if kind not in set(frame["kind"]):
            raise rc.errors.UnknownNameError("kind of format", kind, set(frame["kind"]))
        frame = frame[frame["kind"] == kind]
    print(frame.to_string(index=False))


@app.command()
def deidentify(
    study: StudyFolder,
    *,
    out: Annotated[Path | None, typer.Option(help="Default: STUDY-deidentified beside it.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write a copy of the transcripts with names and the like replaced, and a review sheet."""
    from rupturecode.study import open_study

    result, paths = open_study(study).deidentify(out)
    say("\n".join([result.statement, "", *(f"Wrote {path}" for path in paths)]), quiet=quiet)
