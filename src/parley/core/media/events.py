"""What the engine tells the node: answers, slots, speakers, the line. JSON objects told apart by `kind`.

The engine is our own, so fields that this version does not know are passed over. What came from the other node stands in
`NodeMessageArrived.data` as opaque bytes and is decoded strictly in `core/inputs.py`.
"""

from typing import Literal, TypeAlias

import msgspec

from parley.core.ids import Kind, PeerId, SeatId, StreamId


class EngineEvent(msgspec.Struct, frozen=True, tag_field="kind"):
    """Anything that the engine tells."""


class PeerAnswered(EngineEvent, frozen=True, tag="peer_answer"):
    """The answer to an offer."""

    seat: SeatId
    peer: PeerId
    request: int
    sdp: str


class PeerRefused(EngineEvent, frozen=True, tag="peer_refused"):
    """An offer that could not be taken; nothing of it remains."""

    seat: SeatId
    peer: PeerId
    request: int
    reason: str


class PeerChanged(EngineEvent, frozen=True, tag="peer_state"):
    """A peer came up, went silent or is gone."""

    seat: SeatId
    peer: PeerId
    state: Literal["connected", "disconnected", "closed"]
    reason: str = ""


class Slot(msgspec.Struct, frozen=True):
    """Which stream a receive m-line carries now."""

    peer: PeerId
    mid: str
    stream: StreamId | None


class SlotsChanged(EngineEvent, frozen=True, tag="slots"):
    """The whole list of a seat's receive slots, said before media of a new stream flows."""

    seat: SeatId
    slots: list[Slot]


class Speaker(msgspec.Struct, frozen=True):
    """A stream that is heard; `level` in -dBov."""

    stream: StreamId
    level: int


class SpeakersChanged(EngineEvent, frozen=True, tag="speaking"):
    """Who speaks in a room, loudest first; at most 5 a second."""

    room: Literal["caucus", "meeting"]
    speakers: list[Speaker]


class LineChanged(EngineEvent, frozen=True, tag="line_state"):
    """The line came up (every new connection says so) or was lost."""

    state: Literal["down", "linked"]
    reason: str = ""
    addr: str | None = None


class NodeMessageArrived(EngineEvent, frozen=True, tag="line_received"):
    """One message of the other node, exactly as it was sent."""

    data: bytes


class LineRefused(EngineEvent, frozen=True, tag="line_refused"):
    """Somebody knocked with a key that is not the pinned one, or while the line is closed; at most one a second."""

    spki: str | None = None
    addr: str | None = None
    reason: str = ""


class Published(EngineEvent, frozen=True, tag="published"):
    """Measured: media of an own seat started or stopped. `media` is its kind (`kind` already tells the event)."""

    seat: SeatId
    active: bool
    media: Kind | None = None
    layers: list[int] = []


class Panicked(EngineEvent, frozen=True, tag="panic"):
    """One peer broke inside the engine and was closed; the others are untouched."""

    where: str = ""
    text: str = ""


AnyEvent: TypeAlias = (
    PeerAnswered
    | PeerRefused
    | PeerChanged
    | SlotsChanged
    | SpeakersChanged
    | LineChanged
    | NodeMessageArrived
    | LineRefused
    | Published
    | Panicked
)

_decoder = msgspec.json.Decoder(AnyEvent)


def decode_event(event: bytes) -> AnyEvent:
    """Read one event. Raises `ValueError` when the engine and this node do not speak the same version."""
    return _decoder.decode(event)
