"""`hunch lessons`: the course's files, listed, checked, begun, and tried as a learner."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import AsJson, fail, read_settings
from bot.cli.watching import saves
from bot.domain.errors import NotFound
from bot.settings import Settings
from bot.usecases.lesson.turns import find_lesson
from bot.wiring.course import check_course, checked_course
from curriculum.balance import Keys, keys_of
from curriculum.errors import CantStart
from curriculum.kinds.base import OPTION_KEYS
from curriculum.loader import HERE, load_course
from curriculum.reading import read_course
from curriculum.starting import new_lesson

_NO_COURSE = (
    "The course that ships with Hunch stays as it is. Begin one of your own with"
    " `hunch course new FOLDER`, and set HUNCH_COURSE_DIR to it."
)


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch lessons`."""
    lessons = typer.Typer(help="The course's files.", no_args_is_help=True)
    lessons.command("list")(list_lessons)
    lessons.command("check")(check_lessons)
    lessons.command("new")(begin_lesson)
    lessons.command("preview")(preview_lesson)
    lessons.command("keys")(count_keys)
    app.add_typer(lessons, name="lessons")


def list_lessons(as_json: AsJson = False) -> None:
    """List the lessons that can be taught."""
    course = load_course(read_settings().course_dir)
    if as_json:
        rows = [
            {
                "number": lesson.number,
                "slug": lesson.slug,
                "title": lesson.title,
                "version": lesson.version,
                "steps": len(lesson.way),
            }
            for lesson in course.lessons
        ]
        typer.echo(json.dumps(rows))
        return
    for lesson in course.lessons:
        steps = len(lesson.way)
        typer.echo(f"{lesson.number:>2}  {lesson.slug:<24} {lesson.title}  ({steps} steps)")


def check_lessons(
    watch: Annotated[bool, typer.Option("--watch", help="Check again at each save.")] = False,
) -> None:
    """Find every mistake in the course's files at once, by file and line."""
    settings = read_settings()
    if not watch:
        raise typer.Exit(_told(settings))
    folder = settings.course_dir or HERE
    for _ in saves(folder):
        _told(settings)
        typer.echo(f"-- watching {folder}; Ctrl-C ends this")


def begin_lesson(title: str) -> None:
    """Write a new lesson to be filled in, at the end of your course."""
    settings = read_settings()
    if settings.course_dir is None:
        fail(_NO_COURSE, 2)
    try:
        file = new_lesson(settings.course_dir, title)
    except CantStart as error:
        fail(str(error), 2)
    typer.echo(f"Written: {file}\nWrite where it says TODO; `hunch lessons check` lists the rest.")


def preview_lesson(lesson: Annotated[str, typer.Argument(help="Its number or slug.")]) -> None:
    """Take a lesson as a learner, on the local page; what you save shows there at once."""
    settings = read_settings()
    try:
        found = find_lesson(checked_course(settings, is_draft=True), lesson)
    except NotFound as error:
        fail(str(error), 2)
    if "database_url" not in settings.model_fields_set:
        os.environ["HUNCH_DATABASE_URL"] = f"sqlite:///{_kept_apart(settings)}"
    raise typer.Exit(_until_ended([sys.executable, "-m", "bot", "play", "--lesson", found.slug]))


def _kept_apart(settings: Settings) -> Path:
    """Return where an author's tries are kept: not among their own progress."""
    course = str((settings.course_dir or HERE).resolve())
    name = hashlib.sha256(course.encode()).hexdigest()[:8]
    return settings.cache_dir.absolute() / f"preview-{name}.sqlite"


def _told(settings: Settings) -> int:
    """Print every mistake, and how many; return the exit code."""
    problems = check_course(settings)
    for problem in problems:
        typer.echo(str(problem))
    if not problems:
        typer.echo("No mistakes.")
    return int(bool(problems))


def _until_ended(command: list[str]) -> int:
    """Run a command that ends by itself at Ctrl-C, and return its exit code."""
    running = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: running.terminate())
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue  # it was pressed there too


def count_keys(as_json: AsJson = False) -> None:
    """Count which letter is right in the choices, and whether the right option is the longest."""
    files = sorted(read_course(read_settings().course_dir or HERE).lessons, key=lambda f: f.name)
    counted = {file.name: keys_of(file) for file in files} | {"all": keys_of(*files)}
    if as_json:
        typer.echo(json.dumps({name: asdict(keys) for name, keys in counted.items()}))
        return
    titles = (*OPTION_KEYS, "longest", "shortest", "of")
    typer.echo(_row("", titles))
    for name, keys in counted.items():
        typer.echo(_row(name, _figures(keys)))
    whole = counted["all"].choices or 1
    typer.echo(_row("", tuple(f"{int(figure) / whole:.0%}" for figure in _figures(counted["all"]))))


def _figures(keys: Keys) -> tuple[str, ...]:
    letters = [keys.letters[letter] for letter in OPTION_KEYS]
    return tuple(str(count) for count in (*letters, keys.longest, keys.shortest, keys.choices))


def _row(name: str, figures: tuple[str, ...]) -> str:
    return f"{name:<26}" + "".join(f"{figure:>9}" for figure in figures)
