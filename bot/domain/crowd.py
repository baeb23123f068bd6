"""The rule of small numbers: what a group answered is told once three are in it, never who.

How many took part is always told. It holds for rounds, for the class in lessons and in `/guess`,
for an instructor's cards and for the report; `/more sharing` says it to learners.
"""

FEWEST = 3  # people; of two, each would know what the other said
PERCENT_FROM = 20  # people; of fewer, one is worth more than a percentage lets on


def is_crowd(people: int) -> bool:
    """Whether there are enough to tell what they answered."""
    return people >= FEWEST


def part_text(part: int, whole: int) -> str:
    """Return a part of a group as people say it: `2 of 3`, and of a larger one `43%`."""
    return f"{part} of {whole}" if whole < PERCENT_FROM else f"{part / whole:.0%}"
