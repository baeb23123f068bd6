"""The course's formats as JSON Schema, for editors: completion and red underlines while writing.

`python -m curriculum.json_schema` writes them anew after a change to curriculum.schema.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from curriculum.schema import CourseQuestion, GuessPassage, HowPeopleAsk, Lesson

SCHEMA_FILE = Path(__file__).with_name("lesson.schema.json")
QUESTIONS_SCHEMA_FILE = Path(__file__).with_name("questions.schema.json")
ASKED_SCHEMA_FILE = Path(__file__).with_name("asked.schema.json")
PASSAGES_SCHEMA_FILE = Path(__file__).with_name("passages.schema.json")


def lesson_schema() -> str:
    """Return the JSON Schema of a lesson file, as the file holds it."""
    return _written(Lesson.model_json_schema())


def questions_schema() -> str:
    """Return the JSON Schema of questions.yaml, as the file holds it."""
    return _written(TypeAdapter(tuple[CourseQuestion, ...]).json_schema())


def passages_schema() -> str:
    """Return the JSON Schema of passages.yaml, as the file holds it."""
    return _written(TypeAdapter(tuple[GuessPassage, ...]).json_schema())


def asked_schema() -> str:
    """Return the JSON Schema of asked.yaml, as the file holds it."""
    return _written(HowPeopleAsk.model_json_schema())


def _written(schema: dict[str, Any]) -> str:
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(lesson_schema(), encoding="utf-8")
    QUESTIONS_SCHEMA_FILE.write_text(questions_schema(), encoding="utf-8")
    PASSAGES_SCHEMA_FILE.write_text(passages_schema(), encoding="utf-8")
    ASKED_SCHEMA_FILE.write_text(asked_schema(), encoding="utf-8")
