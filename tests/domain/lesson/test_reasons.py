from bot.domain.lesson.reasons import nearest

REPLY = """A stream looks like reading from a page. There is no such page.
Each piece was chosen
with all the earlier ones in view."""


def test_a_reason_stands_beside_the_sentence_that_says_most_of_it() -> None:
    told = nearest("it chooses each piece by the earlier pieces", REPLY)
    assert told == "Each piece was chosen with all the earlier ones in view."


def test_a_reason_that_shares_no_word_with_a_reply_stands_beside_nothing() -> None:
    assert nearest("gut feeling", REPLY) is None
    assert nearest("日本", REPLY) is None
    assert nearest("so", "") is None
