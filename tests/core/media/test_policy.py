from hypothesis import given
from hypothesis import strategies as st
from tests.core.line.test_pairing import PYONGYANG, at

from parley.core.effects.commands import LineClose, LineOpen, LinePeer, LineRate, WatchWant
from parley.core.effects.commands import Seat as SeatCommand
from parley.core.effects.facts import Severed
from parley.core.media.policy import line_commands, seat_command, visible_seats, watch_command
from parley.core.talks.messages import Devices
from parley.core.talks.seats import Seat

A, B, C = "a" * 16, "b" * 16, "c" * 16


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, "head"]))
def test_gates_are_what_is_on_for_who_is_there(
    mic: bool, camera: bool, attending: bool, is_open: bool, muted: str | None
):
    seat = Seat(A, "Kim", "head", None, attending=attending, muted_by="head" if muted else None)
    seat.said = Devices(mic=mic, camera=camera, sharing=False)
    room = ("meeting" if is_open else "caucus") if attending else "none"
    audio = mic and attending and not muted
    assert seat_command(seat, is_open) == SeatCommand(A, room, audio, camera and attending, False)


def test_a_screen_gets_pictures_of_its_own_place_each_once_and_no_voices():
    seats = [Seat(A, "A", "head", None, attending=True), Seat(B, "B", "head", None, attending=True, stepped_out=True)]
    meeting, caucus = visible_seats(seats, [C], "meeting", True), visible_seats(seats, [C], "caucus", True)
    assert (meeting, caucus) == ({f"own/{A}", f"other/{C}"}, {f"own/{B}"})
    watcher = seats[0]
    watcher.wants = [
        WatchWant(f"other/{C}/video", 640, 1),
        WatchWant(f"other/{C}/video", 8192, 100),
        WatchWant(f"own/{B}/video", 640, 1),
        WatchWant(f"other/{B}/video", 640, 1),
        WatchWant(f"other/{C}/audio", 1, 1),
        WatchWant(f"own/{A}/slides", 640, 1),
    ]
    streams = [want.stream for want in watch_command(watcher, "meeting", meeting).wants]
    assert streams == [f"other/{C}/video", f"own/{A}/slides"]
    assert watch_command(watcher, "none", meeting).wants == []


def test_the_line_is_pinned_only_when_confirmed_and_open_only_when_not_severed():
    assert (
        line_commands(at("unpaired"))
        == line_commands(at("unconfirmed"))
        == [LineRate(0), LineOpen(), LinePeer(None, [])]
    )
    confirmed = at("confirmed")
    assert line_commands(confirmed)[2] == LinePeer(PYONGYANG.line_spki, PYONGYANG.addrs)
    confirmed.apply(Severed(at=1))
    assert line_commands(confirmed)[1] == LineClose()
