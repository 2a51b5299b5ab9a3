"""Work done by two processes is the work done by one, whatever becomes of the second."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from time import sleep

import pytest

from generator.pages.render import pages
from generator.review import second_process
from generator.review.second_process import MANY, done
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
    monkeypatch.setattr(second_process, "active_count", lambda: 1)


def test_both_take_their_share_and_the_order_stays() -> None:
    def slowly(number: int) -> Iterator[tuple[int, bool]]:
        sleep(0.002)  # the second process must have begun before all tickets are gone
        return numbered(number)

    values, seconds = zip(*many(slowly), strict=True)
    assert values == tuple(range(2 * MANY))
    assert set(seconds) == {False, True}


def test_few_parts_are_done_here() -> None:
    assert done([partial(numbered, 0), partial(numbered, 1)]) == [
        (number, False) for number in range(4)
    ]


def test_beside_another_thread_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_process, "active_count", lambda: 2)
    assert many(numbered) == [(number, False) for number in range(2 * MANY)]


def test_alone_all_is_done_here() -> None:
    parts = [partial(numbered, number) for number in range(MANY)]
    assert done(parts, alone=True) == [(number, False) for number in range(2 * MANY)]


def test_where_the_second_process_ends_early_its_share_is_made_up_for() -> None:
    def deadly(number: int) -> Iterator[tuple[int, bool]]:
        if os.getpid() != HOME:
            os._exit(1)
        return numbered(number)

    assert many(deadly) == [(number, False) for number in range(2 * MANY)]


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
    monkeypatch.setattr(second_process, "MANY", 1)
    together = pages(city, years, words)
    assert list(together.items()) == list(alone.items())
