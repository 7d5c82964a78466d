"""Two sides as they really run: two `parley serve` processes, the emulated line between them, seats, robots.

Made of the demo's own building blocks, so that what the tests stand on is what `make demo` stands on. Side "a" is Seoul
on 127.0.0.1, side "b" Pyongyang on 127.0.0.2.
"""

import asyncio
import secrets
import shutil
import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import msgspec
from playwright.async_api import Browser
from tests.e2e.rig.person import Person, person, until

from parley.core.ids import Role
from parley.core.inputs import AddSeat
from parley.demo.cast import Cast, Chair
from parley.demo.robots import robot_program
from parley.demo.stage import Side, make_side, pair_sides, plan_side, serve, stop
from parley.demo.wire import LineShape, Wire
from parley.runtime.desk import LiveDesk
from parley.runtime.folder import SideFolder
from parley.web.door import digest, new_secret

Seat = dict[str, Any]


class Talks:
    """Both sides of one talks. `numbers` counts persons, so that each has a code and a tone of its own."""

    def __init__(self, sides: dict[str, Side], wire: Wire, browser: Browser, folder: Path) -> None:
        self.sides = sides
        self.wire = wire
        self.browser = browser
        self.folder = folder
        self._numbers = 0
        self._robots: list[asyncio.subprocess.Process] = []

    async def status(self, side: str) -> dict[str, Any]:
        """`parley status --json` of a side."""
        return await asyncio.to_thread(self.desk(side).status)

    def desk(self, side: str) -> LiveDesk:
        """The operator's desk of a running node; its calls block, so use a thread."""
        return LiveDesk(SideFolder(self.sides[side].folder))

    async def seat(self, side: str, role: str = "delegate", name: str = "") -> Seat:
        """A new seat with its one-time link."""
        self._numbers += 1
        name = name or f"{role.title()} {side.upper()}{self._numbers}"
        token, made = new_secret(), secrets.token_hex(8)
        await asyncio.to_thread(self.desk(side).ask, AddSeat(made, name, cast(Role, role), digest(token)))
        return {"id": made, "name": name, "role": role, "link": f"{self.sides[side].url}/join#{token}"}

    async def person(self, side: str, role: str = "delegate", number: int | None = None) -> Person:
        """A person with a seat and a window, not yet joined. Tones repeat after six persons."""
        seat = await self.seat(side, role)
        return await person(self.browser, side, seat, (self._numbers if number is None else number) % 6)

    async def robots(self, side: str, count: int, **how: Any) -> list[Seat]:
        """Robots on new seats of a side, in one process; `how` as in the robots' seats file."""
        seats = [await self.seat(side, how.pop("role", "delegate"), f"Robot {side}{number}") for number in range(count)]
        listing = self.folder / f"robots-{side}-{len(self._robots)}.json"
        listing.write_bytes(msgspec.json.encode([{"link": seat["link"], **how} for seat in seats]))
        log = (self.folder / f"{listing.stem}.log").open("ab")
        with log:
            self._robots.append(
                await asyncio.create_subprocess_exec(
                    robot_program(), "--seats", str(listing), "--json", stdout=log, stderr=log
                )
            )
        await self.present(side, *seats)
        return seats

    async def robots_leave(self) -> None:
        """All robots go."""
        for process in self._robots:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        self._robots.clear()

    async def present(self, side: str, *seats: Seat) -> None:
        """Wait until these seats are taken."""
        wanted = {seat["id"] for seat in seats}
        await until(
            f"{len(wanted)} seats of side {side} are taken",
            lambda: self.status(side),
            lambda status: wanted <= {seat["id"] for seat in status["seats"] if seat["present"]},
        )

    async def linked(self) -> None:
        """Wait until both nodes say that the line is up."""
        await self.both("line", "linked")

    async def meeting(self, state: str) -> None:
        """Wait until both nodes say that the meeting is in this state."""
        await self.both("meeting", state)

    async def both(self, what: str, state: str) -> None:
        """Wait until the status of both nodes says this of the line or the meeting."""

        async def states() -> list[str]:
            return [(await self.status(side))[what]["state"] for side in self.sides]

        await until(f"{what} of both sides is {state}", states, lambda found: found == [state] * len(found))

    async def opened_by(self, proposer: Person, accepter: Person) -> None:
        """Both heads open the meeting by their own acts."""
        await self.linked()
        await proposer.press("propose")
        await accepter.press("accept")
        await self.meeting("open")

    async def kill(self, side: str) -> None:
        """`kill -9` of a node."""
        process = self.sides[side].process
        assert process is not None
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def start(self, side: str) -> None:
        """Start a side's node again."""
        await serve(self.sides[side])


def _cast(english: str, korean: str, folder: str, host: str) -> Cast:
    return Cast(english, korean, folder, host, (Chair(f"Clerk of {english}", "recorder"),))


@dataclass(frozen=True)
class Mould:
    """Two sides made and paired by the operator's commands once, and the wire between their ports; tests run copies."""

    one: Side
    two: Side
    wire: Wire


async def mould(folder: Path) -> Mould:
    """Make two sides and pair them."""
    one = plan_side(_cast("Seoul", "서울", "seoul", "127.0.0.1"), folder)
    two = plan_side(_cast("Pyongyang", "평양", "pyongyang", "127.0.0.2"), folder)
    wire = Wire(one.line_addr, two.line_addr, LineShape(), seed=1)
    await asyncio.gather(make_side(one, wire.end_for_b, 0), make_side(two, wire.end_for_a, 0))
    await pair_sides(one, two)
    return Mould(one, two, wire)


async def begin(made: Mould, folder: Path, browser: Browser, ending: AsyncExitStack) -> Talks:
    """Serve copies of the two sides over a free line; everything is ended by `ending`."""
    sides = {
        name: replace(side, folder=Path(shutil.copytree(side.folder, folder / side.folder.name)), process=None)
        for name, side in (("a", made.one), ("b", made.two))
    }
    made.wire.restore()
    made.wire.rate(0)
    talks = Talks(sides, made.wire, browser, folder)
    for side in sides.values():
        ending.push_async_callback(stop, side)
    await asyncio.gather(*(serve(side) for side in sides.values()))
    ending.push_async_callback(talks.robots_leave)
    await talks.linked()
    return talks
