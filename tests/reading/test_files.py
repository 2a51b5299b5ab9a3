"""Files by their paths: what each is, what is refused, and that no link is followed."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.problem import Problem, Severity, Stop
from generator.reading import files
from generator.reading.files import (
    DataFile,
    Folder,
    Kind,
    by_township,
    classify,
    listing,
)
from generator.reading.slips import MAX_BYTES

INVALID = Path(__file__).parent.parent / "invalid"
CASES = sorted(
    folder for code in ("unexpected-file", "symbolic-link") for folder in (INVALID / code).iterdir()
)
BOOK = "data/rulebooks/family-planning-petitions/1"


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_refuses_with_code_and_place(folder: Path) -> None:
    _, problems = listing(Folder(folder))
    got = [f"{at.location.path}:1:1 {at.code}\n" for at in problems]
    assert got == (folder / "expected.txt").read_text().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/townships.yaml", (Kind.TOWNSHIPS, 0, "", 0)),
        ("data/owners.yaml", (Kind.OWNERS, 0, "", 0)),
        ("data/2025/assessment.yaml", (Kind.ASSESSMENT, 2025, "", 0)),
        ("data/2025/prefecture-ranking.yaml", (Kind.RANKING, 2025, "", 0)),
        ("data/2025/townships/songhe.yaml", (Kind.REPORT, 2025, "songhe", 0)),
        ("data/2025/inspections/t-2.yaml", (Kind.INSPECTION, 2025, "t-2", 0)),
        ("data/2024/corrections/01.yaml", (Kind.CORRECTION, 2024, "01", 0)),
        ("data/2024/published.json", (Kind.PUBLISHED, 2024, "", 0)),
        (f"{BOOK}/rulebook.yaml", (Kind.RULEBOOK, 0, "family-planning-petitions", 1)),
        (f"{BOOK}/examples/3.1-2024.yaml", (Kind.EXAMPLE, 0, "family-planning-petitions", 1)),
        (f"{BOOK}/examples/facts/base.yaml", (Kind.FACTS, 0, "family-planning-petitions", 1)),
    ],
)
def test_kinds(path: str, expected: tuple[object, ...]) -> None:
    found = classify(path)
    assert isinstance(found, DataFile)
    assert (found.kind, found.year, found.id, found.version) == expected


@pytest.mark.parametrize("path", ["data/README.md", "data/2025/.gitkeep", "data/x/y/.gitignore"])
def test_left_alone(path: str) -> None:
    assert classify(path) is None


@pytest.mark.parametrize("name", ["Thumbs.db", ".DS_Store", "~$a.xlsx", ".a.yaml.swp", "a.yaml~"])
def test_left_by_programs_is_a_warning(name: str) -> None:
    found = classify(f"data/2025/townships/{name}")
    assert isinstance(found, Problem)
    assert found.severity is Severity.WARNING


@given(st.text(max_size=20))
def test_any_name_is_classified_and_can_be_shown(name: str) -> None:
    found = classify(f"data/2025/townships/{name}.yaml")
    if isinstance(found, Problem):
        assert found.location.path.isprintable()


def _tree(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def test_paths_are_sorted_and_below_data(tmp_path: Path) -> None:
    paths = ["data/townships.yaml", "data/2025/townships/b.yaml", "data/2025/townships/a.yaml"]
    _tree(tmp_path, *paths, "other/x.yaml", "README.md")
    assert Folder(tmp_path).paths() == sorted(paths)
    assert Folder(tmp_path / "other").paths() == []


def test_no_link_is_followed(tmp_path: Path) -> None:
    _tree(tmp_path, "secret/x.yaml", "data/2025/townships/a.yaml")
    (tmp_path / "data/2024").symlink_to(tmp_path / "secret")
    (tmp_path / "data/2025/townships/b.yaml").symlink_to(tmp_path / "secret/x.yaml")
    (tmp_path / "data/2025/townships/c.yaml").symlink_to("nowhere")
    folder = Folder(tmp_path)
    assert folder.paths() == ["data/2025/townships/a.yaml"]
    assert [problem.location.path for problem in folder.problems()] == [
        *("data/2024", "data/2025/townships/b.yaml", "data/2025/townships/c.yaml")
    ]
    for path in ("data/2024/x.yaml", "data/2025/townships/b.yaml", "data/../secret/x.yaml"):
        with pytest.raises(FileNotFoundError):
            folder.read(path)


def test_data_itself_must_not_be_a_link(tmp_path: Path) -> None:
    _tree(tmp_path, "real/townships.yaml")
    (tmp_path / "data").symlink_to(tmp_path / "real")
    folder = Folder(tmp_path)
    assert folder.paths() == []
    assert [problem.code for problem in folder.problems()] == ["symbolic-link"]


def test_a_file_exchanged_for_a_link_is_not_opened(tmp_path: Path) -> None:
    _tree(tmp_path, "secret", "data/townships.yaml")
    folder = Folder(tmp_path)
    assert folder.paths() == ["data/townships.yaml"]
    (tmp_path / "data/townships.yaml").unlink()
    (tmp_path / "data/townships.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(Stop, match="put the file or folder itself"):
        folder.read("data/townships.yaml")


def test_pipes_and_names_that_are_no_text(tmp_path: Path) -> None:
    _tree(tmp_path, "data/townships.yaml")
    os.mkfifo(tmp_path / "data/owners.yaml")
    Path(os.fsdecode(os.fsencode(tmp_path / "data") + b"/\xff.yaml")).write_bytes(b"x")
    _, problems = listing(Folder(tmp_path))
    assert [problem.location.path for problem in problems] == [
        "data/owners.yaml",
        "data/\\xff.yaml",
    ]


def test_reads_no_more_than_needed(tmp_path: Path) -> None:
    _tree(tmp_path, "data/townships.yaml")
    (tmp_path / "data/townships.yaml").write_bytes(b"x" * (MAX_BYTES * 3))
    assert len(Folder(tmp_path).read("data/townships.yaml")) == MAX_BYTES + 1


def test_by_township_over_the_years(tmp_path: Path) -> None:
    paths = [
        f"data/{year}/{kind}/b.yaml"
        for year in (2023, 2024)
        for kind in ("inspections", "townships")
    ]
    _tree(tmp_path, "data/townships.yaml", "data/2024/townships/a.yaml", *paths)
    files, problems = listing(Folder(tmp_path))
    assert problems == []
    grouped = by_township(files)
    assert list(grouped) == ["a", "b"]
    assert [file.path for file in grouped["b"]] == paths


def test_of_a_schema_no_more_is_read_than_needed(tmp_path: Path) -> None:
    form = "submissions/own/1.schema.json"
    _tree(tmp_path, f"schema/{form}", "schema/README.md", "schema/other/large")
    for name in (form, "other/large"):
        with (tmp_path / "schema" / name).open("wb") as file:
            file.truncate(3 << 30)
    folder = Folder(tmp_path)
    assert folder.schema(form) == bytes(MAX_BYTES + 1)
    assert folder.schema("none") is None
    assert list(folder.schemas()) == [f"schema/{form}"]


def test_a_schema_that_nothing_may_name_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("a.json", "submissions/b.json", "submissions/own/01.schema.json")
    _tree(tmp_path, "schema/submissions/own/1.schema.json", *(f"schema/{name}" for name in names))
    read: list[str] = []

    def beginning(root: Path, path: str, most: int) -> bytes:
        read.append(path)
        return b""

    monkeypatch.setattr(files, "beginning", beginning)
    Folder(tmp_path).schemas()
    assert read == ["schema/submissions/own/1.schema.json"]


@pytest.mark.parametrize(
    "path", ["schema", "schema/submissions", "schema/submissions/own/1.schema.json"]
)
def test_no_link_to_a_schema_is_followed(tmp_path: Path, path: str) -> None:
    form = "submissions/own/1.schema.json"
    _tree(tmp_path, f"real/{form}", "data/townships.yaml")
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    inside = path.removeprefix("schema").removeprefix("/")
    (tmp_path / path).symlink_to(tmp_path / "real" / inside)
    folder = Folder(tmp_path)
    assert [problem.location.path for problem in folder.problems()] == [path]
    assert (folder.schema(form), folder.schemas()) == (None, {})


def test_what_a_run_was_preparing_is_no_data(tmp_path: Path) -> None:
    _tree(tmp_path, "data/townships.yaml", "data/2025/.kaohe-0123456789abcdef.tmp/new/x.yaml")
    assert listing(Folder(tmp_path))[1] == []
