"""A side in a temporary folder and its node served in this process: real uvicorn, real store, an engine in memory."""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
from tests.support.fake_engine import FakeEngine

from parley.cli.making import Wishes, make_side
from parley.core.ids import Names
from parley.engine.adapter import EngineSettings
from parley.runtime.desk import LiveDesk
from parley.runtime.folder import SideFolder
from parley.runtime.serving import serve


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_side(root: Path, secure: bool = False, name: str = "Seoul") -> SideFolder:
    """Make a side on loopback."""
    listen = f"{'https' if secure else 'http'}://127.0.0.1:{free_port()}"
    return make_side(
        root,
        Wishes(
            Names(name, "서울"),
            listen=listen,
            media_bind=["127.0.0.1:0"],
            media_hosts=["127.0.0.1"],
            line_bind="127.0.0.1:0",
            line_addrs=["127.0.0.1:7401"],
        ),
    )


@dataclass
class Served:
    """A running node."""

    folder: SideFolder
    url: str
    engine: FakeEngine
    task: asyncio.Task[int]
    http: httpx.AsyncClient

    async def desk(self, method: str, *given: object) -> object:
        """Use the operator's desk without standing in the node's way."""
        return await asyncio.to_thread(getattr(LiveDesk(self.folder), method), *given)

    async def stop(self) -> int:
        """End the node as an operator does."""
        if not self.task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        return await self.task


@contextlib.asynccontextmanager
async def served(folder: SideFolder) -> AsyncGenerator[Served]:
    """Serve until the end of the test."""
    engines: list[FakeEngine] = []
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def make(settings: EngineSettings) -> FakeEngine:
        engines.append(FakeEngine(settings))
        return engines[-1]

    task = asyncio.create_task(serve(folder.root, ready.set_result, make))
    await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        raise AssertionError(f"the node ended: {task.exception()}")
    verify = ssl.create_default_context(cafile=folder.authority.ca) if ready.result().startswith("https") else False
    async with httpx.AsyncClient(base_url=ready.result(), verify=verify, trust_env=False) as client:
        node = Served(folder, ready.result(), engines[0], task, client)
        try:
            yield node
        finally:
            await node.stop()
