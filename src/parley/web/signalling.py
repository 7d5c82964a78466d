"""The WebSocket `/api/signal`: text frames from a browser become inputs, what the node shows becomes text frames.

Before it opens: Host and Origin (`gate.py`), then the cookie. While it is open: size, rate, strict decoding. A message
that cannot be read ends that message; too many of them end the connection. See `spec/signalling.md`.
"""

import asyncio
import re
from typing import cast

from litestar import WebSocket, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect

from parley.core.ids import SessionId
from parley.core.talks.messages import AnySaid, Offer, decode_said
from parley.web.door import Door, Outbox
from parley.web.enrolment import seat_of
from parley.web.pace import Pace
from parley.web.strict import refuse_duplicates

MAX_FRAME = 128 * 1024
"""Bytes; the server ends a connection that sends more, before it is read whole."""
MESSAGES = (40.0, 200)
"""A second for ever, and at once; a person at the keyboard stays far below."""
OFFERS = (5.0, 40)
MAX_UNREADABLE = 10
TOO_FAST, UNREADABLE, NOT_READING = 4429, 4400, 4408
_PAGE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Misspoken(Exception):
    """The browser broke the rules of the connection; `code` closes it."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Listener:
    """Reads what one browser says."""

    def __init__(self) -> None:
        self._messages = Pace(*MESSAGES)
        self._offers = Pace(*OFFERS)
        self._unreadable = 0

    def read(self, frame: str | bytes | None) -> AnySaid | None:
        """Read one frame; null when it is none of the messages. Raises `Misspoken` when the connection must end."""
        if not self._messages.allow():
            raise Misspoken(TOO_FAST)
        try:
            if not isinstance(frame, str):
                raise ValueError("not a text frame")
            said = decode_said(frame)
            refuse_duplicates(frame)
        except ValueError:
            self._unreadable += 1
            if self._unreadable > MAX_UNREADABLE:
                raise Misspoken(UNREADABLE) from None
            return None
        if isinstance(said, Offer) and not self._offers.allow():
            raise Misspoken(TOO_FAST)
        return said


@websocket("/api/signal")
async def signal(socket: WebSocket[None, None, State], state: State) -> None:
    """Serve one browser until one of the two ends the connection."""
    door = cast(Door, state.door)
    seat = seat_of(socket.cookies, state.secure, door)
    if seat is None:
        await socket.close()
        return
    page = socket.query_params.get("page", "")
    await socket.accept()
    session, outbox = door.open(seat, page if _PAGE.fullmatch(page) else "")
    hearing = asyncio.create_task(_hear(socket, door, session))
    showing = asyncio.create_task(_show(socket, outbox))
    try:
        await asyncio.wait({hearing, showing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        door.gone(session)
        for task in (hearing, showing):
            task.cancel()
        await asyncio.gather(hearing, showing, return_exceptions=True)


async def _hear(socket: WebSocket[None, None, State], door: Door, session: SessionId) -> None:
    listener = Listener()
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message["type"] == "websocket.receive":
                said = listener.read(message.get("text"))
                if said is not None:
                    door.said(session, said)
    except Misspoken as fault:
        await socket.close(code=fault.code)
    except WebSocketDisconnect:
        return


async def _show(socket: WebSocket[None, None, State], outbox: Outbox) -> None:
    try:
        async for text in outbox.texts():
            await socket.send_text(text)
        await socket.close(code=NOT_READING if outbox.overrun else 1000)
    except (WebSocketDisconnect, RuntimeError, OSError):
        return  # the browser went away while it was being told
