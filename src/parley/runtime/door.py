"""The web side's door to the loop (`web.door.Door`): sessions are named here, everything else is handed on."""

import secrets

from parley.core.effects import Done, No
from parley.core.ids import Digest, SeatId, SessionId
from parley.core.inputs import Asked, SessionClosed, SessionOpened
from parley.core.talks.messages import AnySaid
from parley.core.view import Me
from parley.runtime.loop import NodeLoop
from parley.runtime.perform import Performer
from parley.web.door import Outbox


class NodeDoor:
    """Fulfils `web.door.Door` on a running loop."""

    def __init__(self, loop: NodeLoop, performer: Performer) -> None:
        self._loop = loop
        self._performer = performer

    def enrol(self, token: Digest, cookie: Digest) -> Done | No:
        """Bind the seat of this link to this cookie."""
        return self._loop.enrol(token, cookie)

    def seat_of_cookie(self, cookie: Digest) -> SeatId | None:
        """Tell whose cookie this is."""
        return self._loop.node.seat_of_cookie(cookie)

    def me(self, seat: SeatId) -> Me | None:
        """Tell a seat who it is."""
        return self._loop.node.me(seat)

    def open(self, seat: SeatId, page: str) -> tuple[SessionId, Outbox]:
        """A browser of this seat has connected."""
        session, outbox = secrets.token_hex(8), Outbox()
        self._performer.outboxes[session] = outbox
        self._loop.hand_in(SessionOpened(session, seat, page))
        return session, outbox

    def said(self, session: SessionId, said: AnySaid) -> None:
        """The browser said this; a session that was told to close is heard no more."""
        if session in self._performer.outboxes:
            self._loop.hand_in(Asked(session, said, secrets.token_hex(8)))

    def gone(self, session: SessionId) -> None:
        """The browser's connection is gone."""
        self._performer.outboxes.pop(session, None)
        self._loop.hand_in(SessionClosed(session))
