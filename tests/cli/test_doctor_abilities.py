"""What `hunch doctor` says of a server, after asking it."""

from pathlib import Path

from bot.cli.doctor import examine
from bot.settings import Settings
from tests.fakes.servers import LyingServer, honest, serving


async def model_line(base_url: str, folder: Path) -> str:
    database = f"sqlite:///{folder}/hunch.sqlite"
    settings = Settings(model_url=base_url, model="served", database_url=database)
    return next(found.text for found in await examine(settings) if found.name == "model")


async def test_a_bare_gateway_is_told_with_what_goes_without_it(tmp_path: Path) -> None:
    async with serving() as server:
        honest(server)
        _only_completions(server)
        line = await model_line(server.base_url, tmp_path)
    assert "lacks /tokenize, /detokenize, /metrics" in line
    assert "guessing the next token goes without a score" in line
    assert line.endswith("; without lab")


def _only_completions(server: LyingServer) -> None:
    server.paths = {path: said for path, said in server.paths.items() if path.startswith("/v1")}
