"""An instructor asks the class: guess, talk, guess again, reveal."""

from typing import Any

from tests.journeys.player import Player, text_of
from tests.journeys.tutor.desk import HandBeat


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
    assert "**A** ▰▰▰▱▱▱ 50%" in card.text
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
    assert "✓ **B**  33% → 83%" in card.text
    assert "Right before talking **2**, after **5**, of 6" in card.text
    assert "A → B: 2 · C → B: 1" in card.text
    assert "Nothing is planned ahead." in card.text
