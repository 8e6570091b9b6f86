"""Small repairs of the page as the theme makes it, for keyboards and screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def repair(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], *_: object) -> None:
    """Let what scrolls be reached by keyboard; give the menu's captions a level."""
    if "body" in context:
        for part in ("<pre", '<div class="output text_html"'):
            context["body"] = context["body"].replace(f"{part}>", f'{part} tabindex="0">')
    if "furo_navigation_tree" in context:
        context["furo_navigation_tree"] = context["furo_navigation_tree"].replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after the theme."""
    app.connect("html-page-context", repair, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
