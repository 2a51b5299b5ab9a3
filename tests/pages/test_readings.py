"""The page of a year's other readings says what moves, and how far ranks could go."""

import re
from functools import cache
from html import unescape

import pytest

from generator.pages.render import pages
from generator.review.readings import YearReadings, readings_of
from generator.words.messages import LANGUAGES, catalogue
from generator.year.supposed import Years
from tests.cities import LINJIANG
from tests.review.readings import board, files, loaded, result


@cache
def tried() -> dict[int, YearReadings]:
    book = result(2025).inputs.rulebook
    boards = {(book.id, book.version): board()}
    return readings_of(Years(files(), loaded().books), boards, [result(2025)], most=2_000)


@cache
def page(lang: str, *, with_readings: bool = True) -> str:
    readings = tried() if with_readings else {}
    forms = {name: book.form for name, book in loaded().books.items()}
    given = (loaded().city, [result(2025)], catalogue(lang))
    made = pages(*given, forms=forms, readings=readings, alone=True)
    return unescape(str(made["results/2025/readings.md"]))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_alternative_is_on_the_page_once(lang: str) -> None:
    text = re.sub(r'</?span(?: lang="zh")?>', "", page(lang))
    readings = result(2025).inputs.rulebook.readings
    texts = [catalogue(lang).text(a.text) for reading in readings for a in reading.alternatives]
    cells = re.findall(r'<p><b>.*?</b>|<td>[^<]*(?:<small class="k-about">|</td><td>)', text)
    assert len(cells) == len(texts)
    words = re.sub(r"[^\w]", "", text)
    assert [
        alternative for alternative in texts if re.sub(r"[^\w]", "", alternative) not in words
    ] == []


def test_what_moves_is_said_in_words_with_links() -> None:
    text = page("en")
    way = text[text.index('id="w-ceiling-rounding-up"') :].partition("</div>")[0]
    assert "Otherwise: Rounded up" in way
    assert '<a href="../songhe/">Songhe</a> 4 → 3' in way
    assert '<li><a href="../songhe/">Songhe</a>: now “Commended”</li>' in way
    assert '<li><a href="../heyan/">Heyan</a>: no longer “Commended”</li>' in way


def test_ranges_are_in_words_and_drawn_beside() -> None:
    text = page("en")
    ranges = tried()[2025].ranges
    assert ranges is not None
    assert text.count('<svg class="k-chart"') == len(ranges.ranges)
    assert text.count('aria-hidden="true"') == len(ranges.ranges) + 1
    for span in ranges.ranges:
        ends = f"{span.best} to {span.worst}" if span.best != span.worst else f"always {span.best}"
        name = span.township.name.en
        assert re.search(rf'<td class="n">{span.rank}</td><th.*{name}.*{ends}</td>', text)
    assert f"{ranges.judged} of {ranges.total} combinations were judged" in text


def test_a_preview_says_that_it_tries_none_and_who_does() -> None:
    given = (loaded().city, [result(2025)], catalogue("en"))
    made = pages(*given, readings=None, alone=True)
    text = unescape(str(made["results/2025/readings.md"]))
    assert "The preview does not try them" in text
    assert "<code>kaohe whatif --year 2025 --ranges</code>" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_work_would_be_too_much_the_command_is_named(lang: str) -> None:
    text = page(lang, with_readings=False)
    assert "<code>kaohe whatif --year 2025 --ranges</code>" in text
    assert "<svg" not in text
    assert "{ #texts }" in text
    assert "{ #moving }" not in text


def test_other_pages_lead_there() -> None:
    made = pages(loaded().city, [result(2025)], catalogue("zh"), readings=tried(), alone=True)
    assert '<a href="readings/">' in str(made["results/2025/index.md"])
    assert '<a href="../readings/">' in str(made["results/2025/songhe.md"])
    register = str(made["rulebooks/family-planning-petitions/1/register.md"])
    assert "results/2025/readings/" in register


def test_groups_that_rank_apart_have_a_table_each() -> None:
    city, own = loaded(LINJIANG).city, result(2025, LINJIANG)
    book = own.inputs.rulebook
    boards = {(book.id, book.version): board(LINJIANG)}
    years = Years(files(LINJIANG), loaded(LINJIANG).books)
    readings = readings_of(years, boards, [own], most=200)
    made = pages(city, [own], catalogue("en"), readings=readings, alone=True)
    text = unescape(str(made["results/2025/readings.md"]))
    assert text.count("k-spreads") == 2
    assert "Towns: Rank as published" in text
