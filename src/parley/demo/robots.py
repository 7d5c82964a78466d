"""The robots of the demo: delegates without a person, one `parley-robot` process a side, real media through the real engine."""

import asyncio
import shutil
import sys
from pathlib import Path

import msgspec

from parley.demo.stage import Side, StageFault

CAMERA = "640x360@12"


def robot_program() -> str:
    """Where `parley-robot` is: beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "parley-robot"
    found = str(beside) if beside.exists() else shutil.which("parley-robot")
    if not found:
        raise StageFault(
            "the robots' program parley-robot is not installed here; `make build` installs it. Or run without --delegates."
        )
    return found


async def start_robots(side: Side, index: int, proposes: bool, opens: bool) -> asyncio.subprocess.Process | None:
    """Seat the robots of one side; `opens`: their head opens the meeting (`proposes`) or accepts its opening by its own act."""
    seats = [(chair, seat) for chair, seat in side.seats if chair.robot]
    if not seats:
        return None
    listing = side.folder / "robots.json"
    listing.write_bytes(
        msgspec.json.encode(
            [
                {
                    "link": seat["link"],
                    "name": chair.name,
                    "camera": CAMERA,
                    "voice": "speech",
                    # One numbering over both sides, so that one robot at a time has the word.
                    "number": index * len(seats) + number,
                    "of": 2 * len(seats),
                    "seed": index * len(seats) + number,
                    "propose_open": opens and proposes and chair.role == "head",
                    "accept_open": opens and not proposes and chair.role == "head",
                }
                for number, (chair, seat) in enumerate(seats)
            ]
        )
    )
    log = (side.folder / "robots.log").open("ab")
    try:
        return await asyncio.create_subprocess_exec(
            robot_program(),
            "--seats",
            str(listing),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,
        )
    finally:
        log.close()
