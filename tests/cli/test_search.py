"""`hunch search`, as it is typed."""

import json
import re

import pytest

from tests.fakes.encoders import cache_dir
from tools.engine.encoder.weights import ensure_encoder


@pytest.fixture(autouse=True)
def _encoder_is_there():
    ensure_encoder(cache_dir(), is_quiet=True)  # so that no test's patience goes on fetching


def test_it_lists_what_fits_best_first(hunch):
    ran = hunch("search", "why is the first token slow?", "--json", "--top", "4")
    found = json.loads(ran.out)
    assert ran.code == 0
    assert len(found) == 4
    assert found[0]["term"] == "time to first token"
    assert found[0]["lesson"] == 7
    assert set(found[0]) == {"lesson", "term", "title", "text", "score"}
    assert [one["score"] for one in found] == sorted((o["score"] for o in found), reverse=True)
    assert all(("term" in one) != ("step" in one) for one in found)


def test_people_get_the_passages_and_where_they_stand(hunch):
    ran = hunch("search", "what does temperature do")
    assert ran.code == 0
    assert "What does temperature do?  (temperature)" in ran.out
    assert re.search(r"\(lesson \d+, [a-z-]+\)", ran.out)
    assert "little" not in ran.out.splitlines()[0]


def test_a_question_on_something_else_is_told_so(hunch):
    ran = hunch("search", "how do I bake bread?", "--top", "1")
    assert ran.code == 0
    assert ran.out.startswith("The course says little on this.")


@pytest.mark.parametrize("asked", ["", "  ", "\x07\x1b", "?!"])
def test_a_question_without_words_is_refused(hunch, asked):
    ran = hunch("search", asked)
    assert ran.code == 2
    assert "Ask me something" in ran.complaint


def test_a_question_that_is_too_long_is_refused(hunch):
    ran = hunch("search", "why " * 1000)
    assert ran.code == 2
    assert "Cut it" in ran.complaint


def test_without_a_network_words_alone_rank_and_it_says_so(hunch, tmp_path):
    ran = hunch(
        "search", "KV cache", "--json", HUNCH_CACHE_DIR=str(tmp_path), PIP_NO_INDEX="1",
        PIP_FIND_LINKS=str(tmp_path),
    )  # fmt: skip
    assert ran.code == 0
    assert json.loads(ran.out)[0]["term"] == "KV cache"
    assert "ranked by words alone" in ran.err
    assert "84 MB" in ran.err
