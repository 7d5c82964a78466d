"""A node: one input in, effects out. Dispatch only; the rules are in the machines.

node = Node(Opening(card=...)); node.restore(journal.read()); effects = node.handle(Started(), now)
"""

from collections.abc import Iterable

from parley.core.effects import Effect
from parley.core.effects.facts import AnyFact
from parley.core.ids import Digest, SeatId
from parley.core.inputs import Input, Opening
from parley.core.moment import Moment
from parley.core.view import Me, StatusView


class Node:
    """One side's node. Not thread-safe: the runtime hands in one input at a time."""

    def __init__(self, opening: Opening) -> None:
        raise NotImplementedError

    def restore(self, facts: Iterable[AnyFact]) -> None:
        """Replay the journal; before the first input."""
        raise NotImplementedError

    def handle(self, given: Input, now: Moment) -> list[Effect]:
        """Take one input. Never raises for anything that a browser, an operator or the other node has said."""
        raise NotImplementedError

    def seat_of_cookie(self, cookie: Digest) -> SeatId | None:
        """Tell whose cookie this is (by its SHA-256); null: nobody's."""
        raise NotImplementedError

    def me(self, seat: SeatId) -> Me | None:
        """Tell a seat who it is (`GET /api/me`)."""
        raise NotImplementedError

    def status(self) -> StatusView:
        """Tell the operator how things stand (`parley status`)."""
        raise NotImplementedError

    @property
    def ignored(self) -> dict[str, int]:
        """Count what was ignored, by reason, since the start (`/metrics`)."""
        raise NotImplementedError
