"""What an operator may see (`parley status`, `/metrics`), and what a browser learns of itself before it has a session."""

import msgspec

from parley.core.consent.machine import Consent
from parley.core.ids import Names, ProposalId, Role, SeatId
from parley.core.line.card import SideCard
from parley.core.line.link import LineReason, Link
from parley.core.line.pairing import Pairing
from parley.core.media.stats import ClassTraffic, Crossing
from parley.core.talks.seats import Seat
from parley.core.view.compose import MEETING_WORDS
from parley.core.view.gauge import Gauge
from parley.core.view.shown import LineWord, MeetingWord


class Me(msgspec.Struct, frozen=True):
    """`GET /api/me`: who this browser is. `side` carries both names of the own side."""

    seat: SeatId
    name: str
    role: Role
    side: Names


class StatusLine(msgspec.Struct, frozen=True):
    """The line for the operator. `detail`: the engine's own sentence; `number`: 60 digits, while a card is taken."""

    state: LineWord
    reason: LineReason
    detail: str
    rtt_ms: float | None
    loss: float | None
    rate_kbit: float | None
    out: ClassTraffic
    number: str | None
    other: Names | None
    in_: ClassTraffic = msgspec.field(name="in")


class StatusMeeting(msgspec.Struct, frozen=True):
    """The meeting for the operator."""

    state: MeetingWord
    id: ProposalId | None


class StatusSeat(msgspec.Struct, frozen=True):
    """A seat of the own side for the operator. `enrolled`: its link was used."""

    id: SeatId
    name: str
    role: Role
    present: bool
    enrolled: bool


class StatusView(msgspec.Struct, frozen=True):
    """`parley status --json`; `crossing` as the engine counted it last."""

    side: Names
    line: StatusLine
    meeting: StatusMeeting
    seats: list[StatusSeat]
    crossing: list[Crossing]


def me(seat: Seat, own: SideCard) -> Me:
    """Tell a seat who it is."""
    return Me(seat.id, seat.name, seat.role, own.names)


def status(pairing: Pairing, link: Link, consent: Consent, seats: list[Seat], gauge: Gauge) -> StatusView:
    """Tell how things stand."""
    joint, measured = consent.joint, gauge.stats
    line = StatusLine(
        state=link.word,
        reason=link.words(pairing),
        detail=link.detail,
        rtt_ms=measured.line.rtt_ms,
        loss=measured.line.loss,
        rate_kbit=measured.line.rate_kbit or float(pairing.rate_kbit) or None,
        out=measured.line.out,
        number=pairing.number,
        other=pairing.other.names if pairing.other else None,
        in_=measured.line.in_,
    )
    people = [
        StatusSeat(seat.id, seat.name, seat.role, seat.session is not None, seat.cookie is not None) for seat in seats
    ]
    meeting = StatusMeeting(MEETING_WORDS[joint.word], joint.meeting)
    return StatusView(pairing.own.names, line, meeting, people, measured.crossing)
