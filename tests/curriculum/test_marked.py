import tempfile
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

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
