"""Sixty learners, ninety days: every count, rate, reminder and interval is what was really done."""

import csv
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.crowd import is_crowd, part_text
from bot.report.vega import vega_script
from bot.ui.cards.kit import percent
from bot.ui.client import HunchBot
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.teachback import TeachbackStep
from curriculum.schema import Course
from tests.journeys.player import text_of
from tests.journeys.tutor.desk import HandBeat
from tests.semester.conftest import SEED
from tests.semester.ledger import Ledger
from tests.semester.memory import Memories
from tests.semester.person import Person
from tests.semester.raw import rows
from tests.semester.recount import Recount, is_right
from tests.semester.term import DAYS, Term

MINUTE = timedelta(minutes=1)


@pytest.mark.simcord(settle_timeout=600)
@pytest.mark.timeout(3600)
async def test_a_semester_ends_with_what_was_really_done(
    simcord_env: Any,
    new_bot: Callable[[], HunchBot],
    beat: HandBeat,
    ina: Person,
    learners: list[Person],
    ledger: Ledger,
    database: Path,
    taught: Course,
) -> None:
    dice = random.Random(SEED)
    term = Term(simcord_env, new_bot, beat, ina, learners, ledger, database, dice)
    await term.run()
    counts = Recount(database, ledger, taught)
    every_guess_is_judged_as_the_lesson_says(counts)
    the_tables_of_counts_are_the_guesses_counted(counts)
    rounds_say_what_was_voted(counts, ina)
    memories = Memories(counts)
    cards_are_where_fsrs_puts_them(memories, simcord_env.now())
    sent = reminders_came_when_due_and_only_then(memories, term)
    the_channel_was_reminded_once_of_each_lesson(ina, ledger)
    passages_hold_each_word_once(database, ledger)
    for learner in term.here:
        await progress_is_what_a_learner_did(learner, counts, memories)
    await the_class_page_is_the_counts(ina, counts)
    await the_report_is_the_guesses_of_those_who_agreed(ina, counts, term)
    there_was_enough_of_everything(counts, ledger)
    assert (len(memories.cards) > 100, sent > 100) == (True, True)


def there_was_enough_of_everything(counts: Recount, ledger: Ledger) -> None:
    """A semester in which nothing happened would prove nothing."""
    assert len(counts.guesses) > 400
    assert sum(counts.had_seen(guess) for guess in counts.guesses) > 0
    assert sum(guess["confidence"] is None for guess in counts.guesses) > 10
    assert sum(one["run"] > 1 for one in counts.attempts.values()) > 0
    assert sum(one["phase"] == "finished" for one in counts.attempts.values()) > 10
    assert len(rows(counts.database, "teachback")) > 20
    assert len(ledger.gone["guess"]) > 0
    for verb in ("grade", "take-back", "token", "vote", "vote-place", "vote-sure", "hint", "skip"):
        assert ledger.pressed[verb] > 0, verb


def every_guess_is_judged_as_the_lesson_says(counts: Recount) -> None:
    for guess in counts.guesses:
        step = counts.step(guess)
        judged = is_right(step, guess["answer"])
        if judged is not None:
            assert guess["is_right"] is judged
        if step.kind == "token" and guess["evidence"]:
            assert guess["is_right"] is (guess["answer"].strip() == "kube")
        assert guess["had_seen_answer"] is counts.had_seen(guess)


def the_tables_of_counts_are_the_guesses_counted(counts: Recount) -> None:
    assert _table(counts, "first_try", 4) == counts.tries()
    assert _table(counts, "tally", 4) == counts.tally()
    assert _table(counts, "standing", 2) == counts.runs()
    assert _table(counts, "class_count", 4) == counts.counted_votes()


def rounds_say_what_was_voted(counts: Recount, ina: Person) -> None:
    for one in counts.rounds.values():
        step = counts.course.lesson(one["lesson"]).step(one["step"])
        card = text_of(ina.env.backend.get_message(one["channel_id"], one["message_id"]))
        voted = [vote for vote in counts.votes if vote["round_id"] == one["id"]]
        turns = [{v["learner_id"]: v["answer"] for v in voted if v["turn"] == n} for n in (1, 2)]
        twice = turns[0].keys() & turns[1].keys()
        before, after = (sum(is_right(step, turn[who]) is True for who in twice) for turn in turns)
        assert f"Right before talking **{before}**, after **{after}**, of {len(twice)}" in card
        for answer, votes in Counter(turns[0].values()).items() if step.kind == "choice" else ():
            assert f"**{answer}**  {part_text(votes, len(turns[0]))} →" in card


def cards_are_where_fsrs_puts_them(memories: Memories, now: datetime) -> None:
    assert {*memories.cards} <= memories.wheres
    for where, stored in memories.cards.items():
        card = memories.at(where, now)
        assert (stored["due"], stored["state"]) == (card.due, card.state)
        known = (stored["stability"], stored["difficulty"])
        assert known == (card.stability, card.difficulty)  # None both before a first review


def reminders_came_when_due_and_only_then(memories: Memories, term: Term) -> int:
    """Hold each day of each learner who wished against what was due; return how many came."""
    sent = 0
    for learner in term.here:
        nudges = [one for one in learner.letters if "unremind" in str(one.components)]
        letters = {_moment(one): text_of(one) for one in nudges}
        wish = term.ledger.wishes.get(learner.id)
        for moment, following in _moments(wish, term) if wish else ():
            arrived = [at for at in letters if moment <= at <= moment + MINUTE]
            now = arrived[0] if arrived else moment
            due = memories.due(learner.id, now)
            lessons = _lessons_due(term, learner.id, now, following)
            said = letters.pop(now, "")
            assert bool(said) is bool(due or lessons), (learner.id, moment, due, lessons)
            word = "review" if due == 1 else "reviews"
            assert not due or said.startswith(f"### {due} {word} due\n")
            assert [n for n in (1, 2, 3) if f"Lesson **{n}**, set by" in said] == lessons
            sent += bool(said)
        assert letters == {}, "a message that nothing accounts for"
    return sent


def the_channel_was_reminded_once_of_each_lesson(ina: Person, ledger: Ledger) -> None:
    said = [text_of(ina.env.backend.get_message(m.channel.id, m.id)) for m in ina.channel.history()]
    for one in ledger.given:
        moment = int(one.due.timestamp())
        assert sum(f"Please do it by <t:{moment}:F>" in text for text in said) == 1
        is_near = one.due - timedelta(days=1) <= ina.env.now()
        assert sum(f"Due <t:{moment}:R>" in text for text in said) == is_near


def passages_hold_each_word_once(database: Path, ledger: Ledger) -> None:
    made = Counter(row["learner_id"] for row in rows(database, "daily_guess"))
    there = {row["id"] for row in rows(database, "learner")}
    assert made == {who: words for who, words in ledger.guessed.items() if who in there}


async def progress_is_what_a_learner_did(
    learner: Person, counts: Recount, memories: Memories
) -> None:
    said = await learner.type("more progress")
    mine = {a["id"] for a in counts.attempts.values() if a["learner_id"] == learner.id}
    first = [g for g in counts.first_guesses if g["attempt_id"] in mine]
    tries = [
        g
        for g in first
        if g["is_right"] is not None and not isinstance(counts.step(g), RecallStep | TeachbackStep)
    ]
    if tries:
        right = sum(g["is_right"] for g in tries)
        share = percent(right / len(tries))
        assert f"**{right} of {len(tries)}** right at first try ({share})." in said
        brier = fmean((g["confidence"] - g["is_right"]) ** 2 for g in tries)
        assert f"Brier {brier:.2f}:" in said
    now = learner.env.now()
    due = memories.due(learner.id, now)
    assert (f"{due} review{'s' * (due != 1)} due" in said) is bool(due)
    done = {
        a["lesson"]
        for a in counts.attempts.values()
        if a["learner_id"] == learner.id and a["phase"] == "finished"
    }
    assert f"**{len(done)}** lesson{'s' * (len(done) != 1)} done" in said
    days = _days_in_a_row(_practised(learner, counts), _today(learner, now))
    assert (f"{days} days in a row" in said) is (days > 1)


async def the_class_page_is_the_counts(ina: Person, counts: Recount) -> None:
    said = await ina.type("class cohort")
    for (_, slug), (begun, done) in counts.runs().items():
        number = counts.course.lesson(slug).number
        assert f"Lesson **{number}**: {begun - done} in it · {done} done" in said
    told = _told(counts)
    sure = [(j, r) for (*_, said_), (j, r) in told.items() if said_ >= 850]
    share = part_text(sum(r for _, r in sure), sum(j for j, _ in sure))
    assert f"When *sure*: right {share}." in said
    (belief, votes), *_ = sorted(counts.beliefs().items(), key=lambda one: (-one[1], one[0]))
    assert f"Believed most: *{belief[2:]}* ({votes:,} ×)" in said
    assert _hardest(counts) == re.findall(
        r"Step \*\*(\d+\.\d+)\*\* .* (\d+%|\d+ of \d+) wrong", said
    )
    now = ina.env.now()
    stuck = [
        row
        for row in rows(counts.database, "membership")
        if row["since"] and timedelta(days=3) <= now - row["since"] <= timedelta(days=30)
    ]
    assert f"Stuck for days: {len(stuck)}**" in said
    standing = {(a["learner_id"], a["lesson"], a["step"]) for a in counts.attempts.values()}
    assert {(r["learner_id"], r["lesson"], r["step"]) for r in stuck} <= standing


async def the_report_is_the_guesses_of_those_who_agreed(
    ina: Person, counts: Recount, term: Term
) -> None:
    import_module("altair")
    vega_script()
    await ina.type("class cohort", view="report")
    shown = [*ina.shown.followups, ina.shown.response]
    (answer,) = [one for one in shown if one and one.message.attachments]
    files = {a.filename: await a.read() for a in answer.message.attachments}
    tries = counts.tries().values()
    page = files["class.html"].decode()
    assert f"<dt>first guesses</dt><dd>{sum(t for t, _, _ in tries):,}</dd>" in page
    told = _told(counts).values()
    rate = part_text(sum(r for _, r in told), sum(j for j, _ in told))
    assert f"<dt>right at first try</dt><dd>{rate}</dd>" in page
    listed = [*csv.DictReader(io.StringIO(files["guesses.csv"].decode("utf-8-sig")))]
    assert Counter(_line(row) for row in listed) == Counter(_expected_lines(counts, term))
    statements = [json.loads(line) for line in files["xapi.jsonl"].splitlines()]
    assert len(statements) == len(listed)
    assert len({one["id"] for one in statements}) == len(listed)


def _table(counts: Recount, name: str, keys: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    found = [tuple(row.values()) for row in rows(counts.database, name)]
    return {row[:keys]: row[keys:] for row in found}


def _moment(message: Any) -> datetime:
    return datetime.fromisoformat(message.timestamp)


def _moments(wish: Any, term: Term) -> list[tuple[datetime, datetime]]:
    """Return the moments at which a learner may be reminded, each with the one after it."""
    zone, end = ZoneInfo(wish.zone), term.env.now()
    first = wish.since.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range(DAYS + 3)]
    at = [datetime(d.year, d.month, d.day, wish.hour, tzinfo=zone).astimezone(UTC) for d in days]
    pairs = pairwise(at)
    return [(one, then) for one, then in pairs if wish.since < one and one + MINUTE <= end]


def _lessons_due(term: Term, who: int, now: datetime, following: datetime) -> list[int]:
    course = term.ina.course
    done = {
        row["lesson"]
        for row in rows(term.database, "attempt")
        if row["learner_id"] == who
        and term.ledger.finished.get(row["id"], datetime.max.replace(tzinfo=UTC)) <= now
    }
    return sorted(
        course.lesson(one.lesson).number
        for one in term.ledger.given
        if one.since <= now < one.due <= following and one.lesson not in done
    )


def _today(learner: Person, now: datetime) -> date:
    wish = learner.ledger.wishes.get(learner.id)
    return now.astimezone(ZoneInfo(wish.zone if wish else "UTC")).date()


def _practised(learner: Person, counts: Recount) -> set[date]:
    mine = {a["id"] for a in counts.attempts.values() if a["learner_id"] == learner.id}
    moments = [g["at"] for g in counts.guesses if g["attempt_id"] in mine]
    for table in ("review", "daily_guess"):
        of = [row for row in rows(counts.database, table) if row["learner_id"] == learner.id]
        moments += [row["at"] for row in of]
    return {_today(learner, moment) for moment in moments}


def _days_in_a_row(days: set[date], today: date) -> int:
    """Walk back from today; a missed day is forgiven if none was in the week after it."""
    missed: list[date] = []
    day, count = today, 0
    while day >= min(days, default=today):
        if day in days:
            count += 1
        elif day != today:
            if missed and (missed[-1] - day).days < 7:
                break
            missed.append(day)
        day -= timedelta(days=1)
    return count


def _told(counts: Recount) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Return those judged and those right, where enough were judged at a step to be told."""
    judged: Counter[Any] = Counter()
    for key, (_, was_judged, _) in counts.tries().items():
        judged[key[:-1]] += was_judged
    tries = counts.tries().items()
    return {key: (j, r) for key, (_, j, r) in tries if is_crowd(judged[key[:-1]])}


def _hardest(counts: Recount) -> list[tuple[str, str]]:
    """Return the three steps most often wrong, and how often."""
    judged: Counter[tuple[int, int]] = Counter()
    right = Counter(judged)
    for (_, slug, step, _), (_, was_judged, was_right) in counts.tries().items():
        lesson = counts.course.lesson(slug)
        place = [one.id for one in lesson.sequence].index(step) + 1
        judged[lesson.number, place] += was_judged
        right[lesson.number, place] += was_right
    wrong = [k for k in sorted(judged) if is_crowd(judged[k]) and right[k] < judged[k]]
    worst = sorted(wrong, key=lambda k: right[k] / judged[k])[:3]
    return [(f"{n}.{i}", part_text(judged[n, i] - right[n, i], judged[n, i])) for n, i in worst]


def _line(row: dict[str, str]) -> tuple[str, ...]:
    keep = ("learner", "lesson", "step", "run", "right", "confidence", "hints", "at", "seen before")
    return tuple(row[name] for name in keep)


def _expected_lines(counts: Recount, term: Term) -> list[tuple[str, ...]]:
    agreed = {one.id: one.user.name for one in term.here if one.id in term.ledger.agreed}
    lines = []
    for guess in counts.guesses:
        attempt = counts.attempts[guess["attempt_id"]]
        if attempt["learner_id"] in agreed:
            said = "" if guess["confidence"] is None else f"{guess['confidence']:.3f}"
            lines.append(
                (
                    agreed[attempt["learner_id"]],
                    str(counts.course.lesson(attempt["lesson"]).number),
                    guess["step"],
                    str(attempt["run"]),
                    {True: "yes", False: "no", None: ""}[guess["is_right"]],
                    said,
                    str(guess["hints"]),
                    guess["at"].isoformat(),
                    "yes" if counts.had_seen(guess) else "no",
                )
            )
    return lines
