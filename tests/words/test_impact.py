"""What a rulebook would have moved, told as text, as Markdown and as data."""

from dataclasses import replace
from typing import Any

from generator.engine.book import Band, Bands, Part, Rulebook
from generator.engine.difference import moved
from generator.engine.problem import Location, Message, Problem, Text
from generator.engine.rank import judged
from generator.words.messages import catalogue
from generator.words.whatif import impact_markdown, impact_object, impact_text
from generator.year.supposed import Impact
from tests.builders import a_year, above, clause, figure, rulebook, section, take, text

EN, ZH = catalogue("en"), catalogue("zh")
OLD = rulebook(section("1", clause("1.1", 50, take("bad")), clause("1.2", 50)))
REPORTS: dict[str, dict[str, Any]] = {"oak": {"bad": 5}, "elm": {"bad": 3}}
WRONG = Problem(
    Location("data/2025/townships/oak.yaml", 3, 1, "bad"), "missing-key", Message("nothing")
)


def stricter(book: Rulebook) -> Rulebook:
    """The next version, in which what is bad costs nine times as much, once."""
    first = book.sections[0].clauses[0]
    rule = take("bad", amount=figure(9))
    sections = (
        replace(
            book.sections[0], clauses=(replace(first, rules=(rule,)), book.sections[0].clauses[1])
        ),
    )
    return replace(book, version=2, sections=sections)


def impact(old: Rulebook, new: Rulebook) -> Impact:
    then, now = judged(a_year(old, REPORTS)), judged(a_year(new, REPORTS))
    return Impact(then, now, moved(then.standings, now.standings), ())


def test_a_year_says_who_moves_and_by_which_clauses() -> None:
    new = stricter(OLD)
    told = impact_text([impact(OLD, new)], new, EN).splitlines()
    assert told[0] == "2025: Rules version 1 → Rules version 2"
    assert told[1].split() == ["Township", "Score", "Rank", "Outcome"]
    assert told[2].split() == ["oak", "95.00", "→", "55.00", "2", "–"]
    assert told[3].split() == ["elm", "97.00", "→", "73.00", "1", "–"]
    assert told[4:6] == ["  oak  1.1: 45 → 5", "  elm  1.1: 47 → 23"]


def test_nothing_and_no_answer_are_said_as_such() -> None:
    told = impact_text(
        [impact(OLD, OLD), replace(impact(OLD, OLD), new=None, problems=(WRONG,))], OLD, EN
    )
    assert "Nothing would have changed." in told
    assert "The facts of that year do not fit this rulebook:" in told
    assert "oak.yaml:3:1: error[missing-key] bad: nothing" in told


def test_money_is_not_called_points() -> None:
    wording = replace(OLD.wording, unit=Text("元", "yuan"))
    old = replace(OLD, wording=wording)
    new = stricter(old)
    assert "数额" in impact_text([impact(old, new)], new, ZH)
    assert "得分" not in impact_text([impact(old, new)], new, ZH)
    assert "| 乡镇（办事处） | 数额 |" in impact_markdown([impact(old, new)], new, ZH)


def test_grades_have_a_column_where_the_year_has_one() -> None:
    bands = (
        Band("good", text("Good"), figure(90), None),
        Band("poor", text("Poor"), None, figure(90)),
    )
    graded = above(OLD, bands=Bands("year", bands))
    told = impact_text([impact(graded, stricter(graded))], stricter(graded), EN)
    assert "Good → Poor" in told
    halves = (Part("H1", text("H1"), "01-01", "12-31", figure(100)),)
    by_period = above(OLD, bands=Bands("period", bands), parts=halves)
    assert "Grade" not in impact_text(
        [impact(by_period, stricter(by_period))], stricter(by_period), EN
    )


def test_as_data_everything_is_exact() -> None:
    new = stricter(OLD)
    found = impact_object([impact(OLD, new)], new)
    (year,) = found["years"]
    (_, elm) = year["moved"]
    assert elm["id"] == "elm"
    assert (elm["old"]["score"], elm["new"]["score"], elm["old"]["rank"]) == ("97", "73", 1)
    assert elm["clauses"] == [{"id": "1.1", "old": "47", "new": "23"}]
