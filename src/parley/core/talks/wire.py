"""The messages between nodes: the closed union, strictly decoded, and what the other node was told so far.

The other node is hostile until proven otherwise: a message is capped in size, must be exactly one of these, and is at worst
passed over with a reason.
"""

from typing import TypeAlias

import msgspec

from parley.core.consent.messages import StanceSaid
from parley.core.consent.stance import Stance
from parley.core.ids import ProposalId, SeatId
from parley.core.line.messages import Hello, NodeMessage, Severing
from parley.core.talks.table import Table, TableChanged, TableSeat

MAX_NODE_MESSAGE = 64 * 1024
"""Bytes of the largest message between nodes."""

AnyNodeMessage: TypeAlias = Hello | Severing | StanceSaid | Table | TableChanged

_decoder = msgspec.json.Decoder(AnyNodeMessage)
_encoder = msgspec.json.Encoder()


def encode_message(message: NodeMessage) -> bytes:
    """Write a message to the other node."""
    return _encoder.encode(message)


def decode_message(data: bytes) -> AnyNodeMessage:
    """Read a message of the other node. Raises `ValueError` when it is not exactly one of them."""
    if len(data) > MAX_NODE_MESSAGE:
        raise ValueError(f"a node message is longer than {MAX_NODE_MESSAGE} bytes")
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(str(error)) from None


class Told:
    """What was told on this connection. A new connection knows nothing: all is told again."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget: the connection is gone, or another came."""
        self._hello = False
        self._stance: Stance | None = None
        self._meeting: ProposalId | None = None
        self._seats: dict[SeatId, TableSeat] = {}

    def greet(self, hello: Hello) -> list[NodeMessage]:
        """Say hello once."""
        if self._hello:
            return []
        self._hello = True
        return [hello]

    def tell(self, stance: Stance, meeting: ProposalId | None, seats: dict[SeatId, TableSeat]) -> list[NodeMessage]:
        """Say what the other node does not know yet: first the stance, then the people at the table."""
        messages: list[NodeMessage] = []
        if stance != self._stance:
            messages.append(StanceSaid(stance=stance))
        if meeting is not None and meeting != self._meeting:
            messages.append(Table(meeting=meeting, seats=list(seats.values())))
        elif meeting is not None and seats != self._seats:
            changed = [seat for seat in seats.values() if self._seats.get(seat.id) != seat]
            gone = [seat for seat in self._seats if seat not in seats]
            messages.append(TableChanged(meeting=meeting, seats=changed, gone=gone))
        self._stance, self._meeting, self._seats = stance, meeting, seats if meeting is not None else {}
        return messages
