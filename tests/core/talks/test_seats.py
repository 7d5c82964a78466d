import unicodedata

import pytest
from tests.support.playbook import digest

from parley.core.effects.facts import AnyFact, SeatAdded
from parley.core.talks.messages import Devices
from parley.core.talks.seats import MAX_SEATS, Seats

SEAT = "0123456789abcdef"


def keep(seats: Seats, facts: list[AnyFact] | str) -> None:
    assert isinstance(facts, list), facts
    for fact in facts:
        seats.apply(fact)


def one() -> Seats:
    seats = Seats()
    keep(seats, seats.add(SEAT, "Kim", "head", digest("t"), 1))
    return seats


def test_a_link_opens_its_seat_once():
    seats = one()
    keep(seats, seats.enrol(digest("t"), digest("c"), 2))
    assert seats.enrol(digest("t"), digest("d"), 3) == "link_unknown"
    assert seats.enrol(digest("x"), digest("d"), 3) == "link_unknown"
    found = seats.of_cookie(digest("c"))
    assert found is not None and found.id == SEAT
    assert seats.of_cookie(digest("d")) is None


def test_a_revoked_seat_opens_to_nobody():
    seats = one()
    keep(seats, seats.enrol(digest("t"), digest("c"), 2))
    keep(seats, seats.revoke(SEAT, 3))
    assert seats.of_cookie(digest("c")) is None and seats.get(SEAT) is None
    assert seats.revoke(SEAT, 4) == "no_such_seat"


def test_a_link_of_a_revoked_seat_is_dead():
    seats = one()
    keep(seats, seats.revoke(SEAT, 3))
    assert seats.enrol(digest("t"), digest("c"), 4) == "link_unknown"


def test_ids_are_taken_once_and_seats_are_bounded():
    seats = one()
    assert seats.add(SEAT, "Lee", "head", digest("u"), 2) == "seat_exists"
    for n in range(1, MAX_SEATS):
        keep(seats, seats.add(f"{n:016x}", "Lee", "delegate", digest(str(n)), 2))
    assert seats.add("f" * 16, "Lee", "delegate", digest("v"), 2) == "too_many_seats"


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\u202eb", "a\nb", "\ud800"])
def test_names_that_cannot_stand_on_a_screen(name: str):
    assert Seats().add(SEAT, name, "head", digest("t"), 1) == "name_malformed"


def test_names_are_kept_composed():
    facts = Seats().add(SEAT, unicodedata.normalize("NFD", "한글 é "), "head", digest("t"), 1)
    assert isinstance(facts, list) and isinstance(facts[0], SeatAdded) and facts[0].name == "한글 é"


def test_the_place_is_derived():
    seat = one().get(SEAT)
    assert seat is not None
    assert seat.place(False) == seat.place(True) == "none"
    seat.attending = True
    assert (seat.place(False), seat.place(True)) == ("caucus", "meeting")
    seat.stepped_out = True
    assert (seat.place(False), seat.place(True)) == ("caucus", "caucus")


def test_a_mute_shuts_the_microphone_alone():
    seat = one().get(SEAT)
    assert seat is not None
    seat.said = Devices(mic=True, camera=True, sharing=True)
    seat.muted_by = "head"
    assert seat.devices == Devices(mic=False, camera=True, sharing=True)
