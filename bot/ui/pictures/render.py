"""SVG in, PNG out, off the event loop.

One thread renders. svg2png-py lets go of the GIL meanwhile and keeps the font in memory: about a
third of resvg-py's time. resvg-py stands in where svg2png-py has no wheel; both are resvg inside.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

from bot.ui.pictures.draw import draw
from bot.ui.pictures.font import FAMILY, FILE
from bot.ui.pictures.png import png
from tools.exhibit.exhibit import Drawn

_KEPT = 64  # pictures of some 40 kB

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")


async def picture(part: Drawn) -> bytes:
    """Return a part as PNG, 720 pixels wide; the last 64 pictures are kept."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _drawn, part)


async def render(svg: str) -> bytes:
    """Return an SVG as PNG, in the pixels it asks for; the last 64 pictures are kept.

    Raises:
        ValueError: it isn't SVG.
    """
    return await asyncio.get_running_loop().run_in_executor(_thread, _rendered, svg)


def with_svg2png() -> Callable[[str], bytes]:
    """Return how svg2png-py renders.

    Raises:
        ModuleNotFoundError: it isn't installed.
    """
    import svg2png_py

    fonts = svg2png_py.FontDatabase()
    fonts.load_font_file(str(FILE))
    options = svg2png_py.RenderOptions(font_family=FAMILY)

    def rendered(svg: str) -> bytes:
        try:
            rgba, width, height = svg2png_py.svg_to_rgba(svg, fonts, options=options)
        except RuntimeError as error:
            raise ValueError(str(error)) from error  # as resvg-py has it
        return png(rgba, width, height)

    return rendered


def with_resvg() -> Callable[[str], bytes]:
    """Return how resvg-py renders."""
    import resvg_py

    def rendered(svg: str) -> bytes:
        return resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=[str(FILE)], font_family=FAMILY
        )

    return rendered


def _drawn(part: Drawn) -> bytes:
    return _rendered(draw(part))


@lru_cache(maxsize=_KEPT)
def _rendered(svg: str) -> bytes:
    return _renderer()(svg)


@cache
def _renderer() -> Callable[[str], bytes]:
    try:
        return with_svg2png()
    except ModuleNotFoundError:
        return with_resvg()
