"""What the office writes: dates, names, and what it may find and rate."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.engine.book import Group, Grouping, Part, Pool, Rulebook
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.problem import Problem, Severity
from generator.engine.rank import judged
from generator.engine.year import Assessment, Rating
from generator.reading.source import Document, Fault, Keys, placed
from generator.words.messages import catalogue
from generator.year.load import check
from generator.year.office import (
    asked,
    findings,
    inspection_faults,
    missing_ratings,
    part_faults,
    rating_faults,
    ratings,
)
from tests.builders import above, clause, figure, rating, rulebook, section, take, text, year
from tests.cases import INVALID, VALID, document, files_below, laid_out, loaded, rewritten

ASSESSMENT = "data/2025/assessment.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return laid_out(VALID / "corrections", tmp_path)


def codes(root: Path, path: str, *pairs: tuple[str, str]) -> list[str]:
    rewritten(root / path, *pairs)
    return [problem.code for problem in check(files_below(root))]


def test_dates_of_a_year_may_fall_on_one_day(root: Path) -> None:
    same = [(day, "2026-02-05") for day in ("2026-02-01", "2026-02-10")]
    assert codes(root, ASSESSMENT, *same) == []


def test_dates_not_known_yet_are_left_out_but_missed_once_the_year_is_published(root: Path) -> None:
    text = (root / ASSESSMENT).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("dates"))
    assert codes(root, ASSESSMENT, (f"{line}\n", "")) == ["missing-date"]
    assert "missing-date" not in codes(root, ASSESSMENT, ("status: final", "status: open"))


def test_a_period_may_be_part_of_its_year(root: Path) -> None:
    old = "{from: 2025-01-01, to: 2025-12-31}"
    found = codes(root, ASSESSMENT, (old, "{from: 2025-01-01, to: 2025-12-30}"))
    assert found == []
    assert codes(root, ASSESSMENT, ("to: 2025-12-30", "to: 2026-01-01")) == ["date-outside-period"]


@pytest.mark.parametrize(
    ("asked", "decided", "expected"),
    [
        ("2026-02-01", "2026-02-01", []),
        ("2026-01-31", "2026-02-18", ["correction-too-early"]),
        ("2026-02-19", "2026-02-18", ["date-order"]),
    ],
)
def test_a_correction_follows_publication(
    asked: str, decided: str, expected: list[str], root: Path
) -> None:
    path = "data/2025/corrections/01.yaml"
    pairs = (("asked_on: 2026-02-05", f"asked_on: {asked}"), ("2026-02-18", decided))
    assert codes(root, path, *pairs) == expected


def test_a_rejected_correction_needs_no_report(root: Path) -> None:
    (root / "data/2025/townships/songhe.yaml").unlink()
    (root / "data/2025/inspections/songhe.yaml").unlink()
    for number in ("01", "02"):
        (root / f"data/2025/corrections/{number}.yaml").unlink()
    assert check(files_below(root)) == []


def test_townships_near_a_misspelt_one_are_named(root: Path) -> None:
    path = root / "data/2025/corrections/04.yaml"
    rewritten(path, ("asked_by: songhe", "asked_by: sonhge"))
    (problem,) = check(files_below(root))
    assert problem.code == "unknown-township"
    assert catalogue("en").render(problem.message).startswith("Did you mean «songhe»? ")


@pytest.mark.parametrize(
    ("case", "meant"),
    [
        ("unknown-township/ranking", "songhe"),
        ("unknown-township/unreported", "songhe"),
        ("unknown-rulebook/id", "family-planning-petitions 1"),
        ("unknown-rulebook/version", "family-planning-petitions 1"),
        ("unknown-scorer/rating", "office"),
        ("unknown-finding/struck", "F-01"),
        ("unknown-objection/correction", "songhe-01"),
        ("unknown-text/note", "原文未写"),
        ("missing-file/base-of-an-example", "base.yaml"),
        ("unexpected-file/folder", "data/2025/townships/songhe.yaml"),
    ],
)
def test_a_name_that_nothing_has_is_told_with_the_nearest(
    case: str, meant: str, tmp_path: Path
) -> None:
    problems = check(files_below(laid_out(INVALID / case, tmp_path)))
    told = [problem for problem in problems if problem.code == case.split("/", maxsplit=1)[0]]
    assert told
    for problem in told:
        said = catalogue("en").render(problem.message)
        assert said.startswith(f"Did you mean «{meant}»? "), said


def test_a_decision_lists_whom_it_names_and_nobody_else(tmp_path: Path) -> None:
    root = laid_out(VALID / "decision-at-a-tie", tmp_path)
    standings = {s.township.id: s.outcomes for s in judged(loaded(root).years[0]).standings}
    assert "criticised" in standings["songhe"]
    assert not any("at-criticism-line" in outcomes for outcomes in standings.values())


# --- inspections ----------------------------------------------------------------------

PATH = "data/2025/inspections/alder.yaml"


def left(name: str, *scorers: str) -> Discretion:
    weight = figure(100 // len(scorers))
    return Discretion(
        id=name,
        label=text(name.title()),
        unit=text(""),
        scorers={scorer: Scorer(text(scorer.title()), weight) for scorer in scorers},
        least=figure(0),
        greatest=figure(4),
    )


def book() -> Rulebook:
    """A clause of the year, one of every half, one for towns only, and a pool."""
    grouping = Grouping(
        "group", (Group("town", text("Town")), Group("wood", text("Wood"))), apart=False
    )
    towns = clause("1.2", 5, left("streets", "bureau"), groups=("town",))
    halves = tuple(
        Part(name, text(name), start, end, figure(50))
        for name, start, end in (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"))
    )
    made = rulebook(
        section("1", clause("1.1", 10, left("order", "bureau", "panel"), take("bad")), towns),
        section("2", clause("2.1", 20, left("care", "panel")), each="period"),
    )
    pool = Pool("bonus", text("Bonus"), "bonus", (left("spirit", "bureau"),))
    return above(made, grouping=grouping, parts=halves, pools=(pool,))


WANTED = asked(book(), "town")


def said(problems: Sequence[Problem | Fault]) -> list[tuple[str, str]]:
    return [(problem.code, catalogue("en").render(problem.message)) for problem in problems]


def faults_in(inspection: Document) -> list[Problem]:
    given = findings(inspection), ratings(inspection)
    open_year = Assessment(2025, "neutral", 1, year(2025), "open", {}, ())
    return placed(inspection, inspection_faults(inspection.value, open_year, WANTED, *given))


# --- what is asked --------------------------------------------------------------------


def test_a_unit_is_asked_the_clauses_and_the_rules_of_its_group() -> None:
    points = {name: int(clause.points) for name, clause in WANTED.clauses.items()}
    assert points == {"1.1": 10, "1.2": 5, "2.1": 20}
    each = {name: rule.each for name, rule in WANTED.rules.items()}
    assert each == {"order": False, "streets": False, "care": True, "spirit": False}
    assert WANTED.parts == ("H1", "H2")
    assert "1.2" not in asked(book(), "wood").clauses
    assert "streets" not in asked(book(), None).rules


# --- findings -------------------------------------------------------------------------


def finding(name: str, of: str, deduct: str, more: str = "") -> str:
    return (
        f"  - {{id: {name}, clause: '{of}', deduct: {deduct}, occasion: routine, "
        f"date: 2025-06-01, reason: so, document: No. 1{more}}}\n"
    )


def test_findings_are_read_and_the_wrong_ones_told() -> None:
    rows = [
        finding("F-1", "1.1", "2"),
        finding("F-1", "1.1", "11"),
        finding("F-2", "9.9", "1"),
        finding("F-3", "2.1", "1"),
        finding("F-4", "2.1", "1", ", period: H3"),
    ]
    inspection = document(PATH, "findings:\n" + "".join(rows))
    read = [(finding.id, int(finding.points)) for finding in findings(inspection)]
    assert read == [("F-1", 2), ("F-1", 11), ("F-2", 1), ("F-3", 1), ("F-4", 1)]
    assert [finding.part for finding in findings(inspection)] == [None, None, None, None, "H3"]
    assert sorted((p.code, p.location.line) for p in faults_in(inspection)) == [
        ("deduct-over-maximum", 3),
        ("duplicate-id", 3),
        ("period-missing", 5),
        ("unknown-clause", 4),
        ("unknown-period", 6),
    ]


# --- ratings --------------------------------------------------------------------------


def faults(one: Rating, *earlier: Rating) -> list[str]:
    return [fault.code for fault in rating_faults(one, WANTED, earlier)]


@pytest.mark.parametrize(
    ("one", "codes"),
    [
        (rating("bureau", 3, "order"), []),
        (rating("bureau", 3, "bad"), ["unknown-rule"]),
        (rating("mayor", 3, "order"), ["unknown-scorer"]),
        (rating("bureau", 5, "order"), ["out-of-range"]),
        (rating("bureau", 3, "order", "H1"), ["period-superfluous"]),
        (rating("panel", 3, "care"), ["period-missing"]),
        (rating("panel", 3, "care", "H9"), ["unknown-period"]),
        (rating("panel", 3, "care", "H2"), []),
        (rating("mayor", 9, "care"), ["unknown-scorer", "out-of-range", "period-missing"]),
    ],
)
def test_what_may_be_wrong_with_a_rating(one: Rating, codes: list[str]) -> None:
    assert faults(one) == codes


def test_one_scorer_rates_a_rule_once_in_a_period() -> None:
    once = rating("bureau", 3, "order")
    assert faults(once, once) == ["duplicate-rating"]
    assert faults(rating("panel", 3, "care", "H1"), rating("panel", 3, "care", "H2")) == []
    (fault,) = rating_faults(once, WANTED, [once])
    assert catalogue("en").render(fault.message).startswith("«Bureau» rates «Order» twice")


def test_a_rating_beyond_its_limits_is_told_by_the_name_of_the_rule() -> None:
    row = "  - {rule: order, scorer: bureau, points: 7, date: 2025-06-01, reason: so, document: 1}"
    inspection = document(PATH, f"ratings:\n{row}\n")
    assert [int(one.points) for one in ratings(inspection)] == [7]
    problems = faults_in(inspection)
    assert said(problems) == [("out-of-range", "«Order» is rated with 0 to 4 points, not 7.")]
    assert problems[0].location.address == "ratings.1.points"


def waiting(*given: Rating, group: str = "town") -> list[str]:
    found = list(missing_ratings(given, book(), asked(book(), group)))
    assert {one.severity for one in found} <= {Severity.WARNING}
    assert {one.code for one in found} <= {"rating-missing"}
    return [message for _, message in said(found)]


def test_what_is_still_to_be_rated_is_told_by_names() -> None:
    assert waiting() == [
        "«Order» still waits for the rating by: Bureau, Panel.",
        "«Streets» still waits for the rating by: Bureau.",
        "«Care» in H1 still waits for the rating by: Panel.",
        "«Care» in H2 still waits for the rating by: Panel.",
        "«Spirit» still waits for the rating by: Bureau.",
    ]
    assert len(waiting(group="wood")) == 4


def test_who_has_rated_is_not_waited_for() -> None:
    told = waiting(rating("panel", 3, "order"), rating("panel", 0, "care", "H2"))
    assert "«Order» still waits for the rating by: Bureau." in told
    assert "«Care» in H2 still waits for the rating by: Panel." not in told


def test_a_wrong_rating_is_not_a_missing_one_as_well() -> None:
    told = waiting(rating("bureua", 3, "order"))
    assert not [one for one in told if "Order" in one]
    assert len(told) == 4  # the other rules still wait
    assert not [one for one in waiting(rating("panel", 3, "care")) if "Care" in one]
    assert waiting(rating("bureau", 3, "odrer")) == []  # any of them may have been meant


# --- periods --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "each", "codes"),
    [
        (None, True, [((), "period-missing")]),
        (None, False, []),
        ("H1", True, []),
        ("H1", False, [(("inner",), "period-superfluous")]),
        ("H3", True, [(("inner",), "unknown-period")]),
    ],
)
def test_a_period_is_named_where_every_period_is_judged(
    part: str | None, each: bool, codes: list[tuple[Keys, str]]
) -> None:
    found = part_faults(part, ("H1", "H2"), each=each, key="inner")
    assert [(fault.keys, fault.code) for fault in found] == codes
