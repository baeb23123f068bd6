"""What is handed over reads by itself, fits where it goes, and leaves nothing out."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.privacy.held import Held, files_of, summary_of
from tests.fakes.clock import NOW

words = st.text(max_size=60)
held_by = st.dictionaries(
    st.sampled_from(["learner", "guess", "exchange", "card", "unheard-of"]),
    st.lists(st.fixed_dictionaries({"text": words, "at": st.just(NOW)}), min_size=1, max_size=30),
)


@given(held_by, st.integers(400, 4000))
def test_every_row_is_in_exactly_one_file(held: Held, limit: int) -> None:
    parts = [json.loads(part) for part in files_of(held, 5, NOW, limit)]
    for table, rows in held.items():
        given_back = [row for part in parts for row in part["held"].get(table, ())]
        assert given_back == [{"text": row["text"], "at": NOW.isoformat()} for row in rows]


def test_files_keep_to_the_limit() -> None:
    held = {"guess": [{"answer": "日本\n" * 50, "at": NOW} for _ in range(500)]}
    parts = files_of(held, 5, NOW, limit=20_000)
    assert len(parts) > 5
    assert max(len(part) for part in parts) < 20_000 + 1_000  # and the words around them
    assert "part 2 of" in json.loads(parts[1])["about"]


def test_any_text_survives_half_characters_too() -> None:
    (part,) = files_of(
        {"guess": [{"answer": "\ud83d </script> \u202e", "on": date(2026, 1, 1)}]}, 5, NOW
    )
    row = json.loads(part)["held"]["guess"][0]
    assert "</script> \u202e" in row["answer"]
    assert row["on"] == "2026-01-01"


def test_what_is_held_is_summed_up_with_what_was_agreed_to() -> None:
    members = [{"is_shown": True}, {"is_shown": False}, {"is_shown": True}]
    held = {"learner": [{"first_seen": NOW}], "membership": members, "guess": [{}, {}]}
    summary = summary_of(held)
    assert (summary.since, summary.classes, summary.shown_in) == (NOW, 3, 2)
    assert summary.counts["guess"] == 2
    assert summary.mark == int(NOW.timestamp())
    assert summary_of({}).since is None
