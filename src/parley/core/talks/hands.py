"""Raised hands, in one order that both sides see.

A hand carries the Lamport stamp of its raising. Both nodes sort by (stamp, rank of the side, seat), where the side with the
smaller card digest has rank 0: so equal stamps fall the same way on both, without a word between them.
"""

from collections.abc import Iterable

from parley.core.ids import Room, SeatId, SideWord
from parley.core.moment import Lamport, Stamp
from parley.core.talks.seats import Seat
from parley.core.talks.table import TableSeat


def raise_hand(seat: Seat, raised: bool, lamport: Lamport) -> None:
    """Raise or lower one's hand; raising it twice keeps the first place in the order."""
    if not raised:
        seat.hand = None
    elif seat.hand is None:
        seat.hand = lamport.next()


def order(own: Iterable[Seat], other: Iterable[TableSeat], place: Room, meeting_open: bool, own_rank: int) -> list[str]:
    """Give the raised hands of a place in their order, as `own/<seat>` and `other/<seat>`."""
    raised: list[tuple[Stamp, int, SeatId, SideWord]] = []
    for seat in own:
        if seat.hand is not None and seat.place(meeting_open) == place:
            raised.append((seat.hand, own_rank, seat.id, "own"))
    if place == "meeting":
        for seat in other:
            if seat.hand is not None:
                raised.append((seat.hand, 1 - own_rank, seat.id, "other"))
    return [f"{side}/{seat}" for _, _, seat, side in sorted(raised)]
