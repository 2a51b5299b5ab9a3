"""What a change is judged by: the rules that stood before it, and what came in meanwhile."""

import os
from pathlib import Path

import pytest

from generator.engine.problem import Message, Stop
from generator.reading.revisions import Repository
from generator.review.gate import Proposal, between, first, refusals, staged
from generator.shape.resources import resource
from generator.words.messages import catalogue
from tests.cases import FIRST_BOOK
from tests.repositories import append, begun, commit, git, publish, replace, tried

SONGHE = "data/2025/townships/songhe.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return begun(tmp_path / "城 city")


def told(root: Path, author: str | None = None) -> list[str]:
    """What is said of the last commit, one line each: path, code, the sentence's beginning."""
    return lines(between(Repository(root), "HEAD^", "HEAD"), author)


def lines(asked: Proposal, author: str | None = None) -> list[str]:
    found = sorted(refusals(asked, author), key=lambda problem: problem.location)
    return [f"{p.location.path} {p.code} {opening(p.message)}".strip() for p in found]


def opening(message: Message) -> str:
    """As if merged, by the rules in force, or neither."""
    text = catalogue("en").render(message)
    return next((word for word in ("With the rules", "By the rules") if text.startswith(word)), "")


def test_a_good_change_is_not_spoken_of(root: Path) -> None:
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    commit(root)
    assert told(root) == told(root, "office") == told(root, "songhe-clerk") == []


def test_what_is_wrong_by_either_rules_is_told_once(root: Path) -> None:
    year = "data/2025/assessment.yaml"
    append(root, FIRST_BOOK, "# 改")
    replace(root, year, "period:", "note: 1\nperiod:")
    commit(root)
    assert told(root) == [f"{year} unknown-key"]


def test_a_new_version_is_judged_as_it_comes(root: Path) -> None:
    text = (root / FIRST_BOOK).read_text(encoding="utf-8").rstrip("\n")
    second = text.replace("\nversion: 1\n", "\nversion: 2\n")
    append(root, FIRST_BOOK.replace("/1/", "/2/"), second)
    commit(root)
    assert told(root, "office-rules") == []
    replace(root, FIRST_BOOK.replace("/1/", "/2/"), "\nversion: 2\n", "\nversion: 3\n")
    commit(root)
    found = told(root, "office-rules")
    assert found
    assert all("/2/rulebook.yaml" in line for line in found)


def test_changed_rules_are_shown_as_if_merged(root: Path) -> None:
    with_form(root, "", "")
    commit(root, "自己的格式")
    assert told(root) == []
    with_form(root, '"maximum": 1000000', '"maximum": 100')
    commit(root)
    assert told(root) == [f"{SONGHE} out-of-range With the rules"]


def test_what_only_the_new_rules_allow_waits_until_they_stand(root: Path) -> None:
    """Nobody makes data right by changing the rules along with them."""
    with_form(root, "", "")
    commit(root, "自己的格式")
    with_form(root, '"maximum": 1000000', '"maximum": 2000000')
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root)
    assert told(root) == [f"{SONGHE} out-of-range By the rules"]
    replace(root, SONGHE, "receptions: 1500000", "receptions: 126")
    commit(root, "只改格式")
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root, "再改数据")
    assert told(root) == []


def test_a_form_that_came_with_the_program_stood_as_well(root: Path) -> None:
    with_form(root, '"maximum": 1000000', '"maximum": 2000000')
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root)
    assert told(root) == [f"{SONGHE} out-of-range By the rules"]


def with_form(root: Path, old: str, new: str) -> None:
    """The city's own form of reports, from the one that comes with the program."""
    name = "submissions/family-planning-petitions/1.schema.json"
    text = resource("schema", *name.split("/")).read_text(encoding="utf-8")
    path = root / "schema" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_broken_rules_can_be_mended(root: Path) -> None:
    good = (root / FIRST_BOOK).read_text(encoding="utf-8")
    replace(root, FIRST_BOOK, "total:", "totals:")
    commit(root, "坏的")
    assert {line.split(" ")[0] for line in told(root)} == {FIRST_BOOK}
    (root / FIRST_BOOK).write_text(good, encoding="utf-8")
    commit(root, "改好")
    assert told(root, "office") == []


def test_warnings_are_told_of_what_is_changed_only(root: Path) -> None:
    idle = {"date": "2025-12-20", "reason": "核对", "document": "市人口计生信〔2025〕15号"}
    row = ", ".join(f"{key}: {value}" for key, value in idle.items())
    change = f"  - {{fact: receptions, value: 126, occasion: spot_check, {row}}}"
    append(
        root,
        "data/2025/inspections/songhe.yaml",
        f"township: songhe\nyear: 2025\nchanges:\n{change}",
    )
    commit(root)
    assert told(root) == ["data/2025/inspections/songhe.yaml change-without-effect"]
    append(root, SONGHE, "# 改")
    commit(root)
    assert told(root) == []


def test_a_receipt_written_again_is_none(tmp_path: Path) -> None:
    """It agrees with the files as they are now, so nothing but the base can tell."""
    root = begun(tmp_path / "published", published=True)
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    publish(root)
    commit(root)
    assert told(root, "office") == ["data/2025/published.json receipt-rewritten"]


# --- what came in meanwhile -----------------------------------------------------------


def test_a_branch_that_is_behind_is_judged_as_merged(root: Path) -> None:
    """What others did meanwhile is no change of this branch's, and counts in the whole."""
    git(root, "switch", "-q", "-c", "change")
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    commit(root)
    git(root, "switch", "-q", "main")
    replace(root, "data/2025/townships/qingshan.yaml", "receptions: 80", "receptions: 81")
    commit(root, "别人的")
    asked = between(Repository(root), "main", "change")
    assert asked.changed == {SONGHE}
    assert b"receptions: 127" in asked.head.read(SONGHE)
    assert b"receptions: 81" in asked.head.read("data/2025/townships/qingshan.yaml")
    assert lines(asked, "songhe-clerk") == []


def test_the_same_change_on_both_sides_is_none(root: Path) -> None:
    git(root, "switch", "-q", "-c", "change")
    append(root, SONGHE, "# 同样")
    append(root, "README.md", "一")
    commit(root)
    git(root, "switch", "-q", "main")
    append(root, SONGHE, "# 同样")
    append(root, "README.md", "二")
    commit(root, "别人的")
    assert lines(between(Repository(root), "main", "change")) == []


def test_two_histories_cannot_be_compared(root: Path) -> None:
    git(root, "switch", "-q", "--orphan", "other")
    commit(root)
    with pytest.raises(Stop, match="in common"):
        between(Repository(root), "main", "other")


# --- the beginning, the index, a folder in a repository -------------------------------


def test_the_beginning_is_judged_without_anything_before(root: Path) -> None:
    assert lines(first(Repository(root), "HEAD"), "anybody") == []
    replace(root, SONGHE, "receptions: 126", "receptions: x")
    commit(root)
    assert lines(first(Repository(root), "HEAD")) == [f"{SONGHE} wrong-type"]


def test_the_index_is_judged_and_stays_as_it_is(root: Path) -> None:
    replace(root, SONGHE, "receptions: 126", "receptions: 很多")
    git(root, "add", "--all")
    replace(root, SONGHE, "receptions: 很多", "receptions: 126")
    index = (root / ".git" / "index").read_bytes()
    asked = staged(Repository(root))
    assert lines(asked, "qingshan-clerk") == [f"{SONGHE} not-yours", f"{SONGHE} wrong-type"]
    assert asked.changed == {SONGHE}
    assert (root / ".git" / "index").read_bytes() == index


def test_before_the_first_commit_the_index_is_all_there_is(root: Path) -> None:
    git(root, "update-ref", "-d", "HEAD")
    asked = staged(Repository(root))
    assert asked.base is None
    assert lines(asked) == []


def test_a_city_in_a_folder_of_a_larger_repository(root: Path) -> None:
    (root / "城").mkdir()
    git(root, "mv", "data", "城/data")
    git(root, "mv", "schema", "城/schema")
    commit(root, "搬家")
    replace(root, f"城/{SONGHE}", "receptions: 126", "receptions: 127")
    append(root, "data/2025/townships/songhe.yaml", "不在市里")
    commit(root)
    asked = between(Repository(root / "城"), "HEAD^", "HEAD")
    assert asked.changed == {SONGHE, f"/{SONGHE}"}
    assert lines(asked, "songhe-clerk") == [f"/{SONGHE} not-yours"]
    append(root, f"城/{SONGHE}", "# 又改")
    git(root, "add", "--all")
    assert SONGHE in staged(Repository(root / "城")).changed


# --- who ------------------------------------------------------------------------------


def test_without_owners_anybody_may(root: Path) -> None:
    git(root, "rm", "-q", "data/owners.yaml")
    commit(root, "没有权限表")
    append(root, FIRST_BOOK, "# 改")
    commit(root)
    assert told(root, "anybody") == []


def test_owners_that_cannot_be_read_let_nobody_in(root: Path) -> None:
    (root / "data/owners.yaml").write_text("folders: [data]\n", encoding="utf-8")
    commit(root, "坏的")
    git(root, "rm", "-q", "data/owners.yaml")
    commit(root)
    assert told(root, "office") == ["data/owners.yaml wrong-type"]


def test_nobody_gives_himself_rights(root: Path) -> None:
    """The owners before the change count."""
    replace(root, "data/owners.yaml", "qingshan: [qingshan-clerk]", "qingshan: [songhe-clerk]")
    append(root, "data/2025/townships/qingshan.yaml", "# 改")
    commit(root)
    assert told(root, "songhe-clerk") == [
        "data/2025/townships/qingshan.yaml not-yours",
        "data/owners.yaml not-yours",
    ]


def test_a_name_that_is_no_text_is_borne(root: Path) -> None:
    name = os.fsencode(root) + b"/\xff\xfe"
    Path(os.fsdecode(name)).write_bytes(b"x")
    commit(root)
    found = refusals(between(Repository(root), "HEAD^", "HEAD"), "office")
    assert [problem.code for problem in found] == ["not-yours"]
    assert tried(root, "status").code == 0
