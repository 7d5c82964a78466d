"""The commands that the engine understands: the media and the line, with no word of the talks beyond seat and room.

JSON objects told apart by `kind`; `bytes` fields travel as base64. The shell encodes them with `encode_command`. What
comes back is in `core/media/events.py`. Every command is idempotent: said twice it changes nothing.
"""

from typing import TypeAlias

import msgspec

from parley.core.ids import PeerId, ProposalId, Room, SeatId, StreamId


class Command(msgspec.Struct, frozen=True, tag_field="kind"):
    """Anything that the engine is told."""


class LinePeer(Command, frozen=True, tag="line_peer"):
    """Pins the other node's key (base64 DER SubjectPublicKeyInfo) and dials its addresses for ever; null: refuse all."""

    spki: str | None
    addrs: list[str]


class LineClose(Command, frozen=True, tag="line_close"):
    """Severs: closes the line now and refuses it until `line_open`."""


class LineOpen(Command, frozen=True, tag="line_open"):
    """Lets the line come up again."""


class LineRate(Command, frozen=True, tag="line_rate"):
    """The configured rate; 0: unknown, to be estimated."""

    kbit: int


class LineSend(Command, frozen=True, tag="line_send"):
    """One node message, ordered and reliable while the line holds, lost when it is cut."""

    data: bytes


class Meeting(Command, frozen=True, tag="meeting"):
    """Which meeting the line's media belongs to; media of another or of none is dropped at once."""

    id: ProposalId | None


class Seat(Command, frozen=True, tag="seat"):
    """Places a seat and gates what it may publish; false drops at the entry, at once."""

    seat: SeatId
    room: Room
    audio: bool
    video: bool
    slides: bool


class SeatClose(Command, frozen=True, tag="seat_close"):
    """Ends all peers and media of a seat at once."""

    seat: SeatId


class PeerOffer(Command, frozen=True, tag="peer_offer"):
    """A browser's offer; answered by `peer_answer` or `peer_refused`."""

    seat: SeatId
    peer: PeerId
    request: int
    sdp: str


class PeerClose(Command, frozen=True, tag="peer_close"):
    """Ends one peer."""

    seat: SeatId
    peer: PeerId


class WatchWant(msgspec.Struct, frozen=True):
    """One picture on a seat's screen; `width` in device pixels."""

    stream: StreamId
    width: int
    weight: int


class SeatWatch(Command, frozen=True, tag="watch"):
    """The whole list of pictures that a seat's screen shows."""

    seat: SeatId
    wants: list[WatchWant]


AnyCommand: TypeAlias = (
    LinePeer
    | LineClose
    | LineOpen
    | LineRate
    | LineSend
    | Meeting
    | Seat
    | SeatClose
    | PeerOffer
    | PeerClose
    | SeatWatch
)

_encoder = msgspec.json.Encoder()


def encode_command(command: AnyCommand) -> bytes:
    """Write a command as the engine reads it."""
    return _encoder.encode(command)
