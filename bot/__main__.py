"""The command line: `hunch play`, `hunch run`, and a twin of each instrument.

A start-up failure is one line and an exit code: 1 where something is broken, 2 for bad input.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from bot import logs
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.twins import add_twins, listed
from curriculum.errors import CourseError
from tools.errors import BadInput, ToolError

app = typer.Typer(
    help="A tutor that teaches LLM inference by making you guess first.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain lines: they go into logs and bug reports
)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
lessons = typer.Typer(help="The course's files.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(lessons, name="lessons")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Play, when no command is given."""
    if context.invoked_subcommand is None:
        play()


@app.command()
def play(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes any.")] = 0,
) -> None:
    """Open a Discord of its own on a local page, with a real model behind it."""
    try:
        import simcord

        from bot.play import play as serve
    except ImportError as error:
        _fail(f"{error.name} is missing. Run: pip install 'hunch-tutor[play,local]'")
    settings = _settings()
    try:
        asyncio.run(serve(settings, port, typer.echo))
    except simcord.SetupError as error:
        _fail(f"The page can't be opened: {error}.")


@app.command()
def run() -> None:
    """Serve learners in Discord."""
    from bot.run import StartError
    from bot.run import run as serve

    settings = _settings()
    try:
        asyncio.run(serve(settings))
    except StartError as error:
        _fail(str(error))


@app.command()
def doctor() -> None:
    """Check token, model, database, migrations and course; say what to do for each that fails."""
    from bot.doctor import examine

    findings = asyncio.run(examine(_settings()))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.is_well else 'FAIL'}  {finding.name:<11} {finding.text}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def nexttoken(
    prompt: str,
    top: Annotated[int, typer.Option(help="How many tokens to show, 1 to 20.")] = 8,
    as_json: AsJson = False,
) -> None:
    """Show what a model would say next, and how sure it is."""
    from tools.engine.base import Prompt
    from tools.exhibit.text import exhibit_text
    from tools.instruments import next_token

    async def ask() -> Any:
        from bot.engines import build_engine

        engine = build_engine(_settings())
        try:
            return await engine.next_token(Prompt(prompt), top)
        finally:
            await engine.close()

    distribution = asyncio.run(ask())
    if as_json:
        typer.echo(json.dumps(next_token.as_json(distribution)))
    else:
        typer.echo(exhibit_text(next_token.exhibit(distribution)))


@app.command("instruments")
def list_instruments(as_json: AsJson = False) -> None:
    """List the instruments: each is a command here and in Discord."""
    if as_json:
        typer.echo(json.dumps(listed()))
        return
    for one in listed():
        typer.echo(f"{one['lesson']:>2}  {one['name']:<12} {one['line']}")


@app.command()
def ask(
    question: str,
    as_json: AsJson = False,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Answer as to one who has guessed everything; else a newcomer."),
    ] = False,
) -> None:
    """Ask the tutor; it tells a newcomer nothing that they have yet to guess."""
    from bot.asked import ask as put
    from bot.domain.errors import TutorError

    try:
        answer = asyncio.run(put(_settings(), question, everything=everything))
    except TutorError as error:
        _fail(str(error), 2)
    typer.echo(json.dumps(answer.as_json()) if as_json else answer.as_text())


@app.command()
def search(
    question: str,
    top: Annotated[int, typer.Option(min=1, max=20, help="How many to show.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Find what the course says on a question, best first."""
    from bot import searched
    from bot.agent.search import is_about_course
    from bot.domain.errors import TutorError

    def tell(stage: str) -> None:
        typer.echo(f"hunch: {stage} ...", err=True)

    try:
        found = asyncio.run(searched.search(_settings(), question, top, tell))
    except TutorError as error:
        _fail(str(error), 2)
    if as_json:
        typer.echo(json.dumps(searched.as_json(found)))
    else:
        typer.echo(searched.as_text(found, is_about_course(found)))


@app.command()
def grade(
    lesson: Annotated[str, typer.Argument(help="A lesson's number or slug.")],
    text: Annotated[str, typer.Argument(help="What the learner wrote; - reads standard input.")],
    as_json: AsJson = False,
) -> None:
    """Hold a teach-back against its lesson's rubric."""
    from bot.domain.errors import TutorError
    from bot.domain.lesson.teachback import SAID
    from bot.usecases.lesson.grading import GradeText
    from curriculum.loader import load_course

    settings = _settings()

    async def ask() -> Any:
        from bot.engines import build_encoder
        from bot.tutors import build_grader

        encoder = build_encoder(settings)
        grader = build_grader(settings, encoder)
        try:
            said = sys.stdin.read() if text == "-" else text
            return await GradeText(load_course(settings.course_dir), grader)(lesson, said)
        finally:
            await grader.close()
            encoder.close()

    try:
        graded, mode = asyncio.run(ask())
    except TutorError as error:
        _fail(str(error), 2)
    except UnicodeDecodeError:
        _fail("What came on standard input is no UTF-8 text. Save it as UTF-8.", 2)
    rows = [{"id": g.criterion, "verdict": g.verdict, "evidence": g.evidence} for g in graded]
    if as_json:
        typer.echo(json.dumps({"criteria": rows, "mode": mode}))
        return
    for one in graded:
        typer.echo(f"{SAID[one.verdict]:<10}  {one.criterion:<16}  {one.evidence}".rstrip())
    typer.echo(f"mode: {mode}")


@lessons.command("list")
def list_lessons(as_json: AsJson = False) -> None:
    """List the lessons that can be taught."""
    from curriculum.loader import load_course

    course = load_course(_settings().course_dir)
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


@lessons.command("check")
def check_lessons() -> None:
    """Find every mistake in the course's files at once, by file and line."""
    from bot.checked import check_course

    problems = check_course(_settings())
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        raise typer.Exit(1)
    typer.echo("No mistakes.")


@app.command()
def report(
    cohort: Annotated[int, typer.Option(help="The class: the id of its server.", min=0)],
    out: Annotated[Path, typer.Option(help="The page to write, an HTML file.")],
    csv: Annotated[Path | None, typer.Option(help="Also the guesses, as a table.")] = None,
    xapi: Annotated[Path | None, typer.Option(help="Also xAPI statements, as JSON lines.")] = None,
    names: Annotated[bool, typer.Option(help="Name the learners who agreed to be shown.")] = True,
) -> None:
    """Write how a class is doing, as one page that needs no connection."""
    from bot.reported import Wanted
    from bot.reported import report as write

    asyncio.run(write(_settings(), cohort, Wanted(out, csv, xapi), has_names=names))
    typer.echo(f"Written: {', '.join(str(file) for file in (out, csv, xapi) if file)}")


@app.command()
def anki(out: Annotated[Path, typer.Option(help="The package to write, for Anki.")]) -> None:
    """Write the course's recall cards and glossary as flashcards."""
    from bot.reported import anki as write

    asyncio.run(write(_settings(), out))
    typer.echo(f"Written: {out}")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema."""
    typer.echo(f"The database is at {asyncio.run(_migrate('head'))}.")


@db.command("downgrade")
def downgrade(revision: str) -> None:
    """Take the database back to a revision, or to `base`: everything in it is then gone."""
    present = asyncio.run(_migrate(revision))
    typer.echo(f"The database is at {present}." if present else "The database is empty.")


async def _migrate(target: str) -> str | None:
    from bot.store import migrate
    from bot.store.database import connect

    store = connect(_settings().database_url)
    try:
        if target == "head":
            await migrate.upgrade(store)
        else:
            await migrate.downgrade(store, target)
        return (await migrate.revisions(store))[0]
    finally:
        await store.dispose()


def _settings() -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(_wrong(e["loc"], e["msg"]) for e in error.errors())
        _fail(f"A setting can't be used: {wrong}.")
    logs.configure(settings.log_level, settings.log_format)
    return settings


def _wrong(place: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    return f"HUNCH_{'_'.join(map(str, place)).upper()}: {reason}" if place else reason


def _fail(text: str, code: int = 1) -> NoReturn:
    typer.echo(f"hunch: {text}", err=True)
    raise SystemExit(code)


def main() -> None:
    """Run the command line; every failure we know ends in one line on what to do."""
    try:
        add_twins(app, _settings)
        app()
    except BadInput as error:
        _fail(str(error), 2)
    except CourseError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        _fail("The course can't be taught as it stands. Mend what is listed above.")
    except (ToolError, StoreError) as error:
        _fail(str(error))
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        _fail(f"{error.strerror or error}{where}.")


if __name__ == "__main__":
    main()
