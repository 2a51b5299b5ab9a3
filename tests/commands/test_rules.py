"""Rulebooks checked, tried and weighed: what is said, in which form, and with which exit code."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cases import INVALID, ROOT, VALID, laid_out, rewritten
from tests.repositories import commit, git
from tests.running import Done, kaohe

FIRE = "forest-fire"
FIRE_FOLDER = "data/rulebooks/forest-fire"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(VALID / "another-regulation", tmp_path_factory.mktemp("rules"))


@pytest.fixture
def stricter(sound: Path, tmp_path: Path) -> Path:
    """The same city with a second version of its rulebook: a fire put out late costs 6, not 5."""
    root = shutil.copytree(sound, tmp_path / "root")
    books, no_examples = root / FIRE_FOLDER, shutil.ignore_patterns("examples")
    book = shutil.copytree(books / "1", books / "2", ignore=no_examples) / "rulebook.yaml"
    amount = ("amount: {value: 5,", "amount: {value: 6,")
    rewritten(book, amount, ("\nversion: 1\n", "\nversion: 2\n"))
    return root


def test_one_rulebook_or_all_are_checked(sound: Path) -> None:
    for name in ((), (FIRE,)):
        done = kaohe("rules", "check", *name, "--lang", "en", root=sound)
        assert (done.code, done.out, done.err) == (0, "", "All is well.\n")


@pytest.mark.parametrize("command", ["check", "test"])
def test_an_unknown_rulebook_is_2_and_names_those_that_there_are(command: str, sound: Path) -> None:
    done = kaohe("rules", command, "forest-fires", "--lang", "en", root=sound)
    assert (done.code, done.out) == (2, "")
    assert "«forest-fires»" in done.err
    assert "family-planning-petitions/1, forest-fire/1" in done.err


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_rulebook_is_named_with_its_version_or_by_its_folder(command: str, sound: Path) -> None:
    whole = kaohe("rules", command, FIRE, root=sound)
    for name in (
        f"{FIRE}/1",
        f"data/rulebooks/{FIRE}/1/",
        f"data/rulebooks/{FIRE}/1/rulebook.yaml",
    ):
        assert kaohe("rules", command, name, root=sound) == whole


def test_a_rulebook_that_only_adds_has_scores_examples_and_pages(tmp_path: Path) -> None:
    """Its total is 0, and a target in a clause that starts from nothing gives without saying so."""
    root = laid_out(VALID / "only-adds", tmp_path)
    assert kaohe("check", "-q", root=root) == Done(0, "", "")
    scores = json.loads(kaohe("score", "--format", "json", root=root).out)["townships"]
    assert {row["id"]: (row["score"], row["max"]) for row in scores} == {
        "qingshan": ("0", "0"),
        "songhe": ("3.5", "0"),
    }
    assert kaohe("rules", "test", "good-deeds/1", root=root).code == 0
    assert kaohe("render", "--out", "pages", root=root).code == 0
    page = (root / "pages/results/2025/songhe.md").read_text(encoding="utf-8")
    assert "3.50" in page
    assert (root / "pages/rulebooks/good-deeds/1/index.md").exists()


def test_a_test_says_how_far_the_examples_go(sound: Path) -> None:
    done = kaohe("rules", "test", FIRE, "--lang", "en", root=sound)
    assert done.code == 0
    assert "forest-fire 1: examples: 4, failing: 0;" in done.err
    assert "with all their numbers: 2 of 4" in done.err
    assert done.out.splitlines() == [
        "1.1 patrols: no example in which it asks nothing",
        "1.2 fires: no example uses 3 (「3分」), no example uses 1 (原文未写)",
    ]


def test_a_test_is_data_too(sound: Path) -> None:
    done = kaohe("rules", "test", FIRE, "--format", "json", root=sound)
    assert done.out.endswith("}\n")
    assert not done.out.endswith("\n\n")
    data = json.loads(done.out)
    assert (done.code, data["problems"]) == (0, [])
    (book,) = data["rulebooks"]
    assert book.items() >= {"id": FIRE, "version": 1, "examples": 4, "failing": 0}.items()
    rules = {row["rule"]: row for row in book["rules"]}
    assert list(rules) == ["patrols", "leader", "fires", "slow"]
    slow = {"clause": "1.2", "rule": "slow", "asks": True, "silent": True, "unused": []}
    assert rules["slow"] == slow
    assert [row["value"] for row in rules["fires"]["unused"]] == ["3", "1"]
    assert not rules["patrols"]["silent"]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github"])
def test_an_example_that_fails_is_1_in_every_form(form: str, tmp_path: Path) -> None:
    root = laid_out(INVALID / "example-fails" / "points", tmp_path)
    done = kaohe("rules", "test", FIRE, "--format", form, root=root)
    assert done.code == 1
    assert done.out.count("example-fails") == 3
    if form == "json":
        assert json.loads(done.out)["rulebooks"][0]["failing"] == 1


def test_a_warning_alone_is_0(tmp_path: Path) -> None:
    root = laid_out(INVALID / "rule-without-example" / "clause", tmp_path)
    for command in ("check", "test"):
        done = kaohe("rules", command, FIRE, root=root)
        assert done.code == 0
        assert done.out.count("warning[rule-without-example]") == 2


LATE = "1.2: 5 points deducted before, now 6 points."


def test_the_same_rulebook_changes_nothing_and_is_0(sound: Path) -> None:
    done = kaohe("rules", "impact", f"{FIRE}/1", "--lang", "en", root=sound)
    assert done.code == 0
    assert done.out.startswith("2026, supposing judged by Forest fire assessment, version 1\n")
    assert "Nothing would have changed." in done.out


def test_another_version_moves_a_score_and_is_1(stricter: Path) -> None:
    done = kaohe("rules", "impact", FIRE, "--lang", "en", root=stricter)
    assert done.code == 1
    assert "(rulebook version 1 → 2)" in done.out
    # 20 − 3 − 3 for two fires in the field, − 5 for the one that was put out late; now − 6.
    assert LATE in done.out
    folder = kaohe("rules", "impact", f"{FIRE_FOLDER}/2/rulebook.yaml", root=stricter)
    assert folder.code == 1


def test_an_impact_is_data_and_a_table(stricter: Path) -> None:
    data = json.loads(kaohe("rules", "impact", FIRE, "--format", "json", root=stricter).out)
    assert data["rulebook"] == {"id": FIRE, "version": 2}
    (year,) = data["years"]
    assert (year["year"], year["fits"]) == (2026, True)
    (moved,) = year["moved"]
    late = next(row for row in moved["changes"] if row["kind"] == "deduction-changed")
    charges = [late[side]["value"]["charged"] for side in ("old", "new")]
    assert (late["clause"], charges) == ("1.2", ["5", "6"])
    assert moved["old"]["rank"] == moved["new"]["rank"] == 1
    table = kaohe("rules", "impact", FIRE, "--format", "markdown", root=stricter).out
    assert table.startswith("### 2026")
    assert "| 松河镇 | 14.00分 → 13.00分（−1） | 1 |" in table


def test_the_impact_can_be_that_of_a_revision(stricter: Path) -> None:
    git(stricter, "init", "-q", "-b", "main")
    commit(stricter)
    shutil.rmtree(stricter / FIRE_FOLDER / "2")
    here = kaohe("rules", "impact", FIRE, "--lang", "en", root=stricter)
    assert here.code == 0
    then = kaohe("rules", "impact", FIRE, "--at", "main", "--lang", "en", root=stricter)
    assert LATE in then.out
    assert kaohe("rules", "impact", FIRE, "--at", "nothing", root=stricter).code == 2


def test_facts_that_do_not_fit_are_told_and_1(sound: Path) -> None:
    done = kaohe("rules", "impact", FIRE, "--years", "2025", "--lang", "en", root=sound)
    assert done.code == 1
    assert "do not fit this rulebook" in done.out
    assert "error[missing-key]" in done.out
    done = kaohe("rules", "impact", FIRE, "--years", "2025", "--format", "json", root=sound)
    (year,) = json.loads(done.out)["years"]
    assert (year["fits"], year["moved"]) == (False, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forest-fire/3"], "forest-fire/1"),
        (["nothing"], "family-planning-petitions/1, forest-fire/1"),
        ([FIRE, "--years", "2024"], "2025, 2026"),
        ([FIRE, "--years", "last"], "2025, 2026"),
        ([FIRE, "--years", ","], "2025, 2026"),
    ],
)
def test_what_is_not_there_is_2(arguments: list[str], said: str, sound: Path) -> None:
    done = kaohe("rules", "impact", *arguments, "--lang", "en", root=sound)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_city_with_errors_has_no_impact(tmp_path: Path) -> None:
    root = laid_out(INVALID / "unknown-value" / "level", tmp_path)
    done = kaohe("rules", "impact", "family-planning-petitions/1", root=root)
    assert done.code == 1
    assert "unknown-value" in done.out


def test_the_second_city_weighs_its_own_rulebook() -> None:
    root = ROOT / "examples" / "linjiang"
    done = kaohe("rules", "impact", "petition-work-rules", "--lang", "en", root=root)
    assert done.code == 0
    assert done.out.count("Nothing would have changed.") == 2
    assert done.out.index("2024, ") < done.out.index("2025, ")  # the oldest first
    both = kaohe("rules", "impact", "petition-work-rules", "--years", "2025,2024", root=root)
    assert both.out.index("2024年度") < both.out.index("2025年度")
    newest = kaohe("rules", "impact", "petition-work-rules", "--years", "2025", root=root)
    assert "2024" not in newest.out
