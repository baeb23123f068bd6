"""The card of every instrument at its largest, and with the oddest of texts, inside the limits."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.instrument.trial import Trial, TrialGuess
from bot.ui.cards.asked import draw_asked, verdict
from bot.ui.cards.instrument import draw_instrument, try_line
from bot.ui.cards.kit import safe
from tests.fakes.stub_vllm import stub_vllm
from tests.tools.instruments.quick import quick
from tests.ui.limits import broken_limits
from tools import catalogue
from tools.engine.base import OF_A_SERVER
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.exhibit.exhibit import Entry, Knob
from tools.instrument import Try, options_of

LAST = Trial(10**18 - 1, 1, "attention", {}, 999)
NOTE = "The model server at some-quite-long-host.example.org:8000 isn't answering just now. " * 2
LARGE = {"top", "width", "depth", "requests", "slots", "longest", "spread", "draft", "match"}
ODD = {
    "markdown": "**a** `b` ~~c~~ ||d|| ",
    "hidden": "\u202e\u200f\u00a0x ",
    "wide": "日本猫 ",
    "joined": "👩‍💻é ",
    "lines": "a\n\n\tb ",
    "long": "Donaudampfschifffahrtsgesellschaft" * 2 + " ",
}
NAMES = [name for name, found in catalogue.INSTRUMENTS.items() if not found.needs & OF_A_SERVER]


def largest(name: str, text: str) -> dict[str, object]:
    """The most of everything that makes a card larger, and a text of about a hundred tokens."""
    chosen = quick(name)
    for option in options_of(catalogue.instrument(name).params):
        if option.name in LARGE and option.high is not None:
            chosen[option.name] = option.high
        elif option.name in ("prompt", "text") and name != "train":
            chosen[option.name] = f"x {text * 20}"[:120] + " a a"
        elif option.name == "words":
            stem = " ".join(text.split())[:12]
            chosen[option.name] = ",".join(f"{stem}{n}" for n in range(30))
        elif option.name == "word":
            chosen[option.name] = f"x{text}"[:40]
    return chosen


def cases() -> list[Any]:
    """Every instrument with every text that its card would show; those that take none, once.

    `make test` takes one text of each, another each time, and `make journeys` all of them.
    """
    odd, found = list(ODD), []
    for n, name in enumerate(NAMES):
        takes_text = largest(name, "x ") != largest(name, "y ")
        sampled = odd[n % len(odd)] if takes_text else odd[0]
        for kind in odd if takes_text else odd[:1]:
            marks = [] if kind == sampled else [pytest.mark.whole]
            found.append(pytest.param(name, kind, marks=marks))
    return found


@pytest.mark.parametrize(("name", "kind"), cases())
async def test_what_it_asks_first_fits_and_the_exhibit_answers_it(
    name: str, kind: str, embedded: LocalEngine
) -> None:
    chosen = catalogue.parameters(name, largest(name, ODD[kind])).model_dump(mode="json")
    asked = await catalogue.question(embedded, name, chosen)
    assert asked is not None
    drawn = draw_asked(replace(LAST, instrument=name, chosen=chosen), asked)
    assert broken_limits(drawn) == []
    if kind == next(iter(ODD)):
        right = catalogue.instrument(name).asks.right(await catalogue.run(embedded, name, chosen))
        assert right is None or 0 <= right < len(asked.options)


@pytest.mark.parametrize(("name", "kind"), cases())
async def test_its_largest_card_fits(name: str, kind: str, embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, name, largest(name, ODD[kind]))
    assert broken_limits(draw_instrument(LAST, shown, NOTE)) == []


SERVED: dict[str, dict[str, object]] = {
    "phases": {"lengths": "4 5 6 7 8 9", "tokens": 2, "samples": 2},
    "burst": {"requests": 16, "tokens": 2},
    "prefix": {"length": 16},
    "lab": {},
    "load": {"rates": "30 35 40 45 50 60", "requests": 4, "tokens": 2},
    "blocks": {"show": "server"},
}


@pytest.mark.parametrize("name", SERVED)
async def test_the_card_of_what_a_server_shows_fits(name: str) -> None:
    async with stub_vllm() as stub:
        engine = SharedEngine(ClusterEngine(stub.base_url, "served", timeout_s=5))
        await catalogue.run(engine, "lab", {})  # so that the next look has a window
        shown = await catalogue.run(engine, name, SERVED[name])
        assert broken_limits(draw_instrument(LAST, shown, NOTE)) == []
        await engine.close()


def test_tokens_of_a_learners_text_are_shown_as_they_stand() -> None:
    odd = TrialGuess(1, 1, "attention", "*a*", "@everyone", False)
    assert verdict(odd) == f"✗ You said *{safe('*a*', 9)}*. It is *{safe('@everyone', 19)}*."
    assert "\\*a\\*" in str(verdict(odd))


def test_what_is_to_be_typed_is_tried_where_one_types() -> None:
    typed = Try("lengths", "type 4 4 4 4: no gaps are left")
    controls = (Knob("By chance", "lengths", ""), Entry("Own lengths", "lengths", 80))
    assert try_line([typed], controls) == "-# Try **Own lengths**: type 4 4 4 4: no gaps are left."
