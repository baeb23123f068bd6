"""What a learner has yet to guess, and whether a text would give it away.

The rule is kept in code: whatever gives a step's key away never reaches a model's context, and
never leaves in an answer, until the learner has committed a guess at that step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.tutor.passages import Passage, Source
from bot.domain.words import digits, figures, plain, sentences, squeezed, stems
from curriculum.kinds.registry import Step
from curriculum.schema import Course

SHARE = 0.75  # of a key's words within NEAR sentences gives it away
NEAR = 2
FEW = 2  # words: so short a key is said by chance
SHORT = 4  # words: so short a key must be told whole
LONG = 4  # digits: so long a number is no chance


@dataclass(frozen=True, slots=True)
class Secret:
    """The key of one step.

    Attributes:
        source: The step.
        phrases: Each says the answer; as sets of word stems.
        number: The answer's digits, for a step that asks for a quantity.
        unit: What it is counted in; a short number tells nothing without it.
        prompt: For a step that asks for a next token: what the model would be asked.
    """

    source: Source
    phrases: tuple[frozenset[str], ...] = ()
    number: str | None = None
    unit: str = ""
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Spoilers:
    """All keys that one learner has yet to guess."""

    secrets: tuple[Secret, ...] = ()
    steps: frozenset[Source] = field(default_factory=frozenset)  # and passages not yet reached

    def hides(self, passage: Passage) -> bool:
        """Whether a passage must stay out of sight: its step is to come, or it tells a key."""
        if passage.source in self.steps:
            return True
        return self.gives_away(f"{passage.title}. {passage.text}") is not None

    def gives_away(self, text: str) -> Source | None:
        """Return the step whose key a text tells, if any."""
        windows, counted = list(_windows(text)), figures(text)
        for secret in self.secrets:
            told = any(_tells(window, key) for key in secret.phrases for window in windows)
            if told or _counts(counted, secret):
                return secret.source
        return None

    def asks_model(self, prompt: str) -> Source | None:
        """Return the step whose answer a model would give if it were asked this, if any."""
        asked = squeezed(prompt)
        for secret in self.secrets:
            if secret.prompt and squeezed(secret.prompt) in asked:
                return secret.source
        return None


def spoilers_for(course: Course, committed: Iterable[tuple[int, str]]) -> Spoilers:
    """Return what a learner may not be told yet.

    Args:
        course: What is taught.
        committed: Lesson number and step id of each step guessed at, or read and left behind.
    """
    done = frozenset(committed)
    open_steps = [
        (Source(lesson.number, step=step.id), step)
        for lesson in course.lessons
        for step in lesson.sequence
        if (lesson.number, step.id) not in done
    ]
    secrets = [secret_of(source, step) for source, step in open_steps]
    return Spoilers(
        tuple(secret for secret in secrets if secret is not None),
        frozenset(source for source, _ in open_steps),
    )


def secret_of(source: Source, step: Step) -> Secret | None:
    """Return the key of a step; None where nothing is asked."""
    key = kind_of(step).key(step)
    if key is None:
        return None
    number = None if key.number is None else digits(f"{key.number:.10g}")
    return Secret(source, _keys(*key.sentences), number, key.unit, key.prompt)


def _keys(*phrases: str) -> tuple[frozenset[str], ...]:
    found = (stems(phrase) for phrase in phrases)
    return tuple(dict.fromkeys(key for key in found if len(key) > FEW <= len(_words(key))))


def _words(key: frozenset[str]) -> list[str]:
    """Return what is no figure: a table of figures holds any few of them by chance."""
    return [stem for stem in key if not stem.isdecimal()]


def _tells(window: frozenset[str], key: frozenset[str]) -> bool:
    return len(window & key) >= len(key) * (SHARE if len(key) > SHORT else 1)


def _windows(text: str) -> Iterable[frozenset[str]]:
    """Yield the stems of every NEAR sentences in a row."""
    each = [stems(sentence) for sentence in sentences(text)]
    for first in range(max(1, len(each) - NEAR + 1)):
        yield frozenset().union(*each[first : first + NEAR])


def _counts(counted: Sequence[tuple[str, str]], secret: Secret) -> bool:
    """Whether a number among these is the answer; a short one only with its unit behind it."""
    if secret.number is None:
        return False
    unit = plain(secret.unit)
    return any(
        number == secret.number
        and (len(number) >= LONG or (bool(unit) and following.startswith(unit)))
        for number, following in counted
    )
