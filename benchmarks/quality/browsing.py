"""What a page is to a reader with an aid, without a mouse, with paper: seen in a real browser.

Owns the looking. The tests and `make quality` both look with it, so that neither is kinder.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, BROWSERS)), "")
FLAGS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""A request to another host finds nobody."""

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
VISITORS: Mapping[str, Mapping[str, Any]] = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "is_mobile": True, "has_touch": True},
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Pressing Tab from the first to the last: how many there are, which were passed over,
    which do not show that they have the focus."""

    all: int
    missed: tuple[str, ...]
    unseen: tuple[str, ...]


_LAID_OUT = """() => [...document.querySelectorAll(".k-scroll, .k-figure")].every(
  (one) => one.style.contentVisibility === "visible")"""
"""Whether accessible.js is done: where what is not laid out would be, axe can only guess."""

_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page: the rule and the first place, best practices included."""
    page.wait_for_function(_LAID_OUT)
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [f"{one['id']}: {_told(one['nodes'][0]['html'])}" for one in found]


def walked(page: Page) -> Walk:
    """The page gone through by keyboard alone."""
    page.add_style_tag(content="* { transition: none !important; }")  # what is shown, at once
    count: int = page.evaluate(_MARK)
    for _ in range(2 * count + 10):
        page.keyboard.press("Tab")
        if not page.evaluate(_STEP):
            break
    count, missed, unseen = page.evaluate(_END)
    return Walk(count, tuple(map(_told, missed)), tuple(map(_told, unseen)))


def _told(element: str) -> str:
    """The beginning of an element, on one line."""
    return " ".join(element.split())[:120]


def sheets(page: Page, folder: Path) -> list[str] | None:
    """The text of each sheet of paper; None where pdftotext is not installed."""
    reader = shutil.which("pdftotext")
    if reader is None:
        return None
    page.pdf(path=folder / "page.pdf", prefer_css_page_size=True)
    command = [reader, "-layout", str(folder / "page.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


_MARK = """() => {
  const look = (e) => [e, ...(e.labels || [])].map((one) => {
    const s = getComputedStyle(one);
    return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.color,
            s.textDecorationLine, s.borderColor, s.opacity].join();
  }).join();
  const wanted = () => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')].filter((e) =>
      e.tabIndex >= 0 && !e.disabled && !(e.type === 'radio' && !e.checked)
      && e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}));
  const before = new Map(wanted().map((e) => [e, look(e)]));
  window.kWalk = {wanted, look, before, seen: new Set(), unseen: new Set()};
  return before.size;
}"""
_STEP = """() => {
  const walk = window.kWalk, e = document.activeElement;
  if (e === document.body || walk.seen.has(e)) return false;
  walk.seen.add(e);
  // Where one types, the caret shows it.
  const typed = e.matches('input:not([type]), [type=text], [type=search]');
  if (!typed && walk.before.get(e) === walk.look(e)) walk.unseen.add(e);
  return true;
}"""
# What has gone meanwhile, such as the way back to the top, need not have been reached.
_END = """() => {
  const walk = window.kWalk, name = (e) => e.outerHTML;
  const wanted = walk.wanted().filter((e) => walk.before.has(e));
  return [wanted.length, wanted.filter((e) => !walk.seen.has(e)).map(name),
          [...walk.unseen].map(name)];
}"""
