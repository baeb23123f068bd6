"""Ways to say what one wants of the tutor: each line of a block is one, and must match it whole.

A line that ends in a backslash goes on in the next.
"""

import re

_IT = r"(?:it|this|that|these|those)"
_ON = r"(?:on|about|in|over|of|with|for)"
_TOPIC = rf"(?: {_ON} (?P<topic>\S.*))?"
_SHEET = r"(?:questions?|quiz|test|exercise)"
_SOME = r"(?:a|another|some|one more|the next)"
_TESTED = r"(?:understood|understand|know|get|got)"
_PLAIN = (
    r"(?:simply|simpler|simple|easier|easy|plain|plainer|plainly|slowly|other|fewer|everyday"
    r"|normal|different|words?|terms?|english|language|short|shorter)"
)
_GUESS = r"(?:guess(?:es)?|answer|pick|choice|bet)"
_JUDGED = r"(?:right|wrong|correct|incorrect|off|any good|good|bad|close|ok)"
_OR = r"(?: or (?:wrong|right|not))?"
_CHOSE = r"(?:guess|guessed|pick|picked|answer|answered|choose|chose|say|said)"
_WHOLE = r"(?: (?:this|that|it|the|all|all this))?(?: (?:lesson|course|step|thing|rest))?"
_TO_THE_END = r"(?: (?:in|of|for|until|till) (?:the end of )?(?:this|the) (?:lesson|course|end))?"
_LIVE = r"(?: live| at work| in action| for real)"
_SURE = r"(?:right|true|correct|so)"

_BLOCKS = {
    "quiz": rf"""
        (?:quiz|test|examine|drill) (?:me|us|my (?:knowledge|understanding)){_TOPIC}
        ask (?:me|us) (?:something|anything|{_SOME} questions?|questions|one){_TOPIC}
        (?:give|send|throw) (?:me|us) {_SOME} {_SHEET}{_TOPIC}
        (?:i(?:d| would) (?:like|love)|i want|let me (?:have|try)) {_SOME} {_SHEET}{_TOPIC}
        {_SOME} {_SHEET}{_TOPIC}
        (?:next question|quiz){_TOPIC}
        (?:make|do|start) {_SOME} (?:quiz|test){_TOPIC}
        (?:check|see) (?:if|whether) i(?:ve| have)? {_TESTED}(?: (?P<topic>\S.*))?
    """,
    "simpler": rf"""
        (?:explain|say|put|tell|phrase|make|give)(?: me)?(?: {_IT})?(?: to me)?\
            (?: more| in| with)*(?: {_PLAIN})+
        too (?:complicated|hard|technical|complex|difficult) (?:explain|say|put) {_IT}\
            (?: more| in)*(?: {_PLAIN})+
        explain(?: {_IT})?(?: to me)? like (?:im|i am|im a|to) .{{1,20}}
        (?:dumb|break|boil) {_IT} down
        dumb down(?: {_IT})?
        eli5|tldr
        (?:in |with )?(?:much )?(?:more )?(?:simpler|easier|plainer|simply|plain|simple|fewer)\
            (?: {_PLAIN})?
        (?:is there|do you have|give me) an? (?:simpler|easier) (?:way|explanation|version)
        is there an? (?:simpler|easier) way to (?:say|put|explain) {_IT}
    """,
    "guess": rf"""
        (?:(?:why|how) )?(?:was|is|were) (?:my|the) (?:last )?{_GUESS}(?: i made)?(?: really)? \
            {_JUDGED}{_OR}
        (?:why )?(?:was|were|am) i (?:right|wrong|correct|close|off){_OR}
        did i (?:guess|get|have|answer|pick)(?: it| that| this)? (?:right|wrong|correctly|correct)
        (?:what|how) (?:was|about|is)(?: wrong with| right about)? my (?:last )?{_GUESS}(?: like)?
        whats (?:wrong|the matter) with my (?:last )?{_GUESS}
        how did my (?:last )?{_GUESS} (?:do|go|turn out)
        my (?:last )?{_GUESS}(?: was (?:it|that) .{{1,12}})?
        (?:(?:remind|tell) me )?what (?:did i|i) {_CHOSE}
    """,
    "how_long": rf"""
        how (?:long|much longer|much time|many minutes|many hours)(?: (?:does|will|would|is))?\
            {_WHOLE}(?: (?:take|last|be|need|left))?(?: me)?
        how (?:long|much|much longer|much time|many (?:minutes|steps|lessons|questions|hours))\
            (?: (?:is|are|do i have|have i|does it take|there))*\
            (?: left| to go| remaining| more)?{_TO_THE_END}
        (?:when|how soon) (?:will|am|is|can)(?: i| this| it| the lesson| the course)?(?: be)? \
            (?:done|finished|over|through|finish)(?: with (?:this|the) (?:lesson|course))?
    """,
    "show": rf"""
        (?:(?:show|let)(?: me| us)?(?: see)?|(?:may|can|could) i see|i want to see|see)\
            (?: {_IT})?(?: to me| on| in| with)?\
            (?: (?:an?|the|some|another) (?:examples?|demo|instrument|picture|real model))?\
            {_LIVE}?
        show(?: me| us) (?!how|what|why|which|where|that|this|it\b)(?P<topic>\S.*?){_LIVE}
        (?:demo|demonstrate|an example|example)(?: of (?P<topic>\S.*))?
    """,
    "disagree": rf"""
        i (?:totally |strongly )?(?:disagree|dont agree|do not agree|doubt {_IT})\
            (?: with (?:you|{_IT}))?
        i (?:dont|do not) think (?:so|(?:thats|that is|this is|its) {_SURE})
        (?:i think )?(?:thats|that is|this is|its|youre|you are|your answer is)\
            (?: just| simply| plain)? (?:wrong|false|incorrect|mistaken|nonsense|not {_SURE})
        (?:that|this|it) (?:cant|cannot|can not) be(?: {_SURE})?
        i (?:dont|do not) believe (?:you|that|this|it)
        (?:i )?(?:think|see|thought) (?:it |that )?(?:otherwise|differently)
        are you (?:really |so |quite |very )?(?:sure|certain)(?: (?:about|of) {_IT})?
    """,
    "next": r"""
        (?:whats|what is|what comes|what) (?:the )?next(?: step| thing| one| lesson)?\
            (?: on (?:the|my) list)?
        what (?:should|shall|do|can|must) (?:i|we) (?:do|learn|take|try)(?: next)?
        now what|what comes|where now
        where (?:do|should|shall) (?:i|we) go(?: from)?(?: on)?(?: next)?
        next|go on|continue|carry on|lets go on
    """,
}
SAID = tuple(
    (name, re.compile(line.strip()))
    for name, block in _BLOCKS.items()
    for line in re.sub(r"\\\n\s*", "", block).splitlines()
    if line.strip()
)
"""The name of each intent, with a pattern for a whole text that says it."""
