"""What all pages have in common: languages, templates, addresses, what is written by hand.

Owns the Jinja environment and where each page stands, in Chinese and below en/ in English, and how
Chinese inside English pages is marked. Escaping cannot be forgotten: whatever a template prints
goes through `finalize`, and only `Safe` comes out as it is; Jinja's own autoescape stays off,
because pages are Markdown.
"""

import io
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from os import environ
from pathlib import Path
from typing import Any, Literal
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import jinja2
import yaml

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem, Stop
from generator.engine.year import City, YearResult
from generator.pages.wording import Words
from generator.pages.year import Collected, YearView
from generator.reading.disk import (
    STRANGE,
    Copy,
    EntryKind,
    content,
    entries,
    kind,
    not_followed,
    printable,
    sizes,
    text,
    too_large,
)
from generator.reading.screen import screen
from generator.reading.slips import MAX_BYTES
from generator.words.messages import Catalogue, Safe, escape, title

DOCS = "docs"

OWNED_FILES = ("feed.xml", "index.md", "submit.md", "assets/terms.txt")
OWNED_FOLDERS = ("results", "townships", "rulebooks", "en")
"""What is generated below docs/. Everything else there is written by hand and left alone."""

GENERATED = OWNED_FILES + tuple(f"{folder}/" for folder in OWNED_FOLDERS)
"""How the paths of these places begin."""

ENGLISH_ONLY = ".en.md"
"""A page written by hand with this ending is the English form of the one beside it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one language; `below` is its place below the site's top and below docs/."""

    lang: Literal["zh", "en"]
    config: str
    below: str

    @property
    def docs(self) -> str:
        """Where its pages are, from the city's folder."""
        return f"{DOCS}/{self.below}" if self.below else DOCS

    def pages(self, root: Path) -> Iterator[str]:
        """The Markdown files of its pages, by their paths below its docs."""
        for path, what in entries(root / self.docs, ""):
            english = path.endswith(ENGLISH_ONLY) or path.startswith(f"{ENGLISH.below}/")
            if what is EntryKind.FILE and path.endswith(".md") and not english:
                yield path


CHINESE = Edition("zh", "mkdocs.yml", "")
ENGLISH = Edition("en", "mkdocs.en.yml", "en")


def editions(root: Path) -> tuple[Edition, ...]:
    """The languages that the site of `root` has: Chinese, and English if it has settings."""
    english = kind(root, ENGLISH.config) is EntryKind.FILE
    return (CHINESE, ENGLISH) if english else (CHINESE,)


_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SIGNS = f"\u3000-\u303f{_HAN}\uff01-\uffef"
_CHINESE = re.compile(f"[\u3000-\u300f\u3012-\u303f{_HAN}\uff01-\uffef]")
"""Of these any but 【 and 】, which stand around restored words in English as well."""

_STRETCH = re.compile(f"…*[{_SIGNS}]+(?:[0-9 .%·…—]*[{_SIGNS}]+|…+)*")
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")


def marked(page: str) -> str:
    """The page with `lang="zh"` around Chinese, but for what says so already."""
    return "\n".join(map(_marked_line, page.split("\n"))) if _CHINESE.search(page) else page


def _marked_line(line: str) -> str:
    """One line; no element of ours that says its language goes on to the next."""
    if not _CHINESE.search(line):
        return line
    parts, inside = _TAG.split(line), list[str]()
    for number, part in enumerate(parts):
        if number % 2 == 0:
            parts[number] = part if inside else _STRETCH.sub(_span, part)
        elif inside or ' lang="zh"' in part:
            name = _NAME.match(part)
            if name and part.startswith("</"):
                inside.pop()
            elif name and not part.endswith("/>") and name[1] not in ("br", "img", "hr"):
                inside.append(name[1])
    return "".join(parts)


def _span(stretch: re.Match[str]) -> str:
    """Brackets alone are no Chinese."""
    text = stretch[0]
    return f'<span lang="zh">{text}</span>' if _CHINESE.search(text) else text


MOST_BYTES = 8 << 20
"""A larger page is nothing that somebody has written."""

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
_IN_ENGLISH = re.compile(r"^language: *en *$", re.MULTILINE)


def handwritten(docs: Path, catalogue: Catalogue) -> Mapping[str, str | Copy]:
    """Content of what is written by hand, in English, by path below docs/en/.

    Raises Stop for a page that is too large or not UTF-8.
    """
    by_hand = [
        path
        for path, what in sorted(entries(docs, ""))
        if what is EntryKind.FILE and not path.startswith(GENERATED)
    ]
    pages: dict[str, str | Copy] = {}
    for path in by_hand:
        english = f"{path.removesuffix('.md')}{ENGLISH_ONLY}"
        if not path.endswith(".md"):
            pages[path] = Copy(docs, path)
        elif path.endswith(ENGLISH_ONLY):
            continue
        elif english in by_hand:
            pages[path] = _in_english(*_parts(text(docs, english, MOST_BYTES)))
        else:
            pages[path] = _as_it_is(text(docs, path, MOST_BYTES), catalogue)
    return pages


def personal(root: Path, telephone: str | None) -> Iterator[Problem]:
    """What leads to a person in the site's settings, its pages written by hand and their names."""
    by_hand = sorted(
        page
        for page, what in entries(root, DOCS)
        if what is EntryKind.FILE
        and page.endswith(".md")
        and not page.removeprefix(f"{DOCS}/").startswith(GENERATED)
    )
    for name in (CHINESE.config, ENGLISH.config, *by_hand):
        if kind(root, name) is EntryKind.FILE:
            written = content(root, name, MOST_BYTES).decode("utf-8", "replace")
            yield from (*screen(name, name), *screen(name, written, telephone=telephone))


def _parts(text: str) -> tuple[str, str]:
    """The front matter's settings and the rest of a page."""
    head = _FRONT_MATTER.match(text)
    return (head[1], text[head.end() :]) if head else ("", text)


def _in_english(settings: str, body: str) -> str:
    """A page in English; Chinese in it is marked."""
    parts = _CODE.split(body)
    for number, part in enumerate(parts):
        if not number % 2:
            parts[number] = marked(part)
        elif _CHINESE.search(part):  # as a whole: markup inside code would be shown
            block = part.startswith("```")
            parts[number] = _zh_block(part) if block else f'{part}{{ lang="zh" }}'
    return f"---\n{settings}---\n{''.join(parts)}" if settings else "".join(parts)


def _zh_block(body: str) -> str:
    return f'<div lang="zh" markdown="1">\n\n{body}\n\n</div>'


def _as_it_is(text: str, catalogue: Catalogue) -> str:
    """A page in the language that it is written in, which is said where it is not English."""
    settings, body = _parts(text)
    if _IN_ENGLISH.search(settings):
        return _in_english(settings, body) + "\n<div data-english-only hidden></div>\n"
    # Its table of contents would be in Chinese outside of what is marked as such.
    settings = settings if "hide:" in settings else f"{settings}hide: [toc]\n"
    note = escape(catalogue._("This page is written in Chinese only."))
    return f'---\n{settings}---\n\n<p class="k-note">{note}</p>\n\n{_zh_block(body.rstrip())}\n'


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rulebook's texts in English, each by the Chinese one; nothing on Chinese pages."""

    catalogue: Catalogue
    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, chinese: str, *, marked: bool = False) -> Safe:
        """What goes behind a text that is quoted in Chinese; nothing where nobody has rendered it.

        `marked`: said to be no part of the text.
        """
        english = self.texts.get(chinese)
        if english is None:
            return Safe("")
        mark = Safe("<small>{}</small> ").format(self.catalogue._("Unofficial rendering:"))
        return Safe(' <span class="k-en">{}{}</span>').format(mark if marked else "", english)

    def instead(self, chinese: str) -> str:
        """The English of a text that is only named, or the text itself."""
        return self.texts.get(chinese, chinese)

    @property
    def binding(self) -> str:
        """Which language of the regulation counts, for those who read it in English."""
        if self.catalogue.lang == "zh":
            return ""
        if self.texts:
            return self.catalogue._(
                "The regulation is in Chinese, and only the Chinese text counts; the English "
                "beside it is an unofficial rendering."
            )
        return self.catalogue._(
            "The regulation is in Chinese; nobody has rendered its text into English yet."
        )


_TEMPLATES = Path(__file__).parent.parent / "templates"

RESERVED = ("changes", "deductions", "index", "lists", "readings")
"""Names of pages inside a year's folder; no township may have one as its id."""


class _Context(jinja2.runtime.Context):
    """Calls what a template calls as it is: nothing there asks for Jinja's own arguments."""

    def call(
        self,
        called: Callable[..., object],
        *args: object,
        _loop_vars: object = None,
        _block_vars: object = None,
        **named: object,
    ) -> object:
        return called(*args, **named)


@cache
def environment() -> jinja2.Environment:
    """The templates, compiled once."""
    made = jinja2.Environment(  # noqa: S701 - finalize escapes more than autoescape does
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        finalize=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.context_class = _Context
    return made


@dataclass(frozen=True, slots=True)
class Site:
    """All that pages are made from; `results` oldest first.

    `english` holds the rulebooks' texts in English, for a site in that language; `beside` those of
    the rulebook that pages are about.
    """

    city: City
    results: Sequence[YearResult]
    words: Words
    english: Mapping[tuple[str, int], Mapping[str, str]]
    beside: Rendered
    escaped: dict[str, Safe] = field(default_factory=dict, compare=False)

    def under(self, book: Rulebook) -> "Site":
        """The same site in the words of one rulebook."""
        texts = self.english.get((book.id, book.version), {})
        words = replace(self.words, wording=book.wording)
        return replace(self, words=words, beside=Rendered(words.catalogue, texts))

    def page(
        self,
        template: str,
        path: str,
        name: str,
        *,
        year: YearView | Collected | None = None,
        book: Rulebook | None = None,
        summary: str | None = None,
        hide: Sequence[str] = ("navigation",),
        **context: object,
    ) -> str:
        """One page: front matter, the way up, and the template filled.

        `path` is the page's below docs/; `crumbs` pairs of address and name lead to it. It is about
        `year` and its rulebook, or about `book`. `summary` is what search engines show instead of
        the name, `hide` what the theme leaves out.
        """
        words = self.words
        book = year.book if year else book
        shared = {
            "_": self._message,
            "w": words,
            "text": words.catalogue.text,
            "english": self.beside,
            "city": self.city,
            "asker": self.asker,
            "up": Safe("../" * depth(path)),
            "gap": Safe(words.gap),
            "year": year,
            "book": book,
            "book_address": book_folder(book) if book else "",
            "historical": self._is_historical(book),
            "crumbs": (),
            "name": name,
        }
        filled = environment().get_template(template).render(shared | context)
        # The regulation, documents and reasons stay in the language that they were written in.
        shown = filled if words.catalogue.lang == "zh" else marked(filled)
        return (
            f"---\ntitle: {title(name)}\ndescription: {title(summary or name)}\n"
            f"hide: [{', '.join(hide)}]\n{self._boost(path)}---\n\n{shown}"
        )

    def year_page(self, template: str, year: YearView, page: str, name: str, **context: Any) -> str:
        """A page inside a year's folder; the site is under the year's rulebook."""
        _, address = self.words._, f"results/{year.number}/"
        return self.page(
            template,
            f"{address}{page}.md",
            name,
            crumbs=(("results/", _("Years")), (address, _("{year}: ranking", year=year.number))),
            year=year,
            **context,
        )

    def _boost(self, path: str) -> str:
        """Among pages with the same words the search puts the rules first, then the newest year."""
        newest = self.results[-1].inputs.assessment.year if self.results else None
        boosts = {"rulebooks/": 2, f"results/{newest}/": 1.5}
        return "".join(
            f"search: {{boost: {boost}}}\n"
            for folder, boost in boosts.items()
            if path.startswith(folder)
        )

    def _is_historical(self, book: Rulebook | None) -> bool:
        """Whether the page's regulation, or any that the site goes by, is a historical document."""
        books = [book] if book else [result.inputs.rulebook for result in self.results]
        return "historical" in {regulation.status for regulation in books}

    def asker(self, office: str) -> str:
        """Who asked for a correction: a township by its name, another office as it is written."""
        names = (unit.name for unit in self.city.townships if unit.id == office)
        return next(map(self.words.text, names), office)

    def _message(self, msgid: str, **args: object) -> Safe:
        """A message, escaped; those without arguments are the same on every page."""
        if args:
            return escape(self.words.catalogue._(msgid, **args))
        if msgid not in self.escaped:
            self.escaped[msgid] = escape(self.words.catalogue._(msgid))
        return self.escaped[msgid]


def depth(path: str) -> int:
    """How many folders the page's address lies below the site's."""
    folders = path.count("/")
    return folders if path.rpartition("/")[2] == "index.md" else folders + 1


@dataclass(frozen=True, slots=True)
class Address:
    """Where an edition stands: its whole address, "" where nobody knows it yet.

    `flat`: each page is a file, as a folder or a USB stick needs it, else a folder of its own.
    """

    whole: str = ""
    flat: bool = False


FEED = "feed.xml"

_LINK = re.compile(r'href="([^"]+)"')


def addressed(made: Mapping[str, str | bytes], address: Address) -> dict[str, str | bytes]:
    """The pages and feeds with links for the address that they will stand at.

    They are made for folders below no address; a reader of feeds takes them from any place, so
    there links are whole where that is known.
    """
    return {
        path: _linked(path, content, made, address) if path.endswith((".md", FEED)) else content
        for path, content in made.items()
    }


def _linked(
    path: str, content: str | bytes, made: Collection[str], address: Address
) -> str | bytes:
    feed = path.endswith(FEED)
    if not (address.flat or (feed and address.whole)):
        return content
    here = path.removesuffix(FEED) if feed else _page_address(path)
    stands = posixpath.dirname(path)

    def link(match: re.Match[str]) -> str:
        written, mark, anchor = unescape(match[1]).partition("#")
        if not written or ":" in written:  # on this page, or on another site
            return match[0]
        target = posixpath.normpath(posixpath.join(here, written))
        folder = written.endswith(("/", ".."))
        if folder and address.flat:
            index = posixpath.normpath(posixpath.join(target, "index"))
            target = f"{index if f'{index}.md' in made else target}.html"
        if feed and address.whole:
            top = "" if target == "." else target + "/" * (folder and not address.flat)
            return f'href="{address.whole}{top}{mark}{anchor}"'
        return f'href="{posixpath.relpath(target, stands or ".")}{mark}{anchor}"'

    text = content if isinstance(content, str) else content.decode()
    linked = _LINK.sub(link, text)
    return linked if isinstance(content, str) else linked.encode()


def _page_address(path: str) -> str:
    """The folder that is a page's address, from the site's top."""
    return path.removesuffix("index.md") if path.endswith("index.md") else f"{path[:-3]}/"


def book_folder(book: Rulebook) -> str:
    """Where a rulebook's page is, from the site's top."""
    return f"rulebooks/{book.id}/{book.version}/"


_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say; a file's own date would be that of a checkout."""

_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of path → content. Stored as it is: compressors differ from machine to machine."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as into:
        for path in sorted(files):
            entry = ZipInfo(path, _LONG_AGO)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            into.writestr(entry, files[path])
    return target.getvalue()


_READ_WHOLE = (".md", ".html", ".yml")
"""What MkDocs reads; everything else it copies."""

_SETTINGS = (CHINESE.config, ENGLISH.config)


def check_sources(root: Path) -> None:
    """Raises Stop where the site would be made of anything else, naming all of one kind."""
    files = [
        (folder, *entry) for folder, below in _places(root) for entry in entries(folder, below)
    ]
    shown = {(f, path): path if f == root else f"{f}/{path}" for f, path, _ in files}
    if links := {shown[folder, path] for folder, path, what in files if what in STRANGE}:
        raise Stop(not_followed(sorted(links)))
    odd = {name for name in shown.values() if any("\ud800" <= sign <= "\udfff" for sign in name)}
    if odd:
        args = {"paths": tuple(sorted(map(printable, odd)))}
        raise Stop(Message("These names are not UTF-8; rename them: {paths}", args))
    for folder in dict.fromkeys(folder for folder, *_ in files):
        read = (path for f, path, _ in files if f == folder and path.endswith(_READ_WHOLE))
        for path, size in sizes(folder, read):
            if size > MOST_BYTES:
                raise Stop(too_large(Path(shown[folder, path]), MOST_BYTES))


def _places(root: Path) -> Iterator[tuple[Path, str]]:
    """Paths, each below a folder that somebody named: the city's, or one of templates elsewhere."""
    yield from ((root, name) for name in (DOCS, *_SETTINGS))
    for config in _SETTINGS:
        there = kind(root, config) is EntryKind.FILE
        templates = setting(root / config, "theme", "custom_dir") if there else None
        if templates is not None:
            path = posixpath.normpath(templates)
            yield (root / path, "") if path.startswith(("/", "..")) else (root, path)


# --- settings -------------------------------------------------------------------------


def repository(root: Path) -> str | None:
    """The address of the repository that pages link to: `extra.repository` of mkdocs.yml."""
    return setting(root / CHINESE.config, "extra", "repository")


def address(root: Path, edition: Edition) -> Address:
    """Where an edition will stand, as its settings say, which may ask the environment for it."""
    config = root / edition.config
    site, folders = _setting(config, "site_url"), _setting(config, "use_directory_urls")
    flat = isinstance(folders, yaml.ScalarNode) and folders.value.lower() in _NO
    whole = setting(config, "site_url") or ""
    if site is not None and site.tag == "!ENV":
        names = [site] if isinstance(site, yaml.ScalarNode) else site.value
        known = (environ[name.value] for name in names if environ.get(name.value))
        whole = next(known, "")
        if whole and edition.below:  # as the build says it to MkDocs
            whole = f"{whole.rstrip('/')}/{edition.below}"
    return Address(f"{whole.rstrip('/')}/" if whole else "", flat)


_NO = ("false", "no", "off")


def setting(config: Path, *names: str) -> str | None:
    """A text in the settings of the site, by the names that lead to it; None without one."""
    node = _setting(config, *names)
    text = isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"
    return str(node.value) if node and text else None


def _setting(config: Path, *names: str) -> yaml.Node | None:
    """What stands in the settings at the names that lead to it.

    What is wrong with the settings is MkDocs' to say, and so is what their tags mean.
    """
    try:
        node = yaml.compose(content(config.parent, config.name, MAX_BYTES), yaml.SafeLoader)
    except (FileNotFoundError, yaml.YAMLError, RecursionError):
        return None
    for name in names:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), None)
    return node
