"""Who may catch everything."""

import ast
from pathlib import Path

import bot.ui
from bot.ui.edge import failures

UI = Path(bot.ui.__file__).parent
BROAD = {"Exception", "BaseException"}


def catches_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = ast.walk(node.type) if node.type else iter([ast.Name("BaseException")])
    return any(isinstance(each, ast.Name) and each.id in BROAD for each in caught)


def test_one_function_alone_catches_everything() -> None:
    found = [
        (file, node.lineno)
        for file in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if catches_everything(node)
    ]
    assert [file for file, _ in found] == [Path(failures.__file__)], found
