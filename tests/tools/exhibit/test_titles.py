from pathlib import PurePath

import pytest

from tools.engine.weights.embedded import EMBEDDED
from tools.exhibit.titles import titled


def test_the_embedded_model_is_called_what_its_file_is() -> None:
    told = titled(EMBEDDED.name, "embedded")
    name, kept_as = PurePath(EMBEDDED.member).stem.split(".")
    assert told == f"{name}, {kept_as}, raw text without its chat template (embedded)"
    assert kept_as == EMBEDDED.kept_as


@pytest.mark.parametrize(
    ("model", "engine", "told"),
    [
        ("Qwen/Qwen3-8B", "cluster", "Qwen/Qwen3-8B (cluster)"),
        (EMBEDDED.name, "cluster", "smollm2-135m (cluster)"),  # what is served may be another file
        ("served and letters", "cluster and test", "served and letters (cluster and test)"),
        ("me and you", "cluster", "me and you (cluster)"),
    ],
)
def test_any_other_keeps_its_own_name(model: str, engine: str, told: str) -> None:
    assert titled(model, engine) == told


def test_of_two_each_has_its_title() -> None:
    told = titled(f"served and {EMBEDDED.name}", "cluster and embedded")
    assert told.startswith("served and SmolLM2-135M-Instruct, Q4_1")
