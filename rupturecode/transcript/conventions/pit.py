"""The habits of psychodynamic-interpersonal therapy's transcribers in the UK.

Brackets and parentheses are read as in the plain default; words spoken at the same time as
the other's are underlined. Only files that keep underlining show it.

References
----------
Psychodynamic Interpersonal Therapy UK. Guidance on transcribing sessions.
https://pit-uk.org.uk
"""

from __future__ import annotations

from rupturecode.transcript.conventions.plain import SIGNS, find

__all__ = ["SIGNS", "UNDERLINED", "find"]

UNDERLINED = "overlap"
