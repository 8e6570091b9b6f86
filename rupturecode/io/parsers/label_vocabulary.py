"""Which of the words before a colon are speakers: learned from the file, not from a pattern."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rupturecode.transcript.roles import folded, suggest_roles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NUMBER_WORDS = r"(?:no|nr|num|number|id|code|name|date|age|initials|#)"
#: Words that head a field above the talk, in which no speaker's name begins.
_FIELD_WORDS = (
    "session|interview|meeting|recording|recorded|transcript|transcription|transcribed|transcriber"
    "|date|time|start|end|duration|length|location|place|venue|setting|site|topic|subject"
    "|title|case|age|gender|sex|diagnosis|occupation|ethnicity|participants|attendees|speakers|present"
    "|language|filename|file|audio|video|version|source|project|study|keywords|summary|copyright"
    "|sitzung|gespräch|datum|zeit|uhrzeit|dauer|länge|ort|aufnahme|aufnahmedatum|beginn|ende|alter"
    "|geschlecht|diagnose|teilnehmer|teilnehmende|anwesend|transkription|transkriptor|transkriptorin"
    "|transkribent|transkribentin|transkribiert|thema|séance|durée|lieu|heure|âge|sexe|sesión|fecha"
    "|hora|duración|lugar|edad|sexo|participantes|entrevista|sessão|duração|data|local|idade|seduta"
    "|durata|luogo|età|partecipanti|sessie|duur|plaats|tijd|deelnemers"
)
_FIELD = re.compile(
    rf"(?:{_FIELD_WORDS})(?: [\w.#]+){{0,3}}|[^\W\d_]+ {_NUMBER_WORDS}"
    r"|日期|时间|時間|地点|場所|日時|时长|次数|날짜|시간|장소|תאריך|שעה|מקום|التاريخ|المكان|المدة|تاریخ|مکان"
)
#: Words that stand before a colon in headers and prose and never are a speaker.
_NEVER = frozenset(
    "note notes date time session key title subject re from to cc page topic summary location"
    " recorded recording duration length participants present transcriber transcript transcribed"
    " transcription filename file audio video language example examples question http https ftp"
    " www p.s ps nb name anmerkung datum zeit sitzung dauer fecha nota hora".split()
)
#: Words before a colon behind which stands what a coder noted about the turn above.
_CODES = re.compile(
    r"(?:code|codes|coding|coder|rater|rating|ratings|score|memo|kode|kodes|codierung|kodierung"
    r"|código|códigos)(?: ?\d+)?"
)
#: A word that heads a field and comes as often is a name after all.
_OFTEN = 3
#: Words that begin a sentence and no name, where another follows in small letters.
_OPENERS = (
    "i|you|he|she|it|we|they|this|that|these|those|there|then|so|and|but|because|if|when|what|why"
    "|how|as|in|at|on|for|like|well|oh|ok|okay|yes|no|now|just|or|also|ich|du|er|sie|es|wir|ihr|und"
    "|aber|dann|weil|also|das|dies|wenn|was|warum|wie|yo|él|ella|y|pero|entonces|que|porque|je|tu|il"
    "|elle|et|mais|alors|donc|parce"
)
_SAID = (
    "said|says|say|asked|asks|goes|went|told|thought|thinks|replied|answered|like|sagte|sagt|meinte"
    "|fragte|fragt|dachte|dijo|dice|dije|pensé|dit|disait|dis|disais|disse|diz|zei|zegt"
)
_SPEECH = re.compile(
    rf"(?i:{_OPENERS}) [^\W\d_A-Z].*|.+ (?:(?:{_SAID})(?: (?:me|him|her|us|them))?)"
)
_NUMBERED = re.compile(r"(?P<stem>[^\W\d_]{2,}[ _-]?)\d{1,3}")
_ASIDE = re.compile(r"[(\[][^()\[\]]{1,40}[)\]]")
_CODE = re.compile(r"[^\W\d_]{1,3}\.?\s?\d{0,3}")


def learn(
    candidates: Mapping[str, int],
    n_lines: int,
    *,
    stamped: Collection[str] = (),
    headings: Collection[str] = (),
) -> frozenset[str]:
    """Choose the labels among what stands before a colon.

    A word that comes back is a label; so is a usual one (``T``, ``Client``, ``Ms. D``), and
    one that differs from a label only in its number (``Speaker 3``). Another word that comes
    once is a label only in a file where nearly every line has one and it looks like a name.
    Fields of a header (``Date``), headings, and what introduces quoted words (``She said``)
    are none.

    Parameters
    ----------
    candidates
        What stands before a colon at the start of a line, and how often.
    n_lines
        Lines with text in the file.
    stamped
        Those that have a time beside them, which words in speech do not.
    headings
        Those behind which nothing is ever said.

    Returns
    -------
    Labels folded as by :func:`~rupturecode.transcript.roles.folded`.

    Examples
    --------
    >>> sorted(learn({"T": 2, "C": 1, "Note": 1}, n_lines=5))
    ['c', 't']
    >>> sorted(learn({"Speaker 1": 2, "Speaker 2": 1, "Chapter 2": 1}, n_lines=9))
    ['speaker 1', 'speaker 2']
    >>> sorted(learn({"DR. LEE": 2, "ANA": 1, "Well": 1, "DATE": 1}, n_lines=9))
    ['ana', 'dr. lee']
    """
    written: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, n in candidates.items():
        key = folded(label)
        counts[key] += n
        written.setdefault(key, label)
    timed = {folded(label) for label in stamped}
    dense = counts.total() >= 0.8 * n_lines
    chosen = {
        key
        for key, n in counts.items()
        if (key not in _NEVER or (key == "question" and "answer" in counts))
        and not is_code(key)
        and not _SPEECH.fullmatch(written[key])
        and (
            _usual(written[key])
            or (
                written[key] not in headings
                and (n >= 2 or ((dense or key in timed) and is_name(written[key])))
                and (n >= _OFTEN or key == "question" or not is_field(key))
            )
        )
    }
    if chosen and all(map(_in_capitals, map(written.__getitem__, chosen))):
        chosen |= {
            key
            for key, label in written.items()
            if _in_capitals(label) and label not in headings and could_be_speaker(label)
        }
    stems = {found["stem"] for key in chosen if (found := _NUMBERED.fullmatch(key))}
    return frozenset(chosen) | {
        key for key in counts if (found := _NUMBERED.fullmatch(key)) and found["stem"] in stems
    }


def _in_capitals(label: str) -> bool:
    """Whether a name is written in capitals, as scripts set speakers off; a letter says nothing."""
    return label.isupper() and sum(map(str.isalpha, label)) > 1


def is_field(label: str) -> bool:
    """Whether a word before a colon heads a field, as above a transcript, and is no speaker.

    Examples
    --------
    >>> is_field("Session Number"), is_field("Client ID"), is_field("Interviewer")
    (True, True, False)
    """
    key = folded(label)
    return key in _NEVER or is_code(key) or _FIELD.fullmatch(key) is not None


def is_code(label: str) -> bool:
    """Whether a word before a colon says that a code follows, and nobody's words.

    Examples
    --------
    >>> is_code("Code"), is_code("Codes:"), is_code("Cody")
    (True, True, False)
    """
    return _CODES.fullmatch(folded(label)) is not None


def could_be_speaker(label: str) -> bool:
    """Whether a word before a colon that was not taken for a speaker may be one after all.

    Examples
    --------
    >>> could_be_speaker("Receptionist"), could_be_speaker("Note"), could_be_speaker("And then")
    (True, False, False)
    """
    opener = re.match(rf"(?i:{_OPENERS})\b", label)
    return is_name(label) and not (opener or is_field(label) or _SPEECH.fullmatch(label))


def _usual(label: str) -> bool:
    return (
        bool(suggest_roles([label]))
        or not label.strip("?")
        or bool(re.match(r"(mr|mrs|ms|miss)\b", folded(label)))
    )


def is_name(label: str) -> bool:
    """Whether words look like a name: each with a capital; what stands in brackets is aside.

    Examples
    --------
    >>> is_name("Jane Smith (she/her)"), is_name("and then")
    (True, False)
    """
    words = _ASIDE.sub("", label).split()
    return bool(_CODE.fullmatch(label)) or all(
        w[0].isupper() or not w[0].isascii() or (i and w.isdigit()) for i, w in enumerate(words)
    )
