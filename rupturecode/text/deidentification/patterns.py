"""Identifiers that have a form of their own: dates, ages, numbers, addresses, mail."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """A stretch of a text that may identify someone."""

    start: int
    end: int
    kind: str
    rule: str


_MONTH = (
    r"(?:(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\b|(?:jan|feb|mar|apr|aug|sept?|oct|nov|dec)\b\.?)"
)
_LONG_MONTH = r"(?:january|february|april|june|july|august|september|october|november|december)\b"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
)
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth"
    r"|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)\b"
)
_SPOKEN_YEAR = (
    rf"(?:(?:nineteen|twenty)[- ](?:oh[- ](?:{_UNITS})|(?:{_TEENS}|forty|fifty|sixty|seventy"
    rf"|eighty|ninety)(?:[- ](?:{_UNITS}))?)|two thousand(?: and)?(?: (?:{_UNITS}|{_TEENS}))?)\b"
)
_YEAR = rf"(?:(?:19|20)\d\d\b|['’]\d\d\b|{_SPOKEN_YEAR})"
_DAY = rf"(?:{_ORDINAL}|\d{{1,2}}\b)"
_HOLIDAY = (
    r"(?:christmas(?: eve| day)?|easter(?: (?:sunday|monday))?|good friday|boxing day"
    r"|thanksgiving|halloween|new year['’]?s?(?: eve| day)?|valentine['’]?s(?: day)?"
    r"|mother['’]?s day|father['’]?s day|labou?r day|memorial day|hanukkah|passover|ramadan|eid"
    r"|diwali|lunar new year|juneteenth)"
)
_DIGIT = r"(?:zero|oh|o|double|triple|hundred|one|two|three|four|five|six|seven|eight|nine)"
_SEP = r"(?:[ ,.-]{1,3}(?:and )?)"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|terrace"
    r"|way|circle|parkway|pkwy|highway|hwy|square|crescent|alley|row|loop|trail)\b"
)
_FLAT = r"(?:,? (?:[Aa]pt|[Aa]partment|[Uu]nit|[Ss]uite|#)\.? ?\w{1,6}\b)?"
_NAME_PART = r"[^\W\d_][\w'’-]{0,30}"
_AGE90 = (
    r"(?:(?:9\d|1[01]\d)\b|ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?\b"
    rf"|(?:a|one) hundred(?: (?:and )?(?:{_UNITS}|{_TEENS}))?\b)"
)
_NOT_AGE = (
    r"(?!\s+(?:and\s+)?(?:percent|per|minutes?|days?|hours?|weeks?|months?|dollars?|bucks|pounds?"
    r"|degrees|miles|times|people|things?|thousand|ways?|milligrams?|mgs?|calories|something)\b"
    r"|\s*[%$])"
)
_ID_WORD = (
    r"(?:mrn|m\.r\.n\.|chart|record|case|file|account|acct|policy|member(?:ship)?|licen[sc]e|plate"
    r"|passport|patient|claim|docket|badge|insurance|student|employee|booking|inmate|alien|visa"
    r"|confirmation|social|ssn|serial|vin|group|docket|id)"
)

#: Kind, name of the rule, form. Order decides between findings of equal length.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("EMAIL", "mail address", r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
    (
        "EMAIL",
        "spoken mail address",
        (
            r"(?<![\w.-])[\w-]{1,40}(?: (?:dot|underscore|dash|hyphen|period) [\w-]{1,40}){0,4} at "
            r"[\w-]{1,40}(?: dot [\w-]{1,20}){0,2} dot (?:com|org|net|edu|gov|io|co|us|uk|ca"
            r"|info)\b"
            r"(?: dot [a-z]{2}\b)?"
        ),
    ),
    (
        "URL",
        "web address",
        (
            r"(?<![\w@.-])(?:https?://\S{1,300}|www\.\S{1,300}"
            r"|[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:com|org|net|edu|gov|io|info|co\.uk)\b(?:/\S{0,200})?)"
        ),
    ),
    ("URL", "handle", r"(?<![\w@.])@[A-Za-z_][\w.]{2,30}"),
    (
        "URL",
        "spoken web address",
        r"\b[\w-]{2,40} dot (?:com|org|net|edu|gov)\b(?: slash [\w-]{1,40}){0,3}",
    ),
    ("SSN", "social security number", r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"),
    (
        "PHONE",
        "telephone number",
        (
            r"(?<![\w-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,5}\)[ .-]?)?\d{2,5}(?:["
            r" .-]\d{2,5}){1,4}(?![\w-]|/)"
            r"(?:,? (?:ext|extension|x)\.? ?\d{1,6}\b)?"
        ),
    ),
    (
        "PHONE",
        "spoken number",
        rf"\b{_DIGIT}(?:{_SEP}{_DIGIT}){{4,18}}\b",
    ),
    ("ID", "network address", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"),
    (
        "MRN",
        "number with its name",
        (
            rf"\b{_ID_WORD}(?:\s{{1,2}}(?:number|no\.?|num|id|code|member|record))?"
            r"(?:\s{1,2}(?:is|was|number|ends in|ending in))?\s{0,2}[:#]?\s{0,2}"
            r"(?=[A-Z#-]{0,8}\d)[#A-Z\d][A-Z\d/-]{2,30}\b"
        ),
    ),
    ("MRN", "number sign", r"#\s?[A-Z\d][A-Z\d-]{2,30}\b"),
    (
        "MRN",
        "letters and digits",
        r"(?<![\w-])(?=[A-Z\d-]{0,15}\d[A-Z\d-]{0,15}\d)[A-Z]{1,6}-?\d[A-Z\d-]{3,20}(?![\w-])",
    ),
    ("ID", "long number", r"(?<![\w$€£.,-])\d{5,20}(?![\w%])"),
    (
        "ID",
        "last digits",
        r"\b(?:last (?:four|4|three|3)|end(?:s|ing) (?:in|with))\D{0,30}?(\d{3,4})\b",
    ),
    (
        "PLACE",
        "street corner",
        r"\b(?:[Aa]t|[Oo]n|[Nn]ear|[Bb]y|[Oo]f) (\d{1,3}(?:st|nd|rd|th) and [A-Z][\w'’-]{1,20})",
    ),
    ("DATE", "date in digits", r"(?<![\w/])\d{1,4}([/.-])\d{1,2}\1\d{1,4}(?![\w/])"),
    (
        "DATE",
        "day and month in digits",
        (
            r"\b(?:on|since|until|by|dated?|born|(?:birthday|anniversary) (?:is|was))\s"
            r"(\d{1,2}/\d{1,2})\b(?!/)"
        ),
    ),
    (
        "DATE",
        "month with day or year",
        (
            rf"\b(?:{_WEEKDAY},? )?(?:the )?(?:late |early |mid-?)?{_MONTH}(?: of)?,? (?:the )?"
            rf"(?:{_DAY}(?:,? (?:of )?{_YEAR})?|{_YEAR})"
        ),
    ),
    (
        "DATE",
        "day of month",
        rf"\b(?:{_WEEKDAY},? )?(?:the )?{_DAY},? (?:of |day of )?{_MONTH}(?:,? (?:of )?{_YEAR})?",
    ),
    ("DATE", "weekday with day", rf"\b{_WEEKDAY},? the {_ORDINAL}"),
    (
        "DATE",
        "day alone",
        (
            rf"\b(?:on|by|until|till|since|from|before|after) (the {_ORDINAL})"
            r"(?=\s*[.,;?!]|\s+(?:and|but|or|to|because|so|at|when|i|we|he|she|they|it)\b|\s*$)"
        ),
    ),
    (
        "DATE",
        "day alone",
        (
            rf"\b(?:the )?(?:night|morning|evening|afternoon|eve) of the {_ORDINAL}"
            r"(?=\s*[.,;?!]|\s+(?:and|but|or|to|because|so|at|when|i|we|he|she|they|it)\b|\s*$)"
        ),
    ),
    ("DATE", "holiday with year", rf"\b{_HOLIDAY},?(?: of| in)? {_YEAR}"),
    (
        "DATE",
        "holiday as a date",
        rf"\b(?:on|since|until|till|by|before|after|last|this past) ({_HOLIDAY})\b",
    ),
    (
        "DATE",
        "day alone",
        (
            r"\b(?:is|was|it['’]s) (the (?:\d{1,2}(?:st|nd|rd|th)|(?!first|second|third|last)"
            rf"{_ORDINAL}))(?=\s*[.,;?!]|\s*$)"
        ),
    ),
    (
        "NAME",
        "initials",
        r"(?<![\w.])(?!U\.S|[AP]\.M|D\.C)(?:[A-Z]\. ?){2,3}(?<! )(?: [A-Z][\w'’-]{1,30})?",
    ),
    (
        "NAME",
        "initial for a name",
        (
            r"(?<![\w.'’-])[B-HJ-Z](?= (?:and I|said|says|told|tells|texted|texts|called|calls|came"
            r"|comes|left|went|wants|wanted|thinks|knows|keeps|kept|hit|never|always|didn['’]t"
            r"|doesn['’]t)\b)"
        ),
    ),
    (
        "MRN",
        "plate",
        (
            r"\b(?:plates?|registration|reg|tag)(?: number)?(?: is| was| says| reads)?,? "
            r"((?=[A-Za-z -]{0,8}\d)(?=[\d -]{0,8}[A-Za-z])[A-Za-z\d]{1,4}[ -]?[A-Za-z\d]{2,5})\b"
        ),
    ),
    (
        "PLACE",
        "street whose kind comes first",
        (
            r"(?<![\w-])\d{1,5},? (?:rue|calle|via|viale|avenida|rua|jalan|ulica|carrer|piazza)"
            rf" (?:(?:de|del|della|di|do|da|la|las|los|le|les) ){{0,2}}{_NAME_PART}{_FLAT}"
        ),
    ),
    (
        "PLACE",
        "street whose number comes last",
        (
            r"\b(?:rue|calle|via|viale|avenida|rua|carrer|paseo|piazza|praça)"
            rf"(?: (?:de|del|della|di|do|da|la|las|los|le|les)){{0,2}} {_NAME_PART}"
            rf"(?: {_NAME_PART}){{0,2}},? \d{{1,5}}\b(?:, \d{{1,2}}\s?[ºª°.]?(?: \w{{1,12}})?)?"
        ),
    ),
    (
        "PLACE",
        "street in one word",
        (
            r"\b[^\W\d_]{2,30}(?:straße|strasse|gasse|allee|platz|straat|gatan|vägen|vej|gata)"
            r" \d{1,4}\s?[a-z]?\b"
        ),
    ),
    ("PLACE", "street with a number for a name", rf"\b{_ORDINAL} (?:street|avenue|ave|road)\b"),
    (
        "EMPLOYER",
        "unit of an army",
        (
            rf"\b(?:the )?{_ORDINAL} (?:airborne|infantry|battalion|division|regiment|brigade"
            r"|squadron|cavalry|marines)\b"
        ),
    ),
    (
        "MRN",
        "small letters and digits",
        (
            r"(?<![\w/-])(?:[a-z]{2,6}-?\d{4,12}|[a-z]{1,4}[/-]\d{4,12}(?:[/-][a-z\d]{1,6})?)"
            r"(?![\w-])"
        ),
    ),
    (
        "PLACE",
        "postal code in small letters",
        r"(?<!\w)[a-z]{1,2}\d{1,2}[a-z]? \d(?!st|nd|rd|th)[a-z]{2}(?!\w)",
    ),
    ("NAME", "title and initial", r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z]\b\.?"),
    (
        "DATE",
        "season with year",
        rf"\b(?:spring|summer|fall|autumn|winter),?(?: of| in)? {_YEAR}",
    ),
    ("DATE", "month", rf"\b(?:late |early |mid[- ]?|end of |middle of )?{_LONG_MONTH}"),
    (
        "DATE",
        "month after a preposition",
        (
            r"\b(?:in|since|until|till|by|from|during|around|before|after|through|to|last|next|this"
            r"|every|of|early|late|mid) "
            r"((?:early |late |mid[- ]?)?(?:may|march|sept|oct|nov|dec|jan|feb)\b)(?! (?:have"
            r"|be|not))"
        ),
    ),
    (
        "AGE",
        "age of ninety or more",
        (
            rf"\b(?:is|was|['’]s|are|turned|turning|turns|be|aged?|at|almost|nearly|about|to|than|lived"
            rf"|until|till|me|i['’]m|now|only) ({_AGE90}(?:[- ]years?[- ]old)?){_NOT_AGE}"
        ),
    ),
    ("AGE", "age of ninety or more", rf"\b({_AGE90}[- ]years?[- ]old)\b"),
    (
        "PLACE",
        "street address with capitals",
        (
            rf"(?<![\w-])\d{{1,5}}(?:st|nd|rd|th)?[A-Za-z]? (?:[NSEW]\.?"
            rf" )?(?:(?=[A-Z]){_NAME_PART} ){{1,3}}"
            rf"(?i:{_STREET})\.?{_FLAT}"
        ),
    ),
    (
        "PLACE",
        "street address",
        (
            rf"(?<![\w-])\d{{1,5}}(?:st|nd|rd|th|[a-z])? (?:{_NAME_PART} ){{0,2}}"
            rf"(?:street|avenue|road|lane|boulevard|terrace|parkway)\b{_FLAT}"
        ),
    ),
    (
        "PLACE",
        "numbered road",
        (
            r"\b(?:route|highway|interstate|exit|county road|state road|rural route)"
            r" \d{1,4}[A-Za-z]?\b"
            r"|\bI-\d{1,3}\b"
        ),
    ),
    ("PLACE", "flat", r"\b(?:apartment|apt\.?|unit|suite) (#? ?(?=\w{0,4}\d)\w{1,5}|[A-Z])\b"),
    ("PLACE", "post box", r"\bp\.? ?o\.? box \d{1,6}\b"),
    ("PLACE", "postal code", r"\bzip(?: code)?(?: is| was)?,? ?(\d{5}(?:-\d{4})?)"),
    (
        "PLACE",
        "postal code",
        r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)|(?<!\w)[A-Z]\d[A-Z] \d[A-Z]\d(?!\w)",
    ),
)
_CASED = {
    "street corner",
    "initials",
    "initial for a name",
    "title and initial",
    "street address with capitals",
    "letters and digits",
    "postal code",
    "flat",
}
RULES = tuple(
    (kind, rule, re.compile(form, 0 if rule in _CASED else re.IGNORECASE))
    for kind, rule, form in _RULES
)


def find_patterns(text: str) -> list[Finding]:
    """Find what has a form of its own; where a rule has a group, the group is what counts.

    Examples
    --------
    >>> [f.kind for f in find_patterns("Since March 3rd I am at 555-0143.")]
    ['PHONE', 'DATE', 'DATE']
    """
    found = []
    for kind, rule, form in RULES:
        for match in form.finditer(text):
            group = 1 if form.groups and match.group(1) and len(match.group(1)) > 1 else 0
            start, end = match.span(group)
            if rule == "telephone number" and not _is_telephone(match.group()):
                continue
            found.append(Finding(start, end, kind, rule))
    return found


def _is_telephone(text: str) -> bool:
    """Seven digits or more, and not just a range of years or of rounded numbers."""
    digits = sum(c.isdigit() for c in text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", text):
        return False
    return 7 <= digits <= 18 and not re.fullmatch(r"(?:19|20)\d\d ?- ?(?:19|20)\d\d", text)
