"""The page that shows every figure, drawn from the example study when the site is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import gallery

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_HEAD = """# Gallery

Every figure of the library, drawn from the invented example study when this site was built.
`rc.plots.save(figure, "name.svg")` writes each as SVG, PDF or PNG; more in
[Figures](../figures.md).
"""


def write(app: Sphinx) -> None:
    """Draw the figures and write the page beside them."""
    target = Path(app.srcdir) / "generated"
    (target / "gallery").mkdir(parents=True, exist_ok=True)
    parts = [_HEAD]
    for entry in gallery.entries():
        figure = entry.figure(gallery.TWO_COLUMNS)
        gallery.save(figure, target / "gallery" / f"{entry.name}.svg")
        words = gallery.alt_text(figure)
        parts.append(
            f"## {entry.name.replace('_', ' ').capitalize()}\n\n"
            f"{{func}}`~rupturecode.plots.{entry.function}`: {words}\n\n"
            f"```{{image}} gallery/{entry.name}.svg\n:alt: {words}\n```\n"
        )
    (target / "gallery.md").write_text("\n".join(parts), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after the other generated pages, which clear what nobody makes any more."""
    app.connect("builder-inited", write, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
