import asyncio
import struct
import zlib
from collections.abc import Callable

import pytest

from bot.ui.pictures.draw import draw
from bot.ui.pictures.font import FILE, drawable, fitted, text_width
from bot.ui.pictures.png import deflater, png
from bot.ui.pictures.render import picture, render, with_resvg, with_svg2png
from tests.ui.pictures.examples import EXAMPLES, GRID, TREE
from tools.exhibit.exhibit import Drawn

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    '<rect width="9" height="9" fill="#fff"/>{}</svg>'
)


def size(image: bytes) -> tuple[int, int]:
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", image[16:24])
    return int(width), int(height)


@pytest.mark.parametrize("part", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_a_part_becomes_a_png_two_pixels_a_point(part: Drawn) -> None:
    image = await picture(part)
    width, height = size(image)
    assert width == 720
    assert 100 <= height <= 1200
    assert len(image) < 200_000
    assert image == await render(draw(part))


async def test_the_loop_turns_while_a_picture_is_made() -> None:
    making = asyncio.create_task(render(draw(GRID).replace("</svg>", "<!-- new --></svg>")))
    turns = 0
    while not making.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 2
    assert await making


async def test_a_picture_made_once_is_kept() -> None:
    assert await render(draw(TREE)) is await render(draw(TREE))


async def test_what_is_not_svg_is_refused() -> None:
    with pytest.raises(ValueError, match="parsing failed"):
        await render("<p>no</p>")


@pytest.mark.parametrize("renderer", [with_svg2png, with_resvg])
def test_both_renderers_make_pictures_of_one_size(
    renderer: Callable[[], Callable[[str], bytes]],
) -> None:
    pytest.importorskip("svg2png_py")
    assert size(renderer()(draw(TREE))) == size(with_resvg()(draw(TREE)))


@pytest.mark.parametrize("renderer", [with_svg2png, with_resvg])
def test_the_bundled_font_draws_signs_and_letters(
    renderer: Callable[[], Callable[[str], bytes]],
) -> None:
    pytest.importorskip("svg2png_py")
    render_now = renderer()
    letter = '<text y="8" font-size="9" font-family="Hunch Mono">{}</text>'
    drawn = {sign: render_now(SQUARE.format(letter.format(sign))) for sign in "a␣⏎⇥␍…→Ωж"}
    assert len({*drawn.values(), render_now(SQUARE.format(""))}) == len(drawn) + 1


@pytest.fixture(params=["isal", "zlib"])
def _with_each_deflater(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "isal":
        pytest.importorskip("isal")
        assert deflater() is not zlib.compress
    else:
        monkeypatch.setattr("bot.ui.pictures.png.deflater", lambda: zlib.compress)


@pytest.mark.usefixtures("_with_each_deflater")
def test_pixels_are_packed_as_they_are() -> None:
    pixels = bytes([1, 2, 3, 255, 4, 5, 6, 255])
    image = png(pixels, 1, 2)
    assert size(image) == (1, 2)
    start = image.index(b"IDAT") + 4
    length = int.from_bytes(image[start - 8 : start - 4], "big")
    lines = bytes([0, *pixels[:4], 0, *pixels[4:]])
    assert zlib.decompress(image[start : start + length]) == lines


@pytest.mark.parametrize("part", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_every_pixel_of_a_picture_hides_what_lies_behind_it(part: Drawn) -> None:
    image = await picture(part)
    start = image.index(b"IDAT") + 4
    length = int.from_bytes(image[start - 8 : start - 4], "big")
    width, height = size(image)
    lines = zlib.decompress(image[start : start + length])
    assert len(lines) == height * (1 + 4 * width)
    rows = [lines[at : at + 1 + 4 * width] for at in range(0, len(lines), 1 + 4 * width)]
    assert {row[0] for row in rows} == {0}
    assert all(row[4::4] == b"\xff" * width for row in rows)


def test_the_font_comes_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (FILE.parent / "OFL.txt").read_text(encoding="utf-8").upper()


def test_text_is_measured_by_the_font() -> None:
    assert text_width("abcd", 10) == pytest.approx(22.52)
    assert fitted("abcdef", 23, 10) == "abc…"
    assert drawable("e\u0301 ␣⏎ 日") == "é ␣⏎ □"
