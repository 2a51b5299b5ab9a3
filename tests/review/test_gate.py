"""Whether a change may go in: by the rules that stood before it, and by who asks."""

import os
from datetime import date
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest

from generator.engine.problem import Message, Stop
from generator.reading.git import Repository, Stored
from generator.review import gate
from generator.review.gate import (
    PATH,
    between,
    codeowners,
    owners,
    pushed,
    refusals,
    staged,
)
from generator.shape.schema import resource
from generator.words.messages import catalogue
from tests.cases import FIRST_BOOK, ROOT, TESTS, document
from tests.differing import CORRECTION, INSPECTION, inspection
from tests.repositories import a_branch, append, begun, commit, git, publish, put, replace, tried
from tests.trees import QINGSHAN, SONGHE, content


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return begun(tmp_path / "城 city")


def refused(root: Path, author: str | None = None) -> list[str]:
    """What is said of the last commit, one line each: path, code, the sentence's beginning."""
    return lines(between(Repository(root), "HEAD^", "HEAD"), author)


def lines(asked: gate.Proposal, author: str | None = None) -> list[str]:
    problems = sorted(refusals(asked, author), key=lambda problem: problem.location)
    return [f"{p.location.path} {p.code} {opening(p.message)}".strip() for p in problems]


def merged(root: Path, author: str | None = None) -> list[str]:
    """What is said of the branch called change."""
    return lines(between(Repository(root), "main", "change"), author)


def opening(message: Message) -> str:
    """As if merged, by the rules in force, or neither."""
    text = catalogue("en").render(message)
    return next((word for word in ("With the rules", "By the rules") if text.startswith(word)), "")


def test_a_good_change_is_not_spoken_of(root: Path) -> None:
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    commit(root)
    assert refused(root) == refused(root, "office") == refused(root, "songhe-clerk") == []


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ("2026-01-05", "2026-01-05", ""),
        ("", "2026-01-09", ""),
        ("", "2026-01-10", "submitted-out-of-time"),
        ("2026-01-05", "2026-01-06", ""),
        ("2026-01-05", "2026-01-04", "submitted-out-of-time"),
        ("2026-01-05", "", "hand-in-taken-back"),
    ],
)
def test_a_report_is_handed_in_today_or_before_and_not_earlier_than_it_was(
    root: Path, first: str, then: str, code: str
) -> None:
    """Of a report as it has gone in and as it comes, on 9 January."""
    text = (root / SONGHE).read_text(encoding="utf-8")
    for day in (first, then):
        (root / SONGHE).write_text(
            text + (f"submitted: {day}\n" if day else "# \n"), encoding="utf-8"
        )
        append(root, SONGHE, f"# {day or '-'} {first}")
        commit(root)
    proposal = between(Repository(root), "HEAD^", "HEAD")
    problems = refusals(proposal, "songhe-clerk", date(2026, 1, 9))
    assert [problem.code for problem in problems] == [code] * bool(code)


@pytest.mark.parametrize(
    ("path", "author", "codes"),
    [
        ("data/2025/objections/songhe-01.yaml", "songhe-clerk", []),
        ("data/2025/objections/songhe-01.yaml", "qingshan-clerk", ["not-yours"]),
        ("data/2025/objections/songhe-east-01.yaml", "songhe-clerk", ["not-yours"]),
    ],
)
def test_who_may_object(root: Path, path: str, author: str, codes: list[str]) -> None:
    text = 'clause: "3.1"\nasked_on: 2026-02-05\nreason: 有误\ndocument: 松政信〔2026〕2号'
    append(root, path, f"township: songhe\nyear: 2025\n{text}")
    commit(root)
    problems = refusals(between(Repository(root), "HEAD^", "HEAD"), author)
    assert [p.code for p in problems if p.code == "not-yours"] == codes


def test_what_is_wrong_by_either_rules_is_told_once(root: Path) -> None:
    year = "data/2025/assessment.yaml"
    append(root, FIRST_BOOK, "# 改")
    replace(root, year, "period:", "note: 1\nperiod:")
    commit(root)
    assert refused(root) == [f"{year} unknown-key"]


def test_a_new_version_is_judged_as_it_comes(root: Path) -> None:
    text = (root / FIRST_BOOK).read_text(encoding="utf-8").rstrip("\n")
    second = text.replace("\nversion: 1\n", "\nversion: 2\n")
    append(root, FIRST_BOOK.replace("/1/", "/2/"), second)
    commit(root)
    assert refused(root, "office-rules") == []
    replace(root, FIRST_BOOK.replace("/1/", "/2/"), "\nversion: 2\n", "\nversion: 3\n")
    commit(root)
    rows = refused(root, "office-rules")
    assert rows
    assert all("/2/rulebook.yaml" in row for row in rows)


def test_changed_rules_are_shown_as_if_merged(root: Path) -> None:
    with_form(root, "", "")
    commit(root, "自己的格式")
    assert refused(root) == []
    with_form(root, '"maximum": 1000000', '"maximum": 100')
    commit(root)
    assert refused(root) == [f"{SONGHE} out-of-range With the rules"]


def test_what_only_the_new_rules_allow_waits_until_they_stand(root: Path) -> None:
    """Nobody makes data right by changing the rules along with them."""
    with_form(root, "", "")
    commit(root, "自己的格式")
    with_form(root, '"maximum": 1000000', '"maximum": 2000000')
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root)
    assert refused(root) == [f"{SONGHE} out-of-range By the rules"]
    replace(root, SONGHE, "receptions: 1500000", "receptions: 126")
    commit(root, "只改格式")
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root, "再改数据")
    assert refused(root) == []


def test_a_form_that_came_with_the_program_stood_as_well(root: Path) -> None:
    with_form(root, '"maximum": 1000000', '"maximum": 2000000')
    replace(root, SONGHE, "receptions: 126", "receptions: 1500000")
    commit(root)
    assert refused(root) == [f"{SONGHE} out-of-range By the rules"]


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
    assert {line.split(" ")[0] for line in refused(root)} == {FIRST_BOOK}
    (root / FIRST_BOOK).write_text(good, encoding="utf-8")
    commit(root, "改好")
    assert refused(root, "office") == []


def test_warnings_are_told_of_what_is_changed_only(root: Path) -> None:
    put(root, INSPECTION, inspection("receptions: 126"))
    commit(root)
    assert refused(root) == [f"{INSPECTION} change-without-effect"]
    append(root, SONGHE, "# 改")
    commit(root)
    assert refused(root) == []


def test_a_receipt_written_again_is_none(tmp_path: Path) -> None:
    """It agrees with the files as they are now, so nothing but the base can tell."""
    root = begun(tmp_path / "published", published=True)
    replace(root, SONGHE, "receptions: 126", "receptions: 127")
    publish(root)
    commit(root)
    assert refused(root, "office") == ["data/2025/published.json receipt-rewritten"]


def test_a_branch_that_is_behind_is_judged_as_merged(root: Path) -> None:
    """What others did meanwhile is no change of this branch's, and counts in the whole."""
    with a_branch(root):
        replace(root, SONGHE, "receptions: 126", "receptions: 127")
    replace(root, QINGSHAN, "receptions: 80", "receptions: 81")
    commit(root, "别人的")
    asked = between(Repository(root), "main", "change")
    assert asked.changed == {SONGHE}
    assert b"receptions: 127" in content(asked.head, SONGHE)
    assert b"receptions: 81" in content(asked.head, QINGSHAN)
    assert lines(asked, "songhe-clerk") == []


def test_the_same_change_on_both_sides_is_none(root: Path) -> None:
    with a_branch(root):
        append(root, SONGHE, "# 同样")
        append(root, "README.md", "一")
    append(root, SONGHE, "# 同样")
    append(root, "README.md", "二")
    commit(root, "别人的")
    assert merged(root) == []


def test_two_histories_cannot_be_compared(root: Path) -> None:
    with a_branch(root, "--orphan"):
        pass
    with pytest.raises(Stop, match="in common"):
        merged(root)


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
    append(root, SONGHE, "不在市里")
    commit(root)
    asked = between(Repository(root / "城"), "HEAD^", "HEAD")
    assert asked.changed == {SONGHE, f"/{SONGHE}"}
    assert lines(asked, "songhe-clerk") == [f"/{SONGHE} not-yours"]
    append(root, f"城/{SONGHE}", "# 又改")
    git(root, "add", "--all")
    assert SONGHE in staged(Repository(root / "城")).changed


def test_without_owners_anybody_may(root: Path) -> None:
    git(root, "rm", "-q", "data/owners.yaml")
    commit(root, "没有权限表")
    append(root, FIRST_BOOK, "# 改")
    commit(root)
    assert refused(root, "anybody") == []


def test_owners_that_cannot_be_read_let_nobody_in(root: Path) -> None:
    (root / "data/owners.yaml").write_text("folders: [data]\n", encoding="utf-8")
    commit(root, "坏的")
    git(root, "rm", "-q", "data/owners.yaml")
    commit(root)
    assert refused(root, "office") == ["data/owners.yaml wrong-type"]


def test_nobody_gives_himself_rights(root: Path) -> None:
    """The owners before the change count."""
    replace(root, "data/owners.yaml", "qingshan: [qingshan-clerk]", "qingshan: [songhe-clerk]")
    append(root, QINGSHAN, "# 改")
    commit(root)
    assert refused(root, "songhe-clerk") == [f"{QINGSHAN} not-yours", "data/owners.yaml not-yours"]


def test_a_name_that_is_no_text_is_borne(root: Path) -> None:
    name = os.fsencode(root) + b"/\xff\xfe"
    Path(os.fsdecode(name)).write_bytes(b"x")
    commit(root)
    (problem,) = refusals(between(Repository(root), "HEAD^", "HEAD"), "office")
    assert problem.code == "not-yours"
    assert tried(root, "status").code == 0


EXAMPLE = "data/rulebooks/forest-fire/1/examples/1.1.yaml"
FIRE = "data/rulebooks/forest-fire/1/rulebook.yaml"


def new_version(root: Path, points: str) -> None:
    """A second version with the first one's example, and what that expects."""
    for path in sorted((root / "data/rulebooks/forest-fire/1").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8").replace("\nversion: 1\n", "\nversion: 2\n")
        there = path.relative_to(root).as_posix().replace("/1/", "/2/", 1)
        put(root, there, text.replace("expect: {points: 4.9}", f"expect: {{points: {points}}}"))


@pytest.mark.parametrize(
    ("points", "author", "problems"),
    [("4.9", "office", []), ("5", None, ["example-fails"]), ("5", "office", ["example-fails"])],
)
def test_a_new_version_goes_in_with_its_examples_unless_they_fail(
    root: Path, points: str, author: str | None, problems: list[str]
) -> None:
    new_version(root, points)
    commit(root)
    second = EXAMPLE.replace("/1/", "/2/", 1)
    assert refused(root, author) == [f"{second} {code}" for code in problems]


def test_an_example_that_is_changed_must_agree(root: Path) -> None:
    replace(root, EXAMPLE, "points: 4.9", "points: 5")
    commit(root)
    assert refused(root) == [f"{EXAMPLE} example-fails"]


def test_a_rule_that_is_changed_must_agree_with_its_examples(root: Path) -> None:
    replace(root, FIRE, "0.1", "0.2")
    commit(root)
    assert f"{EXAMPLE} example-fails" in refused(root)


def test_examples_of_a_branch_that_is_behind_are_put_to_the_rules_it_meets(root: Path) -> None:
    with a_branch(root):
        append(root, EXAMPLE, "  - {name: 再算一次, expect: {points: 4.9}}")
    replace(root, FIRE, "0.1", "0.2")
    commit(root, "别人的")
    assert set(merged(root)) == {f"{EXAMPLE} example-fails"}


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
    assert refused(root, "songhe-clerk") == []
    replace(root, EXAMPLE, "points: 5", "points: 4.9")
    commit(root)
    assert refused(root, "office") == []


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
    (problem,) = pushed(repository, base, head, "HEAD", "somebody")
    assert problem.code == "unknown-author"


def test_owners_stay_whoever_asks(root: Path) -> None:
    """Also where nobody asks who may."""
    git(root, "mv", "data/owners.yaml", "data/owner.yaml")
    commit(root)
    assert "data/owners.yaml owners-removed" in refused(root)
    git(root, "mv", "data/owner.yaml", "data/owners.yaml")
    (root / "data/owners.yaml").write_text("townships: {}\n", encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "-q", "--amend", "-m", "x")
    assert "data/owners.yaml owners-locked-out" in refused(root)
    (root / "data/owners.yaml").write_text("townships: {\n", encoding="utf-8")
    git(root, "commit", "-q", "-a", "--amend", "-m", "x")
    assert refused(root) == ["data/owners.yaml syntax"]


def test_a_link_in_the_place_of_the_whole_folder_is_told(root: Path) -> None:
    (root / "data").rename(root.parent / "data")
    (root / "data").symlink_to(root.parent / "data")
    commit(root)
    assert {"data symbolic-link", "data/owners.yaml owners-removed"} <= set(refused(root))


def test_the_same_correction_on_both_sides_is_added_once(root: Path) -> None:
    before = TESTS / "refused/correction-removed/by-the-office/before"
    text = (before / CORRECTION).read_text(encoding="utf-8")
    with a_branch(root):
        put(root, CORRECTION, text)
    put(root, CORRECTION, text)
    commit(root, "别人的")
    assert merged(root, "office") == []
    put(root, CORRECTION, text.replace("02-05", "02-04"))
    commit(root, "又一个")
    assert f"{CORRECTION} correction-rewritten" in merged(root, "office")


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


def said(text: str) -> gate.Owners:
    return owners(document(PATH, text))


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
    all_ = said("folders: {.: [office], data: [data-office]}\ntownships: {songhe: [clerk]}\n")
    assert all_.of("README.md") == all_.of("/outside/the city") == ("office",)
    assert all_.of("data/townships.yaml") == ("data-office",)
    assert all_.of(SONGHE) == ("clerk", "data-office")
    assert all_.known() == {"office", "data-office", "clerk"}


def test_without_folders_a_township_still_has_its_reports() -> None:
    assert said("townships: {songhe: [clerk]}\n").of(SONGHE) == ("clerk",)
    assert said("{}\n").grants == ()


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
    demonstration = said((ROOT / PATH).read_text(encoding="utf-8"))
    register = document("x", (ROOT / "data" / "townships.yaml").read_bytes())
    for township in register.value["townships"]:
        if township.get("until", 2025) >= 2025:
            may = demonstration.of(f"data/2025/townships/{township['id']}.yaml")
            assert may == (f"{township['id']}-clerk", "office")
