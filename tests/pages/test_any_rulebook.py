"""Pages of rulebooks of every kind: nothing that a rulebook says or an engine adds is left out."""

import re
from fractions import Fraction

import pytest

from generator.engine.measures import shown
from generator.words.messages import catalogue, escape
from generator.words.results import figures_of, matters
from tests.cases import ROOT
from tests.cities import CITIES, LINJIANG, Made, city
from tests.pages.test_render import Shown

ZH = catalogue("zh")
EVERY = pytest.mark.parametrize("name", CITIES)


def of_book(made: Made, page: str) -> str:
    book = made.newest.inputs.rulebook
    return made.page(f"rulebooks/{book.id}/{book.version}/{page}.md")


@EVERY
def test_every_figure_stands_on_the_rulebook_page_with_its_ground(name: str) -> None:
    """But for those of groups' own, which stand among them."""
    made = city(name)
    book, page = made.newest.inputs.rulebook, of_book(made, "index")
    parts = (book.total, book.sections, book.deadlines, book.lines, book.above)
    references = {figure.reference for part in parts for figure in figures_of(part)}
    assert {reference for reference in references if escape(reference) not in page} == set()


@EVERY
def test_every_open_matter_has_a_place_in_the_register(name: str) -> None:
    made = city(name)
    book, register = made.newest.inputs.rulebook, Shown(of_book(made, "register"))
    wanted = {f"r-{r.id}" for r in book.readings} | {f"u-{u.id}" for u in book.undecidable}
    assert wanted <= set(register.ids)
    for alternative in (a for reading in book.readings for a in reading.alternatives):
        assert alternative.text.zh in register.text


@EVERY
def test_a_scorecard_names_what_is_open_at_each_clause(name: str) -> None:
    made = city(name)
    book = made.newest.inputs.rulebook
    register = f"../../../rulebooks/{book.id}/{book.version}/register/"
    for unit, page in made.scorecards.items():
        links = set(Shown(page).links)
        standing = next(s for s in made.newest.standings if s.township.id == unit)
        for score in standing.scorecard.clauses() if standing.scorecard else ():
            open_ = matters(book, score.clause)
            assert {f"{register}#r-{reading.id}" for reading in open_.readings} <= links
            assert {f"{register}#u-{matter.id}" for matter in open_.undecidable} <= links
            assert not open_.assumed or f"{register}#assumed" in links


@EVERY
def test_every_link_inside_a_page_has_its_anchor(name: str) -> None:
    for path, content in city(name).pages.items():
        if isinstance(content, str) and path.endswith(".md"):
            page = Shown(content)
            inner = {link[1:] for link in page.links if link.startswith("#")}
            assert inner <= set(page.ids), path
            assert len(page.ids) == len(set(page.ids)), path


@EVERY
def test_steps_add_up_to_the_score_for_all_to_see(name: str) -> None:
    made = city(name)
    for standing in made.newest.standings:
        card = standing.scorecard
        if card is None or not card.adjustments:
            continue
        page = made.scorecards[standing.township.id]
        table = page[page.index("{ #adjustments }") :]
        so_far = sum((section.points for section in card.sections), Fraction())
        for adjustment in card.adjustments:
            so_far += adjustment.points
            assert f">{shown(so_far)}" in table
            sign = "+" if adjustment.points > 0 else "−" if adjustment.points else ""
            assert sign + shown(abs(adjustment.points)) in table or not adjustment.points
        assert so_far == card.score


@EVERY
def test_grades_payments_and_what_does_not_apply_are_told(name: str) -> None:
    made = city(name)
    for standing in made.newest.standings:
        if standing.scorecard is None:
            continue
        text = Shown(made.scorecards[standing.township.id]).text
        assert standing.band is None or standing.band.label.zh in text
        for paid in standing.payments:
            assert f"{shown(paid.amount)}{paid.payment.unit.zh}" in text
        for part in standing.scorecard.parts:
            assert part.band is None or part.band.label.zh in text
        away = [score for score in standing.scorecard.clauses() if score.instead]
        page = made.scorecards[standing.township.id]
        assert page.count('class="k-instead"') == len(away)
        assert all(ZH.render(score.instead) in text for score in away if score.instead)


@EVERY
def test_groups_that_rank_apart_have_a_table_each(name: str) -> None:
    made = city(name)
    grouping = made.newest.inputs.rulebook.above.grouping
    page = made.page(f"results/{made.newest.inputs.assessment.year}/index.md")
    tables = page.count('<table class="k-table k-ranking k-broad k-sortable">')
    assert tables == (len(grouping.groups) if grouping and grouping.apart else 1)


def test_money_is_told_in_its_unit_and_units_by_their_word() -> None:
    made = city("village-petition-rewards")
    page = made.page("results/2025/index.md")
    assert "全额2000元" in page
    assert "行政村" in page
    for path, content in made.pages.items():
        if isinstance(content, str) and path.endswith(".md"):
            assert "乡镇（办事处）" not in content, path
            assert not re.search(r"\d分[^钟]", Shown(content).text), path


def test_whom_the_engine_listed_is_listed() -> None:
    result = city("linjiang").newest
    text = Shown(city("linjiang").page("results/2025/lists.md")).text
    book = result.inputs.rulebook
    waiting = {line.undecided for line in book.lines}
    for standing in result.standings:
        assert not standing.outcomes or standing.township.name.zh in text
        for outcome in standing.outcomes:
            assert outcome in waiting or book.outcomes[outcome].zh in text


@pytest.mark.parametrize("folder", ["docs/stylesheets", "docs/javascripts", "overrides"])
def test_the_second_city_has_the_same_styles_and_scripts(folder: str) -> None:
    """A city's own folder is whole, so it holds copies; `cp {folder}/* …` mends this."""
    ours, theirs = ROOT / folder, LINJIANG / folder
    names = {path.name for path in ours.iterdir()}
    assert names == {path.name for path in theirs.iterdir()}
    for name in names:
        assert (ours / name).read_bytes() == (theirs / name).read_bytes(), name
