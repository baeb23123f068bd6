"""YAML that remembers the line each value stands on."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from curriculum.errors import CourseError, KeyPath, PathKey, Problem

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast: every start reads the course
except ImportError:  # a PyYAML that was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

DEEPEST = 50  # parts within parts; the course's own files need eight
LARGEST = 4_000_000  # characters of one file
_ANCHORED = (yaml.ScalarEvent, yaml.CollectionStartEvent)


@dataclass(frozen=True, slots=True)
class Marked:
    """A file's data and the line of every place in it."""

    file: Path
    data: Any
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def known(self, place: Sequence[PathKey]) -> KeyPath:
        """Return the deepest place in the file along this way; parts it lacks are passed over.

        A validator's way names things the file doesn't hold: a missing field, the kind of a step.
        """
        found: KeyPath = ()
        for key in place:
            if (*found, key) in self.lines:
                found = (*found, key)
        return found

    def problem(self, place: Sequence[PathKey], text: str) -> Problem:
        """Return a problem that points at the line of this place."""
        return Problem(self.file, self.lines.get(self.known(place), 1), text)


def read_marked(file: Path) -> Marked:
    """Read one YAML file.

    Raises:
        CourseError: the file can't be read, isn't YAML, or says one thing twice.
    """
    try:
        text = _text(file)
        return _Reader(file, _Loader(text), _anchors(text)).read()
    except OSError as error:
        why, line = f"can't be read ({error.strerror}): check the path and its permissions", 1
    except UnicodeDecodeError:
        why, line = "isn't UTF-8 text: save it as UTF-8", 1
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        why = f"isn't valid YAML ({error.problem}): check indentation, colons and quotes"
    except (yaml.YAMLError, ValueError) as error:
        why, line = f"isn't valid YAML ({error}): remove what can't be read", 1
    raise CourseError([Problem(file, line, why)])


def _text(file: Path) -> str:
    if file.exists() and not file.is_file():  # to read a pipe or a device might never end
        raise OSError(errno.EINVAL, "it isn't a plain file")
    with file.open(encoding="utf-8") as opened:
        text = opened.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise OSError(errno.EFBIG, f"it is over {LARGEST:,} characters long")
    return text


def _anchors(text: str) -> list[tuple[int, str]]:
    """Return line and name of each anchor that no alias uses: it takes a word of the text away.

    Raises:
        yaml.MarkedYAMLError: parts stand in parts too deep for a parser that calls itself.
    """
    found: dict[str, int] = {}
    depth = 0
    for event in yaml.parse(text, Loader=SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            found.pop(str(event.anchor), None)
        elif isinstance(event, _ANCHORED) and event.anchor and event.start_mark:
            found[event.anchor] = event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            why = f"parts within parts, over {DEEPEST} deep"
            mark = yaml.Mark("", 0, event.start_mark.line if event.start_mark else 0, 0, None, 0)
            raise yaml.MarkedYAMLError(problem=why, problem_mark=mark)
    return [(line, name) for name, line in found.items()]


class _Loader(SafeLoader):
    """The safe loader, less dates: a day in a lesson is text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # overrides the base class's own table
        first: [(tag, pattern) for tag, pattern in rules if not tag.endswith(":timestamp")]
        for first, rules in SafeLoader.yaml_implicit_resolvers.items()
    }


class _Reader:
    """Walks the nodes of one file, noting lines, twins and aliases on the way."""

    def __init__(self, file: Path, loader: _Loader, anchors: list[tuple[int, str]]) -> None:
        self._loader = loader
        self._marked = Marked(file, None)
        self._problems: list[Problem] = []
        for line, name in anchors:
            self._note(line, f"`&{name}` is a mark of YAML's and would be cut off: quote the text")
        self._seen: set[yaml.Node] = set()

    def read(self) -> Marked:
        node = self._loader.get_single_node()
        data = None if node is None else self._value(node, ())
        if self._problems:
            raise CourseError(self._problems)
        return Marked(self._marked.file, data, self._marked.lines)

    def _value(self, node: yaml.Node, place: KeyPath) -> Any:
        line = node.start_mark.line + 1
        self._marked.lines.setdefault(place, line)
        if node in self._seen:  # an alias is its anchor's node again, and may hold itself
            self._note(line, "is used again by an alias: write it out in both places")
            return None
        self._seen.add(node)
        match node:
            case yaml.MappingNode():
                return {k: self._value(v, (*place, k)) for k, v in self._entries(node, place)}
            case yaml.SequenceNode():
                return [self._value(v, (*place, i)) for i, v in enumerate(node.value)]
            case _:
                return self._loader.construct_object(node)

    def _entries(self, node: yaml.MappingNode, place: KeyPath) -> list[tuple[PathKey, yaml.Node]]:
        entries: dict[PathKey, yaml.Node] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = self._loader.construct_object(key_node)
            if not isinstance(key, str | int):
                key = str(key_node.value)
            if key in entries:
                self._note(line, f"`{key}` stands here twice: keep one")
            entries[key] = value
            self._marked.lines[(*place, key)] = line
        return list(entries.items())

    def _note(self, line: int, text: str) -> None:
        self._problems.append(Problem(self._marked.file, line, text))
