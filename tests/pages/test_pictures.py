"""What pictures show: ranks over years, losses by clause, events by month."""

from dataclasses import replace

import pytest

from generator.engine.records import listed, moment
from generator.pages import charts as pictures
from generator.pages.charts import events, heat, ranks
from generator.pages.wording import Words
from generator.pages.year import Year, by_year
from generator.words.messages import catalogue
from tests import small_city


def years() -> tuple[Year, ...]:
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
        for cell, score in zip(row.cells, scores, strict=True):
            lost = score.clause.points.value - score.points
            assert (cell.shade == 0) == (not lost)
            assert (cell.shade == pictures.SHADES) == (lost * 5 > 4 * score.clause.points.value)


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
    assert list(events(WORDS, Year(result, None))) == []
