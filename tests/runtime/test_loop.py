"""The loop: nothing is performed before it is on disk, and nothing at all after the store has failed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.support.served import new_side

from parley.core.effects import Done, No
from parley.core.effects.facts import AnyFact
from parley.core.inputs import AddSeat, RevokeSeat
from parley.core.node import Node
from parley.runtime.clock import Clock
from parley.runtime.config import read_config
from parley.runtime.desk import opening
from parley.runtime.loop import Broken, NodeLoop
from parley.runtime.perform import Performer, Remarks
from parley.store.journal import JournalFault

SEAT = AddSeat("0123456789abcdef", "Kim", "head", "0" * 64)


class Trace:
    """A journal and an engine that write in one list what they were told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.full = False

    def append(self, facts: list[AnyFact]) -> None:
        if facts and self.full:
            raise JournalFault("disk full")
        self.lines += [f"journal {type(fact).__name__}" for fact in facts]

    def read(self) -> Iterable[AnyFact]:
        return []

    def command(self, command: Any) -> None:
        self.lines.append(f"engine {type(command).__name__}")


@pytest.fixture
def trace() -> Trace:
    return Trace()


@pytest.fixture
def loop(tmp_path: Path, trace: Trace) -> NodeLoop:
    folder = new_side(tmp_path / "a")
    node = Node(opening(folder, read_config(folder.config)))
    return NodeLoop(node, trace, Performer(trace, Remarks()), Clock(), lambda why: trace.lines.append(f"broken {why}"))


def test_the_journal_comes_first(loop: NodeLoop, trace: Trace) -> None:
    assert loop.ask(SEAT) == Done(seat=SEAT.seat, number=None)
    assert loop.ask(RevokeSeat(SEAT.seat)) == Done(seat=SEAT.seat, number=None)
    assert trace.lines[0] == "journal SeatAdded"
    assert trace.lines.index("journal SeatRevoked") < trace.lines.index("engine SeatClose")
    assert isinstance(loop.ask(RevokeSeat(SEAT.seat)), No)


def test_a_store_that_fails_stops_everything(loop: NodeLoop, trace: Trace) -> None:
    trace.full = True
    with pytest.raises(Broken):
        loop.ask(SEAT)
    assert trace.lines == ["broken disk full"]
    trace.full = False
    with pytest.raises(Broken):
        loop.ask(SEAT)
    assert trace.lines == ["broken disk full"]
