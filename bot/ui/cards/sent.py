"""Say what of a learner's words goes to which model."""

from bot.domain.privacy.sent import Receiver, Receivers
from bot.ui.cards.kit import safe
from tools.exhibit.visible import safe_code

_NAME = 80  # characters


def sent_lines(receivers: Receivers) -> str:
    """Return a line for prompts and one for questions: what is sent, to which model, where."""
    live, chat = receivers.live, receivers.chat
    prompts = "**Prompts and token guesses**"
    if live.host is None:
        first = f"{prompts} stay on this machine: {_name(live)} runs in the bot itself."
    else:
        first = f"{prompts} go to {_name(live)} at {_host(live)}."
    if chat is None:
        second = "**Questions and teach-backs** go to no chat model: none is connected."
        if live.host is not None:
            second += " An instrument that answers a question gets its prompt as any other does."
    else:
        second = (
            f"**Questions and teach-backs** go to the chat model {_name(chat)} at {_host(chat)}:"
            " a question with those before it in that channel, your place in the course and your"
            " guesses there; a teach-back with what it is held against."
        )
    return f"{first}\n{second}"


def _name(receiver: Receiver) -> str:
    return f"*{safe(receiver.model, _NAME)}*"


def _host(receiver: Receiver) -> str:
    return f"`{safe_code(receiver.host or '')}`"
