"""Problems and scores in every format, whatever stands in a name or a message."""

import json
import re
from fractions import Fraction

import pytest

from generator.engine.problem import Location, Message, Problem, Severity, errors
from generator.words.messages import LANGUAGES, amount, catalogue, printable, table
from generator.words.report import in_rank_order, problems, scores
from tests.small_city import year

EN = catalogue("en")

HOSTILE = (
    *("<script>alert(1)</script>", "|a|b|", "`x`", "[a](javascript:b)", "a\nb", "a\r::error::b"),
    *("\x1b[31mred", "\u202egnp.exe", "{0}", "%0A", "a\x00b", "\udcff", "&lt;", "*b* _c_ ~d~"),
)


def problem(text: str = "x", line: int = 1, code: str = "bad-date", **more: object) -> Problem:
    place = Location("data/x.yaml", line, 3, str(more.get("address", "a.b")))
    severity = Severity.WARNING if more.get("warning") else Severity.ERROR
    return Problem(place, code, Message("«{text}» is wrong.", {"text": text}), severity)


def test_a_problem_is_one_line() -> None:
    line = problems([problem(warning=True)], EN, "text")
    assert line == "data/x.yaml:1:3: warning[bad-date] a.b: «x» is wrong."
    line = problems([problem(address="")], EN, "text")
    assert line == "data/x.yaml:1:3: error[bad-date]: «x» is wrong."


def test_problems_are_sorted_by_place() -> None:
    three = [problem(line=10), problem(line=9), problem(line=10, code="a-code")]
    lines = problems(three, EN, "text").splitlines()
    assert [line.split(" ", 2)[:2] for line in lines] == [
        ["data/x.yaml:9:3:", "error[bad-date]"],
        ["data/x.yaml:10:3:", "error[a-code]"],
        ["data/x.yaml:10:3:", "error[bad-date]"],
    ]
    rows = json.loads(problems(three, EN, "json"))["problems"]
    assert [row["line"] for row in rows] == [9, 10, 10]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_nothing_found_in_data_breaks_a_format(hostile: str) -> None:
    text, github, markdown, data = (
        problems([problem(hostile, address=hostile)], EN, form)
        for form in ("text", "github", "markdown", "json")
    )
    for line, commands in ((text, 0), (github, 1)):
        assert line.isprintable()
        assert line.count("::error") == commands + line.count("::error::b")
    assert not re.search(r"%(?!25)", github)
    row = markdown.split("\n", 2)[2]
    assert "\n" not in row
    assert row.count("|") == 5
    assert not re.search("[<`]|\\]\\(", row)
    assert json.loads(data)["problems"][0]["address"] == hostile


def test_nothing_found_is_nothing_but_in_json() -> None:
    for form in ("text", "github", "markdown"):
        assert problems([], catalogue("zh"), form) == ""
    assert json.loads(problems([], catalogue("zh"), "json")) == {"problems": []}


def test_colour_is_the_styles_business() -> None:
    line = problems([problem()], EN, "text", lambda text, role: f"<{role}>{text}</>")
    assert line.startswith("<strong>data/x.yaml:1:3</>: <error>error</>[bad-date] a.b")


def test_warnings_are_no_errors() -> None:
    assert errors([problem(), problem(warning=True)]) == [problem()]


def test_amounts_show_what_two_decimals_hide() -> None:
    amounts = {"86.45": "86.45", "90": "90.00", "11/3": "3.67 (11/3)", "0.005": "0.01 (0.005)"}
    assert {value: amount(Fraction(value)) for value in amounts} == amounts


def test_columns_stand_under_each_other() -> None:
    rows = table([["名次", "a"], ["1", "二三"]], right=range(1, 2))
    assert rows == ["名次     a", "1     二三"]
    assert printable("a\tb") == "a\\tb"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_ranking_lists_everybody_once(lang: str) -> None:
    result = year(2025)
    _, _, _, *rows = scores(result, result.standings, catalogue(lang)).splitlines()
    ordered = in_rank_order(result.standings)
    assert len(rows) == len(result.standings)
    ranks = [standing.rank for standing in ordered]
    assert ranks == sorted(rank for rank in ranks if rank) + [None] * ranks.count(None)
    for line, standing in zip(rows, ordered, strict=True):
        assert catalogue(lang).text(standing.township.name) in line
        assert line.startswith(str(standing.rank or "-"))
