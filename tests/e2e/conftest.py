"""The browser of the tests, and talks for each test: real nodes, a real line, real pages. Two cores carry four pages."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright
from tests.e2e.rig.talks import Mould, Talks, begin, mould

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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def paired(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Mould]:
    """Two sides made and paired once; a test serves copies of them."""
    made = await mould(tmp_path_factory.mktemp("paired"))
    yield made
    made.wire.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def talks(browser: Browser, paired: Mould, tmp_path: Path) -> AsyncGenerator[Talks]:
    """Talks over a free line."""
    async with AsyncExitStack() as ending:
        yield await begin(paired, tmp_path, browser, ending)
        for context in list(browser.contexts):
            await context.close()
