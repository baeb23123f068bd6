"""`python -m tests.eval [names...]`: measure some or all, print one table.

A section is a name and an async function that returns shares: add it here.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from bot import logs
from tests.eval import followups, grading, intents, operators, passages, search, tutor
from tests.eval.table import Share, drawn

SECTIONS: dict[str, Callable[[], Awaitable[list[Share]]]] = {
    "intents": intents.measure,
    "search": search.measure,
    "followups": followups.measure,
    "passages": passages.measure,
    "operators": operators.measure,
    "tutor": tutor.measure,
    "grading": grading.measure,
}


async def measure(names: list[str]) -> list[Share]:
    shares: list[Share] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr)  # noqa: T201 - a program that prints
        shares += await SECTIONS[name]()
    return shares


def main(names: list[str]) -> None:
    """Measure the sections of these names, or all; exit 1 where a goal is missed."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        sys.exit(f"eval: no {', '.join(unknown)}; there are {', '.join(SECTIONS)}.")
    logs.configure("warning", "text")
    shares = asyncio.run(measure(names or list(SECTIONS)))
    print(drawn(shares))  # noqa: T201
    sys.exit(0 if all(share.is_met for share in shares) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
