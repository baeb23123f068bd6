"""Draw a class for its instructors, and what a learner agrees to."""

from datetime import datetime

from bot.domain.classroom.cohort import (
    CohortScreen,
    StepLine,
    StuckLine,
)
from bot.domain.classroom.counts import (
    MOST_COUNTED,
)
from bot.domain.classroom.member import Member
from bot.domain.classroom.screens import (
    AssignmentScreen,
    BeliefLine,
    CriterionLine,
    LearnerScreen,
    MisconceptionScreen,
)
from bot.domain.crowd import FEWEST, part_text
from bot.domain.lesson.teachback import SAID, Grading, Verdict
from bot.domain.progress.standing import LessonStanding, LessonState
from bot.ui.buttons.classroom import LetSee, OpenCohort, TakeReport
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenOne
from bot.ui.cards.kit import Card, card, cut, percent, quote, row

_LESSONS, _NAMED, _BELIEFS, _WORDS = 4, 3, 4, 3  # lines of each, so that a card stays short
_LEAST = 2
_ASK, _REASON, _TEACHBACK, _SAYS = 60, 140, 240, 70  # characters


def draw_cohort(screen: CohortScreen) -> Card:
    """Return the class: who is where, who is stuck, then what is hard."""
    report = [
        PressButton.of(TakeReport(True), "Report", is_main=True),
        PressButton.of(TakeReport(False), "Without names"),
        PressButton.of(OpenCohort(), "Refresh"),
    ]
    return card(
        "### Your class\n" + "\n".join([*_where(screen), *_stuck(screen)]),
        row(report),
        _hard(screen),
        _last(screen),
    )


def draw_learner(screen: LearnerScreen) -> Card:
    """Return one learner's page."""
    head = f"### <@{screen.learner_id}>\n-# since {_moment(screen.joined, 'D')}"
    lines = [_standing(one) for one in screen.lessons[-8:]] or ["No guess here yet."]
    if screen.scored:
        share = percent(screen.right / screen.scored)
        lines.append(f"**{screen.right} of {screen.scored}** right at first try ({share}).")
    sure = screen.calibration
    if sure.sure:
        lines.append(f"When *sure*: right {sure.sure_and_right} of {sure.sure}.")
    if sure.mean_brier is not None:
        lines.append(f"Brier {sure.mean_brier:.2f} (0 is best).")
    return card(head, "\n".join(lines), row([PressButton.of(OpenCohort(), "Class")]))


def draw_misconceptions(screen: MisconceptionScreen) -> Card:
    """Return what a class believes about a lesson, and how they say it."""
    beliefs = [_belief(one) for one in screen.beliefs[:_BELIEFS]]
    said = [quote(text, _TEACHBACK) for text in screen.teachbacks[:_WORDS]]
    criteria = [_criterion(one) for one in screen.criteria if one.met < one.graded]
    return card(
        f"### Lesson {screen.number}: what they believe",
        "\n".join(beliefs)
        or f"No wrong belief to tell of: a step is told once {FEWEST} have answered.",
        row([PressButton.of(OpenCohort(), "Class", is_main=True)]),
        "**Least said in teach-backs**\n" + "\n".join(criteria[:_LEAST]) if criteria else None,
        "**Said back, in their words**\n" + "\n".join(said) if said else None,
        f"-# Words are shown once {FEWEST} learners who agreed have written some."
        if screen.writers_missing
        else None,
    )


def draw_assignment(screen: AssignmentScreen, *, is_reminder: bool = False) -> Card:
    """Return what a class is set; the same card reminds of it."""
    when = _moment(screen.due, "R")
    title = f"### Lesson {screen.number}: {screen.title}"
    head = f"Due {when}." if is_reminder else f"Please do it by {_moment(screen.due, 'F')}."
    by = f"-# {screen.minutes} minutes · set by <@{screen.set_by}>"
    label = f"Open lesson {screen.number}"
    return card(
        title, f"{head}\n{by}", row([PressButton.of(OpenOne(screen.slug), label, is_main=True)])
    )


def draw_set_up(role: int | None) -> Card:
    """Return who instructs now, and how they come to see their commands."""
    if role is None:
        return card("### No instructors\nOnly those who manage this server instruct it now.")
    return card(
        f"### Instructors: <@&{role}>",
        "They have `/class`; `/class cohort` shows the class.\n"
        "Discord hides it from all who don't manage the server. Let the role see it in"
        " **Server Settings → Integrations → Hunch**.",
        "-# Learners are asked, once, whether instructors may see their progress.",
        row([PressButton.of(OpenCohort(), "Class", is_main=True)]),
    )


def draw_sharing(member: Member) -> Card:
    """Return what instructors may see of a learner, and the choice."""
    now = "shown by name" if member.is_shown else "private"
    return card(
        "### May your instructors see how you do?",
        "They'd see your name, your guesses, how sure you were and what you wrote, from when you"
        " joined this server's class.\n"
        "Private means that you're only counted: nobody sees that it was you. What a class answered"
        f" is told once {FEWEST} have, never who.",
        f"-# Now: {now}. You can change it at any time with `/more sharing`.",
        row(
            [
                PressButton.of(LetSee(True), "Agree", is_main=member.is_shown),
                PressButton.of(LetSee(False), "Keep private", is_main=_chose_private(member)),
            ]
        ),
    )


def draw_overruled(who: int, criterion: str, grading: Grading, *, is_told: bool) -> Card:
    """Return the verdict that holds from now on."""
    verdict = SAID[grading.verdict_on(criterion)]
    how = "They were told." if is_told else "Their inbox is closed to me; their card says it."
    return card(f"### Overruled\n<@{who}>: *{criterion}* is “{verdict}” now.", f"-# {how}")


def draw_word(lesson: int, says: str, verdict: Verdict) -> Card:
    """Return the direct message to who was overruled: what holds now, and where it stands."""
    return card(
        f"### Your teach-back of lesson {lesson}\nYour instructor read it. This one is now"
        f" **{SAID[verdict]}**:\n*{cut(says, _TEACHBACK)}*",
        "-# It goes before what the grader said, and stands on the lesson's card.",
    )


def _where(screen: CohortScreen) -> list[str]:
    if not screen.lessons:
        return ["Nobody has begun a lesson here yet."]
    busiest = sorted(screen.lessons, key=lambda one: -one.under_way)[:_LESSONS]
    shown = sorted(busiest, key=lambda one: one.number)
    lines = [f"Lesson **{s.number}**: {s.under_way:,} in it · {s.done:,} done" for s in shown]
    left = len(screen.lessons) - len(shown)
    return [*lines, f"-# {left} more lessons in the report"] if left else lines


def _stuck(screen: CohortScreen) -> list[str]:
    if not screen.all_stuck:
        return []
    named = [_stuck_line(one) for one in screen.stuck[:_NAMED]]
    left = screen.all_stuck - len(named)
    more = [f"-# and {_count(left)} more"] if left > 0 and named else []
    head = f"**Stuck for days: {_count(screen.all_stuck)}**"
    return [head, *named, *more]


def _stuck_line(one: StuckLine) -> str:
    return f"<@{one.learner_id}> step {one.number}.{one.index} · {one.days} days"


def _hard(screen: CohortScreen) -> str | None:
    if not screen.hardest:
        return None
    return "**Most often wrong**\n" + "\n".join(_step(one) for one in screen.hardest)


def _step(one: StepLine) -> str:
    wrong = part_text(one.judged - one.right, one.judged)
    belief = f"\n-# {one.belief}" if one.belief else ""
    return f"Step **{one.number}.{one.index}** {cut(one.ask, _ASK)} {wrong} wrong{belief}"


def _last(screen: CohortScreen) -> str | None:
    sure, right = screen.sure
    lines = []
    if sure:
        lines.append(f"When *sure*: right {part_text(right, sure)}.")
    if screen.beliefs:
        most = screen.beliefs[0]
        lines.append(f"Believed most: *{most.text}* ({most.votes:,} ×)")
    if screen.questions:
        lines.append(f"{_count(screen.questions)} unanswered: `/class questions`")
    return "\n".join(lines) or None


def _belief(one: BeliefLine) -> str:
    reason = "\n" + quote(one.reasons[0], _REASON) if one.reasons else ""
    return f"**{one.votes:,} ×** {one.text}{reason}"


def _criterion(one: CriterionLine) -> str:
    return f"{one.met} of {one.graded} · {cut(one.says, _SAYS)}"


def _standing(one: LessonStanding) -> str:
    if one.state is LessonState.DONE:
        return f"✓ **{one.number}** {one.right} of {one.scored} right"
    return f"▸ **{one.number}** step {one.index} of {one.total}"


def _chose_private(member: Member) -> bool:
    return member.has_decided and not member.is_shown


def _count(number: int) -> str:
    return f"{number:,} or more" if number >= MOST_COUNTED else f"{number:,}"


def _moment(when: datetime, style: str) -> str:
    """Return a time as Discord shows it, in the reader's own zone."""
    return f"<t:{int(when.timestamp())}:{style}>"
