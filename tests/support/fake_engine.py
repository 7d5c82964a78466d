"""An engine in memory: it takes commands, gives the events that a test puts in, and counts nothing."""

import os
from typing import Any

import msgspec

from parley.engine.adapter import EngineSettings


class FakeEngine:
    """Fulfils `parley.engine.adapter.RawEngine`; each offer is answered at once."""

    def __init__(self, settings: EngineSettings | None = None) -> None:
        self.settings = settings
        self.commands: list[dict[str, Any]] = []
        self.stopped = 0
        self.counters: dict[str, Any] = {"line": {"state": "down"}, "crossing": []}
        self._events: list[bytes] = []
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def command(self, command: bytes, /) -> None:
        """Keep the command; refuse what is none."""
        said = msgspec.json.decode(command)
        if "kind" not in said:
            raise ValueError("a command has a kind")
        self.commands.append(said)
        if said["kind"] == "peer_offer":
            self.tell(kind="peer_answer", **{key: said[key] for key in ("seat", "peer", "request")}, sdp="v=0 answer")

    def tell(self, **event: Any) -> None:
        """Let an event wait."""
        self._events.append(msgspec.json.encode(event))
        os.eventfd_write(self._fd, 1)

    def tell_raw(self, line: bytes) -> None:
        """Let any bytes wait."""
        self._events.append(line)
        os.eventfd_write(self._fd, 1)

    def events(self) -> list[bytes]:
        """Drain."""
        if self._events:
            os.eventfd_read(self._fd)
        waiting, self._events = self._events, []
        return waiting

    def fd(self) -> int:
        """The event file descriptor."""
        return self._fd

    def stats(self) -> bytes:
        """The counters that the test has set."""
        return msgspec.json.encode(self.counters)

    def stop(self) -> None:
        """Count the stops."""
        if not self.stopped:
            os.close(self._fd)
        self.stopped += 1

    def kinds(self) -> list[str]:
        """The kinds of all commands so far."""
        return [command["kind"] for command in self.commands]
