"""An open year is collected, not judged in public: who has reported, which dates stand."""

import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from generator.engine.problem import errors
from generator.engine.rank import judged
from generator.engine.year import Standing, YearResult
from generator.pages.changes import record_of
from generator.pages.render import Content, pages
from generator.pages.year import collected
from generator.review.diff import Diff, Entry, History, TownshipDiff, YearDiff
from generator.shape.schema import files_of
from generator.words.messages import LANGUAGES, catalogue
from generator.year.load import Loaded, load
from tests.trees import Texts, Written, demonstration

OPEN = """\
year: 2026
rulebook: family-planning-petitions
version: 1
period: {from: 2026-01-01, to: 2026-12-31}
status: open
dates: {submit_by: 2027-01-10, published: 2027-02-01, final: 2027-02-20}
"""
ON_TIME, LATE, PENDING, MISSING = "luting", "heyan", "songhe", "qingshan"
FILES = {"results/2026/index.md", "results/2026/dates.ics"}


def handed_in(texts: Texts, unit: str, day: str | None) -> str:
    """Last year's report as this year's."""
    text = texts[f"data/2025/townships/{unit}.yaml"].replace("2025", "2026")
    text = re.sub("(?m)^submitted: .*\n", "", text)
    return text.replace(
        "year: 2026\n", f"year: 2026\nsubmitted: {day}\n" if day else "year: 2026\n"
    )


def test_an_error_in_a_report_handed_in_leaves_who_has_reported_and_the_other_years() -> None:
    texts = dict(demonstration())
    path = f"data/2026/townships/{PENDING}.yaml"
    texts[path] = handed_in(texts, PENDING, "2027-01-10").replace("staff: ", "staff: many # ")
    found, problems = load(files_of(Written(texts)))
    assert found is not None
    assert {problem.location.path for problem in errors(problems)} == {path}
    assert found.faulty.keys() == {2026}
    assert [year.number for year in collected(found)] == [2023, 2024, 2025, 2026]
    results = [judged(inputs) for inputs in found.years]
    made = pages(found.city, results, catalogue("en"), collected=collected(found), alone=True)
    assert {path for path in made if path.startswith("results/2026/")} == FILES
    assert "results/2025/songhe.md" in made
    text = made["results/2026/index.md"]
    assert isinstance(text, str)
    assert re.search(f"townships/{PENDING}/.*?k-submitted", text)


@cache
def loaded(*, alone: bool = False) -> Loaded:
    """The demonstration with a year begun; `alone`: without the years before."""
    texts = {p: t for p, t in demonstration().items() if not p.startswith("data/2026/")}
    reports = {
        f"data/2026/townships/{unit}.yaml": handed_in(texts, unit, day)
        for unit, day in ((ON_TIME, "2027-01-10"), (LATE, "2027-01-14"), (PENDING, None))
    }
    if alone:
        texts = {p: t for p, t in texts.items() if not re.match(r"data/20\d\d/", p)}
    city, problems = load(
        files_of(Written({**texts, **reports, "data/2026/assessment.yaml": OPEN}))
    )
    assert city is not None
    assert not city.faulty, problems
    return city


@cache
def made(lang: str, *, alone: bool = False, begun: bool = True) -> dict[str, Content]:
    """The pages; every year is given judged, as a careless caller would."""
    city = loaded(alone=alone)
    results = [judged(inputs) for inputs in city.years]
    forms = {key: book.form for key, book in city.books.items()}
    reports = collected(city)
    if not begun:
        results, reports = results[:-1], reports[:-1]
    words = catalogue(lang)
    return dict(pages(city.city, results, words, forms=forms, collected=reports, alone=True))


def shown(content: Content) -> str:
    assert isinstance(content, str)
    return unescape(content)


def judgements(lang: str) -> set[str]:
    """Words for a score, a rank or what follows, as the page of a judged year has them."""
    _, book = catalogue(lang)._, loaded().years[-1].rulebook
    outcomes = {catalogue(lang).text(label) for label in book.outcomes.values()}
    return outcomes | {_("Rank"), _("Score"), _("tied"), _("Outcome"), _("Points by section")}


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_open_year_has_one_page_and_its_dates(lang: str, alone: bool) -> None:
    found = made(lang, alone=alone)
    assert {path for path in found if path.startswith("results/2026/")} == FILES
    assert ("results/latest/results.json" in found) is not alone
    feeds = [content for path, content in found.items() if path.endswith("feed.xml")]
    assert not any(isinstance(feed, bytes) and b"results/2026/" in feed for feed in feeds)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_score_rank_or_label_stands_on_its_page_or_on_the_front_page_without_another_year(
    lang: str,
) -> None:
    for found, path in (
        (made(lang), "results/2026/index.md"),
        (made(lang, alone=True), "results/2026/index.md"),
        (made(lang, alone=True), "index.md"),
        *((made(lang, alone=True), f"townships/{unit}.md") for unit in (ON_TIME, LATE, PENDING)),
    ):
        text = shown(found[path])
        read = re.sub(r"<[^>]*>", "\n", text.partition("# ")[2])
        assert [word for word in judgements(lang) if re.search(rf"\b{word}\b", read)] == []
        assert re.findall(r"\d+\.\d\d\b|k-rank|k-mark|k-score", text) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_register_has_no_result_without_another_year(lang: str) -> None:
    rows = shown(made(lang, alone=True)["townships/index.md"]).partition("<tbody>")[2]
    assert set(re.findall(r'<td class="n[^"]*">(.*?)</td>', rows)) == {"–"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_other_pages_are_those_of_the_years_before(lang: str) -> None:
    before, after = made(lang, begun=False), made(lang)
    of_books = {p for p in before if p.startswith("rulebooks/")}
    told = {"index.md", "submit.md", "results/index.md", *of_books}
    assert {p for p in before if before[p] != after.get(p)} <= told
    assert after.keys() - before.keys() == FILES
    lines = shown(after["index.md"]).split("\n")
    more = [line for line in lines if line not in shown(before["index.md"]).split("\n")]
    assert len(more) == 1
    assert 'href="results/2026/"' in more[0]


def test_who_has_reported_is_said_with_the_day() -> None:
    text = shown(made("en")["results/2026/index.md"])
    rows = {
        unit: row
        for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL)
        for unit in re.findall(r"townships/(\w+)/", row)
    }
    assert "submitted on time" in rows[ON_TIME]
    assert "2027-01-10" in rows[ON_TIME]
    assert "submitted, days late: 4" in rows[LATE]
    assert "k-late" in rows[LATE]
    assert "being filled in" in rows[PENDING]
    assert "not submitted" in rows[MISSING]
    assert {unit for unit, row in rows.items() if "k-lamp" in row} == rows.keys() - {ON_TIME, LATE}
    assert "submitted: 2, being filled in: 1, not submitted: 8; late: 1" in text


def test_lamps_hold_a_date_and_a_word_for_each_colour_and_are_lit_by_the_browser() -> None:
    for lang in LANGUAGES:
        lamps = re.findall(
            r'<span class="k-lamp" ([^>]*)></span>', shown(made(lang)["results/2026/index.md"])
        )
        assert len(lamps) > 3
        for lamp in lamps:
            words = re.findall(r'data-(?:green|yellow|red)="([^"]+)"', lamp)
            assert len(set(words)) == 3
            assert lamp.endswith("hidden")


def test_the_calendar_holds_the_dates_that_are_known() -> None:
    calendar = made("zh")["results/2026/dates.ics"]
    assert isinstance(calendar, bytes)
    lines = calendar.decode().split("\r\n")
    assert [line for line in lines if line.startswith("DTSTART")] == [
        f"DTSTART;VALUE=DATE:{day}" for day in ("20270110", "20270201", "20270220")
    ]
    assert all(len(line.encode()) <= 75 for line in lines)
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])


def test_a_city_whose_every_year_is_open_has_a_front_page_of_who_has_reported() -> None:
    front = made("en", alone=True)["index.md"]
    assert "submitted, days late: 4" in shown(front)
    assert 'href="results/2026/dates.ics"' in shown(front)
    assert "data/2026/townships/" in shown(made("en", alone=True)["submit.md"])


def test_late_stays_told_when_the_year_is_no_longer_open() -> None:
    city, _ = load(files_of(Written(demonstration())))
    assert city is not None
    results = [judged(inputs) for inputs in city.years]
    found = pages(city.city, results, catalogue("en"), collected=collected(city), alone=True)
    assert "submitted, days late: 5" in shown(found["results/2025/index.md"])
    assert "days late" not in shown(found["results/2024/index.md"])


def test_the_record_of_changes_tells_nothing_of_the_time_when_the_year_was_open() -> None:
    after = judged(loaded().years[-2])
    assert after.inputs.assessment.status == "provisional"
    still = replace(after.inputs.assessment, status="open")
    before = replace(after, inputs=replace(after.inputs, assessment=still))
    unit = after.standings[0]
    change = TownshipDiff(unit.township, unit, unit, (), (), None)

    def told(old: YearResult | None, new: YearResult | None) -> list[Standing | None]:
        entry = Entry((), Diff((YearDiff(2025, old, new, (), (change,)),)))
        record = record_of(History((entry,), cut=False), 2025)
        return [move.change.old for moves in record.entries for move in moves.every]

    assert told(None, before) == told(before, before) == told(before, None) == []
    assert told(before, after) == [None] * len(after.standings)
    assert told(after, after) == [unit]


def test_a_unit_that_ended_leads_to_who_carries_on() -> None:
    texts = dict(demonstration())
    register = "data/townships.yaml"
    assert "until: 2025, successor: wenlan" in texts[register]
    texts[register] = texts[register].replace("until: 2025, succ", "until: 2024, succ")
    del texts["data/2025/townships/xinhe.yaml"]
    ranking = "data/2025/prefecture-ranking.yaml"
    texts[ranking] = re.sub("(?m)^  xinhe: .*\n", "", texts[ranking])
    found, problems = load(files_of(Written(texts)))
    assert found is not None
    assert errors(problems) == []
    results = [judged(inputs) for inputs in found.years]
    made = pages(found.city, results, catalogue("en"), collected=collected(found), alone=True)
    for path, link in (
        ("results/2025/xinhe.md", "../../../results/2025/wenlan/"),
        ("townships/xinhe.md", "../../townships/wenlan/"),
        ("townships/wenlan.md", "../../townships/xinhe/"),
    ):
        assert f'href="{link}"' in str(made[path]), path
    assert "results/2024/xinhe.md" in made
    assert "Xinhe → Wenlan" in str(made["results/index.md"])
