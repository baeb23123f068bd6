"""Cut a learner's text into clauses, and say of each whether it claims something, and what for.

    text → sentences → clauses → windows of one to three clauses: what is held against a rubric

A clause's `turns` count what turns its meaning round: "not", "it's false that …". What was asked,
supposed, or put into somebody else's mouth is no claim of the learner's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.agent.grading.words import ALL, CHANGE, GLUE, STASIS, is_negator, is_verb, words

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+|;\s*|\s+(?=\d{1,2}[.)]\s)")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|w\.r\.t|approx|cf)\.\s*$", re.I)
_CLAUSE = re.compile(
    r"\s*(?:[,:]|(?<![^\s])[(\[{]|[)\]}](?![^\s.,;:!?])|->|=>|→|\s[-–—]+\s|—|\.\.+|…)+\s*(?:and\s+then\s+|and\s+|then\s+|so\s+)?"
    r"|\s+(?:and\s+then|then|but|because|while|which|whereas|until|although|though|after\s+which"
    r"|and|so|when|after|with|using|whose|computed\s+from)\s+",
    re.I,
)
_CONTRAST = re.compile(
    r"\b(?:not\s+(?:just|only|merely|simply|even)\b|no\s+matter\b|instead\s+of\b|rather\s+than\b"
    r"|no\s+longer\s+than\b|none\s+other\b|nothing\s+(?:else|but|more)\b|not\s+to\s+mention\b)",
    re.I,
)
_ASIDE = re.compile(
    r"^(?:and\s+|but\s+)?not\s+(?:by\s+|in\s+|a\s+|an\s+|the\s+|one\s+)*\S+\W*$", re.I
)
_DENIED_AHEAD = re.compile(
    r"\b(?:(?:is|it'?s)\s*(?:not|n't)\s+(?:true|the\s+case|right|correct|so)\b"
    r"|isn'?t\s+(?:true|the\s+case|right|correct|so)\b"
    r"|(?:is|it'?s|be)\s+(?:false|wrong|untrue|nonsense|incorrect|a\s+myth|a\s+lie|absurd)\b"
    r"|(?:no\s?body|no\s?one|nobody)\s+\w+\s+believe"
    r"|(?:do\s+not|don'?t|can'?t|cannot|never)\s+(?:think|believe|buy|agree)\b"
    r"|i\s+(?:doubt|deny|disagree)\b|no\s+way\b|far\s+from\s+true)",
    re.I,
)  # fmt: skip
_DENIED_BEFORE = re.compile(
    r"^\W*i\s+(?:do\s+not|don'?t|can'?t|cannot|never)\s+(?:believe|buy|agree\s+with|think)\s+(?:it|that|this|so|any\s+of\s+(?:it|that|this))\W*$"
    r"|^\W*(?:but\s+|and\s+)?(?:that|this|it)(?:'s|\s+is|\s+was)?\s*(?:not|n'?t)?\s*(?:isn'?t|not|wasn'?t)\s+(?:what\s+happens|how\s+it\s+works)\b"
    r"|^\W*(?:but\s+|and\s+|which\s+)?(?:that|this|it|they|these|those|all\s+of\s+(?:that|this)|he|she)?"
    r"\s*(?:'s|'re|is|are|isn'?t|aren'?t|sounds?)?\s*(?:all\s+|just\s+|simply\s+|not\s+|totally\s+|plain\s+)*"
    r"(?:wrong|false|untrue|incorrect|nonsense|rubbish|a\s+myth|mistaken|(?<=not\s)(?:true|so|right|the\s+case)"
    r"|(?<=n't\s)(?:true|so|right|the\s+case|what\s+happens)|(?<=nt\s)(?:true|so|right))\W*$",
    re.I,
)  # fmt: skip
_REPORTED = re.compile(
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
_UNKNOWN = re.compile(
    r"\b(?:whether\b(?!\s+to\b)|no\s+idea|no\s+clue|not\s+sure|unsure|don'?t\s+know|do\s+not\s+know|can'?t\s+(?:say|tell)"
    r"|who\s+knows|idk|dunno|may\s+or\s+may\s+not|might\s+or\s+might\s+not|or\s+(?:maybe\s+)?not\b)",
    re.I,
)  # fmt: skip
_TOPIC = re.compile(
    r"\b(?:like|want|going|try|let'?s|let\s+me|will|could|here)\b[^.?!]{0,30}\b(?:explain|talk|discuss|describe"
    r"|cover|mention|write|speak|tell)\s+(?:about|you\s+about|the|on|of)\b"
    r"|\b(?:this|that|it|answer|text|topic|lesson|question)\s*(?:is|was|'s)\s+(?:all\s+)?about\b",
    re.I,
)  # fmt: skip
_HEDGE = re.compile(r"\b(?:maybe|perhaps|possibly|might|could\s+be|or\s+something)\b", re.I)
_SUPPOSED = re.compile(
    r"^\W*(?:and\s+|but\s+)?(?:if|suppose|supposing|imagine|unless|assuming)\b", re.I
)
_ASKS = re.compile(
    r"^\W*(?:and\s+|so\s+|but\s+)?(?:is|are|do|does|did|can|could|will|would|should|has|have|what|why|how|who"
    r"|which|where|when)\b",
    re.I,
)  # fmt: skip

_TURNS_BACK = re.compile(
    r"\W*(?:in\s+(?:fact|reality|truth)|actually|really|but\s+i\b|however)", re.I
)
_GOES_ON = re.compile(r"\W*(?:and\s+)?(?:that|or|nor)\b", re.I)
_SOME = (
    r"(?:few|some|two|three|four|five|ten|several|best|top|likely|likeliest|good|handful|couple)"
)
_ONLY_SOME = re.compile(rf"\b(?:only|just|merely)\s+(?:\w+\s+){{0,5}}{_SOME}\b", re.I)
_FEW = re.compile(
    rf"\b(?:few|handful|couple|shortlist)\b|\btop\s*-?(?:\d+|three|five|ten)\b"
    rf"|\b(?:two|three|four|five|ten)\b",
    re.I,
)
_SAME = re.compile(
    r"\bonly\s+(?:be\s+)?reads?\b|\b(?:is|are|it's|be)\s+(?:still\s+|always\s+)?the\s+same\b"
)
_STATES = re.compile(r"[=:→]|->")

STUFFED_WORDS = 4  # a shorter sentence needs no grammar: "Weights: frozen."
GLUE_SHARE = 0.13  # of an English sentence; ordinary prose has 0.35 to 0.5
LONGEST_WINDOW = 3
LONGEST_SENTENCE = 45  # words; the meaning of a longer one is blurred


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence, where it stands in the text, and how it is meant.

    Attributes:
        start, end: Its place in the text, in characters.
        sentence: Which sentence it is of, from 0.
        turns: How many times its meaning is turned round.
        is_claim: Whether the learner says it is so.
        is_weak: Hedged, or without grammar: not enough to be sure of.
    """

    start: int
    end: int
    sentence: int
    turns: int
    is_claim: bool
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What is compared with a rubric at one time.

    Attributes:
        text: The learner's own words, as they stand.
        negated: Whether an odd number of things turns its meaning round.
        stays: The same, where "stays" counts as "doesn't change"; None where one clause undoes it.
        of_few: Whether it says so of a few only.
        is_weak: As of a clause.
    """

    text: str
    negated: bool
    stays: bool | None
    of_few: bool
    is_weak: bool


def windows(text: str) -> tuple[Window, ...]:
    """Return all that a text claims, in pieces of one to three clauses, and whole sentences."""
    found = {}
    clauses = clauses_of(text)
    for number in {clause.sentence for clause in clauses}:
        own = [clause for clause in clauses if clause.sentence == number]
        for first in range(len(own)):
            for last in range(first, len(own)):
                run = own[first : last + 1]
                is_whole = len(run) == len(own)
                if len(run) > LONGEST_WINDOW and not is_whole:
                    break
                window = _window(text, run)
                if window and (len(run) == 1 or len(words(window.text)) <= LONGEST_SENTENCE):
                    found[window.text] = window
    return tuple(found.values())


def phrases(text: str) -> tuple[Window, ...]:
    """Return a phrase of a rubric: in one piece, or in two where one half negates and one doesn't."""
    run = [clause for clause in clauses_of(text) if clause.is_claim]
    whole = _window(text, run) if run else None
    if whole is None:
        return (Window(text, False, bool(_stays(text)), False, False),)
    if len({clause.turns % 2 for clause in run}) == 1:
        return (whole,)
    return tuple(found for clause in run if (found := _window(text, [clause])))


def scope(text: str) -> int:
    """Return 1 where a phrase speaks of all there are, -1 where of a few only, else 0."""
    if _ONLY_SOME.search(text):
        return -1
    if ALL & set(words(text)):
        return 1
    return -1 if _FEW.search(text) else 0


def speaks_of_change(text: str) -> bool:
    """Whether a phrase says that something stays or changes."""
    return bool(set(words(text)) & (STASIS | CHANGE)) or _stays(text) > 0


def clauses_of(text: str) -> list[Clause]:
    """Cut a text into clauses and judge each in its sentence."""
    found: list[Clause] = []
    places = list(_sentences(text))
    shuffled = sum(_is_shuffled(words(text[a:b])) for a, b in places)
    is_salad = shuffled * 3 >= len(places)
    for number, (start, end) in enumerate(places):
        clauses = list(_of_sentence(text, start, end, number, is_salad))
        if found and clauses and _DENIED_BEFORE.search(text[start:end]):
            found = [_unclaimed(c) if c.sentence == number - 1 else c for c in found]
            continue
        found += clauses
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE.finditer(text):
        if gap.start() < start or _ABBREVIATION.search(text[start : gap.start()]):
            continue
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _of_sentence(text: str, start: int, end: int, number: int, is_salad: bool) -> Iterator[Clause]:
    sentence = text[start:end]
    asks = sentence.rstrip(" \"')”’").endswith("?")
    is_salad = is_salad or not _holds_together(sentence)
    is_claimed, is_hedged, pieces = True, _is_torn(sentence), list(_pieces(text, start, end))
    is_denied = is_supposed = False
    for place, (first, last) in enumerate(pieces):
        piece = text[first:last]
        goes_on = place > 0 and _goes_on(text[pieces[place - 1][1] : first], piece)
        denied = _DENIED_AHEAD.search(piece)
        is_denied = bool(denied) or (is_denied and goes_on)
        is_supposed = bool(_SUPPOSED.search(piece)) or (is_supposed and goes_on)
        if _REPORTED.search(piece) or _UNKNOWN.search(piece) or _TOPIC.search(piece):
            is_claimed = False
        elif _TURNS_BACK.match(piece):
            is_claimed = True
        later = [text[a:b] for a, b in pieces[place + 1 :]]
        is_taken_back = any(_DENIED_BEFORE.search(said) for said in later)
        is_question = asks and (place == len(pieces) - 1 or bool(_ASKS.search(sentence)))
        unclaimed = is_taken_back or is_question or is_supposed or _is_aside(piece)
        plain = _DENIED_AHEAD.sub(" ", piece)
        yield Clause(
            first,
            last,
            number,
            _turns(plain) + is_denied,
            is_claimed and not unclaimed,
            is_salad or is_hedged or bool(_HEDGE.search(piece)),
        )


def _goes_on(joint: str, piece: str) -> bool:
    """Whether a clause goes on with what was begun, as in "it's false that … and that …"."""
    return bool(re.search(r"\b(?:and|or|nor)\b", joint, re.I) or _GOES_ON.match(piece))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each clause of a sentence stands; one of a single short word joins the next."""
    cuts = [start]
    for cut in _CLAUSE.finditer(text, start, end):
        if cut.start() > start and cut.end() < end:
            cuts += [cut.start(), cut.end()]
    cuts.append(end)
    for first, last in zip(cuts[::2], cuts[1::2], strict=True):
        if words(text[first:last]):
            yield first, last


def _window(text: str, run: list[Clause]) -> Window | None:
    if not all(clause.is_claim for clause in run):
        return None
    said = text[run[0].start : run[-1].end].strip(" ,:-–—\"'()")
    if len(words(said)) < 2:
        return None
    is_weak = any(clause.is_weak for clause in run)
    meant = [c.turns + _stays(text[c.start : c.end]) for c in run]
    is_odd = any(turns % 2 for turns in meant)
    is_torn = is_odd and any(turns and turns % 2 == 0 for turns in meant)
    return Window(
        text=said,
        negated=any(clause.turns % 2 for clause in run),
        stays=None if is_torn else is_odd,
        of_few=scope(said) < 0,
        is_weak=is_weak,
    )


def _turns(text: str) -> int:
    plain = _CONTRAST.sub(" ", text)
    return sum(is_negator(word) for word in words(plain))


def _stays(text: str) -> int:
    plain = text.casefold()
    return int(
        bool(STASIS & set(words(plain)))
        or re.search(r"\bonly\s+(?:be\s+)?reads?\b", plain) is not None
    )


def _is_aside(piece: str) -> bool:
    """Whether it is a "not that" behind a "this": it sets off, and claims nothing."""
    return bool(_ASIDE.match(piece.strip()))


def _is_torn(sentence: str) -> bool:
    return len(_HEDGE.findall(sentence)) > 1


def _unclaimed(clause: Clause) -> Clause:
    return Clause(clause.start, clause.end, clause.sentence, clause.turns, False, clause.is_weak)


def _holds_together(sentence: str) -> bool:
    """Whether it has the grammar of a sentence, or of a note; a heap of words has none."""
    said = words(sentence)
    if len(said) < STUFFED_WORDS:
        return True
    glue = sum(word in GLUE for word in said) / len(said)
    says = _STATES.search(sentence) is not None or any(is_verb(word) for word in said)
    return glue >= GLUE_SHARE and says and not _is_shuffled(said)


_NEEDS_NOUN = frozenset(("a", "an", "the", "every", "our", "your", "my", "its", "their"))
_NO_NOUN = frozenset(
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


def _is_shuffled(said: list[str]) -> bool:
    """Whether articles stand where none can: "a the", "every on", "an." at the end."""
    wrong = sum(a in _NEEDS_NOUN and b in _NO_NOUN for a, b in zip(said, said[1:], strict=False))
    if not said:
        return False
    wrong += said[-1] in {"a", "an", "the", "every", "our", "my"}
    return wrong * 12 > len(said)
