"""What stands below a folder that the user named: listed, read, written whole, removed.

Nothing below such a folder is reached through a link (the folder itself may be one), nothing but
an ordinary file is opened, no more is read than was asked for, and a run that is ended leaves each
file old or new.
"""

import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from generator.engine.problem import Message, Stop
from generator.reading.screen import masked

TEMPORARY = re.compile(r"\.kaohe-[0-9a-f]{16}\.tmp")
"""What a folder is called in which a run prepares what it writes (`whole`); never listed."""

_HOLDS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether names can be looked up in a folder held open; elsewhere each is looked at first."""

_DEEPEST = 100
"""Folders that lie deeper are none of ours."""

_FOLDER = os.O_RDONLY | sum(getattr(os, f"O_{flag}", 0) for flag in ("DIRECTORY", "CLOEXEC"))
_NOT_A_LINK = getattr(os, "O_NOFOLLOW", 0)
_FILE = os.O_RDONLY | sum(
    getattr(os, f"O_{flag}", 0) for flag in ("NOFOLLOW", "NONBLOCK", "NOCTTY", "CLOEXEC", "BINARY")
)
_JUNCTION = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT, the link between folders that Windows has besides."""


class EntryKind(StrEnum):
    """What stands at a path."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    SPECIAL = "special"


STRANGE = frozenset((EntryKind.LINK, EntryKind.SPECIAL))
"""What is neither read nor written."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A folder that was reached through no link; `place` is where it stands, for messages.

    Names in it are looked up in the folder that is held open, whatever its path leads to by now.
    """

    descriptor: int | None
    path: str
    place: str

    @property
    def listed(self) -> int | str:
        """What lists it, for the calls of `os`."""
        return self.path if self.descriptor is None else self.descriptor

    def name(self, name: str) -> str:
        """A name in it, as the calls of `os` want it beside the descriptor."""
        return f"{self.path}{name}"


@dataclass(frozen=True, slots=True)
class Copy:
    """The content of a file below a folder, however large: read bit by bit, each time anew."""

    folder: Path
    path: str

    def __iter__(self) -> Iterator[bytes]:
        with opened(self.folder, self.path) as file:
            while chunk := file.read(1 << 20):
                yield chunk


def not_followed(paths: Iterable[str]) -> Message:
    """What is said of links, pipes and devices where a file or folder is expected."""
    return Message(
        "Links and special files are neither read nor written; put the file or folder itself in "
        "the place of: {paths}",
        {"paths": tuple(map(printable, paths))},
    )


def printable(path: str) -> str:
    """A path that any terminal can be told: a name may hold bytes that are no text at all."""
    # A number of a person is masked first, which signs written out would hide.
    text = masked(path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


# --- the way there --------------------------------------------------------------------


@contextmanager
def naming(place: str) -> Iterator[None]:
    """An error of the system names the file as the user knows it, not as it was reached."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), place) from error


@contextmanager
def reached(start: Path | Reached, path: str = "", *, make: bool = False) -> Iterator[Reached]:
    """The folder at `path` below `start`, which may be a link if it is a path.

    `make`: folders that are missing are made. Raises Stop where there is a link on the way, and
    OSError, naming the place.
    """
    if ".." in path.split("/"):
        raise FileNotFoundError(path)
    here = _started(start)
    try:
        for part in path.split("/"):
            if part in ("", "."):
                continue
            if make:
                with naming(f"{here.place}/{part}"), suppress(FileExistsError):
                    os.mkdir(here.name(part), dir_fd=here.descriptor)
            inner = _entered(here, part)
            _leave(here)
            here = inner
        yield here
    finally:
        _leave(here)


@contextmanager
def _at(folder: Path, path: str) -> Iterator[tuple[Reached, str]]:
    """The folder in which a path ends, and its last name there, by which errors call it."""
    above, _, name = path.rpartition("/")
    with reached(folder, above) as here, naming(f"{here.place}/{name}"):
        yield here, name


def _started(start: Path | Reached) -> Reached:
    if isinstance(start, Reached):
        held = None if start.descriptor is None else os.dup(start.descriptor)
        return Reached(held, start.path, start.place)
    place = os.fspath(start)
    if not _HOLDS:
        return Reached(None, f"{place}{os.sep}", place)
    with naming(place):
        return Reached(os.open(start, _FOLDER), "", place)


def _entered(here: Reached, part: str) -> Reached:
    place = f"{here.place}/{part}"
    with naming(place):
        if kind_in(here, part) is EntryKind.LINK:
            raise Stop(not_followed([place]))
        if here.descriptor is None:
            return Reached(None, f"{here.path}{part}{os.sep}", place)
        # What has become a link since then is not followed either, and an error of the system.
        return Reached(os.open(part, _FOLDER | _NOT_A_LINK, dir_fd=here.descriptor), "", place)


def _leave(here: Reached) -> None:
    if here.descriptor is not None:
        os.close(here.descriptor)


# --- what stands there ----------------------------------------------------------------


def kind_in(here: Reached, name: str) -> EntryKind | None:
    """What a name in a folder stands for, None for nothing."""
    try:
        status = os.stat(here.name(name), dir_fd=here.descriptor, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _kind(status)


def _kind(status: os.stat_result) -> EntryKind:
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        return EntryKind.LINK
    if stat.S_ISDIR(status.st_mode):
        return EntryKind.FOLDER
    return EntryKind.FILE if stat.S_ISREG(status.st_mode) else EntryKind.SPECIAL


def kind(folder: Path, path: str) -> EntryKind | None:
    """What stands at a path below a folder, None for nothing. Raises Stop for a link before it."""
    try:
        with _at(folder, path) as (here, name):
            return kind_in(here, name)
    except (FileNotFoundError, NotADirectoryError):
        return None


def entries(folder: Path, *tops: str) -> Iterator[tuple[str, EntryKind]]:
    """All that stands at and below these paths, by its path; what a folder holds comes after it.

    "" is the folder itself. What is prepared in folders of our own is left out.
    """
    known = {top: kind(folder, top) for top in tops if top}
    yield from ((top, what) for top, what in known.items() if what is not None)
    waiting = [top for top in tops if known.get(top, EntryKind.FOLDER) is EntryKind.FOLDER]
    while waiting:
        path = waiting.pop()
        for name, what in _within(folder, path):
            inner = f"{path}/{name}" if path else name
            deep = what is EntryKind.FOLDER and inner.count("/") >= _DEEPEST
            yield inner, EntryKind.SPECIAL if deep else what
            if what is EntryKind.FOLDER and not deep:
                waiting.append(inner)


def _within(folder: Path, path: str) -> list[tuple[str, EntryKind]]:
    """What a folder holds; nothing if it has gone meanwhile."""
    with (
        suppress(FileNotFoundError),
        reached(folder, path) as here,
        naming(here.place),
        os.scandir(here.listed) as held,
    ):
        names = [entry for entry in held if not TEMPORARY.fullmatch(entry.name)]
        return [(entry.name, _kind(entry.stat(follow_symlinks=False))) for entry in names]
    return []


def strange(folder: Path, *tops: str) -> list[str]:
    """The links, pipes and devices at and below these paths."""
    return sorted({path for path, what in entries(folder, *tops) if what in STRANGE})


# --- reading --------------------------------------------------------------------------


@contextmanager
def opened(folder: Path, path: str) -> Iterator[BinaryIO]:
    """An ordinary file, to be read. Raises Stop for anything else, and OSError with its place."""
    with _at(folder, path) as (here, name):
        # A pipe would wait for its writer, and a device may act on being opened.
        if kind_in(here, name) not in (EntryKind.FILE, None):
            raise Stop(not_followed([f"{here.place}/{name}"]))
        descriptor = os.open(here.name(name), _FILE, dir_fd=here.descriptor)
        with os.fdopen(descriptor, "rb") as file:
            if _kind(os.fstat(descriptor)) is not EntryKind.FILE:
                raise Stop(not_followed([f"{here.place}/{name}"]))
            yield file


def beginning(folder: Path, path: str, most: int) -> bytes:
    """A file's first bytes: no more than `most`, and one after them where there is one."""
    with opened(folder, path) as file:
        return file.read(min(os.fstat(file.fileno()).st_size, most) + 1)


def content(folder: Path, path: str, most: int) -> bytes:
    """All of a file. Raises Stop where it is larger than `most` bytes."""
    data = beginning(folder, path, most)
    if len(data) > most:
        raise Stop(too_large(folder / path, most))
    return data


def text(folder: Path, path: str, most: int) -> str:
    """All of a file as text, with LF line ends. Raises Stop where it is too large or not UTF-8."""
    try:
        read = content(folder, path, most).decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = printable(str(folder / path))
        message = Message("{path} is not UTF-8; save it as UTF-8.", {"path": place})
        raise Stop(message) from error
    return read.replace("\r\n", "\n").replace("\r", "\n")


def too_large(place: Path, most: int) -> Message:
    """What is said of a file that is not read because of its size."""
    return Message(
        "{path} is larger than {limit} bytes and is not read; split it or remove what does not "
        "belong in it",
        {"path": printable(str(place)), "limit": most},
    )


def same(folder: Path, path: str, chunks: Iterable[bytes]) -> bool:
    """Whether there is a file that says just that. Raises Stop for a link or a special file."""
    try:
        with opened(folder, path) as file:
            return all(file.read(len(chunk)) == chunk for chunk in chunks) and not file.read(1)
    except FileNotFoundError:
        return False


def sizes(folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """How many bytes each of these has; quick where those of one folder come together."""
    for above, inside in groupby(paths, key=lambda path: path.rpartition("/")[0]):
        with reached(folder, above) as here:
            for path in inside:
                name = path.rpartition("/")[2]
                with naming(f"{here.place}/{name}"):
                    status = os.stat(here.name(name), dir_fd=here.descriptor, follow_symlinks=False)
                yield path, status.st_size


def remove(folder: Path, path: str) -> None:
    """Take away a file, or a link without what it leads to."""
    with _at(folder, path) as (here, name):
        os.unlink(here.name(name), dir_fd=here.descriptor)


def remove_if_empty(folder: Path, path: str) -> None:
    """Take away a folder that holds nothing."""
    with _at(folder, path) as (here, name), suppress(OSError):
        os.rmdir(here.name(name), dir_fd=here.descriptor)


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
            undo.callback(remove_if_empty, place.parent, place.name)
        grouped: dict[str, dict[str, Iterable[bytes]]] = {}
        for path, content in files.items():
            above, _, name = path.rpartition("/")
            grouped.setdefault(above, {})[name] = content
        for above, named in grouped.items():
            with reached(folder, above, make=True) as here, _room(here) as room:
                for name, chunks in named.items():
                    with naming(f"{here.place}/{name}"):
                        _write(room, name, chunks)
                        _moved(room, here, name)
        undo.pop_all()


def create(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files where nothing stands yet: all of them, or none if one cannot be written.

    A folder that is missing comes with all that it shall hold, or not at all. Raises OSError
    naming the file, and Stop where there is a link on the way.
    """
    base = next(place for place in (folder, *folder.parents) if place.is_dir())
    inside = folder.relative_to(base).as_posix()
    with ExitStack() as open_rooms:
        prepared: list[tuple[Reached, Reached, str]] = []
        for above, named in _by_what_is_there(base, inside, files).items():
            here = open_rooms.enter_context(reached(base, above))
            room = open_rooms.enter_context(_room(here))
            for path, data in named.items():
                inner, _, name = path.rpartition("/")
                with naming(f"{here.place}/{path}"), reached(room, inner, make=True) as last:
                    _write(last, name, (data,))
            tops = dict.fromkeys(path.split("/")[0] for path in named)
            prepared += [(room, here, name) for name in tops]
        with ExitStack() as undo:
            for room, here, name in prepared:
                _placed(room, here, name)
                undo.callback(_taken_back, here, name)
            undo.pop_all()


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


def _write(here: Reached, name: str, chunks: Iterable[bytes]) -> None:
    descriptor = os.open(here.name(name), _WRITE, 0o666, dir_fd=here.descriptor)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(chunks)


def _moved(room: Reached, here: Reached, name: str) -> None:
    before, after = room.descriptor, here.descriptor
    os.replace(room.name(name), here.name(name), src_dir_fd=before, dst_dir_fd=after)


def _placed(room: Reached, here: Reached, name: str) -> None:
    """Put a file or a folder where nothing stands."""
    before, after = room.descriptor, here.descriptor
    with naming(f"{here.place}/{name}"):
        if kind_in(room, name) is EntryKind.FILE:
            try:  # this fails where the name is taken
                os.link(room.name(name), here.name(name), src_dir_fd=before, dst_dir_fd=after)
            except OSError as error:
                if error.errno not in _NO_HARD_LINKS:
                    raise
            else:
                return
        if kind_in(here, name) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        _moved(room, here, name)


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
                with suppress(FileNotFoundError), reached(room, OLD) as old:
                    for aside in os.listdir(old.listed):
                        if kind_in(here, aside) is None:
                            _moved(old, here, aside)
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
