"""Who may change what: which entry covers a path, and CODEOWNERS saying the same."""

from fnmatch import fnmatchcase
from itertools import product

import pytest

from generator.reading.source import read
from generator.review.gate import PATH, Owners, codeowners, owners
from generator.words.messages import catalogue
from tests.cases import ROOT

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
