"""What stands below a folder: no link is followed, and a run that is ended leaves files whole."""

import errno
import fcntl
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.reading import disk
from generator.reading.disk import (
    OLD,
    Copy,
    EntryKind,
    beginning,
    clear,
    content,
    create,
    entries,
    kind,
    printable,
    remove,
    remove_if_empty,
    replace,
    same,
    sizes,
    strange,
    text,
    workshop,
)
from tests.killing import killed, refused

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
    assert sorted(found) == sorted([*NO_FILES, "folder/file", "folder/inner"])
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


# --- Whenever a run is ended: what it wrote is the old or the new, and the next one clears up ---


State = dict[str, str]
LEFT = ".kaohe-0123456789abcdef.tmp"


@pytest.fixture(params=["held open", "looked at first"])
def city(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(disk, "_HOLDS", request.param == "held open")
    folder = tmp_path / "市 root"
    folder.mkdir()
    return folder


def state(city: Path) -> State:
    return {
        path.relative_to(city).as_posix(): path.read_text() if path.is_file() else "/"
        for path in city.rglob("*")
    }


def without_ours(found: State) -> State:
    return {path: text for path, text in found.items() if ".kaohe-" not in path}


OLD_FILES = {"a.txt": b"old", "d/b.txt": b"old"}
NEW_FILES = {"a.txt": b"new", "d/b.txt": b"new", "d/c.txt": b"new"}


def chunked(files: dict[str, bytes]) -> dict[str, tuple[bytes, ...]]:
    return {path: (data[:1], data[1:]) for path, data in files.items()}


def put(city: Path) -> Callable[[], None]:
    return lambda: replace(city, chunked(NEW_FILES))


def test_what_is_replaced_is_old_or_new_whenever_it_is_killed(city: Path) -> None:
    moments = 0
    replace(city, chunked(OLD_FILES))
    for _ in killed(put(city)):
        moments += 1
        for path, held in without_ours(state(city)).items():
            assert held in ("/", "old", "new"), path
        replace(city, chunked(OLD_FILES))
        assert state(city).keys() <= {"a.txt", "d", "d/b.txt", "d/c.txt"}, "cleared"
        (city / "d/c.txt").unlink(missing_ok=True)
    assert moments > 10
    assert state(city) == {"a.txt": "new", "d": "/", "d/b.txt": "new", "d/c.txt": "new"}


BEGUN = {"x/y/1": b"one", "x/y/2": b"two", "d/3": b"three"}


def test_what_is_created_comes_whole_whenever_it_is_killed(city: Path) -> None:
    (city / "d").mkdir()
    whole_states: list[State] = [
        {"d": "/"},
        {"d": "/", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"},
        {"d": "/", "d/3": "three", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"},
    ]
    moments = 0
    for _ in killed(lambda: create(city, BEGUN)):
        moments += 1
        found = without_ours(state(city))
        assert found in whole_states
        clear(city, "", "d")
        assert state(city) == found, "cleared"
        (city / "d/3").unlink(missing_ok=True)
        shutil.rmtree(city / "x", ignore_errors=True)
    assert moments > 10
    assert state(city) == whole_states[-1]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_what_the_system_refuses_names_the_file_and_leaves_nothing(city: Path, number: int) -> None:
    (city / "d").mkdir()
    complete = {"d": "/", "d/3": "three", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"}
    for ended in refused(lambda: create(city, BEGUN), number):
        if ended:
            assert state(city) == {"d": "/"}
            continue
        assert without_ours(state(city)) == complete
        (city / "d/3").unlink()
        shutil.rmtree(city / "x")
        clear(city, "", "d")
        assert state(city) == {"d": "/"}
    assert state(city) == complete


def test_a_full_disk_names_the_file_and_leaves_nothing(city: Path) -> None:
    def filling() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (city / "a.txt").write_text("old")
    with pytest.raises(OSError, match="No space") as error:
        replace(city, {"a.txt": filling()})
    assert error.value.filename == f"{city}/a.txt"
    with pytest.raises(OSError, match="No space"):
        replace(city / "new" / "folder", {"a.txt": filling()})
    assert state(city) == {"a.txt": "old"}


def test_nothing_is_created_over_anything(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (city / "there").write_text("mine")
    with pytest.raises(FileExistsError) as error:
        create(city, {"new/1": b"1", "there": b"2"})
    assert error.value.filename == f"{city}/there"
    assert state(city) == {"there": "mine"}

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links on this disk")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileExistsError):
        create(city, {"new/1": b"1", "there": b"2"})
    create(city, {"other": b"2"})
    assert state(city) == {"there": "mine", "other": "2"}


@pytest.mark.parametrize("target", ["elsewhere", "here", "nowhere"])
def test_no_link_is_written_through(city: Path, target: str) -> None:
    (city / "here").mkdir()
    (city.parent / "elsewhere").mkdir()
    (city / "link").symlink_to(city.parent / target if target != "here" else "here")
    with pytest.raises(Stop, match="file or folder itself"):
        replace(city, {"link/x": (b"1",)})
    for path in ("link/x", "link/x/y/z"):
        with pytest.raises(Stop, match="file or folder itself"):
            create(city, {path: b"1", "other": b"1"})
    assert list((city.parent / "elsewhere").iterdir()) == []
    assert state(city) == {"here": "/", "link": "/"}


def test_a_file_that_is_a_link_is_replaced_and_not_what_it_leads_to(city: Path) -> None:
    (city.parent / "kept").write_text("kept")
    (city / "a").symlink_to(city.parent / "kept")
    replace(city, {"a": (b"new",)})
    assert not (city / "a").is_symlink()
    assert (city.parent / "kept").read_text() == "kept"


def test_the_named_folder_itself_may_be_a_link_or_be_missing(city: Path) -> None:
    (city.parent / "named").symlink_to(city)
    replace(city.parent / "named", {"a/b": (b"1",)})
    create(city.parent / "named", {"c/d": b"2"})
    create(city.parent / "new" / "folder", {"e/f": b"3"})
    assert state(city) == {"a": "/", "a/b": "1", "c": "/", "c/d": "2"}
    assert (city.parent / "new/folder/e/f").read_text() == "3"
    assert not list(city.parent.rglob(".kaohe*"))


def test_what_a_run_still_holds_is_not_cleared(city: Path) -> None:
    with workshop(city) as shop:
        (shop / "x").write_text("x")
        clear(city, "")
        replace(city, {"a": (b"1",)})
        assert (shop / "x").read_text() == "x"
    assert state(city) == {"a": "1"}


def test_what_was_put_aside_is_put_back_unless_something_stands_there(city: Path) -> None:
    for name in ("gone", "there"):
        (city / LEFT / OLD / name).mkdir(parents=True)
        (city / LEFT / OLD / name / "1").write_text("old")
    (city / "there").write_text("new")
    clear(city, "")
    assert state(city) == {"there": "new", "gone": "/", "gone/1": "old"}


@pytest.mark.parametrize("how", ["link", "file", "pipe", "link inside", "lock is a link"])
def test_clearing_up_follows_nothing_and_waits_for_nothing(city: Path, how: str) -> None:
    outside = city.parent / "outside"
    (outside / OLD).mkdir(parents=True)
    (outside / OLD / "kept").write_text("kept")
    left = city / LEFT
    if how == "link":
        left.symlink_to(outside)
    elif how == "file":
        left.write_text("mine")
    elif how == "pipe":
        os.mkfifo(left)
    else:
        left.mkdir()
        (left / (OLD if how == "link inside" else "lock")).symlink_to(outside)
    clear(city, "", "none", "../outside")
    assert (outside / OLD / "kept").read_text() == "kept"
    assert not (city / "kept").exists()


def test_a_folder_that_another_run_clears_before_it_is_held_is_made_again(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = os.open, list[int]()

    def opened(path: str, flags: int, *rest: int, **ends: int) -> int:
        if str(path).endswith("lock") and flags & os.O_CREAT and len(times) < 2:
            times.append(1)
            clear(city, "")
        return real(path, flags, *rest, **ends)

    monkeypatch.setattr(os, "open", opened)
    replace(city, {"a": (b"1",)})
    assert (times, state(city)) == ([1, 1], {"a": "1"})


def test_a_folder_that_another_run_has_taken_is_made_again(city: Path) -> None:
    """The other one takes the lock between the making of its file and the locking of it."""
    real, times = fcntl.flock, list[int]()

    def locked(descriptor: int, how: int) -> None:
        if how == fcntl.LOCK_EX and not times:
            times.append(1)
            clear(city, "")
        real(descriptor, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", locked)
        replace(city, {"a": (b"1",)})
    assert (times, state(city)) == ([1], {"a": "1"})


def test_many_may_write_at_once(city: Path) -> None:
    def write(text: bytes) -> None:
        for _ in range(30):
            replace(city, {f"d/{n}": (text * 1000,) for n in range(3)})

    threads = [threading.Thread(target=write, args=(text,)) for text in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = state(city)
    assert found.keys() == {"d", "d/0", "d/1", "d/2"}
    assert all(len(text) == 1000 and len(set(text)) == 1 for text in found.values() if text != "/")
