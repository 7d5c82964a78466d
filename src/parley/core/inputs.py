"""All that can happen to a node: the closed union of what `Node.handle` takes. Fresh ids and digests come in with it.

Opening      what a node is told of itself when it is made
Asked        a browser said something            AdminAsked   the operator asks (command line, admin socket)
EnrolAsked   a browser opened a seat's link      SessionOpened / SessionClosed   a browser came or went
LineChanged, NodeMessageArrived, PeerAnswered …  what the engine tells (`core/media/events.py`)
Measured     the engine's counters, once a second
Started / Woke / Stopping                        the runtime itself
"""

from dataclasses import dataclass
from typing import TypeAlias

from parley.core.ids import Digest, ProposalId, RequestId, Role, SeatId, SessionId
from parley.core.media.events import AnyEvent
from parley.core.media.stats import EngineStats
from parley.core.talks.messages import AnySaid


@dataclass(frozen=True, slots=True)
class Opening:
    """What a node knows of itself before its first fact: from the configuration and the keys shell."""

    card: str
    """The own card's body, as signed."""
    version: str = "0"
    audio_slots: int = 3
    rate_kbit: int = 0
    """The configured rate of the line, until an operator sets another; 0: unknown."""


@dataclass(frozen=True, slots=True)
class Started:
    """The engine is up and knows nothing yet: after the journal was replayed, and each time the engine was replaced."""


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A browser's signalling connection was opened by the holder of this seat's cookie. `session` is never reused.

    `page` names the loaded page: the same page as before keeps its media; another, or an empty one, starts afresh.
    """

    session: SessionId
    seat: SeatId
    page: str = ""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The connection is gone. A session that was told to close, or is not known, is no error."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class Asked:
    """The browser of this session said this. `fresh` is a new random id (64 bits, hex) for what may come of it."""

    session: SessionId
    said: AnySaid
    fresh: ProposalId


@dataclass(frozen=True, slots=True)
class AddSeat:
    """Make a seat; `token` is the SHA-256 of the one-time token in its link, `seat` a new random id."""

    seat: SeatId
    name: str
    role: Role
    token: Digest


@dataclass(frozen=True, slots=True)
class RevokeSeat:
    """End a seat: its session, its media, its link, at once."""

    seat: SeatId


@dataclass(frozen=True, slots=True)
class TakeCard:
    """Pair with the side of this card; the keys shell has checked the signature over exactly this body.

    The answer carries the 60-digit number. A card with the same identity and other addresses is taken at any time.
    """

    body: str
    signature: str


@dataclass(frozen=True, slots=True)
class ConfirmPairing:
    """The operator has compared the number with the other side's and types it; spaces do not matter."""

    number: str


@dataclass(frozen=True, slots=True)
class Unpair:
    """Forget the other side; an open meeting is left first."""


@dataclass(frozen=True, slots=True)
class Sever:
    """Close the line by declaration; an open meeting is left first. Needs nobody's consent."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Let the line come up again."""


@dataclass(frozen=True, slots=True)
class SetRate:
    """Configure the line's rate; 0: unknown."""

    kbit: int


Ask: TypeAlias = AddSeat | RevokeSeat | TakeCard | ConfirmPairing | Unpair | Sever | Restore | SetRate


@dataclass(frozen=True, slots=True)
class AdminAsked:
    """The operator asks; exactly one `Reply` with this request id comes back."""

    request: RequestId
    ask: Ask


@dataclass(frozen=True, slots=True)
class EnrolAsked:
    """A browser opened a link: SHA-256 of its token, and of the cookie that it will get if the `Reply` is `Done`."""

    request: RequestId
    token: Digest
    cookie: Digest


@dataclass(frozen=True, slots=True)
class Measured:
    """The engine's counters, handed in about once a second."""

    stats: EngineStats


@dataclass(frozen=True, slots=True)
class Woke:
    """The alarm of `WakeAt` rang."""


@dataclass(frozen=True, slots=True)
class Stopping:
    """The node is about to end: everyone is told, nothing is journaled."""


Input: TypeAlias = (
    Started | SessionOpened | SessionClosed | Asked | AdminAsked | EnrolAsked | AnyEvent | Measured | Woke | Stopping
)
