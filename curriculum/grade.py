"""How hard a lesson reads: the school grade that its prose needs."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from readability import KincaidGradeLevel
from readability.langdata import LANGDATA

from curriculum.errors import Problem
from curriculum.numerals import without_code
from curriculum.prose import lesson_prose, step_prose
from curriculum.reading import CourseFiles, LessonFile

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])[\"”’)*_]*\s+|\n+")
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")


def school_grade(texts: Iterable[str]) -> float:
    """Return the grade, in years of US schools: 9 is read with ease at fourteen or fifteen.

    Args:
        texts: Prose. Code and numbers in digits aren't counted.

    Source:
        Kincaid et al. 1975 (Flesch-Kincaid), as the library `readability` counts syllables.
    """
    sentences = [words for text in texts for words in _sentences(text)]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return float(KincaidGradeLevel(sum(map(_syllables, words)), len(words), len(sentences)))


def hard_lessons(reading: CourseFiles) -> Iterator[Problem]:
    """List the lessons that ask for more schooling than the course wants to."""
    most = reading.outline.grade if reading.outline else None
    if most is None:
        return
    for file in reading.lessons:
        around = [text for _, text in lesson_prose(file)]
        steps = [[text for _, text in step_prose(file, placed)] for placed in file.steps]
        grade = school_grade([*around, *(text for step in steps for text in step)])
        if grade > most:
            yield _too_hard(file, steps, grade, most)


def _too_hard(file: LessonFile, steps: list[list[str]], grade: float, most: float) -> Problem:
    hardest = max(range(len(steps)), key=lambda n: school_grade(steps[n]), default=None)
    place = () if hardest is None else file.steps[hardest].place
    text = f"the lesson reads like school grade {grade:.1f}, {most:g} is the most"
    return file.marked.problem(place, f"{text}: shorten its sentences, first of all here")


def _sentences(text: str) -> Iterator[list[str]]:
    """Yield the words of each sentence; a line of its own is one too."""
    for sentence in _SENTENCE_ENDS.split(without_code(text).replace("*", "")):
        if words := _WORD.findall(sentence):
            yield words


@lru_cache(maxsize=16_384)
def _syllables(word: str) -> int:
    return max(1, int(LANGDATA["en"]["syllables"](word)))  # it counts none in "the"
