"""The site: runs MkDocs or Zensical over the rendered pages and puts the result in place whole.

Each language is a build of its own, with a search of its own; they run side by side.

Owns the build's environment (so that the same pages give the same bytes anywhere) and the
swap: the old site stays until the new one is whole, a failed build leaves no trace, and the next
one clears up after a build that was killed. Must not read data, write a page or print.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Literal

import yaml
from pathspec import GitIgnoreSpec

from generator.engine.problem import Message, Stop
from generator.pages.layout import CHINESE, Edition, check_sources, editions, setting
from generator.reading.disk import OLD, TEMPORARY, clear, kind, workshop

Engine = Literal["mkdocs", "zensical"]

Step = Callable[[int, int], None]
"""Told how many pages are done, and of how many."""

Finish = Callable[..., None]
"""Builds the pages that are there now: called with the newest date, and a `Step` or nothing."""

CONFIG = CHINESE.config
SITE_URL = "KAOHE_SITE_URL"
"""The site's address for search engines; the settings read it from the environment."""

IDLE_TALK = ("DEBUG", "INFO", "Building prefix", "Dumping model", "Loading model", "Prefix dict")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class SiteError(Stop):
    """The site could not be built or served; nothing has changed."""


@contextmanager
def building(root: Path, out: Path, engine: Engine = "mkdocs") -> Iterator[Finish]:
    """Get ready to build while the pages of `root` are still being made; `finish` builds them.

    `out` must be missing, empty or an earlier site: it is replaced as a whole.
    """
    root, out = root.resolve(), out.resolve()
    clear(out.parent, "")  # first: a site that a killed build had put aside is back, come what may
    check_sources(root)
    if kind(root, CONFIG) is None:
        raise SiteError(
            Message(
                "{path} is missing, so there is no site to build; copy one from another city,"
                " or start a city with `kaohe init`",
                {"path": CONFIG},
            )
        )
    _check_replaceable(root, out)
    several = editions(root)
    with _workshop_beside(out) as shop:
        early = _start_all(engine, several, root, shop) if engine == "mkdocs" else []
        try:

            def finish(newest: date, step: Step | None = None) -> None:
                running = early or _start_all(engine, several, root, shop)
                many = sum(1 for edition in several for _ in edition.pages(root))
                _run_all(running, newest, many, step)
                for edition in several[1:]:
                    _made(shop, edition).rename(_made(shop, CHINESE) / edition.below)
                _swap(_made(shop, CHINESE), out, shop / OLD / out.name)

            yield finish
        finally:
            for process in early:
                with process:  # closes its streams and waits
                    process.kill()


def _check_replaceable(root: Path, out: Path) -> None:
    """A slip in `--out` must not cost anybody a folder of something else."""
    if not out.exists():
        return
    entries = {entry.name for entry in out.iterdir()} if out.is_dir() else {out.name}
    is_site = {"index.html", "404.html"} <= entries and ".git" not in entries
    if (entries and not is_site) or root.is_relative_to(out):
        raise SiteError(
            Message(
                "{path} holds something other than an earlier site and would be replaced;"
                " name another folder, or empty this one",
                {"path": str(out)},
            )
        )


@contextmanager
def _workshop_beside(out: Path) -> Iterator[Path]:
    """A new folder on the same file system, so that the finished site only has to be renamed."""
    with ExitStack() as held:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            shop = held.enter_context(workshop(out.parent))
        except OSError as error:
            raise SiteError(_not_writable(out.parent, error)) from error
        yield shop


def _not_writable(path: Path, error: OSError) -> Message:
    return Message(
        "{path} cannot be written: {reason}; name another folder or ask for the right to write",
        {"path": str(path), "reason": error.strerror or str(error)},
    )


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put `new` in the place of `out`; whatever happens in between, `out` is one of the two."""
    try:
        old.parent.mkdir(exist_ok=True)
        if out.exists():
            out.rename(old)
        new.rename(out)
    except OSError as error:
        raise SiteError(_not_writable(out, error)) from error
    finally:
        if old.exists() and not out.exists():
            old.rename(out)


# --- the engines ----------------------------------------------------------------------


def _made(workshop: Path, edition: Edition) -> Path:
    """Where a language's part of the site is made."""
    return workshop / edition.lang / "new"


def _command(engine: Engine, root: Path, workshop: Path, edition: Edition) -> list[str]:
    if engine == "mkdocs":
        # Never with --quiet, which makes --strict let broken links pass; --verbose names the pages.
        options = ["--strict", "--verbose", "--config-file", edition.config]
        arguments = ["build", *options, "--site-dir", str(_made(workshop, edition))]
        return [*_PYTHON, "generator.pages.mkdocs_process", *arguments]
    if importlib.util.find_spec("zensical") is None:
        raise SiteError(
            Message(
                "Zensical is not installed; install it with `pip install zensical`,"
                " or build with `--engine mkdocs`"
            )
        )
    config = _zensical_project(root, workshop / edition.lang, edition)
    return [*_PYTHON, "zensical", "build", "--strict", "--config-file", str(config)]


_PYTHON = (sys.executable, "-W", "ignore", "-m")


def _zensical_project(root: Path, folder: Path, edition: Edition) -> Path:
    """The site's own configuration, for a copy of its pages.

    Zensical has no option for the folder to build into, keeps its cache beside its configuration
    and leaves out no page; so it gets a project of its own, which goes when it is done.
    """
    docs, inherited = root / edition.docs, root / edition.config
    excluded = GitIgnoreSpec.from_lines((setting(inherited, "exclude_docs") or "").splitlines())

    def left_out(place: str, names: list[str]) -> list[str]:
        below = Path(place).relative_to(docs)
        paths = {name: (below / name).as_posix() for name in names}
        return [
            name
            for name, path in paths.items()
            if TEMPORARY.fullmatch(name)
            or excluded.match_file(path)
            or excluded.match_file(f"{path}/")
        ]

    shutil.copytree(docs, folder / "docs", ignore=left_out)
    settings = {"INHERIT": str(inherited), "docs_dir": "docs", "site_dir": "new"}
    templates = setting(inherited, "theme", "custom_dir")
    theme = {"theme": {"custom_dir": str(root / templates)}} if templates else {}
    config = folder / CONFIG
    config.write_text(yaml.safe_dump(settings | theme, allow_unicode=True), encoding="utf-8")
    return config


def _environment(workshop: Path, edition: Edition) -> Mapping[str, str]:
    """Time, language and hashing held still; the word list's cache goes with the workshop."""
    environment = os.environ | {
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(workshop),
        "NO_COLOR": "1",
    }
    if edition.below and (address := os.environ.get(SITE_URL)):
        environment[SITE_URL] = f"{address.rstrip('/')}/{edition.below}/"
    return environment


def _start_all(
    engine: Engine, several: Sequence[Edition], root: Path, workshop: Path
) -> list[subprocess.Popen[str]]:
    """The engine, running in `root` once for every language."""
    return [
        subprocess.Popen(
            _command(engine, root, workshop, edition),
            cwd=root,
            env=_environment(workshop, edition),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        for edition in several
    ]


def _run_all(
    processes: Sequence[subprocess.Popen[str]], newest: date, many: int, step: Step | None
) -> None:
    """Let all of them build, side by side, and wait; each is heard, else it would be stuck.

    `step` is told of every page that any of them has built, of so many.
    """
    done, lock = count(1), Lock()

    def built() -> None:
        with lock:
            if step is not None:
                step(next(done), many)

    with ThreadPoolExecutor(len(processes)) as pool:
        for ended in [pool.submit(_run, process, newest, built) for process in processes]:
            ended.result()


def _run(process: subprocess.Popen[str], newest: date, built: Callable[[], None]) -> None:
    """Let the engine build, and wait for it; its own complaints are kept for the message."""
    epoch = datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
    complaints: list[str] = []
    with process:
        if process.stdin is not None:
            # It stays open: MkDocs ends when it is closed, as when this process is killed.
            with suppress(BrokenPipeError):  # an engine that ended early has said why
                process.stdin.write(f"{int(epoch.timestamp())}\n")
                process.stdin.flush()
        for line in process.stdout or ():
            if "Building page" in line:
                built()
            elif not line.startswith(IDLE_TALK):
                complaints.append(COLOUR.sub("", line.rstrip()))
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
    if process.returncode != 0:
        output, _, trace = "\n".join(complaints).partition("Traceback (most recent call last):")
        log = output.strip() or trace.strip()
        raise SiteError(Message("The site could not be built:\n{log}", {"log": log}))
