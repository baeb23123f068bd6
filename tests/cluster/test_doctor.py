"""`hunch doctor` on a real vLLM."""

from pathlib import Path

from bench.serve_vllm import MODEL
from bot.cli.doctor import examine
from bot.settings import Settings


async def test_a_whole_vllm_scores_guesses_and_runs_every_instrument(
    cluster_url: str, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path}/hunch.sqlite"
    settings = Settings(
        model_url=cluster_url, model=MODEL, database_url=database, model_timeout_s=120
    )
    found = next(one for one in await examine(settings) if one.name == "model")
    assert found.is_well
    assert found.text.endswith("scores guesses; every instrument runs")
