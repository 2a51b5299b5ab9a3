"""Work done by two processes is the work done by one, whatever becomes of the second."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

import pytest

from generator.pages.render import pages
from generator.review import judge
from generator.review.judge import MANY, done
from generator.words.messages import catalogue
from tests import small_city

HOME = os.getpid()


def numbered(number: int) -> Iterator[tuple[int, bool]]:
    """Two values each, and whether the second process made them."""
    for half in range(2):
        yield 2 * number + half, os.getpid() != HOME


def many(part: Callable[[int], Iterator[tuple[int, bool]]]) -> list[tuple[int, bool]]:
    return done([partial(part, number) for number in range(MANY)])


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(judge, "active_count", lambda: 1)


def test_both_take_their_share_and_the_order_stays() -> None:
    def slowly(number: int) -> Iterator[tuple[int, bool]]:
        sleep(0.002)  # the second process must have begun before all tickets are gone
        return numbered(number)

    values, seconds = zip(*many(slowly), strict=True)
    assert values == tuple(range(2 * MANY))
    assert set(seconds) == {False, True}


def test_few_parts_are_done_here() -> None:
    assert done([partial(numbered, 0), partial(numbered, 1)]) == [(n, False) for n in range(4)]


@pytest.mark.parametrize(("threads", "alone"), [(2, False), (1, True)])
def test_beside_another_thread_or_alone_all_is_done_here(
    monkeypatch: pytest.MonkeyPatch, threads: int, alone: bool
) -> None:
    monkeypatch.setattr(judge, "active_count", lambda: threads)
    parts = [partial(numbered, number) for number in range(MANY)]
    assert done(parts, alone=alone) == [(number, False) for number in range(2 * MANY)]


def ended() -> None:
    os._exit(1)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_while_it_answers() -> None:
    def half(self: Connection, data: bytes, write: object = None) -> None:
        os.write(self.fileno(), bytes(data)[: len(data) // 2])
        killed()

    Connection._send = half  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", [ended, killed, killed_while_it_answers])
@pytest.mark.parametrize("after", [0, 20])
def test_where_the_second_process_ends_early_its_share_is_made_up_for(
    end: Callable[[], None], after: int, capfd: pytest.CaptureFixture[str]
) -> None:
    def deadly(number: int) -> Iterator[tuple[int, bool]]:
        if os.getpid() != HOME and number >= after:
            end()
        sleep(0.001)
        return numbered(number)

    values, _ = zip(*many(deadly), strict=True)
    assert values == tuple(range(2 * MANY))
    assert capfd.readouterr() == ("", "")


def test_where_the_first_process_is_killed_the_second_one_ends(tmp_path: Path) -> None:
    def slowly(number: int) -> Iterator[tuple[int, bool]]:
        (tmp_path / str(os.getpid())).touch()
        sleep(0.05)
        return numbered(number)

    first = os.fork()
    if not first:
        many(slowly)
        os._exit(0)
    while len(list(tmp_path.iterdir())) < 2:
        sleep(0.01)
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    (second,) = (int(path.name) for path in tmp_path.iterdir() if path.name != str(first))
    for _ in range(200):
        if not (status := Path(f"/proc/{second}/stat")).exists() or " Z " in status.read_text():
            return
        sleep(0.05)
    pytest.fail("it is still there")


def test_what_goes_wrong_is_heard_once(capfd: pytest.CaptureFixture[str]) -> None:
    def wrong(number: int) -> Iterator[tuple[int, bool]]:
        if number == MANY - 1:
            raise LookupError("no such page")
        return numbered(number)

    with pytest.raises(LookupError, match="no such page"):
        many(wrong)
    assert capfd.readouterr() == ("", "")


def test_pages_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    city, years, words = small_city.city(), small_city.years(), catalogue("zh")
    alone = pages(city, years, words)
    monkeypatch.setattr(judge, "MANY", 1)
    together = pages(city, years, words)
    assert list(together.items()) == list(alone.items())
