"""The command line: `hunch play`, `hunch run`, and a twin of each instrument.

A start-up failure is one line and an exit code: 1 where something is broken, 2 for bad input.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from bot.cli.console import fail
from bot.cli.plain import write_plainly
from bot.store.errors import StoreError
from curriculum.errors import CourseError
from tools.errors import BadInput, ToolError

OURS = ("bot", "curriculum", "tools")
FIRST = "play"  # what `hunch` alone does
COMMANDS = {  # by the file in cli/; each is loaded when it is typed
    "play": ("play",),
    "run": ("run",),
    "doctor": ("doctor",),
    "ask": ("ask",),
    "search": ("search",),
    "grade": ("grade",),
    "lessons": ("lessons",),
    "course": ("course",),
    "notebook": ("notebook",),
    "report": ("report", "anki"),
    "db": ("db",),
    "instruments": ("instruments", "nexttoken"),  # and one for each instrument
}


def command_line(words: Sequence[str]) -> typer.Typer:
    """Return the command line: of the command that was typed, or all of it."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain lines: they go into logs and bug reports
    )
    app.callback()(hunch)
    for file in _files(words[0]):
        _add(app, file)
    return app


def hunch() -> None:
    """A tutor that teaches LLM inference by making you guess first."""


def main() -> None:
    """Run the command line; every failure we know ends in one line on what to do."""
    write_plainly()
    words = sys.argv[1:] or [FIRST]
    try:
        ended = command_line(words)(words, prog_name="hunch", standalone_mode=False)
        sys.exit(ended if isinstance(ended, int) else 0)
    except typer.TyperException as error:
        if "\n" in error.format_message():  # the help of a command of commands, typed alone
            typer.echo(error.format_message(), err=True)
            sys.exit(error.exit_code)
        fail(_mistyped(error), error.exit_code)
    except BadInput as error:
        fail(str(error), 2)
    except CourseError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        fail("The course can't be taught as it stands. Mend what is listed above.")
    except (ToolError, StoreError) as error:
        fail(str(error))
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        fail(f"{error.strerror or error}{where}.")


def _mistyped(error: typer.TyperException) -> str:
    """Return what is wrong with the words typed, in one line that says where help is."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "hunch"
    said = error.format_message().rstrip(".")
    return f"{said}{'' if said.endswith('?') else '.'} Type `{where} --help` for what there is."


def _files(typed: str) -> Sequence[str]:
    found = [file for file, names in COMMANDS.items() if typed in names]
    if found:
        return found
    from tools.catalogue import INSTRUMENTS

    return ["instruments"] if typed in INSTRUMENTS else [*COMMANDS]


def _add(app: typer.Typer, file: str) -> None:
    try:
        import_module(f"bot.cli.{file}").add_to(app)
    except ImportError as error:
        if (error.name or "").startswith(OURS):
            raise
        missing = f"{error.name} is missing. Run: pip install 'hunch-tutor[play,local]'"
        for name in COMMANDS[file]:
            app.command(name, help=missing)(lambda: fail(missing))


if __name__ == "__main__":
    main()
