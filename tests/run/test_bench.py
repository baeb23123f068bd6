"""The benches can be run; how fast they find things to be is no test's business."""

import json
from pathlib import Path

import pytest

from bench import __main__ as command
from bench import guess_cpu
from bench.figure import Figure, table, write


@pytest.mark.timeout(60)
def test_a_short_run_of_guess_cpu_gives_figures_that_are_written_as_json(tmp_path: Path) -> None:
    figures = guess_cpu.measure(rounds=1, clicks=3, warming=0)

    told = json.loads(write("guess_cpu", figures, tmp_path).read_text("utf-8"))
    assert told["bench"] == "guess_cpu"
    assert told["machine"]["cores"] >= 1
    assert [row["name"] for row in told["figures"]] == [figure.name for figure in figures]
    assert all(row["value"] > 0 and len(row["runs"]) == 1 for row in told["figures"])
    ratio = told["figures"][0]
    assert ratio["most"] == 2
    assert ratio["is_met"] is (ratio["value"] <= 2)


def test_every_bench_can_be_asked_for_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(callable(measure) for measure in command.BENCHES.values())
    with pytest.raises(SystemExit) as refused:
        command.main(["guess_cpu", "bogus"])
    assert f"no bogus; there are {', '.join(command.BENCHES)}" in str(refused.value)


def test_the_table_says_which_goals_are_met() -> None:
    lines = table([Figure("fast", 1, "s", 2), Figure("slow", 3, "s", 2), Figure("free", 3, "s")])

    met = [line.split()[-1] for line in lines.splitlines()]
    assert met == ["met?", "yes", "NO", "s"]
