"""A real browser before the built site; every request to another host is refused and told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from benchmarks.quality.browsing import BROWSER, DESKTOP, FLAGS
from tests.conftest import ADDRESS
from tests.serving import Quiet, serving

OpenPage = Callable[..., Page]
"""Opens a page by its address, on a desk unless further arguments describe the visitor."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if not BROWSER:
                item.add_marker(pytest.mark.skip("no browser here: install chromium"))


class _Folder(Quiet, SimpleHTTPRequestHandler):
    pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the site in a folder to serve, on a server of its own."""
    with serving(partial(_Folder, directory=str(folder))) as port:
        yield f"http://127.0.0.1:{port}/{ADDRESS}/"


@pytest.fixture(scope="session")
def base(web_root: Path) -> Iterator[str]:
    with served(web_root) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[OpenPage]:
    """Opens pages, each kind of visitor in a context of its own.

    Afterwards nothing may have been asked of another host, no request may have failed, no
    script may have stumbled and the console may hold no error.
    """
    trouble: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            trouble.append(f"{request.frame.url} asks {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            trouble.append(f"{response.url} answers {response.status}")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error":
            trouble.append(f"console: {message.text}")

    def open_page(address: str = "", **visitor: Any) -> Page:
        context = browser.new_context(locale="zh-CN", **{"viewport": DESKTOP} | visitor)
        context.on("request", asked)
        context.on("response", answered)
        context.on("console", said)
        context.on("weberror", lambda event: trouble.append(f"script: {event.error}"))
        page = context.new_page()
        page.goto(base + address)
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert not trouble
