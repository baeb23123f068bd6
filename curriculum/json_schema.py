"""The lesson format as JSON Schema, for editors: completion and red underlines while writing.

`python -m curriculum.json_schema` writes it anew after a change to curriculum.schema.
"""

import json
from pathlib import Path

from curriculum.schema import Lesson

SCHEMA_FILE = Path(__file__).with_name("lesson.schema.json")


def lesson_schema() -> str:
    """Return the JSON Schema of a lesson file, as the file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Lesson.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(lesson_schema(), encoding="utf-8")
