"""Where a guess begins."""

from tools.engine.base import Token
from tools.engine.boundary import behind, do_spell


def test_what_comes_behind_the_prompt_is_the_rest_of_the_whole() -> None:
    assert behind([1, 2], [1, 2, 3, 4]) == (3, 4)


def test_where_the_end_of_the_prompt_is_cut_otherwise_nothing_is_behind_it() -> None:
    assert behind([1, 2], [1, 9, 4]) == ()
    assert behind([1, 2], [1, 2]) == ()
    assert behind([1, 2], [1]) == ()


def test_tokens_spell_a_text_by_their_bytes() -> None:
    whole = [Token(1, "\ufffd", b"\xe6\x97"), Token(2, "\ufffd", b"\xa5")]
    assert do_spell(whole, "日")
    assert not do_spell(whole[:1], "日")
    assert not do_spell([Token(1, " mat")], "mat")
    assert do_spell([Token(1, "caf\u00e9")], "cafe\u0301")
