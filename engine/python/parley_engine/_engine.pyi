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
