"""Below a folder that was named nothing is reached by a link, nor read without end."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.reading import disk
from generator.reading.disk import (
    Copy,
    EntryKind,
    beginning,
    content,
    entries,
    kind,
    printable,
    remove,
    remove_if_empty,
    same,
    sizes,
    strange,
    text,
)

GIGABYTES = 3 << 30


@pytest.fixture(params=["held open", "looked at first"])
def root(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder with everything that may stand in one, and a secret beside it."""
    monkeypatch.setattr(disk, "_HOLDS", request.param == "held open")
    root = tmp_path / "市 root"
    (root / "folder/inner").mkdir(parents=True)
    (root / "folder/file").write_bytes(b"text\r\n")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/file").write_bytes(b"secret")
    for name, target in {
        "outside": str(tmp_path / "secret"),
        "inside": "folder",
        "nowhere": "none",
        "folder/link": str(tmp_path / "secret/file"),
        "loop": "loop",
    }.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        before = Path.cwd()
        os.chdir(root)  # an address is short
        bound.bind("socket")
        os.chdir(before)
        yield root


LINKED = ("outside/file", "inside/file", "inside/inner", "nowhere/x", "loop/x", "outside/a/b")
NO_FILES = ("outside", "inside", "nowhere", "loop", "folder/link", "pipe", "socket", "folder")


@pytest.mark.parametrize("path", LINKED)
def test_no_link_on_the_way_is_followed(root: Path, path: str) -> None:
    for act in (
        lambda: beginning(root, path, 9),
        lambda: same(root, path, (b"secret",)),
        lambda: list(sizes(root, [path])),
        lambda: kind(root, path),
        lambda: remove(root, path),
        lambda: remove_if_empty(root, path),
        lambda: list(Copy(root, path)),
        lambda: list(entries(root, path)),
    ):
        with pytest.raises(Stop, match="file or folder itself") as stop:
            act()
        assert stop.value.message.args["paths"] == (f"{root}/{path.partition('/')[0]}",)
    assert (root.parent / "secret/file").read_bytes() == b"secret"


@pytest.mark.parametrize("path", NO_FILES)
def test_nothing_but_a_file_is_opened_and_nobody_waits(root: Path, path: str) -> None:
    for act in (
        lambda: beginning(root, path, 9),
        lambda: same(root, path, (b"",)),
        lambda: list(Copy(root, path)),
    ):
        with pytest.raises(Stop, match="file or folder itself") as stop:
            act()
        assert stop.value.message.args["paths"] == (f"{root}/{path}",)


@pytest.mark.parametrize("path", ["../secret/file", "folder/../../secret/file", "folder/.."])
def test_no_path_leads_up(root: Path, path: str) -> None:
    with pytest.raises((FileNotFoundError, Stop)):
        beginning(root, path, 9)


def test_what_stands_there_is_told_without_following(root: Path) -> None:
    found = {path: kind(root, path) for path in (*NO_FILES, "none", "folder/file", "folder/file/x")}
    assert found == {
        **dict.fromkeys(("outside", "inside", "nowhere", "loop", "folder/link"), EntryKind.LINK),
        **dict.fromkeys(("pipe", "socket"), EntryKind.SPECIAL),
        "folder": EntryKind.FOLDER,
        "none": None,
        "folder/file": EntryKind.FILE,
        "folder/file/x": None,
    }
    assert kind(root / "no", "x") is None


def test_everything_is_listed_and_nothing_entered_by_a_link(root: Path) -> None:
    (root / ".kaohe-0123456789abcdef.tmp").mkdir()
    (root / ".kaohe-0123456789abcdef.tmp/lock").touch()
    found = dict(entries(root, ""))
    assert sorted(found) == sorted(
        [*NO_FILES, "folder/file", "folder/inner"],
    )
    assert found == {path: kind(root, path) for path in found}
    assert dict(entries(root, "folder/file", "none")) == {"folder/file": EntryKind.FILE}
    assert list(entries(root / "none", "", "x")) == []
    odd = {"outside", "inside", "nowhere", "loop", "folder/link", "pipe", "socket"}
    assert strange(root, "", "pipe") == sorted(odd)


def test_the_named_folder_itself_may_be_a_link(root: Path) -> None:
    named = root.parent / "named"
    named.symlink_to(root)
    assert content(named, "folder/file", 9) == b"text\r\n"
    assert kind(named, "folder") is EntryKind.FOLDER
    assert dict(entries(named, "")) == dict(entries(root, ""))


def test_names_that_are_no_text_and_folders_of_any_depth(root: Path) -> None:
    name = os.fsdecode(b"\xff\xfe")
    (root / name).write_bytes(b"x")
    assert content(root, name, 9) == b"x"
    deep = root.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    found = dict(entries(root, ""))
    assert found[name] is EntryKind.FILE
    odd = [path for path, what in found.items() if what is EntryKind.SPECIAL and path[0] == "d"]
    assert len(odd) == 1, "too deep a folder is not entered"
    (root / name).unlink()
    (root / name).symlink_to("x")
    with pytest.raises(Stop) as stop:
        beginning(root, name, 9)
    assert stop.value.message.args["paths"] == (f"{root}/\\xff\\xfe",)


def test_a_path_is_told_without_moving_a_cursor_or_naming_a_person() -> None:
    assert printable("a\n\x1b\u200b") == "a\\n\\x1b\\u200b"
    assert printable("138\u200b1234\u200b5678.yaml") == "138***.yaml"


def test_no_more_is_read_than_was_asked_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (root / "large").open("wb") as file:
        file.truncate(GIGABYTES)
    assert beginning(root, "large", 1000) == bytes(1001)
    assert beginning(root, "folder/file", 1000) == b"text\r\n"
    assert content(root, "folder/file", 6) == b"text\r\n"
    with pytest.raises(Stop, match="larger than") as stop:
        content(root, "large", 1000)
    assert stop.value.message.args == {"path": f"{root}/large", "limit": 1000}
    assert not same(root, "large", (b"\0" * 5, b"\0" * 5))
    found = sizes(root, ["large", "folder/file"])
    assert list(found) == [("large", GIGABYTES), ("folder/file", 6)]
    assert len(next(iter(Copy(root, "large")))) < 1 << 24


def test_text_is_utf8_with_lf(root: Path) -> None:
    (root / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert text(root, "a", 99) == "a\nb\nc\n"
    (root / "a").write_bytes("考核".encode("gbk"))
    with pytest.raises(Stop, match="UTF-8"):
        text(root, "a", 99)


def test_same_means_all_of_it(root: Path) -> None:
    assert same(root, "folder/file", (b"te", b"", b"xt\r\n"))
    for other in ((), (b"text",), (b"text\r\n\n",), (b"Text\r\n",)):
        assert not same(root, "folder/file", other)
    assert not same(root, "none", ())
    assert b"".join(Copy(root, "folder/file")) == b"text\r\n"


def test_what_is_removed_is_what_stands_there(root: Path) -> None:
    for path in ("folder/link", "outside", "pipe"):
        remove(root, path)
    assert (root.parent / "secret/file").read_bytes() == b"secret"
    remove_if_empty(root, "folder")
    remove_if_empty(root, "folder/inner")
    assert sorted(os.listdir(root / "folder")) == ["file"]  # noqa: PTH208 - names


def test_an_error_names_the_file(root: Path) -> None:
    for path in ("none", "none/x", "folder/file/x"):
        with pytest.raises(OSError, match=r"No such|Not a") as error:
            beginning(root, path, 9)
        assert str(error.value.filename).startswith(f"{root}/{path.partition('/')[0]}")
