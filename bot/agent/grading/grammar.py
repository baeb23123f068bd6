"""Whether words hold together as a sentence or a note does, or are heaped up."""

from itertools import pairwise

from bot.agent.grading.language.language import Language, Lexicon
from bot.agent.grading.words import is_verb, words

WORDS_TO_ONE_WRONG = 12  # a sentence with more wrong places for its length is shuffled


def holds_together(sentence: str, language: Language) -> bool:
    """Whether it has the grammar of a sentence, or of a note; a heap of words has none."""
    said, grammar, marks = words(sentence), language.grammar, language.marks
    if len(said) < grammar.stuffed_words:
        return True
    glue = sum(word in language.lexicon.glue for word in said) / len(said)
    is_stated = marks.states.search(sentence) is not None
    says = is_stated or any(is_verb(word, language) for word in said)
    is_run = len(said) >= grammar.run_words and marks.parts.search(sentence) is None
    needed = grammar.run_glue if is_run else grammar.glue
    return glue >= needed and says and not is_shuffled(said, language.lexicon)


def is_shuffled(said: list[str], lexicon: Lexicon) -> bool:
    """Whether words stand where none can: "a the", "are is", "tokens tokens", "an." at the end."""
    if not said:
        return False
    wrong = sum(
        a == b or (a in lexicon.needs_noun and b in lexicon.no_noun) or {a, b} <= lexicon.being
        for a, b in pairwise(said)
    )
    wrong += said[-1] in lexicon.never_last
    return wrong * WORDS_TO_ONE_WRONG > len(said)
