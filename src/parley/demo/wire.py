"""The wire of the demo: the emulated line between the two nodes, and the faults a person can put on it.

A line is described as `2mbit,50ms,1%`: rate (`kbit`, `mbit` or `free`), one-way delay, loss of datagrams. The emulator itself
is seeded Rust; this module only words its state.
"""

import re
from dataclasses import dataclass
from typing import Any

import msgspec
from parley_engine import Emulator


class LineFault(ValueError):
    """A line description that cannot be read; the text says which part and what is allowed."""


@dataclass(frozen=True)
class LineShape:
    """Rate in kbit/s (0: unlimited), one-way delay in ms, loss as a fraction 0..1, jitter in ms."""

    rate_kbit: int = 0
    delay_ms: float = 0.0
    loss: float = 0.0
    jitter_ms: float = 0.0

    @classmethod
    def read(cls, text: str) -> "LineShape":
        """`2mbit,50ms,1%` and parts of it, in any order; also `jitter=5ms`."""
        values: dict[str, Any] = {}
        for part in (piece.strip() for piece in text.split(",") if piece.strip()):
            name, value = _part(part)
            if name in values:
                raise LineFault(f"the line says its {name} twice: {text!r}")
            values[name] = value
        return cls(**values)

    def words(self) -> str:
        """The shape as the terminal shows it."""
        rate = "unlimited" if self.rate_kbit == 0 else f"{self.rate_kbit} kbit/s"
        return f"{rate}, {self.delay_ms:g} ms one way, {self.loss * 100:g} % loss"


def _part(part: str) -> tuple[str, float | int]:
    if part == "free":
        return "rate_kbit", 0
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg])bit(?:/s)?", part, re.IGNORECASE):
        factor = {"k": 1, "m": 1000, "g": 1_000_000}[found[2].lower()]
        rate = round(float(found[1]) * factor)
        if rate < 16:
            raise LineFault(f"a rate of {part} is too small to carry a line; the least is 16kbit")
        return "rate_kbit", rate
    if found := re.fullmatch(r"(jitter=)?(\d+(?:\.\d+)?)\s*ms", part, re.IGNORECASE):
        return ("jitter_ms" if found[1] else "delay_ms"), float(found[2])
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", part):
        loss = float(found[1]) / 100
        if loss > 1:
            raise LineFault(f"a loss of {part} is more than everything")
        return "loss", loss
    raise LineFault(f"{part!r} is no part of a line; write for example 2mbit,50ms,1%")


class Wire:
    """The emulator between node a (Seoul) and node b (Pyongyang), started at once, closed by `stop`."""

    def __init__(self, node_a: str, node_b: str, shape: LineShape, seed: int) -> None:
        self.shape = shape
        self.state = "up"
        self._emulator = Emulator(
            msgspec.json.encode(
                {
                    "a": {"listen": "127.0.0.1:0", "node": node_a},
                    "b": {"listen": "127.0.0.1:0", "node": node_b},
                    "line": _line(shape),
                    "seed": seed,
                }
            )
        )
        # What each node dials to reach the other: its own end of the wire.
        self.end_for_a, self.end_for_b = self._emulator.addrs()

    def cut(self) -> None:
        """Nothing passes in either direction until `restore`."""
        self._emulator.cut()
        self.state = "cut"

    def restore(self) -> None:
        """Both directions pass again."""
        self._emulator.restore()
        self.state = "up"

    def one_way(self, direction: str = "a") -> None:
        """Only datagrams of side `direction` ("a" or "b") pass."""
        self._emulator.one_way(direction)
        self.state = f"one-way from {direction}"

    def rate(self, kbit: int) -> None:
        """A new rate for both directions, in kbit/s; 0 is unlimited."""
        self.shape = LineShape(kbit, self.shape.delay_ms, self.shape.loss, self.shape.jitter_ms)
        self._emulator.set(msgspec.json.encode(_line(self.shape)))

    def counters(self) -> dict[str, Any]:
        """What each side offered, what was dropped and why, and bytes per window."""
        return msgspec.json.decode(self._emulator.counters())

    def stop(self) -> None:
        """Close the sockets."""
        self._emulator.stop()


def _line(shape: LineShape) -> dict[str, float | int]:
    return {
        "rate_kbit": shape.rate_kbit,
        "delay_ms": shape.delay_ms,
        "loss": shape.loss,
        "jitter_ms": shape.jitter_ms,
    }
