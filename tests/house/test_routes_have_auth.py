"""Nothing answers a stranger but what stands in this list, each with its reason.

The routes are those of the application itself, so a new one fails here until somebody has thought about who may call it.
"""

from unittest.mock import Mock

import httpx
import pytest
from litestar import Litestar

from parley.web import app

OPEN = {
    "/": "the page itself holds nothing of the talks",
    "/{path:path}": "static files of the page",
    "/api/enrol": "spends a one-time link; paced",
}
SIGNED_IN = {"/api/me"}
SIGNED_IN_SOCKETS = {"/api/signal"}


def ungated(monkeypatch: pytest.MonkeyPatch) -> Litestar:
    """The application without the gate: what is refused here is refused by the route itself."""
    made: list[Litestar] = []

    def keep(inner: Litestar, *_rest: object) -> Litestar:
        made.append(inner)
        return inner

    monkeypatch.setattr(app, "Gate", keep)
    door = Mock()
    door.seat_of_cookie.return_value = None
    app.make_app(door, ["seoul.test"], ["http://seoul.test"], secure=False, complain=Mock())
    return made[0]


def test_every_route_is_known(monkeypatch: pytest.MonkeyPatch):
    routes = {route.path for route in ungated(monkeypatch).routes}
    assert routes - set(OPEN) == SIGNED_IN | SIGNED_IN_SOCKETS


@pytest.mark.parametrize("path", sorted(SIGNED_IN))
@pytest.mark.parametrize("cookie", ["", "parley=0123456789abcdef01234567"])
async def test_a_stranger_gets_nothing(monkeypatch: pytest.MonkeyPatch, path: str, cookie: str):
    transport = httpx.ASGITransport(app=ungated(monkeypatch))  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://seoul.test") as stranger:
        answer = await stranger.get(path, headers={"cookie": cookie})
    assert answer.status_code == 401
