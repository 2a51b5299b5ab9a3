"""What has been judged, kept for the next time in a file that may be deleted at any time.

Owns the file and when its content is of no more use: after any change of the program. A store
that cannot be opened, read or written is an empty one. Must not know what it keeps.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

from generator.shape.resources import resource

_PACKAGES = ("engine", "reading", "shape", "data", "review")
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
        self._file = folder / "scores.sqlite" if folder else None
        with suppress(OSError, sqlite3.Error):
            if folder:
                folder.mkdir(exist_ok=True)
            with self._open() as base:
                base.execute("create table if not exists made_by (program text)")
                base.execute("create table if not exists kept (name text primary key, value text)")
                if base.execute("select program from made_by").fetchall() != [(program(),)]:
                    base.execute("delete from kept")
                    base.execute("delete from made_by")
                    base.execute("insert into made_by values (?)", (program(),))

    def get(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the texts that are kept, by name."""
        found: dict[str, str] = {}
        wanted = iter(names)
        with suppress(sqlite3.Error), self._open() as base:
            while some := list(islice(wanted, _AT_ONCE)):
                places = ",".join("?" * len(some))
                rows = base.execute(f"select * from kept where name in ({places})", some)  # noqa: S608 - only ?
                found.update(rows.fetchall())
        return found

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep them."""
        with suppress(sqlite3.Error), self._open() as base:
            base.executemany("insert or replace into kept values (?, ?)", texts.items())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if self._file is None:
            raise sqlite3.OperationalError
        # What is kept can be made again: no need to wait for the disk.
        with closing(sqlite3.connect(self._file, timeout=1)) as base, base:
            base.execute("pragma synchronous = off")
            yield base
