from tests.core.line.test_pairing import at

from parley.core.effects.commands import Meeting, SeatClose, WatchWant
from parley.core.effects.commands import Seat as SeatCommand
from parley.core.media.told import EngineTold
from parley.core.talks.seats import Seat

A, B, MEETING = "a" * 16, "b" * 16, "0" * 16


def test_only_differences_are_told_and_a_new_engine_is_told_all():
    told, seat = EngineTold(), Seat(A, "A", "head", None, attending=True)
    first = told.talks([seat], [], None)
    assert first == [Meeting(None), SeatCommand(A, "caucus", False, False, False)]
    assert told.talks([seat], [], None) == []
    assert told.talks([seat], [], MEETING) == [Meeting(MEETING), SeatCommand(A, "meeting", False, False, False)]
    told.reset()
    assert len(told.talks([seat], [], MEETING)) == 2
    assert len(told.line(at("confirmed"))) == 3 and told.line(at("confirmed")) == []


def test_who_is_gone_is_closed_once():
    told, seat = EngineTold(), Seat(A, "A", "head", None, attending=True)
    told.talks([seat], [], None)
    seat.attending = False
    assert told.talks([seat], [], None) == [SeatClose(A)]
    assert told.talks([seat], [], None) == []
    assert told.talks([], [], None) == []


def test_pictures_are_told_when_there_are_any_and_taken_back_when_not():
    told = EngineTold()
    watcher, other = Seat(A, "A", "head", None, attending=True), Seat(B, "B", "head", None, attending=True)
    watcher.wants = [WatchWant(f"own/{B}/video", 320, 1)]
    assert [type(c).__name__ for c in told.talks([watcher, other], [], None)] == [
        "Meeting",
        "Seat",
        "Seat",
        "SeatWatch",
    ]
    other.stepped_out = True
    told.talks([watcher, other], [], MEETING)
    other.attending = False
    kinds = [type(c).__name__ for c in told.talks([watcher, other], [], MEETING)]
    assert kinds == ["SeatClose"]
    told.forget(A)
    assert [type(c).__name__ for c in told.talks([watcher, other], [], MEETING)] == ["Seat"]
