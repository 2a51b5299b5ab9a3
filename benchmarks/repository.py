"""A generated repository: a city of many townships, years and commits, written in one stream.

Owns how a city's history goes: a year begins, batches of reports come in, and now and then a
report is put right. Fictional throughout, and the same for the same numbers.
"""

import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.city import ASSESSMENT, YEAR, _register, _report

FIRST_YEAR = 2006
_A_YEAR = re.compile(rf"\b({YEAR}|{YEAR + 1})\b")
REPAIRS = 4
"""So many commits of a year put one report right, after the batches."""


def write_repository(root: Path, home: Path, townships: int, years: int, commits: int) -> None:
    """A repository at `root`, checked out; `home` is where its rulebook comes from."""
    root.mkdir(parents=True)
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "config", "core.autocrlf", "false"], check=True)
    stream = b"".join(_stream(home, townships, years, commits))
    subprocess.run([*git, "fast-import", "--quiet"], input=stream, check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)


def _stream(home: Path, townships: int, years: int, commits: int) -> Iterator[bytes]:
    """All commits as `git fast-import` reads them."""
    names = [f"township-{number:05}" for number in range(townships)]
    yield _commit(0, "begin", _beginning(home, names))
    number, batches = 0, commits // years - REPAIRS - 1
    for year in range(FIRST_YEAR, FIRST_YEAR + years):
        number += 1
        path = f"data/{year}/assessment.yaml"
        yield _commit(number, f"begin {year}", {path: _in_year(ASSESSMENT, year)})
        for batch in range(batches):
            number += 1
            mine = names[batch::batches]
            yield _commit(number, f"{year}: {len(mine)} reports", dict(_reports(mine, year)))
        for repair in range(REPAIRS):
            number += 1
            name = names[(year * 31 + repair * 97) % townships]
            path, text = next(_reports([name], year))
            mended = text.replace("register_complete: true", "register_complete: false")
            yield _commit(number, f"{year}: put {name} right", {path: mended})


def _beginning(home: Path, names: list[str]) -> dict[str, str]:
    book = home / "data" / "rulebooks" / "family-planning-petitions"
    found = {
        file.relative_to(home).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(book.rglob("*"))
        if file.is_file()
    }
    register = _register(names).replace("from: 2023", f"from: {FIRST_YEAR}")
    return found | {"data/townships.yaml": register}


def _reports(names: list[str], year: int) -> Iterator[tuple[str, str]]:
    for name in names:
        lines = _report(name, random.Random(f"{year} {name}"))
        yield f"data/{year}/townships/{name}.yaml", _in_year("\n".join(lines) + "\n", year)


def _in_year(text: str, year: int) -> str:
    """The text with its year, and the year after, moved."""
    return _A_YEAR.sub(lambda found: str(int(found[0]) - YEAR + year), text)


def _commit(number: int, subject: str, files: dict[str, str]) -> bytes:
    who = f"committer bench <bench@example.org> {1_200_000_000 + number * 3600} +0000"
    parts = [f"commit refs/heads/main\n{who}\ndata {len(subject)}\n{subject}\n"]
    for path, text in files.items():
        parts.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    return "".join(parts).encode()
