"""How English marks what is claimed, denied, reported, supposed and asked: the patterns for it."""

import re

SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+|;\s*|\s+(?=\d{1,2}[.)]\s)")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|w\.r\.t|approx|cf)\.\s*$", re.I)
CLAUSE = re.compile(
    r"\s*(?:[,:]|(?<![^\s])[(\[{]|[)\]}](?![^\s.,;:!?])|->|=>|→|\s[-–—]+\s|—|\.\.+|…)+\s*(?:and\s+then\s+|and\s+|then\s+|so\s+)?"
    r"|(?<!anything)\s+(?:and\s+then|then|but|because|while|which|whereas|until|although|though|after\s+which"
    r"|and|so|when|after|with|using|whose|computed\s+from)\s+"
    r"|\s+(?=(?:instead\s+of|rather\s+than|as\s+opposed\s+to)\b)",
    re.I,
)
CONTRAST = re.compile(
    r"\b(?:not\s+(?:just|only|merely|simply|even)\b|no\s+matter\b|neither\b(?=.*\bnor\b)"
    r"|no\s+longer\s+than\b|none\s+other\b|nothing\s+(?:else|but|more)\b|not\s+to\s+mention\b"
    r"|(?:isn'?t|not)\s+(?:false|wrong|untrue|incorrect|a\s+myth)\b)",
    re.I,
)
ASIDE = re.compile(
    r"^(?:and\s+|but\s+)?not\s+(?:by\s+|in\s+|a\s+|an\s+|the\s+|one\s+)*\S+\W*$"
    r"|^(?:instead\s+of|rather\s+than|as\s+opposed\s+to)\b",
    re.I,
)
TURNING = re.compile(
    r"\b(?:anything\s+but|(?:the\s+)?(?:very\s+)?(?:opposite|reverse|contrary)\s+(?:of|to)|far\s+from"
    r"|fail(?:s|ed|ing)?\s+to|refus(?:es|ed|ing)\s+to|forgets\s+to|unable\s+to|lacks?|stops?\s+short)\b",
    re.I,
)
DENIED_AHEAD = re.compile(
    r"\b(?:(?:is|it'?s)\s*(?:not|n't)\s+(?:true|the\s+case|right|correct|so)\b"
    r"|isn'?t\s+(?:true|the\s+case|right|correct|so)\b"
    r"|(?:is|it'?s|be)\s+(?:false|wrong|untrue|nonsense|incorrect|a\s+myth|a\s+lie|absurd)\b"
    r"|(?:no\s?body|no\s?one|nobody)\s+\w+\s+believe"
    r"|(?:do\s+not|don'?t|can'?t|cannot|never)\s+(?:think|believe|buy|agree)\b"
    r"|i\s+(?:doubt|deny|disagree)\b|no\s+way\b|far\s+from\s+true)",
    re.I,
)  # fmt: skip
DENIED_BEFORE = re.compile(
    r"^\W*i\s+(?:do\s+not|don'?t|can'?t|cannot|never)\s+(?:believe|buy|agree\s+with|think)\s+(?:it|that|this|so|any\s+of\s+(?:it|that|this))\W*$"
    r"|^\W*(?:but\s+|and\s+)?(?:that|this|it)(?:'s|\s+is|\s+was)?\s*(?:not|n'?t)?\s*(?:isn'?t|not|wasn'?t)\s+(?:what\s+happens|how\s+it\s+works)\b"
    r"|^\W*(?:but\s+|and\s+|which\s+)?(?:that|this|it|they|these|those|all\s+of\s+(?:that|this)|he|she)?"
    r"\s*(?:'s|'re|is|are|isn'?t|aren'?t|sounds?)?\s*(?:all\s+|just\s+|simply\s+|not\s+|totally\s+|plain\s+)*"
    r"(?:wrong|false|untrue|incorrect|nonsense|rubbish|a\s+myth|mistaken|(?<=not\s)(?:true|so|right|the\s+case)"
    r"|(?<=n't\s)(?:true|so|right|the\s+case|what\s+happens)|(?<=nt\s)(?:true|so|right))\W*$",
    re.I,
)  # fmt: skip
REPORTED = re.compile(
    r"\b(?:some|many|most|few|people|folks|users?|others?|everyone|everybody|someone|somebody|they|he|she"
    r"|boss|colleagues?|teachers?|instructors?|friends?|managers?|vendors?|marketing|docs?|lesson|blogs?"
    r"|beginners?|rumou?rs?|myth|misconception|belief)\b[^.?!]{0,40}?\b(?:think|thinks|thought|say|says|said"
    r"|claim|claims|claimed|believe|believes|believed|assume|assumes|assumed|suppose|told|wants?\s+me|imagine"
    r"|is\s+that)\b"
    r"|\b(?:rumou?r|myth|misconception|belief|claim|idea)\s+that\b"
    r"|\bi\s+(?:was\s+told|(?:have|had)\s+heard|heard|read|used\s+to\s+(?:think|believe)|(?:had\s+)?(?:thought"
    r"|assumed|believed)|was\s+wondering|wonder)\b"
    r"|\b(?:contrary\s+to|you\s+(?:might|may|would|could)\s+(?:think|believe|expect|assume))\b",
    re.I,
)  # fmt: skip
UNKNOWN = re.compile(
    r"\b(?:whether\b(?!\s+to\b)|no\s+idea|no\s+clue|not\s+sure|unsure|don'?t\s+know|do\s+not\s+know|can'?t\s+(?:say|tell)"
    r"|who\s+knows|idk|dunno|may\s+or\s+may\s+not|might\s+or\s+might\s+not|or\s+(?:maybe\s+)?not\b)",
    re.I,
)  # fmt: skip
TOPIC = re.compile(
    r"\b(?:like|want|going|try|let'?s|let\s+me|will|could|here)\b[^.?!]{0,30}\b(?:explain|talk|discuss|describe"
    r"|cover|mention|write|speak|tell)\s+(?:about|you\s+about|the|on|of)\b"
    r"|\b(?:this|that|it|answer|text|topic|lesson|question)\s*(?:is|was|'s)\s+(?:all\s+)?about\b",
    re.I,
)  # fmt: skip
HEDGE = re.compile(r"\b(?:maybe|perhaps|possibly|might|could\s+be|or\s+something)\b", re.I)
SUPPOSED = re.compile(
    r"^\W*(?:and\s+|but\s+)?(?:if|suppose|supposing|imagine|unless|assuming)\b", re.I
)
TURNS_BACK = re.compile(
    r"\W*(?:in\s+(?:fact|reality|truth)|actually|really|but\s+i\b|however)", re.I
)
GOES_ON = re.compile(r"\W*(?:and\s+)?(?:that|or|nor)\b", re.I)
SOME = r"(?:few|some|two|three|four|five|ten|several|best|top|likely|likeliest|good|handful|couple)"
ONLY_SOME = re.compile(rf"\b(?:only|just|merely)\s+(?:\w+\s+){{0,5}}{SOME}\b", re.I)
FEW = re.compile(
    r"\b(?:few|handful|couple|shortlist)\b|\btop\s*-?(?:\d+|three|five|ten)\b"
    r"|\b(?:two|three|four|five|ten)\b",
    re.I,
)
SAME = re.compile(
    r"\bonly\s+(?:be\s+)?reads?\b|\b(?:is|are|it's|be)\s+(?:still\s+|always\s+)?the\s+same\b"
)
PARTS = re.compile(r"[,:;()→=]|->|\s[-–—]\s")
STATES = re.compile(r"[=:→]|->")

NEEDS_NOUN = frozenset(("a", "an", "the", "every", "our", "your", "my", "its", "their"))
BEING = frozenset(("is", "are", "was", "were"))
NO_NOUN = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "to",
        "of",
        "for",
        "from",
        "with",
        "at",
        "by",
        "and",
        "or",
        "but",
        "it",
        "they",
        "he",
        "she",
        "we",
        "goes",
        "gives",
        "does",
        "has",
    ]
)
