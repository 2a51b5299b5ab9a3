"""Two trees side by side: what each input brought about adds up to the whole."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given

from generator.engine.difference import Cause, What
from generator.engine.year import Standing
from generator.reading.files import Kind
from generator.review.diff import Diff, TownshipDiff, YearDiff, cause_of, diff, present, swapped
from generator.review.judge import Judge, Store, snapshot
from generator.words.diff import diff_text
from generator.words.messages import catalogue
from tests import differing, trees
from tests.differing import BOOK, INSPECTION, JUDGE, PAIRS, compare, diff_of, inspection, without
from tests.edits import histories
from tests.trees import QINGSHAN, REGISTER, SONGHE, YEAR, Texts, Written, changed, three_townships

SECOND = BOOK.replace("/1/", "/2/")
STRICTER = (differing.ONE_POINT, differing.ONE_POINT.replace("value: 1,", "value: 2,"))
LESS_STAFF = ("staff: 2", "staff: 1")


def only_year(of: Diff) -> YearDiff:
    (year,) = of.years
    return year


def about(of: Diff, township: str) -> TownshipDiff:
    (moved,) = only_year(of).about(township)
    return moved


def shares(of: TownshipDiff) -> list[tuple[tuple[str, ...], Fraction]]:
    return [(tuple(share.causes), share.points) for share in of.shares]


def test_every_input_brings_about_its_own_points() -> None:
    """One clerk less in the report, an inspection that finds something, an appeal against it."""
    old = differing.published(three_townships())
    new = changed(old, SONGHE, LESS_STAFF)
    new[INSPECTION] = inspection("receptions: 40", findings=("F-01 2.6 2", "F-02 3.2 1"))
    new[differing.CORRECTION] = differing.correction("leadership.staff: 2", strike=("F-02",))
    songhe = about(compare(old, new), "songhe")
    report, inspected, corrected = ("report",), ("inspection",), ("correction",)
    points = (Fraction(-1), Fraction(-8), Fraction(2))
    assert shares(songhe) == [*zip((report, inspected, corrected), points, strict=True)]
    assert songhe.points == Fraction(-7)
    assert [(share.old_rank, share.new_rank) for share in songhe.shares] == [(1, 3), (3, 3), (3, 3)]
    keys = ((change.difference.key, change.causes) for change in songhe.found)
    causes = {(key.what.value, key.subject): because for key, because in keys}
    assert causes["deduction", "beijing-ceiling"] == (inspected,)
    assert causes["deduction", "finding"] == causes["fact", "receptions"] == (inspected,)
    assert causes["fact", "leadership.staff"] == (corrected,)
    assert causes["score", ""] == (report, inspected, corrected)
    assert causes["rank", ""] == (report,)
    assert ("deduction", "staff") not in causes


def test_what_two_inputs_undo_is_no_change_of_the_score() -> None:
    old = three_townships()
    new = changed(old, SONGHE, LESS_STAFF)
    new[INSPECTION] = inspection("leadership.staff: 2")
    songhe = about(compare(old, new), "songhe")
    assert shares(songhe) == [(("report",), Fraction(-1)), (("inspection",), Fraction(1))]
    assert songhe.points == 0
    assert [change.difference.key.what for change in songhe.found] == [What.FACT]


def test_the_office_changes_what_only_the_new_report_has() -> None:
    """Neither file can be read without the other: an inspection of a visit not reported."""
    old = three_townships()
    visit = "  - {id: V-009, date: 2025-11-03, level: beijing, collective: true, repeat: true}\n"
    new = changed(old, SONGHE, ("long_term_petitioners: []", f"{visit}long_term_petitioners: []"))
    new[INSPECTION] = inspection("visits.V-009.repeat: false")
    there = about(compare(old, new), "songhe")
    assert [causes for causes, _ in shares(there)] == [("report",), ("inspection",)]
    # On the way back the report goes first, and what is changed is not there.
    back = about(compare(new, old), "songhe")
    assert [causes for causes, _ in shares(back)] == [("report", "inspection")]
    assert back.points == -there.points


def test_a_township_is_registered_together_with_its_report() -> None:
    new = three_townships()
    entry = new[REGISTER].splitlines(keepends=True)[-1]
    old = {**without(new, trees.LIULIN), REGISTER: new[REGISTER].removesuffix(entry)}
    there = compare(old, new)
    assert [change.causes for change in only_year(there).general] == [(("registry",),)]
    assert shares(about(there, "liulin")) == [(("report",), Fraction(100))]
    # Without the register there is no such township to have reported.
    back = compare(new, old)
    joined = ("registry", "report")
    assert [change.causes for change in only_year(back).general] == [(joined,)]
    assert shares(about(back, "liulin")) == [(joined, Fraction(-100))]
    assert {change.causes for change in about(back, "liulin").found} == {(joined,)}


def renamed_liulin(*, merged: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Liulin, registered since 2023, ends before the year; Qingshan or a new id carries on."""
    old = three_townships()
    entry = old[REGISTER].splitlines()[-1]
    heir = "qingshan" if merged else "xinlin"
    ended = entry.replace("from: 2023}", f"from: 2023, until: 2024, successor: {heir}}}")
    begun = entry.replace("liulin", "xinlin").replace("柳林", "新林").replace("Liulin", "Xinlin")
    new = changed(old, REGISTER, (entry, ended if merged else f"{ended}\n{begun}"))
    report = new.pop(trees.LIULIN)
    if not merged:
        new[trees.LIULIN.replace("liulin", "xinlin")] = report.replace("liulin", "xinlin")
    return old, new


def test_a_renamed_unit_is_one_and_not_one_gone_and_one_come() -> None:
    there = compare(*renamed_liulin(merged=False))
    (told,) = only_year(there).general
    assert told.difference.how == "changed"
    assert {diff.township.id for diff in only_year(there).townships} <= {"xinlin"}
    said = diff_text(there, catalogue("en"))
    assert "Liulin is called Xinlin now." in said
    assert "no longer assessed" not in said
    back = compare(*reversed(renamed_liulin(merged=False)))
    assert "Xinlin is called Liulin now." in diff_text(back, catalogue("en"))


def test_of_a_merged_unit_it_is_told_who_carries_on() -> None:
    there = compare(*renamed_liulin(merged=True))
    said = diff_text(there, catalogue("zh"))
    assert "柳林镇不再列入考核，由青杉镇承接。" in said
    assert about(there, "liulin").new is None


def second_version(texts: Texts) -> dict[str, str]:
    """A stricter second version of the rulebook, by which the year is judged."""
    new = changed(texts, BOOK, STRICTER, ("\nversion: 1\n", "\nversion: 2\n"))
    new[SECOND], new[BOOK] = new[BOOK], texts[BOOK]
    return changed(new, YEAR, ("version: 1", "version: 2"))


def test_a_new_version_works_once_the_year_names_it() -> None:
    old = changed(three_townships(), SONGHE, LESS_STAFF)
    new = second_version(old)
    there = compare(old, new)
    assert shares(about(there, "songhe")) == [(("assessment",), Fraction(-1))]
    # A year cannot name a version that is gone.
    del new[BOOK]
    there, back = compare(old, new), compare(new, old)
    joined = ("rulebook", "assessment")
    assert shares(about(there, "songhe")) == [(joined, Fraction(-1))]
    assert shares(about(back, "songhe")) == [(joined, Fraction(1))]
    assert about(there, "songhe").alone is None


def ends(standing: Standing | None) -> tuple[Fraction | None, int | None]:
    card = standing.scorecard if standing else None
    return card.score if card else None, standing.rank if standing else None


def alone(of: TownshipDiff) -> tuple[object, object]:
    """Where a township would stand by the new rules alone, and by the new data alone."""
    assert of.alone
    return ends(of.alone.rules), ends(of.alone.data)


def test_when_rules_and_data_changed_each_alone_is_told() -> None:
    """Without a second clerk: two points by the new rules, one by the old, none before."""
    changes = diff_of("clause-and-report")
    songhe = about(changes, "songhe")
    assert alone(songhe) == ((100, 1), (99, 3))
    assert shares(songhe) == [(("report",), Fraction(-2))]
    assert [c.difference.key.subject for c in only_year(changes).general] == ["1.4"]


def test_when_only_one_kind_changed_nothing_is_told_of_each_alone() -> None:
    for name in ("staff", "finding", "clause", "year-gone", "general"):
        assert all(township.alone is None for township in only_year(diff_of(name)).townships)


def test_nothing_is_told_of_each_alone_where_one_of_them_moved_nothing() -> None:
    """A word in the regulation, and a clerk less in one report."""
    old = three_townships()
    word = changed(changed(old, BOOK, ("\nid: ", "\n# a word\nid: ")), SONGHE, LESS_STAFF)
    assert [township.alone for township in only_year(compare(old, word)).townships] == [None]
    # Two points instead of one, and a word in the report of the one who loses them.
    old = changed(old, SONGHE, LESS_STAFF)
    rules = changed(changed(old, BOOK, STRICTER), SONGHE, ("staff: 1", "staff: 1  # a word"))
    assert about(compare(old, rules), "songhe").alone is None


@pytest.mark.parametrize("kept", [True, False])
def test_another_version_named_by_the_year_is_a_change_of_rules(kept: bool) -> None:
    """Whether the version was there before or not."""
    old = three_townships()
    new = changed(second_version(old), SONGHE, LESS_STAFF)
    if kept:
        old[SECOND] = new[SECOND]
    songhe = about(compare(old, new), "songhe")
    assert alone(songhe) == ((100, 1), (99, 3))
    assert songhe.points == Fraction(-2)


def test_what_cannot_be_judged_alone_is_none() -> None:
    """A township that is new stands nowhere by the new rules alone."""
    old = three_townships()
    new = changed(changed(old, BOOK, STRICTER), SONGHE, LESS_STAFF)
    baiyun = "{id: baiyun, name: {zh: 白云镇, en: Baiyun}, kind: township, group: a, from: 2023}"
    new[REGISTER] += f"  - {baiyun}\n"
    path = "data/2025/townships/baiyun.yaml"
    new[path] = new[QINGSHAN].replace("qingshan", "baiyun").replace(*LESS_STAFF)
    assert alone(about(compare(old, new), "baiyun")) == ((None, None), (99, 3))


def test_a_side_with_errors_has_no_result() -> None:
    old = three_townships()
    broken = changed(old, SONGHE, ("staff: 2", "staff: two"))
    no_office = changed(old, YEAR, ("version: 1", "version: 9"))
    for wrong, code in ((broken, "wrong-type"), (no_office, "unknown-rulebook")):
        there = diff(JUDGE, snapshot(Written(old)), snapshot(Written(wrong)))
        assert [p.code for p in there.new_problems] == [code]
        assert (there.old_problems, there.years) == ((), ())
        back = diff(JUDGE, snapshot(Written(wrong)), snapshot(Written(old)))
        assert [p.code for p in back.old_problems] == [code]
        assert (back.new_problems, back.years) == ((), ())


def test_an_error_elsewhere_is_no_hindrance_if_both_sides_have_it() -> None:
    old = changed(three_townships(), SONGHE, ("staff: 2", "staff: two"))
    new = changed(old, QINGSHAN, LESS_STAFF)
    assert diff(JUDGE, snapshot(Written(old)), snapshot(Written(old))) == Diff(())
    both = diff(JUDGE, snapshot(Written(old)), snapshot(Written(new)))
    assert [p.code for p in both.old_problems] == [p.code for p in both.new_problems]


def test_only_the_years_asked_about_are_compared() -> None:
    old, new = (snapshot(Written(texts)) for texts in PAIRS["appeal"]())
    assert [year.year for year in diff(JUDGE, old, new).years] == [2024]
    assert diff(JUDGE, old, new, {2025}).years == ()
    assert diff(JUDGE, old, new, {2024, 1999}).years == diff(JUDGE, old, new).years


def test_the_year_after_is_compared_as_well_where_it_looks_back() -> None:
    old = trees.valid("general-rulebook")
    gone = [path for path in old if path.startswith("data/2026/") and path.endswith("songhe.yaml")]
    assert [year.year for year in compare(old, without(old, *gone)).years] == [2027, 2026]


def test_a_year_may_begin_and_end() -> None:
    there, back = diff_of("year-gone"), diff_of("year-gone", backwards=True)
    assert [change.difference.key.what for change in only_year(there).general] == [What.STATUS]
    assert only_year(there).new is only_year(back).old is None
    assert points(back) == {name: -value for name, value in points(there).items()}


def test_one_year_or_one_township_can_be_chosen() -> None:
    whole = diff_of("appeal")
    assert whole.of(2023, None).years == ()
    assert whole.of(2024, None) == whole
    for name in ("heyan", "鹤堰镇", "Heyan"):
        (year,) = whole.of(None, name).years
        assert [township.township.id for township in year.townships] == ["heyan"]
        assert year.general == ()
    assert whole.of(2024, "songhe").years == ()


def test_nothing_of_the_reasons_is_looked_at_where_only_results_are_asked_for() -> None:
    old, new = (snapshot(Written(texts)) for texts in PAIRS["appeal"]())
    (year,) = diff(JUDGE, old, new, whole=False).years
    whole = only_year(diff(JUDGE, old, new))
    brief, full = ([(t.township, t.shares) for t in y.townships] for y in (year, whole))
    assert brief == full
    whats = {change.difference.key.what for t in year.townships for change in t.found}
    assert whats == {What.SCORE, What.RANK, What.OUTCOME}


@pytest.mark.parametrize("name", PAIRS)
def test_who_moved_most_comes_first(name: str) -> None:
    for year in diff_of(name).years:
        assert year.old or year.new
        many = max(len(side.standings) for side in (year.old, year.new) if side)
        weights = [
            (many if moved.places is None else abs(moved.places), abs(moved.points))
            for moved in year.townships
        ]
        assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("name", PAIRS)
def test_shares_lead_from_one_side_to_the_other(name: str) -> None:
    telescopes(diff_of(name))


def telescopes(of: Diff) -> None:
    for moved in (moved for year in of.years for moved in year.townships):
        assert sum((share.points for share in moved.shares), Fraction()) == moved.points
        if moved.shares:
            first, last = moved.shares[0], moved.shares[-1]
            assert (first.old_score, first.old_rank) == ends(moved.old)
            assert (last.new_score, last.new_rank) == ends(moved.new)
        for before, after in pairwise(moved.shares):
            assert (before.new_score, before.new_rank) == (after.old_score, after.old_rank)
        swaps = [cause for share in moved.shares for cause in share.causes]
        assert swaps == sorted(set(swaps), key=list(Cause).index)


def mirror(of: Diff, *, turned: bool) -> Counter[object]:
    """Everything that differs, without the causes; `turned`: as from the other side."""
    changes: Counter[object] = Counter()
    for year in of.years:
        places = {"": year.general} | {t.township.id: t.found for t in year.townships}
        for where, change in ((name, c.difference) for name in places for c in places[name]):
            sides = [
                repr((item.value, item.place)) if item else None
                for item in (change.old, change.new)[:: -1 if turned else 1]
            ]
            key = change.key
            changes[year.year, where, key.what, key.subject, key.part, *sides] += 1
    return changes


Points = dict[tuple[int, str], Fraction]


def points(of: Diff) -> Points:
    return {(year.year, t.township.id): t.points for year in of.years for t in year.townships}


def plus(*parts: Points) -> Points:
    names = {name for part in parts for name in part}
    sums = {name: sum((part.get(name, Fraction()) for part in parts), Fraction()) for name in names}
    return {name: value for name, value in sums.items() if value}


@given(histories(least=1))
def test_nothing_differs_from_itself(history: list[Texts]) -> None:
    for texts in history:
        # Cached or not, and read again from another tree.
        assert compare(texts, dict(texts)) == Diff(())


@given(histories(least=2))
def test_the_way_back_undoes_the_way_there(history: list[Texts]) -> None:
    there, back = compare(history[0], history[-1]), compare(history[-1], history[0])
    assert mirror(there, turned=False) == mirror(back, turned=True)
    assert points(there) == {name: -value for name, value in points(back).items()}


@given(histories(least=2))
def test_shares_always_add_up_to_the_whole(history: list[Texts]) -> None:
    whole = compare(history[0], history[-1])
    telescopes(whole)
    before, after = (
        {
            (y, s.township.id): s.scorecard.score
            for y, r in trees.results(Written(texts)).items()
            for s in r.standings
            if s.scorecard
        }
        for texts in (history[0], history[-1])
    )
    assert plus(points(whole)) == plus(after, {name: -score for name, score in before.items()})


@given(histories(least=3))
def test_the_way_over_a_third_is_as_long(history: list[Texts]) -> None:
    steps = [points(compare(old, new)) for old, new in pairwise(history)]
    assert plus(points(compare(history[0], history[-1]))) == plus(*steps)


@given(histories(least=2))
def test_what_is_remembered_makes_no_difference(history: list[Texts]) -> None:
    fresh = Judge(Store(None))
    old, new = (snapshot(Written(texts)) for texts in (history[0], history[-1]))
    assert diff(fresh, old, new) == compare(history[0], history[-1])


PATHS: dict[Kind, tuple[str, Cause | None]] = {
    Kind.TOWNSHIPS: ("data/townships.yaml", Cause.REGISTRY),
    Kind.OWNERS: ("data/owners.yaml", None),
    Kind.RULEBOOK: ("data/rulebooks/a-book/1/rulebook.yaml", Cause.RULEBOOK),
    Kind.RENDERING: ("data/rulebooks/a-book/1/english.yaml", Cause.RULEBOOK),
    Kind.READINGS: ("data/rulebooks/a-book/1/readings.yaml", None),
    Kind.EXAMPLE: ("data/rulebooks/a-book/1/examples/1.1.yaml", Cause.RULEBOOK),
    Kind.FACTS: ("data/rulebooks/a-book/1/examples/facts/base.yaml", Cause.RULEBOOK),
    Kind.ASSESSMENT: ("data/2025/assessment.yaml", Cause.ASSESSMENT),
    Kind.RANKING: ("data/2025/prefecture-ranking.yaml", Cause.ASSESSMENT),
    Kind.REPORT: ("data/2025/townships/songhe.yaml", Cause.REPORT),
    Kind.INSPECTION: ("data/2025/inspections/songhe.yaml", Cause.INSPECTION),
    Kind.CORRECTION: ("data/2025/corrections/01.yaml", Cause.CORRECTION),
    Kind.OBJECTION: ("data/2025/objections/songhe-01.yaml", None),
    Kind.PUBLISHED: ("data/2025/published.json", None),
    Kind.HOLIDAYS: ("data/holidays/2025.yaml", Cause.RULEBOOK),
}
NO_INPUT = ("data/README.md", "data/2025/x.yaml", "docs/a.md", "data/x")
FORM = ("schema/submissions/a-book/1.schema.json", Cause.RULEBOOK)


@pytest.mark.parametrize(
    ("path", "cause"), [*PATHS.values(), FORM, *((path, None) for path in NO_INPUT)]
)
def test_every_file_is_an_input_or_none(path: str, cause: Cause | None) -> None:
    assert cause_of(path) is cause


def test_every_kind_is_tried_and_the_order_is_that_in_which_inputs_can_be_read() -> None:
    assert PATHS.keys() == set(Kind)
    assert " ".join(Cause) == "registry rulebook assessment report inspection correction"


def after_everything() -> dict[str, str]:
    texts = changed(three_townships(), SONGHE, ("staff: 2", "staff: 1"))
    texts = changed(texts, YEAR, ("2026-01-10", "2026-01-11"))
    texts = changed(texts, REGISTER, ("柳林镇", "柳林乡"))
    texts = changed(texts, BOOK, ("\nid: ", "\n# a word\nid: "))
    return {
        **texts,
        INSPECTION: inspection("receptions: 40"),
        differing.CORRECTION: differing.correction(),
    }


def test_what_differs_is_found_in_its_order() -> None:
    old, new = snapshot(Written(three_townships())), snapshot(Written(after_everything()))
    assert present(old, new, 2025) == present(new, old, 2025) == tuple(Cause)
    assert present(old, old, 2025) == ()


def test_only_what_is_near_a_year_counts() -> None:
    texts = trees.demonstration()
    old = snapshot(Written(texts))
    path = "data/2023/townships/songhe.yaml"
    new = snapshot(Written({**texts, path: f"{texts[path]}# a word\n"}))
    assert present(old, new, 2025) == ()
    assert present(old, new, 2024) == (Cause.REPORT,)  # it may look back
    assert present(old, new, 2023) == (Cause.REPORT,)
    holidays = {**texts, "data/holidays/2026.yaml": texts["data/holidays/2026.yaml"] + "# x\n"}
    assert present(old, snapshot(Written(holidays)), 2023) == (Cause.RULEBOOK,)


@pytest.mark.parametrize("cause", Cause)
def test_one_input_at_a_time_is_swapped(cause: Cause) -> None:
    old, new = Written(three_townships()), Written(after_everything())
    swap = swapped(old, new, [cause])
    texts = {path: trees.content(swap.tree, path).decode() for path in swap.tree}
    data = {path for path in old.texts | new.texts if path.startswith("data/")}
    other = {path for path in data if old.texts.get(path) != new.texts.get(path)}
    assert {p for p in other if texts.get(p) == new.texts.get(p)} == {
        path for path in other if cause_of(path) is cause
    }
    assert texts[QINGSHAN] == old.texts[QINGSHAN]


def test_all_inputs_swapped_are_the_new_tree() -> None:
    old, new = Written(three_townships()), Written(after_everything())
    assert snapshot(new).office == swapped(old, new, tuple(Cause)).office
    assert snapshot(new).years == swapped(old, new, tuple(Cause)).years
    assert snapshot(old).years == swapped(old, new, ()).years
