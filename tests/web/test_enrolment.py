"""Links and cookies: one use each, every failure looks the same."""

from litestar.testing import AsyncTestClient
from tests.support.fake_door import FakeDoor

from parley.web.app import make_app
from parley.web.door import digest, new_secret
from parley.web.enrolment import cookie_name, seat_of


def test_secrets_have_128_bits_and_never_repeat() -> None:
    drawn = {new_secret() for _ in range(1000)}
    assert len(drawn) == 1000 and all(len(secret) == 22 for secret in drawn)


def test_a_cookie_of_no_sane_length_is_not_even_looked_up() -> None:
    door = FakeDoor()
    assert seat_of({"parley": "x"}, False, door) is None
    assert seat_of({"parley": "x" * 1000}, False, door) is None
    assert seat_of({cookie_name(True): "a" * 22}, False, door) is None
    assert door.asked == []


async def test_a_link_opens_once_and_a_used_one_looks_like_an_unknown_one() -> None:
    door = FakeDoor()
    door.tokens.add(digest("a" * 22))
    app = make_app(door, ["testserver.local"], ["http://testserver.local"], False, print)
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:  # type: ignore[arg-type]
        origin = {"origin": "http://testserver.local"}
        first = await client.post("/api/enrol", json={"token": "a" * 22}, headers=origin)
        assert first.status_code == 200 and "HttpOnly" in first.headers["set-cookie"]
        again = await client.post("/api/enrol", json={"token": "a" * 22}, headers=origin)
        never = await client.post("/api/enrol", json={"token": "b" * 22}, headers=origin)
        assert (again.status_code, again.content) == (never.status_code, never.content) == (404, never.content)
        assert (await client.get("/api/me")).json()["seat"] == "0123456789abcdef"
