"""The frame that all speech recognisers' JSON formats share: words in, pieces of a draft out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rupturecode.io.parsers.jsonsafe import parse_json
from rupturecode.io.parsers.preview import preview
from rupturecode.io.parsers.words import PAUSE_MS, Word, fill_words
from rupturecode.transcript.draft import Draft

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A recogniser's JSON: how it is told from others, and how its words are found.

    A format's module makes one and takes its ``sniff`` and ``read`` from it.
    """

    name: str
    sign: re.Pattern[str]
    """What only this recogniser writes near the beginning."""
    spoken: Callable[[Any, str], Iterable[Word]]
    """Gives the words, from the parsed content and the file's name for errors."""
    telling: tuple[str, ...] = ()
    """One of these must stand there too, where the sign alone could be another's."""

    def sniff(self, head: bytes, name: str) -> bool:
        """Whether this is the recogniser's JSON."""
        del name
        text = preview(head)
        if not text.lstrip().startswith(("{", "[")) or self.sign.search(text) is None:
            return False
        return not self.telling or any(key in text for key in self.telling)

    def read(self, data: bytes, *, source: str, pause_ms: int = PAUSE_MS) -> Draft:
        """Read the words with times and speakers, as pieces that are joined to turns later.

        Parameters
        ----------
        data
            The file.
        source
            Its name, for errors.
        pause_ms
            A silence of this length ends a piece; pieces of one speaker are joined to turns later.

        Raises
        ------
        ParseError
            When the JSON is malformed, not of this kind, or holds no words.

        Examples
        --------
        >>> import re
        >>> bare = Recogniser("x", re.compile(""), lambda texts, source: map(Word, texts))
        >>> bare.read(b'["Hm", "well"]', source="s01.json").raws
        ['Hm well']
        """
        content = parse_json(data, source=source)
        draft = Draft(self.name, source)
        fill_words(draft, self.spoken(content, source), pause_ms=pause_ms)
        return draft
