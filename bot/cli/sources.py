"""Where a passage of the course stands, as commands write it."""

from bot.domain.tutor.passages import Source


def place_in_json(source: Source) -> dict[str, int | str | None]:
    """Return the lesson, and the step or the term, for machines."""
    place = {"step": source.step} if source.step else {"term": source.term}
    return {"lesson": source.lesson, **place}


def place_in_words(source: Source) -> str:
    """Return the term, or the lesson and its step, for people."""
    return source.term or f"lesson {source.lesson}, {source.step}"
