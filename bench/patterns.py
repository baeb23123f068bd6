"""Every regular expression of the program on 4,000 characters made to be hard for it.

A pattern that tries all ways of reading a text takes seconds for what someone pastes. The texts are
made of each pattern's own characters: one repeated, two in turn, two halves, and a random few, each
also with an end that fits nothing. The grader's patterns get what the grader takes: 1,200
characters with even blanks.
"""

import ast
import importlib
import pkgutil
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

import bot
import curriculum
import tools
from bench.figure import Figure
from bot.agent.grading.grader import evenly_spaced
from bot.agent.grading.language.loader import HERE as LANGUAGES
from bot.agent.grading.language.loader import load_language
from bot.domain.lesson.written import TEACHBACK_CHARS

CHARACTERS = 4000
MOST_MS = 5.0
_PACKAGES = (bot, curriculum, tools)
_WAYS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")
_ALL_OF = {"findall": "finditer", "sub": "finditer", "split": "finditer"}
_KIND = {"CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_DIGIT": "1"}
_ALWAYS = " 1a\n,."
_DEEPEST = 3  # containers within containers
_FEW = 12  # characters of a pattern that are combined

_Used = dict[tuple[str, int, bool], set[str]]  # the last: only the grader asks
_Called = dict[str, set[str]]


def measure() -> list[Figure]:
    """Return the time that the slowest pattern takes, and how many there are."""
    used = _used()
    slowest, text = max((_slowest(*one, ways), one[0]) for one, ways in used.items())
    note = f"of {len(used)}: {text[:60]}"
    return [Figure("patterns, the slowest on hard text", slowest, "ms", MOST_MS, note=note)]


def _used() -> _Used:
    """Return each pattern with the ways in which the source uses it; all ways, if none is plain."""
    used: _Used = defaultdict(set)
    fields_called: _Called = defaultdict(set)
    for module in _modules():
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for pattern, way in _inline(tree):
            used[(pattern.pattern, pattern.flags, False)].add(way)
        called, ours = _names(tree)
        for name, ways in called.items():
            fields_called[name] |= ways
        for name in ours & vars(module).keys():
            for _, pattern in _patterns(name, vars(module)[name]):
                used[(pattern.pattern, pattern.flags, False)] |= called[name] or set(_WAYS[:4])
    for file in LANGUAGES.glob("*.yaml"):
        for name, pattern in _patterns("", load_language(file.stem)):
            ways = fields_called[name] - {"split"} or set(_WAYS[:2])
            used[(pattern.pattern, pattern.flags, True)] |= ways
    return used


def _modules() -> Iterator[ModuleType]:
    for package in _PACKAGES:
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not info.name.endswith("__main__"):
                yield importlib.import_module(info.name)


def _inline(tree: ast.AST) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield what is compiled where it is used: `re.search("…", text)`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=way),
                args=[ast.Constant(value=str(text)), *_],
            ) if way in _WAYS:
                yield re.compile(text), way


def _names(tree: ast.AST) -> tuple[_Called, set[str]]:
    """Return the ways in which each name or field is used, and the names that the module gives."""
    called: _Called = defaultdict(set)
    ours: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=way) if (
                way in _WAYS
            ):
                called[name].add(way)
            case ast.Name(id=name, ctx=ast.Store()):
                ours.add(name)
    return called, ours


def _patterns(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns in a value, each with the name or field it stands under."""
    inner: Iterable[tuple[str, Any]] = ()
    match value:
        case re.Pattern(pattern=str()):
            yield name, value
        case BaseModel():
            inner = iter(value)
        case dict():
            inner = ((name, one) for one in value.values())
        case list() | tuple() | set() | frozenset():
            inner = ((name, one) for one in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            inner = ((one.name, getattr(value, one.name, None)) for one in fields(value))
    if depth < _DEEPEST:
        for field, one in inner:
            yield from _patterns(field, one, depth + 1)


def _slowest(text: str, flags: int, is_even: bool, ways: set[str]) -> float:
    """Return the most milliseconds that a pattern takes, each text three times, the best counts."""
    pattern = re.compile(text, flags)
    texts = _texts(_characters(re._parser.parse(text, flags)))  # type: ignore[attr-defined]
    jobs = [_job(pattern, way) for way in {_ALL_OF.get(way, way) for way in ways}]
    slowest = 0.0
    for hard in (evenly_spaced(one)[:TEACHBACK_CHARS] for one in texts) if is_even else texts:
        for job in jobs:
            if (once := _ms(job, hard)) > slowest:
                slowest = max(slowest, min(once, *(_ms(job, hard) for _ in range(2))))
        if slowest > 20 * MOST_MS:
            break  # seconds are not waited for
    return slowest


def _job(pattern: re.Pattern[str], way: str) -> Callable[[str], object]:
    if way == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, way)  # type: ignore[no-any-return]


def _ms(job: Callable[[str], object], text: str) -> float:
    before = time.thread_time()
    job(text)
    return (time.thread_time() - before) * 1e3


def _characters(parsed: Any) -> str:
    """Return the characters that a pattern speaks of, each once."""
    return "".join(dict.fromkeys("".join(_spoken(parsed)) + _ALWAYS))


def _spoken(parsed: Any) -> Iterator[str]:
    for name, told in parsed:
        match str(name):
            case "LITERAL" | "NOT_LITERAL":
                yield chr(told)
            case "RANGE":
                yield chr(told[0])
            case "CATEGORY":
                yield _KIND.get(str(told), "-")
            case "ANY":
                yield "x"
            case "IN" | "ATOMIC_GROUP":
                yield from _spoken(told)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield from _spoken(told[2])
            case "SUBPATTERN":
                yield from _spoken(told[3])
            case "ASSERT" | "ASSERT_NOT":
                yield from _spoken(told[1])
            case "BRANCH":
                for branch in told[1]:
                    yield from _spoken(branch)


def _texts(characters: str) -> Iterator[str]:
    chance = random.Random(1)
    few = characters[: _FEW // 2] + characters[-_FEW // 2 :]
    for one in few:
        yield from (one * CHARACTERS, one * (CHARACTERS - 1) + "\0")
    for one, other in chance.sample(list(product(few, few)), 50):
        yield from ((one + other) * (CHARACTERS // 2), one + other * (CHARACTERS - 2) + "\0")
        yield one * (CHARACTERS // 2) + other * (CHARACTERS // 2)
    for _ in range(40):
        piece = "".join(chance.choices(characters, k=chance.randint(3, 8)))
        yield (piece * CHARACTERS)[:CHARACTERS]
        yield "".join(chance.choices(characters, k=CHARACTERS))
