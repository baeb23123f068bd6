"""Where a learner stands, and what a word means."""

from dataclasses import dataclass

from bot.domain.errors import NotFound
from bot.domain.learner import Learner
from bot.domain.standing import HomeScreen, ProgressScreen, home_of, progress_of
from bot.usecases.ports import OpenRecords
from curriculum.schema import Course, Term


@dataclass(frozen=True, slots=True)
class ShowHome:
    """Show the map of the course."""

    course: Course
    open_records: OpenRecords

    async def __call__(self, learner: Learner) -> HomeScreen:
        """Return the map as this learner has walked it."""
        async with self.open_records() as records:
            return home_of(self.course, await records.attempts_of(learner.id))


@dataclass(frozen=True, slots=True)
class ShowProgress:
    """Show what a learner has done."""

    course: Course
    open_records: OpenRecords

    async def __call__(self, learner: Learner) -> ProgressScreen:
        """Return what the learner's first runs say."""
        async with self.open_records() as records:
            return progress_of(self.course, await records.attempts_of(learner.id))


def look_up(course: Course, wanted: str) -> Term:
    """Return the glossary entry of a term, by its name, an alias, or a beginning of either.

    Raises:
        NotFound: nothing fits; the text names what is near.
    """
    word = wanted.strip().casefold()
    for term in course.terms:
        if word in (name.casefold() for name in (term.term, *term.aliases)):
            return term
    near = terms_like(course, word)
    if len(near) == 1:
        return near[0]
    hint = ", ".join(term.term for term in near[:6]) or "the list as you type"
    raise NotFound(f"I don't have that word. Near it: {hint}.")


def terms_like(course: Course, typed: str) -> list[Term]:
    """Return the terms that a few typed letters may mean, best first."""
    word = typed.strip().casefold()
    ranked = []
    for term in course.terms:
        names = [name.casefold() for name in (term.term, *term.aliases)]
        if any(name.startswith(word) for name in names):
            ranked.append((0, term.term.casefold(), term))
        elif any(word in name for name in names):
            ranked.append((1, term.term.casefold(), term))
    return [term for _, _, term in sorted(ranked, key=lambda row: row[:2])]
