"""Whether a mentioned condition is there: denied, over, planned, uncertain or stated.

The order of the questions and their defaults follow one principle: only a narrow, plainly attached
denial counts as one, and what fits no rule is taken as stated. A free text never clears anybody, so
a denial that is missed costs nothing; one that is wrongly seen would pass over a contraindication.

The grammar works on one sentence, written as lower-case words: `M` stands for each thing mentioned,
`_` for a phrase that means something else, "," and ":" for marks. Short forms are written out.
"""

from __future__ import annotations

import re

from components.health_lexicon import DENIED, NOT_OWN, PRESENT, UNSURE, Item
from components.health_subject import SELF, Sentence, Whole, Whose, whose_condition

# Words that may stand between a negation and what is negated.
_FILL = (
    r"(?:have|has|had|got|get|take|takes|taking|taken|use|uses|using|inject|injecting|any|an?|the|"
    r"kinds?|sorts?|of|types?|forms?|signs?|history|suffer\w*|from|currently|now|at|all|moment|on|"
    r"with|been|diagnosed|known|knowingly|real|actual|other|ever|either|am|is|are|be|being|such|"
    r"things?|like|medical|health|serious|major|severe|chronic|existing|previous|also|even|"
    r"really|actually|certainly|definitely|by|today|yet|at present|to my knowledge|personally|too)"
)
_NOT = r"(?:nor (?:do|am|have|did) (?:i|we)|no|not|never|neither|nor|non|zero|without any)"
_LIST = rf"(?: M(?:(?: ,)? (?:or|nor|and)| ,| {_FILL})*)*"
# "I don't smoke or have diabetes": an "or" carries the negation on.
_OR = r"(?:(?: [a-z]+){1,3} (?:or|nor))?"
_DENIED = re.compile(rf"(?:^|.* )(?P<not>{_NOT})(?: {_FILL})*{_OR}(?: {_FILL})*(?P<list>{_LIST})$")
_OR_FOLLOWS = re.compile(rf"^(?:(?: ,)?(?: {_FILL})* M)*(?: ,)? (?:or|nor)\b")
_NEGATION = re.compile(
    r"\b(?:no|not|never|neither|nobody|without|hardly|cannot|deny|denies|untrue|false)\b"
)
_DENIED_AFTER = re.compile(
    r"^ (?:=|:) (?:no|none|nope|never|negative|n)(?= ,|$| M)"
    r"|^ no(?= ,|$)"
    r"|^ (?:is|are|was|were) (?:\w+ )?(?:out of the question|impossible|not possible|excluded"
    r"|ruled out|not applicable|negative)\b"
)
# "It isn't true that I have any heart problem": "any" shows that it is denied.
_NOT_TRUE_ANY = re.compile(
    r"\b(?:not (?:true|correct|right|the case)|untrue|wrong) that (?:i"
    r"|we) (?:\w+ ){1,2}any(?: \w+)?$"
)
# "I said warfarin, no I meant vitamins", "I thought I had AFib but the ECG was normal"
_SAID = re.compile(
    r"\b(?:said|typed|wrote|put|ticked|clicked|answered|marked|chose|says?|saying)"
    r"(?: (?!no\b|not\b)\w+){0,4}$"
)
_MEANT = re.compile(
    r"^(?: ,)?(?: (?:no|sorry|wait|oops|autocorrect))*(?: ,)? i (?:mean|meant)\b(?!.* M)"
)
_SORRY_MEANT = re.compile(
    r"^ , (?:no|sorry|oops|wait|autocorrect|typo)(?: ,)?(?: \w+)? i (?:mean|meant)\b(?!.* M)"
)
_MISTAKEN = re.compile(
    r"^(?!.*\b(?:yes|M|i do|i have)\b).*\b(?:wrong|mistake|by accident|an error|typo|it is no"
    r"|meant no)\b"
)
_READ_ABOUT = re.compile(
    r"\b(?:google|googled|googling|looked up|looking up|read (?:up )?(?:about|on)|reading about"
    r"|researched"
    r"|(?:article|book|documentary|film|series|programme|video|post) about)(?: \w+){0,2}$"
)
_CLEARED = re.compile(
    r"(?<!not )(?<!never )(?<!nothing )\b(?:ruled out|negative for|cleared of)(?: (?:any|an?|the"
    r"|all))?"
    r"(?: \w+)?$"
)
_ALL_GOOD = re.compile(
    r"^(?: ,)?(?: \w+){0,3} (?:(?:all|was|is) (?:good|fine|clear|ok|okay|normal)"
    r"|nothing found)\b(?!.* M)"
)
_TESTED_FOR = re.compile(r"\b(?:tested|screened|checked) for$")
_CANNOT_BEAR = re.compile(
    r"\b(?:i am (?:an? )?(?:\w+ ){0,4}(?:man|male|bloke|guy)|menopaus\w*|hysterectomy)\b"
)
_TESTED = re.compile(r"\b(?:tested|test|tests|screen\w*|checked)(?: \w+){0,3}$")
_NEGATIVE = re.compile(r"^(?![^,]*positive)(?: \w+){0,4}(?: ,| :)?(?: \w+){0,2} negative\b")
_AFFIRMED = re.compile(r"^(?: ,| :)? (?:yes|yep|yeah|yup|i do|indeed|unfortunately|sadly)\b")
_WHY = re.compile(r"^(?:and |but |so )?why (?:would|does|do|is|are|should|did) (?:the )?$")
_FEARED = re.compile(
    r"\b(?:thought|feared|afraid|scared|worried|suspected|convinced|panicked)(?: \w+){0,5}$"
)
_UNFOUNDED = re.compile(
    r"^[^M]*\bbut\b[^M]*\b(?:normal|nothing|negative|false alarm|benign|harmless"
    r"|(?:was|were|am|is|all) fine)\b[^M]*$"
)
_DENIED_NEXT = re.compile(
    r"\b(?:do|did|have|am) not (?:\w+ )?(?:take|have|use|had|on) (?:that|it|any|this|those)\b"
)
# "should I not take my Eliquis?", "I did not take it today": whoever skips a medicine has one.
_NO_CLEAR_DENIAL = re.compile(
    r"\b(?:should|must|can|could|will|would|need|did|may|shall|might)(?: i| we| she| he)? $"
)
# "No have diabetes": an answer and a statement, or bad English for a denial.
_NO_AND_VERB = re.compile(
    r"^no (?:have|has|am|is|are|take|takes|taking|use|using|on|with|currently|now|also|actually"
    r"|really|been|diagnosed|"
    r"inject|even|too|today)\b"
)
_NOT_JUST_NOW = re.compile(
    r"^(?: \w+){0,2} (?:today|yesterday|regularly|every|always|this morning|on the day|since|for"
    r" (?:a|two|three|some|years|months|"
    r"weeks|\d+)|in the last|in years|often|all the time|right now|at the moment|currently|so"
    r" far|lately|recently)\b"
)
_EXCEPT = re.compile(
    r"\b(?:except|besides|apart|aside|other than|save for|excluding|only|just|but|merely|bar|"
    rf"if you ignore|unless you count)(?: (?:for|from|of|that|i|{_FILL}))*{_LIST}$"
)
_NO_LONGER = re.compile(r"\bno longer(?: \w+)?$")
_NO_LONGER_AFTER = re.compile(r"^ (?:any ?more|anymore|any longer|no more)\b")

# A new statement begins here; what stands before does not reach over.
_CUT = re.compile(
    r"(?:^| )(?:because|since(?= i| my| she| he)|as(?= i | my )|but|although|though|however"
    r"|cause|cos|coz|bc|"
    r"whereas|even though|due to(?! (?:begin|start|give|have|be|get)\b)|so|therefore|, and"
    r"|and(?= i | my | she | he | we | also | am |"
    r" have | take )|"
    r",(?= i | my | we | she | he | im )|(?:should|must|need to|to|let you) (?:know|mention|tell"
    r" you|say|"
    r"inform you|add|inform|warn you)(?: you)?(?: that)?)(?= |$)"
)
_UNCERTAIN = re.compile(
    r"\b(?:not (?:\w+ )?(?:sure|certain)|unsure|uncertain|(?:i|we|do) not (?:really |exactly "
    r"|even )?know(?! (?:him|her|you))(?= (?:if|whether|yet|exactly|when|what|for|\w+ or)|$)|i"
    r" (?:do )?not (?:really )?know|not know (?:if|whether)|no idea|no clue|"
    r"maybe|perhaps|possibly|probably|possible|potentially|(?:i|we|she|he|it|that|this|there"
    r"|also) (?:might|may|could)|"
    r"might|could be|may be|(?:i|she|he|we) (?:\w+ )?(?:think|believe|suspect|guess|suppose"
    r"|assume)|suspect\w*|wonder\w*|"
    r"not (?:really )?(?:think|believe)|rule out|exclude|unclear|chance|likely|whether|hopefully"
    r"|undiagnosed|borderline|"
    r"(?:they|doctors?|gp|doc|consultant|specialist|clinic) (?:may|might|could|want\w*|plan\w*"
    r"|consider\w*|talk\w*|(?:are|is) (?:talking|thinking|considering))|something about|talk of|"
    r"tested for|check\w* for|screen\w* for|not say|(?:see|check|find out|know|ask|tell) if"
    r")(?: \w+){0,5}$"
)
# What is unsure is the word: "Vorhofflimmern, I don't know in English".
_UNSURE_OF_THE_WORD = (
    r"(?!(?: \w+){0,5} (?:english|words?|spel\w*|call\w*|say|named?|translat\w*|terms?"
    r"|pronounc\w*))"
)
_UNCERTAIN_AFTER = re.compile(
    r"^ ?(?:,|:|\(|-)? ?(?:not (?:\w+ )?(?:sure|certain)|maybe|perhaps|possibly|probably|i think"
    r"|i guess|i suppose|"
    r"no idea|no clue|not know|i do not know|do not know|or not|or maybe not|could be|might be"
    r"|\? ?$)" + _UNSURE_OF_THE_WORD
)
_UNCLEAR_AFTER = re.compile(
    r"^[^M]*\b(?:not (?:\w+ )?sure|unsure|unclear|do not know) (?:if |whether |that |what )?"
    r"(?:it|this|that|they) (?:is|was|are|counts?)\b"
)
_DOUBLE = re.compile(r"\b(?:think|believe|know|sure|tell|say|rule)\b")

_IF_SELF = re.compile(
    r"\b(?:if|in case|suppose|supposing|assuming|what if|as long as|provided)(?: that)? (?:i|we"
    r"|she|he|you|one|someone|my \w+)"
    r"(?: \w+){0,4}$"
)
_IF = re.compile(r"\b(?:if|in case(?: of)?|what if)(?: \w+){0,2}$")
_WHEN_SELF = re.compile(
    r"\b(?:when|once|as soon as|whenever)(?: i| we)?(?: am| are| get| become| will be| was|"
    r" were)?(?: \w+)?$"
)
_WHILE = re.compile(
    r"\b(?:while|whilst|during|when|in)(?: i am| we are| being| still| having| taking| on| using"
    r"| i| my| a)*$"
)
_WHEN_ENDS = re.compile(
    r"\b(?:when|until|till|once|after|as soon as|before)(?: \w+)? (?:i|we|she|he)(?: \w+)? "
    r"(?:stop|finish|quit|end|am done|are done|done|wean|stops|finishes|have stopped|have"
    r" finished|come off|get off|give up)"
    r"(?: \w+){0,2}$"
)
_PLANNED = re.compile(
    r"\b(?:plan|plans|planning|trying|try|tries|want|wants|wanting|hop\w+|wish\w*|would like"
    r"|would love|thinking|intend\w*|going|"
    r"about to|before|until|will|soon|supposed|due|scheduled|waiting|considering|gonna)(?:"
    r" (?:for|of|to|on|about))?"
    r"(?: (?:be|get|getting|become|becoming|being|have|having|start|starting|take|taking|begin|on|i"
    r"|we|am|an?|my|the|put|go|soon|in))*$"
)
_AFTER_PREGNANCY = re.compile(
    r"\b(?:after|since|from|post|before|following|thanks to|due to|of|caused by|because of"
    r"|during|in|with|by|through|between|prior to)"
    r"(?: (?:having|being|my|the|a|an|two|three|four|2|3|4|first|last|second|third|previous"
    r"|earlier|past|multiple|several|many|both|recent|"
    r"old|own|all|other|each|every|one|1))*$"
)
_ONLY_CURRENT = re.compile(r"\b(?:current|this|present|ongoing)(?: \w+)?$")

_PAST_BEFORE = re.compile(
    r"\b(?:was|were|had|used to|been|previous|previously|former|formerly|past|ex|history of|hx"
    r" of|recovered from|survived|"
    r"beat|cured of|cured from|overcame|healed from|stopped|quit|finished|came off|come off|off"
    r"|paused|discontinued|ended|"
    r"completed|in remission|survivor of|clear of|free of|done with|through with|gave up|given up"
    r"|treated for|after|years ago|as a child"
    r"|fought|went through|underwent)"
    r"(?: (?:have|having|be|being|taking|using|on|with|an?|the|my|of|inject|injecting|take|get"
    r"|getting|some|once|from|for|"
    r"treated|treatment|doing|also|diagnosed with(?= M)|type|several|two|one|bad|mild|slight"
    r"|severe|two|three|[a-z]+ly))*"
    r"(?: M(?: ,| and| or)*)*$"
)
_PAST_AFTER = re.compile(
    r"^(?: ,(?: (?:that|it|was|about|some|over|nearly|almost|all)){0,3}?"
    r"|(?: (?!since|for|and|but|i|still|M\b)\w+){0,4}?) (?:in (?:19|20)\d\d|(?:\w+ )?(?:years?"
    r"|yrs?|months?|decades?|ages|weeks?|days?) (?:ago|back)|"
    r"last (?:year|month|week|summer|winter|spring|autumn)|as a (?:child|kid|teen\w*|baby|young)"
    r"|in my (?:\w+ )?"
    r"(?:childhood|twenties|thirties|teens|youth|past)|when i was|in the past|long ago|back then"
    r"|earlier|"
    r"in remission|is gone|was removed|removed|was cured|is cured|cured|healed|free|survivor"
    r"|cleared|is over|is behind me|"
    r"years? (?:clean|free|clear)|before(?= ,|$))"
)
# What passes by itself: "low platelets, normal afterwards"
_GONE_AFTER = re.compile(
    r"^(?: ,| M)*(?: (?!i\b|my\b)\w+){0,6}(?: ,| M)*(?: \w+){0,4} (?:went away|resolved|disappeared"
    r"|back to normal|outgrew|grew out of|normal (?:again|now|since|after|afterwards)"
    r"|gone (?:now|since|away))\b"
)
_STILL = re.compile(
    r"\b(?:still|currently|ongoing|diagnosed|since|again|at the moment|now|right now|chronic|for"
    r" (?:the (?:last|past) )?"
    r"(?:\d+|\w+) (?:years|months|weeks)|every (?:day|night|morning|evening|week)|daily|came"
    r" back|is back|relapse\w*|started|"
    r"(?:being|getting) treated|(?:in|under|on) treatment|put on|prescribed|have had|found|active"
    r"|found out|discovered)\b"
)
_STOPPED = re.compile(
    r"\b(?:stopped|quit|came off|come off|off|finished|paused|discontinued|ended|weaned off|got"
    r" off|skipped|went off|gave up|given up)"
    r"(?: (?:taking|using|with|on|the|my|of|doing|having|injecting|giving|all))*$"
)
_LONG_AGO = re.compile(
    r"\b(?:years?|yrs|decades?|ages|long) (?:ago|back)\b|\bin (?:19|200|201)\d\b|\bas a (?:child"
    r"|kid)\b"
)

_QUESTION_START = re.compile(
    r"^(?:(?:and|but|also|so|hi|hello|hey|please|then|ok|just|quick question) ?,? ?)*(?:how|what"
    r"|when|where|who|whose|why|which|"
    r"do|does|did|is|are|was|were|can|could|will|would|should|shall|may|must|has|have(?! M)"
    r"|any\b|may)\b"
)
_FACT_QUESTION = re.compile(
    r"^(?:(?:and|but|also|so|hi|hello|hey|please|then|ok) ?,? ?)*(?:how|what|who|why|which|does"
    r"|do|did)\b"
)
_FACT = re.compile(
    r"\bM(?: ,| or| and| M)* (?:is |are )?(?:an? |the |also |not |really |on )*(?:contra"
    r" ?indicat\w*|exclusion|criteri\w+|reason|listed|list\b|forbidden|"
    r"patients?|women|people|ladies|mothers|mums|moms|persons?|friendly|research|foundation)"
    r"|\b(?:contra ?indicat\w*|recommended|suitable|unsuitable|advised|allowed|forbidden|safe|ok"
    r"|okay|dangerous|harmful|risky|bad|good|possible|effective|useful|helpful)"
    r" (?:\w+ ){0,2}(?:in|during|for|in case of|in cases of|in the case of)(?: \w+)? M"
    r"|\b(?:caus\w+|trigger\w*|lead\w* to|risk of|chance of|danger of|prevent\w*|cures?|against"
    r"|linked to|link between|related to|results? in|"
    r"provoke\w*|induce\w*|produce\w*|get|give|gives|develop)(?: \w+){0,2} M"
    r"|\bfor (?:the )?(?:diabetics|M s)\b"
    r"|\b(?:treat|help|helps|helps? with|accept|take|inject|see)(?: \w+){0,2} M (?:patients"
    r"|people|women|clients)"
    r"|^(?:is|are) (?:(?!with )\w+ ){1,3}an? M$"
    r"|\bof (?:the )?M (?:patients|research)"
    r"|^(?:is|will|does) the skin (?:\w+ ){0,3}M"
)
# "Is there cortisone in it?" asks what the treatment is made of.
_CONTENTS = re.compile(
    r"\b(?:is|are) there (?:\w+ ){0,2}M(?: \w+){0,3} in\b|\bcontains? (?:\w+ ){0,2}M"
)
_COMPARED = re.compile(
    r"\blike (?:after|with|from|in|during|having)(?: (?:having|an?|the|bad|strong|some))*$"
)
# What a pregnancy did to the body is told when it is over.
_LEFT_TRACES = re.compile(
    r"^ (?:really |both )?(?:left|gave|made|ruined|stretched|destroyed|turned|changed|wrecked"
    r"|caused)\b"
)
_ABOUT_TREATMENT = re.compile(
    r"\b(?:treat\w*|meso\w*|roll\w*|injection\w*|appointment|session\w*|possible|ok|okay|allowed"
    r"|safe|consultation)\b"
)


# "How would a haemophiliac be treated?"
_ANY_PERSON = re.compile(r"\ban? ?(?:\w+ )?(?:[a-z]+(?:iac|betic)|bleeder|asthmatic|epileptic)$")


def status_of(item: Item, sentence: Sentence, whole: Whole) -> str:
    """Decides the status of a mention: present, unsure, denied or not_own.

    Args:
        item: what is mentioned; its own status is the highest that is given.
        sentence: the words around the mention.
        whole: what holds for the whole message.
    """
    left, right = sentence.left, sentence.right
    whose = whose_condition(item, sentence, whole)
    if whose == Whose.NOBODY and sentence.is_question and _is_curious(sentence, whole):
        return NOT_OWN
    if whose == Whose.OTHER and not whole.other_is_patient:
        if not whole.also_own:
            return NOT_OWN
        return UNSURE
    if whose == Whose.PEOPLE:
        return UNSURE if whole.also_own else NOT_OWN
    if whose == Whose.REPORTED and not whole.other_is_patient:
        return UNSURE
    clause = _clause(left)
    if item.condition == "breastfeeding" and _WHEN_ENDS.search(left):
        return item.status
    if _EXCEPT.search(left):
        return item.status
    denied = _denial(item, sentence, clause)
    if denied:
        return denied
    if item.kind == "matter" and _COMPARED.search(left):
        return NOT_OWN
    if whose in (Whose.NOBODY, Whose.GENERIC_YOU):
        if _is_nobodys(item, sentence):
            return NOT_OWN
        asks_for_self = SELF.intersection(right.split())
        if _is_fact(sentence, whose) and (sentence.is_question or not asks_for_self):
            # Who names a medicine or goes on with "can I" hardly asks out of curiosity.
            by_name = item.is_medicine and sentence.is_question
            return UNSURE if asks_for_self or by_name else NOT_OWN
        if sentence.is_question and _QUESTION_START.search(left or right.strip()):
            return UNSURE
        if sentence.is_question and not right and not left:
            return UNSURE
    return _time(item, sentence, whole, clause)


def _is_curious(sentence: Sentence, whole: Whole) -> bool:
    """Tells whether a question that names nobody is about the list, or for an article."""
    left = sentence.left
    if whole.is_research or _WHY.match(f"{left} "):
        return True
    return _ANY_PERSON.search(left + sentence.inside) is not None


def _clause(left: str) -> str:
    ends = [match.end() for match in _CUT.finditer(left)]
    return left[ends[-1] :].strip() if ends else left


def _denial(item: Item, sentence: Sentence, clause: str) -> str | None:
    left, right = sentence.left, sentence.right
    if _UNCERTAIN_AFTER.match(right):
        return UNSURE
    if _AFFIRMED.match(right):
        return None
    if _DENIED_AFTER.match(right) or _NOT_TRUE_ANY.search(left):
        return DENIED
    if _TESTED.search(left) and _NEGATIVE.match(right):
        return DENIED
    if _CLEARED.search(left) or (_TESTED_FOR.search(left) and _ALL_GOOD.match(right)):
        return DENIED
    if _is_taken_back(left, right):
        return NOT_OWN
    if sentence.is_question and right.strip() in ("", "yet") and (not left or left.endswith(",")):
        answer = sentence.following
        if re.match(
            r"^(?:no idea|not sure|maybe|perhaps|no clue|do not know|i do not know)", answer
        ):
            return UNSURE
        if re.match(
            r"^(?:(?:me|i|who) ,? ?)*(?:no|nope|nah|none|never|negative)(?: ,| no\b|$)", answer
        ):
            return DENIED
        if item.condition in ("pregnancy", "breastfeeding") and _CANNOT_BEAR.search(answer):
            return DENIED
        if _DENIED_NEXT.search(answer):
            return DENIED
    if _NO_LONGER.search(clause):
        return NOT_OWN if item.past == "none" else UNSURE
    # "No I am not pregnant" answers and says it again; "no am pregnant" does not.
    tail = re.sub(
        r"^(?:no|nope|nah)(?: ,|(?= (?:not|never)\b)"
        r"|(?= (?:i|we|she|he) (?:am|do|have|was|did) not\b))",
        "",
        clause,
    ).strip()
    match = _DENIED.match(tail)
    if match and re.search(
        r"\b(?:not only|not just|not to mention|not (?:yet|because|with))$", tail
    ):
        match = None
    if match is None:
        unclear = _UNCERTAIN.search(clause) or _UNCLEAR_AFTER.match(right)
        return UNSURE if unclear else None
    if _NO_LONGER_AFTER.match(right):
        return NOT_OWN if item.past == "none" else UNSURE
    start = match.start("not")
    if _NO_CLEAR_DENIAL.search(tail[:start]) or _NO_AND_VERB.match(tail[start:]):
        return UNSURE
    if _NOT_JUST_NOW.match(right) and item.condition != "pregnancy":
        return UNSURE
    if item.condition == "cancer" and re.search(
        r"\b(?:currently|now|moment|yet|present)\b", tail[start:] + right
    ):
        return UNSURE
    before = re.split(r"(?: ,|\band\b|\bor\b|\bnor\b|\bM\b|\bneither\b)", tail[:start])[-1]
    if match.group("not") in ("no", "zero"):
        # "no meds no allergies": one list, no double negation.
        before = re.sub(r"(?:^| )(?:no|zero)(?: \w+){1,2} $", "", before)
    if match.group("not") != "nor" and (
        _NEGATION.search(before)
        or _DOUBLE.search(before)
        or _UNCERTAIN.search(tail[:start].strip())
    ):
        return UNSURE
    if re.match(r"^(?: \w+)? or (?:maybe|perhaps|not)\b", right):
        return UNSURE
    listed = match.group("list")
    if listed and not re.search(r"\b(?:or|nor)\b", listed) and not _OR_FOLLOWS.match(right):
        # "not diabetic, pregnant": a bare comma or "and" may begin a statement of its own.
        return UNSURE
    if re.match(
        r"^(?: \w+){0,2} (?:yet|so far|as far as|that i know|to my knowledge|i think|i hope)", right
    ):
        # "Not that I know" is no clear no where it takes a test to know.
        return UNSURE if item.condition == "pregnancy" else DENIED
    return DENIED


def _is_taken_back(left: str, right: str) -> bool:
    """Tells whether something was a slip, a fear that came to nothing, or only read about."""
    if _SAID.search(left) and (_MEANT.match(right) or _MISTAKEN.match(right)):
        return True
    if not left and _SORRY_MEANT.match(right):
        return True
    if _FEARED.search(left) and _UNFOUNDED.match(right):
        return True
    return _READ_ABOUT.search(left) is not None


def _is_nobodys(item: Item, sentence: Sentence) -> bool:
    """Tells whether a sentence that names nobody asks about, or mentions, no patient at all."""
    left = sentence.left
    if item.value == "health_problem":
        return sentence.is_question and not re.search(r"\b(?:with|having|have)(?: \w+)*$", left)
    if item.value == "under_18":
        # "gift ideas for a 10 year old"
        return (
            not sentence.is_question
            and re.search(r"\bfor an?$", left) is not None
            and not _ABOUT_TREATMENT.search(left + sentence.right)
        )
    return bool(sentence.is_question and _CONTENTS.search(f"{left} M{sentence.right}"))


def _is_fact(sentence: Sentence, whose: Whose) -> bool:
    """Tells whether the sentence speaks of the treatment in general."""
    line = f"{sentence.left} M{sentence.right}".strip()
    if _FACT.search(line):
        return True
    if not sentence.is_question:
        return False
    if re.search(r"\b(?:in|during) M$", line):
        return True
    return bool(_FACT_QUESTION.search(line)) and whose == Whose.NOBODY


def _time(item: Item, sentence: Sentence, whole: Whole, clause: str) -> str:
    left, right = sentence.left, sentence.right
    is_pregnancy = item.condition == "pregnancy"
    noun = sentence.inside.startswith(("pregnanc", "gestation"))
    if is_pregnancy and (
        re.search(r"\bwas\b.* then$", left)
        or (
            (noun or sentence.inside.startswith(("carrying", "having")))
            and _LEFT_TRACES.match(right)
        )
    ):
        return NOT_OWN
    if item.condition == "cancer" and whole.cancer_is_over and not item.is_medicine:
        return UNSURE
    still = bool(_STILL.search(f"{clause} {right}"))
    if is_pregnancy and item.past == "none":
        if noun and _AFTER_PREGNANCY.search(left) and not _ONLY_CURRENT.search(left):
            return _pregnancy_before(sentence)
        when = _WHEN_SELF.search(left)
        if when and (
            sentence.is_question or re.search(r"\b(?:can|may|could|should) i\b", left + right)
        ):
            return NOT_OWN if when.start() == 0 else UNSURE
    if _IF_SELF.search(clause) or _IF.search(clause):
        return UNSURE
    if sentence.is_question and _WHILE.search(left) and item.status == PRESENT:
        return UNSURE
    if _PLANNED.search(clause):
        return UNSURE if item.kind != "matter" else PRESENT
    if _UNCERTAIN.search(clause):
        return UNSURE
    if _STOPPED.search(clause) or _STOPPED.search(left):
        if item.condition == "breastfeeding" and _LONG_AGO.search(right):
            return NOT_OWN
        return UNSURE
    over = _PAST_BEFORE.search(clause) is not None
    if (
        over
        and re.search(r"\b(?:have|has) had(?: \w+)?$", clause)
        and re.match(r"^ (?:since|for)\b", right)
    ):
        over = False
    if not over and not still and _PAST_AFTER.match(right):
        over = True
    if not over and item.past == UNSURE and _GONE_AFTER.match(right):
        return UNSURE
    if over and (not still or re.search(r"\b(?:was|were|used to|had)(?: \w+)?$", clause)):
        if re.search(r"\bsince\b", right) and not re.search(r"\bhad\b", clause):
            return item.status
        return _past(item, sentence)
    return item.status


def _past(item: Item, sentence: Sentence) -> str:
    if item.kind == "matter" and item.past != "none":
        return item.status
    if item.condition == "breastfeeding" and _LONG_AGO.search(f"{sentence.left} {sentence.right}"):
        return NOT_OWN
    if item.past == "none":
        return NOT_OWN
    return item.status if item.past == PRESENT else UNSURE


def _pregnancy_before(sentence: Sentence) -> str:
    """A pregnancy that left traces is over, unless the sentence asks what to do in it."""
    line = f"{sentence.left}{sentence.right}"
    if re.search(r"\b(?:month|week|trimester) of(?: \w+)?$", sentence.left):
        return PRESENT
    if re.search(r"\b(?:can|may|could|should|allowed|want) (?:i|we)\b", line) and re.search(
        r"\b(?:during|in|with)(?: \w+)?$", sentence.left
    ):
        return UNSURE
    if re.search(r"\b(?:due to|because of)(?: \w+)?$", sentence.left):
        return UNSURE
    return NOT_OWN
