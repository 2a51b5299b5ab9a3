"""Whatever has been judged before, a year comes to what judging everything anew gives."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.engine.problem import errors
from generator.engine.year import YearResult
from generator.reading.files import Folder
from generator.review.judge import Judge, Store, listed, suffices
from generator.shape.documents import files_of
from generator.year.load import check
from tests import cities
from tests.cases import expected, invalid_cases, laid_out, lines, valid_cases
from tests.differing import CORRECTION, INSPECTION, correction, inspection, published
from tests.trees import (
    LIULIN,
    QINGSHAN,
    REGISTER,
    SONGHE,
    YEAR,
    Written,
    changed,
    demonstration,
    results,
    three_townships,
    valid,
)

NOWHERE = Store(None)


def comes_to(result: YearResult | None) -> list[tuple[Any, ...]]:
    """All of a result but the reasons of its cards."""
    assert result is not None
    return [
        (
            *(s.township, s.rank, s.tied, s.outcomes, s.group, s.band, s.payments),
            s.scorecard and (s.scorecard.score, s.scorecard.total, s.scorecard.parts),
            s.scorecard and [(a.id, a.points) for a in s.scorecard.adjustments],
            s.scorecard and [(c.clause.id, c.points) for c in s.scorecard.clauses()],
            s.scorecard and [(x.section.id, x.points, x.weight) for x in s.scorecard.sections],
        )
        for standings in (result.standings, result.first)
        for s in standings
    ]


def reasons(result: YearResult | None) -> list[Any]:
    """The cards with every reason."""
    assert result is not None
    return [s.scorecard for s in result.standings]


CASES = [case.name for case in valid_cases()]


@pytest.mark.parametrize("name", ["demonstration", "linjiang", *cities.BOOKS, *CASES])
def test_a_year_comes_to_what_judging_it_anew_gives(name: str, tmp_path: Path) -> None:
    texts = cities.texts(name)
    judged_anew = results(Written(texts))
    cold = Judge(Store(tmp_path))
    tree = listed(Written(texts))
    for year, result in judged_anew.items():
        names = cold.names(tree, year)
        assert comes_to(cold.year(tree, year).result) == comes_to(result)
        # Another tree with the same files, and another one of the program.
        for judge in (cold, Judge(Store(tmp_path)), Judge(NOWHERE)):
            again = listed(Written(texts))
            assert comes_to(judge.year(again, year).result) == comes_to(result)
            assert judge.names(again, year) == names
            full = judge.year(again, year, names).result
            assert comes_to(full) == comes_to(result)
            assert reasons(full) == reasons(result)


def test_both_ways_of_judging_are_tried() -> None:
    ways = {
        suffices(result.inputs.rulebook)
        for texts in map(cities.texts, ("demonstration", "linjiang", "general-rulebook"))
        for result in results(Written(texts)).values()
    }
    assert ways == {True, False}


def test_a_year_that_is_not_there_has_no_result() -> None:
    judge, tree = Judge(NOWHERE), listed(Written(three_townships()))
    assert judge.year(tree, 1999).result is None
    assert judge.names(tree, 1999) == {}
    assert judge.rests(tree, 1999) is None
    assert judge.framed(listed(Written({}))).frame is None
    assert judge.year(listed(Written({})), 2025).problems == ()


# --- how much is read -----------------------------------------------------------------


def reports_read(tree: Written) -> set[str]:
    return {path for path in tree.reads if "/townships/" in path or "/inspections/" in path}


@pytest.mark.parametrize("full", [False, True])
def test_after_a_change_of_one_file_nothing_else_is_read(full: bool) -> None:
    judge = Judge(NOWHERE)
    texts = three_townships()
    first = Written(texts)
    judge.year(listed(first), 2025)
    assert reports_read(first) == {QINGSHAN, SONGHE, LIULIN}
    second = Written(changed(texts, SONGHE, ("staff: 2", "staff: 1")))
    judge.year(listed(second), 2025, ["songhe"] if full else ())
    assert dict(second.reads) == {SONGHE: 1, **framed(second)}
    third = Written(second.texts)
    judge.year(listed(third), 2025)
    assert dict(third.reads) == {}


def framed(tree: Written) -> dict[str, int]:
    """The office's files that were read, which are none where they are those of before."""
    return {path: 1 for path in tree.reads if "/townships/" not in path}


def test_the_offices_files_are_read_once() -> None:
    judge, texts = Judge(NOWHERE), three_townships()
    judge.framed(listed(Written(texts)))
    second = Written(changed(texts, SONGHE, ("staff: 2", "staff: 1")))
    judge.year(listed(second), 2025)
    assert framed(second) == {}
    # The rulebooks need not be read again because the year's own file has changed.
    third = Written(changed(texts, YEAR, ("2026-01-10", "2026-01-11")))
    judge.framed(listed(third))
    assert [path for path in third.reads if "rulebooks" in path] == []


def test_of_what_is_kept_in_the_file_no_report_is_read(tmp_path: Path) -> None:
    texts = three_townships()
    before = Judge(Store(tmp_path)).year(listed(Written(texts)), 2025)
    tree = Written(texts)
    after = Judge(Store(tmp_path)).year(listed(tree), 2025)
    assert reports_read(tree) == set()
    assert comes_to(after.result) == comes_to(before.result)


EDITS: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "report": lambda texts: changed(texts, SONGHE, ("staff: 2", "staff: 1")),
    "period": lambda texts: changed(texts, YEAR, ("from: 2025-01-01", "from: 2025-02-01")),
    "dates": lambda texts: changed(texts, YEAR, ("2026-01-10", "2026-01-11")),
    "rulebook": lambda texts: changed(
        texts,
        "data/rulebooks/family-planning-petitions/1/rulebook.yaml",
        ("\nid: ", "\n# a word\nid: "),
    ),
    "group": lambda texts: changed(
        texts, REGISTER, ("Liulin}, kind: township, group: a", "Liulin}, kind: township, group: b")
    ),
    "kind": lambda texts: changed(
        texts, REGISTER, ("Liulin}, kind: township", "Liulin}, kind: subdistrict")
    ),
    "holidays": lambda texts: {
        **texts,
        "data/holidays/2025.yaml": demonstration()["data/holidays/2025.yaml"],
    },
}


@pytest.mark.parametrize("name", EDITS)
def test_whatever_a_score_rests_on_gives_it_another_name(name: str) -> None:
    texts = three_townships()
    edited = EDITS[name](texts)
    assert edited != texts
    judge = Judge(NOWHERE)
    one, other = (judge.names(listed(Written(t)), 2025) for t in (texts, edited))
    assert one.keys() == other.keys() == {"qingshan", "songhe", "liulin"}
    assert {t for t in one if one[t] != other[t]} == {
        "report": {"songhe"},
        "group": {"liulin"},
        "kind": {"liulin"},
    }.get(name, set(one))


def test_what_only_ranks_rest_on_gives_no_other_name() -> None:
    judge, texts = Judge(NOWHERE), three_townships()
    renamed = changed(texts, REGISTER, ("柳林镇", "柳林乡"))
    one, other = (listed(Written(t)) for t in (texts, renamed))
    assert judge.names(one, 2025) == judge.names(other, 2025)
    assert judge.rests(one, 2025) != judge.rests(other, 2025)
    standings = judge.year(other, 2025).result
    assert standings is not None
    assert "柳林乡" in [s.township.name.zh for s in standings.standings]


def test_opening_a_year_again_is_noticed() -> None:
    """Ratings may be missing while a year is open, and not after."""
    closed = published(three_townships())
    reopened = changed(closed, YEAR, ("status: provisional", "status: open"))
    judge = Judge(NOWHERE)
    one, other = (judge.names(listed(Written(t)), 2025) for t in (reopened, closed))
    assert one.keys() == other.keys() == {"qingshan", "songhe", "liulin"}
    assert all(one[t] != other[t] for t in one)


def test_another_form_gives_another_name() -> None:
    texts = valid("general-rulebook")
    form = next(path for path in texts if path.startswith("schema/") and "clean-villages" in path)
    edited = {**texts, form: f"{texts[form]}\n"}
    judge = Judge(NOWHERE)
    one, other = (judge.names(listed(Written(t)), 2026) for t in (texts, edited))
    assert one
    assert one.keys() == other.keys()
    assert all(one[t] != other[t] for t in one)


# --- the file -------------------------------------------------------------------------


def garbage(file: Path) -> None:
    file.write_bytes(b"no database at all" * 100)


def folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


def other_program(file: Path) -> None:
    with sqlite3.connect(file) as base:
        base.execute("update made_by set program = 'of yesterday'")
        base.execute("update kept set value = 'not to be looked at'")
    base.close()


def other_tables(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as base:
        base.execute("create table kept (something text)")
    base.close()


@pytest.mark.parametrize(
    "spoil", [garbage, folder_in_its_place, other_program, other_tables, Path.unlink]
)
def test_a_file_that_is_broken_is_an_empty_one(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    texts = three_townships()
    whole = Judge(Store(tmp_path)).year(listed(Written(texts)), 2025)
    spoil(tmp_path / "scores.sqlite")
    for _ in range(2):
        found = Judge(Store(tmp_path)).year(listed(Written(texts)), 2025)
        assert comes_to(found.result) == comes_to(whole.result)


# --- what is wrong --------------------------------------------------------------------


def cases_in_a_year() -> list[Path]:
    """One case of every code that an error in a file of a year has.

    Receipts are not looked at: comparing is for results, whatever has been published.
    """
    mine = [
        case
        for case in invalid_cases()
        if not case.parent.name.startswith(("locked-", "receipt-"))
        and not any("published.json" in one for one in expected(case))
        and any(one.startswith("data/20") for one in expected(case))
    ]
    return list({case.parent.name: case for case in mine}.values())


@pytest.mark.parametrize("case", cases_in_a_year(), ids=lambda case: case.parent.name)
def test_what_is_wrong_in_a_year_is_told_as_by_check(case: Path, tmp_path: Path) -> None:
    folder = Folder(laid_out(case, tmp_path))
    wrong = lines(errors(check(files_of(folder))))
    judge, tree = Judge(NOWHERE), listed(folder)
    framed = judge.framed(tree)
    years = framed.frame.years if framed.frame else ()
    found = {year: lines(list(judge.year(tree, year).problems)) for year in years}
    found[0] = lines(list(framed.problems))
    for told in found.values():
        assert len(set(told)) == len(told)
        assert set(told) <= set(wrong)
    assert set().union(*found.values()) == set(wrong) or framed.problems


def test_what_no_file_can_be_is_noticed_beside_the_same_files(tmp_path: Path) -> None:
    texts = three_townships()
    judge = Judge(NOWHERE)
    sound = listed(Written(texts))
    assert judge.framed(sound).problems == ()
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    same = listed(Folder(tmp_path))
    judge.framed(same)
    (tmp_path / "data/link.yaml").symlink_to("townships.yaml")
    assert [p.code for p in judge.framed(listed(Folder(tmp_path))).problems] == ["symbolic-link"]


def test_a_report_of_a_year_that_has_not_begun_is_noticed_beside_the_same_files() -> None:
    texts = three_townships()
    judge = Judge(NOWHERE)
    assert judge.framed(listed(Written(texts))).problems == ()
    more = {**texts, SONGHE.replace("2025", "2026"): texts[SONGHE]}
    found = judge.framed(listed(Written(more))).problems
    assert [(p.code, p.location.path) for p in found] == [
        ("missing-file", "data/2026/assessment.yaml")
    ]


def test_a_correction_of_a_report_that_is_gone_is_noticed_beside_the_same_files() -> None:
    """Also where an inspection is still there."""
    texts = {
        **published(three_townships()),
        INSPECTION: inspection("receptions: 120"),
        CORRECTION: correction("receptions: 121"),
    }
    judge = Judge(NOWHERE)
    assert judge.framed(listed(Written(texts))).problems == ()
    gone = {path: text for path, text in texts.items() if path != SONGHE}
    wrong = lines(errors(check(files_of(Written(gone)))))
    assert wrong
    assert lines(list(judge.framed(listed(Written(gone))).problems)) == wrong


def test_errors_of_one_township_leave_no_result_and_are_not_kept(tmp_path: Path) -> None:
    texts = three_townships()
    broken = listed(Written(changed(texts, SONGHE, ("staff: 2", "staff: two"))))
    for judge in (Judge(NOWHERE), Judge(Store(tmp_path)), Judge(Store(tmp_path))):
        for full in ((), ["songhe"], ["qingshan"]):
            found = judge.year(broken, 2025, full)
            assert found.result is None
            assert [p.code for p in found.problems] == ["wrong-type"]
        assert judge.year(listed(Written(texts)), 2025).problems == ()


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", ["judicial-office-performance", "linjiang"])
def test_holidays_that_are_missing_are_told_once(name: str, full: bool) -> None:
    """However many townships need them, which is more than one part of the work has."""
    aside = ("/holidays/", "/examples/")
    whole = cities.texts(name).items()
    texts = {path: text for path, text in whole if not any(part in path for part in aside)}
    for path in [path for path in texts if path.startswith("data/2025/") and "/shiqiao" in path]:
        for number in range(20):
            unit = f"t{number:02}"
            texts[path.replace("shiqiao", unit)] = texts[path].replace("shiqiao", unit)
            register = texts[REGISTER]
            entry = f"- {{id: {unit}, name: {{zh: 第{number}镇, en: T}}, kind: township, group: a,"
            texts[REGISTER] = register + (f"{entry} from: 2025}}\n" if unit not in register else "")
    tree = listed(Written(texts))
    judge, wrong = Judge(NOWHERE), errors(check(files_of(tree.tree)))
    assert {problem.code for problem in wrong} == {"missing-holidays"}
    found = judge.year(tree, 2025, tree.years[2025] if full else ()).problems
    told = lines(list(found))
    assert told == lines(wrong)
    assert "data/holidays/2025.yaml:1:1 missing-holidays" in told


def many(texts: dict[str, str], count: int) -> dict[str, str]:
    """The city with so many townships more."""
    more = dict(texts)
    for number in range(count):
        name = f"t{number:02}"
        more[f"data/2025/townships/{name}.yaml"] = texts[QINGSHAN].replace("qingshan", name)
        entry = f"{{id: {name}, name: {{zh: 第{number}镇, en: T}}, kind: township, group: a, "
        more[REGISTER] += f"  - {entry}from: 2023}}\n"
    return more


def test_many_townships_are_judged_by_two_as_by_one() -> None:
    texts = many(three_townships(), 30)
    found = Judge(NOWHERE).year(listed(Written(texts)), 2025).result
    assert comes_to(found) == comes_to(results(Written(texts))[2025])


def test_only_the_newest_trees_are_remembered_whole() -> None:
    """A long history is not held in memory: two trees of every year."""
    judge, texts = Judge(NOWHERE), three_townships()
    trees = [
        listed(Written(changed(texts, SONGHE, ("receptions: 126", f"receptions: {n}"))))
        for n in range(100, 104)
    ]
    first = judge.year(trees[0], 2025)
    assert judge.year(trees[0], 2025) is first
    for tree in trees[1:]:
        judge.year(tree, 2025)
    assert judge.year(trees[0], 2025) is not first
    assert judge.year(trees[3], 2025) is judge.year(trees[3], 2025)
