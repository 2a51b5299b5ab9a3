"""Charts: equal input gives equal bytes, nothing is left out, hostile names stay text."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.records import listed, moment
from generator.pages import charts as pictures
from generator.pages.charts import (
    Course,
    Lane,
    Month,
    Row,
    bumps,
    events,
    heat,
    lanes,
    months,
    ranks,
    scale_start,
    waterfall,
)
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
    found = []
    for path in parsed(chart).iter(f"{SVG}path"):
        if path.get("class") == name:
            for bar in path.get("d", "").split("z")[:-1]:
                place, _, rest = bar.partition("h")
                found.append((int(place[1:].split()[0]), int(rest.partition("v")[0])))
    return found


def row(points: int, label: str = "松河镇") -> Row:
    lanes = (Lane(Fraction(points), Fraction(50)), Lane(Fraction(50), Fraction(50)))
    return Row(label, f"{points}.00", lanes)


def loss(label: str, points: Fraction, hint: str = "") -> Row:
    return Row(label, f"−{points}", (Lane(Fraction(), points),), hint)


def steps(*points: str) -> list[Row]:
    return [loss(f"1.{n}", Fraction(p)) for n, p in enumerate(points, 1)]


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
    assert scale_start(Fraction(score), Fraction(100)) == start


@given(st.lists(st.fractions(0, 10, max_denominator=60), min_size=1, max_size=9))
def test_a_waterfall_never_leaves_its_drawing(points: list[Fraction]) -> None:
    losses = [loss("1.1", p) for p in points]
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
    assert parsed(chart).get("height") == str(34 * drawn + 22)
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


def test_an_axis_says_where_it_begins_and_what_is_full() -> None:
    chart = lanes([row(40), row(30)], title="t", description="d")
    assert texts(chart)[-3:] == ["0", "50", "50"]
    chart = waterfall(Fraction(100), steps("5", "2.5"), title="t", description="d")
    assert texts(chart)[-2:] == ["80", "100"]
    counted = [Month("1", "1", (3,)), Month("2", "2", (8,))]
    assert texts(months(counted, title="t", description="d"))[:2] == ["8", "0"]


def test_lanes_of_different_full_points_have_no_common_scale() -> None:
    other = Row("2024", "–", (Lane(Fraction(20), Fraction(100)),))
    chart = lanes([row(40), other], title="t", description="d")
    assert texts(chart) == ["松河镇", "40.00", "2024", "–"]


def test_equal_numbers_give_equal_bytes() -> None:
    rows = [row(n) for n in (50, 33, 17)]
    assert lanes(rows, title="t", description="d") == lanes(list(rows), title="t", description="d")


# --- ranks over the years -------------------------------------------------------------


def courses(*rows: tuple[int | None, ...]) -> list[Course]:
    return [
        Course(
            f"乡{n}",
            f"乡{n}：",
            those,
            tuple("" if r is None else str(r + 1) for r in those),
            tuple(
                None if old is None or new is None else "same" if old == new else "fall"
                for old, new in pairwise(those)
            ),
        )
        for n, those in enumerate(rows)
    ]


def test_a_line_goes_from_year_to_year_and_breaks_where_nobody_was_ranked() -> None:
    chart = bumps(
        ["2023", "2024", "2025"], courses((0, 1, 0), (1, None, 1)), title="t", description="d"
    )
    drawn = list(parsed(chart).iter(f"{SVG}g"))
    assert [len(list(g.iter(f"{SVG}line"))) for g in drawn] == [2, 0]
    assert [len(list(g.iter(f"{SVG}circle"))) for g in drawn] == [3, 2]
    assert texts(chart) == ["2023", "2024", "2025", "1", "2", "1", "乡0", "2", "2", "乡1"]
    assert parsed(chart).get("height") == str(24 + 2 * 28)


def test_what_is_pointed_at_says_its_numbers() -> None:
    chart = bumps(["1", "2"], courses((0, 0)), title="t", description="d")
    assert [node.text for node in parsed(chart).iter(f"{SVG}title")] == ["t", "乡0："]
    step = loss("1.1", Fraction(5), "1.1：余95")
    chart = waterfall(Fraction(100), [step], title="t", description="d")
    assert "<title>1.1：余95</title>" in chart


# --- counts by month ------------------------------------------------------------------


@given(st.lists(st.tuples(*[st.integers(0, 400)] * 3), min_size=1, max_size=12))
def test_a_months_parts_stand_on_each_other_and_reach_its_sum(
    counts: list[tuple[int, ...]],
) -> None:
    if not any(map(sum, counts)):
        return
    those = [Month(str(n), "told", parts) for n, parts in enumerate(counts)]
    chart = months(those, title="t", description="d")
    shapes = [p.get("d", "") for p in parsed(chart).iter(f"{SVG}path")]
    tall = 0
    for bar in "".join(shapes).split("z")[:-1]:
        top, height = (
            int(bar.split()[1].partition("h")[0]),
            int(bar.partition("v")[2].partition("h")[0]),
        )
        assert 20 <= top <= top + height <= 140
        tall = max(tall, 140 - top)
    assert tall == 120
    assert [t for t in texts(chart) if t.isdigit()].count("0") <= 2  # a month, the axis


# --- what pictures show ---------------------------------------------------------------


def years() -> tuple[YearView, ...]:
    return by_year(small_city.years(), {}, {})


WORDS = Words(catalogue("zh"))


def test_every_rank_of_every_year_stands_in_the_table() -> None:
    (found,) = ranks(WORDS, years())
    assert found.years == [2023, 2024, 2025]
    by_name = {township.id: told for township, told in found.rows}
    for year, n in zip(years(), range(3), strict=True):
        for one in year.ranked:
            assert str(one.rank) in by_name[one.township.id][n]
    assert found.left_out == 0


def test_who_has_no_rank_this_year_still_has_a_line() -> None:
    (found,) = ranks(WORDS, years())
    missing = {s.township.id for s in years()[-1].unsubmitted}
    assert missing
    assert missing <= {township.id for township, _told in found.rows}
    assert found.drawing.count('class="k-bump') == len(found.rows)


def ways(chart: Safe, name: str) -> list[str | None]:
    """The steps of the one of this name, by their classes."""
    (group,) = (g for g in parsed(chart).iter(f"{SVG}g") if name in "".join(g.itertext()))
    return [line.get("class") for line in group.iter(f"{SVG}line")]


def test_each_step_has_its_own_colour_and_none_leads_to_a_year_without_a_rank() -> None:
    (chart,) = ranks(WORDS, years())
    of_class = {
        "k-rise": lambda a, b: b < a,
        "k-fall": lambda a, b: b > a,
        "k-same": lambda a, b: a == b,
    }
    for township, _ in chart.rows:
        past = [year.by_id.get(township.id) for year in years()]
        places = [standing.rank if standing else None for standing in past]
        steps = [(a, b) for a, b in pairwise(places) if a is not None and b is not None]
        drawn = ways(chart.drawing, township.name.zh)
        assert len(drawn) == len(steps)
        assert all(of_class[str(way)](a, b) for way, (a, b) in zip(drawn, steps, strict=True))


def test_a_year_that_is_missing_keeps_its_place() -> None:
    first, _, last = years()
    (chart,) = ranks(WORDS, (first, last))
    assert chart.years == [2023, 2024, 2025]
    assert {told[1] for _, told in chart.rows} == {"–"}
    assert not [way for township, _ in chart.rows for way in ways(chart.drawing, township.name.zh)]


def test_of_very_many_the_first_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FIRST_PLACES", 2)
    (found,) = ranks(WORDS, years())
    newest = years()[-1]
    assert [township.id for township, _ in found.rows] == [s.township.id for s in newest.ranked[:2]]
    assert found.left_out == len(newest.ranked) - 2


def test_one_year_has_no_course() -> None:
    assert list(ranks(WORDS, years()[:1])) == []


def test_the_losses_in_a_row_are_those_of_the_scorecard() -> None:
    newest = years()[-1]
    (found,) = heat(WORDS, newest)
    assert [row.standing for row in found.rows] == newest.ranked
    for row in found.rows:
        assert row.standing is not None
        assert row.standing.scorecard is not None
        scores = list(row.standing.scorecard.clauses())
        assert len(row.cells) == len(scores)
        for (_, shade), score in zip(row.cells, scores, strict=True):
            lost = score.clause.points.value - score.points
            assert (shade == 0) == (not lost)
            assert (shade == pictures.SHADES) == (lost * 5 > 4 * score.clause.points.value)


def test_very_many_are_put_together_by_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "HEAT_ROWS", 2)
    newest = years()[-1]
    (found,) = heat(WORDS, newest)
    assert found.bands
    assert all(row.standing is None for row in found.rows)
    assert len(found.rows) <= pictures.BANDS


def test_every_dated_record_of_the_year_is_in_its_month() -> None:
    newest = years()[-1]
    by_name = {one.name.zh: one for one in events(WORDS, newest)}
    first, last = (
        newest.assessment.period.start.isoformat(),
        newest.assessment.period.end.isoformat(),
    )
    for path, kind in newest.book.records.items():
        if kind.date is None:
            assert kind.name.zh not in by_name
            continue
        days = [
            moment(record, kind.date)
            for sent in newest.result.inputs.submissions.values()
            for record in listed(sent, path)
        ]
        inside = sum(first <= day <= last for day in days)
        found = by_name.get(kind.name.zh)
        assert inside == (sum(map(sum, found.rows)) if found else 0)


def test_values_beyond_the_sixth_are_one_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SERIES", 2)
    whole = {one.name: one for one in events(WORDS, years()[-1])}
    for one in whole.values():
        assert len(one.series) <= 2


def test_no_dated_record_no_picture() -> None:
    newest = years()[-1]
    book = replace(
        newest.book, records={p: replace(k, date=None) for p, k in newest.book.records.items()}
    )
    result = replace(newest.result, inputs=replace(newest.result.inputs, rulebook=book))
    assert list(events(WORDS, YearView(result, None))) == []
