"""What if: what is answered, in which form, and with which exit code."""

import json
import shutil
from pathlib import Path

import pytest

from generator.shape.schema import shape
from tests.cases import copied, rewritten
from tests.cities import LINJIANG
from tests.review.readings import board
from tests.running import kaohe


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration city with its newest year alone."""
    root = copied(tmp_path_factory.mktemp("whatif"))
    shutil.rmtree(root / "data" / "2023")
    return root


def asked(city: Path, *question: str) -> tuple[int, str]:
    done = kaohe("whatif", *question, "--lang", "en", root=city)
    assert done.err == ""
    return done.code, done.out


def test_without_a_question_every_reading_is_tried(city: Path) -> None:
    code, out = asked(city)
    assert code == 1
    titles = [line.rpartition("  ")[2] for line in out.split("\n") if "=" in line]
    assert titles == [option.name for option in board().executable]
    assert "2025, every other reading by itself" in out
    assert "  Nothing would have changed.\n" in out
    assert "  No rank and no list would change; scores of 11 would.\n" in out
    shimo = "  Shimo: now “Criticised by circular; Barred from the merit evaluation”; no longer"
    assert shimo in out


def test_readings_are_told_as_between_two_revisions(city: Path) -> None:
    code, out = asked(city, "--reading", "ceiling-rounding=up", "--township", "songhe")
    assert code == 1
    assert out.startswith(
        "2025, supposing “不超过本级接访量的2【%】”: Rounded up\n\n"
        "2025: changes in results\n"
        "  Songhe: 86.45 points → 91.45 points (+5), rank 4 → 3\n    + Now: Commended\n"
        "    − 3.1, no longer deducted: Visits to Beijing: 3, limit 2% × 120 (rounded down) = 2,"
        " 1 over, deduct 5 points\n        data/2025/townships/songhe.yaml:"
    )


def test_the_order_of_asking_changes_nothing(city: Path) -> None:
    floor, archives = ("--reading=floor=negative", "--reading=archives-closed=every-case")
    assert asked(city, floor, archives) == asked(city, archives, floor)


def test_facts_and_records_can_be_supposed(city: Path) -> None:
    code, out = asked(city, "--set", "songhe:receptions=50", "--without", "松河镇:V-009")
    assert code == 1
    assert out.startswith("2025, supposing Songhe: receptions = 50, Songhe: visits.V-009 left out")
    assert "Songhe: 86.45 points" in out
    same = "2025, supposing Songhe: receptions = 120\n\nNothing would have changed.\n"
    assert asked(city, "--set", "songhe:receptions=120") == (0, same)


def test_another_year_and_another_version(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "root")
    folder = root / "data" / "rulebooks" / "family-planning-petitions"
    gone = shutil.ignore_patterns("examples", "readings.yaml")
    book = shutil.copytree(folder / "1", folder / "2", ignore=gone) / "rulebook.yaml"
    text = book.read_text(encoding="utf-8").replace("\nversion: 1\n", "\nversion: 2\n")
    book.write_text(text.replace("round: down", "round: up"), encoding="utf-8")
    new = ("--rulebook", "family-planning-petitions/2", "--year", "2024")
    code, out = asked(root, *new)
    assert code == 1
    assert "supposing judged by Measures" in out
    assert "2024: changes in results (rulebook version 1 → 2)" in out
    done = kaohe("whatif", *new, "--reading", "floor=negative", "--lang", "en", root=root)
    assert (done.code, done.out) == (2, "")
    assert "there is no data/rulebooks/family-planning-petitions/2/readings.yaml." in done.err
    assert kaohe("whatif", *new, "--ranges", root=root).code == 2


def test_everybody_has_a_range_of_ranks(city: Path) -> None:
    code, out = asked(city, "--ranges", "--reading", "floor=negative")
    assert code == 1
    assert "combinations were judged" in out
    rows = [line.split("  ")[0] for line in out.split("\n")[-13:-1]]
    assert rows[0] == "Township"
    assert "Songhe" in rows


@pytest.mark.parametrize(
    "question",
    [
        (),
        ("--ranges",),
        ("--township", "songhe", "--ranges"),
        ("--reading", "prefecture-ceiling=city"),
        ("--set", "songhe:receptions=50"),
        ("--set", "songhe:receptions=120"),
        ("--without", "heyan:visits.V-001"),
    ],
    ids=" ".join,
)
def test_every_answer_has_its_schema_and_a_markdown(city: Path, question: tuple[str, ...]) -> None:
    done = kaohe("whatif", *question, "--format", "json", root=city)
    assert shape("whatif").is_valid(json.loads(done.out))
    assert done.code in (0, 1)
    table = kaohe("whatif", *question, "--format", "markdown", root=city)
    assert table.code == done.code
    assert table.out.startswith("## 2025年度，")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("--reading", "floor=nothing"), "There is no reading «floor=nothing»"),
        (("--reading", "floor=section"), "floor=section cannot be computed. Only clauses"),
        (
            ("--reading", "special=limits-only", "--reading", "open-overdue=year-due"),
            "special=limits-only and open-overdue=year-due change the same place",
        ),
        (("--set", "songhe"), "not of the form TOWNSHIP:ADDRESS=VALUE"),
        (("--set", "songhe:receptions"), "not of the form TOWNSHIP:ADDRESS=VALUE"),
        (("--set", "nobody:receptions=1"), "No township «nobody»"),
        (("--without", "songhe"), "not of the form TOWNSHIP:RECORD"),
        (("--without", "songhe:V-999"), "There is no one record «V-999»"),
        (("--year", "1999"), "There is no year 1999"),
        (("--rulebook", "nothing/1"), "There is no rulebook «nothing/1»"),
        (("--rulebook", "village-stars/1"), "2025 cannot be judged so."),
    ],
    ids=str,
)
def test_what_cannot_be_answered_is_2(city: Path, question: tuple[str, ...], said: str) -> None:
    done = kaohe("whatif", *question, "--lang", "en", root=city)
    assert done.code == 2
    assert said in done.err


def test_a_wrong_fact_is_told_with_its_place_in_the_question(city: Path) -> None:
    done = kaohe("whatif", "--set", "songhe:receptons=1", "--lang", "en", root=city)
    assert done.code == 2
    assert done.out.startswith("--set:2:11: error[unknown-fact] changes.1.fact: «receptons»")
    assert kaohe("whatif", "--set", "songhe:receptions=[1", root=city).code == 2


@pytest.mark.parametrize("question", [("--without", "fengping:V-1"), ("--set", "fengping:a=1")])
def test_who_has_not_submitted_has_no_fact_to_change(city: Path, question: tuple[str, str]) -> None:
    done = kaohe("whatif", *question, "--lang", "en", root=city)
    assert done.code == 2
    assert "has not submitted" in done.err


def test_mistakes_in_the_switches_are_errors_in_the_data(city: Path, tmp_path: Path) -> None:
    root = shutil.copytree(city, tmp_path / "root")
    path = root / "data/rulebooks/family-planning-petitions/1/readings.yaml"
    rewritten(path, ("id: points-split", "id: points-splitt"))
    done = kaohe("whatif", root=root)
    assert done.code == 1
    assert "error[unknown-reading]" in done.out
    path.unlink()
    done = kaohe("whatif", "--lang", "en", root=root)
    assert done.code == 2
    assert "can be computed: there is no data/rulebooks" in done.err
    assert kaohe("whatif", "--set", "songhe:receptions=50", root=root).code == 1


def test_a_rulebook_of_another_kind_is_read_otherwise_as_well() -> None:
    done = kaohe("whatif", "--reading", "nothing-due=left-out", "--lang", "en", root=LINJIANG)
    assert done.code in (0, 1)
    assert done.err == ""
