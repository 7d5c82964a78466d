"""Effects done to the world, and remarks that cannot fill a disk."""

import asyncio

from parley.core.effects import CloseSession, Done, Engine, Remark, Reply, SendNode, Show, WakeAt
from parley.core.effects.commands import AnyCommand, LineRate, LineSend
from parley.core.view import Pong
from parley.runtime.perform import LOG_EVERY_MS, MAX_KINDS, Performer, Remarks
from parley.web.door import Outbox


class Told:
    def __init__(self) -> None:
        self.told: list[AnyCommand] = []

    def command(self, command: AnyCommand) -> None:
        self.told.append(command)


async def test_each_effect_goes_its_way() -> None:
    engine, woken = Told(), asyncio.Event()
    performer = Performer(engine, Remarks())
    performer.wake = woken.set
    box = performer.outboxes["s"] = Outbox()
    for effect in (
        Engine(LineRate(5)),
        SendNode(b"x"),
        Show("s", Pong(n=1)),
        Show("gone", Pong(n=1)),
        CloseSession("s"),
        CloseSession("gone"),
        Reply("r1", Done()),
        WakeAt(50),
        WakeAt(1001),
        Remark("odd", "detail"),
    ):
        performer.perform(effect, 1000)
    assert engine.told == [LineRate(5), LineSend(b"x")]
    assert [text async for text in box.texts()] == ['{"kind":"pong","n":1}']
    assert performer.replies == {"r1": Done()}
    await woken.wait()
    performer.perform(WakeAt(None), 1000)
    performer.close()


def test_remarks_are_counted_and_bounded() -> None:
    remarks = Remarks()
    for at in (0, 1, LOG_EVERY_MS):
        remarks.add("bad", "x" * 1000, at)
    assert remarks.known["bad"].count == 3 and len(remarks.known["bad"].detail) == 200
    assert remarks.known["bad"].unlogged == 0
    for number in range(MAX_KINDS * 2):
        remarks.add(f"kind{number}", "", 0)
    assert len(remarks.known) <= MAX_KINDS + 1
    assert remarks.listed()[0]["what"] == "bad"
