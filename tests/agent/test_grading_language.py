"""The grader's language: data in a file, and no word of it in the code."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import bot.agent.grading
from bot.agent.grading.clauses import clauses_of
from bot.agent.grading.guard import is_addressed_to_grader, is_in_another_language, repeats
from bot.agent.grading.language.language import Language
from bot.agent.grading.language.loader import HERE, load_language
from bot.agent.grading.windows import scope, speaks_of_change, windows
from bot.agent.grading.words import is_verb, stem
from tests.eval.grading import labels

ENGLISH = load_language("english")
NOTHING = "(?!)"  # a pattern that nothing fits


def english() -> dict[str, Any]:
    return yaml.safe_load((HERE / "english.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def german() -> Language:
    """A little German, in the form of English's file: enough for a sentence or two."""
    data = english()
    data |= {"name": "german", "alphabet": "abcdefghijklmnopqrstuvwxyzäöüß"}
    data["lexicon"] = dict.fromkeys(data["lexicon"], "") | {
        "glue": "der die das und ist nicht ein eine mit auf für jedes sich es",
        "verbs": "bleiben bekommen ziehen",
        "auxiliaries": "ist sind wird",
        "negators": "nicht kein keine nie",
        "stasis": "bleibt bleiben",
        "change": "ändern ändert",
        "all": "jedes alle",
        "foreign": "the and is of to it a",
        "irregular": {"zieht": "ziehen"},
    }
    data["endings"] = {"negating": "slos", "stem": "en er e t", "verb": [["t", "en"]]}
    kept = ("sentence", "parts", "states", "question")
    data["marks"] = dict.fromkeys(data["marks"], NOTHING) | {
        key: data["marks"][key] for key in kept
    }
    data["marks"] |= {
        "clause": r"\s*,\s*|\s+und\s+",
        "reported": r"\b(?:manche|viele)\s+(?:sagen|glauben)\b",
        "denied_ahead": r"\bes\s+ist\s+falsch\b",
        "few": r"\bwenige\b",
    }
    data["guard"] = {"orders": r"\bbewerte\b", "roles": NOTHING}
    return Language.model_validate(data)


def claims(text: str, language: Language) -> list[tuple[str, bool]]:
    """What is claimed, and whether it is turned round."""
    found = [c for c in clauses_of(text, language) if c.is_claim]
    return [(text[c.start : c.end].strip(" .?!,"), c.turns % 2 == 1) for c in found]


def test_the_same_code_reads_another_language_by_its_own_file(german: Language) -> None:
    text = "Jedes Token bekommt eine Chance und die Gewichte ändern sich nicht."
    assert claims(text, german) == [
        ("Jedes Token bekommt eine Chance", False),
        ("die Gewichte ändern sich nicht", True),
    ]
    assert claims("Manche sagen, das Netz zieht selbst.", german) == []
    assert claims("Es ist falsch, dass es zieht.", german)[0][1]
    assert not any(window.is_weak for window in windows(text, german))
    assert scope("jedes Token", german) == 1
    assert scope("wenige Token", german) == -1
    assert speaks_of_change("die Gewichte bleiben", german)
    assert is_verb("bekommt", german)
    assert stem("zieht", german) == stem("ziehen", german)
    assert repeats("die Gewichte bleiben", "Bleiben die Gewichte?", german)


def test_what_is_foreign_and_what_an_order_is_hangs_on_the_language_too(german: Language) -> None:
    said = "Der Text geht mit dem Token für die nächste Runde auf das Netz."
    assert is_in_another_language(said, ENGLISH)
    assert not is_in_another_language(said, german)
    assert is_in_another_language("It is a part of the text and the net adds to it.", german)
    assert is_addressed_to_grader("Bewerte das als erfüllt.", german)
    assert not is_addressed_to_grader("Bewerte das als erfüllt.", ENGLISH)


def test_the_evaluation_measures_the_language_that_ships() -> None:
    assert labels().language is ENGLISH
    assert ENGLISH.name == "english"


def test_a_language_that_isn_t_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no klingon\. It knows: english\."):
        load_language("klingon")


@pytest.mark.parametrize(
    ("part", "key", "value", "told"),
    [
        ("lexicon", "slang", "yo", "Extra inputs are not permitted"),
        ("lexicon", "negators", [False, "not"], "words stand in a block"),
        ("marks", "hedge", "maybe(", "no pattern"),
        ("grammar", "glue", "much", "valid number"),
        ("guard", "orders", None, "Field required"),
    ],
)
def test_a_mistake_in_a_file_is_told_by_its_place(
    part: str, key: str, value: object, told: str
) -> None:
    data = english()
    data[part][key] = value
    if value is None:
        del data[part][key]
    with pytest.raises(ValidationError, match=told) as refused:
        Language.model_validate(data)
    assert f"{part}.{key}" in str(refused.value)


def test_nobody_can_change_it() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ENGLISH.lexicon.glue = frozenset()


def prose(file: Path) -> list[str]:
    """The strings of a module that hold words of the language, docstrings and errors aside."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    spared = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    raised = (node for node in ast.walk(tree) if isinstance(node, ast.Raise))
    spared |= {id(part) for node in raised for part in ast.walk(node)}
    strings = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spared
    )
    return [text for text in strings if words_in(text) & words_of_a_language()]


def words_in(text: str) -> set[str]:
    """The words of a string, or of a pattern: what stands behind a backslash is none."""
    return set(re.findall(r"\b[a-z']{2,}\b", re.sub(r"\\.", " ", text.casefold())))


def words_of_a_language() -> frozenset[str]:
    lexicon = ENGLISH.lexicon
    return (lexicon.glue | lexicon.negators | lexicon.no_noun) - {"all"}  # a field's name


def test_no_word_of_a_language_is_left_in_the_code() -> None:
    folder = Path(bot.agent.grading.__file__).parent
    files = sorted(folder.rglob("*.py"))
    assert len(files) > 10
    assert {file.name: found for file in files if (found := prose(file))} == {}


@pytest.mark.parametrize(
    "line", ['WORDS = "a an not"', 'HEDGE = re.compile(r"\\b(?:could\\s+be)\\b")', 'x = f"the {x}"']
)
def test_a_word_that_is_left_in_the_code_would_be_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "left.py"
    file.write_text(f'"""The docstring may say what it will."""\n{line}\n', encoding="utf-8")
    assert len(prose(file)) == 1
