"""The engine as the rest of the node sees it: typed commands in, typed events out, one snapshot of counters.

The engine has its own threads. Its events wait in a queue whose file descriptor becomes readable; asyncio calls back,
and every event is handed on in order. A command that the engine refuses is told to `complain`, never raised.
"""

import asyncio
import importlib
from collections.abc import Callable
from typing import Protocol

import msgspec

from parley.core.effects.commands import AnyCommand, encode_command
from parley.core.media.events import AnyEvent, decode_event
from parley.core.media.stats import EngineStats, decode_stats


class MediaSettings(msgspec.Struct, frozen=True):
    """Where browsers send media: one UDP port (the same for ICE-TCP), and the addresses told to them (RFC 8445)."""

    bind: list[str]
    hosts: list[str]
    tcp: bool = True


class LineSettings(msgspec.Struct, frozen=True):
    """Where the line is bound, the line key (base64 PKCS 8), the configured rate in kbit/s (0: unknown)."""

    bind: str
    key: str
    rate_kbit: int = 0


class EngineSettings(msgspec.Struct, frozen=True):
    """All that the engine is started with."""

    media: MediaSettings
    line: LineSettings
    audio_slots: int = 3


class EngineFault(RuntimeError):
    """The engine is not installed or could not start; the text says why."""


class RawEngine(Protocol):
    """What `parley_engine.Engine` promises: nothing here blocks, JSON bytes in both directions."""

    def command(self, command: bytes, /) -> None:
        """Take a command. Raises `ValueError` with a sentence."""
        ...

    def events(self) -> list[bytes]:
        """Drain the events that wait."""
        ...

    def fd(self) -> int:
        """The file descriptor that is readable while events wait."""
        ...

    def stats(self) -> bytes:
        """The counters."""
        ...

    def stop(self) -> None:
        """End all within a second; idempotent."""
        ...


def start_engine(settings: EngineSettings) -> RawEngine:
    """Start the real engine. Raises `EngineFault`."""
    try:
        # Imported here: a node's other commands work without the engine.
        engine: Callable[[bytes], RawEngine] = importlib.import_module("parley_engine").Engine
    except (ImportError, AttributeError) as error:
        raise EngineFault(f"the media engine is not installed here ({error}); `make build` builds it") from None
    try:
        return engine(msgspec.json.encode(settings))
    except (ValueError, OSError, RuntimeError) as error:
        raise EngineFault(f"the media engine did not start: {error}") from None


class EngineAdapter:
    """One running engine. Fulfils `core.ports.EnginePort`."""

    def __init__(self, raw: RawEngine, complain: Callable[[str, str], None]) -> None:
        """`complain(what, detail)` hears of refused commands and events of another version."""
        self._raw = raw
        self._complain = complain
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, loop: asyncio.AbstractEventLoop, heard: Callable[[AnyEvent], None]) -> None:
        """Hand every event to `heard`, in order, on this loop."""
        self._loop = loop
        loop.add_reader(self._raw.fd(), self._drain, heard)

    def command(self, command: AnyCommand) -> None:
        """Tell the engine; it never raises."""
        if self._stopped:
            return
        try:
            self._raw.command(encode_command(command))
        except ValueError as error:
            self._complain("engine_refused_command", f"{type(command).__name__}: {error}")

    def stats(self) -> EngineStats | None:
        """The counters as far as the node uses them; null when the engine speaks another version."""
        try:
            return decode_stats(self._raw.stats())
        except ValueError as error:
            self._complain("engine_stats_unreadable", str(error))
            return None

    def raw_stats(self) -> dict[str, object]:
        """The whole snapshot, for metrics."""
        try:
            return msgspec.json.decode(self._raw.stats(), type=dict[str, object])
        except ValueError:
            return {}

    def stop(self) -> None:
        """End the engine and all its media; idempotent."""
        if self._stopped:
            return
        self._stopped = True
        if self._loop is not None:
            self._loop.remove_reader(self._raw.fd())
        self._raw.stop()

    def _drain(self, heard: Callable[[AnyEvent], None]) -> None:
        for line in self._raw.events():
            try:
                event = decode_event(line)
            except ValueError as error:
                self._complain("engine_event_unreadable", str(error))
                continue
            heard(event)
