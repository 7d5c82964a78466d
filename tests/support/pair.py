"""Two sides and a simulated line in virtual time: one thing happens after another, and a test says which.

The line is what `core/ports.py` promises: messages arrive once and in order, what is under way when it is cut is lost, and
each side learns of the cut by itself, sooner or later. It comes up only between two engines that have pinned each other's
key and are open.
"""

from collections import deque
from typing import Literal, TypeAlias

from tests.support.playbook import Side

from parley.core.effects import Done
from parley.core.inputs import ConfirmPairing, Input, TakeCard, Woke
from parley.core.media.events import LineChanged, NodeMessageArrived
from parley.core.talks.messages import AcceptOpen, ProposeOpen
from parley.core.talks.table import Table, TableChanged
from parley.core.talks.wire import decode_message

Which: TypeAlias = Literal["left", "right"]


class Pair:
    """Left and right; the code under test cannot tell which is which."""

    def __init__(self) -> None:
        self.linked = False
        self.inbox: dict[Which, deque[Input]] = {"left": deque(), "right": deque()}
        self.left = Side("Seoul", lambda data: self._carry("left", "right", data))
        self.right = Side("Pyongyang", lambda data: self._carry("right", "left", data))

    def side(self, which: Which) -> Side:
        """One of the two."""
        return self.left if which == "left" else self.right

    def _carry(self, sender: Which, to: Which, data: bytes) -> None:
        """Put a message on the line, after looking that nothing of a caucus is in it."""
        message = decode_message(data)
        if isinstance(message, Table | TableChanged):
            rooms = {seat.seat: seat.room for seat in self.side(sender).engine.seats.values()}
            assert {rooms.get(seat.id) for seat in message.seats} <= {"meeting"}, "a seat of the caucus on the line"
        if self.linked:
            self.inbox[to].append(NodeMessageArrived(data))

    def pair(self) -> None:
        """Exchange cards, compare the number, confirm on both sides."""
        for own, other in ((self.left, self.right), (self.right, self.left)):
            taken = own.admin(TakeCard(other.body, "signature"))
            assert isinstance(taken, Done) and taken.number is not None
            assert isinstance(own.admin(ConfirmPairing(taken.number)), Done)

    @property
    def may_link(self) -> bool:
        """Whether both engines would let this line come up."""
        left, right = self.left, self.right
        pinned = left.engine.peer == right.card.line_spki and right.engine.peer == left.card.line_spki
        return pinned and left.engine.open and right.engine.open

    def link(self) -> bool:
        """Bring the line up, if both engines let it; nothing is delivered yet."""
        if self.linked or not self.may_link:
            return False
        self.linked = True
        for which in ("left", "right"):
            self.inbox[which].append(LineChanged("linked", addr="192.0.2.1:7000"))
        return True

    def cut(self) -> None:
        """Cut the line: what is under way is lost; each side will learn of it."""
        if self.linked:
            self.linked = False
            for inbox in self.inbox.values():
                kept = [given for given in inbox if isinstance(given, LineChanged)]
                inbox.clear()
                inbox.extend([*kept, LineChanged("down", "timed_out")])

    def enforce(self) -> None:
        """Cut the line when an engine was told to close it or to pin another key."""
        if self.linked and not self.may_link:
            self.cut()

    def deliver(self, which: Which) -> bool:
        """Hand one waiting message or line event to this side."""
        if not self.inbox[which]:
            return False
        self.side(which).take(self.inbox[which].popleft())
        self.enforce()
        return True

    def drain(self) -> None:
        """Deliver until nothing is under way."""
        while self.deliver("left") or self.deliver("right"):
            pass

    def up(self) -> None:
        """Bring the line up and let both sides tell each other all."""
        self.link()
        self.drain()

    def restart(self, which: Which) -> None:
        """kill -9 one node and start it again."""
        self.cut()
        self.inbox[which].clear()
        self.side(which).restart()

    def later(self, ms: int) -> None:
        """Let time pass; alarms ring when they are due."""
        until = self.left.now + ms
        for side in (self.left, self.right):
            while side.alarm is not None and side.alarm <= until:
                side.now = max(side.now, side.alarm)
                side.alarm = None
                side.take(Woke())
            side.now = until


def paired() -> Pair:
    """Two sides that are paired and linked."""
    pair = Pair()
    pair.pair()
    pair.up()
    return pair


def in_meeting() -> tuple[Pair, str, str]:
    """Two sides in an open meeting, with a head each; gives the heads' sessions."""
    pair = paired()
    left, right = pair.left.person("head"), pair.right.person("head")
    pair.left.says(left, ProposeOpen())
    pair.drain()
    proposal = pair.right.screen(right).meeting.proposal
    assert proposal is not None
    pair.right.says(right, AcceptOpen(proposal=proposal))
    pair.drain()
    return pair, left, right
