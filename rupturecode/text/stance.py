"""How somebody stands towards a change: for it, against it, or with one foot in each.

The headings are those of the literature on change talk and sustain talk; the words are the
project's own, written without a look at any transcript they were tried on. They count forms,
not meanings: "I want a drink" and "I want to quit" differ in the words beside *want* alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rupturecode.text.feature import Feature, words

if TYPE_CHECKING:
    import re

_KINDS = "desire, ability, reasons, need, commitment, activation and steps, for change and against"
_SOURCE = f"{_KINDS} (Miller & Rollnick, 2013; Amrhein et al., 2003)"

_TOWARDS = (
    r"(?:quit\w*|stop\w*|cut(?:ting)? (?:down|back)|giv(?:e|ing) (?:it |that )?up|chang\w*|better"
    r"|health\w*|exercis\w*|los(?:e|ing) weight|improv\w*|try\w*|tried|less|sober|clean|help"
    r"|work on|start\w*|taking|meds?|medications?|walk\w*|gym|diet\w*|reduc\w*"
    r"|slow(?:ing)? down|control)"
)
_HABIT = (
    r"(?:smok\w*|cigarettes?|drink\w*|drank|drunk|alcohol|beers?|wine|weed|pot|marijuana|cocaine"
    r"|drugs?|using|use|gambl\w*|eat\w*|junk|food|sugar|sweets|high|party\w*|vap\w*)"
)
_NOT = (
    r"(?:don't|do not|didn't|did not|not|never|no|isn't|wasn't|won't|wouldn't|can't|cannot"
    r"|couldn't|doesn't|ain't|haven't)"
)
_PLEASANT = r"(?:enjoy\w*|fun|relax\w*|calm\w*|helps?|cope|good time|stress relief)"


def _feature(name: str, about: str, form: re.Pattern[str]) -> Feature:
    return Feature(name, about, _SOURCE, form)


FOR_CHANGE: tuple[Feature, ...] = (
    _feature(
        "wanting",
        "I want to, I wish, I hope, I would like to",
        words(
            r"i(?:'d| would| do| really| just| definitely){0,2} (?:want|wanna|wish|hope|like|love"
            r"|prefer)(?:ed)? (?:to|it|that|for)|i (?:hope|wish)|would (?:like|love) to|i'm hoping"
        ),
    ),
    _feature(
        "being_able",
        "I can, I could, I managed to, confident",
        words(
            r"i(?: think i| know i| probably| definitely| guess i){0,2} (?:can|could|might be able"
            r"|am able)|i'm able|it's possible|i know how|confident|i did it|managed to"
        ),
    ),
    _feature(
        "giving_reasons",
        "because, so that, for my family",
        words(
            r"because|so that|that way|for my (?:kids?|family|children|health|wife|husband|partner"
            r"|daughter|son|mom|baby)"
        ),
    ),
    _feature(
        "gains_of_change",
        "what would be better: healthier, proud, worth it",
        words(
            r"healthier|feel better|be better|save money|more energy|breathe|live longer|good for"
            r"|proud|happier|worth it|make a difference|it would help|important to me|be around"
            r"|role model|good idea|good thing|would be nice|be good|be great"
        ),
    ),
    _feature(
        "costs_of_staying",
        "worry, harm, loss, shame, trouble",
        words(
            r"worr\w*|concern\w*|scar(?:ed|y|es)|afraid|problems?|trouble|hurt\w*|sick|cough\w*"
            r"|cancer|die|dying|died|kill\w*|embarrass\w*|ashamed|guilty|regret\w*|lost|losing"
            r"|fight\w*|arrest\w*|ruin\w*|bad for|not good|unhealthy|out of control|stress\w*"
            r"|tired of|hate|mess\w*|risk\w*|danger\w*|expensive|cost\w*"
        ),
    ),
    _feature(
        "needing",
        "I need to, I have to, I should",
        words(
            r"(?:i|we)(?:'ve| really| definitely| probably| know i| just| do){0,2} (?:need|have|got"
            r"|gotta|should|must|ought|had better)(?: to)?|i'd better|something has to"
        ),
    ),
    _feature(
        "committing",
        "I will, I am going to, I promise, definitely",
        words(
            r"i(?:'ll| will| am going to|'m going to|'m gonna| promise| swear| plan to| intend)"
            r"|definitely|absolutely|for sure|i guess i (?:could|can|will)|i'd (?:be willing|try)"
        ),
    ),
    _feature(
        "being_ready",
        "ready, willing, thinking about it, decided",
        words(
            r"ready|willing|prepared|thinking about|thought about|considering|open to|consider"
            r"|motivated|decided|plan\w*"
        ),
    ),
    _feature(
        "steps_taken",
        "I have started, I tried, I cut down; days without",
        words(
            r"i(?:'ve| have| already| just| actually){0,2} (?:started|stopped|quit|cut"
            r"|been (?:trying|going|working|doing|eating|taking)|tried|bought|called|joined"
            r"|signed up|threw|gave up|switched|talked to|looked)"
            r"|i'm (?:trying|working|taking|going to the)|days (?:sober|clean|without)"
        ),
    ),
    _feature("change_words", "quit, cut down, exercise, improve", words(_TOWARDS)),
    _feature(
        "change_wanted",
        "the same after want, need, will, try, ready",
        words(
            r"(?:want|like|need|have|going|gonna|should|could|can|trying|try|will|i'll|ready|hope"
            rf"|willing|plan\w*|gotta)(?: to| \w+){{0,3}} {_TOWARDS}"
        ),
    ),
)

AGAINST_CHANGE: tuple[Feature, ...] = (
    _feature(
        "not_wanting",
        "I do not want to, rather not, not interested",
        words(
            r"(?:don't|do not|didn't|never) (?:really |even |necessarily )?(?:want|wanna|like|care"
            r"|feel like|wish)|not interested|rather not"
        ),
    ),
    _feature(
        "not_being_able",
        "I cannot, too hard, no time, tried and failed",
        words(
            r"can't|cannot|couldn't|unable|not able|too (?:hard|difficult|busy|tired|much|late"
            r"|expensive|stress\w*)|(?:it's|is|it was|really|so|pretty|very) (?:hard|difficult"
            r"|tough|impossible)|don't know (?:how|if i|that i)|no way|tried\b.{0,30}\b(?:didn't"
            r"|doesn't|but|couldn't|fail\w*)|no time|don't have (?:the )?time"
        ),
    ),
    _feature(
        "no_need",
        "no problem, no big deal, why should I",
        words(
            r"(?:don't|didn't) (?:really |think i )?(?:need|have to)|no (?:need|reason|problem)"
            r"|not (?:a|that big|really a|a big) (?:a )?(?:problem|deal|issue)|what's the big deal"
            r"|why (?:should|would|do) i|i'm fine|not (?:that|so) bad|nothing wrong"
            r"|i don't (?:see|think)\b.{0,25}\b(?:problem|point|wrong|big|issue|need)"
        ),
    ),
    _feature(
        "declining",
        "I will not, not going to",
        words(r"won't|will not|not going to|not gonna|never going to|i'm not"),
    ),
    _feature(
        "not_ready",
        "not ready, not sure, maybe later, I do not know",
        words(
            r"not (?:ready|willing|sure|prepared|there yet)|i don't know|not right now"
            r"|maybe (?:later|someday)"
        ),
    ),
    _feature(
        "gains_of_staying",
        "what the habit gives: it relaxes me, I like it",
        words(
            rf"{_PLEASANT}\b.{{0,40}}\b{_HABIT}|{_HABIT}\b.{{0,40}}\b{_PLEASANT}"
            r"|i (?:like|love|enjoy) (?:it|to|the|my|smoking|drinking|eating)|(?:relaxes|calms) me"
        ),
    ),
    _feature(
        "minimizing",
        "only, just, everybody does, now and then",
        words(
            r"only|just|everybody|everyone|all my friends|normal|once in a while|occasionally"
            r"|sometimes|not (?:much|often|every day)|a couple|a few|no different|big deal|whatever"
            r"|fine|it's okay|it's not like|i mean"
        ),
    ),
    _feature(
        "others_push",
        "others told, made or sent me",
        words(
            r"(?:they|he|she|my (?:mom|dad|wife|husband|partner|parents|boss|doctor|probation"
            r" officer)|you) (?:made|makes?|told|tell|tells|said|says|want|wants|sent|send|think"
            r"|thinks|keep|keeps|nag\w*|forc\w*)|i had to (?:come|be here)|nag\w*"
        ),
    ),
    _feature("habit_words", "smoking, drinking, eating, gambling", words(_HABIT)),
    _feature(
        "change_negated",
        "a word of change soon after a negation",
        words(rf"{_NOT}(?: \w+){{0,4}} {_TOWARDS}"),
    ),
    _feature(
        "habit_negated",
        "a word of habit soon after a negation",
        words(rf"{_NOT}(?: \w+){{0,4}} {_HABIT}"),
    ),
)
