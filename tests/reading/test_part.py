"""A part of a tree has the files chosen, and nothing else but its schemas."""

from pathlib import Path

from generator.reading.files import Folder, Kind, Part
from tests.cases import ROOT


def test_only_the_chosen_are_there(tmp_path: Path) -> None:
    for name in ("data/2025/assessment.yaml", "data/2025/notes.txt", "data/townships.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name}\n", encoding="utf-8")
    (tmp_path / "data/link.yaml").symlink_to("townships.yaml")
    whole = Folder(tmp_path)
    part = Part(whole, lambda file: file.kind is Kind.ASSESSMENT)
    assert part.paths() == ["data/2025/assessment.yaml"]
    assert part.read("data/2025/assessment.yaml") == b"data/2025/assessment.yaml\n"
    assert part.blob("data/townships.yaml") == whole.blob("data/townships.yaml")
    assert whole.problems()
    assert part.problems() == []


def test_schemas_are_those_of_the_tree() -> None:
    part = Part(Folder(ROOT), lambda _: False)
    assert part.paths() == []
    assert part.schema("results.schema.json") == Folder(ROOT).schema("results.schema.json")
