from parley.core.effects.facts import SteppedIn, SteppedOut
from parley.core.talks.places import step
from parley.core.talks.seats import Seat

SEAT = "0123456789abcdef"


def test_stepping_out_and_in_are_facts_and_being_there_is_none():
    seat = Seat(SEAT, "Kim", "head", None)
    assert step(seat, "meeting", True, 5) == []
    assert step(seat, "caucus", True, 5) == [SteppedOut(5, SEAT)]
    seat.stepped_out = True
    assert step(seat, "caucus", True, 6) == []
    assert step(seat, "meeting", True, 6) == [SteppedIn(6, SEAT)]


def test_without_a_meeting_there_is_no_table_to_step_to():
    seat = Seat(SEAT, "Kim", "head", None)
    assert step(seat, "meeting", False, 5) == "meeting_not_open"
    assert step(seat, "caucus", False, 5) == []
