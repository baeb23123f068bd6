"""Words, told apart and led back to what their forms share; which ones, the language says."""

import re

from bot.agent.grading.language.language import Language
from bot.domain.words import cut, undoubled

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, with straight apostrophes."""
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def is_negator(word: str, language: Language) -> bool:
    """Whether a word turns a statement round."""
    return word in language.lexicon.negators or word.endswith(language.endings.negating)


def is_verb(word: str, language: Language) -> bool:
    """Whether a word can be what a clause says of its subject."""
    lexicon = language.lexicon
    if word in lexicon.auxiliaries or word in lexicon.irregular:
        return True
    return not lexicon.verbs.isdisjoint(_bases(word, language))


def stem(word: str, language: Language) -> str:
    """Return what the forms of a word share."""
    known = language.lexicon.irregular.get(word, word)
    return undoubled(cut(known, ((ending, "") for ending in language.endings.stem)))


def _bases(word: str, language: Language) -> list[str]:
    """Return the plain forms that a verb's form may have, a doubled letter made single."""
    found = [word]
    for ending, put in language.endings.verb:
        if word.endswith(ending):
            root = word[: -len(ending)]
            found += [root + put, root[:-1] if root[-1:] == root[-2:-1] else root]
    return found
