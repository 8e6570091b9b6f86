"""What each feature of a turn counts, and where the idea comes from."""

from __future__ import annotations

import re

from rupturecode.text.feature import Feature, words
from rupturecode.text.moves import FORMS, THERAPIST_MOVES
from rupturecode.text.stance import AGAINST_CHANGE, FOR_CHANGE

_WITHDRAWAL = "withdrawal and confrontation markers of alliance ruptures (Safran & Muran, 2000)"
_PRESSURE = "therapist contributions to ruptures (Chang, Dunn & Omid, 2021)"
_TIMING = "pauses in withdrawal, a case study (Dolev-Amit et al., 2020)"
_LENGTH = "talk of few words; a weak marker that also finds people who speak briefly"
_PLACE = "what is said early and late in a session differs; a control, no claim"
_OWN = "counted as a control; no claim"


DIRECTIVE = words(
    r"you (?:should|need to|have to|must|ought to|had better|might want to)|i(?: would|'d)? "
    r"(?:want|need|like) you to|i'm going to ask you|let's|why don't you|try to|make sure|don't"
    r" forget"
    r"|promise me|how do you think (?:this|that|it) (?:will|would|looks?)|be honest"
)
COMPLAINT = words(
    r"you (?:don't|never|didn't|aren't|always|keep)|you're not|you people|waste of|not (?:helping"
    r"|helpful|working)|doesn't help|didn't help|isn't (?:helping|working)|what's the point"
    r"|(?:stupid|pointless|useless|ridiculous|unfair)|sick of|fed up|unbelievable|nothing has"
)
AGREEMENT = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|ok|okay|sure|right|fine|mm-?hmm?|mhm|uh-?huh|of course|i will|i"
    r" guess so"
    r"|you're right|that's right|alright|all right|whatever you say|if you say so)\b"
)
QUESTION_START = re.compile(
    r"^\W*(?:(?:and|so|but|well|okay|um|uh),? )?(?:what|why|how|when|where|who|which|do|does"
    r"|did|is|are"
    r"|was|were|can|could|would|will|have|has|should) "
)

_GENERAL: tuple[Feature, ...] = (
    Feature("n_words", "words in the turn", _LENGTH),
    Feature(
        "talk_share", "share of the words of the last ten turns that are the speaker's", _LENGTH
    ),
    Feature(
        "length_change",
        "natural logarithm of the turn's words (plus one) over the mean of the speaker's earlier "
        "turns in the session (plus one); missing in a first turn",
        "drop against one's own baseline, which brief speakers do not set off",
    ),
    Feature("turns_before", "turns of the session before this one", _PLACE),
    Feature("turns_after", "turns of the session after this one", _PLACE),
    Feature(
        "latency_ms", "milliseconds since the other speaker ended; missing without times", _TIMING
    ),
    Feature(
        "pauses",
        "noted pauses and three dots",
        _TIMING,
        re.compile(r"\.{3}|…|\[(?:long )?pause|\(pause"),
    ),
    Feature(
        "broken_off", "dashes of breaking off or interruption", _OWN, re.compile(r"--|—|-(?=\s|$)")
    ),
    Feature("hesitations", "um, uh, er", _OWN, words("um+|uh+|er+m?|hm+|mm+")),
    Feature(
        "negations",
        "not, never, no, nothing and their like",
        _WITHDRAWAL,
        re.compile(r"n't\b|\b(?:not|no|never|nothing|none|nobody|nor|neither|cannot|nope|nah)\b"),
    ),
    Feature(
        "refusals",
        "forms of not wanting, not being able to or not seeing the point",
        _WITHDRAWAL,
        words(
            r"i (?:don't|do not|won't|will not|can't|cannot|'m not going to) (?:want|wanna|feel"
            r" like"
            r"|think so|see|know|do|talk|really|go|have)|i'd rather not|no way|leave me alone"
            r"|doesn't (?:help|matter|work)|not (?:helping|helpful|working)|what's the point"
            r"|waste of time|never mind|drop it|forget it"
        ),
    ),
    Feature(
        "hedges",
        "maybe, I guess, kind of and their like",
        _WITHDRAWAL,
        words(
            r"maybe|perhaps|i guess|i suppose|kind of|kinda|sort of|sorta|probably|possibly|might"
            r"|i don't know|i dunno|not sure|somewhat|or something|or whatever"
        ),
    ),
    Feature(
        "agreement_after_directive",
        "1 where a turn opens with agreement right after another's directive",
        "compliance as a form of withdrawal (Safran & Muran, 2000)",
    ),
    Feature(
        "directive_after_complaint",
        "1 where a turn holds a directive right after another's complaint",
        _PRESSURE,
    ),
    Feature(
        "questions", "question marks, or 1 where the turn opens like a question without one", _OWN
    ),
    Feature(
        "first_person",
        "I, me, my, mine, myself",
        _OWN,
        words(r"i|i'm|i've|i'd|i'll|me|my|mine|myself"),
    ),
    Feature(
        "second_person",
        "you and its forms",
        _OWN,
        words(r"you|you're|you've|you'd|you'll|your|yours|yourself|y'all"),
    ),
    Feature(
        "about_therapist",
        "therapist, therapy, you people, what you said",
        _WITHDRAWAL,
        words(
            r"therapists?|therapy|counsel(?:l)?ors?|counsel(?:l)?ing|you people|(?:what )?you"
            r" (?:said|told me"
            r"|asked me|don't (?:understand|get|listen|know))|with you|talking to you|these"
            r" sessions"
        ),
    ),
    Feature(
        "about_schedule",
        "appointments, times, missing and ending",
        _WITHDRAWAL,
        words(
            r"appointments?|sessions?|schedul\w+|reschedul\w+|cancel\w*|next (?:week|time)|late"
            r"|on time"
            r"|show up|no-show|hour|voicemail|call(?:ed)? (?:you )?back"
        ),
    ),
    Feature(
        "about_fee",
        "fees, bills, insurance",
        _WITHDRAWAL,
        words(
            r"fees?|pay(?:ing|ment|ments)?|paid|bills?|billing|cost\w*|afford|insurance|copay"
            r"|sliding scale|charg(?:e|ed|ing)"
        ),
    ),
    Feature(
        "about_director",
        "director, supervisor, clinic, complaint",
        "going over the therapist's head (Chang, Dunn & Omid, 2021)",
        words(
            r"directors?|supervisors?|manager|in charge|clinic|agency|complain\w*|report you"
            r"|someone else"
        ),
    ),
    Feature(
        "about_other_providers",
        "other people who treat or help",
        _WITHDRAWAL,
        words(
            r"doctors?|dr|psychiatrists?|psychologists?|nurses?|social workers?|case ?workers?"
            r"|sponsor"
            r"|other (?:therapist|counselor|group)|(?:last|old|previous) (?:therapist|counselor)"
        ),
    ),
    Feature("pressure", "directives and forms that press for an answer", _PRESSURE, DIRECTIVE),
    Feature(
        "topic_shift",
        "share of the turn's content words that the last three turns did not hold; missing "
        "where there are none",
        "turning away from the subject (Safran & Muran, 2000)",
    ),
)
FEATURES = _GENERAL + FOR_CHANGE + AGAINST_CHANGE + THERAPIST_MOVES + FORMS
FEATURE_NAMES = tuple(f.name for f in FEATURES)
