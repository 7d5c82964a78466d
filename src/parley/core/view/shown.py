"""What a person may see: the messages that a node shows its own browsers. Nothing else leaves it towards a screen.

`state` is a whole snapshot, shown after each change that this person may know of; `gauge` is measured once a second.
Times are milliseconds since 1970 by the own node's clock; `now_ms` tells that clock, so that a browser can count
without trusting its own.
"""

from typing import Literal, TypeAlias

import msgspec

from parley.core.effects.reasons import NoticeCode
from parley.core.ids import MutedBy, Names, PeerId, Place, ProposalId, Role, Room, SeatId, SideWord, StreamId
from parley.core.line.link import LineReason
from parley.core.moment import Moment

LineWord: TypeAlias = Literal["unpaired", "unconfirmed", "down", "linked", "severed"]
MeetingWord: TypeAlias = Literal["caucus", "proposed", "open"]
EndedWord: TypeAlias = Literal["revoked", "replaced", "left", "shutdown"]


class SeatView(msgspec.Struct, frozen=True):
    """One person. `present` false with a place means: the connection is lost, the seat is kept for a while."""

    side: SideWord
    id: SeatId
    name: str
    role: Role
    present: bool
    place: Room
    mic: bool
    camera: bool
    sharing: bool
    muted_by: MutedBy | None
    you: bool


class LineStateView(msgspec.Struct, frozen=True):
    """The line as measured by the own node, and what else was measured of it; empty: nothing."""

    state: LineWord
    since_ms: Moment
    reason: LineReason


class MeetingView(msgspec.Struct, frozen=True):
    """Whether a meeting is open. `proposal` is what `accept_open`, `decline_open` and `withdraw_open` must name."""

    state: MeetingWord
    id: ProposalId | None
    proposal: ProposalId | None
    proposed_by: SideWord | None
    since_ms: Moment


class Shown(msgspec.Struct, frozen=True, tag_field="kind"):
    """Anything that a node shows a browser."""


class StateView(Shown, frozen=True, tag="state"):
    """All that this person may see. Seats: the own side's all, the other side's only those at the table.

    `hands` are `<own|other>/<seat>` of the raised hands in your place; for a meeting both sides see the same order.
    """

    rev: int
    now_ms: Moment
    line: LineStateView
    meeting: MeetingView
    place: Place
    seats: list[SeatView]
    hands: list[str]


class SidesView(msgspec.Struct, frozen=True):
    """Both sides' names; `other` is null until a card was taken."""

    own: Names
    other: Names | None


class Welcome(Shown, frozen=True, tag="welcome"):
    """The first message of a session; shown again when the other side's card came or went."""

    you: SeatId
    side: SidesView
    audio_slots: int
    version: str


class Answer(Shown, frozen=True, tag="answer"):
    """The node's answer to `offer`."""

    peer: PeerId
    request: int
    sdp: str


class Refused(Shown, frozen=True, tag="refused"):
    """The node could not take `offer`."""

    peer: PeerId
    request: int
    reason: str


class SlotView(msgspec.Struct, frozen=True):
    """Which stream arrives at the receive m-line `mid` of `peer` now; null: none."""

    peer: PeerId
    mid: str
    stream: StreamId | None


class SlotsView(Shown, frozen=True, tag="slots"):
    """The whole list of this seat's receive slots; shown before media of a new stream flows."""

    slots: list[SlotView]


class SpeakerView(msgspec.Struct, frozen=True):
    """Who is heard. `level` in -dBov: 0 is the loudest, 127 silence (RFC 6464)."""

    stream: StreamId
    level: int


class SpeakingView(Shown, frozen=True, tag="speaking"):
    """The people who speak in your place, loudest first."""

    speakers: list[SpeakerView]


class FlowView(msgspec.Struct, frozen=True):
    """What one class takes of the line, bytes as on the wire; `dropped` packets of the last second."""

    kbit: float = 0.0
    dropped: int = 0


class FlowsView(msgspec.Struct, frozen=True):
    """The classes of the line in the order in which they are served."""

    control: FlowView = FlowView()
    hotline: FlowView = FlowView()
    audio: FlowView = FlowView()
    slides: FlowView = FlowView()
    video: FlowView = FlowView()
    files: FlowView = FlowView()


class LineView(Shown, frozen=True, tag="gauge"):
    """The line's gauge. `loss` is a fraction 0..1; null: not measured. `out` here is `in` on the other screen."""

    state: LineWord
    rtt_ms: float | None
    loss: float | None
    rate_kbit: float | None
    out: FlowsView
    in_: FlowsView = msgspec.field(name="in")


class Notice(Shown, frozen=True, tag="notice"):
    """Something to tell the person in words; `code` is a key of the dictionary, `params` its blanks."""

    code: NoticeCode
    params: dict[str, str] = {}


class Ended(Shown, frozen=True, tag="ended"):
    """The last message of a session: do not return by yourself, except after `shutdown`."""

    reason: EndedWord


class Pong(Shown, frozen=True, tag="pong"):
    """Answers `ping`."""

    n: int


AnyShown: TypeAlias = (
    Welcome | StateView | Answer | Refused | SlotsView | SpeakingView | LineView | Notice | Ended | Pong
)
