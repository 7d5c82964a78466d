"""The engine's adapter: commands as JSON, events in order, nothing of another version reaches the node."""

import asyncio

from tests.support.fake_engine import FakeEngine

from parley.core.effects.commands import LineRate, LineSend
from parley.core.media.events import AnyEvent, LineChanged, NodeMessageArrived
from parley.engine.adapter import EngineAdapter


async def test_commands_go_in_and_events_come_out_in_order() -> None:
    raw, heard, complaints = FakeEngine(), list[AnyEvent](), list[str]()
    done = asyncio.Event()
    engine = EngineAdapter(raw, lambda what, _detail: complaints.append(what))

    def hear(event: AnyEvent) -> None:
        heard.append(event)
        if len(heard) == 2:
            done.set()

    engine.listen(asyncio.get_running_loop(), hear)
    engine.command(LineSend(b"\x00\xff"))
    raw.tell(kind="line_state", state="linked", reason="", addr="192.0.2.1:1", later_version=1)
    raw.tell_raw(b"nonsense")
    raw.tell(kind="line_received", data="AP8=")
    await done.wait()
    assert raw.commands == [{"kind": "line_send", "data": "AP8="}]
    assert heard == [LineChanged(state="linked", addr="192.0.2.1:1"), NodeMessageArrived(data=b"\x00\xff")]
    assert complaints == ["engine_event_unreadable"]
    engine.stop()
    engine.stop()
    engine.command(LineRate(1))
    assert raw.stopped == 1 and len(raw.commands) == 1


def test_counters_of_another_version_and_refused_commands_are_complaints() -> None:
    raw, complaints = FakeEngine(), list[str]()
    engine = EngineAdapter(raw, lambda what, _detail: complaints.append(what))
    raw.counters = {"line": {"rtt_ms": 3.5}}
    stats = engine.stats()
    assert stats is not None and stats.line.rtt_ms == 3.5
    raw.counters = {"line": {"rtt_ms": "long"}}
    assert engine.stats() is None
    raw.command = lambda command, /: (_ for _ in ()).throw(ValueError("no"))  # type: ignore[method-assign,assignment]
    engine.command(LineRate(1))
    assert complaints == ["engine_stats_unreadable", "engine_refused_command"]
