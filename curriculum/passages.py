"""What passages.yaml must keep to beyond the schema."""

import re
from collections.abc import Iterator

from curriculum.errors import Problem
from curriculum.reading import CourseFiles


def broken_passages(reading: CourseFiles) -> Iterator[Problem]:
    """Return ids and beginnings that are there twice, and figures: a passage has no source."""
    seen: set[str] = set()
    for index, passage in enumerate(reading.passages):
        marked = reading.passages_marked
        for field, text in (("id", passage.id), ("begin", passage.begin)):
            if text in seen:
                yield marked.problem((index, field), f"{text!r} is there twice: change one")
            seen.add(text)
        if re.search(r"\d", passage.begin):
            yield marked.problem((index, "begin"), "holds a figure: write it without")
        if passage.begin != passage.begin.strip() or passage.begin.endswith((".", "!", "?")):
            yield marked.problem((index, "begin"), "must break off inside a sentence")
