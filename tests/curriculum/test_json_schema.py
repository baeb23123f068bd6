import json

import pytest

from curriculum.json_schema import SCHEMA_FILE, lesson_schema
from curriculum.loader import HERE
from curriculum.marked import read_marked
from tests.curriculum.conftest import EVERY_KIND

FILES = sorted([*(HERE / "lessons").glob("*.yaml"), *(EVERY_KIND / "lessons").glob("*.yaml")])


def test_the_schema_file_is_current():
    assert SCHEMA_FILE.read_text("utf-8") == lesson_schema(), "python -m curriculum.json_schema"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_editors_accept_each_lesson(file):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(read_marked(file).data, json.loads(lesson_schema()))


@pytest.mark.parametrize("file", sorted((HERE / "lessons").glob("*.yaml")), ids=lambda f: f.name)
def test_each_lesson_tells_editors_its_schema(file):
    first = file.read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../lesson.schema.json"
