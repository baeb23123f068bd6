import unicodedata
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from tests.fakes.engine import CountingEngine
from tests.tools.instruments.turning import assert_it_fits_and_turns
from tools import catalogue
from tools.engine.base import Token
from tools.engine.local.local import LocalEngine
from tools.errors import WeightsError
from tools.exhibit.exhibit import Exhibit, Table
from tools.instruments import languages
from tools.instruments.languages import SENTENCES, LanguageMeasure, LanguagesParams, said


def tables(shown: Exhibit) -> list[dict[str, tuple[str, ...]]]:
    """Each tokenizer's rows by language: two tables make one."""
    found = [part for part in shown.parts if isinstance(part, Table)]
    pairs = zip(found[::2], found[1::2], strict=True)
    return [{row[0]: row[1:] for row in (*first.rows, *second.rows)} for first, second in pairs]


@pytest.mark.against("languages", by="transformers' tokenizer")
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("show", ["price", "characters", "bytes"])
async def test_each_number_is_that_of_transformers_tokenizer(
    show: LanguageMeasure, times: int, embedded: LocalEngine, embedded_folder: Path
) -> None:
    theirs = AutoTokenizer.from_pretrained(embedded_folder)
    shown = await languages.run(embedded, LanguagesParams(show=show, times=times))
    (table,) = tables(shown)
    english = len(theirs(said("English", times))["input_ids"])
    assert set(table) == set(SENTENCES)
    for language in SENTENCES:
        text = said(language, times)
        count = len(theirs(text)["input_ids"])
        wanted = {
            "price": count / english,
            "characters": len(text) / count,
            "bytes": len(text.encode("utf-8")) / count,
        }[show]
        assert table[language] == (str(count), f"{wanted:.2f}")


async def test_english_costs_once_and_every_other_script_more(embedded: LocalEngine) -> None:
    shown = await languages.run(embedded, LanguagesParams())
    (table,) = tables(shown)
    assert table["English"][1] == "1.00"
    assert all(float(row[1]) > 1 for name, row in table.items() if name != "English")
    counts = [int(row[0]) for row in table.values()]
    assert counts[1:] == sorted(counts[1:], reverse=True)
    await assert_it_fits_and_turns(embedded, "languages", shown)


class Bytes(CountingEngine):
    """Cuts by bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.model = "bytes"

    async def tokenize(self, text: str) -> tuple[Token, ...]:
        return tuple(Token(byte, "?") for byte in text.encode())


async def test_two_tokenizers_stand_one_below_the_other(embedded: LocalEngine) -> None:
    shown = await catalogue.run(embedded, "languages", {"show": "bytes"}, Bytes())
    own, by_bytes = tables(shown)
    assert float(own["English"][1]) > 3
    assert {row[1] for row in by_bytes.values()} == {"1.00"}
    assert shown.provenance.model == "smollm2-135m and bytes"
    assert len(shown.facts) == 2


async def test_one_alone_is_shown_if_so_chosen_or_if_the_other_fails() -> None:
    class Missing(Bytes):
        async def tokenize(self, text: str) -> tuple[Token, ...]:
            raise WeightsError("not installed")

    alone = await catalogue.run(Bytes(), "languages", {"beside": False}, Bytes())
    failed = await catalogue.run(Bytes(), "languages", {}, Missing())
    assert len(tables(alone)) == len(tables(failed)) == 1


def test_the_sentence_stands_in_ten_scripts() -> None:
    def script(language: str) -> str:
        letters = [sign for sign in SENTENCES[language] if sign.isalpha()]
        return ",".join(sorted({unicodedata.name(sign).split()[0] for sign in letters}))

    assert len({script(language) for language in SENTENCES}) >= 10


def test_each_language_says_it_once_and_differently() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES) >= 10
