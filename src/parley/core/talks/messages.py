"""What a browser may say to its own node over `/api/signal`: one JSON object a text frame, told apart by `kind`.

Every field is bounded here, so that nothing unbounded gets past the decoder. A message never says who speaks: that is
known from the session alone. What the node answers is in `core/view.py`.
"""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from parley.core.ids import PeerId, Place, ProposalId, SeatId, StreamId

MAX_SAID = 96 * 1024
"""Bytes of the largest text frame that a browser may send."""

RequestNumber: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Said(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Anything that a browser says."""


class Offer(Said, frozen=True, tag="offer"):
    """Opens a peer or renegotiates it. The browser always offers; the node answers with `answer` or `refused`."""

    peer: PeerId
    request: RequestNumber
    sdp: Annotated[str, Meta(min_length=1, max_length=65536)]


class ClosePeer(Said, frozen=True, tag="close_peer"):
    """Ends one of this seat's peers."""

    peer: PeerId


class Want(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One picture that the screen shows. `width` in device pixels; a larger `weight` is served first."""

    stream: StreamId
    width: Annotated[int, Meta(ge=1, le=8192)]
    weight: Annotated[int, Meta(ge=0, le=100)] = 1


class Watch(Said, frozen=True, tag="watch"):
    """The whole list of pictures that the screen shows now. Streams of another place are left out by the node."""

    wants: Annotated[list[Want], Meta(max_length=64)]


class Devices(Said, frozen=True, tag="devices"):
    """What the person has switched on; said on arrival and after each change.

    A microphone muted by a head or technician opens only when it is said off and then on again: the browser says
    `mic: false` when it finds itself muted, and `mic: true` when the person presses the key.
    """

    mic: bool
    camera: bool
    sharing: bool


class Hand(Said, frozen=True, tag="hand"):
    """Raises or lowers one's hand."""

    raised: bool


class Mute(Said, frozen=True, tag="mute"):
    """A head or technician switches off the microphone of a seat of the own side."""

    seat: SeatId


class ProposeOpen(Said, frozen=True, tag="propose_open"):
    """The head proposes to the other side to open a meeting."""


class AcceptOpen(Said, frozen=True, tag="accept_open"):
    """The head accepts the other side's proposal: the meeting is open."""

    proposal: ProposalId


class DeclineOpen(Said, frozen=True, tag="decline_open"):
    """The head declines the other side's proposal."""

    proposal: ProposalId


class WithdrawOpen(Said, frozen=True, tag="withdraw_open"):
    """The head takes the own proposal back."""

    proposal: ProposalId


class LeaveMeeting(Said, frozen=True, tag="leave_meeting"):
    """The head takes the own side out of the meeting: both sides return to caucus. Needs nobody's consent."""


class Step(Said, frozen=True, tag="step"):
    """During a meeting one person steps out to the caucus or back in."""

    place: Place


class Leave(Said, frozen=True, tag="leave"):
    """The person leaves the seat; the link stays theirs."""


class Ping(Said, frozen=True, tag="ping"):
    """Asks for a `pong`: proof that the own node answers."""

    n: Annotated[int, Meta(ge=0, le=2**53 - 1)]


AnySaid: TypeAlias = (
    Offer
    | ClosePeer
    | Watch
    | Devices
    | Hand
    | Mute
    | ProposeOpen
    | AcceptOpen
    | DeclineOpen
    | WithdrawOpen
    | LeaveMeeting
    | Step
    | Leave
    | Ping
)

_decoder = msgspec.json.Decoder(AnySaid)


def decode_said(frame: bytes | str) -> AnySaid:
    """Decode one text frame. Raises `ValueError` with a sentence if it is too long or none of these messages."""
    if len(frame) > MAX_SAID:
        raise ValueError(f"a message is longer than {MAX_SAID} bytes")
    try:
        return _decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
