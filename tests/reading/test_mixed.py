"""Two trees as one: every path comes from the tree that was chosen for it."""

from pathlib import Path

import pytest

from generator.reading.files import Folder, Mixed

OLD = {"data/townships.yaml": "old", "data/2025/gone.yaml": "old", "schema/a.json": "old"}
NEW = {"data/townships.yaml": "new", "data/2025/new.yaml": "new", "schema/a.json": "new"}


def folder(root: Path, texts: dict[str, str]) -> Folder:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "data/2025/link.yaml").symlink_to(root)
    (root / "data/link.yaml").symlink_to(root)
    return Folder(root)


@pytest.fixture
def mixed(tmp_path: Path) -> Mixed:
    old, new = folder(tmp_path / "old", OLD), folder(tmp_path / "new", NEW)
    return Mixed(old, new, lambda path: path.startswith("data/2025/"))


def test_every_path_stands_as_in_the_tree_chosen_for_it(mixed: Mixed) -> None:
    assert mixed.paths() == ["data/2025/gone.yaml", "data/townships.yaml"]
    assert [mixed.read(path) for path in mixed.paths()] == [b"old", b"new"]
    assert mixed.blob("data/townships.yaml") == mixed.other.blob("data/townships.yaml")
    assert mixed.blob("data/townships.yaml") != mixed.one.blob("data/townships.yaml")


def test_schemas_are_chosen_as_well(mixed: Mixed) -> None:
    assert mixed.schema("a.json") == b"new"
    assert Mixed(mixed.one, mixed.other, lambda _: True).schema("a.json") == b"old"


def test_what_is_no_file_is_told_once(mixed: Mixed) -> None:
    places = [found.location.path for found in mixed.problems()]
    assert places == ["data/2025/link.yaml", "data/link.yaml"]
