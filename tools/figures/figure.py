"""What a figure is: a number that a lesson cites, worked out from one value."""

from collections.abc import Callable

Figure = Callable[..., int | float]
"""Takes what the lesson gives as `of:`. Fails with an `ArithmeticError`, `LookupError`, `TypeError`
or `ValueError` where that can't be worked with."""
