"""What the site is made of, and how it is packed."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.pages import layout as sources
from generator.pages import site
from generator.pages.layout import packed
from tests.pages.test_site import make_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path / "市 a")


def test_the_repository_is_read_past_tags_of_other_programs(root: Path) -> None:
    assert sources.repository(root) is None
    tags = "x: !ENV [A, b]\ny: !!python/name:os.path\n"
    (root / "mkdocs.yml").write_text(f"{tags}extra: {{repository: https://git.example}}\n")
    assert sources.repository(root) == "https://git.example"


@pytest.mark.parametrize("place", ["docs", "mkdocs.yml", "overrides"])
def test_what_the_site_is_made_of_is_no_link_itself(root: Path, place: str) -> None:
    (root / "overrides").mkdir()
    if place == "overrides":
        (root / "mkdocs.yml").write_text("theme: {custom_dir: overrides}")
    (root / place).rename(root / "real")
    (root / place).symlink_to("real")
    with pytest.raises(Stop) as stop:
        sources.check_sources(root)
    assert stop.value.message.args["paths"] == (place,)


def test_templates_elsewhere_are_looked_through_as_well(root: Path) -> None:
    (root.parent / "shared").mkdir()
    (root.parent / "shared/x").symlink_to("y")
    for named in ("../shared", str(root.parent / "shared")):
        (root / "mkdocs.yml").write_text(f"theme: {{custom_dir: {named}}}", encoding="utf-8")
        with pytest.raises(Stop, match="file or folder itself"):
            sources.check_sources(root)
    (root.parent / "shared/x").unlink()
    (root.parent / "named").symlink_to("shared")
    for named in ("../shared", "../named", "none"):
        (root / "mkdocs.yml").write_text(f"theme: {{custom_dir: {named}}}", encoding="utf-8")
        sources.check_sources(root)


@pytest.mark.parametrize("place", ["docs/large.md", "overrides/large.html", "mkdocs.yml"])
def test_what_is_too_large_is_named_and_not_read(root: Path, place: str) -> None:
    if place != "mkdocs.yml":
        (root / "mkdocs.yml").write_text("theme: {custom_dir: overrides}")
    (root / place).parent.mkdir(exist_ok=True)
    with (root / place).open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(Stop, match="larger than") as stop, site.building(root, root / "site"):
        pass
    assert str(stop.value.message.args["path"]).endswith(place)


@pytest.mark.parametrize(
    "settings",
    [
        *(b"a: [", b"", b"extra: 1", b"extra: {repository: [1]}", b"\xff\xfe\x00", b"[" * 5000),
        *(b"a: 2025-99-99", b'a: !!int ""', b"? [b]\n: c", b"*a"),
    ],
)
def test_no_repository_is_no_trouble_and_what_is_wrong_is_for_mkdocs_to_say(
    root: Path, settings: bytes
) -> None:
    (root / "mkdocs.yml").write_bytes(settings)
    assert sources.repository(root) is None
    sources.check_sources(root)


def test_names_that_are_no_text_are_named(root: Path) -> None:
    for name in (b"\xff.md", b"\xfe.png"):
        (root / "docs" / os.fsdecode(name)).touch()
    with pytest.raises(Stop, match="not UTF-8") as stop:
        sources.check_sources(root)
    assert stop.value.message.args["paths"] == ("docs/\\xfe.png", "docs/\\xff.md")


FILES = {"schema/b.json": b"{}\n", "data/2025/a.yaml": "年度\n".encode() * 100}


def test_content_comes_back_in_the_order_of_the_paths() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as made:
        assert made.namelist() == ["data/2025/a.yaml", "schema/b.json"]
        assert {name: made.read(name) for name in made.namelist()} == FILES
        assert made.testzip() is None


def test_the_bytes_are_known_beforehand() -> None:
    """No clock, no right, no order and no compressor has a say."""
    known = "d9382787be5ed7991cafa6f0985a3fe7ebd2208e61e6f494e48bfd534f874c80"
    assert packed(dict(reversed(FILES.items()))) == packed(FILES)
    assert hashlib.sha256(packed(FILES)).hexdigest() == known
