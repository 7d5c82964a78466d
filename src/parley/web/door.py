"""What the web side may ask of the node, and the way back to a browser: `Door` and `Outbox`.

A door identifies a person by the SHA-256 of the cookie alone. An outbox holds what waits to be sent to one browser, in
order; it is bounded: a browser that does not read is let go, and comes back by itself.
"""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from parley.core.effects import Done, No
from parley.core.ids import Digest, SeatId, SessionId
from parley.core.talks.messages import AnySaid
from parley.core.view import Me

MAX_WAITING = 512


class Outbox:
    """Messages on their way to one browser."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._closed = False
        self.overrun = False
        """The browser did not read for too long; what waited for it is gone."""

    def put(self, message: msgspec.Struct) -> None:
        """Send this next; nothing happens when the outbox is closed."""
        if self._closed:
            return
        if self._queue.qsize() >= MAX_WAITING:
            self.overrun = True
            while not self._queue.empty():
                self._queue.get_nowait()
            self.close()
            return
        self._queue.put_nowait(_encoder.encode(message).decode())

    def close(self) -> None:
        """Close the connection after what was put; idempotent."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)

    async def texts(self) -> AsyncIterator[str]:
        """Give out the text frames until the outbox is closed."""
        while (text := await self._queue.get()) is not None:
            yield text


class Door(Protocol):
    """What the web side may ask."""

    def enrol(self, token: Digest, cookie: Digest) -> Done | No:
        """Bind the seat of this link to this cookie. When it returns `Done` this is on disk."""
        ...

    def seat_of_cookie(self, cookie: Digest) -> SeatId | None:
        """Tell whose cookie this is."""
        ...

    def me(self, seat: SeatId) -> Me | None:
        """Tell a seat who it is."""
        ...

    def open(self, seat: SeatId, page: str) -> tuple[SessionId, Outbox]:
        """A browser of this seat has connected."""
        ...

    def said(self, session: SessionId, said: AnySaid) -> None:
        """The browser said this."""
        ...

    def gone(self, session: SessionId) -> None:
        """The browser's connection is gone."""
        ...


def new_secret() -> str:
    """Draw 128 random bits, as text that may stand in a link or a cookie."""
    return secrets.token_urlsafe(16)


def digest(secret: str) -> Digest:
    """What is kept of a token or cookie: its SHA-256. They have 128 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


_encoder = msgspec.json.Encoder()
