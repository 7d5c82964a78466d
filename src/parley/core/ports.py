"""What the core trusts its shells to keep, in words and types. The core calls none of these: the runtime does.

The loop (`runtime`): take ONE input, `effects = node.handle(input, now)`, journal, then perform. Never two at once. `now`
comes from one clock and never goes backwards: a clock that jumps back is held still until it has caught up.
"""

from collections.abc import Iterable
from typing import Protocol

from parley.core.effects.commands import AnyCommand
from parley.core.effects.facts import AnyFact


class JournalPort(Protocol):
    """The store. What it has acknowledged survives kill -9, a power cut, a full disk."""

    def append(self, facts: list[AnyFact]) -> None:
        """Write all or none, in order, in one transaction; returns only when it is on disk. Raises when it cannot."""
        ...

    def read(self) -> Iterable[AnyFact]:
        """Give back all facts in the order in which they were written."""
        ...


class EnginePort(Protocol):
    """The media engine and the line. It never blocks, and it tells what it did by events (`core/media/events.py`).

    Promises: `line_changed` linked is said for every new connection, also for one that replaces another, and before the
    first message of that connection; messages of a connection arrive once, in order, unchanged. Only the pinned key is
    ever linked. A gate that closes holds for the next packet. Events of a seat that was closed may still arrive late.
    After the engine was started or replaced, the runtime hands in `Started`: the core then tells it all again.
    """

    def command(self, command: AnyCommand) -> None:
        """Tell the engine. A command that it cannot take is logged by the shell; it never raises into the loop."""
        ...


class KeysPort(Protocol):
    """The side's node key (Ed25519). It never leaves its file or token."""

    def sign(self, message: bytes) -> bytes:
        """Sign with the node key (RFC 8032): 64 bytes."""
        ...

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Check a signature over exactly these bytes; refuses keys of small order."""
        ...
