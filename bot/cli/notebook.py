"""`hunch notebook`: a lesson's notebook in JupyterLab, or run from start to end."""

import os
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import fail, read_settings
from curriculum.loader import load_course
from curriculum.notebook import (
    HERE,
    NOTEBOOKS,
    NotebookError,
    copy_blank,
    kernel_environment,
    run_notebook,
)

_NEEDS = {"JupyterLab": "jupyterlab", "nbclient": "nbclient", "ipykernel": "ipykernel"}
# once its server has ended, a thread of it may hold the process for good
_LAB = "import os; from jupyterlab.labapp import main; main(); os._exit(0)"
_SETTINGS = (  # it asks no other server for news or extensions, and nobody whether it may end
    "-y",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch notebook`."""
    app.command()(notebook)


def notebook(
    lesson: Annotated[int | None, typer.Argument(help="Its number; none: list them.")] = None,
    run: Annotated[bool, typer.Option("--run", help="Run it from start to end instead.")] = False,
    folder: Annotated[Path, typer.Option(help="Where your copy is kept.", file_okay=False)] = Path(
        "~/hunch-notebooks"
    ),
) -> None:
    """Open a lesson's notebook in JupyterLab: your own copy, without what it will print."""
    settings = read_settings()
    lessons = load_course(settings.course_dir).lessons
    there = {each.number: each.notebook for each in lessons if each.notebook}
    if lesson is None:
        lines = [f"{each.number:>2}  {each.title}" for each in lessons if each.notebook]
        typer.echo("\n".join(lines) or "No lesson of this course has a notebook.")
        return
    if lesson not in there:
        others = f"These have one: {', '.join(map(str, there))}." if there else "No other has one."
        fail(f"Lesson {lesson} has no notebook. {others}", 2)
    missing = [what for what, module in _NEEDS.items() if find_spec(module) is None]
    if missing:
        fail(f"{missing[0]} is missing. Run: pip install 'hunch-tutor[notebooks]'")
    # the notebook runs in another folder, where a relative one would be another
    os.environ["HUNCH_CACHE_DIR"] = str(settings.cache_dir.absolute())
    source = (settings.course_dir or HERE) / NOTEBOOKS / there[lesson]
    try:
        copy = copy_blank(source.absolute(), folder.expanduser().absolute())
        if run:
            typer.echo(f"All {run_notebook(copy)} cells have run: {copy}")
            return
    except NotebookError as error:
        fail(f"{error}.")
    _open(copy)


def _open(copy: Path) -> None:
    """Let JupyterLab have the terminal until it is stopped."""
    typer.echo(f"Your copy: {copy} (delete it to begin again). Ctrl-C ends JupyterLab.")
    may_be_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    where = [f"--ServerApp.root_dir={copy.parent}", f"--LabApp.default_url=/lab/tree/{copy.name}"]
    command = [sys.executable, "-c", _LAB, *where, *_SETTINGS, *may_be_root]
    with subprocess.Popen(command, env=kernel_environment()) as lab:
        while lab.poll() is None:
            with suppress(KeyboardInterrupt):  # it gets Ctrl-C too, and ends its kernels
                lab.wait()
    if lab.returncode:
        fail(f"JupyterLab ended with code {lab.returncode}; what it said stands above.")
