"""A year judged by what is kept is the year judged anew, and only what is new is read."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.engine.book import TieBreaker
from generator.engine.facts import groups_of, of_group
from generator.engine.problem import Problem, Text, errors
from generator.engine.quantities import FactQuantity
from generator.engine.rank import placed
from generator.engine.year import Scorecard, YearResult
from generator.reading.files import DataFile, classify, tree_below
from generator.reading.git import Repository
from generator.review import judge as store
from generator.review.judge import (
    Judge,
    Snapshot,
    Store,
    card_of,
    card_text,
    program,
    snapshot,
    suffices,
)
from generator.shape.schema import files_of
from generator.year.load import check
from tests import cities, trees
from tests.builders import above, first_book
from tests.cases import expected, invalid_cases, laid_out, lines, valid_cases
from tests.differing import BOOK, CORRECTION, INSPECTION, correction, inspection, published, without
from tests.repositories import begin, commit, commit_files, git
from tests.trees import LIULIN, REGISTER, SONGHE, YEAR, Texts, Written, changed, three_townships

HOLIDAYS = "data/holidays/2025.yaml"


def tree_of(texts: Texts) -> Snapshot:
    return snapshot(Written(texts))


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


CASES = [case.name for case in valid_cases()]


@pytest.mark.parametrize("name", ["demonstration", "linjiang", *cities.BOOKS, *CASES])
def test_a_year_comes_to_what_judging_it_anew_gives(name: str, tmp_path: Path) -> None:
    texts = cities.texts(name)
    judged_anew = trees.results(Written(texts))
    cold = Judge(Store(tmp_path))
    tree = tree_of(texts)
    for year, result in judged_anew.items():
        names = cold.names(tree, year)
        assert comes_to(cold.year(tree, year).result) == comes_to(result)
        # Another tree with the same files, and another one of the program.
        for judge in (cold, Judge(Store(tmp_path)), Judge(Store(None))):
            again = tree_of(texts)
            assert comes_to(judge.year(again, year).result) == comes_to(result)
            assert judge.names(again, year) == names
            full = judge.year(again, year, names).result
            assert comes_to(full) == comes_to(result)
            assert full is not None
            assert [s.scorecard for s in full.standings] == [s.scorecard for s in result.standings]


def test_both_ways_of_judging_are_tried() -> None:
    ways = {
        suffices(result.inputs.rulebook)
        for texts in map(cities.texts, ("demonstration", "linjiang", "general-rulebook"))
        for result in trees.results(Written(texts)).values()
    }
    assert ways == {True, False}


def test_a_year_that_is_not_there_has_no_result() -> None:
    judge, tree = Judge(Store(None)), tree_of(three_townships())
    assert judge.year(tree, 1999).result is None
    assert judge.names(tree, 1999) == {}
    assert judge.rests(tree, 1999) is None
    assert judge.framed(tree_of({})).frame is None
    assert judge.year(tree_of({}), 2025).problems == ()


def reports_read(tree: Written) -> set[str]:
    return {path for path in tree.reads if "/townships/" in path or "/inspections/" in path}


@pytest.mark.parametrize("full", [False, True])
def test_after_a_change_of_one_file_nothing_else_is_read(full: bool) -> None:
    judge, texts = Judge(Store(None)), three_townships()
    first = Written(texts)
    judge.year(snapshot(first), 2025)
    assert reports_read(first) == {trees.QINGSHAN, SONGHE, LIULIN}
    second = Written(changed(texts, SONGHE, ("staff: 2", "staff: 1")))
    judge.year(snapshot(second), 2025, ["songhe"] if full else ())
    assert dict(second.reads) == {SONGHE: 1, **framed(second)}
    third = Written(second.texts)
    judge.year(snapshot(third), 2025)
    assert dict(third.reads) == {}


def framed(tree: Written) -> dict[str, int]:
    """The office's files that were read, which are none where they are those of before."""
    return {path: 1 for path in tree.reads if "/townships/" not in path}


def test_the_offices_files_are_read_once() -> None:
    judge, texts = Judge(Store(None)), three_townships()
    judge.framed(tree_of(texts))
    second = Written(changed(texts, SONGHE, ("staff: 2", "staff: 1")))
    judge.year(snapshot(second), 2025)
    assert framed(second) == {}
    # The rulebooks need not be read again because the year's own file has changed.
    third = Written(changed(texts, YEAR, ("2026-01-10", "2026-01-11")))
    judge.framed(snapshot(third))
    assert [path for path in third.reads if "rulebooks" in path] == []


def test_of_what_is_kept_in_the_file_no_report_is_read(tmp_path: Path) -> None:
    texts = three_townships()
    before = Judge(Store(tmp_path)).year(tree_of(texts), 2025)
    tree = Written(texts)
    after = Judge(Store(tmp_path)).year(snapshot(tree), 2025)
    assert reports_read(tree) == set()
    assert comes_to(after.result) == comes_to(before.result)


EDITS: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "report": lambda texts: changed(texts, SONGHE, ("staff: 2", "staff: 1")),
    "period": lambda texts: changed(texts, YEAR, ("from: 2025-01-01", "from: 2025-02-01")),
    "dates": lambda texts: changed(texts, YEAR, ("2026-01-10", "2026-01-11")),
    "rulebook": lambda texts: changed(texts, BOOK, ("\nid: ", "\n# a word\nid: ")),
    "group": lambda texts: changed(
        texts, REGISTER, ("Liulin}, kind: township, group: a", "Liulin}, kind: township, group: b")
    ),
    "kind": lambda texts: changed(
        texts, REGISTER, ("Liulin}, kind: township", "Liulin}, kind: subdistrict")
    ),
    "holidays": lambda texts: texts | {HOLIDAYS: trees.demonstration()[HOLIDAYS]},
}


@pytest.mark.parametrize("name", EDITS)
def test_whatever_a_score_rests_on_gives_it_another_name(name: str) -> None:
    texts = three_townships()
    edited = EDITS[name](texts)
    assert edited != texts
    expected = {"report": {"songhe"}, "group": {"liulin"}, "kind": {"liulin"}}
    assert renamed(texts, edited) == expected.get(name, {"qingshan", "songhe", "liulin"})


def renamed(texts: Texts, edited: Texts, year: int = 2025) -> set[str]:
    """Whose scores are named otherwise in the second tree; both have the same townships."""
    judge = Judge(Store(None))
    before, after = (judge.names(tree_of(tree), year) for tree in (texts, edited))
    assert before
    assert before.keys() == after.keys()
    return {township for township in before if before[township] != after[township]}


def test_what_only_ranks_rest_on_gives_no_other_name() -> None:
    judge, texts = Judge(Store(None)), three_townships()
    new = changed(texts, REGISTER, ("柳林镇", "柳林乡"))
    assert renamed(texts, new) == set()
    assert judge.rests(tree_of(texts), 2025) != judge.rests(tree_of(new), 2025)
    result = judge.year(tree_of(new), 2025).result
    assert result is not None
    assert "柳林乡" in [s.township.name.zh for s in result.standings]


def test_opening_a_year_again_is_noticed() -> None:
    """Ratings may be missing while a year is open, and not after."""
    closed = published(three_townships())
    reopened = changed(closed, YEAR, ("status: final", "status: open"))
    assert renamed(reopened, closed) == {"qingshan", "songhe", "liulin"}


def test_another_form_gives_another_name() -> None:
    texts = trees.valid("general-rulebook")
    form = next(path for path in texts if path.startswith("schema/") and "clean-villages" in path)
    everybody = set(Judge(Store(None)).names(tree_of(texts), 2026))
    assert renamed(texts, {**texts, form: f"{texts[form]}\n"}, 2026) == everybody


def garbage(file: Path) -> None:
    file.write_bytes(b"no database at all" * 100)


def folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


def executed(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as base, base:
        for statement in statements:
            base.execute(statement)


def other_program(file: Path) -> None:
    of_yesterday = "update made_by set program = 'of yesterday'"
    executed(file, of_yesterday, "update kept set value = 'not to be looked at'")


def other_tables(file: Path) -> None:
    file.unlink()
    executed(file, "create table kept (something text)")


@pytest.mark.parametrize(
    "spoil", [garbage, folder_in_its_place, other_program, other_tables, Path.unlink]
)
def test_a_file_that_is_broken_is_an_empty_one(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    texts = three_townships()
    whole = Judge(Store(tmp_path)).year(tree_of(texts), 2025)
    spoil(tmp_path / "scores.sqlite")
    for _ in range(2):
        judged = Judge(Store(tmp_path)).year(tree_of(texts), 2025)
        assert comes_to(judged.result) == comes_to(whole.result)


def cases_in_a_year() -> list[Path]:
    """One case of every code that an error in a file of a year has.

    Receipts are not looked at: comparing is for results, whatever has been published.
    """
    cases = {
        case.parent.name: case
        for case in invalid_cases()
        if not case.parent.name.startswith(("locked-", "receipt-"))
        and not any("published.json" in line for line in expected(case))
        and any(line.startswith("data/20") for line in expected(case))
    }
    return list(cases.values())


@pytest.mark.parametrize("case", cases_in_a_year(), ids=lambda case: case.parent.name)
def test_what_is_wrong_in_a_year_is_told_as_by_check(case: Path, tmp_path: Path) -> None:
    folder = tree_below(laid_out(case, tmp_path))
    wrong = lines(errors(check(files_of(folder))))
    judge, tree = Judge(Store(None)), snapshot(folder)
    framed = judge.framed(tree)
    years = framed.frame.years if framed.frame else ()
    parts = [framed.problems, *(judge.year(tree, year).problems for year in years)]
    for problems in parts:
        assert len(set(map(str, problems))) == len(problems)
    said = [lines(list(problems)) for problems in parts]
    for rows in said:
        assert set(rows) <= set(wrong)
    assert set().union(*said) == set(wrong) or framed.problems


def test_what_no_file_can_be_is_noticed_beside_the_same_files(tmp_path: Path) -> None:
    texts, judge = three_townships(), Judge(Store(None))
    assert judge.framed(tree_of(texts)).problems == ()
    judge.framed(snapshot(trees.folder_of(texts, tmp_path)))
    (tmp_path / "data/link.yaml").symlink_to("townships.yaml")
    linked = judge.framed(snapshot(tree_below(tmp_path)))
    assert [problem.code for problem in linked.problems] == ["symbolic-link"]


def test_a_report_of_a_year_that_has_not_begun_is_noticed_beside_the_same_files() -> None:
    texts, judge = three_townships(), Judge(Store(None))
    assert judge.framed(tree_of(texts)).problems == ()
    more = {**texts, SONGHE.replace("2025", "2026"): texts[SONGHE]}
    (problem,) = judge.framed(tree_of(more)).problems
    assert (problem.code, problem.location.path) == ("missing-file", YEAR.replace("2025", "2026"))


def test_a_correction_of_a_report_that_is_gone_is_noticed_beside_the_same_files() -> None:
    """Also where an inspection is still there."""
    texts = {
        **published(three_townships()),
        INSPECTION: inspection("receptions: 120"),
        CORRECTION: correction("receptions: 121"),
    }
    judge = Judge(Store(None))
    assert judge.framed(tree_of(texts)).problems == ()
    gone = without(texts, SONGHE)
    wrong = lines(errors(check(files_of(Written(gone)))))
    assert wrong
    assert lines(list(judge.framed(tree_of(gone)).problems)) == wrong


def test_errors_of_one_township_leave_no_result_and_are_not_kept(tmp_path: Path) -> None:
    texts = three_townships()
    broken = tree_of(changed(texts, SONGHE, ("staff: 2", "staff: two")))
    for judge in (Judge(Store(None)), Judge(Store(tmp_path)), Judge(Store(tmp_path))):
        for full in ((), ["songhe"], ["qingshan"]):
            judged = judge.year(broken, 2025, full)
            assert judged.result is None
            assert [p.code for p in judged.problems] == ["wrong-type"]
        assert judge.year(tree_of(texts), 2025).problems == ()


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
            name = f"{{zh: 第{number}镇, en: T{number}}}"
            entry = f"- {{id: {unit}, name: {name}, kind: township, group: a,"
            texts[REGISTER] = register + (f"{entry} from: 2025}}\n" if unit not in register else "")
    tree = tree_of(texts)
    judge, wrong = Judge(Store(None)), errors(check(files_of(tree.tree)))
    assert {problem.code for problem in wrong} == {"missing-holidays"}
    rows = lines(list(judge.year(tree, 2025, tree.years[2025] if full else ()).problems))
    assert rows == lines(wrong)
    assert f"{HOLIDAYS}:1:1 missing-holidays" in rows


def test_many_townships_are_judged_by_two_as_by_one() -> None:
    texts = three_townships()
    for number in range(30):
        path = trees.QINGSHAN.replace("qingshan", f"t{number:02}")
        texts[path] = texts[trees.QINGSHAN].replace("qingshan", f"t{number:02}")
        name = f"{{zh: 第{number}镇, en: T{number}}}"
        entry = f"{{id: t{number:02}, name: {name}, kind: township, group: a, "
        texts[REGISTER] += f"  - {entry}from: 2023}}\n"
    result = Judge(Store(None)).year(tree_of(texts), 2025).result
    assert comes_to(result) == comes_to(trees.results(Written(texts))[2025])


def test_only_the_newest_trees_are_remembered_whole() -> None:
    """A long history is not held in memory."""
    judge, texts = Judge(Store(None)), three_townships()
    snapshots = [
        tree_of(changed(texts, SONGHE, ("receptions: 126", f"receptions: {n}")))
        for n in range(100, 113)
    ]
    first = judge.year(snapshots[0], 2025)
    assert judge.year(snapshots[0], 2025) is first
    for tree in snapshots[1:]:
        judge.year(tree, 2025)
    assert judge.year(snapshots[0], 2025) is not first
    assert judge.year(snapshots[-1], 2025) is judge.year(snapshots[-1], 2025)


def test_no_report_is_no_card() -> None:
    assert card_of(card_text(None), "songhe", first_book().rulebook) is None


def looked_at(card: Scorecard) -> tuple[object, ...]:
    """All of a card but what its points were taken for."""
    return (
        *(card.score, card.total, card.last, card.outcomes, card.barred, card.parts),
        [(step.id, step.points) for step in card.adjustments],
        [(s.section, s.part, s.points, s.weight) for s in card.sections],
        [(score.clause, score.points) for score in card.clauses()],
    )


@pytest.mark.parametrize("name", ["demonstration", *cities.CITIES])
def test_a_card_kept_ranks_as_the_card_itself(name: str) -> None:
    """Also where the rulebook compares: the card is whole but for what it was made from."""
    for result in cities.city(name).results:
        inputs = result.inputs
        groups = groups_of(inputs.rulebook, inputs.townships)
        cards = {}
        for standing in result.standings:
            own = of_group(inputs.rulebook, groups.get(standing.township.id))
            kept = card_of(card_text(standing.scorecard), standing.township.id, own)
            if standing.scorecard is None or kept is None:
                assert kept is standing.scorecard
                continue
            cards[standing.township.id] = kept
            assert looked_at(kept) == looked_at(standing.scorecard)
        if suffices(inputs.rulebook):
            kept_places, places = (
                [(s.township.id, s.rank, s.tied, s.outcomes, s.band, s.payments) for s in standings]
                for standings in (placed(inputs, cards), result.standings)
            )
            assert kept_places == places


def test_it_does_not_suffice_where_facts_decide_a_tie() -> None:
    book = first_book().rulebook
    by_points = TieBreaker(Text("分", "Points"), "higher", section="3")
    by_facts = TieBreaker(Text("量", "Receptions"), "higher", quantity=FactQuantity(("a",)))
    assert suffices(above(book, tie_breakers=(by_points,)))
    assert not suffices(above(book, tie_breakers=(by_facts,)))
    assert suffices(book)
    assert not suffices(cities.city("linjiang").newest.inputs.rulebook)


STRANGE = "data/2025/Notes.txt"


def test_what_a_township_sent_stands_by_year_and_township() -> None:
    tree = Written({**three_townships(), INSPECTION: inspection("receptions: 120")})
    sent = snapshot(tree)
    assert set(sent.years) == sent.numbers() == {2025}
    assert set(sent.years[2025]) == {"qingshan", "songhe", "liulin"}
    blobs = [(path, tree[path].id) for path in (INSPECTION, SONGHE)]
    assert [(file.path, blob) for file, blob in sent.years[2025]["songhe"]] == blobs
    assert tree.reads == {}


def test_who_has_reported_is_known_by_year() -> None:
    texts = {**three_townships(), INSPECTION: inspection("receptions: 120")}
    del texts[SONGHE]
    texts[LIULIN.replace("2025", "2024")] = "x: 1\n"
    tree = tree_of(texts)
    assert tree.reported() == {2025: {"qingshan", "liulin"}, 2024: {"liulin"}}
    assert "songhe" in tree.years[2025]


def test_everything_else_is_the_offices() -> None:
    texts = {**three_townships(), "schema/submissions/own/1.schema.json": "{}"}
    tree = tree_of(texts)
    sent = {file.path for files in tree.years[2025].values() for file, _ in files}
    assert set(tree.office) == texts.keys() - sent
    assert {REGISTER, YEAR, "schema/submissions/own/1.schema.json"} <= set(tree.office)


def test_what_does_not_belong_there_is_strange() -> None:
    tree = tree_of({**three_townships(), STRANGE: "x"})
    assert [(p.code, p.location.path) for p in tree.strange] == [("unexpected-file", STRANGE)]
    assert STRANGE in tree.office  # its content makes another tree
    assert isinstance(classify(STRANGE), Problem)
    assert isinstance(classify(SONGHE), DataFile)
    assert classify("data/README.md") is None


def test_the_loader_gets_all_files() -> None:
    texts = {**three_townships(), SONGHE.replace("2025", "2024"): "township: songhe\n"}
    tree = tree_of(texts)
    whole = [path for path in sorted(texts) if path.startswith("data/")]
    assert [file.path for file in tree.files().listed] == whole
    assert tree.files().problems == tree.strange


def all_of(tree: Snapshot) -> tuple[object, ...]:
    return tree.office, tree.years, tree.strange, tree.files().listed


@pytest.fixture
def repository_root(tmp_path: Path) -> Path:
    """A history in which files of every kind come, change and go."""
    texts = three_townships()
    begin(tmp_path)
    commit_files(tmp_path, "first", texts)
    commit_files(tmp_path, "changed", {SONGHE: f"{texts[SONGHE]}# x\n"})
    commit_files(tmp_path, "inspected", {INSPECTION: inspection("receptions: 120")})
    commit_files(tmp_path, "gone", {LIULIN: None, INSPECTION: None})
    commit_files(tmp_path, "office", {YEAR: f"{texts[YEAR]}# x\n", trees.QINGSHAN: "x: 1\n"})
    commit_files(tmp_path, "another year", {SONGHE.replace("2025", "2024"): "x: 1\n"})
    commit_files(tmp_path, "strange", {STRANGE: "x"})
    (tmp_path / "data/2025/link.yaml").symlink_to("assessment.yaml")
    commit(tmp_path, "a link")
    (tmp_path / "data/2025/link.yaml").unlink()
    commit_files(tmp_path, "sound again", {STRANGE: None, SONGHE: texts[SONGHE]})
    return tmp_path


def test_the_trees_before_are_those_that_git_has(repository_root: Path) -> None:
    repository = Repository(repository_root)
    known = snapshot(repository.revision("HEAD"))
    commits = list(repository.history())
    assert len(commits) == 9
    for (_, altered), (before, _) in pairwise(commits):
        known = known.before(altered)
        revision = repository.revision(before.id)
        assert all_of(known) == all_of(snapshot(revision)), before.subject
        assert known.tree == revision


def test_before_the_first_commit_there_is_nothing(repository_root: Path) -> None:
    first = git(repository_root, "rev-list", "--max-parents=0", "HEAD")
    repository = Repository(repository_root)
    ((_, altered),) = list(repository.history(first))
    nothing = snapshot(repository.revision(first)).before(altered)
    assert all_of(nothing) == all_of(tree_of({}))


def test_a_year_that_had_one_file_is_gone_before_it(tmp_path: Path) -> None:
    begin(tmp_path)
    commit_files(tmp_path, "first", {SONGHE: "x: 1\n"})
    repository = Repository(tmp_path)
    ((_, altered),) = list(repository.history())
    assert snapshot(repository.revision("HEAD")).before(altered).years == {}


def test_a_folder_is_listed_like_the_commit_of_it(repository_root: Path) -> None:
    commit = snapshot(Repository(repository_root).revision("HEAD"))
    assert all_of(snapshot(tree_below(repository_root))) == all_of(commit)


def test_what_is_put_is_there_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "kaohe"
    Store(folder).put({"a": "1", "b": "二"})
    assert Store(folder).get(["a", "b", "c"]) == {"a": "1", "b": "二"}
    Store(folder).put({"a": "3"})
    assert Store(folder).get(["a"]) == {"a": "3"}
    assert Store(folder).get([]) == {}


def test_any_number_can_be_asked_for_at_once(tmp_path: Path) -> None:
    texts = {f"name {number}": str(number) for number in range(2500)}
    Store(tmp_path).put(texts)
    assert Store(tmp_path).get(texts) == texts


def test_names_are_never_a_question_of_their_own(tmp_path: Path) -> None:
    Store(tmp_path).put({"x' or 1=1 --": "1", "?": "2"})
    assert Store(tmp_path).get(["x' or 1=1 --"]) == {"x' or 1=1 --": "1"}


def keeps(folder: Path | None) -> bool:
    """Whether what is put there is kept."""
    kept = Store(folder)
    kept.put({"a": "1"})
    return kept.get(["a"]) == {"a": "1"}


def test_another_program_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).put({"a": "1"})
    with monkeypatch.context() as other:
        other.setattr(store, "program", lambda: "another one")
        assert Store(tmp_path).get(["a"]) == {}
        Store(tmp_path).put({"a": "2"})
        assert Store(tmp_path).get(["a"]) == {"a": "2"}
    assert Store(tmp_path).get(["a"]) == {}


def test_a_program_is_named_by_what_reads_and_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = program()
    program.cache_clear()
    assert program() == known
    program.cache_clear()
    (tmp_path / "x.json").write_text("{}")
    monkeypatch.setattr(store, "resource", lambda _: tmp_path)
    assert program() != known
    program.cache_clear()


def test_where_no_database_can_be_nothing_is_kept(tmp_path: Path) -> None:
    assert not keeps(None)
    (tmp_path / "scores.sqlite").write_bytes(b"garbage" * 1000)
    (tmp_path / "file").write_text("x")
    for folder in (".", "file", "file/below", "no/where"):
        assert not keeps(tmp_path / folder)
    (tmp_path / "scores.sqlite").unlink()
    assert keeps(tmp_path)


@pytest.mark.parametrize("way", ["linked", "linked softly", "its folder linked"])
def test_a_file_that_is_somewhere_else_as_well_is_left_alone(tmp_path: Path, way: str) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "kaohe"
    outside.mkdir()
    (outside / "scores.sqlite").touch()  # which is an empty database
    if way == "its folder linked":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
        link = os.link if way == "linked" else os.symlink
        link(outside / "scores.sqlite", folder / "scores.sqlite")
    Store(folder).put({"a": "1"})
    assert (outside / "scores.sqlite").read_bytes() == b""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    Store(tmp_path).put({"a": "1"})
    tmp_path.chmod(0o500)
    (tmp_path / "scores.sqlite").chmod(0o400)
    kept = Store(tmp_path)
    kept.put({"b": "2"})
    assert kept.get(["a", "b"]) in ({"a": "1"}, {})
    tmp_path.chmod(0o700)


def test_while_somebody_else_writes_nobody_waits_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Store(tmp_path)
    kept.put({"a": "1"})
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda file, timeout: connect(file, timeout=0.01))
    other = connect(tmp_path / "scores.sqlite")
    other.execute("begin exclusive")
    kept.put({"b": "2"})
    assert kept.get(["a"]) == {}
    assert Store(tmp_path).get(["a"]) == {}
    other.rollback()
    other.close()
    assert kept.get(["a", "b"]) == {"a": "1"}


DAMAGES = (
    "update kept set value = '{}'",
    "update kept set value = '[1, \"x\"]'",
    "update kept set value = null",
    "update kept set value = 7",
    "update kept set value = substr(value, 1, 1)",
    "update kept set value = cast(x'ff00fe' as text)",
    "update kept set value = cast(value as blob) || x'00'",
    "update kept set value = zeroblob(20000000)",
    "update kept set sum = null",
    "update kept set name = 'b'",
    "update made_by set program = cast(x'ff' as text)",
    "delete from made_by",
    "drop table kept",
    "drop table made_by",
    "alter table kept drop column sum",
    "alter table made_by rename to kept_by",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_not_there_and_can_be_put_again(tmp_path: Path, damage: str) -> None:
    kept = Store(tmp_path)
    kept.put({"a": "12"})
    executed(tmp_path / "scores.sqlite", damage)
    assert kept.get(["a"]) in ({}, {"a": "12"})
    again = Store(tmp_path)
    assert again.get(["a"]) == {}
    again.put({"a": "12"})
    assert again.get(["a"]) in ({}, {"a": "12"})


@pytest.mark.parametrize("size", [0, 1, 50, 100, 4096, 5000])
def test_a_file_that_was_cut_off_is_no_trouble(tmp_path: Path, size: int) -> None:
    Store(tmp_path).put({f"name {n}": "x" * 100 for n in range(200)})
    with (tmp_path / "scores.sqlite").open("r+b") as file:
        file.truncate(size)
    kept = Store(tmp_path)
    kept.put({"a": "1"})
    assert kept.get(["name 7"]) == {}


@pytest.mark.parametrize("kind", ["folder", "link", "dangling link", "pipe", "linked folder"])
def test_what_is_no_file_of_its_own_is_left_alone(tmp_path: Path, kind: str) -> None:
    folder, outside = tmp_path / "kaohe", tmp_path / "outside"
    file = folder / "scores.sqlite"
    outside.mkdir()
    if kind == "linked folder":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "link":
        (outside / "x").touch()
    if kind.endswith("link"):
        file.symlink_to(outside / "x")
    assert not keeps(folder)
    assert [place.read_bytes() for place in outside.iterdir()] == [b""] * (kind == "link")
