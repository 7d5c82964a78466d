"""The stage of the demo: two sides made, paired and served exactly as an operator would, by the `parley` command itself.

Each side is a folder below the demo's folder and one `parley serve` process. Whatever fails is told with the command's own words.
"""

import asyncio
import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from parley.demo.cast import Cast, Chair

READY_SECONDS = 30
STOP_SECONDS = 5


class StageFault(RuntimeError):
    """A step of the set-up failed; the text is what the command said."""


@dataclass
class Side:
    """One side on the stage: where its folder is, its addresses, its seats with their links, its process."""

    cast: Cast
    folder: Path
    url: str
    media_port: int
    line_addr: str
    seats: list[tuple[Chair, dict[str, Any]]] = field(default_factory=list[tuple[Chair, dict[str, Any]]])
    process: asyncio.subprocess.Process | None = None


def free_port(host: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that is free at this moment on `host`."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def outward_address() -> str | None:
    """An address of this machine that is not loopback, if it has one: Firefox never sends media to 127.0.0.1. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return None


def plan_side(cast: Cast, base: Path) -> Side:
    """Choose free ports for a side; nothing is made yet."""
    return Side(
        cast,
        base / cast.folder,
        f"http://{cast.host}:{free_port(cast.host)}",
        free_port("0.0.0.0", socket.SOCK_DGRAM),  # noqa: S104 -- only asks which port is free
        f"{cast.host}:{free_port(cast.host, socket.SOCK_DGRAM)}",
    )


async def parley(*arguments: str) -> str:
    """Run one `parley` command to its end and return what it printed; `StageFault` with its own message if it failed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "parley.cli.main",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    if process.returncode:
        raise StageFault(f"parley {' '.join(arguments[:2])} failed: {err.decode().strip() or out.decode().strip()}")
    return out.decode()


async def make_side(side: Side, other_dials: str, rate_kbit: int) -> None:
    """`parley init` and `parley seat add`; `other_dials` is the address the other node reaches this one by."""
    outward = outward_address()
    hosts = [side.cast.host, *([outward] if outward else [])]
    await parley(
        "init",
        str(side.folder),
        "--name",
        f"en={side.cast.english}",
        "--name",
        f"ko={side.cast.korean}",
        "--listen",
        side.url,
        "--media-bind",
        # With an outward address the media port must be open on both; the demo's seats still need their one-time links.
        f"{'0.0.0.0' if outward else side.cast.host}:{side.media_port}",  # noqa: S104
        *(item for host in hosts for item in ("--media-host", host)),
        "--line-bind",
        side.line_addr,
        "--line-addr",
        other_dials,
        "--rate",
        str(rate_kbit),
    )
    for chair in side.cast.chairs:
        printed = await parley("seat", "add", str(side.folder), "--name", chair.name, "--role", chair.role, "--json")
        side.seats.append((chair, msgspec.json.decode(printed)))


async def pair_sides(one: Side, two: Side) -> str:
    """Exchange the cards both ways, compare the numbers as two operators would by voice, confirm; returns the number."""
    numbers: list[str] = []
    for own, other in ((one, two), (two, one)):
        card = (await parley("card", str(other.folder))).strip()
        numbers.append("".join(c for c in await parley("pair", str(own.folder), card) if c.isdigit())[-60:])
    if numbers[0] != numbers[1]:
        raise StageFault(f"the two sides computed different numbers: {numbers[0]} and {numbers[1]}")
    for side in (one, two):
        await parley("pair", "confirm", str(side.folder), "--yes")
    return numbers[0]


async def serve(side: Side) -> None:
    """Start `parley serve` and wait until it says that it accepts; its log goes to `serve.log` in the side's folder."""
    log = (side.folder / "serve.log").open("ab")
    try:
        side.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "parley.cli.main",
            "serve",
            str(side.folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            process_group=0,  # Ctrl-C in the terminal reaches the demo, which then ends its nodes in order.
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    finally:
        log.close()
    assert side.process.stdout is not None
    try:
        while line := await asyncio.wait_for(side.process.stdout.readline(), READY_SECONDS):
            if line.startswith(b"ready"):
                return
    except TimeoutError:
        pass
    tail = (side.folder / "serve.log").read_text(errors="replace").strip().splitlines()[-5:]
    raise StageFault(f"the node of {side.cast.english} did not start. The end of its log:\n" + "\n".join(tail))


async def stop(side: Side) -> None:
    """SIGTERM, and SIGKILL if it has not gone after five seconds."""
    process = side.process
    if process is None or process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
