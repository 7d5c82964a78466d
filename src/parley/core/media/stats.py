"""The engine's counters (`Engine.stats()`), as far as a person or an operator sees them.

Counters run since the engine started; bytes of the line are as on the wire. `loss` is a fraction 0..1.
"""

from typing import Literal

import msgspec

from parley.core.ids import Kind, SeatId


class Traffic(msgspec.Struct, frozen=True):
    """One class of the line in one direction."""

    bytes: int = 0
    packets: int = 0
    dropped: int = 0


class ClassTraffic(msgspec.Struct, frozen=True):
    """All classes of the line in one direction, in the order in which they are served."""

    control: Traffic = Traffic()
    hotline: Traffic = Traffic()
    audio: Traffic = Traffic()
    slides: Traffic = Traffic()
    video: Traffic = Traffic()
    files: Traffic = Traffic()


class LineStats(msgspec.Struct, frozen=True):
    """The line as measured; null: not measured."""

    state: str = "down"
    addr: str | None = None
    rtt_ms: float | None = None
    loss: float | None = None
    rate_kbit: float | None = None
    out: ClassTraffic = ClassTraffic()
    in_: ClassTraffic = msgspec.field(name="in", default=ClassTraffic())


class Crossing(msgspec.Struct, frozen=True):
    """One layer of one stream that crosses the line. `viewers`: local seats fed ("in"), wants of the other side ("out")."""

    direction: Literal["out", "in"]
    seat: SeatId
    kind: Kind
    layer: int
    bytes: int
    packets: int
    viewers: int


class EngineStats(msgspec.Struct, frozen=True):
    """What the core takes from the engine's snapshot; the rest is passed over."""

    line: LineStats = LineStats()
    crossing: list[Crossing] = []


_decoder = msgspec.json.Decoder(EngineStats)


def decode_stats(snapshot: bytes) -> EngineStats:
    """Read a snapshot. Raises `ValueError` when it is none."""
    return _decoder.decode(snapshot)
