"""Draw the loop by hand."""

from discord import ui

from bot.domain.trial import Append, Sample, Trial, Undo
from bot.ui.controls import PressButton, PressMenu
from bot.ui.presses import Pick, RawCall
from bot.ui.screens.kit import (
    COLUMNS,
    Button,
    card,
    code_block,
    note_lines,
    percent,
    quote,
    row,
    token,
)
from tools.engine.base import Distribution, Prompt
from tools.exhibit import Bar, Bars
from tools.instruments import next_token
from tools.text import fact_text, part_text, provenance_line
from tools.visible import visible

_PROMPT_SHOWN = 400
_APPENDED_SHOWN = 24
_CALL_SHOWN = 3600


def draw_next_token(
    trial: Trial,
    distribution: Distribution,
    drawn: str | None = None,
    note: str | None = None,
) -> ui.LayoutView:
    """Return the card: the text so far, what could come next, and how to go on."""
    return card(
        _text_so_far(trial, distribution),
        f"-# Drawn by chance: {token(drawn)}" if drawn is not None else None,
        code_block(part_text(_bars(distribution), COLUMNS)),
        f"-# {_facts(distribution)}\n-# {_ids(distribution)}",
        note_lines(note),
        row(_buttons(trial, distribution)),
        row([_other_tokens(trial, distribution)] if _has_ids(distribution) else []),
    )


def draw_raw_call(trial: Trial, distribution: Distribution, base_url: str | None) -> ui.LayoutView:
    """Return the request to repeat, on a card of its own."""
    prompt = Prompt(trial.prompt, trial.appended)
    code, note = next_token.raw_call(distribution, prompt, base_url)
    if len(code.text) > _CALL_SHOWN:
        return card("This text is too long to show as a call. Try a shorter one.")
    return card(
        "The same question, straight to the server:",
        f"```{code.language}\n{code.text}\n```",
        f"-# {note}" if note else None,
    )


def _text_so_far(trial: Trial, distribution: Distribution) -> str:
    """The end of the prompt as typed, then each appended token by itself."""
    fresh = distribution.prompt_tokens[len(distribution.prompt_tokens) - len(trial.appended) :]
    added = [token(one.text) for one in fresh][-_APPENDED_SHOWN:] if trial.appended else []
    return " ".join([quote(trial.prompt, _PROMPT_SHOWN), *added, "▁"])


def _bars(distribution: Distribution) -> Bars:
    """Rows narrow enough for a phone; the ids stand below."""
    rows = [
        Bar(visible(c.token.text), c.probability, percent(c.probability)) for c in distribution.top
    ]
    rest = distribution.other_probability
    return Bars((*rows, Bar("others", rest, percent(rest), is_rest=True)))


def _ids(distribution: Distribution) -> str:
    if not _has_ids(distribution):
        return "this server names no token ids"
    shown = (f"{token(c.token.text)} {c.token.id}" for c in distribution.top)
    return f"ids: {' · '.join(shown)}"


def _has_ids(distribution: Distribution) -> bool:
    """Some servers name only texts; without ids no token can be put behind the prompt."""
    return all(candidate.token.id >= 0 for candidate in distribution.top)


def _buttons(trial: Trial, distribution: Distribution) -> list[Button]:
    call = PressButton.of(RawCall(trial.id), "Raw call")
    if not _has_ids(distribution):
        return [call]
    first = distribution.top[0].token
    append = Append(trial.id, trial.revision, first.id)
    undo = [PressButton.of(Undo(trial.id, trial.revision), "Undo")] if trial.appended else []
    return [
        PressButton.of(append, f"Append {visible(first.text)}", is_main=True),
        PressButton.of(Sample(trial.id, trial.revision), "Sample"),
        *undo,
        call,
    ]


def _other_tokens(trial: Trial, distribution: Distribution) -> PressMenu:
    options = [
        (str(c.token.id), visible(c.token.text), f"{percent(c.probability)} · id {c.token.id}")
        for c in distribution.top
    ]
    return PressMenu.of(Pick(trial.id, trial.revision), "Append another…", options)


def _facts(distribution: Distribution) -> str:
    facts = (fact_text(fact) for fact in next_token.facts(distribution))
    return " · ".join([*facts, provenance_line(next_token.provenance(distribution))])
