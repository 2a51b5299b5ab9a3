"""What is kept for the next time may be gone at any time, and is never another program's."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from generator.review import judge as store
from generator.review.judge import Store, program


def test_what_is_put_is_there_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "kaohe"
    Store(folder).put({"a": "1", "b": "二"})
    assert Store(folder).get(["a", "b", "c"]) == {"a": "1", "b": "二"}
    Store(folder).put({"a": "3"})
    assert Store(folder).get(["a"]) == {"a": "3"}
    assert Store(folder).get([]) == {}


def test_any_number_can_be_asked_for_at_once(tmp_path: Path) -> None:
    texts = {f"name {number}": str(number) for number in range(2500)}
    Store(tmp_path).put(texts)
    assert Store(tmp_path).get(texts) == texts


def test_names_are_never_a_question_of_their_own(tmp_path: Path) -> None:
    Store(tmp_path).put({"x' or 1=1 --": "1", "?": "2"})
    assert Store(tmp_path).get(["x' or 1=1 --"]) == {"x' or 1=1 --": "1"}


def test_without_a_folder_nothing_is_kept() -> None:
    kept = Store(None)
    kept.put({"a": "1"})
    assert kept.get(["a"]) == {}


def test_another_program_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).put({"a": "1"})
    with monkeypatch.context() as other:
        other.setattr(store, "program", lambda: "another one")
        assert Store(tmp_path).get(["a"]) == {}
        Store(tmp_path).put({"a": "2"})
        assert Store(tmp_path).get(["a"]) == {"a": "2"}
    assert Store(tmp_path).get(["a"]) == {}


def test_a_program_is_named_by_what_reads_and_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = program()
    program.cache_clear()
    assert program() == known
    program.cache_clear()
    (tmp_path / "x.json").write_text("{}")
    monkeypatch.setattr(store, "resource", lambda _: tmp_path)
    assert program() != known
    program.cache_clear()


def test_a_file_that_is_no_database_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "scores.sqlite").write_bytes(b"garbage" * 1000)
    kept = Store(tmp_path)
    kept.put({"a": "1"})
    assert kept.get(["a"]) == {}


def test_a_place_where_no_folder_can_be_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "no" / "where"):
        kept = Store(folder)
        kept.put({"a": "1"})
        assert kept.get(["a"]) == {}


@pytest.mark.parametrize("way", ["linked", "linked softly", "its folder linked"])
def test_a_file_that_is_somewhere_else_as_well_is_left_alone(tmp_path: Path, way: str) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "kaohe"
    outside.mkdir()
    (outside / "scores.sqlite").touch()  # which is an empty database
    if way == "its folder linked":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
        link = os.link if way == "linked" else os.symlink
        link(outside / "scores.sqlite", folder / "scores.sqlite")
    Store(folder).put({"a": "1"})
    assert (outside / "scores.sqlite").read_bytes() == b""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    Store(tmp_path).put({"a": "1"})
    tmp_path.chmod(0o500)
    (tmp_path / "scores.sqlite").chmod(0o400)
    kept = Store(tmp_path)
    kept.put({"b": "2"})
    assert kept.get(["a", "b"]) in ({"a": "1"}, {})
    tmp_path.chmod(0o700)


def test_while_somebody_else_writes_nobody_waits_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Store(tmp_path)
    kept.put({"a": "1"})
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda file, timeout: connect(file, timeout=0.01))
    other = connect(tmp_path / "scores.sqlite")
    other.execute("begin exclusive")
    kept.put({"b": "2"})
    assert kept.get(["a"]) == {}
    assert Store(tmp_path).get(["a"]) == {}
    other.rollback()
    other.close()
    assert kept.get(["a", "b"]) == {"a": "1"}


DAMAGES = (
    "update kept set value = '{}'",
    "update kept set value = '[1, \"x\"]'",
    "update kept set value = null",
    "update kept set value = 7",
    "update kept set value = substr(value, 1, 1)",
    "update kept set value = cast(x'ff00fe' as text)",
    "update kept set value = cast(value as blob) || x'00'",
    "update kept set value = zeroblob(20000000)",
    "update kept set sum = null",
    "update kept set name = 'b'",
    "update made_by set program = cast(x'ff' as text)",
    "delete from made_by",
    "drop table kept",
    "drop table made_by",
    "alter table kept drop column sum",
    "alter table made_by rename to kept_by",
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_not_there_and_can_be_put_again(tmp_path: Path, damage: str) -> None:
    kept = Store(tmp_path)
    kept.put({"a": "12"})
    with closing(sqlite3.connect(tmp_path / "scores.sqlite")) as base, base:
        base.execute(damage)
    assert kept.get(["a"]) in ({}, {"a": "12"})
    again = Store(tmp_path)
    assert again.get(["a"]) == {}
    again.put({"a": "12"})
    assert again.get(["a"]) in ({}, {"a": "12"})


@pytest.mark.parametrize("size", [0, 1, 50, 100, 4096, 5000])
def test_a_file_that_was_cut_off_is_no_trouble(tmp_path: Path, size: int) -> None:
    Store(tmp_path).put({f"name {n}": "x" * 100 for n in range(200)})
    with (tmp_path / "scores.sqlite").open("r+b") as file:
        file.truncate(size)
    kept = Store(tmp_path)
    kept.put({"a": "1"})
    assert kept.get(["name 7"]) == {}


@pytest.mark.parametrize("what", ["folder", "link", "dangling link", "pipe", "linked folder"])
def test_what_is_no_file_of_its_own_is_left_alone(tmp_path: Path, what: str) -> None:
    folder, outside = tmp_path / "kaohe", tmp_path / "outside"
    file = folder / "scores.sqlite"
    outside.mkdir()
    if what == "linked folder":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
    if what == "folder":
        file.mkdir()
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "link":
        (outside / "x").touch()
        file.symlink_to(outside / "x")
    elif what == "dangling link":
        file.symlink_to(outside / "x")
    kept = Store(folder)
    kept.put({"a": "1"})
    assert kept.get(["a"]) == {}
    assert [place.read_bytes() for place in outside.iterdir()] == [b""] * (what == "link")
