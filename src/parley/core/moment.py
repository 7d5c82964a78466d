"""Time as a value. The core reads no clock: `now` comes in with every input.

Moment     wall time of the own node in milliseconds since 1970; the shell promises that it never goes backwards
Stamp      a Lamport number: it orders acts of both sides by what their author had seen, never by anybody's clock
"""

from typing import Annotated, TypeAlias

from msgspec import Meta

Moment: TypeAlias = int
Stamp: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1, description="A Lamport number.")]

MAX_LEAP = 1_000_000
"""A stamp further ahead than this is refused: no side can wind the other's counter to its end."""


class Lamport:
    """The node's Lamport counter (Lamport 1978): `next` for an own act, `see` for one of the other side's.

    It is not journaled by itself. Only consent outlives a restart, and every stamp that consent depends on stands in
    the journaled stances, which are seen again when the journal is replayed.
    """

    def __init__(self, last: Stamp = 0) -> None:
        self.last = last

    def next(self) -> Stamp:
        """Stamp an own act: larger than all that this node has seen."""
        self.last += 1
        return self.last

    def believable(self, stamp: Stamp) -> bool:
        """Tell whether an honest node could have reached this stamp."""
        return stamp <= self.last + MAX_LEAP

    def see(self, stamp: Stamp) -> None:
        """Take note of a stamp that the other side, or the own journal, has used."""
        self.last = max(self.last, stamp)
