"""The browser of the tests, and talks for each test: real nodes, a real line, real pages. Two cores carry four pages."""

import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.e2e.rig.talks import Talks, begin

from parley.demo.wire import LineShape

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]

Begin = Callable[..., Awaitable[Talks]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all: the browser outlives a test."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Chromium of the system; `make e2e` has installed it."""
    program = shutil.which("chromium")
    assert program, "chromium is missing: run this by `make e2e`"
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def begin_talks(browser: Browser, tmp_path: Path) -> AsyncGenerator[Begin]:
    """Begins talks over a line of a given shape; all ends with the test."""
    async with AsyncExitStack() as ending:

        async def make(shape: LineShape | None = None) -> Talks:
            return await begin(tmp_path, browser, ending, shape)

        yield make
        for context in list(browser.contexts):
            await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def talks(begin_talks: Begin) -> Talks:
    """Talks over a free line."""
    return await begin_talks()
