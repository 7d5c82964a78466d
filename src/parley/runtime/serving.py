"""`parley serve`: one process, wired here and nowhere else, until SIGTERM.

Start: lock → journal → node → certificate → engine → sockets → `Started` → ready. Stop: everyone is told → servers →
engine → journal, within two seconds. When the store fails, the process ends with 1 and nothing half done.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import h11
import structlog
import uvicorn
from litestar.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from parley.core.inputs import Measured, Started, Stopping
from parley.core.node import Node
from parley.engine.adapter import (
    EngineAdapter,
    EngineSettings,
    LineSettings,
    MediaSettings,
    RawEngine,
    start_engine,
)
from parley.keys.private import SideKey
from parley.runtime.admin import make_admin, make_metrics
from parley.runtime.clock import Clock
from parley.runtime.config import Config, ConfigFault, read_config, split_socket
from parley.runtime.desk import bind_unix, opening
from parley.runtime.door import NodeDoor
from parley.runtime.folder import FolderFault, SideFolder, SideLock
from parley.runtime.loop import NodeLoop
from parley.runtime.perform import Performer, Remarks
from parley.runtime.tls import certificate_files, server_context
from parley.store.journal import Journal
from parley.web.app import make_app
from parley.web.gate import header_list
from parley.web.refusals import BAD_REQUEST
from parley.web.signalling import MAX_FRAME

GAUGE_SECONDS = 1.0
FAREWELL_SECONDS = 0.05

EngineMaker = Callable[[EngineSettings], RawEngine]


def set_up_logs() -> None:
    """JSON lines on stderr; other libraries' warnings come through the same door."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format='{"event": "library", "name": "%(name)s"}')


async def serve(root: Path, announce: Callable[[str], None], make_engine: EngineMaker = start_engine) -> int:
    """Run the node until SIGTERM or SIGINT; the exit code. Raises the faults of folder, config, keys, journal, engine."""
    folder = SideFolder(root)
    folder.require()
    config = read_config(folder.config)
    with contextlib.ExitStack() as held:
        held.callback(_lock(folder).release)
        journal = Journal(folder.journal)
        held.callback(journal.close)
        return await _run(folder, config, journal, announce, make_engine, held)


async def _run(  # noqa: PLR0917 -- the composition root: everything meets here once
    folder: SideFolder,
    config: Config,
    journal: Journal,
    announce: Callable[[str], None],
    make_engine: EngineMaker,
    held: contextlib.ExitStack,
) -> int:
    log, remarks, clock = structlog.get_logger(), Remarks(), Clock()
    end = asyncio.Event()
    fault: list[str] = []

    def broken(reason: str) -> None:
        fault.append(reason)
        end.set()

    def complain(what: str, detail: str) -> None:
        remarks.add(what, detail, clock.now())

    node = Node(opening(folder, config))
    node.restore(journal.read())
    sockets = _sockets(folder, config)
    for sock in sockets.values():
        held.callback(sock.close)
    held.callback(folder.socket.unlink, missing_ok=True)
    tls = server_context(*certificate_files(config, folder)) if config.secure else None
    engine = EngineAdapter(make_engine(engine_settings(folder, config)), complain)
    held.callback(engine.stop)
    performer = Performer(engine, remarks)
    loop = NodeLoop(node, journal, performer, clock, broken)
    running = asyncio.get_running_loop()
    engine.listen(running, loop.hand_in)
    for name in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(name, end.set)
    loop.hand_in(Started())

    app = make_app(NodeDoor(loop, performer), config.hosts, config.origins, config.secure, complain)
    servers = [_Server(app, config.secure, tls), _Server(make_admin(loop, remarks), False, None)]
    bound = [sockets["web"], sockets["admin"]]
    if "metrics" in sockets:
        servers.append(_Server(make_metrics(loop, remarks), False, None))
        bound.append(sockets["metrics"])
    serving = [asyncio.create_task(server.serve(sockets=[sock])) for server, sock in zip(servers, bound, strict=True)]
    gauge = asyncio.create_task(_gauge(engine, loop))
    ended = asyncio.create_task(end.wait())
    for server in servers:
        await server.listening.wait()
    announce(config.origins[0])
    log.info("ready", url=config.origins[0], facts=journal.last)
    await asyncio.wait({ended, gauge, *serving}, return_when=asyncio.FIRST_COMPLETED)

    ended.cancel()
    gauge.cancel()
    loop.hand_in(Stopping())
    performer.close()
    await asyncio.sleep(0 if fault else FAREWELL_SECONDS)  # lets the last words reach the sockets' buffers
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*serving, return_exceptions=True)
    await asyncio.to_thread(engine.stop)
    if fault:
        log.critical("store_failed", detail=fault[0])
        return 1
    log.info("stopped")
    return 0


def engine_settings(folder: SideFolder, config: Config) -> EngineSettings:
    """What the engine is started with. Raises `KeyFault`."""
    return EngineSettings(
        media=MediaSettings(list(config.media.bind), list(config.media.hosts), config.media.tcp),
        line=LineSettings(config.line.bind, SideKey.load(folder.line_key).pkcs8, config.line.rate_kbit),
    )


async def _gauge(engine: EngineAdapter, loop: NodeLoop) -> None:
    while True:
        await asyncio.sleep(GAUGE_SECONDS)
        if (stats := engine.stats()) is not None:
            loop.hand_in(Measured(stats))


class _Http(H11Protocol):
    """HTTP/1.1 whose answer to what is no HTTP has the same headers as every other."""

    def send_400_response(self, msg: str) -> None:
        """Refuse and close; nothing of the request is told back."""
        headers = [(name.encode(), value.encode()) for name, value in header_list(secure=self.config.ssl is not None)]
        headers += [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=BAD_REQUEST.body()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn without its own signals, logs and greetings."""

    def __init__(self, app: ASGIApp, secure: bool, tls: object) -> None:
        super().__init__(
            uvicorn.Config(
                app,  # pyright: ignore[reportArgumentType] -- the same ASGI, typed by two libraries
                http=_Http,
                ws="websockets-sansio",
                ws_max_size=MAX_FRAME,
                ws_ping_interval=5,
                ws_ping_timeout=10,
                ws_per_message_deflate=False,
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=30,
                timeout_graceful_shutdown=1,
                h11_max_incomplete_event_size=16 * 1024,
            )
        )
        self.listening = asyncio.Event()
        self.config.load()
        self.config.ssl = tls  # pyright: ignore[reportAttributeAccessIssue] -- made by runtime/tls.py

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when connections are taken."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to `serve`."""
        yield


def _sockets(folder: SideFolder, config: Config) -> dict[str, socket.socket]:
    found = {"web": _bind("web.listen", config.bind_host, config.port), "admin": bind_unix(folder)}
    if config.admin.metrics:
        found["metrics"] = _bind("admin.metrics", *split_socket(config.admin.metrics))
    return found


def _bind(key: str, host: str, port: int) -> socket.socket:
    host = "127.0.0.1" if host == "localhost" else host
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if host == "::":
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise ConfigFault(
            key, f"{host}:{port} ({error.strerror})", "an address of this machine and a free port"
        ) from None
    return sock


def _lock(folder: SideFolder) -> SideLock:
    try:
        return SideLock(folder)
    except BlockingIOError:
        raise FolderFault(f"a node already runs in {folder.root}; one folder has one node") from None
