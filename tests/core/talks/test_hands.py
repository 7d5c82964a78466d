from hypothesis import given
from hypothesis import strategies as st

from parley.core.moment import Lamport
from parley.core.talks.hands import order, raise_hand
from parley.core.talks.seats import Seat
from parley.core.talks.table import TableSeat


def own(seat: str, hand: int | None, stepped_out: bool = False) -> Seat:
    return Seat(seat, "Kim", "delegate", None, attending=True, hand=hand, stepped_out=stepped_out)


def other(seat: str, hand: int | None) -> TableSeat:
    return TableSeat(seat, "Lee", "delegate", True, True, True, False, None, hand)


STAMPS = st.none() | st.integers(1, 4)


@given(st.lists(STAMPS, max_size=4), st.lists(STAMPS, max_size=4))
def test_both_sides_see_one_order(left: list[int | None], right: list[int | None]):
    seats = {"left": [(f"{n:016x}", hand) for n, hand in enumerate(left)]}
    seats["right"] = [(f"{n:015x}f", hand) for n, hand in enumerate(right)]
    here = order([own(*s) for s in seats["left"]], [other(*s) for s in seats["right"]], "meeting", True, 0)
    there = order([own(*s) for s in seats["right"]], [other(*s) for s in seats["left"]], "meeting", True, 1)
    assert [hand.partition("/")[2] for hand in here] == [hand.partition("/")[2] for hand in there]
    assert [hand[:3] for hand in here] == [{"own": "oth", "oth": "own"}[hand[:3]] for hand in there]


def test_equal_stamps_fall_by_the_rank_of_the_side():
    both = [own("f" * 16, 3)], [other("0" * 16, 3)]
    assert order(*both, "meeting", True, 0)[0].startswith("own/")
    assert order(*both, "meeting", True, 1)[0].startswith("other/")


def test_the_caucus_has_its_own_hands():
    seats = [own("a" * 16, 1), own("b" * 16, 2, stepped_out=True)]
    assert order(seats, [other("c" * 16, 1)], "caucus", True, 0) == ["own/" + "b" * 16]
    assert order(seats, [], "caucus", False, 0) == ["own/" + "a" * 16, "own/" + "b" * 16]


def test_raising_twice_keeps_the_place_in_the_order():
    seat, lamport = own("a" * 16, None), Lamport()
    raise_hand(seat, True, lamport)
    first = seat.hand
    raise_hand(seat, True, lamport)
    assert seat.hand == first
    raise_hand(seat, False, lamport)
    assert seat.hand is None
