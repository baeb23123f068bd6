"""`python -m tests.servers.table` writes docs/servers.md: which server gives what.

Each row is what `find_out` finds: of a recording of a live server, or of a stub of the documented
answers.
"""

import asyncio
from pathlib import Path

from tests.fakes.servers import serving
from tests.servers.documented import SERVERS
from tests.servers.recording import recorded, replayed
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Capability
from tools.engine.cluster.abilities import Abilities
from tools.engine.cluster.cluster import ClusterEngine

LIVE = (  # name, recording, and what a reader should know
    ("vLLM", "vllm", "Structured output and scores are shown as the server gives them."),
    ("llama.cpp", "llama_cpp", "Counters come with `--metrics`, under names of their own."),
)
PAGE = Path(__file__).parents[2] / "docs" / "servers.md"
_HEADER = ("server", "next tokens", "ids", "cuts text", "scores a guess", "masks", "counters")
_INTRO = """# Servers

What Hunch finds at each server, and which instruments then run on it. This page is made by
`tests/servers/table.py`: each row is what Hunch finds by asking a recording of the live server, or
a stub that answers as its documentation says. `hunch doctor` says the same of yours.
"""


async def found() -> list[tuple[str, str, str, Abilities]]:
    """Return name, source, note and abilities of each server."""
    rows = []
    for one in SERVERS:
        async with serving() as server:
            one.set_up(server)
            rows.append((one.name, one.source, one.note, await _asked(server.base_url, "served")))
    return [*[await _replayed(*one) for one in LIVE], *rows]


def page(rows: list[tuple[str, str, str, Abilities]]) -> str:
    """Return the whole page."""
    table = [f"| {' | '.join(_HEADER)} |", f"|{'---|' * len(_HEADER)}"]
    table += [f"| {name} | {' | '.join(_marks(abilities))} |" for name, _, _, abilities in rows]
    parts = [_INTRO, "\n".join(table), "\n## Instruments\n", _ABOUT_INSTRUMENTS]
    parts += [
        f"- **{name}**: {_instruments(abilities)}. {note}" for name, _, note, abilities in rows
    ]
    parts += ["\n## Sources\n", *(f"- {name}: {source}." for name, source, _, _ in rows)]
    return "\n".join(parts) + "\n"


_ABOUT_INSTRUMENTS = """Instruments that look inside a model, and those that a server can't run, run
on the embedded model beside it. Only those that measure a server need one.
"""


async def _replayed(name: str, file: str, note: str) -> tuple[str, str, str, Abilities]:
    version, said = recorded(file)
    async with replayed(said) as server:
        abilities = await _asked(server.base_url, "smollm2-135m")
    return name, f"{version}, recorded live", note, abilities


async def _asked(url: str, model: str) -> Abilities:
    engine = ClusterEngine(url, model, timeout_s=20)
    try:
        return await engine.find_out()
    finally:
        await engine.close()


def _marks(found: Abilities) -> list[str]:
    can = found.capabilities()
    has = (
        Capability.NEXT_TOKEN in can,
        found.token_ids,
        Capability.TOKENIZE in can,
        Capability.SCORE in can,
        Capability.MASK in can,
        Capability.METRICS in can,
    )
    return ["yes" if one else "–" for one in has]


def _instruments(found: Abilities) -> str:
    """Return which instruments that ask a model run on the server itself, and which need more."""
    can = found.capabilities()
    asking = {
        name: needs
        for name in sorted(catalogue.INSTRUMENTS)
        if (needs := catalogue.instrument(name).needs) and needs <= _A_WHOLE_VLLM
    }
    less = frozenset() if found.token_ids else BY_ID
    less |= frozenset() if found.version else OF_VLLM
    here = [name for name, needs in asking.items() if needs <= can and name not in less]
    nowhere = [n for n, needs in asking.items() if n not in here and needs & OF_A_SERVER]
    told = f"runs {', '.join(here)}"
    return told + (f"; without {', '.join(nowhere)}" if nowhere else "")


BY_ID = frozenset({"beam", "generate", "speculate"})  # put tokens behind a prompt
OF_VLLM = frozenset({"template"})  # needs messages at /tokenize, which vLLM alone takes
_A_WHOLE_VLLM = Abilities().capabilities()

if __name__ == "__main__":
    PAGE.write_text(page(asyncio.run(found())), encoding="utf-8")
