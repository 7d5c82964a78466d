"""The application: faults of our own are told to the log, never to a stranger."""

from litestar.testing import AsyncTestClient
from tests.support.fake_door import FakeDoor

from parley.web.app import make_app


class BrokenDoor(FakeDoor):
    def enrol(self, token: str, cookie: str):
        raise RuntimeError("secret detail")


async def test_a_fault_is_a_plain_500_and_stands_in_the_log() -> None:
    told: list[tuple[str, str]] = []

    def complain(what: str, detail: str) -> None:
        told.append((what, detail))

    app = make_app(BrokenDoor(), ["t.local"], ["http://t.local"], False, complain)
    async with AsyncTestClient(app, base_url="http://t.local", raise_server_exceptions=False) as client:  # type: ignore[arg-type]
        answer = await client.post("/api/enrol", json={"token": "a" * 22}, headers={"origin": "http://t.local"})
        assert answer.status_code == 500 and "secret" not in answer.text
        assert told == [("web_fault", "RuntimeError: secret detail")]
        assert (await client.get("/nothing")).json()["error"]["code"] == "not_found"
