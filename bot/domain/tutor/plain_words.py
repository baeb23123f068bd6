"""Words of small talk, and plain ones that go with them. None is a word of the course's."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


def _phrases(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


STUCK = _words(
    """
    lost stuck confused confusing confuses overwhelmed overwhelming struggle struggling hard
    frustrated frustrating harder difficult tough tricky complicated complex advanced dumb
    stupid idiot hopeless quit tired bored boring scared afraid nervous anxious idk huh ugh
    wtf help hint hints clueless greek spinning hurts simpler easier slower wrong again
    simply impossible failing
    """
)
ASKS = _words(
    """
    beginner newbie noob newcomer commands menu instructions continue
    """
)
GREETING = _words(
    """
    hi hey hello gm buenos dias hiya howdy yo sup greetings hallo hullo hola bonjour salut
    ciao moin servus namaste morning evening wassup
    """
)
THANKS = _words(
    """
    thanks thank thx ty tysm tnx cheers merci danke gracias appreciate appreciated bye
    goodbye goodnight lovely cya ok okay kk cool nice great awesome perfect amazing wow lol
    haha gotcha understood sure alright helpful interesting fun
    """
)
PLAIN = _words(
    """
    a able about actually after afternoon ago ah alive all already also always am an and any
    anybody anyone anything anyway anywhere are around as ask asking at aw awake away back
    bad be because been before begin beginning begins being bit bot both brain bunch but
    button buttons by came can cant clever click clue come comes completely could couldnt
    course da damn day dear depth did didnt do does doesnt doing done dont down dude else
    end english enough even ever every everybody everyone everything exactly experience
    explain far fast feel feeling feels few figure find first folks follow following for
    forget forgot friend from fully further get gets getting give giving go goes going gone
    gonna good got gotta grasp guess guide guys had happened happening happens happy has
    have havent he head hear helped helps her here hes hm hmm home hours how hows human
    hunch i id idea ideas if ill im in into introduce is isnt it its ive job joined just
    keep keeps kind know last later learn learning least leave left lesson lessons let lets
    like listening little long look lot love made make makes making man manage many mate
    maybe me mean meet million mind mine minute minutes moment more most much must my myself
    name need needed needs never new next night no nobody none not nothing now of off oh on
    once one only or other our out over overview perhaps person play please pls plz point
    press pretty probably purpose question questions quick quite r ready real really right
    rock rules said same say says see seem seems sense shall should show skip slowly smart
    so some somebody somehow someone something somewhere sorry sort speaking star start
    started starting step still stop stuff such supposed take taken talk talking tell than
    that thats the their them then there these they thing things think this those though
    time to today told tomorrow tonight too took topic totally tried try trying tutorial
    type u um understand until up ur us use used using very wait wanna want was way we weird
    well were what whatever whats when where which while who whole whos why will wish with
    without wonderful wont work working works would ya yeah yes yet you your youre yours
    yourself zero
    """
)

_NOT = "(?:not|no|never|none|nothing|dont|cant|cannot|didnt|doesnt|isnt|wont|couldnt|hardly|barely)"
STUCK_SAID = _phrases(
    r"giv(?:e|ing) up",
    r"too (?:much|fast|quick)",
    r"over my head",
    r"beyond me",
    r"out of my depth",
    r"lost me",
    r"slow down",
    r"zero sense",
    r"figure (?:it|this|that|any)",
    r"not for me",
    r"forgot everything",
    r"plain english",
    r"too \w+ for me",
    r"what do you mean",
    r"explain (?:it|this|that)",
    rf"{_NOT} (?:\w+ ){{0,3}}(?:get"
    r"|getting|understand|follow|know|see|following|keep up|smart|sure"
    r"|idea|ideas|clue|sense|grasp|good|anywhere|way|further|manage|do)",
)
ASKS_SAID = _phrases(
    r"(?:who|what) (?:are|r) (?:you|u)",
    r"what (?:else )?(?:can|do|does|could|will) (?:you|u|it|this|that|i|we)(?: \w+)?"
    r" (?:do|for|here|now|next)",
    r"(?:whats|what is|what are) (?:this|that|it|all this|you|going on)",
    r"how (?:do|does|can|should|to) (?:\w+ ){0,2}(?:work|use|start|begin|go on)",
    r"where (?:am|was|were|are) (?:i|we)",
    r"where (?:\w+ ){0,4}(?:start|begin|stop|left|leave|go)",
    r"what (?:now|next|then)",
    r"(?:what|which) (?:\w+ ){0,4}(?:do|type|say|press|click)",
    r"(?:get|getting|got) started",
    r"i(?:m| am) (?:\w+ )?new",
    r"new here",
    r"first (?:time|day)",
    r"go on",
    r"carry on",
    r"lets (?:go|start)",
    r"about (?:you|yourself)",
    r"introduce yourself",
    r"how far",
    r"overview",
    r"what happens (?:here|now|next)",
    r"who made",
    r"(?:who|whom) am i",
    r"tutorial",
    r"zero experience",
    r"what comes after this",
    r"your purpose",
    r"(?:take|bring) me",
    r"skip (?:this|it)",
    r"^(?:start|begin|next|ready|go)",
)
GREETING_SAID = _phrases(
    r"good (?:morning|afternoon|evening|day)",
    r"whats up",
    r"how (?:are|r) (?:you|u)",
    r"(?:hows|how is) (?:it going|everything|life|things)",
    r"(?:nice|good|lovely|pleased) to (?:meet|see) you",
    r"(?:any|some)(?:one|body) (?:here|there|home)",
    r"(?:are|r) (?:you|u) (?:there|here|alive|awake|real|human)",
)
THANKS_SAID = _phrases(
    r"see (?:you|u|ya)",
    r"good night",
    r"well done",
    r"good (?:job|bot)",
    r"love (?:it|this)",
    r"got it",
    r"night night",
    r"makes sense",
    r"(?:that|this|it|you) (?:really |just )?(?:helped|helps)",
)
