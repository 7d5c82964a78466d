"""A person before a screen of Parley: a real page, whose camera shows a code of its own and whose microphone a tone of its own.

What one person sends is recognised at another one's screen: `sees` reads the code back from the playing picture, `hears`
finds the tone in what the page plays. Both wait; neither measures speed.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, BrowserContext, Page

PAGE_SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")
TONES = (441, 627, 871, 1193, 1531, 1873)
HEARD_DB = -55.0
PATIENCE_S = 25.0


T = TypeVar("T")


class Unseen(AssertionError):
    """Something that should have shown itself on a screen did not; the text tells what was there instead."""


async def until(
    what: str, look: Callable[[], Awaitable[T]], good: Callable[[T], bool], patience: float = PATIENCE_S
) -> T:
    """Look again and again until it is good; `Unseen` with the last thing seen when patience ends."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + patience
    while True:
        seen = await look()
        if good(seen):
            return seen
        if loop.time() > ends:
            raise Unseen(f"{what}: still {seen!r} after {patience:g} s")
        await asyncio.sleep(0.1)


@dataclass
class Person:
    """One person at one seat. `number` chooses code and tone; `side` is "a" or "b"."""

    side: str
    seat: str
    role: str
    link: str
    number: int
    context: BrowserContext
    page: Page

    @property
    def code(self) -> int:
        """What the camera shows."""
        return 0b01010001 + 37 * self.number & 0xFF

    @property
    def tone(self) -> int:
        """What the microphone sends, in Hz."""
        return TONES[self.number]

    def rig(self, call: str, *given: object) -> Awaitable[Any]:
        """Ask the script in the page."""
        return self.page.evaluate(f"(given) => window.rig.{call}(...given)", list(given))

    async def join(self, *devices: str) -> None:
        """Open the link, enter, and switch these devices on ("mic", "camera")."""
        await self.page.goto(self.link)
        await self.enter(*devices)

    async def enter(self, *devices: str) -> None:
        """Press the one button that enters, then the devices' buttons that are not yet on."""
        await self.page.locator(button("join")).click()
        await self.page.locator(button("mic")).wait_for()
        for device in devices:
            control = self.page.locator(button(device))
            if await control.get_attribute("aria-pressed") != "true":
                await control.click()
            await self.page.locator(f'{button(device)}[aria-pressed="true"]').wait_for()

    async def press(self, act: str) -> None:
        """Press the button of an act, once it is there."""
        await self.page.locator(button(act)).click()

    def at(self, other: "Person") -> str:
        """The half of this person's screen where the other sits."""
        return "own" if self.side == other.side else "other"

    async def picture(self, other: "Person", kind: str = "video") -> dict[str, Any] | None:
        """What this screen shows of the other now."""
        return await self.rig("picture", self.at(other), other.seat, kind)

    async def sees(self, other: "Person", kind: str = "video") -> None:
        """Wait until the other's own code is on this screen and moves."""
        code = other.code if kind == "video" else other.code ^ 0xFF
        first = await until(
            f"{self.seat} sees {kind} of {other.seat}",
            lambda: self.picture(other, kind),
            lambda seen: seen is not None and seen["code"] == code,
        )
        assert first is not None
        await until(
            f"{kind} of {other.seat} moves",
            lambda: self.picture(other, kind),
            lambda seen: seen is not None and seen["code"] == code and seen["frames"] >= first["frames"] + 5,
        )

    async def loudness(self, *others: "Person") -> list[float]:
        """How loud each of these persons' tones is here, in dBFS."""
        return await self.rig("loudness", [other.tone for other in others])

    async def hears(self, *others: "Person") -> None:
        """Wait until each of these persons' tones is in what this page plays."""
        await until(
            f"{self.seat} hears {[other.tone for other in others]} Hz",
            lambda: self.loudness(*others),
            lambda levels: all(level > HEARD_DB for level in levels),
        )

    async def hears_nothing_of(self, *others: "Person") -> None:
        """Wait until none of these tones is there."""
        await until(
            f"{self.seat} hears nothing of {[other.tone for other in others]} Hz",
            lambda: self.loudness(*others),
            lambda levels: all(level < HEARD_DB - 15 for level in levels),
        )

    async def leave(self) -> None:
        """Close the window."""
        await self.context.close()


def button(act: str) -> str:
    """The selector of a button by what it does, whatever language it speaks."""
    return f'button:is([data-act="{act}"],[data-kind="{act}"])'


async def person(browser: Browser, side: str, seat: dict[str, Any], number: int) -> Person:
    """Give a seat's person a window of their own."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 960, "height": 600})
    page = await context.new_page()
    made = Person(side, seat["id"], seat["role"], seat["link"], number, context, page)
    who = json.dumps({"code": made.code, "tone": made.tone})
    await page.add_init_script(f"{{ const PERSON = {who};\n{PAGE_SCRIPT}\n}}")
    return made
