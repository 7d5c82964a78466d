"""All that a node can want. `Node.handle` returns a list of these; the shell performs them.

The shell's promise (it is what makes a kill -9 harmless): first it writes every `Journal` of the list in ONE transaction
and waits until that is on disk; only then it performs the others, in their order. If the journal cannot be written, none
of the others happens and the process ends.

facts.py     what the journal keeps               commands.py   what the engine is told
reasons.py   why a node says no, in two languages
"""

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from parley.core.effects.commands import AnyCommand
from parley.core.effects.facts import AnyFact
from parley.core.effects.reasons import RefusalCode
from parley.core.ids import RequestId, SeatId, SessionId
from parley.core.moment import Moment


@dataclass(frozen=True, slots=True)
class Journal:
    """Keep this fact for ever, before anything else is done."""

    fact: AnyFact


@dataclass(frozen=True, slots=True)
class SendNode:
    """Send this to the other node: `line_send` to the engine. At most 64 KiB; lost if the line is cut meanwhile."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Engine:
    """Tell the engine."""

    command: AnyCommand


@dataclass(frozen=True, slots=True)
class Show:
    """Send this message (one of `view.AnyShown`) to the browser of this session. A session that is gone is no error."""

    session: SessionId
    message: msgspec.Struct


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Close the browser's connection after what was shown to it; `SessionClosed` need not follow."""

    session: SessionId


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Hand in `Woke` at this moment or a little later. Replaces the alarm set before; null: no alarm."""

    at: Moment | None


@dataclass(frozen=True, slots=True)
class Done:
    """An admin's or browser's request was granted. `seat` where the request was about one; `number` for pairing."""

    seat: SeatId | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class No:
    """A request was refused and nothing has changed; the sentence for `code` is in `reasons.REFUSALS`."""

    code: RefusalCode
    params: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the input that carried this request id. Exactly one for each."""

    request: RequestId
    outcome: Done | No


@dataclass(frozen=True, slots=True)
class Remark:
    """Something for the log and the counters (`what` is a stable word): a bad message of the other node, a key refused."""

    what: str
    detail: str = ""


Effect: TypeAlias = Journal | SendNode | Engine | Show | CloseSession | WakeAt | Reply | Remark
