"""Discord's list of commands: a dozen at the top that anybody understands, the rest in groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from discord import app_commands

_MORE = "The rest: your progress, reminders, what a word means, your data"
_INSIDE: Mapping[str, Sequence[str]] = {
    "more": (
        "progress",
        "placement",
        "redo",
        "remind",
        "glossary",
        "instruments",
        "help",
        "stop",
        "forget",
        "cards",
        "sharing",
        "privacy",
        "mydata",
        "deleteme",
    ),
    "class": (
        "setup",
        "cohort",
        "learner",
        "assign",
        "misconceptions",
        "overrule",
        "questions",
    ),
}


def arrange(tree: app_commands.CommandTree[Any]) -> None:
    """Put commands into their groups; what isn't named above stays at the top."""
    tree.add_command(app_commands.Group(name="more", description=_MORE))
    for name, inside in _INSIDE.items():
        group = tree.get_command(name)
        assert isinstance(group, app_commands.Group)  # of a cog, or made a line ago
        for each in inside:
            command = tree.remove_command(each)
            assert isinstance(command, app_commands.Command)
            group.add_command(command)
