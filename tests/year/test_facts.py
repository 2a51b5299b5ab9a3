"""Changes replace facts whole, keep both values and both places, and refuse what is no fact."""

from collections.abc import Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest

from generator.engine.problem import Problem, Severity
from generator.engine.year import Correction
from generator.reading.source import Document, placed
from generator.words.messages import LANGUAGES, catalogue
from generator.year.facts import ChangedFacts, Places, apply, recorded
from tests.builders import PLACE, first_book
from tests.cases import TESTS, document, found_in, laid_out

FORM = first_book().form
BASE = TESTS / "base" / "data" / "2025" / "townships" / "songhe.yaml"


@pytest.fixture
def report() -> Document:
    return document("report.yaml", BASE.read_bytes())


def file(*changes: tuple[str, str]) -> Document:
    rows = [f"  - fact: {fact}\n    value: {value}\n" for fact, value in changes]
    return document("inspection.yaml", "changes:\n" + "".join(rows))


def applied(
    report: Document | ChangedFacts, *changes: tuple[str, str]
) -> tuple[Any, Sequence[Problem], Document]:
    by = file(*changes)
    judged, faults = apply(report, by, by.value["changes"], FORM)
    return judged, placed(by, faults), by


def codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# --- what stands where ----------------------------------------------------------------


def test_what_was_replaced_stands_in_the_changing_file(report: Document) -> None:
    judged, problems, _ = applied(
        report,
        ("receptions", "120"),
        ("visits.V-001.level", "city"),
        ("visits.V-009", "{date: 2025-11-03, level: city, collective: false, repeat: true}"),
    )
    assert problems == []
    assert judged.path == "report.yaml"
    place = judged.location(("receptions",))
    assert (place.path, place.line, place.column) == ("inspection.yaml", 3, 12)
    place = judged.location(("visits", 0, "level"))
    assert (place.path, place.line, place.address) == ("inspection.yaml", 5, "visits.V-001.level")
    place = judged.location(("visits", 4, "date"))
    assert (place.path, place.line, place.address) == ("inspection.yaml", 7, "visits.V-009.date")
    place = judged.location(("visits", 4, "date"), key=True)
    assert place.column < judged.location(("visits", 4, "date")).column


def test_what_was_not_replaced_stands_where_it_was_reported(report: Document) -> None:
    judged, _, _ = applied(report, ("visits.V-001", "null"), ("cases.C-001", "null"))
    assert len(judged.value["visits"]) == len(report.value["visits"]) - 1
    for number, keys in (("V-002", ("visits", 0)), ("V-004", ("visits", 2))):
        assert judged.address(keys) == f"visits.{number}"
        here, before = judged.location(keys), report.location(("visits", keys[1] + 1))
        assert (here.path, here.line) == (before.path, before.line)
    assert judged.location(("receptions",)) == report.location(("receptions",))


def test_a_later_file_speaks_last(report: Document) -> None:
    first, _, _ = applied(report, ("visits.V-001.level", "city"), ("receptions", "120"))
    second, problems, by = applied(
        first,
        ("visits.V-001", "{date: 2025-05-03, level: province, collective: true, repeat: true}"),
    )
    assert problems == []
    assert second.value["visits"][0]["level"] == "province"
    assert second.location(("visits", 0, "level")).line == by.location(("changes", 0, "value")).line
    assert second.value["receptions"] == 120


def test_thousands_of_changes_are_borne(report: Document) -> None:
    record = "{date: 2025-11-03, level: city, collective: false, repeat: true}"
    judged, problems, _ = applied(report, *((f"visits.V-{n}", record) for n in range(1000, 3000)))
    assert problems == []
    assert len(judged.value["visits"]) == 2004
    assert judged.location(("visits", 2003, "date")).path == "inspection.yaml"


# --- both values ----------------------------------------------------------------------


def test_both_values_and_both_places_are_kept(report: Document) -> None:
    judged, _, by = applied(
        report,
        ("receptions", "120"),
        ("visits.V-002.exempt", "null"),
        ("visits.V-009", "{date: 2025-11-03, level: city, collective: false, repeat: true}"),
    )
    said = ("upheld", "2026-02-17", "文号", "理由")
    correction = Correction("01", "songhe", "3.1", "2026-02-16", "songhe", *said, (), PLACE)
    changes = recorded(report, by, correction)
    number, struck, added = changes
    assert (number.reported, number.value) == (126, 120)
    assert (number.date, number.reason, number.document) == ("2026-02-17", "理由", "文号")
    assert (number.occasion, number.correction) == (None, "01")
    assert struck.reported == {"ground": "consultation", "document": "登记表第17号"}
    assert struck.value is None
    assert added.reported is None
    places = Places(judged, changes)
    assert places["receptions"] == (number.location, report.location(("receptions",)))
    assert [place.path for place in places["visits.V-009"]] == ["inspection.yaml"]
    assert "inspection.yaml" in [place.path for place in places["visits.V-002"]]
    assert [place.path for place in places["visits.V-001"]] == ["report.yaml"]
    assert "visits.V-099" not in places
    assert set(places) >= {"receptions", "visits", "visits.V-001", "leadership.meetings"}
    assert len(places) == len(list(places))


# --- what is refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("recptions", "1", "unknown-fact"),
        ("township", "qingshan", "unknown-fact"),
        ("year", "2024", "unknown-fact"),
        ("visits.V-001.id", "V-2", "unknown-fact"),
        ("visits.V-099.level", "city", "unknown-fact"),
        ("visits", "[]", "unknown-fact"),
        ("leadership", "{}", "unknown-fact"),
        ("leadership.meetings.3", "2025-03-13", "unknown-fact"),
        ("visits.V-001.exempt.documents", "[]", "unknown-fact"),
        ("work.articles.2", "null", "unknown-fact"),
        ("receptions.x.y", "1", "unknown-fact"),
        ("visits.V-001.level.x", "1", "unknown-fact"),
        ("receptions", "null", "not-removable"),
        ("leadership.meetings", "null", "not-removable"),
        ("visits.V-001.repeat", "null", "not-removable"),
        ("visits.V-001", "text", "wrong-type"),
        ("visits.V-001", "[]", "wrong-type"),
        ("visits.V-009", "7", "wrong-type"),
        ("visits.V-001", "{id: V-002}", "id-mismatch"),
        ("visits.V-009", "{id: V-010}", "id-mismatch"),
    ],
)
def test_a_change_of_no_fact_is_refused_and_not_made(
    fact: str, value: str, code: str, report: Document
) -> None:
    judged, problems, _ = applied(report, (fact, value))
    assert codes(problems) == [code]
    assert problems[0].location.path == "inspection.yaml"
    assert problems[0].location.address.startswith("changes.1.")
    assert judged is report


@pytest.mark.parametrize(
    ("fact", "value"),
    [("receptions", "126"), ("visits.V-099", "null"), ("visits.V-001.exempt", "null")],
)
def test_a_change_to_what_stands_is_a_warning(fact: str, value: str, report: Document) -> None:
    judged, problems, _ = applied(report, (fact, value))
    assert codes(problems) == ["change-without-effect"]
    assert problems[0].severity is Severity.WARNING
    assert judged.value == report.value


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("receptions", "receptions", True),
        ("visits.V-001", "visits.V-001.level", True),
        ("visits.V-001.level", "visits.V-001", True),
        ("visits.V-002.exempt", "visits.V-002.exempt.document", True),
        ("visits.V-001", "visits.V-0010", False),
        ("visits.V-001.level", "visits.V-001.date", False),
    ],
)
def test_one_fact_is_changed_once(first: str, second: str, twice: bool, report: Document) -> None:
    _, problems, _ = applied(report, (first, "null"), (second, "null"))
    assert codes(problems).count("duplicate-change") == twice


# --- garbage --------------------------------------------------------------------------

_FACTS = (
    *("receptions", "leadership.meetings", "visits.V-001", "visits.V-002.exempt", "visits.V-099"),
    *("work.articles", "work.articles.1.kind", "cases.C-001.closed", "long_term_petitioners.P-01"),
)
_VALUES = (
    *("null", "5", "-1", "true", "x", "[]", "{}", "[null]", "[{}]", "{a: {b: [1]}}", "{id: null}"),
    *("{id: [1]}", "[[[]]]", "0.5", "2025-02-30", "{ground: groundless}", "0000-01-01"),
    *("{notified: 9999-12-31T23:59}", "{date: 9999-12-31, level: x, collective: 1, repeat: 2}"),
)


@pytest.mark.parametrize("share", [5, pytest.param(1, marks=pytest.mark.nightly)])
def test_garbage_in_changes_gives_problems_and_never_an_exception(
    tmp_path: Path, share: int
) -> None:
    root = laid_out(TESTS / "valid" / "corrections", tmp_path)
    inspection = root / "data/2025/inspections/songhe.yaml"
    correction = root / "data/2025/corrections/01.yaml"
    told = (inspection.read_text(encoding="utf-8"), correction.read_text(encoding="utf-8"))
    # Five divides the number of neither, so each of both is tried by day as well.
    for fact, value in islice(product(_FACTS, _VALUES), 0, None, share):
        for path, text in zip((inspection, correction), told, strict=True):
            path.write_text(_with_change(text, fact, value, path.parent.name), encoding="utf-8")
        for problem in found_in(root):
            assert all(catalogue(lang).render(problem.message) for lang in LANGUAGES)


def _with_change(text: str, fact: str, value: str, kind: str) -> str:
    said = ", occasion: routine, date: 2025-12-20, reason: 理由, document: 文号"
    row = f"  - {{fact: {fact}, value: {value}{said if kind == 'inspections' else ''}}}\n"
    return text.replace("changes:\n", f"changes:\n{row}", 1)
