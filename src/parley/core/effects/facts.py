"""The records that a node must never lose: small, typed, appended to the journal, applied again on start.

A fact says what has happened, never what is connected: a restart can not believe an old connection. State changes by
`apply(fact)` alone, live and on replay alike, so a restarted node equals one that went on. Facts are read back for years:
a field is never removed or given another meaning; a new field has a default.

Secrets never stand here: of a link's token and of a browser's cookie only the SHA-256.
"""

from typing import TypeAlias

import msgspec

from parley.core.ids import Digest, Muter, ProposalId, Role, SeatId
from parley.core.moment import Moment, Stamp


class Fact(msgspec.Struct, frozen=True, tag_field="fact"):
    """Anything that the journal keeps. `at`: when, by the own node's clock."""

    at: Moment


class CardTaken(Fact, frozen=True, tag="card_taken"):
    """The other side's card came in; `card` and `signature` exactly as received (see `core/line/card.py`)."""

    card: str
    signature: str


class PairingConfirmed(Fact, frozen=True, tag="pairing_confirmed"):
    """The operator has compared the 60-digit number for the card taken last."""


class Unpaired(Fact, frozen=True, tag="unpaired"):
    """The operator forgot the other side."""


class Severed(Fact, frozen=True, tag="severed"):
    """The own side closed the line by declaration."""


class Restored(Fact, frozen=True, tag="restored"):
    """The own side lets the line come up again."""


class RateSet(Fact, frozen=True, tag="rate_set"):
    """The line's rate was configured; 0: unknown, to be estimated."""

    kbit: int


class SeatAdded(Fact, frozen=True, tag="seat_added"):
    """A seat, and the digest of the one-time token in its link."""

    seat: SeatId
    name: str
    role: Role
    token: Digest


class SeatEnrolled(Fact, frozen=True, tag="seat_enrolled"):
    """A browser opened the seat's link; the token is used up, the seat belongs to the cookie with this digest."""

    seat: SeatId
    cookie: Digest


class SeatRevoked(Fact, frozen=True, tag="seat_revoked"):
    """The seat is no more; its token and cookie open nothing."""

    seat: SeatId


class SeatMuted(Fact, frozen=True, tag="seat_muted"):
    """A head or technician muted the seat; it stays muted over a restart until the person unmutes."""

    seat: SeatId
    by: Muter


class SeatUnmuted(Fact, frozen=True, tag="seat_unmuted"):
    """The person unmuted."""

    seat: SeatId


class SteppedOut(Fact, frozen=True, tag="stepped_out"):
    """The person went from the meeting to the caucus; a restart must not carry a private talk into the meeting."""

    seat: SeatId


class SteppedIn(Fact, frozen=True, tag="stepped_in"):
    """The person went back to the meeting."""

    seat: SeatId


class OwnStance(Fact, frozen=True, tag="own_stance"):
    """What the own heads have consented to (see `core/consent/machine.py`)."""

    proposal: ProposalId | None
    stamp: Stamp
    closed: Stamp


class OtherStance(Fact, frozen=True, tag="other_stance"):
    """What the other side said last of its consent."""

    proposal: ProposalId | None
    stamp: Stamp
    closed: Stamp


AnyFact: TypeAlias = (
    CardTaken
    | PairingConfirmed
    | Unpaired
    | Severed
    | Restored
    | RateSet
    | SeatAdded
    | SeatEnrolled
    | SeatRevoked
    | SeatMuted
    | SeatUnmuted
    | SteppedOut
    | SteppedIn
    | OwnStance
    | OtherStance
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyFact)


def encode_fact(fact: AnyFact) -> bytes:
    """Write a fact as one line of JSON for the journal."""
    return _encoder.encode(fact)


def decode_fact(line: bytes | str) -> AnyFact:
    """Read a fact back. Raises `ValueError` (`msgspec.ValidationError`) on a journal that this version cannot read."""
    return _decoder.decode(line)
