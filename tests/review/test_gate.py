"""Whether a change may go in: by the rules that stood before it, and by who asks."""

import os
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest

from generator.engine.problem import Message, Stop
from generator.reading.git import Repository, Stored
from generator.reading.source import read
from generator.review.gate import (
    PATH,
    Owners,
    Proposal,
    between,
    codeowners,
    owners,
    pushed,
    refusals,
    staged,
)
from generator.shape.schema import resource
from generator.words.messages import catalogue
from tests.cases import FIRST_BOOK, ROOT, TESTS
from tests.repositories import append, begun, commit, git, publish, put, replace, tried
from tests.trees import content

SONGHE = "data/2025/townships/songhe.yaml"
CORRECTION = "data/2025/corrections/01.yaml"


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
    assert b"receptions: 127" in content(asked.head, SONGHE)
    assert b"receptions: 81" in content(asked.head, "data/2025/townships/qingshan.yaml")
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
    assert lines(between(Repository(root), None, "HEAD"), "anybody") == []
    replace(root, SONGHE, "receptions: 126", "receptions: x")
    commit(root)
    assert lines(between(Repository(root), None, "HEAD")) == [f"{SONGHE} wrong-type"]


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


# --- worked examples ------------------------------------------------------------------

EXAMPLE = "data/rulebooks/forest-fire/1/examples/1.1.yaml"
FIRE = "data/rulebooks/forest-fire/1/rulebook.yaml"


def new_version(root: Path, points: str) -> None:
    """A second version with the first one's example, and what that expects."""
    for path in sorted((root / "data/rulebooks/forest-fire/1").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8").replace("\nversion: 1\n", "\nversion: 2\n")
        there = path.relative_to(root).as_posix().replace("/1/", "/2/", 1)
        put(root, there, text.replace("expect: {points: 4.9}", f"expect: {{points: {points}}}"))


def test_a_rulebook_goes_in_with_its_examples(root: Path) -> None:
    new_version(root, "4.9")
    commit(root)
    assert told(root, "office") == []


@pytest.mark.parametrize("author", [None, "office"])
def test_a_new_version_whose_examples_fail_does_not_go_in(root: Path, author: str | None) -> None:
    new_version(root, "5")
    commit(root)
    assert told(root, author) == [f"{EXAMPLE.replace('/1/', '/2/', 1)} example-fails"]


def test_an_example_that_is_changed_must_agree(root: Path) -> None:
    replace(root, EXAMPLE, "points: 4.9", "points: 5")
    commit(root)
    assert told(root) == [f"{EXAMPLE} example-fails"]


def test_a_rule_that_is_changed_must_agree_with_its_examples(root: Path) -> None:
    replace(root, FIRE, "0.1", "0.2")
    commit(root)
    assert f"{EXAMPLE} example-fails" in told(root)


def test_examples_of_a_branch_that_is_behind_are_put_to_the_rules_it_meets(root: Path) -> None:
    git(root, "switch", "-q", "-c", "change")
    append(root, EXAMPLE, "  - {name: 再算一次, expect: {points: 4.9}}")
    commit(root)
    git(root, "switch", "-q", "main")
    replace(root, FIRE, "0.1", "0.2")
    commit(root, "别人的")
    found = lines(between(Repository(root), "main", "change"))
    assert set(found) == {f"{EXAMPLE} example-fails"}


def test_the_beginning_is_held_to_its_examples(root: Path) -> None:
    replace(root, EXAMPLE, "points: 4.9", "points: 5")
    commit(root)
    assert lines(between(Repository(root), None, "HEAD")) == [f"{EXAMPLE} example-fails"]
    git(root, "update-ref", "-d", "HEAD")
    assert lines(staged(Repository(root))) == [f"{EXAMPLE} example-fails"]


def test_an_example_that_failed_before_is_no_fault_of_another_change(root: Path) -> None:
    """A new version of the program may be stricter; the office then mends it."""
    replace(root, EXAMPLE, "points: 4.9", "points: 5")
    commit(root)
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    commit(root)
    assert told(root, "songhe-clerk") == []
    replace(root, EXAMPLE, "points: 5", "points: 4.9")
    commit(root)
    assert told(root, "office") == []


# --- what is asked first --------------------------------------------------------------


@pytest.mark.parametrize("author", ["somebody", ""])
def test_of_a_stranger_nothing_is_read(
    root: Path, author: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(root, SONGHE, "# 改")
    commit(root)
    asked = between(Repository(root), "HEAD^", "HEAD")
    seen: list[bytes] = []
    read = Stored.read

    def noted(blob: Stored) -> bytes:
        seen.append(read(blob))
        return seen[-1]

    monkeypatch.setattr(Stored, "read", noted)
    assert [problem.code for problem in refusals(asked, author)] == ["unknown-author"]
    assert seen == [(root / "data/owners.yaml").read_bytes()]


def test_of_a_stranger_not_even_objects_are_looked_at(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(root, SONGHE, "# 改")
    commit(root)
    repository = Repository(root)
    base, head = repository.commit("HEAD^"), repository.commit("HEAD")

    def never(*_: object) -> None:
        pytest.fail("looked at")

    for name in ("fault", "changed", "meeting"):
        monkeypatch.setattr(Repository, name, never)
    found = pushed(repository, base, head, "HEAD", "somebody")
    assert [problem.code for problem in found] == ["unknown-author"]


# --- what stands for good -------------------------------------------------------------


def test_owners_stay_whoever_asks(root: Path) -> None:
    """Also where nobody asks who may."""
    git(root, "mv", "data/owners.yaml", "data/owner.yaml")
    commit(root)
    assert "data/owners.yaml owners-removed" in told(root)
    git(root, "mv", "data/owner.yaml", "data/owners.yaml")
    (root / "data/owners.yaml").write_text("townships: {}\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "-q", "--amend", "-m", "x")
    assert "data/owners.yaml owners-locked-out" in told(root)
    (root / "data/owners.yaml").write_text("townships: {\n", encoding="utf-8")
    git(root, "commit", "-q", "-a", "--amend", "-m", "x")
    assert told(root) == ["data/owners.yaml syntax"]


def test_a_link_in_the_place_of_the_whole_folder_is_told(root: Path) -> None:
    (root / "data").rename(root.parent / "data")
    (root / "data").symlink_to(root.parent / "data")
    commit(root)
    assert {"data symbolic-link", "data/owners.yaml owners-removed"} <= set(told(root))


def test_the_same_correction_on_both_sides_is_added_once(root: Path) -> None:
    text = (TESTS / "refused/correction-removed/by-the-office/before" / CORRECTION).read_text(
        encoding="utf-8"
    )
    git(root, "switch", "-q", "-c", "change")
    put(root, CORRECTION, text)
    commit(root)
    git(root, "switch", "-q", "main")
    put(root, CORRECTION, text)
    commit(root, "别人的")
    assert lines(between(Repository(root), "main", "change"), "office") == []
    put(root, CORRECTION, text.replace("02-05", "02-04"))
    commit(root, "又一个")
    found = lines(between(Repository(root), "main", "change"), "office")
    assert f"{CORRECTION} correction-rewritten" in found


# --- Who may change what: which entry covers a path, and CODEOWNERS saying the same ---


SEVERAL = """\
townships: {songhe: [songhe-clerk], nobody: [nobody-clerk]}
folders:
  data: [office]
  data/2025: [office-2025]
  data/*/inspections: [inspector]
  data/2024/inspections: [inspector-2024]
  data/2023/townships: [archive]
  data/rulebooks/family-planning-petitions: [rules]
  .github: [machines]
"""
PATHS = (
    *(f"data/{y}/townships/{t}.yaml" for y in (2023, 2024, 2025) for t in ("songhe", "qingshan")),
    *(f"data/{y}/inspections/songhe.yaml" for y in (2024, 2025)),
    *("data/2025/assessment.yaml", "data/townships.yaml", "data/owners.yaml", "README.md"),
    *("data/rulebooks/family-planning-petitions/1/rulebook.yaml", "data/rulebooks/other/1/x.yaml"),
    *(".github/CODEOWNERS", "data", "datax/y", "data/2025/townships/songhe.yaml/x"),
)


def said(text: str) -> Owners:
    document, problems = read(PATH, text.encode())
    assert document is not None
    assert problems == []
    return owners(document)


@pytest.mark.parametrize(
    ("path", "accounts"),
    [
        ("data/2024/townships/songhe.yaml", ("songhe-clerk", "office")),
        ("data/2025/townships/songhe.yaml", ("songhe-clerk", "office-2025")),
        ("data/2023/townships/songhe.yaml", ("songhe-clerk", "archive")),
        ("data/2025/townships/qingshan.yaml", ("office-2025",)),
        ("data/2025/inspections/songhe.yaml", ("inspector",)),
        ("data/2024/inspections/songhe.yaml", ("inspector-2024",)),
        ("data/rulebooks/family-planning-petitions/1/rulebook.yaml", ("rules",)),
        ("data/rulebooks/other/1/rulebook.yaml", ("office",)),
        (".github/workflows/review.yml", ("machines",)),
        ("data/townships.yaml", ("office",)),
        ("README.md", ()),
        ("database/x", ()),
        ("*/2025/townships/songhe.yaml", ()),
        ("/data/townships.yaml", ()),
    ],
)
def test_the_longest_folder_counts_and_a_township_has_its_reports(
    path: str, accounts: tuple[str, ...]
) -> None:
    assert said(SEVERAL).of(path) == accounts


def test_a_point_is_everything() -> None:
    found = said("folders: {.: [office], data: [data-office]}\ntownships: {songhe: [clerk]}\n")
    assert found.of("README.md") == ("office",)
    assert found.of("/outside/the city") == ("office",)
    assert found.of("data/townships.yaml") == ("data-office",)
    assert found.of("data/2025/townships/songhe.yaml") == ("clerk", "data-office")
    assert found.known() == {"office", "data-office", "clerk"}


def test_without_folders_a_township_still_has_its_reports() -> None:
    found = said("townships: {songhe: [clerk]}\n")
    assert found.of("data/2025/townships/songhe.yaml") == ("clerk",)
    assert said("{}\n").grants == ()


# --- CODEOWNERS -----------------------------------------------------------------------


def covered(path: str, text: str) -> tuple[str, ...]:
    """What a code host makes of CODEOWNERS: the last pattern that matches counts."""
    last: tuple[str, ...] = ()
    for line in text.splitlines():
        pattern, *accounts = line.split(" ")
        if pattern == "*" or matches(path.split("/"), pattern):
            last = tuple(account.removeprefix("@") for account in accounts)
    return last


def matches(parts: list[str], pattern: str) -> bool:
    wanted = pattern.strip("/").split("/")
    long = len(parts) > len(wanted) if pattern.endswith("/") else len(parts) == len(wanted)
    return long and all(fnmatchcase(*pair) for pair in zip(parts, wanted, strict=False))


@pytest.mark.parametrize(("text", "path"), list(product((SEVERAL, "folders: {.: [a]}\n"), PATHS)))
def test_codeowners_say_the_same(text: str, path: str) -> None:
    assert covered(path, codeowners(said(text))) == said(text).of(path)


def test_our_own_codeowners_are_those_of_the_demonstration_data() -> None:
    """`kaohe owners > .github/CODEOWNERS` writes them anew."""
    path = ROOT / PATH
    head = catalogue("zh")._("Made by «kaohe owners» from {path}; change that file.", path=PATH)
    written = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8")
    assert written == f"# {head}\n{codeowners(said(path.read_text(encoding='utf-8')))}"


def test_every_township_of_the_demonstration_may_report() -> None:
    found = said((ROOT / PATH).read_text(encoding="utf-8"))
    register, _ = read("x", (ROOT / "data" / "townships.yaml").read_bytes())
    assert register is not None
    for township in register.value["townships"]:
        if township.get("until", 2025) >= 2025:
            may = found.of(f"data/2025/townships/{township['id']}.yaml")
            assert may == (f"{township['id']}-clerk", "office")
