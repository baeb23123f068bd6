"""What is offered while somebody types an option."""

from collections.abc import Iterable
from itertools import islice

from discord import app_commands

from curriculum.schema import Course

Choices = list[app_commands.Choice[str]]

MOST, LONGEST = 25, 100  # choices, and characters of what is shown of one


def offer(named: Iterable[tuple[str, str]]) -> Choices:
    """Offer the first of these; each is what is shown, and what it stands for."""
    return [
        app_commands.Choice(name=name[:LONGEST], value=value) for name, value in islice(named, MOST)
    ]


def offer_fitting(named: Iterable[tuple[str, str]], typed: str) -> Choices:
    """Offer those that hold what was typed."""
    word = _plain(typed)
    return offer((name, value) for name, value in named if word in _plain(f"{value} {name}"))


def offer_lessons(course: Course, typed: str) -> Choices:
    """Offer the lessons whose number or name holds what was typed."""
    named = ((f"{one.number} · {one.title}", one.slug) for one in course.lessons)
    return offer_fitting(named, typed)


def _plain(text: str) -> str:
    return text.casefold().replace(" · ", " ")  # nobody types the dot
