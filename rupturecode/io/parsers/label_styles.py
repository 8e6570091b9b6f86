"""The styles in which a speaker is set off from what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rupturecode.io.parsers.clock import TIME

_OUT = r":：\t\[\](){}<>!?\"“”,;=*#|"
#: ``(?:x|)`` says what ``(?:x)?`` says, and is tried in three quarters of the time.
_LABEL = rf"(?P<speaker>[^\W\d_](?:[^\n{_OUT}]{{0,38}}[^\s{_OUT}]|)|\?{{1,3}})"
_ALONE = rf"(?P<speaker>[^\W\d_](?:[^\n{_OUT}]{{0,38}}[^\s{_OUT}])?)(?<![.…])"
#: Chats have the day before the time of day.
_DAY = r"(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),?[ \t]+"
_STAMP = rf"[\[(<#]?(?:{_DAY})?(?P<start>{TIME})(?:\s*(?:-|–|-->|to)\s*(?P<end>{TIME}))?+[\])>#]?"
_AFTER = rf"(?:[ \t]*+[\[(](?P<later>{TIME})[\])]|)"
#: Behind the colon a time has hours and square brackets; ``(0:05)`` is a pause.
_WITHIN = r"(?:\[(?P<after>\d{1,3}:[0-5]\d:[0-5]\d(?:[.,]\d{1,9})?)\][ \t]*+|)"
#: A label with a colon inside, as recognisers number speakers: ``[Speaker:0]``.
_COLONED = r"[^\W\d_]{1,20}:\d{1,3}"
#: Before a French colon stands a space that does not break.
_GAP = r"[ \t\u00a0\u202f]"
_ASIDE = r"(?:[ \t]++\((?P<aside>[^\W\d_][^()\n:]{0,38})\)|)"
#: Numbers in circles, which count as letters.
_CIRCLED = r"\u2460-\u2473\u3251-\u325f\u32b1-\u32bf"
#: A bullet or a picture, and the number of the turn: ``1``, ``1.``, ``1:``, ``(1)``, ``[1]``,
#: ``#1``, ``L1``, ``①``.
_PLACE = (
    r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069>]*+(?:[-–—•·▪*+][ \t]++"
    r"|[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]++[ \t]*+|)"
    r"(?:(?:[(\[#]?\d{1,5}[.):\]-]{0,2}|L\d{1,5})(?:[ \t]++|(?=\t))|\d{1,5}[.)](?=[^\W\d_])"
    rf"|[{_CIRCLED}]++[ \t]*+|)"
)
#: Before most labels stands nothing: what may stand there is tried where no letter begins the line.
_NO_LETTER = rf"(?=[\W\d_{_CIRCLED}]|L\d)"
_MARGIN = rf"(?:{_NO_LETTER}{_PLACE}|)"


@dataclass(frozen=True, slots=True)
class Style:
    """How a speaker is set off from what they say."""

    name: str
    pattern: re.Pattern[str]
    by_vocabulary: bool = False
    """Whether a match counts only when its label is in the file's vocabulary."""
    share: float = 0.0
    """Share of the lines that must match before the style is believed."""
    needs: re.Pattern[str] | None = None
    """What every line that matches holds: where no line does, the style need not be tried."""
    apart: bool = False
    """Whether the label has the line to itself, so that words must stand between two labels."""
    unnamed: bool = False
    """Whether it names no speaker, and so counts only where no other style does."""
    named_only: bool = False
    """Whether only the user's own list of labels can tell the label from a word."""


#: What styles need: any time has a digit before and behind a colon. A pattern that begins with
#: a letter is searched for ten times as fast.
_A_TIME, _BRACKET = re.compile(r":(?<=\d:)\d"), re.compile(r"\[")

#: The more telling style first; ties go to it.
STYLES = (
    Style(
        "chat message: time, From, name",
        re.compile(
            rf"\s*(?P<start>{TIME})[ \t]+From[ \t]+(?P<speaker>[^\W\d_][^:\n]{{0,58}}?)"
            r"(?:[ \t]+[Tt]o[ \t]+[^:\n]{1,60})?[ \t]*:[ \t]*"
        ),
        share=0.5,
        needs=re.compile("From"),
    ),
    Style(
        "name in brackets and time on their own line",
        re.compile(rf"\s*\[(?P<speaker>[^\W\d_][^\[\]:]{{0,58}})\][ \t]+(?P<start>{TIME})[ \t]*+$"),
        needs=_BRACKET,
    ),
    Style(
        "name in brackets on its own line",
        re.compile(r"\s*\[(?P<speaker>[^\W\d_][^\[\]:]{0,58})\][ \t]*+$"),
        by_vocabulary=True,
        needs=_BRACKET,
    ),
    Style(
        "name and time on their own line",
        re.compile(
            r"\s*(?:\*\*)?(?P<speaker>[^\W\d_][^:\t\[\]()*]{0,58}?)(?:\*\*)?"
            r"(?:[ \t]{2,60}|\t|:?[ \t]{0,60}[\[(])"
            rf"(?P<start>{TIME})[\])]?:?[ \t]*+$"
        ),
        needs=_A_TIME,
    ),
    Style(
        "name, one space and time on their own line",
        re.compile(rf"\s*(?P<speaker>[^\W\d_][^:\t\[\]()*]{{0,58}}?)[ ](?P<start>{TIME})[ \t]*+$"),
        by_vocabulary=True,
        share=0.2,
        needs=_A_TIME,
    ),
    Style(
        "name in bold, then time",
        re.compile(
            rf"\s*\*\*(?P<speaker>[^*:\n]{{1,58}}):?\*\*[ \t]*[\[(]?(?P<start>{TIME})[\])]?:?[ \t]*"
        ),
        needs=_A_TIME,
    ),
    Style(
        "time, then name on their own line",
        re.compile(
            rf"\s*{_STAMP}[ \t]+(?:[-–—][ \t]+)?"
            r"(?P<speaker>[^\W\d_][^:.!?\[\]()]{0,38}(?:\([^():]{1,30}\))?)[ \t]*+$"
        ),
        by_vocabulary=True,
        share=0.3,
        needs=_A_TIME,
    ),
    Style(
        "label and colon",
        re.compile(
            rf"(?:{_NO_LETTER}{_PLACE}(?:\*{{0,2}}{_STAMP}\*{{0,2}}[ \t]*(?:[-–][ \t]+)?|)"
            rf"(?:\*{{1,2}}|_{{1,2}}|[<{{#@]|\[(?!{_COLONED}\])"
            r"|\((?=[^():]{1,40}\)[ \t]*[:：])|)|)"
            rf"{_LABEL}"
            # in most files the colon follows at once, and a space behind it
            r"(?:(?=[*_>\])}(\[ \t\u00a0\u202f])"
            rf"(?:\*{{1,2}}|_{{1,2}}|[>\])}}]|){_ASIDE}{_AFTER}{_GAP}*+|)(?!(?<=\d):\d\d)[:：]"
            r"(?:(?=[:：*_-])(?:[:：]|-(?=[ \t])|)(?:\*{1,2}|_{1,2}|)|)"
            rf"{_GAP}*{_WITHIN}"
        ),
        by_vocabulary=True,
    ),
    Style(
        "label and tab",
        re.compile(rf"{_MARGIN}(?:{_STAMP}[ \t]+)?{_LABEL}{_AFTER}[ ]*+\t[ \t]*+"),
        by_vocabulary=True,
        share=0.6,
        needs=re.compile("\t"),
    ),
    Style(
        "label, time, then words",
        re.compile(
            rf"{_MARGIN}{_LABEL}(?:[ \t]+|(?=[\[(<#]))(?>{_STAMP})"
            r"[ \t]*(?:[-–][ \t]+)?(?=[^\s\])>#])"
        ),
        by_vocabulary=True,
        share=0.5,
        needs=_A_TIME,
    ),
    Style(
        "label in brackets",
        re.compile(
            rf"{_MARGIN}(?:{_STAMP}[ \t]*+)?"
            rf"[\[<({{](?P<speaker>{_COLONED}|[^\W\d_]{{1,20}}[ _]?\d{{0,3}})[\]>)}}][ \t]+(?=\S)"
        ),
        by_vocabulary=True,
        share=0.5,
    ),
    Style(
        "label and stop, dash or parenthesis",
        re.compile(
            rf"{_MARGIN}(?P<speaker>[^\W\d_]{{1,12}}\d{{0,2}})"
            r"(?:(?:[.)]?[ \t]*(?:--?>?|[–—→])|[.)>])[ \t]+|[ \t]*—)(?=\S)"
        ),
        by_vocabulary=True,
        share=0.6,
    ),
    Style(
        "label and bar or equals sign",
        re.compile(rf"{_MARGIN}(?P<speaker>[^\W\d_]{{1,12}}[ ]?\d{{0,2}})[ \t]*[|=][ \t]*(?=\S)"),
        by_vocabulary=True,
        share=0.6,
        needs=re.compile("[|=]"),
    ),
    Style(
        "label and words in corner brackets",
        re.compile(rf"{_MARGIN}(?P<speaker>[^\W\d_]{{1,12}}\d{{0,2}})[ \t\u3000]*(?=[「『])"),
        by_vocabulary=True,
        share=0.6,
        needs=re.compile("[「『]"),
    ),
    Style(
        "label on its own line",
        re.compile(rf"{_MARGIN}(?:\*{{1,2}}|#{{1,6}}[ ])?{_ALONE}(?:\*{{1,2}})?[ \t]*+$"),
        by_vocabulary=True,
        share=0.2,
        apart=True,
    ),
    Style(
        "label and wide space",
        re.compile(rf"{_MARGIN}(?P<speaker>[^\W\d_]{{1,12}}\d{{0,2}})[ ]{{2,60}}(?=\S)"),
        by_vocabulary=True,
        share=0.6,
        needs=re.compile("  "),
    ),
    Style(
        "label and one space",
        re.compile(rf"{_MARGIN}(?P<speaker>[^\W\d_]{{1,12}}\d{{0,2}})[ ](?=\S)"),
        by_vocabulary=True,
        share=0.3,
        named_only=True,
    ),
    Style(
        "time without speaker",
        re.compile(rf"\s*{_STAMP}[ \t]+(?=\S)"),
        share=0.3,
        needs=_A_TIME,
        unnamed=True,
    ),
    Style(
        "time on its own line, without speaker",
        re.compile(rf"\s*{_STAMP}:?[ \t]*+$"),
        share=0.3,
        needs=_A_TIME,
        unnamed=True,
    ),
)
