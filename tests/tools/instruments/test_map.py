import pytest

from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Scatter
from tools.instruments import map as word_map
from tools.instruments.map import MapParams, split


async def test_like_words_lie_near(embedded: LocalEngine) -> None:
    shown = await word_map.run(embedded, MapParams(words="cat dog Paris Berlin"))
    scatter = shown.parts[0]
    assert isinstance(scatter, Scatter)
    at = {point.label: complex(point.x, point.y) for point in scatter.points}
    assert abs(at["cat"] - at["dog"]) < abs(at["cat"] - at["Paris"])
    assert abs(at["Paris"] - at["Berlin"]) < abs(at["dog"] - at["Berlin"])
    assert values(shown)["words"] == 4
    await assert_it_fits_and_turns(embedded, "map", shown)


async def test_the_same_words_are_always_drawn_alike(embedded: LocalEngine) -> None:
    first = await word_map.run(embedded, MapParams())
    assert (await word_map.run(embedded, MapParams())).parts == first.parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b  c", ("a", "b", "c")),
        ("New York, Paris", ("New York", "Paris")),
        ("a\nb c\n", ("a", "b c")),
        (" a, ,a; b", ("a", "b")),
        ("a b\n", ("a", "b")),
    ],
)
def test_words_are_parted_by_commas_or_spaces(text: str, words: tuple[str, ...]) -> None:
    assert split(text) == words


async def test_thirty_words_fit_and_one_is_too_few(embedded: LocalEngine) -> None:
    shown = await word_map.run(embedded, MapParams(words=" ".join(map(str, range(30)))))
    await assert_it_fits_and_turns(embedded, "map", shown)
    with pytest.raises(BadInput, match="2 to 30 different words"):
        await catalogue.run(embedded, "map", {"words": "alone"})
