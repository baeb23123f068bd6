"""The lessons' notebooks: run from start to end, with guesses and without, and as they're kept."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from curriculum.notebook import HERE, NOTEBOOKS, NotebookError, copy_blank, run_notebook
from curriculum.schema import Course
from tools.models import SHAPES
from tools.shape.weights import text_total

FOLDER = HERE / NOTEBOOKS
FILES = sorted(FOLDER.glob("*.ipynb"))
GUESSES = {  # too low, about right, too high; and what can't be, where that has an answer too
    "01-what-is-an-llm": (0, 11),
    "02-inside-a-model": (2, 8.8, 12),
    "03-tokens": ("th", " t", "qz"),
    "05-attention": (1, 5, 11),
    "06-choice": (5, 24, 35, 50),
    "07-the-loop": (0.1, 10_000),
    "08-the-engine": (100, 360, 390, 900),
    "09-memory": (0, 0.5, 4),
}


def cells(file: Path, kind: str = "code") -> list[dict[str, Any]]:
    book = json.loads(file.read_text(encoding="utf-8"))
    return [cell for cell in book["cells"] if cell["cell_type"] == kind]


def printed(cell: dict[str, Any]) -> str:
    return "".join(line for output in cell["outputs"] for line in output["text"])


def tagged(file: Path, tag: str) -> list[int]:
    return [n for n, cell in enumerate(cells(file)) if tag in cell["metadata"].get("tags", ())]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them run in one folder, in order, each reply asked again with other guesses."""
    folder = tmp_path_factory.mktemp("notebooks")
    for file in FILES:
        copy = copy_blank(file, folder)
        (at,) = tagged(copy, "reply")
        reply = cells(copy)[at]
        book = json.loads(copy.read_text(encoding="utf-8"))
        for n, guess in enumerate(GUESSES[file.stem]):
            source = [f"my_guess = {guess!r}\n", *reply["source"]]
            book["cells"].append({**reply, "id": f"other-{n}", "source": source})
        copy.write_text(json.dumps(book), encoding="utf-8")
        run_notebook(copy)
    return folder


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", GUESSES)
def test_a_notebook_runs_and_answers_each_guess_in_its_own_way(ran: Path, name: str) -> None:
    file = ran / f"{name}.ipynb"
    (at,) = tagged(file, "guess")
    unguessed, *others = [printed(cells(file)[n]) for n in tagged(file, "reply")]

    assert "my_guess = None" in "".join(cells(file)[at]["source"])
    assert unguessed.startswith("You haven't guessed")
    assert len({unguessed, *others}) == 1 + len(GUESSES[name])
    assert all(len(answer) > 20 for answer in others)


@pytest.mark.timeout(900)
def test_the_tiny_model_has_the_weights_that_its_shape_says(ran: Path) -> None:
    text = "".join(printed(cell) for cell in cells(ran / "02-inside-a-model.ipynb"))
    assert f"{text_total(SHAPES['tiny']):,} weights" in text


@pytest.mark.timeout(900)
def test_training_brings_the_surprise_down_on_a_lesson_it_has_not_read(ran: Path) -> None:
    text = "".join(printed(cell) for cell in cells(ran / "02-inside-a-model.ipynb"))
    found = re.search(r"(\d+\.\d) bits a token on the lesson.*was (\d+\.\d)", text)
    assert found, text
    after, before = found.groups()
    assert 12.5 < float(before) < 13.5
    assert float(after) < float(before) - 3


@pytest.mark.timeout(900)
def test_what_a_notebook_saves_is_float32(ran: Path) -> None:
    from safetensors.torch import load_file

    weights = load_file(ran / "tiny.safetensors")
    assert {str(weight.dtype) for weight in weights.values()} == {"torch.float32"}


def test_each_notebook_is_a_lesson_s_and_each_lesson_s_is_there(shipped: Course) -> None:
    named = {lesson.number: lesson.notebook for lesson in shipped.lessons if lesson.notebook}
    assert list(named) == [1, 2, 3, 5, 6, 7, 8, 9]
    assert sorted(named.values()) == [file.name for file in FILES]
    assert all(
        name == f"{number:02}-{_slug(shipped, number)}.ipynb" for number, name in named.items()
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notebook_asks_before_it_shows(file: Path) -> None:
    (guess,), (reply,) = tagged(file, "guess"), tagged(file, "reply")
    shown = cells(file)[guess + 1 : reply]

    assert guess < reply
    assert shown, "something is shown between the guess and what is said to it"
    assert all(printed(cell) for cell in shown)
    prose = "".join("".join(cell["source"]) for cell in cells(file, "markdown"))
    assert "your guess" in prose.casefold()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notebook_is_kept_as_it_ran_on_any_machine(file: Path) -> None:
    code = cells(file)
    book = json.loads(file.read_text(encoding="utf-8"))

    assert len(code) <= 12
    assert [cell["execution_count"] for cell in code] == [*range(1, len(code) + 1)]
    kinds = {(each["output_type"], each.get("name")) for cell in code for each in cell["outputs"]}
    assert kinds == {("stream", "stdout")}, "no error, no warning, nothing but what is printed"
    assert (
        re.search(r"/home/|/root/|/tmp|/work/|/usr/|site-packages|\.venv|[A-Z]:\\", str(book))
        is None
    )
    assert book["metadata"]["language_info"] == {"name": "python"}
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_a_copy_shows_nothing_and_stays_as_its_learner_left_it(tmp_path: Path) -> None:
    copy = copy_blank(FILES[0], tmp_path / "mine")
    assert all(not cell["outputs"] for cell in cells(copy))
    assert [cell["source"] for cell in cells(copy)] == [cell["source"] for cell in cells(FILES[0])]

    copy.write_text("mine", encoding="utf-8")
    assert copy_blank(FILES[0], tmp_path / "mine").read_text(encoding="utf-8") == "mine"


FAILING = {
    "raises": ("print(1)\nprint(1 / 0)", "`print(1)`: ZeroDivisionError: division by zero"),
    "ends Python": ("import os\nos._exit(3)", "`import os`: Python ended there"),
    "is no Python": ("for x in", "`for x in`: SyntaxError"),
}


@pytest.mark.parametrize(("source", "says"), FAILING.values(), ids=FAILING)
def test_a_notebook_that_fails_names_its_cell(tmp_path: Path, source: str, says: str) -> None:
    file = tmp_path / "my.ipynb"
    book = json.loads(FILES[0].read_text(encoding="utf-8"))
    blank = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    sources = ["x = 1", "print('so far')", source, "print('never')"]
    book["cells"] = [{**blank, "id": f"c{n}", "source": each} for n, each in enumerate(sources)]
    file.write_text(json.dumps(book), encoding="utf-8")

    with pytest.raises(NotebookError) as failed:
        run_notebook(file)

    assert f"my.ipynb fails at cell [3], {says}" in str(failed.value)
    assert printed(cells(file)[1]) == "so far\n"  # what it got to is kept
    assert cells(file)[3]["outputs"] == []


def _slug(course: Course, number: int) -> str:
    return next(lesson.slug for lesson in course.lessons if lesson.number == number)
