"""The node: dispatch only. The rules are in the machines, what follows from the state in `follow.py`.

node = Node(Opening(card=body)); node.restore(journal.read()); effects = node.handle(Started(), now)
"""

from collections.abc import Iterable

from parley.core.effects import Effect, Show
from parley.core.effects.facts import AnyFact
from parley.core.ids import Digest, SeatId
from parley.core.inputs import (
    AdminAsked,
    Asked,
    EnrolAsked,
    Input,
    Measured,
    Opening,
    SessionClosed,
    SessionOpened,
    Started,
    Stopping,
    Woke,
)
from parley.core.moment import Moment
from parley.core.node import admin, arrived, asked, follow
from parley.core.node.state import State, Turn
from parley.core.talks.presence import expire
from parley.core.view import Me, Notice, StatusView
from parley.core.view.operator import me, status


class Node:
    """One side's node. Not thread-safe: the runtime hands in one input at a time."""

    def __init__(self, opening: Opening) -> None:
        """Make a node that knows its own card. Raises `ValueError` when that is none."""
        self.state = State(opening)

    def restore(self, facts: Iterable[AnyFact]) -> None:
        """Replay the journal; before the first input."""
        state = self.state
        for fact in facts:
            state.apply(fact)
            state.link.settle(state.pairing, fact.at)

    def handle(self, given: Input, now: Moment) -> list[Effect]:
        """Take one input. Never raises for anything that a browser, an operator or the other node has said."""
        state, turn = self.state, Turn(now)
        self._dispatch(state, turn, given)
        state.link.settle(state.pairing, now)
        return [
            *turn.journal,
            *turn.engine,
            *follow.engine_talks(state),
            *turn.node,
            *follow.other_node(state),
            *follow.engine_line(state),
            *turn.rest,
            *follow.screens(state, now),
            *follow.alarm(state),
        ]

    def _dispatch(self, state: State, turn: Turn, given: Input) -> None:
        match given:
            case Asked():
                asked.asked(state, turn, given)
            case SessionOpened():
                asked.opened(state, turn, given)
            case SessionClosed():
                asked.closed(state, turn, given)
            case AdminAsked():
                admin.admin_asked(state, turn, given)
            case EnrolAsked():
                admin.enrol_asked(state, turn, given)
            case Measured():
                arrived.measured(state, turn, given)
            case Woke():
                state.alarm = None
                expire(list(state.seats), turn.now)
            case Started():
                self._started(state, turn)
            case Stopping():
                for _, seat in state.sessions:
                    state.end_session(turn, seat, "shutdown")
            case _:
                arrived.event(state, turn, given)

    def _started(self, state: State, turn: Turn) -> None:
        state.engine_told.reset()
        state.node_told.reset()
        state.link.changed("down", "")
        for session, seat in state.sessions:
            seat.peers.clear()
            turn.want(Show(session, Notice(code="media_restarted")))

    def seat_of_cookie(self, cookie: Digest) -> SeatId | None:
        """Tell whose cookie this is (by its SHA-256); null: nobody's."""
        seat = self.state.seats.of_cookie(cookie)
        return seat.id if seat else None

    def me(self, seat: SeatId) -> Me | None:
        """Tell a seat who it is (`GET /api/me`)."""
        found = self.state.own_seat(seat)
        return me(found, self.state.pairing.own) if found else None

    def status(self) -> StatusView:
        """Tell the operator how things stand (`parley status`)."""
        state = self.state
        return status(state.pairing, state.link, state.consent, list(state.seats), state.gauge)

    @property
    def ignored(self) -> dict[str, int]:
        """Count what was ignored, by reason, since the start (`/metrics`)."""
        return dict(self.state.ignored)
