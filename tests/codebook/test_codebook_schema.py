"""The JSON Schema for editors and the loader judge the same files the same way.

``data/good`` passes both, ``data/broken`` neither; ``data/beyond`` is wrong in ways that no
schema can see, and only the loader refuses it.
"""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from rupturecode.codebook import bundled, load_codebook
from rupturecode.codebook.json_schema import json_schema, write_json_schema
from rupturecode.codebook.load import read_yaml
from rupturecode.errors import InvalidDataError

DATA = Path(__file__).parent / "data"
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


class CoreSchema(yaml.SafeLoader):
    """Plain values as editors read them: the core schema of YAML 1.2."""


CoreSchema.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        list("-+.0123456789"),
    ),
):
    CoreSchema.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)


def as_json(text):
    """What an editor hands to the schema: keys are strings."""
    return json.loads(json.dumps(yaml.load(text, Loader=CoreSchema)))  # noqa: S506 - safe loader


def files(folder):
    return [pytest.param(p, id=p.stem) for p in sorted((DATA / folder).glob("*.yaml"))]


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", files("good"))
def test_good_books_pass_both(path):
    read_yaml(path.read_bytes(), source=path.name)
    VALIDATOR.validate(as_json(path.read_text("utf-8")))


@pytest.mark.parametrize("path", files("broken"))
def test_broken_books_pass_neither(path):
    with pytest.raises(InvalidDataError):
        read_yaml(path.read_bytes(), source=path.name)
    assert not VALIDATOR.is_valid(as_json(path.read_text("utf-8")))


@pytest.mark.parametrize("path", files("beyond"))
def test_what_no_schema_sees_the_loader_refuses(path):
    with pytest.raises(InvalidDataError):
        read_yaml(path.read_bytes(), source=path.name)
    assert VALIDATOR.is_valid(as_json(path.read_text("utf-8")))


@pytest.mark.parametrize("name", bundled())
def test_bundled_books_follow_the_schema(name):
    VALIDATOR.validate(json.loads(json.dumps(load_codebook(name).to_dict())))
    VALIDATOR.validate(as_json(Path(load_codebook(name).path).read_text("utf-8")))


def test_there_is_a_corpus():
    assert len(files("good")) >= 7
    assert len(files("broken")) >= 45
    assert len(files("beyond")) >= 8


def test_written_for_editors(tmp_path):
    write_json_schema(tmp_path / "codebook.schema.json")
    assert json.loads((tmp_path / "codebook.schema.json").read_text("utf-8")) == json_schema()


def test_the_schema_beside_the_bundled_books_is_up_to_date():
    folder = Path(load_codebook("ccr").path).parent
    words = (
        "run rupturecode.codebook.json_schema.write_json_schema('codebooks/codebook.schema.json')"
    )
    assert json.loads((folder / "codebook.schema.json").read_text("utf-8")) == json_schema(), words
    for name in bundled():
        first = Path(load_codebook(name).path).read_text("utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=codebook.schema.json"
