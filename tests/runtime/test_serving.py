"""A node served: pages, seats, signalling, restart, clean end."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.served import Served, new_side, served
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from parley.core.inputs import AddSeat, RevokeSeat
from parley.engine.adapter import EngineFault, EngineSettings
from parley.runtime.config import ConfigFault
from parley.runtime.folder import FolderFault
from parley.runtime.serving import serve
from parley.web.door import digest, new_secret


async def add_seat(node: Served, role: Any = "head") -> tuple[str, str]:
    token, seat = new_secret(), secrets.token_hex(8)
    await node.desk("ask", AddSeat(seat, "김 Kim", role, digest(token)))
    return seat, token


async def enrol(node: Served, token: str) -> str:
    answer = await node.http.post("/api/enrol", json={"token": token}, headers={"origin": node.url})
    assert answer.status_code == 200
    return answer.headers["set-cookie"].split(";")[0]


def signal(node: Served, cookie: str, origin: str | None = None) -> connect:
    return connect(
        node.url.replace("http", "ws", 1) + "/api/signal?page=p1",
        additional_headers={"cookie": cookie},
        origin=origin or node.url,  # pyright: ignore[reportArgumentType]
        proxy=None,
    )


async def until(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        message = msgspec.json.decode(await socket.recv())
        if message["kind"] == kind:
            return message


async def test_a_seat_comes_in_speaks_and_is_revoked(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a")) as node:
        seat, token = await add_seat(node)
        cookie = await enrol(node, token)
        again = await node.http.post("/api/enrol", json={"token": token}, headers={"origin": node.url})
        assert (again.status_code, again.json()["error"]["code"]) == (404, "link_unknown")
        who = await node.http.get("/api/me", headers={"cookie": cookie})
        assert who.json() == {"seat": seat, "name": "김 Kim", "role": "head", "side": {"en": "Seoul", "ko": "서울"}}
        async with signal(node, cookie) as socket:
            assert (await until(socket, "welcome"))["you"] == seat
            await until(socket, "state")
            await socket.send('{"kind":"ping","n":7}')
            assert (await until(socket, "pong"))["n"] == 7
            await socket.send('{"kind":"offer","peer":"main","request":1,"sdp":"v=0"}')
            assert (await until(socket, "answer"))["sdp"] == "v=0 answer"
            assert (await until(socket, "gauge"))["state"] == "unpaired"
            status: Any = await node.desk("status")
            assert status["seats"][0]["present"] and status["running"]
            await node.desk("ask", RevokeSeat(seat))
            assert (await until(socket, "ended"))["reason"] == "revoked"
            with pytest.raises(ConnectionClosed):
                await socket.recv()
        assert "seat_close" in node.engine.kinds()
        assert (await node.http.get("/api/me", headers={"cookie": cookie})).status_code == 401


async def test_a_restart_keeps_everything_and_tells_the_browsers(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")
    async with served(folder) as node:
        seat, token = await add_seat(node)
        cookie = await enrol(node, token)
        async with signal(node, cookie) as socket:
            await until(socket, "welcome")
            assert await node.stop() == 0
            assert (await until(socket, "ended"))["reason"] == "shutdown"
        assert node.engine.stopped
    assert not folder.socket.exists()
    async with served(folder) as node, signal(node, cookie) as socket:
        assert (await until(socket, "welcome"))["you"] == seat


async def test_https_with_the_own_authority(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a", secure=True)) as node:
        _, token = await add_seat(node)
        answer = await node.http.post("/api/enrol", json={"token": token}, headers={"origin": node.url})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-parley=")
        for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert word in cookie.split("; ")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_a_full_disk_ends_the_node_and_acknowledges_nothing(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")
    async with served(folder) as node:
        import sqlite3

        other = sqlite3.connect(folder.journal)
        other.execute("CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        other.commit()
        other.close()
        with pytest.raises(RuntimeError):
            await add_seat(node)
        assert await asyncio.wait_for(asyncio.shield(node.task), 10) == 1


async def test_two_nodes_never_share_a_folder(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")
    async with served(folder):
        with pytest.raises(FolderFault):
            await serve(folder.root, lambda _url: None)


async def test_faults_of_the_start_are_told(tmp_path: Path) -> None:
    folder = new_side(tmp_path / "a")

    def none(_settings: EngineSettings) -> Any:
        raise EngineFault("no engine")

    with pytest.raises(EngineFault):
        await serve(folder.root, lambda _url: None, none)
    assert not folder.socket.exists()
    folder.config.write_text(folder.config.read_text().replace("http://127.0.0.1", "http://192.0.2.77"))
    with pytest.raises(ConfigFault):
        await serve(folder.root, lambda _url: None, none)
