"""Write docs/map.md: every file of the program with the first line of its own docstring."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "map.md"
FLOORS = ("bot", "curriculum", "tools", "migrations", "bench")
WIDTH = 30  # where the words begin, unless a name is longer

HEAD = """# The house, room by room

Each line is the first line of the module's own docstring; `make map` writes this page again.
[architecture.md](architecture.md) says how the floors hang together.

```text
"""


def house() -> str:
    """Return the page as it should be now."""
    lines = [line for floor in FLOORS for line in _tree(ROOT / floor, 0)]
    return HEAD + "\n".join(lines) + "\n```\n"


def _tree(folder: Path, depth: int) -> list[str]:
    lines = [_line(folder.name + "/", folder / "__init__.py", depth)]
    inside = sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name))
    for path in inside:
        if path.is_dir() and any(path.rglob("*.py")):
            lines += _tree(path, depth + 1)
        elif path.suffix == ".py" and path.name != "__init__.py":
            lines.append(_line(path.name, path, depth + 1))
    return lines


def _line(name: str, file: Path, depth: int) -> str:
    shown = "  " * depth + name
    said = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").splitlines()
    return f"{shown:<{WIDTH}} {said[0] if said else ''}".rstrip()


if __name__ == "__main__":
    FILE.write_text(house(), encoding="utf-8")
    sys.stdout.write(f"Written: {FILE.relative_to(ROOT)}\n")
