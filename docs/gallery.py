"""Draw every public plot from the example study, at both widths and in grey.

    python docs/gallery.py            # into docs/_build/gallery
    python docs/gallery.py FOLDER

Each figure is written as PNG, SVG and PDF with its alternative text inside, beside a page
(``index.html``) that shows them all, each with the table it draws.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import rupturecode as rc
from rupturecode.display import fold, table
from rupturecode.plots import ONE_COLUMN, TWO_COLUMNS, alt_text, save
from rupturecode.study import example_study, open_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HERE = Path(__file__).parent
FEW = ("withdrawal", "confrontation", "repair_surface", "repair_deep", "client_accepts_repair")
MOVES = (
    "withdrawal",
    "confrontation",
    "antagonizes",
    "misattunement",
    "accountability_own_contribution",
    "client_accepts_repair",
)
WIDTHS = {"one": ONE_COLUMN, "two": TWO_COLUMNS}


@dataclass(frozen=True)
class Entry:
    """A plot of the gallery: how to draw it at a width, and the table that it draws."""

    name: str
    function: str
    draw: Callable[[float], Axes | Figure]
    table: Callable[[], pd.DataFrame]

    def figure(self, width: float) -> Figure:
        """Draw it so many millimetres wide."""
        drawn = self.draw(width)
        root = drawn.figure.figure
        if root is None:
            raise ValueError(f"{self.name} drew no figure")
        return root


def entries() -> Iterator[Entry]:
    """Yield every public plot, drawn from the example study."""
    study = open_study(example_study())
    corpus, notes = study.corpus, study.annotations
    yield from _agreement(notes, study.settings.codes)
    layer = notes.consensus(study.settings.consensus)
    rule = rc.EpisodeRule.from_dict(study.settings.episodes, study.codebook)
    found = rc.sequences.episodes(layer, corpus, rule)
    yield from _timelines(notes, corpus, found)
    yield from _sequences(layer, corpus, found)


def _agreement(notes: rc.Annotations, codes: tuple[str, ...]) -> Iterator[Entry]:
    plots = rc.plots
    found = rc.reliability.agreement(notes, codes=codes, seed=1)
    both = ("krippendorff_alpha", "gwet_ac")
    mixed = rc.reliability.confusions(
        notes, ["withdrawal", "confrontation", "client_accepts_repair"]
    )
    yield Entry(
        "agreement",
        "agreement",
        lambda w: plots.agreement(found, width=w),
        lambda: plots.agreement_table(found),
    )
    yield Entry(
        "agreement_two_coefficients",
        "agreement",
        lambda w: plots.agreement(found, coefficients=both, width=w),
        lambda: plots.agreement_table(found, coefficients=both),
    )
    yield Entry(
        "confusion",
        "confusion",
        lambda w: plots.confusion(mixed, width=w),
        lambda: plots.confusion_table(mixed),
    )
    yield Entry(
        "pairwise",
        "pairwise",
        lambda w: plots.pairwise(found, width=w),
        lambda: plots.pairwise_table(found),
    )
    followed = rc.reliability.drift(notes, codes=codes)
    yield Entry(
        "drift",
        "drift",
        lambda w: plots.drift(followed, width=w),
        lambda: plots.drift_table(followed),
    )


def _timelines(
    notes: rc.Annotations, corpus: rc.Corpus, found: rc.sequences.Episodes
) -> Iterator[Entry]:
    plots = rc.plots
    yield Entry(
        "timeline",
        "timeline",
        lambda w: plots.timeline(notes, corpus, "A1", episodes=found, width=w),
        lambda: plots.timeline_table(notes, corpus, "A1"),
    )
    yield Entry(
        "timeline_by_time",
        "timeline",
        lambda w: plots.timeline(notes, corpus, "B2", codes=FEW, by="time", width=w),
        lambda: plots.timeline_table(notes, corpus, "B2", codes=FEW, by="time"),
    )


def _sequences(
    layer: rc.Annotations, corpus: rc.Corpus, found: rc.sequences.Episodes
) -> Iterator[Entry]:
    plots, sequences = rc.plots, rc.sequences
    short = sequences.episodes(layer, corpus, rc.EpisodeRule(rating="rate_resolution"))
    moves = sequences.transitions(layer, corpus, given=MOVES, target=MOVES)
    paths = sequences.stage_paths(layer, corpus, found.rule)
    contacts = sequences.trajectory(short)
    around = sequences.event_window(layer, short, ["withdrawal", "accountability_own_contribution"])
    yield Entry(
        "transitions",
        "transitions",
        lambda w: plots.transitions(moves, width=w),
        lambda: plots.transitions_table(moves),
    )
    yield Entry(
        "transition_network",
        "transition_network",
        lambda w: plots.transition_network(moves, threshold=1, width=w),
        lambda: plots.transition_network_table(moves, threshold=1),
    )
    yield _waits("repair_time", sequences.repair_time(short))
    yield _waits("repair_time_groups", sequences.repair_time(short, by="first_response"))
    yield _waits("repair_time_incidence", sequences.repair_time(short), "incidence")
    yield Entry(
        "stage_paths",
        "stage_paths",
        lambda w: plots.stage_paths(paths, width=w),
        lambda: plots.stage_paths_table(paths),
    )
    yield Entry(
        "trajectory",
        "trajectory",
        lambda w: plots.trajectory(contacts, width=w),
        lambda: plots.trajectory_table(contacts),
    )
    yield Entry(
        "event_window",
        "event_window",
        lambda w: plots.event_window(around, width=w),
        lambda: plots.event_window_table(around),
    )


def _waits(name: str, result: rc.sequences.RepairTime, kind: str = "survival") -> Entry:
    return Entry(
        name,
        "repair_time",
        lambda w: rc.plots.repair_time(result, kind=kind, width=w),
        lambda: rc.plots.repair_time_table(result, kind=kind),
    )


def grey(path: Path) -> Path:
    """Write a picture as a photocopier would print it, beside the colored one."""
    from PIL import Image

    target = path.with_name(f"{path.stem}_grey.png")
    with Image.open(path) as picture:
        picture.convert("L").save(target)
    return target


def draw(folder: Path) -> Path:
    """Draw the gallery into a folder and return its page."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for entry in entries():
        pictures = []
        for size, width in WIDTHS.items():
            figure = entry.figure(width)
            stem = f"{entry.name}_{size}"
            for suffix in ("png", "svg", "pdf"):
                save(figure, folder / f"{stem}.{suffix}")
            words = escape(alt_text(figure))
            gray = grey(folder / f"{stem}.png")
            pictures.append(
                f'<img src="{stem}.svg" alt="{words}" style="width:{width:g}mm">'
                f'<img src="{gray.name}" alt="The same in grey." style="width:{width:g}mm">'
            )
        title = f"{entry.name.replace('_', ' ')}: <code>rc.plots.{entry.function}</code>"
        drawn = fold("The table it draws", table(entry.table(), f"Drawn by {entry.function}"))
        parts.append(f"<h2>{title}</h2><p>{words}</p><p>{'<br>'.join(pictures)}</p>{drawn}")
    page = folder / "index.html"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery of plots</title>'
    page.write_text(f"{head}<h1>Gallery of plots</h1>{''.join(parts)}</html>\n", encoding="utf-8")
    return page


if __name__ == "__main__":
    print(draw(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "_build" / "gallery"))
