"""What stands before every page and socket: which names are answered, whose pages may act, which headers every answer has.

Host      only the configured names are answered (DNS rebinding)
Origin    whatever changes something, and every WebSocket, must come from the node's own pages (CSRF, CSWSH)
headers   the whole set on every answer, also on errors and on refused sockets
"""

from collections.abc import Iterable
from typing import Any, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from parley.web.refusals import FOREIGN_ORIGIN, NOT_SIGNED_IN, WRONG_HOST, Refusal

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'; require-trusted-types-for 'script'"
)
_MINE = ("camera", "microphone", "display-capture", "speaker-selection", "autoplay", "fullscreen", "screen-wake-lock")
_NOBODYS = (
    "accelerometer",
    "bluetooth",
    "browsing-topics",
    "clipboard-read",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
HEADERS: dict[str, str] = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join([*(f"{m}=(self)" for m in _MINE), *(f"{n}=()" for n in _NOBODYS)]),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""On every answer; `cache-control: no-store` too unless the answer says otherwise, and HSTS on https."""
HSTS = "max-age=31536000; includeSubDomains"
_SAFE = ("GET", "HEAD", "OPTIONS")


def header_list(secure: bool) -> list[tuple[str, str]]:
    """The headers of every answer, for a server that must set them itself."""
    return [*HEADERS.items(), *([("strict-transport-security", HSTS)] if secure else [])]


class Gate:
    """An ASGI application around another."""

    def __init__(self, inner: ASGIApp, hosts: Iterable[str], origins: Iterable[str], secure: bool) -> None:
        self._inner = inner
        self._hosts = {host.lower().encode() for host in hosts}
        self._origins = {origin.lower().encode() for origin in origins}
        self._always = [(name.encode(), value.encode()) for name, value in header_list(secure)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        socket = scope["type"] == "websocket"
        accepted = False

        async def send_with_headers(message: Message) -> None:
            nonlocal accepted
            given = cast(dict[str, Any], message)
            if given["type"] == "websocket.close" and not accepted:
                # A socket refused before it was opened: say so in HTTP, with the same body as everywhere.
                await _refuse(send_with_headers, NOT_SIGNED_IN, socket=True)
                return
            if given["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
                accepted = True
                message = cast(Message, {**given, "headers": self._with_always(given.get("headers") or [])})
            await send(message)

        refusal = self._refusal(scope, socket)
        if refusal is not None:
            await _refuse(send_with_headers, refusal, socket)
            return
        await self._inner(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, socket: bool) -> Refusal | None:
        found: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            found.setdefault(name.lower(), []).append(value.lower())
        if len(found.get(b"host", [])) != 1 or found[b"host"][0] not in self._hosts:
            return WRONG_HOST
        acts = socket or cast(dict[str, Any], scope)["method"] not in _SAFE
        if acts and (len(found.get(b"origin", [])) != 1 or found[b"origin"][0] not in self._origins):
            return FOREIGN_ORIGIN
        if acts and found.get(b"sec-fetch-site", [b"same-origin"])[0] != b"same-origin":
            return FOREIGN_ORIGIN
        return None

    def _with_always(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        fixed = {name for name, _ in self._always}
        kept = [(name, value) for name, value in headers if name.lower() not in fixed]
        if not any(name.lower() == b"cache-control" for name, _ in kept):
            kept.append((b"cache-control", b"no-store"))
        return [*kept, *self._always]


async def _refuse(send: Send, refusal: Refusal, socket: bool) -> None:
    prefix = "websocket.http.response" if socket else "http.response"
    body = refusal.body()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send(cast(Message, {"type": f"{prefix}.start", "status": refusal.status, "headers": headers}))
    await send(cast(Message, {"type": f"{prefix}.body", "body": body, "more_body": False}))
