"""No async generator yields inside a timeout, a task group or a cancel scope.

Such a scope cancels the task that entered it, which between two pieces is the consumer's: it would
be cancelled in the middle of its own work, for a wait that isn't its.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "tools", "curriculum", "migrations", "bench", "tests", "docs")
SCOPES = {
    *("timeout", "timeout_at", "TaskGroup", "Runner"),
    *("fail_after", "fail_at", "move_on_after", "move_on_at", "create_task_group", "CancelScope"),
}
WITH = ast.With | ast.AsyncWith
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def faults(source: str) -> list[int]:
    """Return the lines where an async generator opens a scope that its consumer would be in."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.AsyncFunctionDef)]
    generators = [one for one in functions if _yields(one)]
    return sorted({line for one in generators for line in _scopes_of(one)})


def _scopes_of(generator: ast.AsyncFunctionDef) -> Iterator[int]:
    bounded: set[int] = set()  # the scopes that are left before anything is yielded
    for block in _own(generator):
        if isinstance(block, WITH) and not _yields(block):
            bounded |= {id(item.context_expr) for item in block.items}
    for call in _own(generator):  # on a stack of contexts, a scope may be left whenever
        if isinstance(call, ast.Call) and _name(call.func) in SCOPES and id(call) not in bounded:
            yield call.lineno


def _yields(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Yield) for inner in _own(node))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what is below a node, but not into functions of its own."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, FUNCTION):
            yield child
            yield from _own(child)


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


@pytest.mark.parametrize("floor", FLOORS)
def test_no_async_generator_yields_inside_a_cancel_scope(floor: str) -> None:
    found = {
        str(file.relative_to(ROOT)): lines
        for file in sorted((ROOT / floor).rglob("*.py"))
        if (lines := faults(file.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "body",
    [
        "async with asyncio.timeout(60): yield 1",
        "async with timeout_at(60):\n  async for x in y:\n   yield x",
        "async with a, asyncio.TaskGroup() as b:\n  try:\n   yield 1\n  finally: pass",
        "with anyio.move_on_after(1):\n  if x: yield 1",
        "async with asyncio.timeout(1):\n  async with x: got = yield",
        "await stack.enter_async_context(asyncio.timeout(1))\n yield 1",
        "bound = asyncio.timeout(1)\n async with bound: yield 1",
    ],
)
def test_a_scope_around_a_yield_is_found(body: str) -> None:
    assert faults(f"async def f():\n {body}") != []


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n  async with asyncio.timeout(1): x = await y\n  yield x",
        "async with asyncio.timeout(1): return await x",
        "async with asyncio.timeout(1):\n  async def inner(): yield 1",
        "async with opened(): yield 1",
    ],
)
def test_a_scope_that_is_left_before_a_yield_is_none(body: str) -> None:
    assert faults(f"async def f():\n {body}") == []
