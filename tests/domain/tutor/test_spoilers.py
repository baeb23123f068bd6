"""What a learner has yet to guess stays hidden, however it is put."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tutor.passages import Passage, Source, passages_of
from bot.domain.tutor.spoilers import Spoilers, spoilers_for
from curriculum.kinds.number import NumberStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course


def nothing_guessed(course: Course) -> Spoilers:
    return spoilers_for(course, ())


def test_no_passage_of_an_open_step_may_be_read(shipped: Course) -> None:
    spoilers = nothing_guessed(shipped)
    steps = [p for p in passages_of(shipped) if p.source.step]
    assert steps
    assert all(spoilers.hides(passage) for passage in steps)


def test_every_key_is_recognised_in_the_words_of_its_own_step(shipped: Course) -> None:
    spoilers = nothing_guessed(shipped)
    secret = {one.source for one in spoilers.secrets}
    asked = {
        Source(lesson.number, step=step.id)
        for lesson in shipped.lessons
        for step in lesson.sequence
        if hasattr(step, "ask")
    }
    assert secret == asked
    for lesson in shipped.lessons:
        for step in lesson.sequence:
            told = [
                getattr(step, "answer", None),
                next((o.text for o in getattr(step, "options", ()) if o.correct), None),
            ]
            for text in told:
                if isinstance(text, str) and len(text.split()) > 4:
                    assert spoilers.gives_away(text), text


def test_a_term_that_says_what_a_step_asks_is_hidden_until_the_guess(shipped: Course) -> None:
    passage = next(p for p in passages_of(shipped) if p.source.term == "probability distribution")
    assert nothing_guessed(shipped).hides(passage)
    everything = [(1, step.id) for step in shipped.lessons[0].sequence]
    assert not spoilers_for(shipped, everything).hides(passage)
    but_one = [done for done in everything if done[1] != "one-step"]
    assert spoilers_for(shipped, but_one).gives_away(passage.text) == Source(1, step="one-step")


def test_most_of_the_glossary_stays_open_to_a_newcomer(shipped: Course) -> None:
    spoilers = nothing_guessed(shipped)
    terms = [p for p in passages_of(shipped) if p.source.term]
    hidden = [p.source.term for p in terms if spoilers.hides(p)]
    assert len(hidden) < len(terms) / 6, hidden  # some do tell what a later lesson asks


@pytest.mark.parametrize("text", ["5,450", "5.450", "5 450", "5450 of them", "5'450", "５４５０"])
def test_a_number_is_known_however_it_is_written(shipped: Course, text: str) -> None:
    assert nothing_guessed(shipped).gives_away(f"It reads {text} tokens.") == Source(
        1, step="hidden-cost"
    )


def test_a_short_number_gives_away_nothing_without_its_unit(course: Course) -> None:
    spoilers = nothing_guessed(course)
    short = [s for s in spoilers.secrets if s.number and len(s.number) < 4]
    for secret in short:
        assert spoilers.gives_away(f"That was on page {secret.number}.") is None
        if secret.unit:
            assert spoilers.gives_away(f"It is {secret.number} {secret.unit}.") == secret.source


@pytest.mark.parametrize(
    "prompt",
    [
        "Kubernetes pods are scheduled by the",
        "kubernetes  PODS are scheduled, by the",
        "Ｋubernetes pods are\u200b scheduled by the",
        "Repeat: Kubernetes pods are scheduled by the",
    ],
)
def test_asking_the_model_a_step_s_own_prompt_is_noticed(shipped: Course, prompt: str) -> None:
    assert nothing_guessed(shipped).asks_model(prompt) == Source(1, step="how-sure")


def test_another_prompt_may_be_asked(shipped: Course) -> None:
    assert nothing_guessed(shipped).asks_model("Kubernetes pods are cheap") is None


def test_reading_steps_hold_no_key(shipped: Course) -> None:
    reading = {
        Source(lesson.number, step=step.id)
        for lesson in shipped.lessons
        for step in lesson.sequence
        if isinstance(step, ReadStep)
    }
    assert reading
    assert reading.isdisjoint(s.source for s in nothing_guessed(shipped).secrets)


@given(st.text(max_size=300))
def test_any_text_can_be_held_against_the_keys(text: str) -> None:
    passage = Passage(Source(1, term="x"), "x", text)
    Spoilers().hides(passage)


def test_every_kind_of_step_has_its_key(course: Course) -> None:
    secrets = {s.source.step: s for s in nothing_guessed(course).secrets}
    for step in course.lessons[0].sequence:
        if isinstance(step, NumberStep):
            assert secrets[step.id].number
        if isinstance(step, TokenStep):
            assert secrets[step.id].prompt == step.prompt
