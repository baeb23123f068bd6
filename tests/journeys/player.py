"""A learner at the keyboard: types commands, presses what a card shows, writes in windows."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.ui.buttons.custom_ids import decode
from curriculum.kinds.base import OPTION_KEYS

AT_ONCE = "Just show me"


def parts_of(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Walk a message's components."""
    for component in components:
        yield component
        yield from parts_of(component.get("components", []))


class Player:
    """One person in one channel; `card` is the last card they were shown.

    What an instrument asks before it shows anything they pass by, unless `guesses` is set.
    """

    def __init__(self, env: Any, actor: Any, channel: Any) -> None:
        self.env, self.actor, self.channel = env, actor, channel
        self.card: Any = None
        self.shown: Any = None
        self.sent: Any = None
        self.guesses = False

    async def type(self, name: str, **options: Any) -> str:
        """Type a slash command; return what its answer says."""
        is_direct = not hasattr(self.actor, "guild")
        args = (name,) if is_direct else (self.channel, name)
        self.shown = await self.actor.slash(*args, **options)
        answer = self.shown.response
        if answer is None:
            return self.told
        self.card = answer.message
        return await self._past_question()

    async def say(self, text: str, **how: Any) -> str:
        """Write a message; return what the bot's last message in the channel says."""
        is_direct = not hasattr(self.actor, "guild")
        send = self.actor.send_dm if is_direct else partial(self.actor.send, self.channel)
        self.sent = await send(text, **how)
        return self.heard()

    def heard(self) -> str:
        """Take the bot's last message in the channel for the card; return what it says."""
        mine = [m for m in self.channel.history() if m.author.id == self.env.bot.user.id]
        self.card = mine[-1] if mine else None
        return self.text if mine else ""

    async def press(self, label: str, card: Any = None) -> str:
        """Press a button of the card by its label; return what the card says then.

        An option goes by its key in the file, wherever this learner's card shows it.
        """
        card = card or self.card
        custom_id = option_pressed(self.env.backend.get_message(card.channel.id, card.id), label)
        how = {"custom_id": custom_id} if custom_id else {"label": label}
        self.shown = await self.actor.click(card, **how)
        return await self._past_question()

    async def press_id(self, custom_id: str, card: Any = None) -> str:
        """Press a button by its id."""
        self.shown = await self.actor.click(card or self.card, custom_id=custom_id)
        return self.text

    async def pick(self, value: str) -> str:
        """Choose from the card's menu."""
        menu = next(p for p in parts_of(self.raw.components) if p["type"] == 3)
        self.shown = await self.actor.select(self.card, [value], custom_id=menu["custom_id"])
        return await self._past_question()

    async def write(self, text: str, shown: Any = None, how_sure: str = "sure") -> str:
        """Write in the window that the last press opened, say how sure where asked, send it."""
        opened = shown or self.shown
        levels = [p for p in parts_of(_fields(opened.modal)) if p["custom_id"] == "sure"]
        values = {"text": text}
        for option in (option for level in levels for option in level["options"]):
            if option["label"].startswith(f"{how_sure} ·"):
                values["sure"] = option["value"]
        self.shown = await self.actor.submit_modal(opened, values)
        return await self._past_question()

    async def _past_question(self) -> str:
        if not self.guesses and self.card is not None and AT_ONCE in self.labels:
            self.shown = await self.actor.click(self.card, label=AT_ONCE)
        return self.text

    @property
    def raw(self) -> Any:
        """The card as it stands now, as the simulated Discord holds it."""
        return self.env.backend.get_message(self.card.channel.id, self.card.id)

    @property
    def text(self) -> str:
        """All the text of the card as it stands now; buttons as [label]."""
        return text_of(self.raw)

    @property
    def labels(self) -> list[str]:
        """The card's buttons."""
        return [p["label"] for p in parts_of(self.raw.components) if p["type"] == 2]

    @property
    def told(self) -> str:
        """What the last action was answered with privately, beside the card."""
        answers = [*self.shown.followups]
        own = self.shown.response
        if own is not None and (self.card is None or own.id != self.card.id):
            answers.append(own)
        return "\n".join(m.content or text_of(m) for m in answers)


def option_pressed(message: Any, label: str) -> str | None:
    """Return the id of the button of an option, by its key as in `B`, or `B?` where unsure."""
    key, is_sure = label[:1], label[1:] != "?"
    if key not in OPTION_KEYS or label[1:] not in ("", "?"):
        return None
    for part in parts_of(message.components):
        name = part["label"].removeprefix("● ") if part["type"] == 2 else ""
        if len(name) == 1 + (not is_sure) and (is_sure or name.endswith("?")):
            press = decode(part["custom_id"])
            if key == getattr(press, "answer", getattr(press, "said", None)):
                return str(part["custom_id"])
    return None


def _fields(modal: dict[str, Any]) -> list[dict[str, Any]]:
    return [label["component"] for label in modal["components"] if "component" in label]


def text_of(message: Any) -> str:
    """All text of a message's components, or its content."""
    texts = []
    for part in parts_of(message.components):
        if part["type"] == 10:
            texts.append(part["content"])
        elif part["type"] == 2:
            texts.append(f"[{part['label']}]")
    return "\n".join(texts) or message.content


async def take_up(player: Player) -> None:
    """Open the exhibit on the card as an instrument; its own card is the one in hand then."""
    await player.press("Try it yourself")
    player.card = player.shown.response.message
