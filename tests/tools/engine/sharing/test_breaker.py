from tools.engine.sharing.breaker import FAILURES, FIRST_REST_S, LONGEST_REST_S, PROBE_S, Breaker


def failed(breaker: Breaker, now: float) -> Breaker:
    """Let one request through that gets no answer."""
    breaker, is_probe = breaker.asked()
    return breaker.failed(now, "down", is_probe=is_probe)


def opened(now: float = 0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = failed(breaker, now)
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        assert breaker.wait_s(0) == 0
        breaker = failed(breaker, 0)
    assert breaker.wait_s(0) == FIRST_REST_S
    assert breaker.wait_s(1) == FIRST_REST_S - 1


def test_an_answer_in_between_starts_the_count_again() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = failed(breaker, 0)
    breaker = breaker.answered()
    for _ in range(FAILURES - 1):
        breaker = failed(breaker, 0)
    assert breaker.wait_s(0) == 0


def test_after_the_rest_one_probe_goes_and_nobody_else() -> None:
    breaker, is_probe = opened().asked()
    assert is_probe
    assert breaker.wait_s(FIRST_REST_S) == PROBE_S
    assert breaker.answered().wait_s(FIRST_REST_S) == 0


def test_each_failed_probe_doubles_the_rest_up_to_a_bound() -> None:
    breaker, now, rests = opened(), 0.0, []
    for _ in range(8):
        rests.append(breaker.wait_s(now))
        now += rests[-1]
        breaker = failed(breaker, now)
    assert rests == [5, 10, 20, 40, 80, 120, 120, 120]
    assert max(rests) == LONGEST_REST_S


def test_a_late_failure_from_before_it_opened_changes_no_rest() -> None:
    _, was_probe = Breaker().asked()
    late = opened().failed(1, "late", is_probe=was_probe)
    assert late.wait_s(1) == FIRST_REST_S - 1


def test_a_late_failure_is_not_taken_for_the_probes() -> None:
    breaker, _ = opened().asked()
    assert breaker.failed(FIRST_REST_S, "late", is_probe=False).is_probing


def test_when_the_prober_leaves_the_next_may_probe() -> None:
    breaker, is_probe = opened().asked()
    breaker = breaker.given_up(is_probe=is_probe)
    assert breaker.wait_s(FIRST_REST_S) == 0
    assert breaker.asked()[1]
