"""Feeds that any reader takes: well-formed, the same ids for ever, links that lead somewhere."""

from collections.abc import Mapping
from posixpath import join, normpath
from xml.etree import ElementTree

import pytest

from generator.pages.files import LONGEST, NAMESPACE
from generator.pages.render import pages
from generator.words.messages import catalogue
from tests import small_city

FEED = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def made() -> Mapping[str, str | bytes]:
    return pages(small_city.city(), small_city.years(), catalogue("zh"))


def parsed(content: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - our own


def feeds(made: Mapping[str, str | bytes]) -> dict[str, ElementTree.Element]:
    found = {path: content for path, content in made.items() if path.endswith("feed.xml")}
    return {path: parsed(content) for path, content in found.items()}


def test_there_is_one_for_all_one_a_year_and_one_a_township(
    made: Mapping[str, str | bytes],
) -> None:
    years = {f"results/{result.inputs.assessment.year}/feed.xml" for result in small_city.years()}
    townships = {f"townships/{one.id}/feed.xml" for one in small_city.city().townships}
    assert feeds(made).keys() == {"feed.xml"} | years | townships


def test_entries_have_what_atom_asks_for_and_lead_to_a_page(
    made: Mapping[str, str | bytes],
) -> None:
    there = 0
    for path, feed in feeds(made).items():
        for name in ("title", "id", "updated"):
            assert feed.findtext(FEED + name)
        ids = [entry.findtext(f"{FEED}id") for entry in feed.iter(f"{FEED}entry")]
        assert len(ids) == len(set(ids)) <= LONGEST
        for entry in feed.iter(f"{FEED}entry"):
            link = entry.find(f"{FEED}link")
            assert link is not None
            page = normpath(join(path, "..", link.attrib["href"].partition("#")[0]))
            assert {f"{page}.md", f"{page}/index.md"} & made.keys(), link.attrib
            there += 1
    assert there > len(small_city.city().townships)


def test_the_newest_comes_first_and_dates_the_feed(made: Mapping[str, str | bytes]) -> None:
    for feed in feeds(made).values():
        days = [str(entry.findtext(f"{FEED}updated")) for entry in feed.iter(f"{FEED}entry")]
        assert days == sorted(days, reverse=True)
        if days:
            assert feed.findtext(f"{FEED}updated") == days[0]


def test_ids_are_the_same_in_every_language_and_run(made: Mapping[str, str | bytes]) -> None:
    again = feeds(pages(small_city.city(), small_city.years(), catalogue("en")))
    for path, feed in feeds(made).items():
        ids = [one.text for one in feed.iter(f"{FEED}id")]
        assert ids == [one.text for one in again[path].iter(f"{FEED}id")]


def test_the_newest_years_files_stand_at_an_address_that_stays(
    made: Mapping[str, str | bytes],
) -> None:
    newest = small_city.years()[-1].inputs.assessment.year
    latest = {p.rpartition("/")[2]: c for p, c in made.items() if p.startswith("results/latest/")}
    assert latest.keys() >= {"results.json", "results.csv", "deductions.csv"}
    assert all(made[f"results/{newest}/{name}"] == content for name, content in latest.items())
