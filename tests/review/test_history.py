"""The commits that moved scores: newest first, and each with exactly what it moved."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from generator.engine.problem import Stop
from generator.reading.files import Kind
from generator.reading.git import Repository
from generator.review.diff import Entry, History, history
from generator.review.judge import Judge, Store
from generator.words.diff import names_in, paper_line, summary
from generator.words.messages import catalogue
from tests import differing, trees
from tests.cases import ROOT, bytes_below
from tests.differing import BOOK, INSPECTION, ONE_POINT, correction, inspection, published
from tests.edits import histories
from tests.repositories import begin, commit, commit_files, git, put
from tests.trees import LIULIN, QINGSHAN, SONGHE, YEAR, Texts, results, three_townships, valid

LESS_STAFF = ("staff: 2", "staff: 1")
JUDGE = Judge(Store(None))


def of(root: Path) -> History:
    return history(Repository(root), JUDGE)


def subjects(of_: History) -> list[list[str]]:
    return [[made.subject for made in entry.commits] for entry in of_.entries]


def points(entry: Entry) -> dict[str, Fraction]:
    """What it moved, and 0 for those whose rank alone it moved."""
    return {t.township.id: t.points for year in entry.diff.years for t in year.townships}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city whose first commit has three townships with full marks."""
    begin(tmp_path)
    commit_files(tmp_path, "first", three_townships())
    return tmp_path


def edited(path: str, *changes: tuple[str, str], texts: Texts | None = None) -> dict[str, str]:
    return {path: trees.changed(texts or three_townships(), path, *changes)[path]}


def test_commits_that_moved_a_score_come_newest_first(root: Path) -> None:
    commit_files(root, "a clerk less", edited(SONGHE, LESS_STAFF))
    commit_files(root, "no data", {"docs/a.md": "x"})
    commit_files(root, "a comment", {QINGSHAN: three_townships()[QINGSHAN] + "# x\n"})
    commit_files(root, "two less", edited(QINGSHAN, ("staff: 2", "staff: 0")))
    history = of(root)
    assert subjects(history) == [["two less"], ["a clerk less"], ["first"]]
    assert not history.cut
    newest, middle, oldest = history.entries
    assert points(newest) == {"qingshan": -2, "songhe": 0, "liulin": 0}
    assert points(middle)["songhe"] == -1
    assert points(oldest) == dict.fromkeys(("qingshan", "songhe", "liulin"), 100)
    (made,) = middle.commits
    assert (made.author, made.id) == ("书记员", git(root, "rev-parse", "HEAD~3"))


def test_a_merge_is_one_step(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "clerk")
    commit_files(root, "on the side", edited(SONGHE, LESS_STAFF))
    commit_files(root, "again", edited(SONGHE, ("staff: 2", "staff: 0")))
    git(root, "checkout", "-q", "main")
    commit_files(root, "meanwhile", edited(QINGSHAN, LESS_STAFF))
    git(root, "merge", "-q", "clerk", "-m", "合并")
    history = of(root)
    assert subjects(history) == [["合并"], ["meanwhile"], ["first"]]
    assert points(history.entries[0])["songhe"] == -2


def test_what_a_merge_itself_says_counts(root: Path) -> None:
    """One that is neither side's: the history is that of the main line."""
    git(root, "checkout", "-q", "-b", "clerk")
    commit_files(root, "on the side", edited(SONGHE, LESS_STAFF))
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "--no-commit", "clerk")
    put(root, SONGHE, edited(SONGHE, ("staff: 2", "staff: 0"))[SONGHE])
    commit(root, "merged otherwise")
    assert points(of(root).entries[0]) == {"songhe": -2}


@pytest.mark.parametrize(
    "broken",
    [
        {SONGHE: "staff: [\n"},
        {trees.REGISTER: "townships: 1\n"},
        {YEAR: three_townships()[YEAR].replace("version: 1", "version: 9")},
        {BOOK: "id: x\n"},
        {"data/2025/townships/stranger.yaml": "township: stranger\n"},
    ],
    ids=["report", "register", "year", "rulebook", "stranger"],
)
def test_a_broken_commit_is_taken_with_the_next_sound_one(
    root: Path, broken: Mapping[str, str]
) -> None:
    texts = three_townships()
    commit_files(root, "before", edited(QINGSHAN, LESS_STAFF))
    commit_files(root, "broken", broken)
    commit_files(root, "broken still", edited(QINGSHAN, ("staff: 2", "staff: 0")))
    mended: dict[str, str | None] = {path: texts.get(path) for path in broken}
    commit_files(root, "mended", {**mended, **edited(LIULIN, LESS_STAFF)})
    commit_files(root, "after", edited(LIULIN, ("staff: 2", "staff: 0")))
    history = of(root)
    together = ["mended", "broken still", "broken"]
    assert subjects(history) == [["after"], together, ["before"], ["first"]]
    assert points(history.entries[1]).items() >= {"qingshan": -1, "liulin": -1}.items()


def test_what_is_broken_now_is_left_out(root: Path) -> None:
    commit_files(root, "before", edited(QINGSHAN, LESS_STAFF))
    commit_files(root, "broken", {SONGHE: "staff: [\n"})
    commit_files(root, "broken as well", {LIULIN: "staff: [\n"})
    assert subjects(of(root)) == [["before"], ["first"]]


def test_what_was_broken_from_the_first_is_taken_with_what_mended_it(tmp_path: Path) -> None:
    begin(tmp_path)
    texts = three_townships()
    commit_files(tmp_path, "only reports", {SONGHE: texts[SONGHE]})
    commit_files(tmp_path, "the rest", texts)
    history = of(tmp_path)
    assert subjects(history) == [["the rest", "only reports"]]
    assert points(history.entries[0]) == dict.fromkeys(("qingshan", "songhe", "liulin"), 100)


def test_the_year_after_is_moved_as_well_where_it_looks_back(tmp_path: Path) -> None:
    texts = valid("general-rulebook")
    begin(tmp_path)
    commit_files(tmp_path, "first", texts)
    files = (f"data/2026/{folder}/songhe.yaml" for folder in ("townships", "inspections"))
    commit_files(tmp_path, "last year's are gone", dict.fromkeys(files))
    assert [year.year for year in of(tmp_path).entries[0].diff.years] == [2027, 2026]


def test_a_shallow_clone_says_so(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit_files(root, "a clerk less", edited(SONGHE, LESS_STAFF))
    commit_files(root, "two less", edited(SONGHE, ("staff: 2", "staff: 0")))
    copy = tmp_path_factory.mktemp("shallow")
    git(copy, "clone", "-q", "--depth", "2", f"file://{root}", ".")
    history = of(copy)
    assert history.cut
    assert subjects(history) == [["two less"]]
    assert history.of(2025, "songhe").cut


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no commit yet"):
        of(begin(tmp_path))


def test_a_repository_without_data_has_none_either(tmp_path: Path) -> None:
    commit_files(begin(tmp_path), "no data", {"a.md": "x"})
    assert of(tmp_path) == History((), cut=False)


def test_a_city_in_a_folder_has_its_own_history(tmp_path: Path) -> None:
    begin(tmp_path)
    texts = three_townships()
    commit_files(tmp_path, "one", {f"一/{path}": text for path, text in texts.items()})
    commit_files(tmp_path, "other", {f"二/{path}": text for path, text in texts.items()})
    less = edited(SONGHE, LESS_STAFF)[SONGHE]
    commit_files(tmp_path, "less", {f"二/{SONGHE}": less})
    assert subjects(of(tmp_path / "一")) == [["one"]]
    assert subjects(of(tmp_path / "二")) == [["less"], ["other"]]


def test_one_township_or_year_can_be_chosen(root: Path) -> None:
    commit_files(root, "songhe", edited(SONGHE, LESS_STAFF))
    commit_files(root, "qingshan", edited(QINGSHAN, LESS_STAFF))
    whole = of(root)
    assert whole.of() == whole
    for name in ("qingshan", "青杉镇", "Qingshan"):
        chosen = whole.of(2025, name)
        assert subjects(chosen) == [["qingshan"], ["first"]]
        assert list(map(points, chosen.entries)) == [{"qingshan": -1}, {"qingshan": 100}]
    # Songhe's rank moved with Qingshan's.
    assert subjects(whole.of(township="songhe")) == [["qingshan"], ["songhe"], ["first"]]
    assert whole.of(1999).entries == ()


def test_causes_are_told_for_every_commit(root: Path) -> None:
    texts = published(three_townships())
    commit_files(root, "made public", {YEAR: texts[YEAR]})
    commit_files(root, "inspected", {INSPECTION: inspection(findings=("F-01 2.6 2",))})
    commit_files(root, "appeal", {differing.CORRECTION: correction(strike=("F-01",))})
    commit_files(root, "less", edited(SONGHE, LESS_STAFF))
    rule = ONE_POINT.replace("value: 1,", "value: 2,")
    commit_files(root, "stricter", edited(BOOK, (ONE_POINT, rule)))
    moves: list[object] = [
        (entry.commits[0].subject, [s.causes[0].value for s in t.shares], t.points)
        for entry in of(root).of(township="songhe").entries
        for year in entry.diff.years
        for t in year.townships
    ]
    assert moves[:-1] == [
        ("stricter", ["rulebook"], -1),
        ("less", ["report"], -1),
        ("appeal", ["correction"], 2),
        ("inspected", ["inspection"], -2),
    ]
    # Opening, publishing and closing a year move no score, but are in the history of the year.
    assert subjects(of(root))[-2:] == [["made public"], ["first"]]


@settings(max_examples=settings().max_examples // 5, suppress_health_check=list(HealthCheck))
@given(histories(least=4))
def test_a_scores_history_adds_up_to_the_score(
    tmp_path_factory: pytest.TempPathFactory, made: list[Texts]
) -> None:
    root = begin(tmp_path_factory.mktemp("history"))
    for number, (before, texts) in enumerate(pairwise([{}, *made])):
        gone = dict.fromkeys(before.keys() - texts.keys())
        commit_files(root, str(number), {**texts, **gone})
    sums = Counter[str]()
    for entry in of(root).entries:
        sums.update(points(entry))
    final = {
        standing.township.id: standing.scorecard.score
        for standing in results(trees.Written(made[-1]))[2025].standings
        if standing.scorecard
    }
    assert {name: value for name, value in sums.items() if value} == final


def told(root: Path, lang: str) -> list[list[str]]:
    """What each commit brought, its summary first."""
    said = []
    for entry in of(root).entries:
        names, words = names_in(entry.diff.years[0]), catalogue(lang)
        papers = [paper for paper in entry.papers if paper.reason]
        lines = [paper_line(paper, names, words) for paper in papers]
        said.append([summary(entry.papers, names, words), *lines])
    return said


def test_a_merge_that_says_nothing_is_told_by_the_documents_it_brought(root: Path) -> None:
    commit_files(root, "Merge branch 'x'", edited(SONGHE, LESS_STAFF))
    commit_files(root, "update", {INSPECTION: inspection("leadership.staff: 0")})
    commit_files(
        root,
        "Merge pull request #3",
        {"data/2025/corrections/01.yaml": correction("leadership.staff: 2")}
        | published({YEAR: three_townships()[YEAR]}),
    )
    assert [lines[0] for lines in told(root, "en")] == [
        "Correction about Songhe",
        "Inspection of Songhe",
        "Report of Songhe",
        "3 reports",
    ]
    newest, inspected, reported, _ = told(root, "zh")
    assert newest == [
        "关于松河镇的更正",
        "关于松河镇的更正：登记有误（市人口计生信〔2026〕7号，2026-02-18）",
    ]
    assert inspected[1] == "对松河镇的检查：登记簿所载不同（市人口计生信〔2025〕15号，2025-12-20）"
    assert reported == ["松河镇的自查表"]


def test_what_an_inspection_said_before_is_not_brought_again(root: Path) -> None:
    commit_files(root, "one", {INSPECTION: inspection("leadership.staff: 1")})
    both = inspection("leadership.staff: 1", findings=("F-01 1.1 1",))
    commit_files(
        root, "two", {INSPECTION: both.replace("15号", "16号", 2).replace("16号", "15号", 1)}
    )
    newest = of(root).entries[0]
    assert [paper.document for paper in newest.papers] == ["市人口计生信〔2025〕16号"]


def test_a_number_that_leads_to_a_person_is_in_no_paper(root: Path) -> None:
    spoilt = inspection("leadership.staff: 1").replace("登记簿所载不同", "电话13812345678")
    commit_files(root, "one", {INSPECTION: spoilt})
    commit_files(root, "two", {INSPECTION: inspection("leadership.staff: 1")})
    assert not any("13812345678" in line for lines in told(root, "zh") for line in lines)


def test_the_history_of_the_demonstration_is_made_the_same_and_ends_in_its_data(
    tmp_path: Path,
) -> None:
    heads = set()
    for name in ("one", "two"):
        script = [sys.executable, str(ROOT / "examples/history.py"), str(tmp_path / name)]
        subprocess.run(script, check=True)
        heads.add(git(tmp_path / name, "rev-parse", "HEAD"))
    assert len(heads) == 1
    for folder in ("data", "schema"):
        assert bytes_below(tmp_path / "one" / folder) == bytes_below(ROOT / folder)
    made = history(Repository(tmp_path / "one"), JUDGE)
    assert not made.cut
    assert all(len(entry.commits) == 1 for entry in made.entries), "a commit with errors"
    assert any(paper.kind is Kind.CORRECTION for entry in made.entries for paper in entry.papers)


@pytest.mark.parametrize(
    "spoilt", ["changes: 5\n", "changes: [x, 1]\n", "findings: {a: 1}\n", "[]\n", ""]
)
def test_what_an_old_file_says_in_no_form_is_passed_over(spoilt: str, root: Path) -> None:
    commit_files(root, "one", {INSPECTION: f"township: songhe\nyear: 2025\n{spoilt}"})
    commit_files(root, "two", {INSPECTION: inspection("leadership.staff: 1")})
    newest = of(root).entries[0]
    assert [paper.document for paper in newest.papers] == ["市人口计生信〔2025〕15号"]
