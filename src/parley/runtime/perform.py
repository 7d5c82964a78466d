"""What effects do to the world: messages to browsers, commands to the engine, the alarm, replies, remarks.

Called by the loop after the journal is on disk, in the order in which the core wanted them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from parley.core.effects import CloseSession, Done, Effect, Engine, Journal, No, Remark, Reply, SendNode, Show, WakeAt
from parley.core.effects.commands import LineSend
from parley.core.ids import RequestId, SessionId
from parley.core.moment import Moment
from parley.core.ports import EnginePort
from parley.web.door import Outbox

LOG_EVERY_MS = 10_000
MAX_KINDS = 64
MAX_DETAIL = 200


@dataclass
class Remembered:
    """A remark: how often, when last, with which detail, and since when the log is silent about it."""

    count: int = 0
    last_ms: Moment = 0
    detail: str = ""
    logged_ms: Moment = -LOG_EVERY_MS
    unlogged: int = 0


class Remarks:
    """What went wrong and how often; the log hears of each kind at most every ten seconds, so nobody can fill the disk."""

    def __init__(self) -> None:
        self.known: dict[str, Remembered] = {}
        self._log = structlog.get_logger()

    def add(self, what: str, detail: str, now: Moment) -> None:
        """Count a remark and log it if its kind was quiet."""
        if what not in self.known and len(self.known) >= MAX_KINDS:
            what = "other"
        kept = self.known.setdefault(what, Remembered())
        kept.count += 1
        kept.unlogged += 1
        kept.last_ms, kept.detail = now, detail[:MAX_DETAIL]
        if now - kept.logged_ms >= LOG_EVERY_MS:
            self._log.warning(what, detail=kept.detail, times=kept.unlogged)
            kept.logged_ms, kept.unlogged = now, 0

    def listed(self) -> list[dict[str, object]]:
        """All remarks for the operator, the latest first."""
        latest = sorted(self.known.items(), key=lambda item: -item[1].last_ms)
        return [{"what": w, "count": r.count, "last_ms": r.last_ms, "detail": r.detail} for w, r in latest]


class Performer:
    """Holds the ways out: browsers' outboxes, the engine, the alarm."""

    def __init__(self, engine: EnginePort, remarks: Remarks) -> None:
        self._engine = engine
        self._remarks = remarks
        self._alarm: asyncio.TimerHandle | None = None
        self.outboxes: dict[SessionId, Outbox] = {}
        self.replies: dict[RequestId, Done | No] = {}
        self.wake: Callable[[], None] = lambda: None

    def perform(self, effect: Effect, now: Moment) -> None:
        """Do one effect. `Journal` was done before."""
        match effect:
            case Show(session, message):
                if outbox := self.outboxes.get(session):
                    outbox.put(message)
            case Engine(command):
                self._engine.command(command)
            case SendNode(data):
                self._engine.command(LineSend(data))
            case CloseSession(session):
                if outbox := self.outboxes.pop(session, None):
                    outbox.close()
            case WakeAt(at):
                self._set_alarm(at, now)
            case Reply(request, outcome):
                self.replies[request] = outcome
            case Remark(what, detail):
                self._remarks.add(what, detail, now)
            case Journal():
                pass

    def close(self) -> None:
        """Let every browser go and cancel the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()
        for outbox in self.outboxes.values():
            outbox.close()
        self.outboxes.clear()

    def _set_alarm(self, at: Moment | None, now: Moment) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        delay = None if at is None else max(0, at - now) / 1000
        self._alarm = None if delay is None else asyncio.get_running_loop().call_later(delay, self.wake)
