"""What a rulebook would have moved in past years, and how far examples try its rules."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.engine.book import Band, Bands, Part, Rulebook
from generator.engine.measures import Basis, Figure
from generator.engine.problem import Location, Message, Problem, Text
from generator.engine.rank import judged
from generator.review.diff import beside
from generator.words import whatif
from generator.words.messages import catalogue
from generator.words.whatif import Supposed, WhatIf, answer_markdown, answer_text, impact_object
from generator.year.examples import RuleCoverage
from tests.builders import a_year, above, clause, figure, rulebook, section, take, text

EN, ZH = catalogue("en"), catalogue("zh")
OLD = rulebook(section("1", clause("1.1", 50, take("bad")), clause("1.2", 50)))
REPORTS: dict[str, dict[str, Any]] = {"oak": {"bad": 5}, "elm": {"bad": 3}}
WRONG = Problem(
    Location("data/2025/townships/oak.yaml", 3, 1, "bad"), "missing-key", Message("nothing")
)


def stricter(book: Rulebook) -> Rulebook:
    """The next version, in which what is bad costs nine times as much, once."""
    first, second = book.sections[0].clauses
    dear = replace(first, rules=(take("bad", amount=figure(9)),))
    sections = (replace(book.sections[0], clauses=(dear, second)),)
    return replace(book, version=2, sections=sections)


def impact(old: Rulebook, new: Rulebook) -> WhatIf:
    then, now = judged(a_year(old, REPORTS)), judged(a_year(new, REPORTS))
    return WhatIf(Supposed(new, other_book=True), then, beside(then, now))


def test_a_year_says_who_moves_and_by_which_clauses() -> None:
    lines = answer_text(impact(OLD, stricter(OLD)), EN).splitlines()
    assert lines[0] == "2025, supposing judged by Rules, version 2"
    assert lines[2] == "2025: changes in results (rulebook version 1 → 2)"
    assert lines[4] == "  oak: 95.00 points → 55.00 points (−40), rank 2 as before"
    assert lines[5].startswith("    ~ 1.1: 5 points deducted before, now 45 points.")
    assert lines[7] == "  elm: 97.00 points → 73.00 points (−24), rank 1 as before"
    assert lines[8].startswith("    ~ 1.1: 3 points deducted before, now 27 points.")


def test_nothing_and_no_answer_are_said_as_such() -> None:
    assert "Nothing would have changed." in answer_text(impact(OLD, OLD), EN)
    unfit = replace(impact(OLD, OLD), moved=None, problems=(WRONG,))
    text = answer_text(unfit, EN)
    assert "The facts of that year do not fit this rulebook:" in text
    assert "oak.yaml:3:1: error[missing-key] bad: nothing" in text
    assert "| error[missing-key] | bad | nothing |" in answer_markdown(unfit, EN)
    assert unfit.differs
    assert impact_object([unfit], OLD)["years"] == [{"year": 2025, "fits": False, "moved": []}]


def test_money_is_not_called_points() -> None:
    old = replace(OLD, wording=replace(OLD.wording, unit=Text("元", "yuan")))
    for written in (answer_text, answer_markdown):
        answer = written(impact(old, stricter(old)), ZH)
        assert "95.00元 → 55.00元" in answer
        assert not re.search(r"\d分", answer)


def test_grades_are_told_where_the_year_has_one() -> None:
    good = Band("good", text("Good"), figure(90), None)
    bands = (good, Band("poor", text("Poor"), None, figure(90)))
    graded = above(OLD, bands=Bands("year", bands))
    assert "Grade: Good → Poor" in answer_text(impact(graded, stricter(graded)), EN)
    halves = (Part("H1", text("H1"), "01-01", "12-31", figure(100)),)
    by_period = above(OLD, bands=Bands("period", bands), parts=halves)
    assert "Grade" not in answer_text(impact(by_period, stricter(by_period)), EN)


def test_as_data_everything_is_exact() -> None:
    (year,) = impact_object([impact(OLD, stricter(OLD))], stricter(OLD))["years"]
    (_, elm) = year["moved"]
    assert elm["id"] == "elm"
    assert (elm["old"]["score"], elm["new"]["score"], elm["old"]["rank"]) == ("97", "73", 1)
    taken = next(row for row in elm["changes"] if row["kind"] == "deduction-changed")
    assert (taken["clause"], taken["old"]["value"]["charged"]) == ("1.1", "3")
    assert taken["new"]["value"]["charged"] == "27"


USED = Figure(Fraction(3), Basis.TEXT, "「扣3分」")
ODD = Figure(Fraction(1, 3), Basis.ASSUMED, "自行设定")


def rule(
    *, asks: bool = True, silent: bool = True, unused: tuple[Figure, ...] = ()
) -> RuleCoverage:
    return RuleCoverage(take("bad"), "1.1", asks, silent, unused)


def lines(*covered: RuleCoverage, examples: int = 3, lang: str = "en") -> list[str]:
    return list(whatif.coverage_lines(covered, examples, catalogue(lang)))


def test_what_no_example_shows_is_told_in_one_line_a_rule() -> None:
    assert lines(rule(), rule()) == []
    unused = "no example uses 3 (「扣3分」), no example uses 1/3 (自行设定)"
    assert lines(rule(asks=False, unused=(USED,)), rule(silent=False, unused=(USED, ODD))) == [
        "1.1 take-bad: no example in which it asks anything",
        f"1.1 take-bad: no example in which it asks nothing, {unused}",
    ]
    assert lines(rule(asks=False), lang="zh") == ["1.1 take-bad：没有一个算例用到它"]


def test_without_any_example_that_is_said_once() -> None:
    untried = (rule(asks=False, silent=False),) * 2
    words = "There are no worked examples yet; no rule has been tried."
    assert lines(*untried, examples=0) == [words]
    assert lines(examples=0, lang="zh") == ["还没有算例，一条规则也没有试过。"]


def test_as_data_every_rule_is_there() -> None:
    tried = {"clause": "1.1", "rule": "take-bad", "asks": True, "silent": True, "unused": []}
    unused = [
        {"value": "3", "reference": "「扣3分」"},
        {"value": "1/3", "reference": "自行设定"},
    ]
    assert whatif.coverage_object([rule(), rule(asks=False, unused=(USED, ODD))]) == [
        tried,
        tried | {"asks": False, "unused": unused},
    ]
