"""The English that grading knows: words that negate, report, ask or hold a sentence together."""

import re

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_GLUE = """
    a an the this that these those it its it's they them their he she we us our you your i me my
    one ones every each all any some no none nothing anything everything something both either
    and or but so then than as if when while until till because since which who what where how
    of on in at to for from with without by into onto over under out off up down after before
    behind between through across during again is are was were be been being am isn't aren't
    wasn't do does did don't doesn't didn't has have had can can't cannot could will won't would
    may might must should just only also very not never there here that's there's per
"""
_VERBS = """
    add allot allocate alter answer append apply ask assign attach attend be become begin bill bolt
    build call carry change check choose chop come complete compute concatenate consist consult
    contain continue convert copy cost count create cut cycle decide decode depend derive determine
    discard do draw drive drop emerge emit end estimate evaluate evict fetch fill finish fit fix
    follow freeze gather generate get give glue go grow hand handle happen have hit hold include
    infer involve iterate join keep know last lead learn leave let live load lock look loop make
    map match mean measure modify move multiply need normalise normalize occur offer output own
    pass paste pick plan point predict prefill print process produce prompt provide pull push put
    rank rate reach read receive recompute recur release remain remember remove render repeat
    replace reply request require resend reserve reset rest restart result retain retrain return
    reuse rewrite roll run sample save say scale score see select send serve set settle share show
    sit skip snap softmax speak spit split stack start stay step stick stop store stream take tack
    tell think throw tokenise tokenize touch train treat tune turn update use wait walk weigh work
    write yield
"""
_IRREGULAR = {
    "began": "begin", "built": "build", "came": "come", "chose": "choose", "chosen": "choose",
    "drawn": "draw", "drew": "draw", "fed": "feed", "feeds": "feed", "feed": "feed",
    "froze": "freeze", "frozen": "freeze", "gave": "give", "given": "give", "goes": "go",
    "gone": "go", "got": "get", "gotten": "get", "held": "hold", "kept": "keep", "knew": "know",
    "known": "know", "learnt": "learn", "left": "leave", "made": "make", "meant": "mean",
    "ran": "run", "said": "say", "sat": "sit", "saw": "see", "seen": "see", "sent": "send",
    "spat": "spit", "spits": "spit", "stuck": "stick", "taken": "take", "thrown": "throw",
    "told": "tell", "took": "take", "went": "go", "written": "write", "wrote": "write",
}  # fmt: skip
_AUXILIARIES = """
    is are was were be been am isn't aren't isnt arent wasn't has have had hasn't haven't does do
    did doesn't don't doesnt dont didn't can can't cannot could will won't would may might must
    should it's that's there's they're we're you're
"""
_NEGATORS = """
    not no never none nothing nobody nowhere neither nor without cannot hardly cant dont doesnt
    isnt arent wont didnt wasnt werent hasnt havent couldnt shouldnt wouldnt non
"""
_STASIS = """
    stay stays stayed staying remain remains remained remaining frozen froze fixed constant
    constants static immutable unchanged unaltered untouched unmodified read-only readonly
    unaffected intact stateless fix
"""
_CHANGE = """
    change changes changed changing update updates updated updating alter alters altered modify
    modifies modified adapt adapts adapted adjust adjusts adjusted learn learns learned learnt
    learning retrain retrains retrained retraining train trains trained rewrite rewrites rewritten
    write writes written touch touches touched move moves moved mutate mutates mark
"""
_FOREIGN = """
    der die das und ist nicht ein eine mit auf für von wird werden sich dem den des auch wir
    le la les des une est pas et dans pour qui que sur avec ne elle nous vous ce sont du au
    el los las una y no es con para por del se lo que su como más
    il lo gli di che per con non è sono nel della un
    o os as um uma não com para do da em são mais
    de het een en van niet is op met voor dat wordt zijn
    jest nie się na do że oraz och att det som inte på är för
"""

_ALL = "all every each entire whole full everything complete across"

GLUE = frozenset(_GLUE.split())
VERBS = frozenset(_VERBS.split())
AUXILIARIES = frozenset(_AUXILIARIES.split())
NEGATORS = frozenset(_NEGATORS.split())
STASIS = frozenset(_STASIS.split())
CHANGE = frozenset(_CHANGE.split())
ALL = frozenset(_ALL.split())
FOREIGN = frozenset(_FOREIGN.split()) - GLUE


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, with straight apostrophes."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def is_negator(word: str) -> bool:
    """Whether a word turns a statement round."""
    return word in NEGATORS or word.endswith("n't")


def is_verb(word: str) -> bool:
    """Whether a word can be what a clause says of its subject."""
    return word in AUXILIARIES or word in _IRREGULAR or bool(VERBS & set(_bases(word)))


def stem(word: str) -> str:
    """Return what the forms of a word share."""
    found = _IRREGULAR.get(word, word)
    for ending in ("ations", "ation", "ities", "ility", "ings", "ing", "ers", "er", "ies", "ied",
                   "es", "ed", "ly", "s", "e", "y"):  # fmt: skip
        if found.endswith(ending) and len(found) - len(ending) >= 3:
            found = found[: -len(ending)]
            break
    return found[:-1] if len(found) > 3 and found[-1] == found[-2] else found


def _bases(word: str) -> list[str]:
    found = [word]
    for ending, put in (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""),
                        ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")):  # fmt: skip
        if word.endswith(ending):
            root = word[: -len(ending)]
            found += [root + put, root[:-1] if root[-1:] == root[-2:-1] else root]
    return found
