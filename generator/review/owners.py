"""Who may change what, as `data/owners.yaml` says, and the same as a CODEOWNERS file.

Owns which entry covers a path. Must not know who asks or what has been changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.reading.source import Document

PATH = "data/owners.yaml"
ANY = "*"
"""A part of a path that stands for any one folder."""

_WHOLE = "."
_REPORTS = ("data", ANY, "townships")


@dataclass(frozen=True, slots=True)
class Entry:
    """Accounts that may change the files below a folder, or the one file, that `parts` lead to."""

    parts: tuple[str, ...]
    accounts: tuple[str, ...]
    folder: bool

    def covers(self, path: str) -> bool:
        """Whether it is about this path; a folder is about everything below it."""
        parts = path.split("/")
        long = len(parts) > len(self.parts) if self.folder else len(parts) == len(self.parts)
        pairs = zip(self.parts, parts, strict=False)
        return long and all(wanted in (ANY, part) for wanted, part in pairs)


@dataclass(frozen=True, slots=True)
class Owners:
    """Entries as CODEOWNERS has them: of those that cover a path, the last one counts."""

    entries: tuple[Entry, ...]

    def of(self, path: str) -> tuple[str, ...]:
        """The accounts that may change a path; none where no entry covers it."""
        covering = (entry.accounts for entry in reversed(self.entries) if entry.covers(path))
        return next(covering, ())

    def known(self) -> frozenset[str]:
        """Every account that is named."""
        return frozenset(account for entry in self.entries for account in entry.accounts)


def owners(document: Document) -> Owners:
    """What a document of the right shape says.

    The longer folder counts; of two as long, the one that names a folder where the other takes
    any. A township's accounts come beside those of the folder.
    """
    value = document.value
    folders = [
        Entry(() if name == _WHOLE else tuple(name.split("/")), tuple(accounts), folder=True)
        for name, accounts in value.get("folders", {}).items()
    ]
    folders.sort(key=lambda entry: (len(entry.parts), [p != ANY for p in entry.parts], entry.parts))
    townships = sorted(value.get("townships", {}).items())
    reports = (entry for name, own in townships for entry in _reports(name, own, folders))
    return Owners((*folders, *reports))


def _reports(township: str, own: Iterable[str], folders: Iterable[Entry]) -> Iterator[Entry]:
    """A township's reports: its accounts, and whoever has the folder that they stand in."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for folder in (Entry((), (), folder=True), *folders):
        if _may_hold_reports(folder.parts):
            parts = (*_REPORTS[:1], *(folder.parts[1:2] or (ANY,)), _REPORTS[2], f"{township}.yaml")
            found.pop(parts, None)  # a longer folder comes later, and the last one counts
            found[parts] = tuple(dict.fromkeys((*own, *folder.accounts)))
    for parts, accounts in found.items():
        yield Entry(parts, accounts, folder=False)


def _may_hold_reports(parts: tuple[str, ...]) -> bool:
    """Whether data/<year>/townships, of some year at least, lies below these parts."""
    if len(parts) > len(_REPORTS):
        return False
    top, year, last = (*parts, *_REPORTS[len(parts) :])
    return top == "data" and (year == ANY or year.isdecimal()) and last in (ANY, "townships")


def codeowners(found: Owners) -> str:
    """The lines of CODEOWNERS that say the same, for GitHub, Gitea, Forgejo and GitLab."""
    return "".join(
        " ".join([_pattern(entry), *(f"@{account}" for account in entry.accounts)]) + "\n"
        for entry in found.entries
    )


def _pattern(entry: Entry) -> str:
    if not entry.parts:
        return ANY
    return f"/{'/'.join(entry.parts)}{'/' if entry.folder else ''}"
