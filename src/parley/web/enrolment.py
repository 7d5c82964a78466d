"""Who a browser is: the one-time link, the cookie that it becomes, and who that is.

A link carries 128 random bits behind the `#`, so they are in no request and no log; the page sends them once to
`POST /api/enrol` and gets a cookie of 128 other random bits. The node keeps the SHA-256 of both and nothing else.
"""

from typing import Annotated

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from msgspec import Meta

from parley.core.effects import No
from parley.core.ids import SeatId
from parley.web.door import Door, digest, new_secret
from parley.web.pace import Pace
from parley.web.refusals import BAD_REQUEST, LINK_UNKNOWN, NOT_SIGNED_IN, TOO_MANY, Refusal
from parley.web.strict import refuse_duplicates

COOKIE_DAYS = 90
_MISSES = Pace(per_second=1, burst=30)


class Enrol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /api/enrol`."""

    token: Annotated[str, Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


_decoder = msgspec.json.Decoder(Enrol)


def cookie_name(secure: bool) -> str:
    """The cookie's name; browsers take `__Host-` only over https, for the whole host, from the host itself (RFC 6265bis)."""
    return "__Host-parley" if secure else "parley"


def seat_of(cookies: dict[str, str], secure: bool, door: Door) -> SeatId | None:
    """Tell which seat a request's cookies belong to."""
    cookie = cookies.get(cookie_name(secure), "")
    return door.seat_of_cookie(digest(cookie)) if 16 <= len(cookie) <= 64 else None


def refused(refusal: Refusal) -> Response[bytes]:
    """Answer with an error."""
    return Response(refusal.body(), status_code=refusal.status, media_type="application/json")


@post("/api/enrol", status_code=200)
async def enrol(request: Request[None, None, State], state: State) -> Response[bytes]:
    """Turn a link's token into a cookie. Every failure looks the same: the link is not known."""
    try:
        body = await request.body()
        asked = _decoder.decode(body)
        refuse_duplicates(body)
    except ValueError:
        return refused(BAD_REQUEST)
    cookie = new_secret()
    if isinstance(state.door.enrol(digest(asked.token), digest(cookie)), No):
        return refused(LINK_UNKNOWN if _MISSES.allow() else TOO_MANY)
    kept = f"{cookie_name(state.secure)}={cookie}; Path=/; Max-Age={COOKIE_DAYS * 86400}; HttpOnly; SameSite=Strict"
    return Response(
        b"{}", media_type="application/json", headers={"set-cookie": kept + ("; Secure" if state.secure else "")}
    )


@get("/api/me")
async def me(request: Request[None, None, State], state: State) -> Response[bytes]:
    """Tell a browser whose seat it has."""
    seat = seat_of(request.cookies, state.secure, state.door)
    who = state.door.me(seat) if seat else None
    return refused(NOT_SIGNED_IN) if who is None else Response(msgspec.json.encode(who), media_type="application/json")
