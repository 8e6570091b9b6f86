"""Who is client and who is therapist: mapped by the user, suggested by us, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from rupturecode.errors import UnknownNameError, UsageError
from rupturecode.tables import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    Roles = Mapping[str, str] | Literal["suggested"] | None

UNKNOWN = "unknown"

_CLIENT = (
    r"c\d*|cl|client|clients?\s*\d*|pt|pat|patient(?:in)?\s*\d*|k|kl|klient(?:in)?|paciente|cliente|"
    r"מטופלת?|العميل|المريض|来访者|مراجع"
)
_THERAPIST = (
    r"t\d*|th|ther|therapist\s*\d*|therapeut(?:in)?|thérapeute|terapeuta|counsell?or|clinician|"
    r"psychologist|psychotherapist|dr\.? .+|מטפלת?|المعالج|咨询师|درمانگر"
)
_PATTERNS = {
    "client": re.compile(_CLIENT),
    "therapist": re.compile(_THERAPIST),
    "partner": re.compile(r"partner(?:in)?|wife|husband|spouse|mother|father|mum|mom|dad"),
    "supervisor": re.compile(r"supervisor(?:in)?|sv"),
    "observer": re.compile(r"observer|interpreter|dolmetscher(?:in)?|trainee|moderator"),
}


def folded(speaker: str) -> str:
    r"""Return a speaker's name without what labels vary in: case, spacing, final punctuation.

    Examples
    --------
    >>> folded("Ms.\u00a0D.") == folded("ms. d")
    True
    """
    plain = unicodedata.normalize("NFKC", speaker).casefold()
    return " ".join(plain.split()).rstrip(" .:")


def suggest_roles(speakers: Iterable[str]) -> dict[str, str]:
    """Suggest a role for each speaker whose label is a usual one.

    ``P`` is left open: it is the patient in one convention and another person in the next.
    A single courtesy name (``Ms. D``) beside a therapist is suggested as the client.

    Examples
    --------
    >>> suggest_roles(["T", "Ms. D", "P"])
    {'T': 'therapist', 'Ms. D': 'client'}
    """
    names = list(dict.fromkeys(s for s in speakers if s))
    found: dict[str, str] = {}
    for name in names:
        for role, pattern in _PATTERNS.items():
            if pattern.fullmatch(folded(name)):
                found[name] = role
                break
    courtesy = [n for n in names if n not in found and re.match(r"(mr|mrs|ms|miss)\b", folded(n))]
    if len(courtesy) == 1 and "therapist" in found.values() and "client" not in found.values():
        found[courtesy[0]] = "client"
    return found


def role_column(speakers: list[str], roles: Roles) -> list[str]:
    """Return the role of each turn's speaker; ``"unknown"`` where none is given.

    Parameters
    ----------
    speakers
        The speaker of each turn, as written.
    roles
        Speaker to role, matched without regard to case, spacing and final punctuation; or
        ``"suggested"`` to accept what :func:`suggest_roles` offers.

    Raises
    ------
    UnknownNameError
        When a role is not one of ``tables.ROLES``.
    UsageError
        When two keys name the same speaker and disagree.

    Examples
    --------
    >>> role_column(["T", "Ms. D"], {"Ms. D:": "client"})
    ['unknown', 'client']
    """
    if roles is None:
        return [UNKNOWN] * len(speakers)
    known = set(speakers)
    if isinstance(roles, Mapping):
        by_name = checked_roles(roles)
        of = {s: by_name.get(folded(s), UNKNOWN) for s in known}
    elif roles == "suggested":
        offered = suggest_roles(dict.fromkeys(speakers))
        of = {s: offered.get(s, UNKNOWN) for s in known}
    else:
        raise UsageError(f"roles={roles!r}: give a mapping of speakers to roles, or 'suggested'.")
    return [of[s] for s in speakers]


def checked_roles(roles: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping with folded names, its roles known and free of contradiction.

    Raises
    ------
    UnknownNameError
        When a role is not one of ``tables.ROLES``.
    UsageError
        When two keys name the same speaker and disagree.
    """
    by_name: dict[str, str] = {}
    for name, role in roles.items():
        if role not in ROLES:
            raise UnknownNameError("role", str(role), ROLES)
        key = folded(str(name))
        if by_name.setdefault(key, role) != role:
            raise UsageError(f"roles: {name!r} is both {by_name[key]} and {role}.")
    return by_name


def roles_of(session: str, roles: Mapping[str, object] | str | None) -> Roles:
    """Return the roles of one session: its own, where a mapping has them, then those of all.

    Examples
    --------
    >>> roles_of("s2", {"T": "therapist", "C": "client", "s2": {"C": "partner"}})
    {'T': 'therapist', 'C': 'partner'}
    """
    if not isinstance(roles, Mapping):
        return roles  # type: ignore[return-value]  # checked by role_column
    general = {k: str(v) for k, v in roles.items() if not isinstance(v, Mapping)}
    own = roles.get(session)
    if not isinstance(own, Mapping):
        return general
    mine = {folded(str(k)) for k in own}
    return {**{k: v for k, v in general.items() if folded(k) not in mine}, **own}
