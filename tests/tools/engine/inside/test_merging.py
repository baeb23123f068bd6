import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.engine.base import bytes_of
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput


async def test_a_word_grows_from_bytes_to_tokens_by_one_merge_at_a_time(
    embedded: LocalEngine,
) -> None:
    states = await embedded.merges("unbelievable")
    assert states[0] == tuple(sign.encode() for sign in "unbelievable")
    assert [len(state) for state in states] == list(range(12, len(states[-1]) - 1, -1))
    assert {b"".join(state) for state in states} == {b"unbelievable"}


async def test_the_first_merge_is_the_best_ranked_of_all(embedded: LocalEngine) -> None:
    assert (await embedded.merges("tin a"))[:3] == (
        (b"t", b"i", b"n", b" ", b"a"),
        (b"t", b"i", b"n", b" a"),  # second in the list
        (b"t", b"in", b" a"),  # third
    )


async def test_half_characters_are_bytes_until_they_are_whole(embedded: LocalEngine) -> None:
    assert await embedded.merges("é") == ((b"\xc3", b"\xa9"), (b"\xc3\xa9",))


@pytest.mark.parametrize("sign", "\x04\x06\x13\x14\x16\x1d")
async def test_bytes_that_the_vocabulary_lacks_are_dropped(
    sign: str, embedded: LocalEngine
) -> None:
    assert (await embedded.merges(f"i{sign}n"))[-1] == (b"i", b"n")
    assert [token.text for token in await embedded.tokenize(f"i{sign}n")] == ["i", "n"]


async def test_spaces_alone_are_a_text(embedded: LocalEngine) -> None:
    assert (await embedded.merges("   "))[-1] == (b"   ",)


async def test_the_shared_engine_passes_it_on(embedded: LocalEngine) -> None:
    shared = SharedEngine(embedded)
    assert await shared.merges("tokenization") == await embedded.merges("tokenization")


async def test_a_long_text_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="201 bytes; 200 fit"):
        await embedded.merges("a" * 201)


scripts = st.sampled_from(
    [
        "abcdeinrst ",
        "aaa",
        "0123 x",
        "éàöñ ",
        "日本語東京",
        "कखगि",
        "אבגד ",
        "مرحبا ",
        "Привет",
        "😀👩‍💻é",
        "\n\t <|im_end|>",
    ]
).flatmap(lambda signs: st.text(alphabet=signs, min_size=1, max_size=24))


@settings(max_examples=150)
@given(text=scripts)
def test_merging_ends_where_the_tokenizer_does(embedded: LocalEngine, text: str) -> None:
    async def both() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        tokens = await embedded.tokenize(text)
        return (await embedded.merges(text))[-1], tuple(map(bytes_of, tokens))

    merged, tokens = asyncio.run(both())
    assert merged == tokens
