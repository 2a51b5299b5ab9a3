"""What the circular says, of small years with everything in them and under any rulebook."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from generator.commands.circular import _SHIPPED
from generator.engine.measures import exact, shown
from generator.engine.problem import Stop, Text
from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.pages.year import YearView, by_year
from generator.papers.circular import (
    ANNEXES,
    FIELDS,
    OWN,
    PLACES,
    Given,
    circular,
    facts,
    first,
    signed,
)
from generator.papers.parts import CHINESE, Paper, Paragraph, ScoreSheet, Table
from generator.papers.word import word
from tests import small_city
from tests.cases import ROOT
from tests.cities import CITIES, city
from tests.texts import HALF_WIDTH

WORDING = _SHIPPED.read_text(encoding="utf-8")


def small(result: YearResult) -> YearView:
    """A year of the small city, as papers see it."""
    (year,) = by_year((result,), {}, {})
    return year


def years(name: str) -> tuple[YearView, ...]:
    """The years of a whole city."""
    loaded = city(name).loaded
    forms = {key: book.form for key, book in loaded.books.items()}
    return by_year(city(name).results, forms, loaded.receipts)


def made(result: YearResult, given: Given | None = None) -> Paper:
    return circular(small_city.city(), small(result), WORDING, OWN, given or Given())


def paper_of(name: str, year: YearView) -> Paper:
    return circular(city(name).loaded.city, year, WORDING, OWN, Given())


def paragraphs(paper: Paper) -> list[Paragraph]:
    return [part for part in paper.body if isinstance(part, Paragraph)]


def body(paper: Paper) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs(paper))


def sheets(paper: Paper) -> dict[str, ScoreSheet]:
    parts = (part for annex in paper.annexes for part in annex.content)
    return {part.title: part for part in parts if isinstance(part, ScoreSheet)}


def tables(paper: Paper) -> list[Table]:
    return [part for part in paper.body if isinstance(part, Table)]


def cells(paper: Paper) -> list[tuple[str, ...]]:
    return [row.cells for table in tables(paper) for row in table.rows]


def test_a_circular_never_tells_of_what_came_later() -> None:
    year = small_city.year(2024, "final", corrected=True)
    with pytest.raises(Stop) as stop:
        made(year, Given("", "2025-03-01"))
    assert stop.value.message.args == {"day": "2025-03-01", "newest": "2025-03-02"}
    assert made(year, Given("", "2025-03-02")).date == "2025年3月2日"


def test_the_order_is_that_of_a_circular() -> None:
    paper = made(small_city.year(2024, "final", corrected=True), Given("市信〔2025〕6号"))
    assert paper.mark == "示例市人口和计划生育委员会信访科文件"
    assert (paper.number, paper.date) == ("市信〔2025〕6号", "2025年3月2日")
    assert paper.addressee == "各乡镇（办事处）："
    heads = [line.text[2:] for line in paragraphs(paper) if line.kind == "heading"]
    assert " ".join(heads) == "考核情况 考核结果 存在的问题 结果运用 异议和更正 下一步要求"
    assert body(paper).startswith("根据《人口和计划生育信访工作目标管理考核办法》")
    titles = ["2024年度考核得分汇总表", "2024年度各单位考核得分表"]
    assert [annex.title for annex in paper.annexes] == titles
    assert paper.note == "此件公开发布"
    assert paper.marks == ("演示数据",)


def test_everybody_has_the_rank_and_score_of_the_result() -> None:
    result = small_city.year(2025)
    rows = {row[1]: row for row in cells(made(result))}
    for standing in result.standings:
        if standing.scorecard:
            row = rows[standing.township.name.zh]
            assert row[0].startswith(str(standing.rank))
            assert ("（并列）" in row[0]) == standing.tied
            assert row[2].startswith(shown(standing.scorecard.score))
    assert "东岭乡未按规定报送" in body(made(result))


def test_sheets_add_up_and_hold_every_working() -> None:
    result = small_city.year(2025)
    named = sheets(made(result))
    assert len(named) == len(result.standings)
    for standing in result.standings:
        sheet = named[standing.township.name.zh]
        if standing.scorecard is None:
            assert (sheet.table, sheet.result) == (None, "未报")
            continue
        assert sheet.table is not None
        rows = [row.cells for row in sheet.table.rows]
        workings = "\n".join(row[4] for row in rows)
        for score in standing.scorecard.clauses():
            row = next(row for row in rows if row[0] == score.clause.id)
            assert row[2] == exact(score.clause.points.value)
            assert row[3].startswith(shown(score.points))
            for charge in score.charges:
                assert CHINESE.render(charge.deduction.reason) in workings


def test_problems_name_units_with_what_they_lost() -> None:
    lines = body(made(small_city.year(2025))).splitlines()
    line = next(line for line in lines if line.startswith("越级上访量："))
    assert "高坡乡（" in line
    assert "南湾镇（" in line


def test_changed_facts_and_records_not_counted_stand_below_the_sheet() -> None:
    remarks = "\n".join(sheets(made(small_city.year(2025)))["松河镇"].remarks)
    assert "报送为126，核定为100；登记簿只有100件次" in remarks
    assert "不计入：V-004，咨询问题" in remarks


def test_a_provisional_year_is_marked_as_a_draft() -> None:
    paper = made(small_city.year(2025))
    assert paper.marks == ("初评稿，非正式文件", "演示数据")
    assert "初评结果的通报" in paper.title
    assert "书面形式" in body(paper)
    assert "×" in paper.number


def test_corrections_are_told_and_first_leaves_them_out() -> None:
    result = small_city.year(2024, "final", corrected=True)
    now, before = made(result), made(first(result))
    assert "白云镇2025年2月25日对第2.3款提出异议" in body(now)
    assert "市人口计生信〔2025〕4号" in body(now)
    assert any(len(row) == 5 and row[0] == "白云镇" for row in cells(now))
    assert "异议和更正" not in body(before)
    assert cells(before) != cells(now)


def test_the_check_code_is_printed_once_there_is_one() -> None:
    unlocked = next(year for year in by_year(city("linjiang").results, {}, {}) if not year.receipt)
    assert "校验码" not in body(circular(small_city.city(), unlocked, WORDING, OWN, Given()))


def with_reports(*townships: str) -> Paper:
    """Of a year in which these have sent faultless reports, and nobody else anything."""
    sent = {name: small_city.submission(name, 2025) for name in townships}
    inputs = replace(small_city.year(2025).inputs, submissions=sent, first_submissions=sent)
    return made(judged(inputs))


def test_a_year_in_which_nobody_has_reported() -> None:
    paper = with_reports()
    assert "0个单位已报送" in body(paper)
    assert cells(paper) == []
    assert word(paper)


def test_a_year_without_deductions() -> None:
    paper = with_reports(*small_city.year(2025).inputs.submissions)
    assert "存在的问题" not in body(paper)
    assert {row[0] for row in cells(paper)} == {"1（并列）"}
    assert word(paper)


HOSTILE = (
    *("<w:p>&\"'", "# 标题", "标题：假", "【排名表】", "{{ 年度 }}", "{% raw %}", "=1+1"),
    *("a\x00b\nc\u2028d", "长" * 9_000),
)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: repr(text[:10]))
def test_no_name_and_no_reason_becomes_anything_else(hostile: str) -> None:
    result = small_city.year(2024, "final", corrected=True)
    plain, inputs = made(result), result.inputs
    townships = tuple(replace(t, name=Text(hostile, hostile)) for t in inputs.townships)
    corrections = tuple(replace(c, reason=hostile, document=hostile) for c in inputs.corrections)
    changed = replace(inputs, townships=townships, corrections=corrections)
    paper = made(judged(changed), Given(hostile))
    assert [p.kind for p in paragraphs(paper)] == [p.kind for p in paragraphs(plain)]
    assert paper.title == plain.title
    assert len(paper.annexes) == 2
    assert "\n" not in body(paper).replace("\n", "", body(paper).count("\n"))
    assert word(paper) == word(paper)


@pytest.mark.parametrize("name", CITIES)
def test_any_rulebook_makes_a_circular(name: str) -> None:
    for year in years(name):
        paper = paper_of(name, year)
        ranked = [standing for standing in year.ranked if standing.scorecard]
        assert len(cells(paper)) >= len(ranked)
        for standing in ranked:
            table = sheets(paper)[standing.township.name.zh].table
            assert table is not None
            assert standing.scorecard is not None
            assert table.rows[-1].cells[3].startswith(shown(standing.scorecard.score))
            assert all(len(row.cells) == 5 for row in table.rows)
        for text in (body(paper), *(r for sheet in sheets(paper).values() for r in sheet.remarks)):
            assert not HALF_WIDTH.search(re.sub(r"[A-Za-z0-9.-]+", "", text)), text
        assert word(paper)


@pytest.mark.parametrize("name", CITIES)
def test_groups_apart_have_a_table_each(name: str) -> None:
    for year in years(name):
        paper = paper_of(name, year)
        captions = [table.caption for table in tables(paper) if table.caption]
        assert captions == [t.group.label.zh for t in year.rank_groups if t.group and t.standings]
        heads = [column.head for table in tables(paper) for column in table.columns]
        for payment in year.book.above.payments:
            assert any(payment.label.zh in head for head in heads)


def test_steps_between_sections_and_score_are_rows() -> None:
    *_, year = years("linjiang")
    paper = paper_of("linjiang", year)
    for standing in year.ranked:
        card = standing.scorecard
        assert card is not None
        table = sheets(paper)[standing.township.name.zh].table
        assert table is not None
        steps = [row for row in table.rows if row.cells[1] == "另加另减"]
        assert len(steps) == len(card.adjustments)
        so_far = sum((section.points for section in card.sections), Fraction())
        assert so_far + sum((a.points for a in card.adjustments), Fraction()) == card.score


def test_every_name_is_known_and_documented() -> None:
    known = facts(small_city.city(), small(small_city.year(2025)), Given())
    manual = (ROOT / "docs" / "circular.md").read_text(encoding="utf-8")
    for name in (*known, *FIELDS, *PLACES, *ANNEXES):
        assert f"`{name}`" in manual, name
    assert OWN in manual


def test_nothing_of_the_program_is_given_to_a_template() -> None:
    year = small(small_city.year(2024, "final", corrected=True))

    def plain(value: object) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(inner) for key, inner in value.items())
        if isinstance(value, list):
            return all(map(plain, value))
        return type(value) in (str, int, bool)

    assert plain(facts(small_city.city(), year, Given()))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(5), "+5.00"),
        (Fraction(-1, 225), "−0.00\n准确值−1/225"),
        (Fraction(-5, 2), "−2.50"),
        (Fraction(1333, 225), "+5.92\n准确值1333/225"),
        (Fraction(), "0.00"),
    ],
)
def test_what_is_added_or_taken_has_its_sign(value: Fraction, written: str) -> None:
    assert signed(value) == written
