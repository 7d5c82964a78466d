import pytest

from parley.core.effects.facts import SeatMuted, SeatUnmuted
from parley.core.talks.devices import mute, switch
from parley.core.talks.messages import Devices
from parley.core.talks.seats import Seat

SEAT = "0123456789abcdef"


def said(mic: bool) -> Devices:
    return Devices(mic=mic, camera=False, sharing=False)


@pytest.mark.parametrize(
    ("before", "now", "unmutes"),
    [(None, True, False), (None, False, False), (True, True, False), (True, False, False), (False, False, False)],
)
def test_only_off_and_then_on_unmutes(before: bool | None, now: bool, unmutes: bool):
    seat = Seat(SEAT, "Kim", "delegate", None, muted_by="head")
    seat.said = None if before is None else said(before)
    assert bool(switch(seat, said(now), 5)) == unmutes
    switch(seat, said(False), 6)
    assert switch(seat, said(True), 7) == [SeatUnmuted(7, SEAT)]


def test_who_is_not_muted_needs_no_fact_to_speak():
    seat = Seat(SEAT, "Kim", "delegate", None)
    switch(seat, said(False), 5)
    assert switch(seat, said(True), 6) == [] and seat.devices.mic


def test_a_mute_is_kept_once():
    seat = Seat(SEAT, "Kim", "delegate", None)
    assert mute(seat, "technician", 5) == [SeatMuted(5, SEAT, "technician")]
    seat.muted_by = "technician"
    assert mute(seat, "head", 6) == []
