"""Every answer has the whole header set; foreign names and foreign pages are turned away."""

import asyncio
from pathlib import Path

import httpx
import pytest
from tests.support.served import new_side, served
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from parley.web.gate import CSP, HEADERS

ASKED = [
    ("GET", "/"),
    ("GET", "/join"),
    ("GET", "/nothing"),
    ("GET", "/../../etc/passwd"),
    ("GET", "/.well-known/security.txt"),
    ("GET", "/api/me"),
    ("GET", "/api/enrol"),
    ("POST", "/api/me"),
    ("PUT", "/api/enrol"),
    ("DELETE", "/"),
    ("OPTIONS", "/api/me"),
    ("HEAD", "/"),
    ("GET", "/api/signal"),
    ("GET", "/schema"),
]


def whole(headers: httpx.Headers) -> bool:
    return all(headers.get_list(name) == [value] for name, value in HEADERS.items()) and "cache-control" in headers


async def test_all_headers_on_all_answers(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a")) as node:
        for method, path in ASKED:
            answer = await node.http.request(method, path, headers={"origin": node.url})
            assert whole(answer.headers), (method, path)
            assert answer.status_code in (200, 204, 401, 404, 405), (method, path)
        for body in (b"", b"{", b'{"token":1}', b'{"token":"aaaaaaaaaaaaaaaaaaaa","token":"b"}', b"x" * 5000):
            answer = await node.http.post("/api/enrol", content=body, headers={"origin": node.url})
            assert whole(answer.headers)
            assert answer.status_code in (400, 413)
            assert set(answer.json()["error"]["text"]) == {"en", "ko"}


async def test_foreign_names_and_foreign_pages_are_turned_away(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a")) as node:
        answer = await node.http.get("/", headers={"host": "evil.example"})
        assert (answer.status_code, whole(answer.headers)) == (421, True)
        for headers in ({}, {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": node.url + "0"}):
            answer = await node.http.post("/api/enrol", json={"token": "a" * 22}, headers=headers)
            assert (answer.status_code, whole(answer.headers)) == (403, True)
        answer = await node.http.post(
            "/api/enrol", json={"token": "a" * 22}, headers={"origin": node.url, "sec-fetch-site": "cross-site"}
        )
        assert answer.status_code == 403


async def test_a_socket_needs_the_own_origin_and_a_cookie(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a")) as node:
        url = node.url.replace("http", "ws", 1) + "/api/signal"
        for origin, cookie, status in (
            (node.url, None, 401),
            (node.url, "parley=" + "a" * 22, 401),
            ("https://evil.example", None, 403),
            (None, None, 403),
        ):
            extra = {"cookie": cookie} if cookie else {}
            with pytest.raises(InvalidStatus) as refused:
                async with connect(url, origin=origin, additional_headers=extra, proxy=None):  # pyright: ignore[reportArgumentType]
                    pass
            assert refused.value.response.status_code == status
            assert whole(httpx.Headers(list(refused.value.response.headers.raw_items())))


async def test_a_page_of_garbage_is_answered_or_dropped_and_the_node_goes_on(tmp_path: Path) -> None:
    async with served(new_side(tmp_path / "a")) as node:
        host, port = node.url.removeprefix("http://").split(":")
        for garbage in (
            b"\x00" * 4096,
            b"GET / HTTP/9.9\r\n\r\n",
            b"A" * 40_000 + b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00",
        ):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(garbage)
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            if answer:
                assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 421")) and CSP.encode() in answer, answer
        assert (await node.http.get("/")).status_code == 200
