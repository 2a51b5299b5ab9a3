"""Files by their paths: what each is, what is refused, and that no link is followed."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.problem import Problem, Severity, Stop
from generator.reading.files import (
    DataFile,
    Kind,
    Tree,
    blobs,
    classify,
    link,
    listing,
    merged,
    tree_below,
)
from generator.reading.slips import MAX_BYTES
from tests.trees import Written, content

INVALID = Path(__file__).parent.parent / "invalid"
CASES = sorted(
    folder for code in ("unexpected-file", "symbolic-link") for folder in (INVALID / code).iterdir()
)
BOOK = "data/rulebooks/family-planning-petitions/1"


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_refuses_with_code_and_place(folder: Path) -> None:
    _, problems = listing(tree_below(folder))
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
    _tree(tmp_path, *paths, "other/x.yaml", "README.md", "schema/a.json")
    assert list(tree_below(tmp_path)) == [*sorted(paths), "schema/a.json"]
    assert tree_below(tmp_path / "other") == {}


def strange(tree: Tree) -> list[tuple[str, str]]:
    return [(found.code, found.location.path) for found in listing(tree)[1]]


def test_no_link_is_followed(tmp_path: Path) -> None:
    _tree(tmp_path, "secret/x.yaml", "data/2025/townships/a.yaml")
    (tmp_path / "data/2024").symlink_to(tmp_path / "secret")
    (tmp_path / "data/2025/townships/b.yaml").symlink_to(tmp_path / "secret/x.yaml")
    (tmp_path / "data/2025/townships/c.yaml").symlink_to("nowhere")
    tree = tree_below(tmp_path)
    assert list(blobs(tree)) == ["data/2025/townships/a.yaml"]
    assert strange(tree) == [
        ("symbolic-link", f"data/{path}")
        for path in ("2024", "2025/townships/b.yaml", "2025/townships/c.yaml")
    ]


@pytest.mark.parametrize(
    "path", ["data", "schema", "schema/submissions", "schema/submissions/own/1.schema.json"]
)
def test_no_folder_on_the_way_may_be_a_link(tmp_path: Path, path: str) -> None:
    form = "schema/submissions/own/1.schema.json"
    _tree(tmp_path, f"real/{form}", "real/data/townships.yaml", "data/townships.yaml")
    if path == "data":
        (tmp_path / "data/townships.yaml").unlink()
        (tmp_path / "data").rmdir()
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).symlink_to(tmp_path / "real" / path)
    tree = tree_below(tmp_path)
    assert strange(tree) == [("symbolic-link", path)]
    assert list(blobs(tree)) == ([] if path == "data" else ["data/townships.yaml"])


def test_a_file_exchanged_for_a_link_is_not_opened(tmp_path: Path) -> None:
    _tree(tmp_path, "secret", "data/townships.yaml")
    tree = blobs(tree_below(tmp_path))
    (tmp_path / "data/townships.yaml").unlink()
    (tmp_path / "data/townships.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(Stop, match="put the file or folder itself"):
        tree["data/townships.yaml"].read()


def test_pipes_and_names_that_are_no_text(tmp_path: Path) -> None:
    _tree(tmp_path, "data/townships.yaml")
    os.mkfifo(tmp_path / "data/owners.yaml")
    Path(os.fsdecode(os.fsencode(tmp_path / "data") + b"/\xff.yaml")).write_bytes(b"x")
    assert [path for _, path in strange(tree_below(tmp_path))] == [
        "data/owners.yaml",
        "data/\\xff.yaml",
    ]


@pytest.mark.parametrize("path", ["data/townships.yaml", "schema/submissions/own/1.schema.json"])
def test_reads_no_more_than_needed(tmp_path: Path, path: str) -> None:
    _tree(tmp_path, path, "schema/other/published.json")
    for large in (path, "schema/other/published.json"):
        with (tmp_path / large).open("wb") as file:
            file.truncate(3 << 30)
        assert content(tree_below(tmp_path), large) == bytes(MAX_BYTES + 1)


def test_what_a_run_was_preparing_is_no_data(tmp_path: Path) -> None:
    _tree(tmp_path, "data/townships.yaml", "data/2025/.kaohe-0123456789abcdef.tmp/new/x.yaml")
    assert list(tree_below(tmp_path)) == ["data/townships.yaml"]


def test_two_trees_as_one() -> None:
    """Every path stands as in the tree chosen for it, what is no file as well."""
    old = Written({"data/townships.yaml": "old", "data/2025/gone.yaml": "old", "schema/a": "old"})
    new = Written({"data/townships.yaml": "new", "data/2025/new.yaml": "new", "schema/a": "new"})
    links = {path: link(path) for path in ("data/2025/link.yaml", "data/link.yaml")}
    sides: list[Tree] = [{**side, **links} for side in (old, new)]
    tree = merged(sides[0], sides[1], lambda path: not path.startswith("data/2025/"))
    assert {path: blob.read() for path, blob in blobs(tree).items()} == {
        "data/2025/gone.yaml": b"old",
        "data/townships.yaml": b"new",
        "schema/a": b"new",
    }
    assert blobs(tree)["data/townships.yaml"].id == new["data/townships.yaml"].id
    assert list(tree) == sorted(tree)
    assert [path for _, path in strange(tree)][:2] == list(links)
