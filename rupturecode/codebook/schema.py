"""The keys of a codebook file: one description for the loader, the writer and editors."""

from __future__ import annotations

from rupturecode.codebook.parts import (
    ABOUT,
    CODE_STATUSES,
    CONSTRAINT_KINDS,
    OBSERVABILITY,
    SCALE_KINDS,
    CaseField,
    Confusion,
    Constraint,
    Example,
    Given,
    Refused,
    Scale,
    Vignette,
    VignetteLink,
    VignetteTurn,
)
from rupturecode.codebook.spec import Either, Flag, Key, Many, Number, Record, Table, Text
from rupturecode.tables import ROLES, UNIT_KINDS

TEXT = Text()
BOOK_ID = Text(r"[a-z0-9][a-z0-9_-]{0,79}", hint="an id of small letters, digits, - and _")
NAME = Text(
    r"(?!(?:true|false|null)\s*$)[a-z][a-z0-9_]{0,79}",
    hint="an id that starts with a small letter, then small letters, digits and _",
)
LANGUAGE = Text(r"[a-zA-Z]{2,3}(-[A-Za-z0-9]+)*", hint="a language such as en")
ROLE = Text(choices=ROLES, hint="a role")
UNIT = Text(choices=UNIT_KINDS, hint="a kind of unit")
TEXTS = Many(TEXT, lone=True)
NAMES = Many(NAME, lone=True)
SOME_NAMES = Many(NAME, least=1, lone=True)
INTEGER = Number(low=1, whole=True)

SCALE = Record(
    Scale,
    {
        "kind": Key(Text(choices=SCALE_KINDS, hint="a kind of scale"), "How the code is rated"),
        "anchors": Key(Table(TEXT, numbers=True), "Ordinal: what each value means"),
        "categories": Key(Many(TEXT, least=2), "Nominal: the choices"),
        "low": Key(Number(), "Smallest value allowed"),
        "high": Key(Number(), "Largest value allowed"),
        "absent": Key(Number(or_text=True), "Value meant where the code is not given"),
    },
    required=("kind",),
)
EXAMPLE = Record(
    Example,
    {
        "text": Key(TEXT, "Invented talk"),
        "why": Key(TEXT, "Why it is, or is not, the code"),
        "instead": Key(NAME, "For a near miss: the code that fits"),
    },
    required=("text",),
    short="text",
)
CONFUSION = Record(
    Confusion,
    {"code": Key(NAME), "boundary": Key(TEXT, "What tells the two apart")},
    required=("code",),
    short="code",
)
CODE = Record(
    dict,
    {
        "id": Key(NAME, "Short name used in tables"),
        "label": Key(TEXT, "Name that people read"),
        "parent": Key(NAME, "Id of the code above it"),
        "definition": Key(TEXT),
        "include": Key(TEXTS, "Give the code when"),
        "exclude": Key(TEXTS, "Do not give it when"),
        "examples": Key(Many(EXAMPLE, lone=True)),
        "near_misses": Key(Many(EXAMPLE, lone=True)),
        "confused_with": Key(Many(CONFUSION, lone=True)),
        "roles": Key(Many(ROLE, lone=True), "Who may carry it; an empty list means anyone"),
        "scale": Key(Either(NAME, SCALE), "presence, count, a shared scale's name, or a scale"),
        "observability": Key(Text(choices=OBSERVABILITY, hint="how it can be observed")),
        "level": Key(Many(UNIT, least=1, lone=True), "Kinds of unit it attaches to"),
        "origin": Key(TEXT, "The instrument or paper that defines it"),
        "section": Key(TEXT, "Where in that source"),
        "status": Key(Text(choices=CODE_STATUSES, hint="a status")),
        "heading": Key(Flag(), "Groups codes and is never given itself"),
        "color": Key(Text(r"#[0-9a-fA-F]{6}", hint="a color such as #3366aa")),
        "key": Key(Text(r"[a-z][a-z0-9]{0,2}", hint="one to three small letters or digits")),
        "replaces": Key(NAMES, "Codes of earlier versions that it stands for"),
        "cues": Key(
            Many(TEXT, lone=True),
            "Words that make a turn worth a look; ... stands for up to three words, a|b for either",
        ),
        "note": Key(TEXT),
    },
    required=("id",),
)
CASE_FIELD = Record(
    CaseField,
    {
        "id": Key(NAME),
        "label": Key(TEXT),
        "about": Key(Many(Text(choices=ABOUT, hint="whom it is about"), lone=True)),
        "definition": Key(TEXT),
        "section": Key(TEXT),
        "values": Key(TEXTS, "Values allowed; none means free text"),
    },
    required=("id",),
)
CONSTRAINT = Record(
    Constraint,
    {
        "kind": Key(Text(choices=CONSTRAINT_KINDS, hint="a kind of constraint")),
        "code": Key(NAME),
        "others": Key(SOME_NAMES),
        "relation": Key(NAME, "Name of the link, for needs_link"),
        "why": Key(TEXT),
    },
    required=("kind", "code", "others"),
)
GIVEN = Record(
    Given,
    {
        "code": Key(NAME),
        "value": Key(Number()),
        "category": Key(TEXT),
        "reading": Key(TEXT, "The school that reads it so"),
        "why": Key(TEXT),
    },
    required=("code",),
    short="code",
)
REFUSED = Record(Refused, {"code": Key(NAME), "why": Key(TEXT)}, required=("code",), short="code")
TURN = Record(
    VignetteTurn,
    {
        "role": Key(ROLE),
        "text": Key(TEXT),
        "codes": Key(Many(GIVEN, lone=True), "Codes that an expert gives"),
        "not": Key(Many(REFUSED, lone=True), "Tempting codes not given", field="not_codes"),
        "breaks": Key(NAMES, "Codes that the codebook's rules must refuse here"),
    },
    required=("role", "text"),
)
LINK = Record(
    VignetteLink,
    {
        "from_turn": Key(INTEGER),
        "from_code": Key(NAME),
        "to_turn": Key(INTEGER),
        "to_code": Key(NAME),
        "relation": Key(NAME),
    },
    required=("from_turn", "from_code", "to_turn", "to_code", "relation"),
)
VIGNETTE = Record(
    Vignette,
    {
        "id": Key(NAME),
        "title": Key(TEXT),
        "family": Key(TEXT, "The instrument family it trains"),
        "why": Key(TEXT, "What it teaches"),
        "turns": Key(Many(TURN, least=1)),
        "links": Key(Many(LINK)),
    },
    required=("id", "title", "turns"),
)
BOOK = Record(
    dict,
    {
        "id": Key(BOOK_ID, "Short name, also the file's name"),
        "version": Key(TEXT, "Raise it with every change of meaning"),
        "title": Key(TEXT),
        "authors": Key(TEXTS),
        "citation": Key(TEXT),
        "licence": Key(TEXT),
        "language": Key(LANGUAGE),
        "description": Key(TEXT),
        "units": Key(Many(UNIT, lone=True), "Kinds of unit the codebook is meant for"),
        "roles": Key(Many(ROLE, lone=True), "Roles the codebook knows"),
        "scales": Key(Table(SCALE), "Scales that codes share, by name"),
        "codes": Key(Many(CODE, least=1)),
        "case_data": Key(Many(CASE_FIELD), "What only the user supplies about persons and pair"),
        "constraints": Key(Many(CONSTRAINT)),
        "vignettes": Key(Many(VIGNETTE)),
    },
    required=("id", "version", "title", "codes"),
)
INHERITED = ("roles", "scale", "observability", "level", "origin", "status", "color")
"""Keys that a code takes from the code above it unless it says otherwise."""
