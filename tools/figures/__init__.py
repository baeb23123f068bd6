"""Numbers that a lesson may cite as `computed:`, each worked out here and nowhere else.

A figure is a function of the one value that the lesson gives as `of:`. A module holds those of one
subject.
"""

from collections.abc import Mapping
from types import MappingProxyType

from tools.figures import (
    choosing,
    failing,
    kept,
    looking,
    parallel,
    precision,
    serving,
    watching,
    weights,
)
from tools.figures.figure import Figure

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        figure.__name__: figure
        for module in (
            weights,
            kept,
            looking,
            choosing,
            serving,
            precision,
            parallel,
            watching,
            failing,
        )
        for figure in module.FIGURES
    }
)
