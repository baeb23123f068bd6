"""A process that has imported all that `hunch` imports, and forks itself for each command.

A command then costs its own work, not two seconds of imports before it. What a fresh process does
is seen by the tests that start one: `tests/run/`, `tests/cli/test_output.py`, the browser's.
"""

import gc
import json
import logging
import os
import sys
from importlib import import_module
from io import TextIOWrapper

from bot.__main__ import COMMANDS
from bot.__main__ import main as entry

HEAVY = ("torch", "transformers", "onnxruntime", "altair", "genanki", "nbformat")


def main() -> None:
    """Answer each line of standard input, a command, with its exit code."""
    import_all()
    gc.freeze()  # what is imported stays shared with the children
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(become(**json.loads(line)))  # what has threads can't be torn down in a fork
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def import_all() -> None:
    """Import what any command would."""
    for name in (*(f"bot.cli.{file}" for file in COMMANDS), *HEAVY):
        import_module(name)


def become(args: list[str], env: dict[str, str], out: str, err: str) -> int:
    """Be `hunch` with these words and this environment; write into these files; end with a code."""
    os.environ.clear()
    os.environ.update(env)
    streams = {0: os.open(os.devnull, os.O_RDONLY)}
    streams |= {n: os.open(f, os.O_WRONLY | os.O_CREAT) for n, f in ((1, out), (2, err))}
    for number, opened in streams.items():
        os.dup2(opened, number)
    assert isinstance(sys.stdout, TextIOWrapper)
    sys.stdout.reconfigure(encoding="utf-8")
    sys.argv = ["hunch", *args]
    try:
        entry()
    except SystemExit as ended:
        return int(ended.code or 0)
    except Exception:
        logging.exception("The command broke")
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
