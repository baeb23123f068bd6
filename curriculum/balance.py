"""Whether the right option can be told without knowing: by its letter, or by its length."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from curriculum.errors import Problem
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep
from curriculum.reading import CourseFiles, LessonFile

MOST = 0.35  # of all choices
FEWEST = 12  # choices in a course, for a share to say anything


@dataclass(frozen=True, slots=True)
class Keys:
    """How the right options of some choices stand out.

    Attributes:
        letters: How often each letter is right.
        longest: How often no other option is as long as the right one.
        shortest: How often no other option is as short.
        choices: How many there are.
    """

    letters: dict[str, int]
    longest: int
    shortest: int
    choices: int


def keys_of(*files: LessonFile) -> Keys:
    """Count over all choices of these lessons, quick checks included."""
    steps = [placed.step for file in files for placed in file.steps]
    choices = [s for s in steps if isinstance(s, ChoiceStep) and _has_one_key(s)]
    right = Counter(step.answer for step in choices)
    return Keys(
        {letter: right[letter] for letter in OPTION_KEYS},
        sum(_stands_out(step, longest=True) for step in choices),
        sum(_stands_out(step, longest=False) for step in choices),
        len(choices),
    )


def telling_keys(reading: CourseFiles) -> Iterator[Problem]:
    """List what of a whole course's keys can be told by letter or by length."""
    keys = keys_of(*reading.lessons)
    if keys.choices < FEWEST:
        return
    marked = reading.outline_marked
    for letter in OPTION_KEYS:
        if keys.letters[letter] / keys.choices > MOST:
            text = f"option {letter} is the right one in {_share(keys.letters[letter], keys)}"
            yield marked.problem((), f"{text}: move some (`hunch lessons keys` counts them)")
    if keys.longest / keys.choices > MOST:
        text = f"the right option is the longest in {_share(keys.longest, keys)}"
        yield marked.problem((), f"{text}: cut some (`hunch lessons keys` counts them)")


def _share(count: int, keys: Keys) -> str:
    share = count / keys.choices
    return f"{count} of the course's {keys.choices} choices ({share:.0%}), {MOST:.0%} is the most"


def _has_one_key(step: ChoiceStep) -> bool:
    return sum(option.correct for option in step.options) == 1


def _stands_out(step: ChoiceStep, *, longest: bool) -> bool:
    lengths = [len(option.text) for option in step.options]
    bound = max(lengths) if longest else min(lengths)
    return len(step.option(step.answer).text) == bound and lengths.count(bound) == 1
