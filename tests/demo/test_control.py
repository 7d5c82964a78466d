from typing import Any

import httpx
import pytest

from parley.demo.control import Control
from parley.demo.wire import LineShape


class RecordingWire:
    """Stands for the wire: control must only pass on what was asked."""

    def __init__(self) -> None:
        self.state = "up"
        self.shape = LineShape()
        self.acts: list[Any] = []

    def cut(self) -> None:
        self.state = "cut"
        self.acts.append("cut")

    def restore(self) -> None:
        self.state = "up"
        self.acts.append("restore")

    def one_way(self, direction: str) -> None:
        self.acts.append(("one_way", direction))

    def counters(self) -> dict[str, Any]:
        return {"a": {"bytes": 1}, "b": {"bytes": 2}}


@pytest.fixture
def wire() -> RecordingWire:
    return RecordingWire()


@pytest.fixture
def client(wire: RecordingWire) -> httpx.AsyncClient:
    async def set_rate(kbit: int) -> None:
        wire.acts.append(("rate", kbit))

    app = Control(wire, set_rate)  # pyright: ignore[reportArgumentType]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://control")  # pyright: ignore[reportArgumentType]


async def test_each_fault_of_the_line_has_its_address(client: httpx.AsyncClient, wire: RecordingWire):
    async with client:
        assert (await client.post("/cut")).json()["line"] == "cut"
        assert (await client.post("/restore")).json()["line"] == "up"
        await client.post("/one-way?from=b")
        await client.post("/rate?kbit=512")
        assert (await client.get("/counters")).json()["b"]["bytes"] == 2
    assert wire.acts == ["cut", "restore", ("one_way", "b"), ("rate", 512)]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/cut", 404),
        ("POST", "/nothing", 404),
        ("POST", "/rate", 400),
        ("POST", "/rate?kbit=-1", 400),
        ("POST", "/one-way?from=c", 400),
    ],
)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, wire: RecordingWire, method: str, path: str, status: int
):
    async with client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert wire.acts == []
