"""Parameters that make an instrument's run short, without taking anything from its card."""

from tools import catalogue

TYPED = {"prompt": "The cat sat on the", "text": "The cat sat on the", "word": "cat"}
QUICK: dict[str, dict[str, object]] = {
    "generate": {"steps": 2},
    "phases": {"lengths": "16 32", "tokens": 2, "samples": 2},
    "train": {"steps": 1},
    "beam": {"width": 3, "depth": 2},
    "speculate": {"length": 4},
    "bandwidth": {"measure": False},
    "load": {"rates": "20 40", "requests": 4, "tokens": 2},
}


def quick(name: str) -> dict[str, object]:
    """What has no default, and what makes a run short."""
    fields = catalogue.instrument(name).params.model_fields
    required = {field: TYPED[field] for field, info in fields.items() if info.is_required()}
    return {**required, **QUICK.get(name, {})}
