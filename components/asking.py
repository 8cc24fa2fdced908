"""How a question begins: its first words tell it from a statement."""

from __future__ import annotations

import re

GREETING = r"(?:hi|hello|hey|hallo|hiya|good (?:morning|afternoon|evening|day))(?: there| all)?\b"
ASKING_WORDS = (
    r"(?:how|hows|how's|hw|what|whats|what's|wat|wats|wot|when|wen|where|were|why|y|who|whos|who's"
    r"|which|wich|whom|whose|(?:on|in|at|for|to|from|with|of|till?|until|since|by|every)"
    r" (?:which|wich|what|wat|whom|how|when)"
    r"|do|does|dose|dos|dus|duz|did|is|are|r|am|was|will|wil|would|can|cn|could|should|shall"
    r"|may|must|has|have|don't|doesn't|isn't|aren't|won't|can't|any|whether"
    r"|if (?=it\b|you|there|they|that|this|guys|men)"
    r"|know (?=your|the|about|if|how|what|when|where|which|who)"
    r"|tell me|explain|describe|list|give me|show me|let me know|please tell|pls tell"
    r"|(?:walk|talk|take) me"
    r"|(?:i'?m |i am |i was |(?:my \w+ and i|we) (?:are |were )?)?(?:also |just )?"
    r"(?:wondering|curious)|i (?:also |just )?wonder"
    r"|i(?:'d| would)? (?:also )?(?:like|love|want|need|wanna|wish)(?: to)? (?:know|hear|ask|learn)"
    r"|(?:my|our) \w+(?:'s| is)? (?:also |even )?(?:asks?|asking|wonders?|wondering|wants? to know)"
    r"|(?:my|another|one more|the|second|last|next) (?:other |second |next |last )?question)"
)
_ASKING_START = re.compile(
    r"^(?:(?:and|but|also|so|ok|okay|please|pls|well|then|oh|now|or|besides|first|firstly|second"
    rf"|secondly|finally|lastly|not sure|{GREETING})\b[ ,!]*)*{ASKING_WORDS}\b",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    rf"^(?:(?:{GREETING}|also|and|oh|please)[ ,!]*)*"
    r"(?:i (?:want|would like|need|wanna)(?: to)? (?:know|ask)(?: about)?"
    r"|i'd (?:like|love) to (?:know|ask|hear|learn)(?: about)?"
    r"|(?:can|could) you tell me(?: about)?|tell me(?: about)?|what about|how about"
    r"|info(?:rmation)? (?:on|about)|(?:also )?wondering about|(?:my|our) \w+ asks (?:about|for)"
    r"|questions? (?:about|on)|about)\s+",
    re.IGNORECASE,
)
# What a question is about, or its condition, can stand before its first words: "my mum is 67 is
# that too old", "if i start in may am i done in july". Behind "that", "what" or "it" the verb ends
# the clause before: "I know what it is I want".
_ASKING_LATER = re.compile(
    r"\b(?:how (?:many|much|long|often|soon|far|deep|big)"
    r"|(?<!that )(?<!what )(?<!it )"
    r"(?:am|is|are|do|does|did|will|would|can|could|should|may|shall|must)"
    r" (?:i|it|you|u|we|they|he|she|the|this|that|there|my|your))\b(?! (?:is|are)\b)",
    re.IGNORECASE,
)
# "Asking because I'd like to know if men have it", "coolsculpting or this which is better".
_INDIRECT = re.compile(
    r"\b(?:(?:(?:like|love|want|wanted|curious|keen) to know|wonder(?:ing|ed)?)"
    r" (?:about|if|whether|how|what|when|where|who|why|which)"
    r"|which (?:one )?(?:is|are|works?|hurts?|does|do))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:(?:and|but|also|so|ok)[ ,]+)*"
    r"(?:if|when|once|after|before|because|since|as|for|with|in case)\b",
    re.IGNORECASE,
)
# In more words than these it is mostly a story that goes on.
_MOST_WORDS = 9


def asks(clause: str) -> bool:
    """Tells whether a clause has the form of a question or of a request for information."""
    stripped = clause.strip()
    if stripped.endswith("?") or begins_asking(stripped) or LEAD_IN.match(stripped):
        return True
    if _INDIRECT.search(stripped):
        return True
    may_ask_later = _CONDITION.match(stripped) or len(stripped.split()) <= _MOST_WORDS
    return bool(may_ask_later and _ASKING_LATER.search(stripped))


def begins_asking(clause: str) -> bool:
    """Tells whether a clause begins with the words of a question: "tell me about" only names."""
    return bool(_ASKING_START.match(clause)) and not LEAD_IN.match(clause)
