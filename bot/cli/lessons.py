"""`hunch lessons`: the course's files, listed and checked."""

import json

import typer

from bot.cli.console import AsJson, read_settings
from bot.wiring.course import check_course
from curriculum.loader import load_course


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch lessons`."""
    lessons = typer.Typer(help="The course's files.", no_args_is_help=True)
    lessons.command("list")(list_lessons)
    lessons.command("check")(check_lessons)
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
                "steps": len(lesson.sequence),
            }
            for lesson in course.lessons
        ]
        typer.echo(json.dumps(rows))
        return
    for lesson in course.lessons:
        steps = len(lesson.sequence)
        typer.echo(f"{lesson.number:>2}  {lesson.slug:<24} {lesson.title}  ({steps} steps)")


def check_lessons() -> None:
    """Find every mistake in the course's files at once, by file and line."""
    problems = check_course(read_settings())
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise typer.Exit(1)
    typer.echo("No mistakes.")
