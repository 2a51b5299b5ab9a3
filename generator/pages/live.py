"""The live site: saves below data/ and docs/ show in the browser within moments.

Owns watching, rebuilding only what changed, and showing what is wrong above the last good
page. Must not read data or render itself (it is handed `refresh`), nor print.
"""

import html
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import jieba
from jinja2 import Environment
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from generator.engine.problem import Message
from generator.pages.layout import CHINESE, ENGLISH, OWNED_FILES, OWNED_FOLDERS, Edition, editions
from generator.pages.site import SiteError
from generator.reading.disk import TEMPORARY
from generator.reading.screen import masked

Refresh = Callable[[], str]
"""Renders the pages anew, writing only those that changed; returns the problems, "" for none."""

Report = Callable[[str], None]
"""Told what is wrong after each change, "" when all is well."""

Ready = Callable[[], None]
"""Told once, when the address answers."""

POLL_SECONDS = 0.2
TEMPLATES = Path(__file__).parent.parent / "templates"

BANNER = (
    b'<pre role="alert" style="position:fixed;inset:auto 0 0 0;z-index:99;margin:0;padding:1em;'
    b"max-height:50vh;overflow:auto;white-space:pre-wrap;background:#7f1d1d;color:#fff;"
    b'font-size:14px">%b</pre>'
)


def serve(root: Path, host: str, port: int, refresh: Refresh, report: Report, ready: Ready) -> None:
    """Serve the site of `root` until interrupted; `report` hears each change's outcome."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-"))
    try:
        with Live(root.resolve(), folder, host, port, refresh, report, ready) as server:
            try:
                server.server_bind()  # one that is taken is told before the pages are made
                server.rebuild()
                server.serve()  # type: ignore[no-untyped-call]  # MkDocs has no types
            except KeyboardInterrupt:
                server.shutdown()
    except (OSError, UnicodeError) as error:  # a host's name may be none that can be asked for
        reason = getattr(error, "strerror", "") or str(error)
        raise SiteError(
            Message(
                "Nothing can be served at {host}:{port}: {reason}; try another port or host",
                {"host": host, "port": port, "reason": reason},
            )
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Live(LiveReloadServer):
    """MkDocs' own live server, fed by rendering and kept alive through anything."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        host: str,
        port: int,
        refresh: Refresh,
        report: Report,
        ready: Ready = lambda: None,
    ) -> None:
        site = folder / "site"
        super().__init__(self.rebuild, host, port, str(site), polling_interval=POLL_SECONDS)
        self.error_handler = lambda code: _bytes(site / f"{code}.html")
        self.previews = [Preview(root, site / e.below, e) for e in editions(root)]
        self.refresh, self.report, self.problems = refresh, report, ""
        self.ready, self.bound = ready, False
        jieba.setLogLevel(logging.WARNING)
        jieba.dt.tmp_dir = str(folder)  # its cache: not in a folder that everybody can write
        # Not what rendering writes: that would set off another round.
        generated = tuple(str(root / "docs" / name) for name in OWNED_FILES + OWNED_FOLDERS)
        settings = (root / CHINESE.config, root / ENGLISH.config)
        for path in (root / "data", root / "docs", *settings, TEMPLATES):
            if path.exists():
                self._watched_paths[str(path)] = 1
                handler = _Changes(self.changed, generated)
                self.observer.schedule(handler, str(path), recursive=path.is_dir())

    def server_bind(self) -> None:
        """Take the address; asked again by `serve`, which does it only then by itself."""
        if not self.bound:
            super().server_bind()
            self.bound = True

    def server_activate(self) -> None:
        """Listen, and say so."""
        super().server_activate()
        self.ready()

    def changed(self) -> None:
        """Ask the server's loop for another round."""
        with self._rebuild_cond:
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def rebuild(self) -> None:
        """Render and build what changed; with problems, keep the last good pages."""
        try:
            self.problems = self.refresh() or masked(self._built())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it must outlive any save
            self.problems = masked(f"{type(error).__name__}: {error}")
        self.report(self.problems)

    def _built(self) -> str:
        """All languages; a whole build of the first clears away what the others have below it."""
        first, *others = self.previews
        warnings = [first.build()]
        for preview in others:
            preview.shape = None if first.whole else preview.shape
            warnings.append(preview.build())
        return "\n".join(filter(None, warnings))

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        page: bytes = super()._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]  # MkDocs has no types
        return page + BANNER % html.escape(self.problems).encode() if self.problems else page


class _Changes(FileSystemEventHandler):
    def __init__(self, changed: Callable[[], None], generated: tuple[str, ...]) -> None:
        self.changed, self.generated = changed, generated

    def on_any_event(self, event: FileSystemEvent) -> None:
        path = Path(os.fsdecode(event.src_path))
        prepared = any(map(TEMPORARY.fullmatch, path.parts))
        if not (event.is_directory or prepared or str(path).startswith(self.generated)):
            self.changed()


class Preview:
    """The site in one language, in a folder of its own, rebuilt page by page where that is enough.

    `whole`: the last time that was not enough.
    """

    def __init__(self, root: Path, site: Path, edition: Edition = CHINESE) -> None:
        self.root, self.site, self.edition, self.whole = root, site, edition, True
        self.shape: object = None
        self.templates: Environment

    def build(self) -> str:
        """Build what is newer than its page; all of it when pages come or go. Returns warnings."""
        settings = self.root / self.edition.config
        shape = frozenset(self.edition.pages(self.root)), settings.stat().st_mtime_ns
        partly = shape == self.shape
        self.whole = not partly
        index = self.site / "search" / "search_index.json"
        before = _bytes(index)
        with _heard() as warnings, _working_in(self.root):
            config = load_config(self.edition.config, site_dir=str(self.site))
            # Each round stands for itself: the search's own memory loses pages between rounds.
            config.plugins.on_startup(command="serve", dirty=False)
            if not partly:
                self.templates = config.theme.get_env()
            # The theme's templates, compiled once and not again for every save.
            config.theme.get_env = lambda: self.templates  # type: ignore[method-assign]  # theirs to replace
            build(config, dirty=partly)
        if partly and before:
            # The entries of the pages just built stand in place of their old ones.
            now = json.loads(index.read_bytes())
            rebuilt = {_page(entry) for entry in now["docs"]}
            kept = [entry for entry in json.loads(before)["docs"] if _page(entry) not in rebuilt]
            merged = json.dumps(now | {"docs": kept + now["docs"]}, ensure_ascii=False)
            index.write_text(merged, encoding="utf-8")
        self.shape = shape
        return "\n".join(warnings)


def _page(entry: Mapping[str, str]) -> str:
    return entry["location"].partition("#")[0]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Paths in plugin options count from the working folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What MkDocs warns of, instead of its own log lines."""
    warnings: list[str] = []

    def hear(record: logging.LogRecord) -> None:
        # Building only what changed is what we want; MkDocs warns of it each time.
        if "'dirty' build" not in record.getMessage():
            warnings.append(record.getMessage())

    handler = logging.Handler(logging.WARNING)
    handler.emit = hear  # type: ignore[method-assign]  # theirs to replace
    log = logging.getLogger("mkdocs")
    log.addHandler(handler)
    log.propagate = False
    try:
        yield warnings
    finally:
        log.removeHandler(handler)
