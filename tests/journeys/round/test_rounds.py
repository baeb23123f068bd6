"""An instructor asks the class: guess, talk, guess again, reveal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.learner import Learner
from bot.ui.client import HunchBot
from curriculum.kinds.match import MatchStep
from curriculum.schema import Course
from tests.domain.lesson.walks import right_pairs
from tests.journeys.player import Player, text_of
from tests.journeys.round.conftest import Teacher
from tests.journeys.test_clicks import forge
from tests.journeys.tutor.desk import HandBeat

NewBot = Callable[[], HunchBot]


class Round:
    """The card that the channel shares, as it stands."""

    def __init__(self, asker: Player) -> None:
        self.env, self.channel, self.asker = asker.env, asker.channel, asker

    @property
    def card(self) -> Any:
        mine = [m for m in self.channel.history() if m.author.id == self.env.bot.user.id]
        return [m for m in mine if not m.flags.ephemeral][-1]

    @property
    def text(self) -> str:
        return text_of(self.env.backend.get_message(self.channel.id, self.card.id))

    @property
    def edits(self) -> int:
        """How often the bot has edited it by itself."""
        path = f"/channels/{self.channel.id}/messages/{self.card.id}"
        asked = self.env.http_requests
        return sum(r.method == "PATCH" and r.path.endswith(path) for r in asked)

    async def vote(self, player: Player, label: str) -> str:
        """Press an answer on the shared card; return what the voter alone is told."""
        return await press_shared(player, label, self.card)


async def press_shared(player: Player, label: str, card: Any) -> str:
    player.shown = await player.actor.click(card, label=label)
    own = player.shown.response
    if own is not None and own.message is not None:
        player.card = own.message
    else:
        player.card = card
    return player.told or player.text


async def asked(ina: Player, step: str = "pick") -> Round:
    await ina.type("class ask", lesson="every-kind", step=step)
    return Round(ina)


def edit(course_dir: Path, text: str, other: str) -> None:
    """Change the course as an author would, while a round is running."""
    for file in course_dir.rglob("*.yaml"):
        file.write_text(file.read_text().replace(text, other))


async def test_a_round_goes_from_the_question_to_who_moved(
    ina: Player, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina)
    assert "It's up in" in ina.text
    assert "**0 guesses** in" in card.text
    for player, label in zip(six, "AAABBC", strict=True):
        assert "🔒 Locked in" in await card.vote(player, label)
    await beat.passes(2)
    assert "**6 guesses** in" in card.text
    assert "%" not in card.text

    await card.vote(ina, "Show the spread")
    assert "**A** ▰▰▱▱ 3 of 6" in card.text
    assert "✓" not in card.text
    assert "One token, then the next" not in card.text

    await beat.passes(2)
    await card.vote(ina, "Vote again")
    for player, label in zip(six, "BBABBB", strict=True):
        await card.vote(player, label)
    await beat.passes(2)
    assert "**6 guesses** in" in card.text

    await card.vote(ina, "Reveal")
    assert "### B: One token at a time" in card.text
    assert "✓ **B**  2 of 6 → 5 of 6" in card.text
    assert "Right before talking **2**, after **5**, of 6" in card.text
    assert "A → B: 2 · C → B: 1" in card.text
    assert "Nothing is planned ahead." in card.text


async def test_who_saw_the_answer_in_a_round_makes_no_first_try_of_it(
    ina: Teacher, alice: Player, mallory: Player, six: list[Player], simcord_bot: HunchBot
) -> None:
    card = await asked(ina)
    await card.vote(alice, "A")
    await card.vote(ina, "Show the spread")
    await card.vote(ina, "Reveal")
    for player in (alice, mallory, *six[:2]):
        await player.type("lesson", which="1")
        for label in ("Start", "B", "sure"):
            await player.press(label)
    assert "right at first try" not in await alice.type("more progress")
    assert "**1 of 1** right at first try" in await mallory.type("more progress")
    teacher = Learner(ina.actor.id, ina.channel.guild.id, is_manager=True)
    (first,) = (await simcord_bot._use.classroom.show_cohort(teacher)).steps
    assert (first.tries, first.judged, first.right) == (3, 3, 3)


async def test_a_crowd_of_votes_is_few_edits_and_the_last_count_is_shown(
    ina: Teacher, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina)
    await beat.passes(2)
    before = card.edits
    for player in six:
        await card.vote(player, "A")
    assert "**1 guess** in" in card.text
    assert card.edits == before + 1
    await beat.passes(1.2)
    assert "**6 guesses** in" in card.text
    assert card.edits == before + 2


async def test_a_second_guess_in_the_same_vote_is_refused_and_shown_what_stands(
    ina: Teacher, alice: Player, beat: HandBeat
) -> None:
    card = await asked(ina)
    await card.vote(alice, "A")
    text = await card.vote(alice, "B")
    assert "A: All at once" in text
    assert "Your guess is in already" in text
    await beat.passes(2)
    assert "**1 guess** in" in card.text


async def test_how_sure_is_said_once_and_may_be_left_out(ina: Teacher, alice: Player) -> None:
    card = await asked(ina)
    assert "How sure are you?" in await card.vote(alice, "B")
    assert alice.raw.flags & 64, "a guess is told to everybody"
    mine = alice.card
    sure = [p for p in alice.labels if p == "sure"]
    assert sure
    assert "B: One token at a time**, sure." in await alice.press("sure", mine)


async def test_fewer_than_three_are_never_shown_as_a_spread(
    ina: Teacher, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina)
    for player in six[:2]:
        await card.vote(player, "A")
    await card.vote(ina, "Show the spread")
    assert "it stays hidden" in card.text
    assert " of 2" not in card.text
    await card.vote(ina, "Vote again")
    for player in six[:2]:
        await card.vote(player, "B")
    await card.vote(ina, "Reveal")
    assert "### B: One token at a time" in card.text
    assert " of 2" not in card.text
    assert "Moved" not in card.text


async def test_a_round_works_for_three(ina: Teacher, six: list[Player]) -> None:
    card = await asked(ina)
    for player, label in zip(six, "AAB", strict=False):
        await card.vote(player, label)
    await card.vote(ina, "Show the spread")
    assert "**A** ▰▰▰▱ 2 of 3" in card.text
    assert "**C** ▱▱▱▱ 0 of 3" in card.text
    assert "stays hidden" not in card.text
    await card.vote(ina, "Vote again")
    for player, label in zip(six, "ABB", strict=False):
        await card.vote(player, label)
    await card.vote(ina, "Reveal")
    assert "✓ **B**  1 of 3 → 2 of 3" in card.text
    assert "Right before talking **1**, after **2**, of 3 who guessed twice." in card.text
    assert "A → B: 1" in card.text


async def test_a_restart_in_the_middle_loses_nothing(
    simcord_env: Any, ina: Teacher, six: list[Player], beat: HandBeat, new_bot: NewBot
) -> None:
    card = await asked(ina)
    await beat.passes(2)
    for player in six[:3]:
        await card.vote(player, "A")
    assert "**1 guess** in" in card.text  # the rest waits for its time
    await simcord_env.restart_bot(new_bot())
    await beat.passes(2)
    assert "**3 guesses** in" in card.text
    assert "Your guess is in already" in await card.vote(six[0], "B")
    for player in six[3:]:
        await card.vote(player, "B")
    await card.vote(ina, "Show the spread")
    assert "**A** ▰▰▱▱ 3 of 6" in card.text
    await simcord_env.restart_bot(new_bot())
    await card.vote(ina, "Reveal")
    assert "· **A**  3 of 6" in card.text


async def test_of_two_instructors_one_is_first_and_the_other_is_told(
    ina: Teacher, instructor: Any, simcord_bot: HunchBot, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina)
    kim = instructor("kim")
    old = await forge(simcord_bot, kim, "h1:round:1:0:talk")
    shared = card.env.backend.get_message(ina.channel.id, ina.channel.history()[-2].id)
    assert "Show the spread" in text_of(shared)
    await press_shared(ina, "Show the spread", ina.channel.history()[-2])
    await kim.actor.click(old, label="forged")
    said = await press_shared(kim, "forged", old)
    assert "Somebody was a moment earlier" in said
    after = text_of(card.env.backend.get_message(ina.channel.id, shared.id))
    assert "Vote again" in after


async def test_who_is_no_instructor_moves_nothing_on(ina: Teacher, mallory: Player) -> None:
    card = await asked(ina)
    assert "for instructors of this server" in await card.vote(mallory, "Show the spread")
    assert "Show the spread" in card.text
    assert all(message.ephemeral for message in mallory.shown.followups)


async def test_another_channel_has_a_round_of_its_own_and_one_has_only_one(
    simcord_env: Any, ina: Teacher
) -> None:
    await asked(ina)
    await ina.type("class ask", lesson="every-kind", step="how-many")
    assert "A round is running in this channel" in ina.text
    ina.channel = simcord_env.guild.create_text_channel("other")
    await ina.type("class ask", lesson="every-kind", step="how-many")
    assert "It's up in" in ina.text


async def test_a_deleted_card_is_missed_and_can_be_put_again(
    ina: Teacher, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina)
    for player in six[:2]:
        await card.vote(player, "A")
    await ina.actor.delete(card.card)
    assert "lost its card" in ina.inbox
    await ina.type("class show")
    assert "**2 guesses** in" in card.text
    assert "Your guess is in already" in await card.vote(six[0], "B")


async def test_a_card_deleted_while_the_bot_was_away_is_missed_too(
    simcord_env: Any, ina: Teacher, new_bot: NewBot
) -> None:
    card = await asked(ina)
    gone = card.card
    simcord_env.inject_error(
        "PATCH", f"/channels/{ina.channel.id}/messages/{gone.id}", status=404, code=10008, times=1
    )
    await simcord_env.restart_bot(new_bot())
    assert "lost its card" in ina.inbox


async def test_showing_a_round_again_takes_the_former_card_away(ina: Teacher) -> None:
    card = await asked(ina)
    former = card.card
    await ina.type("class show")
    assert former.id not in [message.id for message in ina.channel.history()]
    assert ina.mail == []


async def test_a_deleted_channel_ends_the_round_with_a_note(
    simcord_env: Any, ina: Teacher, alice: Player
) -> None:
    card = await asked(ina)
    await card.vote(alice, "A")
    simcord_env.backend.delete_channel(ina.channel.id)
    await simcord_env.settle()
    assert "Your class round has ended" in ina.inbox


async def test_an_instructor_ends_a_round_untold(ina: Teacher, beat: HandBeat) -> None:
    card = await asked(ina)
    await beat.passes(2)
    await ina.type("class end")
    assert "The answer wasn't shown" in ina.text
    assert "An instructor ended this round" in card.text
    assert "One token" not in card.text
    await ina.type("class end")
    assert "No round is running" in ina.text


async def test_a_number_is_written_and_shown_in_ranges_that_tell_nothing(
    ina: Teacher, six: list[Player], beat: HandBeat
) -> None:
    card = await asked(ina, "how-many")
    shared = card.card
    for player, number in zip(
        six, ("40k", "50,000", "1e6", "2 million", "12", "lots"), strict=True
    ):
        player.shown = await player.actor.click(shared, label="Type your number")
        player.shown = await player.actor.submit_modal(player.shown, {"text": number})
    assert "A rough number will do" in six[5].told
    await beat.passes(2)
    assert "**5 guesses** in" in card.text
    await press_shared(ina, "Show the spread", shared)
    assert "2 of 5  30k to 100k" in card.text
    assert "close" not in card.text
    await press_shared(ina, "Reveal", shared)
    assert "### 49,152 tokens" in card.text
    assert "✓ **close**  2 of 5" in card.text


async def test_an_order_is_put_together_in_private(ina: Teacher, alice: Player) -> None:
    card = await asked(ina, "in-order")
    await card.vote(alice, "Put them in order")
    mine = alice.card
    for ordinal in ("first", "second", "third"):  # the fourth is the one left
        label = next(label for label in alice.labels if label.endswith(ordinal))
        await alice.press(label, mine)
    assert "🔒 Locked in" in await alice.press("Lock it in", mine)


async def test_a_class_pairs_in_private_and_sees_who_mixed_what_up(
    ina: Teacher, six: list[Player], course: Course
) -> None:
    step = course.lessons[0].step("who-holds")
    assert isinstance(step, MatchStep)
    right = right_pairs(step)
    mixed_up = right[1] + right[0] + right[2]
    card = await asked(ina, "who-holds")
    for place, player in enumerate(six):
        await card.vote(player, "Pair them")
        mine = player.card
        for thing, letter in enumerate((mixed_up if place < 2 else right)[:-1], 1):
            await player.press(f"{thing} → {letter}", mine)
        assert "🔒 Locked in" in await player.press("Lock it in", mine)
    await card.vote(ina, "Show the spread")
    assert "**1**  Weights" in card.text
    await card.vote(ina, "Reveal")
    assert "Weights → every answer" in card.text
    assert "✓ **all paired right**" in card.text
    assert "**Weights ↔ Key-value cache**  Nothing of a conversation" in card.text


async def test_an_edited_lesson_doesnt_change_what_was_asked(
    simcord_env: Any,
    ina: Teacher,
    six: list[Player],
    new_bot: NewBot,
    course_dir: Path,
) -> None:
    card = await asked(ina)
    for player in six:
        await card.vote(player, "B")
    edit(course_dir, "One token at a time", "Backwards")
    await simcord_env.restart_bot(new_bot())
    await card.vote(ina, "Show the spread")
    await card.vote(ina, "Reveal")
    assert "### B: One token at a time" in card.text


@pytest.mark.parametrize(
    ("lesson", "step", "says"),
    [
        ("no-such", "pick", "There is no such lesson"),
        ("every-kind", "no-such", "has no such step"),
        ("every-kind", "passage", "A class can vote on what has one right answer"),
        ("1", "1", "It's up in"),
    ],
)
async def test_what_cant_be_put_is_said(ina: Teacher, lesson: str, step: str, says: str) -> None:
    await ina.type("class ask", lesson=lesson, step=step)
    assert says in ina.text or says in ina.told


async def test_steps_are_offered_as_one_types(ina: Teacher) -> None:
    offered = await ina.actor.autocomplete(
        ina.channel, "class ask", "step", "loop", lesson="every-kind"
    )
    assert [choice["value"] for choice in offered] == ["in-order"]
