class Engine:
    """Media and line of one node, in threads of their own; `spec/engine.md` words the JSON. Every method may be called from
    any thread and releases the GIL. After `stop` all but `fd` and `stop` raise `RuntimeError`.
    """

    def __new__(cls, config: bytes) -> Engine:
        """Starts. `ValueError`: what of the configuration cannot be read; `OSError`: which address cannot be used."""

    def command(self, command: bytes) -> None:
        """Takes one command; what comes of it is told by events. `ValueError` with a sentence when it is malformed."""

    def events(self) -> list[bytes]:
        """Drains the events that wait, oldest first; never blocks."""

    def fd(self) -> int:
        """Readable while events wait; for `loop.add_reader`. Belongs to the engine: never close it."""

    def stats(self) -> bytes:
        """All counters, JSON. Costs a walk over everything: a few times a second at most."""

    def stop(self) -> None:
        """Ends all media, the line and the threads within a second; said twice it does nothing."""

class Engine:
    """Media and the line of one node, on threads of its own. Nothing here blocks; JSON bytes in both directions (spec/engine.md).

    `OSError` tells at the start what of the configuration cannot be used; `RuntimeError` that the engine was stopped.
    """

    def __new__(cls, config: bytes) -> Engine: ...
    def command(self, command: bytes, /) -> None:
        """Takes one command; `ValueError` with a sentence when it cannot be understood."""

    def events(self) -> list[bytes]:
        """All events that wait, in order."""

    def fd(self) -> int:
        """Readable while events wait."""

    def stats(self) -> bytes:
        """The counters."""

    def stop(self) -> None:
        """Ends all within a second; said twice it does nothing."""

class Emulator:
    """An emulated line between two nodes on this machine; seeded, so that a run can be repeated.

    `config` is JSON: `{"a": {"listen", "node"}, "b": {"listen", "node"}, "line": {...}, "seed"}`. Node a sends to `a.listen`;
    what survives the line leaves from `b.listen` towards `b.node`. `line` may hold `rate_kbit`, `delay_ms`, `jitter_ms`,
    `loss`, `burst`, `reorder`, `duplicate`, `mtu`, `queue_ms` and `way` ("both", "a_to_b", "b_to_a").
    `ValueError` tells what cannot be read; `OSError` which address cannot be used; `RuntimeError` that it was stopped.
    """

    def __new__(cls, config: bytes) -> Emulator: ...
    def addrs(self) -> list[str]:
        """The bound addresses of the ends, a first, as `ip:port`."""

    def set(self, change: bytes) -> None:
        """Changes conditions while it runs; JSON like `line`, only what is given is changed."""

    def cut(self) -> None:
        """Nothing passes until `restore`."""

    def restore(self) -> None:
        """Both directions pass."""

    def one_way(self, sender: str) -> None:
        """Only datagrams of node `sender` ("a" or "b") pass."""

    def counters(self) -> bytes:
        """JSON by sending node: `offered`, `delivered`, `dropped` by reason, and `windows` (bytes offered per 100 ms)."""

    def stop(self) -> None:
        """Closes the sockets; said twice it does nothing."""
