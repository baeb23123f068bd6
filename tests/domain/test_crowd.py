"""The rule of small numbers: the same for a round, a class in lessons, its instructors, the report.

Each of these once had a number of its own.
"""

import pytest

from bot.domain.classroom.cohort import beliefs_of, cohort_of
from bot.domain.classroom.counts import Runs, Tallies, Tries, Votes
from bot.domain.classroom.member import Member
from bot.domain.classroom.report import ClassRecord, report_of
from bot.domain.crowd import FEWEST, PERCENT_FROM, is_crowd, part_text
from bot.domain.daily.game import Crowd
from bot.domain.lesson.projection import screen_for
from bot.domain.lesson.screens import RevealScreen
from bot.domain.round.round import Count, Round, Stage
from bot.domain.round.screens import TalkScreen, screen_of
from bot.report.page import page_of
from bot.ui.cards.classroom import draw_cohort, draw_sharing
from curriculum.kinds.choice import ChoiceStep
from curriculum.schema import Course
from tests.domain.lesson.walks import revealed
from tests.fakes.clock import NOW

PEOPLE = (1, FEWEST - 1, FEWEST, FEWEST + 1)


def tallies(course: Course, people: int) -> Tallies:
    slug = course.lessons[0].slug
    return Tallies(
        runs=[Runs(slug, people, 0)],
        tries=[
            Tries(slug, "pick", 850, people - 1, people - 1, 0),
            Tries(slug, "pick", 970, 1, 1, 0),
        ],
        votes=[Votes(slug, "pick", "A", people)],
    )


@pytest.mark.parametrize("people", PEOPLE)
def test_a_lesson_a_round_and_a_passage_tell_what_was_said_from_the_same_number_up(
    course: Course, people: int
) -> None:
    lesson = course.lessons[0]
    reveal = screen_for(revealed(lesson, "pick", "A"), lesson, {"A": people})
    assert isinstance(reveal, RevealScreen)
    assert bool(reveal.votes) is is_crowd(people)
    step = lesson.step("pick")
    assert isinstance(step, ChoiceStep)
    talk = screen_of(
        Round(1, 900, 5, 1, lesson.slug, 1, step, Stage.TALK), [Count(1, None, "A", people, 0)]
    )
    assert isinstance(talk, TalkScreen)
    assert talk.guesses == people
    assert bool(talk.spread) is is_crowd(people)
    assert Crowd(people, 4.0).is_shown is is_crowd(people)


@pytest.mark.parametrize("people", PEOPLE)
def test_instructors_are_told_how_many_and_from_the_same_number_up_what(
    course: Course, people: int
) -> None:
    held = tallies(course, people)
    screen = cohort_of(course, held, NOW)
    (step,) = screen.steps
    assert screen.lessons[0].begun == step.tries == people
    for told in (step.rate is not None, step.belief, screen.said, screen.beliefs, screen.hardest):
        assert bool(told) is is_crowd(people)
    assert bool(beliefs_of(course, held.votes)) is is_crowd(people)
    assert screen.sure[0] == (people if is_crowd(people) else 0)
    belief = course.lessons[0].misconceptions["planned"]
    card = str(draw_cohort(screen).to_components())
    page = page_of(report_of(course, 900, ClassRecord(held, "key"), NOW, has_names=False)).decode()
    for text in (card, page):
        assert (belief in text) is is_crowd(people)
    assert f"once {FEWEST} have" in page


def test_learners_are_told_the_rule_where_they_choose() -> None:
    card = str(draw_sharing(Member(1, 900, NOW)).to_components())
    assert f"told once {FEWEST} have, never who" in card


def test_a_part_of_few_is_counted_and_one_of_many_is_a_share() -> None:
    assert part_text(2, 3) == "2 of 3"
    assert part_text(19, PERCENT_FROM - 1) == "19 of 19"
    assert part_text(5, PERCENT_FROM) == "25%"
