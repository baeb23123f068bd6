"""What the commands print for machines, and how they refuse what can't be used."""

import json
import math
from pathlib import Path

import pytest

from tests.cli.conftest import Hunch

pytestmark = pytest.mark.timeout(180)


def test_lessons_list_prints_a_list_of_exactly_these_keys(hunch: Hunch) -> None:
    ran = hunch("lessons", "list", "--json")

    (first, *_) = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert list(first) == ["number", "slug", "title", "version", "steps"]
    assert (first["number"], first["slug"]) == (1, "what-is-an-llm")
    assert first["steps"] > 10


def test_nexttoken_prints_what_the_embedded_model_says(hunch: Hunch) -> None:
    ran = hunch("nexttoken", "Kubernetes pods are scheduled by the", "--top", "8", "--json")

    told = json.loads(ran.out)
    keys = "model engine provenance prompt_token_ids tokens other_probability entropy_bits"
    keys += " entropy_most_bits"
    assert (ran.code, list(told)) == (0, keys.split())
    assert (told["model"], told["engine"]) == ("smollm2-135m", "embedded")
    assert all(isinstance(number, int) for number in told["prompt_token_ids"])
    assert len(told["tokens"]) == 8
    assert list(told["tokens"][0]) == ["id", "text", "logprob", "probability"]
    assert told["tokens"][0]["text"] == " Ku"
    assert told["tokens"][0]["probability"] == pytest.approx(0.234, abs=0.01)
    for token in told["tokens"]:
        assert token["probability"] == pytest.approx(math.exp(token["logprob"]))
    shown = sum(token["probability"] for token in told["tokens"])
    assert shown + told["other_probability"] == pytest.approx(1)
    assert 0 < told["entropy_bits"] == told["entropy_most_bits"] < math.log2(49_152)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("x", "--top", "0"), "Ask for 1 to 20 tokens, not 0."),
        (("x", "--top", "21"), "Ask for 1 to 20 tokens, not 21."),
        (("",), "Give me some text"),
        ((" \n ",), "Give me some text"),
        (("a" * 4001,), "4,001 characters; 4,000 is the limit"),
        ((b"half \xff of it",), "Character 6 is half a character"),
    ],
    ids=["none", "too many", "empty", "blank", "too long", "not UTF-8"],
)
def test_nexttoken_refuses_what_cant_be_used_in_one_line(
    hunch: Hunch, args: tuple[str | bytes, ...], says: str
) -> None:
    ran = hunch("nexttoken", *args)

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.complaint


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("bogus",), "No such command 'bogus'."),
        (("play", "--port", "99999"), "Invalid value for '--port'"),
    ],
)
def test_a_mistyped_command_is_told_plainly(hunch: Hunch, args: tuple[str, ...], says: str) -> None:
    ran = hunch(*args)

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err.splitlines()[-1]
    assert "--help" in ran.err


def test_help_names_every_command(hunch: Hunch) -> None:
    ran = hunch("--help")

    assert ran.code == 0
    for command in ("play", "run", "doctor", "nexttoken", "db", "lessons"):
        assert f"\n  {command} " in ran.out


def test_a_model_server_that_is_down_is_told_in_one_line(hunch: Hunch) -> None:
    ran = hunch("nexttoken", "x", HUNCH_MODEL_URL="http://127.0.0.1:9/v1", HUNCH_MODEL="some-model")

    assert (ran.code, ran.out) == (1, "")
    assert "127.0.0.1:9 can't be reached" in ran.complaint


SAID = "It gives every token a probability, a sampler picks one, it is appended, and it loops."


def test_grade_prints_a_verdict_on_each_criterion_with_the_learners_own_words(hunch: Hunch) -> None:
    for lesson in ("1", "what-is-an-llm"):
        ran = hunch("grade", lesson, SAID, "--json")
        told = json.loads(ran.out)
        assert (ran.code, ran.err) == (0, "")
        assert list(told) == ["criteria", "mode"]
        assert told["mode"] == "notes"
        assert [list(one) for one in told["criteria"]] == [["id", "verdict", "evidence"]] * 4
        assert {one["verdict"] for one in told["criteria"]} <= {"met", "missed", "unsure"}
        assert (told["criteria"][0]["id"], told["criteria"][0]["verdict"]) == (
            "odds-for-all",
            "met",
        )
        assert all(one["evidence"] in SAID for one in told["criteria"])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nine", SAID), "There is: 1 What is an LLM?"),
        (("1", "  "), "came through empty"),
        (("1", "-"), "came through empty"),
        (("1", "x" * 1201), "1,201 characters"),
        (("1", b"half \xff of it"), "half a character"),
    ],
)
def test_grade_refuses_what_it_cant_use_in_one_sentence(
    hunch: Hunch, args: tuple[str | bytes, ...], says: str
) -> None:
    ran = hunch("grade", *args)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.complaint


def test_a_cost_card_reads_a_config_json_from_a_file(hunch: Hunch, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(
        json.dumps({
            "model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
            "intermediate_size": 14336, "max_position_embeddings": 8192,
        }),
        encoding="utf-8",
    )  # fmt: skip
    ran = hunch("cache", "--config", str(config), "--json")

    told = json.loads(ran.out)
    assert (ran.code, told["title"]) == (0, "The cache of your model")
    assert told["facts"][0] == {"name": "a token", "value": "128 KiB", "unit": ""}


def test_a_cost_card_refuses_what_cant_be_in_one_line(hunch: Hunch) -> None:
    ran = hunch("cache", "--config", "gpt-2", "--context", "100000")

    assert (ran.code, ran.out) == (2, "")
    assert ran.complaint == "hunch: gpt-2 was made for 1,024 tokens. Ask for less context."
