"""`parley demo`: two sides made, paired and served on this machine, links printed, the line in your hands.

Order: options → stage (folders, pairing) → wire → nodes → links → robots. Whatever was started is ended in the opposite
order, also on Ctrl-C and SIGTERM, and a folder the demo made itself is removed.
"""

import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from parley.demo import keys
from parley.demo.cast import casting
from parley.demo.control import Control, control_server
from parley.demo.robots import start_robots
from parley.demo.stage import Side, StageFault, make_side, pair_sides, parley, plan_side, serve, stop
from parley.demo.wire import LineFault, LineShape, Wire

MAX_ROBOTS = 12


@dataclass(frozen=True)
class DemoOptions:
    """What the person asked for."""

    delegates: int
    line: LineShape
    closed: bool
    json_path: Path | None
    folder: Path | None
    control_port: int
    seed: int


def demo_command(
    *,
    delegates: int = 0,
    line: str = "free",
    closed: bool = False,
    json: Annotated[Path | None, Parameter(name="--json")] = None,
    folder: Annotated[Path | None, Parameter(name="--dir")] = None,
    control_port: int = 0,
    seed: int = 1,
) -> int:
    """Run two sides, Seoul and Pyongyang, with a line between them on this machine.

    Parameters
    ----------
    delegates
        Robots that take seats on each side, so that one person alone sees a full table (0 to 12).
    line
        The line between the nodes: rate, one-way delay, loss. For example 2mbit,50ms,1%.
    closed
        Leave the meeting closed, for heads to propose and accept by hand.
    json
        Write addresses and links to this file once everything is ready.
    folder
        Keep the two sides in this folder (it must not exist yet); otherwise they vanish at the end.
    control_port
        Port of the line's control on 127.0.0.1; 0 takes a free one.
    seed
        Seed of the line's chance.
    """
    if not 0 <= delegates <= MAX_ROBOTS:
        return _complain(f"--delegates {delegates}: between 0 and {MAX_ROBOTS} robots fit a side")
    try:
        shape = LineShape.read(line)
    except LineFault as fault:
        return _complain(f"--line: {fault}")
    if folder is not None and folder.exists():
        return _complain(f"--dir {folder}: something is there already; name a folder that does not exist")
    options = DemoOptions(delegates, shape, closed, json, folder, control_port, seed)
    return asyncio.run(_until_asked_to_stop(options))


def _complain(sentence: str) -> int:
    print(f"parley demo: {sentence}.", file=sys.stderr)
    return 2


async def _until_asked_to_stop(options: DemoOptions) -> int:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, asked.set)
    work = asyncio.create_task(_demo(options, asked))
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not work.done():
        work.cancel()
    try:
        await work
    except asyncio.CancelledError:
        return 0
    except (StageFault, OSError) as fault:
        print(f"parley demo: {fault}", file=sys.stderr)
        return 1
    return 0


async def _demo(options: DemoOptions, asked: asyncio.Event) -> None:
    async with contextlib.AsyncExitStack() as ending:
        base = options.folder or Path(tempfile.mkdtemp(prefix="parley-demo-"))
        base.mkdir(parents=True, exist_ok=True)
        if options.folder is None:
            ending.callback(shutil.rmtree, base, ignore_errors=True)
        sides, wire, control = await _set_the_stage(options, base, ending)
        _print_links(sides, wire, control)
        for index, side in enumerate(sides):
            robots = await start_robots(side, index, proposes=index == 0, opens=not options.closed)
            if robots:
                ending.push_async_callback(_end, robots)
        if options.json_path:
            _write_json(options.json_path, sides, control)
        await _attend(sides, wire, asked)


async def _set_the_stage(
    options: DemoOptions, base: Path, ending: contextlib.AsyncExitStack
) -> tuple[tuple[Side, Side], Wire, str]:
    one, two = (plan_side(cast, base) for cast in casting(options.delegates))
    wire = Wire(one.line_addr, two.line_addr, options.line, options.seed)
    ending.callback(wire.stop)
    print("making two sides and pairing them", flush=True)
    await make_side(one, wire.end_for_b, options.line.rate_kbit)
    await make_side(two, wire.end_for_a, options.line.rate_kbit)
    number = await pair_sides(one, two)
    print("the number both operators compared: " + " ".join(number[i : i + 5] for i in range(0, 60, 5)), flush=True)
    for side in (one, two):
        await serve(side)
        ending.push_async_callback(stop, side)

    async def set_rate(kbit: int) -> None:
        wire.rate(kbit)
        for side in (one, two):
            await parley("rate", str(side.folder), str(kbit))

    server, bound, address = control_server(Control(wire, set_rate), options.control_port)
    serving = asyncio.create_task(server._serve([bound]))  # pyright: ignore[reportPrivateUsage] -- serve() would take the signals

    async def close() -> None:
        server.should_exit = True
        await serving

    ending.push_async_callback(close)
    return (one, two), wire, address


def _print_links(sides: tuple[Side, Side], wire: Wire, control: str) -> None:
    for side in sides:
        print(f"\n{side.cast.english} {side.cast.korean}")
        for chair, seat in side.seats:
            if not chair.robot:
                print(f"  {chair.role:<9} {seat['link']}")
    print("\nEach link opens once, in the browser that is to have the seat. Open one of each side.")
    if not any(chair.robot for side in sides for chair, _ in side.seats):
        print("To see a full table alone: make demo ARGS='--delegates 3'")
    print(f"line: {wire.shape.words()} · control {control} (POST /cut /restore /one-way /rate?kbit=)")
    print(keys.HELP if sys.stdin.isatty() else "Ctrl-C ends the demo and leaves nothing behind.", flush=True)


def _write_json(path: Path, sides: tuple[Side, Side], control: str) -> None:
    content: dict[str, Any] = {
        "sides": [
            {
                "name": {"en": side.cast.english, "ko": side.cast.korean},
                "dir": str(side.folder),
                "url": side.url,
                "seats": [
                    {"name": chair.name, "role": chair.role, "link": seat["link"]}
                    for chair, seat in side.seats
                    if not chair.robot
                ],
            }
            for side in sides
        ],
        "line": {"control": control},
    }
    # Whole or not at all: who waits for the file never reads half of it.
    part = path.with_name(path.name + ".part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(content)))
    part.replace(path)


async def _attend(sides: tuple[Side, Side], wire: Wire, asked: asyncio.Event) -> None:
    """Obey the keys until asked to stop, or until a node ends by itself, which is an error."""

    async def act(letter: str) -> None:
        match letter:
            case "c":
                wire.cut()
            case "r":
                wire.restore()
            case "o":
                wire.one_way("a")
            case "+" | "-":
                wire.rate(max(16, round((wire.shape.rate_kbit or 10_000) * (2 if letter == "+" else 0.5))))
            case "q":
                asked.set()
            case _:
                pass
        print(f"line {wire.state}: {wire.shape.words()}", flush=True)

    with keys.single_letters() as terminal:
        tasks: list[asyncio.Task[Any]] = [asyncio.create_task(asked.wait())]
        tasks += [asyncio.create_task(side.process.wait()) for side in sides if side.process]
        if terminal:
            tasks.append(asyncio.create_task(keys.listen(act)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    for side in sides:
        if side.process and side.process.returncode is not None and not asked.is_set():
            raise StageFault(f"the node of {side.cast.english} ended by itself; its log is {side.folder / 'serve.log'}")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
