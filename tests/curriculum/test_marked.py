import os
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curriculum.errors import CourseError
from curriculum.marked import read_marked

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\ufeff"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


@given(DATA)
def test_what_is_written_as_yaml_is_read_back(data):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "any.yaml"
        file.write_text(yaml.dump(data, Dumper=_Plain, allow_unicode=True), "utf-8")
        assert read_marked(file).data == data


def test_each_place_has_its_line(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text("# first\na: 1\nb:\n  - x\n  - y: 2\n    z: 3\n", "utf-8")
    marked = read_marked(file)
    assert marked.lines[("a",)] == 2
    assert marked.lines[("b",)] == 3
    assert marked.lines[("b", 1)] == 5
    assert marked.lines[("b", 1, "z")] == 6


def test_a_way_that_leads_past_the_file_ends_at_the_deepest_known_place(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text("steps:\n  - id: a\n", "utf-8")
    marked = read_marked(file)
    assert marked.known(("steps", 0, "choice", "reply")) == ("steps", 0)
    assert marked.problem(("steps", 0, "choice", "id"), "x").line == 2


def test_a_day_is_read_as_text(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text("date: 2026-05-01\n", "utf-8")
    assert read_marked(file).data == {"date": "2026-05-01"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("times", [51, 1000, 100_000])
def test_parts_within_parts_that_would_end_the_interpreter_are_told(tmp_path, opening, times):
    file = tmp_path / "deep.yaml"
    file.write_text(opening * times, "utf-8")
    with pytest.raises(CourseError, match=r"deep\.yaml:1: isn't valid YAML .*over 50 deep"):
        read_marked(file)


def test_a_pipe_a_device_and_a_file_without_end_are_told_and_hang_nothing(tmp_path):
    os.mkfifo(pipe := tmp_path / "pipe.yaml")
    (device := tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (long := tmp_path / "long.yaml").write_text("a: |\n" + "  word\n" * 600_000, "utf-8")
    for file, why in ((pipe, "plain file"), (device, "plain file"), (long, "4,000,000")):
        with pytest.raises(CourseError, match=why):
            read_marked(file)
