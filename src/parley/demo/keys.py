"""The keys of the demo: single letters in the terminal that cut the line and mend it while the talks go on."""

import asyncio
import contextlib
import sys
import termios
import tty
from collections.abc import Awaitable, Callable, Generator

HELP = "keys: c cut · r restore · o one-way · + / - double or halve the rate · s status · q quit"


@contextlib.contextmanager
def single_letters() -> Generator[bool]:
    """Letters arrive without Enter while this holds; False where the input is no terminal. The terminal is always given back."""
    if not sys.stdin.isatty():
        yield False
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield True
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


async def listen(act: Callable[[str], Awaitable[None]]) -> None:
    """Call `act` with each letter typed, for ever."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        letter = sys.stdin.read(1)
        if letter:
            typed.put_nowait(letter)
        else:
            loop.remove_reader(sys.stdin)

    loop.add_reader(sys.stdin, read)
    try:
        while True:
            await act(await typed.get())
    finally:
        loop.remove_reader(sys.stdin)
