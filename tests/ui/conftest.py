"""A browser, an Airflow for it whose users sign in, and an emulator with its page."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright

from scripts.stack import CONNECTION, Stack
from tests.system.documented import settings
from tests.ui.connection_page import ConnectionPage

#: The first two may read connections.
ROLES = ("admin", "op", "user", "viewer")
#: The browser runs as root in containers, and asks nobody but the page's server for anything.
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds for anything that the page does, on a machine that does other things too.
PATIENCE = 60_000
#: Pixels around a part of a picture.
MARGIN = 12


#: Takes the profile's folder and options of the context.
Chromium = Callable[..., BrowserContext]


class Picture(Protocol):
    """Takes a picture of a page, or a part of it, under a name."""

    def __call__(
        self, what: Page | Locator, name: str, *, top: Locator | None = None, bottom: Locator | None = None
    ) -> None:
        """Take it.

        :param top: what it begins with; None for the upper edge.
        :param bottom: what it ends with; None for the lower edge.
        """


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the pictures go."""
    parser.addoption("--pictures", type=Path, help="folder that takes the documentation's pictures")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A healthy Airflow without DAGs, with task logs in the account `lake` of an emulator."""
    folder = tmp_path_factory.mktemp("stack")
    (dags := folder / "dags").mkdir()
    with Stack(folder, dags, "lake", roles=ROLES) as stack:
        stack.environment |= settings("how-to/logs.md")
        stack.start()
        yield stack


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Starts Chromium, with a profile of its own in a folder."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert executable, "Chromium is needed: CHROMIUM names it"
    with sync_playwright() as playwright, contextlib.ExitStack() as stack:

        def start(profile: Path, **options: Any) -> BrowserContext:
            context = playwright.chromium.launch_persistent_context(
                profile, executable_path=executable, args=ARGUMENTS, reduced_motion="reduce", **options
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return context

        # What is expected of a page has a patience of its own, of five seconds.
        expect.set_options(timeout=PATIENCE)

        yield start


@pytest.fixture(scope="session")
def browser(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> BrowserContext:
    """The browser of Airflow's pages."""
    return chromium(tmp_path_factory.mktemp("browser"), viewport={"width": 960, "height": 640})


@pytest.fixture(scope="session")
def signed_in(browser: BrowserContext, stack: Stack) -> Page:
    """The page of an admin."""
    page = browser.pages[0]
    page.goto(stack.api.url)
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(stack.passwords["admin"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Home").first.wait_for()
    return page


@pytest.fixture
def connections(signed_in: Page, stack: Stack) -> Iterator[ConnectionPage]:
    """The page of the connections, freshly opened; what a test stores is gone after it."""
    yield ConnectionPage(signed_in, stack.api.url)
    admin = stack.api.signed_in("admin", stack.passwords["admin"])
    for stored in admin.call("GET", "connections", limit=100)["connections"]:
        if stored["connection_id"] != CONNECTION:
            admin.call("DELETE", f"connections/{stored['connection_id']}")


@pytest.fixture
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Picture:
    """Takes pictures into the folder that was asked for."""
    folder: Path = request.config.getoption("--pictures") or tmp_path
    folder.mkdir(parents=True, exist_ok=True)

    def take(
        what: Page | Locator, name: str, *, top: Locator | None = None, bottom: Locator | None = None
    ) -> None:
        file = folder / f"{name}.png"
        what.screenshot(path=file, animations="disabled", caret="hide")
        edge = what.bounding_box()["y"] if isinstance(what, Locator) else 0
        with Image.open(file) as image:
            first = round(top.bounding_box()["y"] - edge) - MARGIN if top else 0
            last = image.height
            if bottom:
                box = bottom.bounding_box()
                last = round(box["y"] + box["height"] - edge) + MARGIN
            part = image.convert("RGB").crop((0, first, image.width, last))
            few_colours = part.quantize(128, dither=Image.Dither.NONE)
        few_colours.save(file, optimize=True)

    return take
