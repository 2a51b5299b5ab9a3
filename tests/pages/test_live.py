"""The live site: a save shows soon, a mistake is shown above the last good page."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from generator.pages.live import POLL_SECONDS, Live, serve
from generator.pages.site import SiteError
from tests.pages.test_site import make_root

ENGLISH = """\
site_name: Assessment
docs_dir: docs/en
theme: {name: material, language: en, font: false}
"""

SOON = 5.0
"""Seconds; generous, for a busy machine: on a quiet one it takes about one."""


class City:
    """A city whose one page repeats its one file of data; "bad" in it is a problem."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / "data/songhe.yaml"
        self.data.parent.mkdir()
        self.data.write_text("first")
        self.heard: list[str] = []

    def refresh(self) -> str:
        said = self.data.read_text()
        if said == "bug":
            raise ValueError(said)
        if said.startswith("bad"):
            return f"data/songhe.yaml:1:1: {said}"
        page = self.root / "docs/results/2025/index.md"
        page.write_text(f"# 排名\n\n{said}\n", encoding="utf-8")
        return ""


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(make_root(tmp_path / "市"))


@pytest.fixture
def get(city: City, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    live = Live(city.root, tmp_path, "127.0.0.1", 0, city.refresh, city.heard.append)
    live.rebuild()
    thread = threading.Thread(target=live.serve)
    thread.start()
    until(live.serve_thread.is_alive)

    def get(address: str) -> str:
        with urlopen(f"http://127.0.0.1:{live.server_port}/{address}") as answer:
            return str(answer.read().decode())

    yield get
    live.shutdown(wait=True)
    thread.join()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_save_shows_and_the_search_keeps_every_page(
    city: City, get: Callable[[str], str]
) -> None:
    assert "first" in get("results/2025/")
    city.data.write_text("second")
    until(lambda: "second" in get("results/2025/"))
    until(lambda: len(city.heard) > 1)
    index = json.loads(get("search/search_index.json"))["docs"]
    assert {entry["location"] for entry in index} == {"", "results/2025/"}
    time.sleep(3 * POLL_SECONDS)
    assert city.heard == ["", ""], "one save is one round, although rendering writes below docs/"


def test_english_pages_show_a_save_too(city: City, tmp_path: Path) -> None:
    (city.root / "mkdocs.en.yml").write_text(ENGLISH, encoding="utf-8")
    page = city.root / "docs/en/results/2025/index.md"
    page.parent.mkdir(parents=True)

    def refresh() -> str:
        page.write_text(f"# Ranking\n\nin English: {city.data.read_text()}\n", encoding="utf-8")
        return city.refresh()

    shown = tmp_path / "site/en/results/2025/index.html"
    live = Live(city.root, tmp_path, "127.0.0.1", 0, refresh, city.heard.append)
    try:
        for said in ("first", "second"):
            city.data.write_text(said)
            live.rebuild()
            assert f"in English: {said}" in shown.read_text(encoding="utf-8")
        (city.root / "docs/new.md").write_text("# 新\n", encoding="utf-8")
        live.rebuild()  # builds all of the Chinese site anew, around the English one
        assert shown.is_file()
        assert not (tmp_path / "site/en/new").exists()
        assert city.heard == ["", "", ""]
    finally:
        live.server_close()


def test_a_mistake_is_shown_above_the_last_good_page(city: City, get: Callable[[str], str]) -> None:
    city.data.write_text("bad <b>")
    until(lambda: 'role="alert"' in get("results/2025/"))
    page = get("results/2025/")
    assert "bad &lt;b&gt;" in page
    assert "first" in page
    assert city.heard[-1] == "data/songhe.yaml:1:1: bad <b>"
    city.data.write_text("mended")
    until(lambda: "mended" in get("results/2025/"))
    assert 'role="alert"' not in get("results/2025/")


def test_it_outlives_a_bug(city: City, get: Callable[[str], str]) -> None:
    city.data.write_text("bug")
    until(lambda: "ValueError: bug" in get(""))


def test_hand_written_pages_are_watched_and_a_new_one_appears(
    city: City, get: Callable[[str], str]
) -> None:
    (city.root / "docs/about.md").write_text("# 关于\n\n[断](nowhere.md)\n", encoding="utf-8")
    until(lambda: "nowhere.md" in get(""))
    assert "关于" in get("about/")


def never() -> None:
    """No address of these tests ever answers."""
    pytest.fail("it answers")


def test_says_when_the_port_is_taken(city: City, get: Callable[[str], str], tmp_path: Path) -> None:
    port = int(get.__closure__[0].cell_contents.server_port)  # type: ignore[index]
    with pytest.raises(SiteError, match="another port"):
        serve(city.root, "127.0.0.1", port, city.refresh, city.heard.append, never)
    assert not city.heard[1:]


@pytest.mark.parametrize("host", ["a" * 70, ".", "300.1.1.1", "nobody.invalid"])
def test_a_host_that_cannot_be_is_said(city: City, host: str) -> None:
    with pytest.raises(SiteError) as error:
        serve(city.root, host, 8000, city.refresh, city.heard.append, never)
    assert error.value.message.args["host"] == host


def test_the_address_is_named_when_it_answers(city: City, tmp_path: Path) -> None:
    answers = list[str]()

    def ready() -> None:
        with socket.create_connection(("127.0.0.1", live.server_port), timeout=5):
            answers.append("ready")

    live = Live(city.root, tmp_path / "l", "127.0.0.1", 0, city.refresh, city.heard.append, ready)
    live.server_bind()
    with pytest.raises(OSError):  # noqa: PT011 - taken, and nobody listens yet
        socket.create_connection(("127.0.0.1", live.server_port), timeout=5)
    live.rebuild()
    thread = threading.Thread(target=live.serve)
    thread.start()
    until(lambda: answers == ["ready"] and live.serve_thread.is_alive())
    live.shutdown(wait=True)
    thread.join()


def test_what_breaks_is_shown_without_a_number_of_a_person(city: City, tmp_path: Path) -> None:
    def broken() -> str:
        raise ValueError("no 13812345678")

    live = Live(city.root, tmp_path / "live", "127.0.0.1", 0, broken, city.heard.append)
    live.rebuild()
    live.server_close()
    assert city.heard == ["ValueError: no 138***"]
