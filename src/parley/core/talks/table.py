"""The table of a meeting: what each node tells the other of its people, only of those who are in the meeting.

The whole table is told when the meeting opens and on each link; in between only what has changed. A table names its
meeting: one that belongs to another meeting, or comes while none is open, is passed over. The other side's seats live in
`OtherTable`, apart from the own ones: no message can name, place or switch a seat of this side.
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from parley.core.ids import MutedBy, Name, ProposalId, Role, SeatId
from parley.core.line.messages import NodeMessage
from parley.core.moment import Stamp
from parley.core.talks.seats import MAX_SEATS, Seat


class TableSeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person at the table, as the other side may know it."""

    id: SeatId
    name: Name
    role: Role
    present: bool
    mic: bool
    camera: bool
    sharing: bool
    muted_by: MutedBy | None
    hand: Stamp | None


class Table(NodeMessage, frozen=True, tag="table"):
    """All people of the sender's side who are at the table of this meeting."""

    meeting: ProposalId
    seats: Annotated[list[TableSeat], Meta(max_length=MAX_SEATS)]


class TableChanged(NodeMessage, frozen=True, tag="table_changed"):
    """Who came or changed, and who left the table, since what was told before on this link."""

    meeting: ProposalId
    seats: Annotated[list[TableSeat], Meta(max_length=MAX_SEATS)]
    gone: Annotated[list[SeatId], Meta(max_length=MAX_SEATS)]


class OtherTable:
    """The other side's people at the table, as told last. Never journaled."""

    def __init__(self) -> None:
        self.seats: dict[SeatId, TableSeat] = {}

    def clear(self) -> None:
        """Forget all: the meeting ended, or another began."""
        self.seats = {}

    def hear(self, said: Table | TableChanged, meeting: ProposalId | None) -> str | None:
        """Take what the other node told; gives the word for why it is passed over."""
        if meeting is None or said.meeting != meeting:
            return "table_of_no_meeting"
        told = {seat.id: seat for seat in said.seats}
        if len(told) != len(said.seats):
            return "seat_twice"
        kept = {} if isinstance(said, Table) else {k: v for k, v in self.seats.items() if k not in said.gone}
        if len(kept | told) > MAX_SEATS:
            return "too_many_seats"
        self.seats = kept | told
        return None


def muted_word(seat: Seat) -> MutedBy | None:
    """Tell who keeps a microphone shut; null: it is open, or nobody is on the seat."""
    if seat.muted_by:
        return seat.muted_by
    return "self" if seat.attending and not seat.devices.mic else None


def at_table(seats: Iterable[Seat]) -> dict[SeatId, TableSeat]:
    """Give the own people at the table of the open meeting. The caucus is not looked at."""
    told: dict[SeatId, TableSeat] = {}
    for seat in seats:
        if seat.place(meeting_open=True) == "meeting":
            on, present = seat.devices, seat.session is not None
            told[seat.id] = TableSeat(
                id=seat.id,
                name=seat.name,
                role=seat.role,
                present=present,
                mic=on.mic,
                camera=on.camera,
                sharing=on.sharing,
                muted_by=muted_word(seat),
                hand=seat.hand,
            )
    return told
