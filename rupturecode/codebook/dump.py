"""A codebook as plain data, and as YAML: what reading gives back unchanged."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from rupturecode.codebook.model import Code, default_label
from rupturecode.codebook.parts import Scale
from rupturecode.codebook.schema import BOOK, CODE, INHERITED, SCALE
from rupturecode.codebook.spec import Many, Record, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rupturecode.codebook.model import Codebook
    from rupturecode.codebook.spec import Spec

Plain = dict[str, object]
_MADE_BY_HAND = ("codes", "scales")


def to_dict(book: Codebook) -> Plain:
    """Return plain dictionaries and lists; keys whose value is the default are left out."""
    content: Plain = {}
    for name, key in BOOK.keys.items():
        if name not in _MADE_BY_HAND:
            _put(content, name, plain(getattr(book, name), key.spec), empty=((), ""))
    if book.language == "en":
        content.pop("language", None)
    if book.scales:
        content["scales"] = {name: scale_to_dict(scale) for name, scale in book.scales}
    content["codes"] = [code_to_dict(code, book) for code in book]
    return content


def _put(content: Plain, name: str, value: object, *, empty: tuple[object, ...]) -> None:
    if value not in empty and value != []:
        content[name] = value


def plain(value: object, spec: Spec) -> object:
    """Return a value of the model as its place in the file wants it."""
    if isinstance(value, Scale):
        return scale_to_dict(value)
    if isinstance(spec, Many) and isinstance(value, tuple):
        return [plain(item, spec.item) for item in value]
    if isinstance(spec, Table) and isinstance(value, tuple):
        return {_number(k): plain(v, spec.value) for k, v in value}
    if isinstance(spec, Record):
        return _record(value, spec)
    return _number(value)


def _record(value: object, spec: Record) -> object:
    defaults = {f.name: f.default for f in fields(value)}  # type: ignore[arg-type]
    made: Plain = {}
    for name, key in spec.keys.items():
        attribute = key.field or name
        content = getattr(value, attribute)
        if content != defaults.get(attribute) or name in spec.required:
            made[name] = plain(content, key.spec)
    return made[spec.short] if spec.short and list(made) == [spec.short] else made


def _number(value: object) -> object:
    """Return a whole float as an int, anything else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def scale_to_dict(scale: Scale) -> Plain:
    """Return a scale without what follows from the rest of it."""
    implied = Scale(scale.kind, scale.anchors, scale.categories)
    made: Plain = {"kind": scale.kind}
    for name in ("anchors", "categories"):
        if getattr(scale, name):
            made[name] = plain(getattr(scale, name), SCALE.keys[name].spec)
    for name in ("low", "high", "absent"):
        if getattr(scale, name) != getattr(implied, name):
            made[name] = _number(getattr(scale, name))
    return made


def code_to_dict(code: Code, book: Codebook) -> Plain:
    """Return a code without what it takes from the code above it.

    Parameters
    ----------
    code
        One of the book's codes.
    book
        For the code above and the shared scales.
    """
    above = book[code.parent] if code.parent else Code("")
    bare = Code(code.id)
    made: Plain = {}
    for name, key in CODE.keys.items():
        value = getattr(code, name)
        expected = getattr(above if name in INHERITED else bare, name)
        if name == "label":
            expected = default_label(code.id)
        if name == "id" or value != expected:
            made[name] = (
                _scale_name(value, dict(book.scales)) if name == "scale" else plain(value, key.spec)
            )
    return made


def _scale_name(scale: Scale, shared: Mapping[str, Scale]) -> object:
    """Return a name where one stands for exactly this scale."""
    for name, other in shared.items():
        if other == scale:
            return name
    if scale.kind not in shared and scale == Scale(scale.kind):
        return scale.kind
    return scale_to_dict(scale)


def to_yaml(book: Codebook) -> str:
    """Return the codebook as a YAML file that reading gives back unchanged.

    Examples
    --------
    >>> from rupturecode.codebook import Codebook
    >>> content = {"id": "t", "version": "1.0", "title": "No", "codes": [{"id": "a"}]}
    >>> print(to_yaml(Codebook.from_dict(content)))
    id: t
    version: '1.0'
    title: 'No'
    codes:
    - id: a
    <BLANKLINE>
    """
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(
        yaml.dump(to_dict(book), Dumper=dumper, allow_unicode=True, sort_keys=False, width=96)
    )
