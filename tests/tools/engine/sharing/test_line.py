from tools.engine.sharing.line import Seat, WaitingLine


def served(seats: list[Seat]) -> list[int]:
    return [place for place, seat in enumerate(seats) if seat in seat.line.served]


async def test_so_many_are_served_at_once_and_the_rest_in_turn() -> None:
    line = WaitingLine(at_once=2, each=2)
    seats = [line.take(learner) for learner in (1, 2, 3, 4)]
    assert served(seats) == [0, 1]
    seats[1].leave()
    assert served(seats) == [0, 2]
    seats[0].leave()
    assert served(seats) == [2, 3]
    await seats[3].wait()


async def test_one_learner_cannot_fill_the_line_for_the_others() -> None:
    line = WaitingLine(at_once=3, each=3)
    greedy = [line.take(1) for _ in range(10)]
    modest = line.take(2)
    assert modest not in line.served
    greedy[0].leave()
    assert modest in line.served


async def test_a_learner_has_no_more_under_way_than_each_may() -> None:
    line = WaitingLine(at_once=10, each=2)
    seats = [line.take(1) for _ in range(4)]
    assert served(seats) == [0, 1]
    assert line.count(1) == 4
    seats[0].leave()
    assert served(seats) == [1, 2]


async def test_nobody_in_particular_is_only_limited_in_total() -> None:
    line = WaitingLine(at_once=5, each=1)
    assert len(served([line.take(None) for _ in range(7)])) == 5


async def test_who_leaves_while_waiting_is_never_served() -> None:
    line = WaitingLine(at_once=1, each=1)
    first, second, third = (line.take(learner) for learner in (1, 2, 3))
    second.leave()
    second.leave()
    first.leave()
    assert line.served == {third}
    third.leave()
    assert (line.served, line.waiting, line.count(3)) == (set(), [], 0)
