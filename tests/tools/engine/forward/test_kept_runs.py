from tools.engine.forward.kept_runs import KeptRuns


def test_the_run_with_the_longest_shared_beginning_is_found() -> None:
    runs: KeptRuns[str] = KeptRuns()
    runs.add((1, 2, 3, 4), "long")
    runs.add((1, 2, 9), "short")
    assert runs.longest_shared((1, 2, 3, 8, 8)) == (3, "long")
    assert runs.longest_shared((1, 2, 9, 8)) == (3, "short")
    assert runs.longest_shared((7, 7)) == (0, None)


def test_the_last_ids_are_always_read_again() -> None:
    runs: KeptRuns[str] = KeptRuns()
    runs.add((1, 2, 3), "run")
    assert runs.longest_shared((1, 2, 3)) == (2, "run")
    assert runs.longest_shared((1, 2, 3), keep=3) == (0, None)


def test_a_run_that_grows_takes_the_place_of_its_beginning() -> None:
    runs: KeptRuns[int] = KeptRuns(tokens=6)
    runs.add((9, 9), -1)
    for length in range(1, 5):
        runs.add(tuple(range(length)), length)
    assert runs.longest_shared((9, 9, 9)) == (2, -1)
    assert runs.longest_shared((0, 1, 2, 3, 4)) == (4, 4)


def test_the_oldest_go_when_there_are_too_many_tokens() -> None:
    runs: KeptRuns[str] = KeptRuns(tokens=4)
    runs.add((1, 1, 1), "old")
    runs.add((2, 2, 2), "new")
    assert runs.longest_shared((1, 1, 1, 1)) == (0, None)
    assert runs.longest_shared((2, 2, 2, 2)) == (3, "new")
