"""The control of the demo: HTTP on loopback by which a test or a script cuts the line, restores it and changes its rate.

`POST /cut`, `POST /restore`, `POST /one-way?from=a`, `POST /rate?kbit=512`, `GET /counters`, `GET /`. Answers are JSON.
"""

import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import uvicorn

from parley.demo.wire import Wire

Scope = dict[str, Any]
SetRate = Callable[[int], Awaitable[None]]


class ControlFault(ValueError):
    """A request that asks for something the line cannot do."""


class Control:
    """An ASGI application over one wire; `set_rate` changes the rate of the wire and tells both nodes."""

    def __init__(self, wire: Wire, set_rate: SetRate) -> None:
        self._wire = wire
        self._set_rate = set_rate

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request, one JSON answer."""
        if scope["type"] != "http":
            return
        query = dict(parse_qsl(scope["query_string"].decode(errors="replace")))
        try:
            status, body = 200, await self._act(scope["method"], scope["path"], query)
        except ControlFault as fault:
            status, body = 400, {"error": str(fault)}
        if body is None:
            status, body = (
                404,
                {"error": "there is /cut, /restore, /one-way, /rate?kbit= (POST) and /, /counters (GET)"},
            )
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": msgspec.json.encode(body)})

    async def _act(self, method: str, path: str, query: dict[str, str]) -> dict[str, Any] | None:
        match method, path:
            case "POST", "/cut":
                self._wire.cut()
            case "POST", "/restore":
                self._wire.restore()
            case "POST", "/one-way":
                direction = query.get("from", "a")
                if direction not in ("a", "b"):
                    raise ControlFault(f"from={direction!r}: the line has the ends a and b")
                self._wire.one_way(direction)
            case "POST", "/rate":
                text = query.get("kbit", "")
                if not text.isdecimal() or int(text) > 10_000_000:
                    raise ControlFault(f"kbit={text!r}: a whole number of kbit/s is wanted, 0 for unlimited")
                await self._set_rate(int(text))
            case "GET", "/counters":
                return self._wire.counters()
            case "GET", "/":
                pass
            case _:
                return None
        return {"line": self._wire.state, "shape": self._wire.shape.words()}


def control_server(control: Control, port: int = 0) -> tuple[uvicorn.Server, socket.socket, str]:
    """A server for `control` on a bound loopback socket, not yet running, and its address."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    config = uvicorn.Config(control, log_level="warning", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    return server, bound, f"http://127.0.0.1:{bound.getsockname()[1]}"
