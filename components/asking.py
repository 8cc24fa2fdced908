"""How a question begins: its first words tell it from a statement."""

from __future__ import annotations

import re

GREETING = r"(?:hi|hello|hey|hallo|hiya|good (?:morning|afternoon|evening|day))(?: there| all)?\b"
ASKING_WORDS = (
    r"(?:how|hows|how's|hw|what|whats|what's|wat|wats|wot|when|wen|where|were|why|y|who|whos|who's"
    r"|which|wich|whom|whose|(?:on|in|at|for|to|from|with|of|till?|until|since|by|every)"
    r" (?:which|wich|what|wat|whom|how|when)"
    r"|do|does|dose|did|is|are|r|am|was|will|wil|would|can|cn|could|should|shall"
    r"|may|must|has|have|don't|doesn't|isn't|aren't|won't|can't|any|whether"
    r"|if (?=it\b|you|there|they|that|this|guys|men)"
    r"|know (?=your|the|about|if|how|what|when|where|which|who)"
    r"|tell me|explain|describe|list|give me|show me|let me know|please tell|pls tell|walk me"
    r"|(?:i'?m |i am |i was )?(?:also |just )?(?:wondering|curious)|i (?:also |just )?wonder"
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


def asks(clause: str) -> bool:
    """Tells whether a clause has the form of a question or of a request for information."""
    stripped = clause.strip()
    return stripped.endswith("?") or begins_asking(stripped) or bool(LEAD_IN.match(stripped))


def begins_asking(clause: str) -> bool:
    """Tells whether a clause begins with the words of a question: "tell me about" only names."""
    return bool(_ASKING_START.match(clause)) and not LEAD_IN.match(clause)
