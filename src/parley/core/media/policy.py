"""Which commands the engine must have been told, as a function of the state: rooms, gates, meeting, pictures, line.

    room      the seat's place; nobody is placed who is not on the seat
    gates     a seat publishes what its person has switched on and nobody has muted; nothing while it has no place
    meeting   the line's media belongs to the open meeting, or to none
    watch     a screen gets pictures of its own place only: of the caucus, or of both sides' people at the table
    line      the pinned key and its addresses, only when the pairing is confirmed and not severed

Nothing is remembered here: `told.py` compares this with what the engine was told.
"""

from collections.abc import Collection

from parley.core.effects.commands import LineClose, LineOpen, LinePeer, LineRate, Meeting, SeatWatch, WatchWant
from parley.core.effects.commands import Seat as SeatCommand
from parley.core.ids import Room, SeatId, seat_of
from parley.core.line.pairing import Pairing
from parley.core.talks.seats import Seat


def meeting_command(meeting: str | None) -> Meeting:
    """Name the meeting that the line's media belongs to."""
    return Meeting(meeting)


def seat_command(seat: Seat, meeting_open: bool) -> SeatCommand:
    """Place a seat and set its gates."""
    room, on = seat.place(meeting_open), seat.devices
    placed = room != "none"
    return SeatCommand(seat.id, room, placed and on.mic, placed and on.camera, placed and on.sharing)


def watch_command(seat: Seat, room: Room, visible: Collection[str]) -> SeatWatch:
    """Give a screen its pictures: those it wants of the seats visible to it, each once, never its own voice or anyone's."""
    wants: dict[str, WatchWant] = {}
    for want in seat.wants:
        if room != "none" and seat_of(want.stream) in visible and not want.stream.endswith("/audio"):
            wants.setdefault(want.stream, want)
    return SeatWatch(seat.id, list(wants.values()))


def visible_seats(own: Collection[Seat], other: Collection[SeatId], room: Room, meeting_open: bool) -> frozenset[str]:
    """Name the seats whose pictures may be seen in a room: `own/<seat>`, and in the meeting `other/<seat>`."""
    names = {f"own/{seat.id}" for seat in own if seat.place(meeting_open) == room}
    return frozenset(names | {f"other/{seat}" for seat in other}) if room == "meeting" else frozenset(names)


def line_commands(pairing: Pairing) -> list[LineRate | LinePeer | LineClose | LineOpen]:
    """Pin, dial, close: what the engine does with the line."""
    peer = LinePeer(None, [])
    if pairing.other is not None and pairing.stage == "confirmed":
        peer = LinePeer(pairing.other.line_spki, pairing.other.addrs)
    return [LineRate(pairing.rate_kbit), LineClose() if pairing.severed else LineOpen(), peer]
