"""Charts: equal input gives equal bytes, nothing is left out, hostile names stay text."""

import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.engine.records import listed, moment
from generator.pages import charts
from generator.pages import charts as pictures
from generator.pages.charts import Course, Lane, Loss, bumps, events, heat, lanes, ranks, waterfall
from generator.pages.wording import Words
from generator.pages.year import YearView, by_year
from generator.words.messages import Safe, catalogue
from tests import small_city

SVG = "{http://www.w3.org/2000/svg}"


def parsed(chart: Safe) -> ElementTree.Element:
    named = str.replace(chart, "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(named)  # noqa: S314 - we wrote it


def texts(chart: Safe) -> list[str]:
    return ["".join(node.itertext()) for node in parsed(chart).iter(f"{SVG}text")]


def bars(chart: Safe, name: str) -> list[tuple[int, int]]:
    """Start and width of each bar of a class."""
    drawn = (path for path in parsed(chart).iter(f"{SVG}path") if path.get("class") == name)
    shapes = "".join(path.get("d", "") for path in drawn)
    pairs = re.findall(r"M(-?\d+) [^h]*h(-?\d+)", shapes)
    assert len(pairs) == shapes.count("z")
    return [(int(start), int(width)) for start, width in pairs]


def row(points: int, label: str = "松河镇") -> charts.LaneRow:
    kept, whole = (Lane(Fraction(number), Fraction(50)) for number in (points, 50))
    return charts.LaneRow(label, f"{points}.00", (kept, whole))


def steps(*points: str) -> list[Loss]:
    return [Loss(f"1.{n}", f"−{p}", Fraction(p)) for n, p in enumerate(points, 1)]


def test_a_waterfall_goes_down_from_full_marks_without_a_gap() -> None:
    chart = waterfall(Fraction(100), steps("5", "2.5", "1/3"), title="t", description="d")
    ends = [start + width for start, width in bars(chart, "k-lost")]
    starts = [start for start, _ in bars(chart, "k-lost")]
    assert ends == [10_000, *starts[:-1]]
    assert [width for _, width in bars(chart, "k-lost")] == [2500, 1250, 167]


@pytest.mark.parametrize(
    ("score", "start"), [("92.1666", 80), ("100", 90), ("90", 80), ("5", 0), ("0", 0)]
)
def test_the_scale_starts_at_a_round_number_below_the_score(score: str, start: int) -> None:
    assert charts.scale_start(Fraction(score), Fraction(100)) == start


@given(st.lists(st.fractions(0, 10, max_denominator=60), min_size=1, max_size=9))
def test_a_waterfall_never_leaves_its_drawing(points: list[Fraction]) -> None:
    losses = [Loss("1.1", "−", p) for p in points]
    chart = waterfall(Fraction(100), losses, title="t", description="d")
    for start, width in bars(chart, "k-lost"):
        assert 0 <= start <= start + width <= 10_000


def test_lanes_start_at_their_own_line_and_show_what_was_lost() -> None:
    chart = lanes([row(50), row(25)], title="t", description="d")
    assert bars(chart, "k-kept") == [(0, 4975), (5025, 4975), (0, 2488), (5025, 4975)]
    assert bars(chart, "k-lost") == [(2488, 2487)]


@pytest.mark.parametrize(("count", "drawn"), [(1, 1), (12, 12), (30, 30), (1000, 31)])
def test_a_chart_stays_on_a_page(count: int, drawn: int) -> None:
    chart = lanes([row(40, f"乡{n}") for n in range(count)], title="t", description="d")
    assert parsed(chart).get("height") == str(34 * drawn)
    assert ("⋮" in texts(chart)) == (count > 30)


def test_a_chart_names_and_describes_itself() -> None:
    chart = parsed(
        waterfall(Fraction(100), steps("5"), title="从满分到95分", description="每级一条")
    )
    assert chart.get("role") == "img"
    assert chart.findtext(f"{SVG}title") == "从满分到95分"
    assert chart.findtext(f"{SVG}desc") == "每级一条"
    assert not [node for node in chart.iter() if node.tag in (f"{SVG}a", f"{SVG}script")]


def test_labels_are_data_and_colours_are_the_style_sheets() -> None:
    chart = lanes([row(40, '<b>"*x*')], title="<i>", description="<u>")
    assert texts(chart)[0] == '<b>"*x*'
    assert "style" not in chart
    assert "#" not in chart.replace("&#", "")


def test_equal_numbers_give_equal_bytes() -> None:
    rows = [row(n) for n in (50, 33, 17)]
    assert lanes(rows, title="t", description="d") == lanes(list(rows), title="t", description="d")


def courses(*rows: tuple[int | None, ...]) -> list[Course]:
    def shown(ranks: tuple[int | None, ...]) -> tuple[str, ...]:
        return tuple("" if rank is None else str(rank + 1) for rank in ranks)

    named = ((f"乡{n}", ranks) for n, ranks in enumerate(rows))
    return [Course(name, f"{name}：", ranks, shown(ranks), "same") for name, ranks in named]


def test_a_line_goes_from_year_to_year_and_breaks_where_nobody_was_ranked() -> None:
    lines = courses((0, 1, 0), (1, None, 1))
    chart = bumps(["2023", "2024", "2025"], lines, title="t", description="d")
    drawn = list(parsed(chart).iter(f"{SVG}g"))
    assert [len(list(g.iter(f"{SVG}line"))) for g in drawn] == [2, 0]
    assert [len(list(g.iter(f"{SVG}circle"))) for g in drawn] == [3, 2]
    assert texts(chart) == ["2023", "2024", "2025", "1", "2", "1", "乡0", "2", "2", "乡1"]
    assert parsed(chart).get("height") == str(24 + 2 * 28)


def test_what_is_pointed_at_says_its_numbers() -> None:
    chart = bumps(["1", "2"], courses((0, 0)), title="t", description="d")
    assert [node.text for node in parsed(chart).iter(f"{SVG}title")] == ["t", "乡0："]
    losses = [Loss("1.1", "−5", Fraction(5), "1.1：余95")]
    chart = waterfall(Fraction(100), losses, title="t", description="d")
    assert "<title>1.1：余95</title>" in chart


@given(st.lists(st.tuples(*[st.integers(0, 400)] * 3), min_size=1, max_size=12))
def test_a_months_parts_stand_on_each_other_and_reach_its_sum(
    counts: list[tuple[int, ...]],
) -> None:
    assume(any(map(sum, counts)))
    named = [charts.Month(str(n), "told", parts) for n, parts in enumerate(counts)]
    chart = charts.months(named, title="t", description="d")
    shapes = "".join(path.get("d", "") for path in parsed(chart).iter(f"{SVG}path"))
    bars = [(int(y), int(v)) for y, v in re.findall(r"M\S+ (-?\d+)h[^v]*v(-?\d+)h", shapes)]
    assert len(bars) == shapes.count("z")
    assert all(20 <= top <= top + height <= 140 for top, height in bars)
    assert min(top for top, _ in bars) == 20
    assert [t for t in texts(chart) if t.isdigit()].count("0") <= 1


def years() -> tuple[YearView, ...]:
    return by_year(small_city.years(), {}, {})


WORDS = Words(catalogue("zh"))


def test_every_rank_of_every_year_stands_in_the_table() -> None:
    (picture,) = ranks(WORDS, years())
    assert picture.years == [2023, 2024, 2025]
    cells = {township.id: row for township, row in picture.rows}
    for number, year in enumerate(years()):
        for standing in year.ranked:
            assert str(standing.rank) in cells[standing.township.id][number]
    assert picture.left_out == 0


def test_who_has_no_rank_this_year_still_has_a_line() -> None:
    (picture,) = ranks(WORDS, years())
    missing = {s.township.id for s in years()[-1].unsubmitted}
    assert missing
    assert missing <= {township.id for township, _ in picture.rows}
    assert picture.drawing.count('class="k-bump') == len(picture.rows)


def test_of_very_many_the_first_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FIRST_PLACES", 2)
    (picture,) = ranks(WORDS, years())
    ranked = [standing.township.id for standing in years()[-1].ranked]
    assert [township.id for township, _ in picture.rows] == ranked[:2]
    assert picture.left_out == len(ranked) - 2


def test_one_year_has_no_course() -> None:
    assert list(ranks(WORDS, years()[:1])) == []


def test_the_losses_in_a_row_are_those_of_the_scorecard() -> None:
    newest = years()[-1]
    (picture,) = heat(WORDS, newest)
    assert [row.standing for row in picture.rows] == newest.ranked
    for row in picture.rows:
        assert row.standing is not None
        assert row.standing.scorecard is not None
        scores = list(row.standing.scorecard.clauses())
        assert len(row.cells) == len(scores)
        for cell, score in zip(row.cells, scores, strict=True):
            lost = score.clause.points.value - score.points
            assert (cell.shade == 0) == (not lost)
            assert (cell.shade == pictures.SHADES) == (lost * 5 > 4 * score.clause.points.value)


def test_very_many_are_put_together_by_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "HEAT_ROWS", 2)
    (picture,) = heat(WORDS, years()[-1])
    assert picture.bands
    assert all(row.standing is None for row in picture.rows)
    assert len(picture.rows) <= pictures.BANDS


def test_every_dated_record_of_the_year_is_in_its_month() -> None:
    newest = years()[-1]
    shown = {picture.name.zh: sum(map(sum, picture.rows)) for picture in events(WORDS, newest)}
    period, submissions = newest.assessment.period, newest.result.inputs.submissions.values()
    first, last = period.start.isoformat(), period.end.isoformat()
    for path, kind in newest.book.records.items():
        if kind.date is None:
            assert kind.name.zh not in shown
            continue
        records = (record for sent in submissions for record in listed(sent, path))
        inside = sum(first <= moment(record, kind.date) <= last for record in records)
        assert inside == shown.get(kind.name.zh, 0)


def test_values_beyond_the_sixth_are_one_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SERIES", 2)
    assert all(len(picture.series) <= 2 for picture in events(WORDS, years()[-1]))


def test_no_dated_record_no_picture() -> None:
    newest = years()[-1]
    undated = {path: replace(kind, date=None) for path, kind in newest.book.records.items()}
    book = replace(newest.book, records=undated)
    result = replace(newest.result, inputs=replace(newest.result.inputs, rulebook=book))
    assert list(events(WORDS, YearView(result, None))) == []
