"""The own side's seats and the people on them.

A `Seat` holds what the journal keeps (name, role, link, mute, stepped out) and what only this moment knows (its session,
its devices, its raised hand). Only facts change the first; a restart forgets the second.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from parley.core.effects.commands import WatchWant
from parley.core.effects.facts import (
    AnyFact,
    SeatAdded,
    SeatEnrolled,
    SeatMuted,
    SeatRevoked,
    SeatUnmuted,
    SteppedIn,
    SteppedOut,
)
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import Digest, Muter, Name, PeerId, Role, Room, SeatId, SessionId
from parley.core.moment import Moment, Stamp
from parley.core.talks.messages import Devices

MAX_SEATS = 128
"""Seats of one side: a whole table still fits into one node message."""

MAX_PEERS = 8
"""Connections of one browser: its own media, and as many as a large table needs for its pictures."""

ALL_OFF = Devices(mic=False, camera=False, sharing=False)


@dataclass(slots=True)
class Seat:
    """One seat. `said`: what the person has switched on, null until the browser has said it once."""

    id: SeatId
    name: str
    role: Role
    token: Digest | None
    cookie: Digest | None = None
    muted_by: Muter | None = None
    stepped_out: bool = False

    session: SessionId | None = None
    page: str = ""
    attending: bool = False
    away_until: Moment | None = None
    said: Devices | None = None
    hand: Stamp | None = None
    peers: set[PeerId] = field(default_factory=set[PeerId])
    wants: list[WatchWant] = field(default_factory=list[WatchWant])

    @property
    def devices(self) -> Devices:
        """Give what is on: what the person has switched on, less a mute."""
        said = self.said or ALL_OFF
        return msgspec.structs.replace(said, mic=False) if self.muted_by else said

    def place(self, meeting_open: bool) -> Room:
        """Derive where the person is: at the table while a meeting is open, unless stepped out; else in the caucus."""
        if not self.attending:
            return "none"
        return "meeting" if meeting_open and not self.stepped_out else "caucus"

    def forget_media(self) -> None:
        """Forget what a page that is gone had switched on."""
        self.said, self.hand = None, None
        self.peers.clear()
        self.wants.clear()


class Seats:
    """The register of the own side's seats."""

    def __init__(self) -> None:
        self._seats: dict[SeatId, Seat] = {}

    def __iter__(self) -> Iterator[Seat]:
        return iter(self._seats.values())

    def get(self, seat: SeatId) -> Seat | None:
        """Find a seat."""
        return self._seats.get(seat)

    def of_session(self, session: SessionId) -> Seat | None:
        """Find the seat whose newest session this is."""
        return next((seat for seat in self if seat.session == session), None)

    def of_cookie(self, cookie: Digest) -> Seat | None:
        """Find the seat that this cookie opens."""
        return next((seat for seat in self if seat.cookie == cookie), None)

    def apply(self, fact: AnyFact) -> None:
        """Take over what has happened."""
        match fact:
            case SeatAdded():
                self._seats[fact.seat] = Seat(fact.seat, fact.name, fact.role, fact.token)
            case SeatRevoked():
                self._seats.pop(fact.seat, None)
            case SeatEnrolled() | SeatMuted() | SeatUnmuted() | SteppedOut() | SteppedIn():
                if seat := self.get(fact.seat):
                    _change(seat, fact)
            case _:
                pass

    def meeting_changed(self) -> None:
        """Start anew after a meeting was opened or ended: nobody is stepped out, no hand is raised."""
        for seat in self:
            seat.stepped_out, seat.hand = False, None

    def add(self, seat: SeatId, name: str, role: Role, token: Digest, now: Moment) -> list[AnyFact] | RefusalCode:
        """Make a seat. The name is kept in Unicode's NFC, so that equal names are equal."""
        if self.get(seat):
            return "seat_exists"
        if len(self._seats) >= MAX_SEATS:
            return "too_many_seats"
        try:
            name = msgspec.convert(unicodedata.normalize("NFC", name).strip(), Name)
            name.encode()
        except (msgspec.ValidationError, UnicodeError):
            return "name_malformed"
        return [SeatAdded(now, seat, name, role, token)]

    def revoke(self, seat: SeatId, now: Moment) -> list[AnyFact] | RefusalCode:
        """End a seat."""
        return [SeatRevoked(now, seat)] if self.get(seat) else "no_such_seat"

    def enrol(self, token: Digest, cookie: Digest, now: Moment) -> list[AnyFact] | RefusalCode:
        """Bind a seat to the browser that first opens its link."""
        for seat in self:
            if seat.token == token:
                return [SeatEnrolled(now, seat.id, cookie)]
        return "link_unknown"


def _change(seat: Seat, fact: SeatEnrolled | SeatMuted | SeatUnmuted | SteppedOut | SteppedIn) -> None:
    match fact:
        case SeatEnrolled():
            seat.token, seat.cookie = None, fact.cookie
        case SeatMuted():
            seat.muted_by = fact.by
        case SeatUnmuted():
            seat.muted_by = None
        case SteppedOut():
            seat.stepped_out, seat.hand = True, None
        case SteppedIn():
            seat.stepped_out, seat.hand = False, None
