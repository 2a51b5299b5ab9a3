"""Whenever a run is ended: what it wrote is the old or the new, and the next one clears up."""

import errno
import fcntl
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.reading import disk
from generator.reading.disk import OLD, clear, create, replace, workshop
from tests.killing import killed, refused

State = dict[str, str]
LEFT = ".kaohe-0123456789abcdef.tmp"


@pytest.fixture(params=["held open", "looked at first"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(disk, "_HOLDS", request.param == "held open")
    folder = tmp_path / "市 root"
    folder.mkdir()
    return folder


def state(root: Path) -> State:
    return {
        path.relative_to(root).as_posix(): path.read_text() if path.is_file() else "/"
        for path in root.rglob("*")
    }


def without_ours(found: State) -> State:
    return {path: text for path, text in found.items() if ".kaohe-" not in path}


OLD_FILES = {"a.txt": b"old", "d/b.txt": b"old"}
NEW_FILES = {"a.txt": b"new", "d/b.txt": b"new", "d/c.txt": b"new"}


def chunked(files: dict[str, bytes]) -> dict[str, tuple[bytes, ...]]:
    return {path: (data[:1], data[1:]) for path, data in files.items()}


def put(root: Path) -> Callable[[], None]:
    return lambda: replace(root, chunked(NEW_FILES))


def test_what_is_replaced_is_old_or_new_whenever_it_is_killed(root: Path) -> None:
    moments = 0
    replace(root, chunked(OLD_FILES))
    for _ in killed(put(root)):
        moments += 1
        for path, text in without_ours(state(root)).items():
            assert text in ("/", "old", "new"), path
        replace(root, chunked(OLD_FILES))
        assert state(root).keys() <= {"a.txt", "d", "d/b.txt", "d/c.txt"}, "cleared"
        (root / "d/c.txt").unlink(missing_ok=True)
    assert moments > 10
    assert state(root) == {"a.txt": "new", "d": "/", "d/b.txt": "new", "d/c.txt": "new"}


BEGUN = {"x/y/1": b"one", "x/y/2": b"two", "d/3": b"three"}


def test_what_is_created_comes_whole_whenever_it_is_killed(root: Path) -> None:
    (root / "d").mkdir()
    whole_states: list[State] = [
        {"d": "/"},
        {"d": "/", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"},
        {"d": "/", "d/3": "three", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"},
    ]
    moments = 0
    for _ in killed(lambda: create(root, BEGUN)):
        moments += 1
        found = without_ours(state(root))
        assert found in whole_states
        clear(root, "", "d")
        assert state(root) == found, "cleared"
        (root / "d/3").unlink(missing_ok=True)
        shutil.rmtree(root / "x", ignore_errors=True)
    assert moments > 10
    assert state(root) == whole_states[-1]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_what_the_system_refuses_names_the_file_and_leaves_nothing(root: Path, number: int) -> None:
    (root / "d").mkdir()
    complete = {"d": "/", "d/3": "three", "x": "/", "x/y": "/", "x/y/1": "one", "x/y/2": "two"}
    for ended in refused(lambda: create(root, BEGUN), number):
        if ended:
            assert state(root) == {"d": "/"}
            continue
        assert without_ours(state(root)) == complete
        (root / "d/3").unlink()
        shutil.rmtree(root / "x")
        clear(root, "", "d")
        assert state(root) == {"d": "/"}
    assert state(root) == complete


def test_a_full_disk_names_the_file_and_leaves_nothing(root: Path) -> None:
    def filling() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (root / "a.txt").write_text("old")
    with pytest.raises(OSError, match="No space") as error:
        replace(root, {"a.txt": filling()})
    assert error.value.filename == f"{root}/a.txt"
    with pytest.raises(OSError, match="No space"):
        replace(root / "new" / "folder", {"a.txt": filling()})
    assert state(root) == {"a.txt": "old"}


def test_nothing_is_created_over_anything(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "there").write_text("mine")
    with pytest.raises(FileExistsError) as error:
        create(root, {"new/1": b"1", "there": b"2"})
    assert error.value.filename == f"{root}/there"
    assert state(root) == {"there": "mine"}

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links on this disk")

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileExistsError):
        create(root, {"new/1": b"1", "there": b"2"})
    create(root, {"other": b"2"})
    assert state(root) == {"there": "mine", "other": "2"}


@pytest.mark.parametrize("target", ["elsewhere", "here", "nowhere"])
def test_no_link_is_written_through(root: Path, target: str) -> None:
    (root / "here").mkdir()
    (root.parent / "elsewhere").mkdir()
    (root / "link").symlink_to(root.parent / target if target != "here" else "here")
    with pytest.raises(Stop, match="file or folder itself"):
        replace(root, {"link/x": (b"1",)})
    for path in ("link/x", "link/x/y/z"):
        with pytest.raises(Stop, match="file or folder itself"):
            create(root, {path: b"1", "other": b"1"})
    assert list((root.parent / "elsewhere").iterdir()) == []
    assert state(root) == {"here": "/", "link": "/"}


def test_a_file_that_is_a_link_is_replaced_and_not_what_it_leads_to(root: Path) -> None:
    (root.parent / "kept").write_text("kept")
    (root / "a").symlink_to(root.parent / "kept")
    replace(root, {"a": (b"new",)})
    assert not (root / "a").is_symlink()
    assert (root.parent / "kept").read_text() == "kept"


def test_the_named_folder_itself_may_be_a_link_or_be_missing(root: Path) -> None:
    (root.parent / "named").symlink_to(root)
    replace(root.parent / "named", {"a/b": (b"1",)})
    create(root.parent / "named", {"c/d": b"2"})
    create(root.parent / "new" / "folder", {"e/f": b"3"})
    assert state(root) == {"a": "/", "a/b": "1", "c": "/", "c/d": "2"}
    assert (root.parent / "new/folder/e/f").read_text() == "3"
    assert not list(root.parent.rglob(".kaohe*"))


def test_what_a_run_still_holds_is_not_cleared(root: Path) -> None:
    with workshop(root) as shop:
        (shop / "x").write_text("x")
        clear(root, "")
        replace(root, {"a": (b"1",)})
        assert (shop / "x").read_text() == "x"
    assert state(root) == {"a": "1"}


def test_what_was_put_aside_is_put_back_unless_something_stands_there(root: Path) -> None:
    for name in ("gone", "there"):
        (root / LEFT / OLD / name).mkdir(parents=True)
        (root / LEFT / OLD / name / "1").write_text("old")
    (root / "there").write_text("new")
    clear(root, "")
    assert state(root) == {"there": "new", "gone": "/", "gone/1": "old"}


@pytest.mark.parametrize("how", ["link", "file", "pipe", "link inside", "lock is a link"])
def test_clearing_up_follows_nothing_and_waits_for_nothing(root: Path, how: str) -> None:
    outside = root.parent / "outside"
    (outside / OLD).mkdir(parents=True)
    (outside / OLD / "kept").write_text("kept")
    left = root / LEFT
    if how == "link":
        left.symlink_to(outside)
    elif how == "file":
        left.write_text("mine")
    elif how == "pipe":
        os.mkfifo(left)
    else:
        left.mkdir()
        (left / (OLD if how == "link inside" else "lock")).symlink_to(outside)
    clear(root, "", "none", "../outside")
    assert (outside / OLD / "kept").read_text() == "kept"
    assert not (root / "kept").exists()


def test_a_folder_that_another_run_clears_before_it_is_held_is_made_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = os.open, list[int]()

    def opened(path: str, flags: int, *rest: int, **ends: int) -> int:
        if str(path).endswith("lock") and flags & os.O_CREAT and len(times) < 2:
            times.append(1)
            clear(root, "")
        return real(path, flags, *rest, **ends)

    monkeypatch.setattr(os, "open", opened)
    replace(root, {"a": (b"1",)})
    assert (times, state(root)) == ([1, 1], {"a": "1"})


def test_a_folder_that_another_run_has_taken_is_made_again(root: Path) -> None:
    """The other one takes the lock between the making of its file and the locking of it."""
    real, times = fcntl.flock, list[int]()

    def locked(descriptor: int, how: int) -> None:
        if how == fcntl.LOCK_EX and not times:
            times.append(1)
            clear(root, "")
        real(descriptor, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", locked)
        replace(root, {"a": (b"1",)})
    assert (times, state(root)) == ([1], {"a": "1"})


def test_many_may_write_at_once(root: Path) -> None:
    def write(text: bytes) -> None:
        for _ in range(30):
            replace(root, {f"d/{n}": (text * 1000,) for n in range(3)})

    threads = [threading.Thread(target=write, args=(text,)) for text in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = state(root)
    assert found.keys() == {"d", "d/0", "d/1", "d/2"}
    assert all(len(text) == 1000 and len(set(text)) == 1 for text in found.values() if text != "/")
