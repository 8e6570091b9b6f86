"""The documentation is whole: every public name is there, links lead somewhere, code is real."""

from __future__ import annotations

import ast
import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import rupturecode

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
if not (DOCS / "conf.py").exists():
    pytest.skip("docs/ does not lie beside the tests", allow_module_level=True)
sys.path.insert(0, str(DOCS / "extensions"))

import api_pages  # noqa: E402
import codebook_pages  # noqa: E402
import format_pages  # noqa: E402

PAGES = sorted(
    page
    for page in (ROOT / "README.md", *DOCS.rglob("*.md"))
    if not {"_build", "generated", "node_modules"} & set(page.relative_to(ROOT).parts)
)
FENCE = re.compile(r"^(`{3,})\{?([\w-]*)\}?.*?\n(.*?)^\1`*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return [body for _, language, body in FENCE.findall(text) if language in languages]


def public() -> list[tuple[str, str]]:
    top = [("", name) for name in rupturecode.__all__]
    return top + [(room, name) for room in api_pages.ROOMS for name in api_pages.public_names(room)]


def resolve(room: str, name: str) -> object:
    return getattr(importlib.import_module(f"rupturecode.{room}".rstrip(".")), name)


def test_every_public_name_is_explained() -> None:
    """By an example, by what it returns, or on a page that people wrote."""
    written = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    silent = []
    for room, name in public():
        value = resolve(room, name)
        if not callable(value):
            continue
        words = value.__doc__ or ""
        shown = re.search(r"^\s*(Examples|Returns)$", words, re.MULTILINE)
        told = re.search(rf"\b{name}\b", written)
        if not words or not (isinstance(value, type) or shown or told):
            silent.append(f"{room}.{name}")
    assert silent == []


def test_every_room_with_public_names_has_a_page() -> None:
    rooms = {
        path.parent.name
        for path in Path(rupturecode.__file__).parent.glob("*/__init__.py")
        if "__all__" in path.read_text(encoding="utf-8")
    }
    assert rooms - {"cli"} <= set(api_pages.ROOMS)


def test_generated_pages_are_made() -> None:
    made = dict(format_pages.pages(DOCS / "formats" / "traps.md"))
    assert "formats/transcript-docx.md" in made
    assert "tracked" in made["formats/transcript-docx.md"].casefold()
    assert "GUIDs of codes" in made["formats/annotations-qdpx.md"]
    books = dict(codebook_pages.pages())
    assert len(books) == len(rupturecode.codebooks()) + 1
    assert "withdrawal" in books["codebooks/ccr.md"]


@pytest.fixture(scope="module")
def generated() -> set[str]:
    fixed = {"decisions.md", "notebooks/index.md", "formats/index.md", "gallery.md"}
    formats = {f"formats/{one.kind}-{one.name}.md" for one in rupturecode.formats().itertuples()}
    makers = (codebook_pages.pages(), api_pages.pages())
    return fixed | formats | {path for pages in makers for path, _ in pages}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path, generated: set[str]) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    dead = []
    for _, _, target in LINK.findall(re.sub(r"`[^`]*`", "", text)):
        path, _, _ = target.partition("#")
        if not path or re.match(r"[a-z]+:", path) or page.name == "traps.md":
            continue  # traps.md is cut into pages, whose links the build checks
        goal = (page.parent / path).resolve()
        made = goal.is_relative_to(DOCS / "generated") and (
            goal.relative_to(DOCS / "generated").as_posix() in generated
        )
        if not (goal.exists() or made):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pictures_have_words(page: Path) -> None:
    found = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for mark, words, target in found if mark and len(words.split()) < 3] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_code_that_is_no_doctest_uses_names_that_exist(page: Path) -> None:
    for body in blocks(page, "python"):
        if ">>>" in body:
            continue
        for node in ast.walk(ast.parse(body)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("rupturecode"):
                for alias in node.names:
                    getattr(importlib.import_module(str(node.module)), alias.name)
            if isinstance(node, ast.Attribute):
                check_chain(ast.unparse(node))


def check_chain(words: str) -> None:
    """Follow `rc.room.name` as far as modules go; what comes after is a value's own."""
    if not re.fullmatch(r"rc(\.\w+)+", words):
        return
    value: object = rupturecode
    for part in words.split(".")[1:]:
        value = getattr(value, part)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_settings_and_codebooks_shown_can_be_read(page: Path) -> None:
    for body in blocks(page, "toml"):
        assert tomllib.loads(body)
    for body in blocks(page, "yaml"):
        content = yaml.safe_load(body)
        if "id" in content and "codes" in content:
            assert rupturecode.Codebook.from_dict(
                yaml.load(body, Loader=yaml.BaseLoader)  # noqa: S506 - words stay words
            ).codes


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_shown_exist(page: Path) -> None:
    from typer.main import get_command

    from rupturecode.cli.app import app

    for body in blocks(page, "console", "sh"):
        for line in re.findall(r"(?:^|/|\$ )rupturecode( .*)$", body, re.MULTILINE):
            command, words = get_command(app), line.split()
            while hasattr(command, "commands"):
                command = command.commands[words.pop(0)]
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in words if word.startswith("-")} <= known, line
