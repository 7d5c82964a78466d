"""One side for tests: a node, a journal in memory, an engine that only remembers, and the people's screens.

A test reads as the protocol's trace:

    seoul = Side("Seoul")
    head = seoul.person("head")            # a seat, enrolled, with an open session
    seoul.says(head, ProposeOpen())
    assert seoul.screen(head).meeting.state == "proposed"

Ids and digests that a real shell draws at random are counted here, so that every run is the same.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from parley.core.effects import CloseSession, Done, Effect, Engine, Journal, No, Remark, Reply, SendNode, Show, WakeAt
from parley.core.effects.commands import (
    AnyCommand,
    LineClose,
    LineOpen,
    LinePeer,
    Meeting,
    Seat,
    SeatClose,
    SeatWatch,
    encode_command,
)
from parley.core.effects.facts import decode_fact, encode_fact
from parley.core.ids import Names, Role
from parley.core.inputs import (
    AddSeat,
    AdminAsked,
    Ask,
    Asked,
    EnrolAsked,
    Input,
    Opening,
    SessionClosed,
    SessionOpened,
    Started,
)
from parley.core.line.card import SideCard, write_body
from parley.core.moment import Moment
from parley.core.node import Node
from parley.core.talks.messages import AnySaid
from parley.core.view import Notice, StateView

START: Moment = 1_790_000_000_000
Message = TypeVar("Message", bound=msgspec.Struct)


def digest(text: str) -> str:
    """SHA-256, as the shells make it of tokens and cookies."""
    return hashlib.sha256(text.encode()).hexdigest()


def card_of(name: str, addrs: list[str] | None = None, key: str = "") -> SideCard:
    """A card whose keys are made up of the name."""
    node_key = base64.b64encode(hashlib.sha256(f"node {name}{key}".encode()).digest()).decode()
    spki = base64.b64encode(hashlib.sha256(f"line {name}{key}".encode()).digest()).decode()
    return SideCard("parley side card 1", Names(name, name), node_key, spki, addrs or ["192.0.2.1:7000"])


class EngineMemory:
    """What an engine that was told all this would do."""

    def __init__(self) -> None:
        self.peer: str | None = None
        self.open = False
        self.meeting: str | None = None
        self.seats: dict[str, Seat] = {}
        self.watches: dict[str, SeatWatch] = {}
        self.commands: list[AnyCommand] = []

    def command(self, command: AnyCommand) -> None:
        """Take a command, as JSON: what cannot be encoded fails the test."""
        encode_command(command)
        self.commands.append(command)
        match command:
            case LinePeer():
                self.peer = command.spki
            case LineOpen():
                self.open = True
            case LineClose():
                self.open = False
            case Meeting():
                self.meeting = command.id
            case Seat():
                self.seats[command.seat] = command
            case SeatClose():
                self.seats.pop(command.seat, None)
                self.watches.pop(command.seat, None)
            case SeatWatch():
                self.watches[command.seat] = command
            case _:
                pass


class Side:
    """One side: its node and all that stands around it."""

    def __init__(self, name: str, send: Callable[[bytes], None] | None = None) -> None:
        self.name = name
        self.card = card_of(name)
        self.body = write_body(self.card)
        self.now = START
        self.journal: list[bytes] = []
        self.sent: list[bytes] = []
        self.effects: list[Effect] = []
        self.alarm: Moment | None = None
        self._send = send
        self._count = 0
        self._boot()

    def _boot(self) -> None:
        self.node = Node(Opening(card=self.body, version="test"))
        self.node.restore(decode_fact(line) for line in self.journal)
        self.engine = EngineMemory()
        self.shown: dict[str, list[msgspec.Struct]] = {}
        self.seat_of: dict[str, str] = {}
        self.alarm = None
        self.take(Started())

    def restart(self) -> None:
        """kill -9 and start again: only the journal is left."""
        self._boot()

    def crash_in(self, given: Input) -> None:
        """Die in the middle: the facts of this input reach the journal, its other effects never happen."""
        for effect in self.node.handle(given, self.now):
            if isinstance(effect, Journal):
                self.journal.append(encode_fact(effect.fact))
        self._boot()

    def take(self, given: Input) -> list[Effect]:
        """Hand one input to the node and perform what it wants."""
        self.effects = self.node.handle(given, self.now)
        journal = [effect for effect in self.effects if isinstance(effect, Journal)]
        assert self.effects[: len(journal)] == journal, "the journal comes first"
        for effect in self.effects:
            self._perform(effect)
        return self.effects

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Journal():
                self.journal.append(encode_fact(effect.fact))
            case SendNode():
                self.sent.append(effect.data)
                if self._send:
                    self._send(effect.data)
            case Engine():
                self.engine.command(effect.command)
            case Show():
                msgspec.json.encode(effect.message)
                self.shown.setdefault(effect.session, []).append(effect.message)
            case CloseSession():
                self.seat_of.pop(effect.session, None)
            case WakeAt():
                self.alarm = effect.at
            case Reply() | Remark():
                pass

    def fresh(self) -> str:
        """An id that was never there before."""
        self._count += 1
        return hashlib.sha256(f"{self.name} {self._count}".encode()).hexdigest()[:16]

    def admin(self, ask: Ask) -> Done | No:
        """Ask as the operator."""
        request = self.fresh()
        replies = [e for e in self.take(AdminAsked(request, ask)) if isinstance(e, Reply)]
        assert [reply.request for reply in replies] == [request], "one reply for one request"
        return replies[0].outcome

    def seat(self, role: Role, name: str | None = None) -> str:
        """A seat that was added and enrolled; nobody is on it yet."""
        seat = self.fresh()
        assert isinstance(self.admin(AddSeat(seat, name or f"{self.name} {role}", role, digest(seat))), Done)
        self.take(EnrolAsked("enrol", digest(seat), digest(f"cookie {seat}")))
        return seat

    def sit(self, seat: str, page: str = "") -> str:
        """Open a session on a seat."""
        session = f"{self.name}-{self.fresh()}"
        self.seat_of[session] = seat
        self.take(SessionOpened(session, seat, page))
        return session

    def person(self, role: Role, name: str | None = None) -> str:
        """A new seat with somebody on it; gives the session."""
        return self.sit(self.seat(role, name))

    def drop(self, session: str) -> None:
        """The browser's connection is lost."""
        self.seat_of.pop(session, None)
        self.take(SessionClosed(session))

    def says(self, session: str, said: AnySaid) -> list[Effect]:
        """A browser says something."""
        return self.take(Asked(session, said, self.fresh()))

    def screen(self, session: str) -> StateView:
        """The newest state that this session was shown."""
        return self.last(session, StateView)

    def last(self, session: str, kind: type[Message]) -> Message:
        """The newest message of this kind that this session was shown."""
        return next(message for message in reversed(self.shown[session]) if isinstance(message, kind))

    def notices(self, session: str) -> list[str]:
        """The codes of all notices that this session was shown."""
        return [message.code for message in self.shown[session] if isinstance(message, Notice)]
