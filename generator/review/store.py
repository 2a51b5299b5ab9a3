"""What has been judged, kept for the next time in a file that may be deleted at any time.

Owns the file and when its content is of no more use: after any change of the program. A store
that cannot be opened, read or written is an empty one, and what is damaged in it is not there.
Must not know what it keeps.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

from generator.engine.problem import Stop
from generator.reading.disk import EntryKind, kind
from generator.shape.resources import resource

_PACKAGES = ("engine", "reading", "shape", "data", "review")
_FILE = "scores.sqlite"
_MOST_BYTES = 16 << 20
_AT_ONCE = 500
"""How many names one question may hold."""


@cache
def program() -> str:
    """What names this program: any change of what reads or judges gives another name."""
    home = Path(__file__).parent.parent
    files = [file for name in _PACKAGES for file in (home / name).glob("*.py")]
    files += resource("schema").rglob("*.json")
    found = sha256()
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


class Store:
    """Texts by name, in `folder`; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._file: Path | None = None
        with suppress(OSError, sqlite3.Error, Stop):
            if folder and _ordinary(folder):
                folder.mkdir(exist_ok=True)
                _begin(folder / _FILE)
                self._file = folder / _FILE

    def get(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the texts that are kept, by name, and are what was once put there."""
        found: dict[str, str] = {}
        wanted = iter(names)
        with suppress(sqlite3.Error), _open(self._file) as base:
            while some := list(islice(wanted, _AT_ONCE)):
                places = ",".join("?" * len(some))
                asked = f"select name, value, sum from kept where name in ({places})"  # noqa: S608 - only ?
                sound = (row for row in base.execute(asked, some) if row[2] == _sum(*row[:2]))
                found.update((name.decode(), value.decode()) for name, value, _ in sound)
        return found

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep them."""
        rows = [(name, value, _sum(name.encode(), value.encode())) for name, value in texts.items()]
        with suppress(sqlite3.Error), _open(self._file) as base:
            base.executemany(
                "insert or replace into kept (name, value, sum) values (?, ?, ?)", rows
            )


def _ordinary(folder: Path) -> bool:
    """Whether the file is one of this name only, or can be made, and no link leads to it.

    It is written in place. Raises Stop for a link on the way.
    """
    match kind(folder.parent, f"{folder.name}/{_FILE}"):
        case EntryKind.FILE:
            return (folder / _FILE).lstat().st_nlink == 1
        case standing:
            return standing is None


def _begin(file: Path) -> None:
    """Take out what another program has kept. Raises sqlite3.Error where that cannot be known."""
    with _open(file) as base:
        base.execute("create table if not exists made_by (program text)")
        if base.execute("select program from made_by").fetchall() != [(program().encode(),)]:
            base.execute("drop table if exists kept")
            base.execute("delete from made_by")
            base.execute("insert into made_by values (?)", (program(),))
        base.execute("create table if not exists kept (name primary key, value, sum)")


def _sum(name: object, value: object) -> bytes:
    """What a row is recognised by: that of a damaged one is another."""
    return sha256(repr((name, value)).encode()).digest()


@contextmanager
def _open(file: Path | None) -> Iterator[sqlite3.Connection]:
    """The database; its texts are bytes, since they may be damaged."""
    if file is None:
        raise sqlite3.OperationalError
    # What is kept can be made again: no need to wait for the disk.
    with closing(sqlite3.connect(file, timeout=1)) as base, base:
        base.text_factory = bytes
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        base.execute("pragma synchronous = off")
        yield base
