"""Git repositories of small cities, and what git and kaohe say in them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.cases import ROOT, VALID, laid_out
from tests.running import kaohe

NOTHING = "0" * 40
FINAL_CITY = VALID / "owners-of-a-final-year"
_ENV = {"GIT_AUTHOR_NAME": "书记员", "GIT_AUTHOR_EMAIL": "a@example.org"}
_ENV |= {"GIT_COMMITTER_NAME": "b", "GIT_COMMITTER_EMAIL": "b@example.org"}
_ENV |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "no_proxy": "127.0.0.1"}


class Said(NamedTuple):
    code: int
    text: str


def git(folder: Path, *arguments: str, **env: str) -> str:
    """What git answers; it must succeed."""
    said = tried(folder, *arguments, **env)
    assert said.code == 0, said.text
    return said.text.strip()


def tried(folder: Path, *arguments: str, **env: str) -> Said:
    """What git says, whether it succeeds or not."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_ENV, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"))


def commit(folder: Path, subject: str = "改动", *more: str) -> str:
    """Everything in the folder, committed."""
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, *more)
    return git(folder, "rev-parse", "HEAD")


def begun(root: Path, *, published: bool = False) -> Path:
    """A city with owners and a final year, in a repository of its own with one commit."""
    root.mkdir()
    laid_out(FINAL_CITY, root)
    if published:
        publish(root)
    git(root, "init", "-q", "-b", "main")
    commit(root, "开始")
    return root


def publish(root: Path, year: int = 2025) -> None:
    (root / f"data/{year}/published.json").unlink(missing_ok=True)
    done = kaohe("publish", str(year), root=root)
    assert done.code == 0, done.out + done.err


def hook(folder: Path, name: str, arguments: str) -> Path:
    """A hook that is a command of kaohe, in the folder that Git calls its own."""
    script = folder / "hooks" / name
    script.parent.mkdir(exist_ok=True)
    program = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m generator'
    script.write_text(f"#!/bin/sh\n{program} {arguments}\n", encoding="utf-8")
    script.chmod(0o755)
    return script


def guarded(top: Path) -> Path:
    """A bare repository of the city, its year published; its guard is the hook of the manual."""
    begun(top / "seed", published=True)
    bare = top / "projects" / "city.git"
    git(top, "clone", "-q", "--bare", "seed", str(bare))
    hook(bare, "pre-receive", "gate")
    return bare


def fresh(clone: Path) -> Path:
    """A clone, as the server has it."""
    git(clone, "fetch", "-q", "origin")
    git(clone, "switch", "-q", "--discard-changes", "-C", "work", "origin/main")
    git(clone, "clean", "-qfd")
    return clone


def a_year_later(root: Path, township: str) -> str:
    """A township's report of 2025, a year later and with nothing to carry over."""
    text = (root / f"data/2025/townships/{township}.yaml").read_text(encoding="utf-8").rstrip("\n")
    text = re.sub(r"\d{4}-(?=\d\d|Q)", "2026-", text).replace("year: 2025", "year: 2026")
    return f"{text.replace('2025年度', '2026年度')}\nsubmitted: 2026-01-02"


@contextmanager
def a_branch(root: Path, *how: str) -> Iterator[None]:
    """What is changed meanwhile is committed as `change`; then the city is on main again."""
    git(root, "switch", "-q", *(how or ("-C",)), "change")
    yield
    commit(root)
    git(root, "switch", "-q", "main")


def append(root: Path, path: str, text: str) -> None:
    """Add a line to a file, which need not be there."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    with (root / path).open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")


def replace(root: Path, path: str, old: str, new: str) -> None:
    """Put one text in the place of another, which is there."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def begin(folder: Path) -> Path:
    """An empty repository in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def put(root: Path, path: str, text: str) -> None:
    """Write a file and the folders that it stands in."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def commit_files(root: Path, subject: str, files: Mapping[str, str | None]) -> str:
    """Some files written, those with None deleted, and a commit of that; its id."""
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
        else:
            put(root, path, text)
    return commit(root, subject)


def stored(root: Path, kind: str, content: bytes) -> str:
    """The id of an object of our own making, whatever Git thinks of it."""
    done = subprocess.run(
        ["git", "hash-object", "-t", kind, "-w", "--stdin", "--literally"],
        cwd=root,
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def forged(root: Path, *entries: tuple[str, str, str]) -> str:
    """A commit after main whose tree has these entries: mode, name, id."""
    rows = (f"{mode} {name}\0".encode() + bytes.fromhex(id_) for mode, name, id_ in entries)
    return git(root, "commit-tree", "-p", "main", "-m", "x", stored(root, "tree", b"".join(rows)))
