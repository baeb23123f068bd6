"""What a question wants of a term: its definition, or what else is written about it."""

import re

_OPENING = """
    how why does do did is are can could should would will when where which who whose may must
    has have am was were
"""
_ASKS = frozenset(_OPENING.split())
_COMPARES = re.compile(r"\b(vs|versus|difference|differ|or|why|how)\b")
_WHAT_IS = re.compile(r"what'?s |what (is|are|exactly (is|are)) |what does .*\bmean")


def wants_definition(question: str) -> bool:
    """Whether a question has the form of one for a definition: a bare phrase, or "what is …"."""
    text = question.lower().replace("’", "'")
    words = re.findall(r"[\w']+", text)
    if not words:
        return True
    if words[0] in _ASKS or _COMPARES.search(text):
        return False
    return not words[0].startswith("what") or bool(_WHAT_IS.match(text))
