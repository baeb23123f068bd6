"""What every picture is drawn with: the sheet, its colours, and text made safe for XML."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, log10
from sys import float_info
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from bot.ui.pictures.font import FAMILY, drawable, fitted, text_width

WIDTH = 280.0  # points: what a card leaves of a phone 360 points wide, and a little
TALLEST = 466.0
PIXELS = 720  # of the width
EDGE = 12.0  # left free around a drawing
SIZE, SMALL = 12.5, 11.0  # of text

GROUND, PANEL, LINE = "#1b1d23", "#2a2e37", "#7d8594"
INK, FAINT, LIT = "#f4f5f7", "#c3c8d2", "#ffd24a"
# Okabe and Ito 2008, lightened for a dark ground: told apart by the colour-blind
KINDS = (
    "#56b4e9",
    "#e69f00",
    "#8a93a3",
    "#3fc79a",
    "#f0e442",
    "#d98cb8",
    "#ff8652",
    "#e8ecf2",
)
# viridis (van der Walt, Smith 2015), nine even steps: light grows with the value
_STEPS = (
    (0x44, 0x01, 0x54),
    (0x47, 0x2D, 0x7B),
    (0x3B, 0x52, 0x8B),
    (0x2C, 0x72, 0x8E),
    (0x21, 0x91, 0x8C),
    (0x28, 0xAE, 0x80),
    (0x5E, 0xC9, 0x62),
    (0xAD, 0xDC, 0x30),
    (0xFD, 0xE7, 0x25),
)
SHADES = 33

Anchor = Literal["start", "middle", "end"]


@dataclass(slots=True)
class Sheet:
    """An SVG being drawn, WIDTH points wide. Coordinates are points from the upper left."""

    pieces: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, **more: str | float
    ) -> None:
        """Draw a filled box."""
        at = f'x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}"'
        self.pieces.append(f'<rect {at} fill="{fill}"{_attributes(more)}/>')

    def path(self, d: str, stroke: str, width: float = 1.5, **more: str | float) -> None:
        """Draw a line along a path."""
        look = f'stroke="{stroke}" stroke-width="{n(width)}" fill="none"'
        self.pieces.append(f'<path d="{d}" {look}{_attributes(more)}/>')

    def shape(self, d: str, fill: str, **more: str | float) -> None:
        """Fill a path."""
        self.pieces.append(f'<path d="{d}" fill="{fill}"{_attributes(more)}/>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        room: float = WIDTH,
        size: float = SIZE,
        fill: str = INK,
        anchor: Anchor = "start",
        turned: bool = False,
        is_over: bool = False,
    ) -> float:
        """Write outside text on its baseline, cut to `room`; return the width it takes.

        Turned text reads from below to above. What stands over lines gets a rim of the ground.
        """
        shown = fitted(text, room, size)
        look = f'fill="{fill}" font-size="{n(size)}" text-anchor="{anchor}"'
        if is_over:
            look += f' stroke="{GROUND}" stroke-width="4" paint-order="stroke"'
        turn = f' transform="rotate(-90 {n(x)} {n(y)})"' if turned else ""
        if shown:
            self.pieces.append(f'<text x="{n(x)}" y="{n(y)}" {look}{turn}>{escape(shown)}</text>')
        return text_width(shown, size)

    def svg(self, height: float) -> str:
        """Return the drawing on its card, PIXELS pixels wide."""
        tall = min(height, TALLEST)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(WIDTH)} {n(tall)}" '
            f'width="{PIXELS}" height="{tall * PIXELS / WIDTH:.0f}" font-family="{FAMILY}" '
            'preserveAspectRatio="none" '  # or whole pixels would leave a seam above and below
            'xml:space="preserve">'
        )
        card = f'<rect width="{n(WIDTH)}" height="{n(tall)}" fill="{GROUND}"/>'
        return f"{head}{card}{''.join(self.pieces)}</svg>"


def n(value: float) -> str:
    """Return a coordinate as SVG writes it, to a tenth of a point."""
    return f"{value:.1f}".removesuffix(".0")


def shade(step: int) -> str:
    """Return the colour of a step, 0 (low, dark) to SHADES - 1 (high, light)."""
    place = step / (SHADES - 1) * (len(_STEPS) - 1)
    low = min(int(place), len(_STEPS) - 2)
    mixed = (
        round(one + (other - one) * (place - low))
        for one, other in zip(_STEPS[low], _STEPS[low + 1], strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def widest(texts: Sequence[str], size: float = SIZE) -> float:
    """Return the width of the widest text, uncut."""
    return max((text_width(drawable(text), size) for text in texts), default=0.0)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round numbers from `low` to `high`, about so many."""
    raw = (high - low) / about
    if raw < float_info.min:  # nothing, or too little to be divided
        return [low]
    power = 10.0 ** floor(log10(raw))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= raw)
    first = -floor(-low / step)
    return [round(place * step, 12) for place in range(first, floor(high / step + 1e-9) + 1)]


def _attributes(more: dict[str, str | float]) -> str:
    return "".join(
        f" {name.replace('_', '-')}={quoteattr(value if isinstance(value, str) else n(value))}"
        for name, value in more.items()
    )
