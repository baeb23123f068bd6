"""Search, on the shipped course: found, ranked, left alone; with the encoder and without."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agent.search.search import HALFWAY, LONGEST, CourseSearch
from bot.agent.search.vectors import vectors_of
from bot.agent.search.wanting import wants_definition
from bot.agent.search.words import Speller, stem, stems
from bot.agent.vectors import Vectors
from bot.domain.tutor.passages import Passage, Source, passages_of
from tests.eval import operators
from tests.eval.passages import chosen, held_back
from tests.eval.questions import PARTS, named, off_course, on_course
from tests.eval.search import ABSTAINED, FOUND, measured
from tests.fakes.encoders import cache_dir, sentence_encoder
from tools.errors import WeightsError


@pytest.fixture(scope="module")
def by_words(shipped):
    return CourseSearch.of(shipped)


@pytest.fixture(scope="module")
def by_both(shipped):
    search = CourseSearch.of(shipped, sentence_encoder(), cache_dir())
    asyncio.run(search.learn_meanings())
    return search


async def terms(search, question, k=3):
    return [named(found.passage.source) for found in await search.find(question, k)]


async def test_questions_held_out_are_found_and_others_left_alone(by_both):
    _, third, kept, abstained = await measured(by_both, "", "held")
    assert third.value >= FOUND
    assert abstained.value >= ABSTAINED
    assert kept.value >= 0.95


async def test_questions_by_somebody_else_are_found_nearly_as_often(by_both):
    """The goal is FOUND and ABSTAINED here too: raise these floors with what is measured."""
    _, third, kept, abstained = await measured(by_both, "", "blind")
    assert third.value >= 0.92
    assert abstained.value >= 0.84
    assert kept.value >= 0.95


async def test_words_alone_find_nearly_as_much(by_words):
    _, third, kept, abstained = await measured(by_words, "", "held")
    assert third.value >= 0.94
    assert abstained.value >= 0.85  # words can't tell more; that is what the encoder is for
    assert kept.value >= 0.8


async def test_a_written_answer_is_chosen_over_the_definition_beside_it(shipped):
    """One in fifteen was, while ways of asking for a source counted for its first passage."""
    kept, held = held_back(shipped)
    right, first = await chosen(CourseSearch(kept), held["answers"])
    assert right >= 0.4 * first


async def test_who_asks_what_a_term_is_gets_its_definition(shipped):
    """One in four did, while what makes a question one for a definition wasn't looked at."""
    kept, held = held_back(shipped)
    right, first = await chosen(CourseSearch(kept), held["definitions"])
    assert right >= 0.7 * first


async def test_a_name_alone_finds_what_it_is_before_what_else_is_written_of_it(by_both, shipped):
    """ "What is a KV cache?" found why it eats memory, which a newcomer has yet to guess."""
    found = [(t.term, (await by_both.find(f"What is {t.term}?", 1))[0]) for t in shipped.terms]
    right = [one.passage.source.term == term and one.passage.names for term, one in found]
    assert sum(map(bool, right)) >= 0.98 * len(found)


@pytest.mark.parametrize(
    ("asked", "wants"),
    [
        ("what is a KV cache", True),
        ("What's TTFT?", True),
        ("what does preemption mean", True),
        ("keeping keys and values", True),
        ("what does chunked prefill do", False),
        ("what is the difference between prefill and decode", False),
        ("fp8 vs bf16", False),
        ("Why is the first token slow?", False),
        ("is 4-bit worse", False),
    ],
)
def test_the_form_of_a_question_says_whether_it_wants_a_definition(asked, wants):
    assert wants_definition(asked) == wants


async def test_what_operators_ask_finds_what_answers_it(by_both, shipped):
    """The goals are 85 % found and 70 % fair: raise the floors with the figures."""
    first, third, fair = await operators.measured(by_both, "")
    assert first.value >= 0.7
    assert third.value >= 0.8
    assert fair.value >= 0.7
    sources = {named(passage.source) for passage in passages_of(shipped)}
    assert {name for each in operators.operators()[0] for name in each.accepts} <= sources


def test_the_question_sets_are_large_and_lead_somewhere(shipped):
    sources = {named(passage.source) for passage in passages_of(shipped)}
    posed = {part: on_course(part) for part in PARTS}
    assert {name for each in posed.values() for q in each for name in q.accepts} <= sources
    assert min(len(each) for each in posed.values()) >= 90
    assert min(len(found) for part in PARTS if (found := off_course(part))) >= 30
    texts = [q.text for each in posed.values() for q in each]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("kv cahce", "KV cache"),
        ("KVCache", "KV cache"),
        ("what is quantisation", "quantization"),
        ("temprature", "temperature"),
        ("speculativ decodng", "speculative decoding"),
        ("TTFT?", "time to first token"),
        ("prefix-caching", "prefix cache"),
        ("Whats a TOKENISER", "tokenizer"),
    ],
)
async def test_a_term_is_found_by_alias_spelling_and_slip(by_words, asked, term):
    assert (await terms(by_words, asked))[0] == term


async def test_each_source_is_found_once(by_both):
    sources = await terms(by_both, "why does the reply get slower", 12)
    assert len(set(sources)) == len(sources) == 12


async def test_scores_fall_and_lie_between_nothing_and_one(by_both):
    scores = [found.score for found in await by_both.find("what is a token", 10)]
    assert scores == sorted(scores, reverse=True)
    assert 1 >= scores[0] > HALFWAY
    assert scores[-1] >= 0


async def test_what_is_not_allowed_is_not_found_and_the_next_best_is(by_both):
    best, *_ = await by_both.find("what does temperature do", 1)
    others = await by_both.find(
        "what does temperature do", 3, lambda p: p.source != best.passage.source
    )
    assert best.passage.source.term == "temperature"
    assert best.passage.source not in [found.passage.source for found in others]
    assert len(others) == 3


@pytest.mark.parametrize("asked", ["", " \n", "?!?", "🤷", "\x00", "the of and", "x" * 5000])
async def test_a_question_that_says_nothing_is_not_about_the_course(by_both, by_words, asked):
    for search in (by_both, by_words):
        assert not search.is_about_course(await search.find(asked, 3))


async def test_a_long_question_is_read_at_its_beginning(by_both):
    question = "why is the first token slow? " + "so " * LONGEST
    assert "time to first token" in await terms(by_both, question)


@settings(max_examples=60)
@given(asked=st.text(max_size=60))
def test_no_text_breaks_the_search(by_words, asked):
    found = by_words.rank(asked, None, 3)
    assert all(0 <= one.score <= 1 for one in found)
    assert by_words.rank(asked, None, 3) == found


PASSAGES = (
    Passage(Source(1, term="token"), "token", "A piece of text.", ("tokens",), ("token", "tokens")),
    Passage(Source(1, term="weights"), "weights", "What training leaves.", (), ("weights",)),
)


class Counting:
    """Makes up vectors; counts the texts it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def encode(self, texts: list[str]) -> Vectors:
        self.texts += texts
        rows = [[len(text), text.count("t") + 1.0] for text in texts]
        return np.array([row / np.linalg.norm(row) for row in rows], np.float32)


async def test_vectors_are_made_once_and_kept(tmp_path):
    first, second = Counting(), Counting()
    made = await vectors_of(["a", "tt", "a"], first, tmp_path)
    again = await vectors_of(["tt", "new", "a"], second, tmp_path)
    assert first.texts == ["a", "tt"]
    assert second.texts == ["new"]
    assert (again[0] == made[1]).all()
    assert (made[0] == made[2]).all()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"not an archive"])
async def test_a_damaged_file_of_vectors_is_made_afresh(tmp_path, damage):
    await vectors_of(["a"], Counting(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    await vectors_of(["a"], Counting(), tmp_path)
    last = Counting()
    await vectors_of(["a"], last, tmp_path)
    assert last.texts == []


async def test_a_folder_that_can_t_be_written_only_costs_time(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert (await vectors_of(["a"], Counting(), blocked)).shape == (1, 2)


class Absent(Counting):
    async def encode(self, texts: list[str]) -> Vectors:
        raise WeightsError("The package index can't be reached.")


async def test_without_the_encoder_words_alone_answer(tmp_path):
    search = CourseSearch(PASSAGES, Absent(), Path(tmp_path))
    with pytest.raises(WeightsError):
        await search.learn_meanings()
    assert not search.knows_meanings
    assert await terms(search, "what are tokens") == ["token", "weights"]


async def test_an_encoder_that_fails_later_leaves_words(tmp_path):
    encoder = Counting()
    search = CourseSearch(PASSAGES, encoder, tmp_path)
    await search.learn_meanings()
    encoder.encode = Absent().encode
    assert (await terms(search, "weights"))[0] == "weights"


def test_words_are_cut_to_what_their_forms_share():
    assert stems("What are the quantised tokens?") == stems("quantized token")
    assert stem("batching") == stem("batch") == stem("batches")


def test_only_unknown_words_are_mended_and_short_ones_never():
    mend = Speller(["cache", "token", "kv"], ["bead"])
    assert mend("cahe") == "cache"
    assert mend("token") == "token"
    assert mend("tokne") == "token"
    assert mend("kb") == "kb"
    assert mend("bead") == "bead"
    assert mend("bread") == "bread"  # near a word of the course, but no term's


@pytest.mark.parametrize("form", ["{}", "What is a {}, for instance?", "can you explain {} to me"])
async def test_whoever_names_a_term_asks_for_the_course(shipped, by_words, form):
    for term in shipped.terms:
        for name in (term.term, *term.aliases):
            if len(name) > 2:  # a letter or two may stand for anything
                found = await by_words.find(form.format(name), 3)
                assert by_words.is_about_course(found), name
                assert term.term in [one.passage.source.term for one in found]
