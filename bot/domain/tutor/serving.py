"""What the tutor says to an intent, from where the learner stands. Pure.

Whatever is said is held against what they have yet to guess; a sentence that tells of it is left
out, and the first one, which quotes nothing, stays.
"""

from collections.abc import Sequence

from bot.domain.mode import Mode
from bot.domain.tutor.intents import Intent, Meant
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.tutor.talk import Brief, Outcome, PastGuess, Question, Reply
from bot.domain.tutor.whereabouts import CoursePoint, asked_in, asked_next, lesson_at, minutes_to_go
from bot.domain.words import stems
from curriculum.schema import Course

_GREETED = "Hello! Good to see you."
_THANKED = "You're welcome."
_CONSOLED = (
    "That's all right: it is hard at first for nearly everybody, and a wrong guess costs nothing"
    " here. Take one small step, or ask me about the one word that doesn't fit."
)
_ABOUT = (
    "I teach how large language models are run. You guess first, then you watch a real model"
    " answer. And you can ask me anything about it, in your own words."
)
_IN_PRIVATE = "Others read this, so I don't speak of your guesses here. Ask me with `/ask`."
_HELD_AGAINST = (
    "Good: don't take my word for it. Which sentence don't you believe, and what would you expect"
    " instead? Ask that, and I'll show what the course and the instruments say."
)


def served(
    wanted: Meant,
    course: Course,
    brief: Brief,
    question: Question,
    near: Sequence[Source] = (),
) -> Reply:
    """Return the answer to an intent that needs no passage.

    Args:
        wanted: What the learner wants.
        course: What is taught.
        brief: Where they stand, and what they may not be told.
        question: What they wrote, and the card that they wrote it from.
        near: For a quiz on a topic: the steps that are nearest to it, the best first.
    """
    match wanted.intent:
        case Intent.QUIZ:
            return _quizzed(course, brief, near, wanted.topic)
        case Intent.GUESS:
            return _of_the_guess(course, brief, question)
        case Intent.HOW_LONG:
            return _welcomed(brief, _time_left(course, brief))
        case Intent.NEXT:
            return _welcomed(brief, "One thing at a time.", _waiting(course, brief))
        case Intent.LOST | Intent.SIMPLER:
            return _welcomed(brief, _CONSOLED, _waiting(course, brief, "Just this is asked now:"))
        case Intent.DISAGREE:
            return _welcomed(brief, _HELD_AGAINST)
        case Intent.HELLO:
            return _welcomed(brief, _GREETED)
        case Intent.THANKS:
            return _welcomed(brief, _THANKED)
        case _:
            return _welcomed(brief, _ABOUT)


def told(spoilers: Spoilers, *parts: str) -> str:
    """Return the first part and those of the others that tell no key, alone and together."""
    text = parts[0]
    for part in parts[1:]:
        longer = f"{text} {part}"
        if part and spoilers.gives_away(longer) is None:
            text = longer
    return text


def _welcomed(brief: Brief, *parts: str) -> Reply:
    return Reply(told(brief.spoilers, *parts), Outcome.WELCOMED, Mode.NOTES)


def _waiting(course: Course, brief: Brief, lead: str = "Next for you:") -> str:
    """Return the question that waits where the learner stands, if one does."""
    one = asked_next(course, brief)
    if one is None:
        return "You have guessed at every step; `/review` keeps what you know from fading."
    at = lesson_at(course, brief)
    if at is not None and at[0].number == one.source.lesson:
        return f"{lead} “{one.ask}” ({one.where})."
    return ""  # the card says which lesson comes next


def _time_left(course: Course, brief: Brief) -> str:
    here, whole = minutes_to_go(course, brief)
    at = lesson_at(course, brief)
    if not brief.is_private:
        return f"The whole course takes about {_span(whole)}; you can leave it anywhere and go on."
    if at is None or here is None:
        if whole == 0:
            return "Nothing is left: you have guessed at every step."
        return f"About {_span(whole)} are left of the course. You can stop and go on anywhere."
    lesson, place = at
    rest = f" The whole course: about {_span(whole)} more." if whole > here else ""
    return (
        f"About {_span(here)} to the end of lesson {lesson.number}: you are at step {place} of"
        f" {len(lesson.way)}.{rest}"
    )


def _span(minutes: int) -> str:
    if minutes < 90:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{minutes / 60:.1f} hours".replace(".0 ", " ")


def _quizzed(course: Course, brief: Brief, near: Sequence[Source], topic: str) -> Reply:
    """Return a question of the course: one still to be guessed, before one from memory."""
    if topic and not near:
        return _welcomed(
            brief, "I have no question on that. Name something of the course, or go on with it."
        )
    one = _to_ask(course, brief, near, topic)
    if one is None:
        return _welcomed(brief, "You have guessed at every step. `/review` asks what is due.")
    if one.is_open:
        is_here = brief.is_private and one.source == brief.here
        lead = "You stand before it:" if is_here else "Here is one to guess:"
        text = told(brief.spoilers, f"{lead} {one.where}.", f"“{one.ask}”")
        return Reply(text, Outcome.HINTED, Mode.NOTES, (one.source,), guess_first=one.source)
    text = told(
        brief.spoilers,
        f"From memory, {one.where}:",
        f"“{one.ask}” Say it in one line before you look. `/review` asks what is due.",
    )
    return Reply(text, Outcome.ANSWERED, Mode.NOTES, (one.source,))


def _to_ask(course: Course, brief: Brief, near: Sequence[Source], topic: str) -> CoursePoint | None:
    """Return the step to ask; on a topic, one that names it before one that is only near."""
    each = {one.source: one for one in asked_in(course, brief)}
    if near:
        known = [each[source] for source in near if source in each]
        known.sort(key=lambda one: -len(stems(one.ask) & stems(topic)))
        return next((one for one in known if one.is_open), next(iter(known), None))
    if (waiting := asked_next(course, brief)) is not None:
        return waiting
    wrong = [made.source for made in brief.guesses if made.is_right is False]
    last = [made.source for made in reversed(brief.guesses)]
    return next((each[source] for source in (*wrong, *last) if source in each), None)


def _of_the_guess(course: Course, brief: Brief, question: Question) -> Reply:
    """Return how a guess was: the one at the card, else the one spoken of, else the latest."""
    if not brief.is_private:
        return _welcomed(brief, _IN_PRIVATE)
    if question.about is None and brief.draft is not None and brief.here in brief.spoilers.steps:
        text = "That one isn't locked in yet, so I say nothing of it: lock it in, then you'll see."
        return Reply(text, Outcome.HINTED, Mode.NOTES, (brief.here,), guess_first=brief.here)
    made = _spoken_of(brief.guesses, question)
    if made is None:
        return _welcomed(brief, "You haven't locked in a guess yet.", _waiting(course, brief))
    how = {
        True: "Your guess was right.",
        False: "Your guess wasn't it.",
        None: "You said it in your own words, which nobody marks right or wrong.",
    }[made.is_right]
    text = told(
        brief.spoilers, how, f"Asked was: “{made.ask}” You said: “{made.said}”", made.reply.strip()
    )
    return Reply(text, Outcome.ANSWERED, Mode.NOTES, (made.source,))


def _spoken_of(guesses: Sequence[PastGuess], question: Question) -> PastGuess | None:
    if question.about is not None:
        return next((one for one in reversed(guesses) if one.source == question.about), None)
    said = stems(question.text)
    shared = [len(said & stems(f"{one.ask} {one.said}")) for one in guesses]
    best = max(shared, default=0)
    return next(
        (one for one, n in zip(reversed(guesses), reversed(shared), strict=True) if n == best),
        None,
    )
