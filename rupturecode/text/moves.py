"""What a turn does in the talk: reflect, ask, inform, advise, agree, or just listen on.

Forms in the project's own words, written without a look at any transcript they were tried on.
"""

from __future__ import annotations

import re

from rupturecode.text.feature import Feature, words

_THERAPIST = "kinds of therapist talk told apart by observers (Moyers et al., 2016)"
_OWN = "counted as a control; no claim"
_LEAD = r"^\W*(?:(?:so|and|okay|ok|right|well|yeah|but|mm-?hmm?|um|uh),? )*"
_CLAUSE = r"(?:^|[.?!,] {0,3}|\b(?:so|and|well|okay|but) )"

THERAPIST_MOVES: tuple[Feature, ...] = (
    Feature(
        "reflecting",
        "opens with you, or with it sounds like; you are saying, I hear",
        _THERAPIST,
        re.compile(
            rf"{_LEAD}(?:it |that )?(?:sounds?|seems?|looks|feels) (?:like|as if|as though)\b"
            rf"|{_LEAD}(?:you|you're|you've|you'd|your|part of you|on the one hand|it's|there's"
            r"|for you)\b|\b(?:i hear you|what i'm hearing|what i hear|you're saying"
            r"|you're feeling|you feel|in other words|let me see if)\b"
        ),
    ),
    Feature(
        "affirming",
        "that is great, I appreciate, well done, thank you for",
        _THERAPIST,
        words(
            r"that's (?:great|good|wonderful|fantastic|excellent|awesome|really)|good for you"
            r"|i appreciate|well done|thank you for|congratulations|i'm (?:glad|impressed|happy"
            r"|proud)|it takes|good job|strong person"
        ),
    ),
    Feature(
        "informing",
        "research, risks, options, percent, for example",
        _THERAPIST,
        words(
            r"research|stud(?:y|ies)|recommend\w*|evidence|percent|guidelines?|we know|can cause"
            r"|risks?|increases?|effects?|side effects?|patients|people who|for example|there are"
            r"|options?|available|program|treatment|medications?|results?|tests?|levels?"
        ),
    ),
    Feature(
        "asking_leave",
        "is it okay if, would you mind, may I",
        _THERAPIST,
        words(
            r"(?:is it|would it be) (?:ok|okay|all ?right)"
            r"|do you mind|can i|may i|could i|if it's ok\w*|would you mind|i'd like to"
        ),
    ),
    Feature(
        "open_questions",
        "clauses that open with what, how, why, tell me",
        _THERAPIST,
        re.compile(rf"{_CLAUSE}(?:what|how|why|tell me|in what|describe|where|which)\b"),
    ),
    Feature(
        "closed_questions",
        "clauses that open with do, are, have, can, would",
        _THERAPIST,
        re.compile(
            rf"{_CLAUSE}(?:do|did|does|are|is|was|were|have|has|can|could|would|will|any)\b"
        ),
    ),
    Feature(
        "scaling", "a scale, from zero to ten", _THERAPIST, words(r"scale|zero|(?:1|one) to|ten")
    ),
    Feature(
        "advising",
        "you should, I would suggest, why don't you, let's",
        _THERAPIST,
        words(
            r"you (?:should|need to|have to|must|could|might|can)|i(?:'d| would) (?:suggest"
            r"|recommend|advise|encourage|like you)|try to|why don't you|what if you|let's"
            r"|make sure|have you (?:tried|thought)"
        ),
    ),
)

FORMS: tuple[Feature, ...] = (
    Feature("ends_asking", "a question mark at the end", _OWN, re.compile(r"\?\W{0,9}$")),
    Feature(
        "back_channel",
        "nothing but yeah, mm-hm, okay, right, thanks",
        _OWN,
        re.compile(
            r"^\W*(?:(?:yeah|yes|yep|no|nope|ok|okay|mm{1,5}(?:-?hm{1,5})?|mhm|uh-?huh|right|sure"
            r"|all ?right|alright|great|good|wow|i see|hm{1,5}|thanks?|thank you|hi|hello|oh|bye"
            r"|absolutely|exactly|excellent)\b\W*)+$"
        ),
    ),
    Feature(
        "opens_with_yes",
        "opens with agreement",
        _OWN,
        re.compile(
            r"^\W*(?:yeah|yes|yep|sure|absolutely|definitely|exactly|right|true|that's right"
            r"|of course|i do|i would|i know)\b"
        ),
    ),
    Feature(
        "opens_with_no",
        "opens with no, but, well, I guess",
        _OWN,
        re.compile(r"^\W*(?:no|nope|nah|not really|well|but|i don't|i can't|i guess)\b"),
    ),
    Feature("contrast", "but, although, though", _OWN, words("but|although|though")),
    Feature("conditional", "if, would, could, might", _OWN, words("if|would|could|might")),
    Feature(
        "emphasis",
        "really, very, definitely, a lot",
        _OWN,
        words("really|definitely|absolutely|very|totally|so much|a lot|for sure"),
    ),
    Feature(
        "looking_ahead",
        "tomorrow, next, soon, goal",
        _OWN,
        words("tomorrow|next|soon|goals?|future|from now|this week|tonight"),
    ),
    Feature(
        "looking_back",
        "was, had, did, used to",
        _OWN,
        words("was|were|had|did|went|used to|said|told|got|came"),
    ),
    Feature(
        "amounts",
        "numbers, days, years, ago",
        _OWN,
        words(
            r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|years?|months?"
            r"|weeks?|days?|yesterday|ago"
        ),
    ),
)
