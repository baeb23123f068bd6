"""Bad input to any instrument is refused in one line, before a model is asked or loaded."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import pytest

from bot import __main__
from tests.cli.conftest import Hunch
from tests.fakes.stub_vllm import stub_vllm
from tools import catalogue, instrument
from tools.engine.base import Capability
from tools.engine.internals import Looking
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput
from tools.instrument import ParameterOption, options_of

pytestmark = pytest.mark.timeout(180)
READ_BY_A_MODEL = {"prompt", "text", "word", "words"}
CUT_UP = {"text", "word"}  # spaces alone can be cut into tokens, though nothing follows them
UNUSABLE = ("", "half \udcff of it", "a NUL \0 in it", "a" * 4001)
Case = tuple[str, str, Any]


class NotToBeAsked(Looking):
    """An engine that has everything, and fails the test when it is asked for any of it."""

    name, model, address = "embedded", "absent", None

    def capabilities(self) -> frozenset[Capability]:
        return frozenset(Capability)

    async def look(self, question: str, *arguments: object) -> Any:
        pytest.fail(f"the model was asked for {question}")

    def __getattr__(self, name: str) -> Any:
        pytest.fail(f"the model was asked for {name}")


def beyond(option: ParameterOption) -> Iterator[Any]:
    """Values that a parameter doesn't take."""
    if option.of in (int, float):
        yield "x"
        if option.low is not None:
            yield option.low - 1
        if option.high is not None:
            yield option.high + 1
    elif get_origin(option.of) is Literal:
        yield "".join(get_args(option.of))
    elif option.name in READ_BY_A_MODEL:
        yield from UNUSABLE
        if option.name not in CUT_UP:
            yield "  "


def cases() -> list[Case]:
    return [
        (name, option.name, value)
        for name, found in catalogue.INSTRUMENTS.items()
        for option in options_of(found.params)
        for value in beyond(option)
    ]


def others(name: str) -> Mapping[str, str]:
    """What has no default, filled with something that can be used."""
    options = options_of(catalogue.instrument(name).params)
    return {option.name: "cat" for option in options if option.is_required}


@pytest.mark.parametrize(("name", "parameter", "value"), cases(), ids=lambda case: repr(case)[:24])
async def test_it_is_refused_before_the_model_is_asked(
    name: str, parameter: str, value: Any
) -> None:
    engine: Any = NotToBeAsked()
    with pytest.raises(BadInput) as refused:
        await catalogue.run(SharedEngine(engine), name, {**others(name), parameter: value})
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [  # nexttoken's bounds are the engine's: see test_commands
        case for case in cases() if isinstance(case[2], int | float) and case[0] != "nexttoken"
    ],
    ids=lambda case: repr(case)[:24],
)
def test_a_value_out_of_bounds_is_one_line_on_the_command_line(
    name: str,
    parameter: str,
    value: Any,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    option = f"--{parameter.replace('_', '-')}"
    words = ["hunch", name, *others(name).values(), option, str(value)]
    monkeypatch.setattr("sys.argv", words)
    monkeypatch.setattr("bot.cli.instruments.build_catalogue", None)  # nothing is built
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    said = capfd.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert said.err.startswith("hunch: ")
    assert option in said.err


def test_what_a_process_says_of_it_is_one_line_too(hunch: Hunch) -> None:
    ran = hunch("sampling", "--prompt", "x", "--seed", "10000", HUNCH_CACHE_DIR="/nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "'--seed'" in ran.complaint
    assert "hunch sampling --help" in ran.complaint


@pytest.mark.parametrize("args", [("attention", "--prompt", ""), ("map", "--words", "alone")])
def test_no_model_is_fetched_for_what_cant_be_used(hunch: Hunch, args: tuple[str, ...]) -> None:
    ran = hunch(*args, HUNCH_CACHE_DIR="/proc/nowhere")  # where none can be put
    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint


@pytest.mark.parametrize("text", ["", "half \udcff of it"])
@pytest.mark.parametrize(
    ("name", "field"),
    [
        (name, field)
        for name, found in catalogue.INSTRUMENTS.items()
        for field in sorted({*instrument.READ_BY_A_MODEL} & found.params.model_fields.keys())
    ],
)
def test_text_that_no_model_takes_is_refused_before_an_engine_is_built(
    name: str,
    field: str,
    text: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To import what speaks to a server takes as long as all else that a refusal takes."""
    found = catalogue.instrument(name).params
    is_option = not found.model_fields[field].is_required() and name != "nexttoken"
    typed = [f"--{field}", text] if is_option else [text]
    monkeypatch.setattr("sys.argv", ["hunch", name, *typed])
    monkeypatch.setattr("bot.cli.instruments.build_catalogue", None)
    monkeypatch.setattr("bot.cli.instruments.build_engine", None)
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    said = capfd.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1)


def test_a_command_of_commands_alone_shows_its_help(hunch: Hunch) -> None:
    ran = hunch("db")
    assert (ran.code, ran.out) == (2, "")
    assert "upgrade" in ran.err


async def test_no_request_to_the_model_server_is_logged(hunch: Hunch) -> None:
    """openai's client logs each under `httpx2`; its lines stood among the answers."""
    async with stub_vllm() as stub:
        server = {"HUNCH_MODEL_URL": stub.base_url, "HUNCH_MODEL": "served"}
        ran = await asyncio.to_thread(
            hunch, "burst", "--requests", "2", "--json", HUNCH_LOG_LEVEL="info", **server
        )
    assert (ran.code, ran.err) == (0, "")
    assert len(stub.prompts) >= 2
    assert json.loads(ran.out)["title"]
