"""Files and folders written whole or not at all, whenever the program is ended.

Owns the folders in which a run prepares what it writes: beside the place where it shall stand, of
a name that nobody can foresee, held by a lock. What a run that was killed has left there is
cleared by the next one that writes beside it. Must not know what it writes.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from generator.engine.problem import Stop
from generator.reading.disk import TEMPORARY, EntryKind, Reached, kind, kind_in, naming, reached

if sys.platform != "win32":
    import fcntl

OLD = "old"
"""What is put aside here is put back by whoever clears up, where nothing has come in its place."""

_LOCK, _NEW = "lock", "new"
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_TAKE = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
_NO_HARD_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)


def replace(folder: Path, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write files, each in the place of what stood there: at any moment it is the old or the new.

    Content comes in chunks, by path. Folders that are missing are made. Raises OSError naming
    the file, and Stop where there is a link on the way.
    """
    with ExitStack() as undo:
        for place in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
            place.mkdir(exist_ok=True)
            undo.callback(_remove_if_empty, place)
        for above, named in _by_folder(files).items():
            with reached(folder, above, make=True) as here, _room(here) as room:
                for name, chunks in named.items():
                    with naming(f"{here.place}/{name}"):
                        _write(room, name, chunks)
                        _moved(room, here, name)
        undo.pop_all()


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _by_folder(files: Mapping[str, Iterable[bytes]]) -> dict[str, dict[str, Iterable[bytes]]]:
    grouped: dict[str, dict[str, Iterable[bytes]]] = {}
    for path, chunks in files.items():
        above, _, name = path.rpartition("/")
        grouped.setdefault(above, {})[name] = chunks
    return grouped


def create(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files where nothing stands yet: all of them, or none if one cannot be written.

    A folder that is missing comes with all that it shall hold, or not at all. Raises OSError
    naming the file, and Stop where there is a link on the way.
    """
    base = next(place for place in (folder, *folder.parents) if place.is_dir())
    inside = folder.relative_to(base).as_posix()
    with ExitStack() as open_rooms:
        prepared = [
            _prepared(open_rooms, base, above, named)
            for above, named in _by_what_is_there(base, inside, files).items()
        ]
        with ExitStack() as undo:
            for place in prepared:
                for name in place.names:
                    _placed(place.room, place.here, name)
                    undo.callback(_taken_back, place.here, name)
            undo.pop_all()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Files and folders of these names in `room`, which shall stand in `here`."""

    here: Reached
    room: Reached
    names: tuple[str, ...]


def _by_what_is_there(
    base: Path, inside: str, files: Mapping[str, bytes]
) -> dict[str, dict[str, bytes]]:
    """The files by the folder that is there already, each by its path from that."""
    grouped: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        parts = [part for part in f"{inside}/{path}".split("/") if part != "."]
        there = 0
        while there < len(parts) - 1 and kind(base, "/".join(parts[: there + 1])):
            there += 1
        grouped.setdefault("/".join(parts[:there]), {})["/".join(parts[there:])] = data
    return grouped


def _prepared(
    open_rooms: ExitStack, base: Path, above: str, named: Mapping[str, bytes]
) -> _Prepared:
    here = open_rooms.enter_context(reached(base, above))
    room = open_rooms.enter_context(_room(here))
    for path, data in named.items():
        inner, _, name = path.rpartition("/")
        with naming(f"{here.place}/{path}"), reached(room, inner, make=True) as last:
            _write(last, name, (data,))
    return _Prepared(here, room, tuple(dict.fromkeys(path.split("/")[0] for path in named)))


def _write(here: Reached, name: str, chunks: Iterable[bytes]) -> None:
    descriptor = os.open(here.name(name), _WRITE, 0o666, dir_fd=here.descriptor)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def _moved(room: Reached, here: Reached, name: str) -> None:
    before, after = room.descriptor, here.descriptor
    os.replace(room.name(name), here.name(name), src_dir_fd=before, dst_dir_fd=after)


def _placed(room: Reached, here: Reached, name: str) -> None:
    """Put a file or a folder where nothing stands."""
    with naming(f"{here.place}/{name}"):
        if kind_in(room, name) is EntryKind.FILE and _linked(room, here, name):
            return
        if kind_in(here, name) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        _moved(room, here, name)


def _linked(room: Reached, here: Reached, name: str) -> bool:
    """Give a file its name, which fails where that is taken; False on a disk without hard links."""
    before, after = room.descriptor, here.descriptor
    try:
        os.link(room.name(name), here.name(name), src_dir_fd=before, dst_dir_fd=after)
    except OSError as error:
        if error.errno in _NO_HARD_LINKS:
            return False
        raise
    return True


def _taken_back(here: Reached, name: str) -> None:
    if kind_in(here, name) is EntryKind.FOLDER:
        shutil.rmtree(here.name(name), ignore_errors=True, dir_fd=here.descriptor)
    else:
        os.unlink(here.name(name), dir_fd=here.descriptor)


# --- where a run prepares what it writes ----------------------------------------------


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """A folder in `folder`, which goes in the end with all that was left in it."""
    with reached(folder) as here:
        try:
            with _room(here) as room:
                yield Path(room.place).parent
        finally:
            _clear(here)  # what was started by a run that was killed may have written until now


def clear(folder: Path, *paths: str) -> None:
    """Clear up, in these folders below `folder`, after runs that were killed."""
    for path in paths:
        with suppress(OSError, Stop), reached(folder, path) as here:
            _clear(here)


@contextmanager
def _room(here: Reached) -> Iterator[Reached]:
    """An empty folder, held by this run."""
    _clear(here)
    with naming(here.place):
        name, lock = _begun(here)
    try:
        with reached(here, f"{name}/{_NEW}", make=True) as room:
            yield room
    finally:
        os.close(lock)
        shutil.rmtree(here.name(name), ignore_errors=True, dir_fd=here.descriptor)


def _begun(here: Reached) -> tuple[str, int]:
    """The name of a new folder, and its lock."""
    while True:
        name = f".kaohe-{token_hex(8)}.tmp"
        os.mkdir(here.name(name), 0o700, dir_fd=here.descriptor)
        try:
            lock = _held(here, name)
        except BaseException:
            shutil.rmtree(here.name(name), ignore_errors=True, dir_fd=here.descriptor)
            raise
        if lock is not None:
            return name, lock


def _held(here: Reached, name: str) -> int | None:
    """The lock on a folder just made; None if another run has taken it for one that was left."""
    try:
        with reached(here, name) as room:
            lock = os.open(room.name(_LOCK), _WRITE, 0o600, dir_fd=room.descriptor)
    except (FileNotFoundError, FileExistsError):
        return None
    if sys.platform != "win32":  # where a file that is open cannot be removed anyway
        with suppress(OSError):  # a disk that knows no locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.fstat(lock).st_nlink:
            os.close(lock)
            return None
    return lock


def _clear(here: Reached) -> None:
    """Take away what runs have left that are no more, and put back what they had put aside."""
    with suppress(OSError):
        for name in filter(TEMPORARY.fullmatch, os.listdir(here.listed)):
            with suppress(OSError, Stop), reached(here, name) as room, _let_go(room):
                _put_back(room, here)
                shutil.rmtree(here.name(name), ignore_errors=True, dir_fd=here.descriptor)


@contextmanager
def _let_go(room: Reached) -> Iterator[None]:
    """Hold a folder that nobody holds. Raises OSError while a run holds it."""
    if sys.platform == "win32":
        with suppress(FileNotFoundError):
            os.unlink(room.name(_LOCK))
        yield
        return
    with ExitStack() as held:
        with suppress(FileNotFoundError):  # another run has cleared it meanwhile
            # Made if it is missing, or its owner could still make it and begin to write.
            lock = os.open(room.name(_LOCK), _TAKE, 0o600, dir_fd=room.descriptor)
            held.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _put_back(room: Reached, here: Reached) -> None:
    with suppress(FileNotFoundError), reached(room, OLD) as old:
        for name in os.listdir(old.listed):
            if kind_in(here, name) is None:
                _moved(old, here, name)
