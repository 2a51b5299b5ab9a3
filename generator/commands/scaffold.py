"""New files for people to go on with: a city, a year, a township's report, a rulebook.

Owns what each of them starts with and where it stands. All but `write_new` and `write_city`
only give paths and contents; these two write, all or nothing, and never over anything. The
wording stands in templates/scaffold/. Must not know the clock or judge what is there.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from string import Template
from typing import Any, TypeAlias

from generator.commands.blank import aligned, blank, one_line
from generator.engine.model import Assessment, City, Township
from generator.engine.problem import Message, Stop, Text
from generator.pages.editions import CHINESE, ENGLISH
from generator.reading.disk import EntryKind, content, entries, kind, same
from generator.reading.files import DATA, SCHEMA, Folder
from generator.reading.lint import MAX_BYTES
from generator.reading.source import read
from generator.reading.whole import clear, create
from generator.shape.form import Form
from generator.shape.resources import resource
from generator.shape.schema import shape, submission_schema

NewFiles: TypeAlias = Mapping[str, bytes]
"""Contents by path from the root, parts joined by `/`."""

UNNAMED = Text("某某市", "City")
"""A city whose name nobody has given yet."""

_TEMPLATES = Path(__file__).parent.parent / "templates" / "scaffold"
_SAMPLE = {
    CHINESE.config: ("示例市", "（演示数据）"),
    ENGLISH.config: ("Shili City", " (demonstration data)"),
}
_ABOUT = re.compile(r"^ *# about: begin.*?# about: end\.?[^\n]*\n", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"^(site_name|site_description): (.*)$", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff]+(?:[ -]?[A-Za-z0-9\u4e00-\u9fff]+)*")
_NOT_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_BOOK_ID = re.compile(r"[a-z][a-z0-9-]{0,79}", re.ASCII)
_VERSION = re.compile(r"[1-9][0-9]*", re.ASCII)
_YEARS = range(2000, 2101)
_MAY_BE_THERE = re.compile(r"\.git|readme(\..*)?|license(\..*)?", re.IGNORECASE)


class _Filling(Template):
    """`@{name}` is filled in; `$schema`, and the braces of YAML and JSON, stay as they are."""

    delimiter = "@"


def _filled(template: str, **values: object) -> str:
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return _Filling(text).substitute(values)


def _scalar(text: str) -> str:
    """A text as YAML: quoted unless it can be nothing but a text."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)


# --- a city ---------------------------------------------------------------------------


def city(name: Text, year: int) -> NewFiles:
    """A city's folder: a register with one township to replace, and what every city needs."""
    values = {"zh": _scalar(name.zh), "en": _scalar(name.en), "year": year, "until": year + 5}
    return {
        "data/townships.yaml": aligned(_filled("townships.yaml", **values)).encode(),
        **_copied("data", "rulebooks"),
        **_copied("data", "holidays"),
        **_copied("schema"),
        **_copied("docs", "stylesheets"),
        **_copied("docs", "javascripts"),
        **_copied("overrides"),
        CHINESE.config: _site(CHINESE.config, name.zh).encode(),
        ENGLISH.config: _site(ENGLISH.config, name.en).encode(),
        "README.md": _filled("README.md", name=name.zh, year=year).encode(),
        ".gitattributes": _filled("gitattributes").encode(),
        ".gitignore": _filled("gitignore").encode(),
    }


def _copied(*parts: str) -> dict[str, bytes]:
    """A folder that comes with the program, file by file."""
    top = resource(*parts)
    return {
        "/".join((*parts, *place.relative_to(top).parts)): place.read_bytes()
        for place in sorted(top.rglob("*"))
        if place.is_file()
    }


def _site(config: str, city: str) -> str:
    """The site's settings under the city's name, without the pages about the program itself."""
    text = resource(config).read_text(encoding="utf-8")
    sample, fictional = _SAMPLE[config]

    def named(line: re.Match[str]) -> str:
        value = line[2].strip('"').replace(fictional, "").replace(sample, city)
        return f"{line[1]}: {_scalar(value)}"

    return _NAMED.sub(named, _ABOUT.sub("", text))


def write_city(root: Path, files: NewFiles) -> None:
    """A city into a new folder, or one that holds nothing but .git, a readme and a licence.

    One that was begun by a run that was killed is completed.
    """
    clear(root, "")
    for above in root.absolute().parents:
        clear(above, "")
    there = sorted(place.name for place in root.iterdir()) if root.is_dir() else []
    rest = [name for name in there if not _MAY_BE_THERE.fullmatch(name)]
    new = {path: data for path, data in files.items() if path not in there or path in rest}
    complete = all(kind(root, path) for path in new)
    foreign = tuple(name for name in rest if complete or not _of_the_city(root, name, new))
    if foreign:
        message = Message(
            "A city begins in a new or empty folder; in {path} there are already: {names}",
            {"path": str(root), "names": foreign[:5]},
        )
        raise Stop(message)
    write_new(root, new)


def _of_the_city(root: Path, name: str, files: NewFiles) -> bool:
    """Whether a file or folder holds nothing but what a new city has there."""
    holds = [path for path, what in entries(root, name) if what is not EntryKind.FOLDER]
    return all(path in files and _begun(root, path, files[path]) for path in holds)


# --- a year and its reports -----------------------------------------------------------


def year(
    number: int,
    years: Mapping[int, tuple[str, int]],
    books: Iterable[tuple[str, int]],
    wanted: str | None = None,
) -> NewFiles:
    """A year's assessment.yaml; `years` names each known year's rulebook and version.

    Its rulebook is the one `wanted`, by id or id/version, or what `book_for` chooses.
    """
    if number not in _YEARS:
        message = Message(
            "{year} is no year of an assessment; it lies from {first} to {last}.",
            {"year": number, "first": _YEARS[0], "last": _YEARS[-1]},
        )
        raise Stop(message)
    book, version = book_for(number, years, books, wanted)
    values = {"rulebook": _scalar(book), "version": version, "next": number + 1}
    text = _filled("assessment.yaml", year=number, **values)
    return {f"data/{number}/assessment.yaml": aligned(text).encode()}


def book_for(
    number: int,
    years: Mapping[int, tuple[str, int]],
    books: Iterable[tuple[str, int]],
    wanted: str | None = None,
) -> tuple[str, int]:
    """The rulebook of a new year: the one wanted, or what the newest year before it had.

    Else the newest version of the first rulebook by id.
    """
    known = sorted(books, key=lambda book: (book[0], -book[1]))
    if not known:
        raise Stop(Message("There is no sound rulebook; begin one with «kaohe rules new»."))
    if wanted is not None:
        found = [book for book in known if wanted in (book[0], f"{book[0]}/{book[1]}")]
        if not found:
            args = {"name": wanted, "known": tuple(f"{name}/{version}" for name, version in known)}
            raise Stop(Message("There is no rulebook «{name}»; there are: {known}", args))
        return found[0]
    earlier = [year for year in years if year < number]
    return years[max(earlier)] if earlier else known[0]


def registered(
    city: City, years: Mapping[int, Assessment], township: str, year: int
) -> tuple[Township, Assessment]:
    """The township, by its id or its name, and the year; both must be there."""
    if year not in years:
        message = Message(
            "There is no sound year {year}; begin it with «kaohe new --year {year}», or mend it.",
            {"year": year},
        )
        raise Stop(message)
    for known in city.townships:
        if township in (known.id, known.name.zh, known.name.en) and known.assessed_in(year):
            return known, years[year]
    message = Message(
        "«{township}» is not registered in data/townships.yaml for {year}; there are: {known}",
        {
            "township": township,
            "year": year,
            "known": tuple(one.id for one in city.townships if one.assessed_in(year)) or ("-",),
        },
    )
    raise Stop(message)


def report(
    township: Township,
    assessment: Assessment,
    form: Form,
    schema: Mapping[str, Any],
    schema_name: str,
) -> NewFiles:
    """A township's report with every key of the form and no value.

    `schema` is the form's file as plain data, `schema_name` its path below schema/.
    """
    given = {"township": _scalar(township.id), "year": assessment.year}
    text = _filled(
        "report.yaml",
        schema=schema_name,
        title=one_line(form.title.zh),
        township=township.name.zh,
        year=assessment.year,
        start=assessment.period.start,
        end=assessment.period.end,
        body=blank(form, schema, given, assessment.year),
    )
    return {f"data/{assessment.year}/townships/{township.id}.yaml": aligned(text).encode()}


# --- a rulebook -----------------------------------------------------------------------


def rulebook(root: Path, name: str) -> NewFiles:
    """A small rulebook to start from; of one that `root` has already, its next version.

    The next version is a draft, the same as the newest in all else, with a schema of its own.
    """
    if not _BOOK_ID.fullmatch(name):
        message = Message(
            "«{id}» is no id of a rulebook; write small letters, digits and hyphens, "
            "a letter first.",
            {"id": name},
        )
        raise Stop(message)
    folder = f"{DATA}/rulebooks/{name}"
    inside = {path.removeprefix(f"{folder}/").split("/")[0] for path, _ in entries(root, folder)}
    versions = [int(number) for number in inside if _VERSION.fullmatch(number)]
    return _next_version(root, name, max(versions)) if versions else _sample(name)


def _sample(name: str) -> NewFiles:
    book = f"data/rulebooks/{name}/1"
    inside = ("rulebook.yaml", "examples/1.1.yaml", "examples/1.2.yaml", "examples/facts/base.yaml")
    schema = _filled("rulebook/submission.schema.json").encode()
    return {
        # First: a run that is killed after it has begun no version yet.
        f"{SCHEMA}/submissions/{name}/1.schema.json": schema,
        **{f"{book}/{path}": _filled(f"rulebook/{path}", id=name).encode() for path in inside},
    }


def _next_version(root: Path, name: str, newest: int) -> NewFiles:
    old, new = (f"data/rulebooks/{name}/{version}" for version in (newest, newest + 1))
    named, schema = _schema_of(root, f"{old}/rulebook.yaml")
    renamed = f"submissions/{name}/{newest + 1}.schema.json"
    files = sorted(path for path, what in entries(root, old) if what is EntryKind.FILE)
    copies = {
        f"{new}{path.removeprefix(old)}": content(root, path, MAX_BYTES).replace(
            named.encode(), renamed.encode()
        )
        for path in files
    }
    copies[f"{new}/rulebook.yaml"] = _as_draft(copies[f"{new}/rulebook.yaml"], newest + 1)
    return {f"{SCHEMA}/{renamed}": schema, **copies}


def _schema_of(root: Path, path: str) -> tuple[str, bytes]:
    """The submission schema that a rulebook names: its name and its content."""
    there = kind(root, path) is EntryKind.FILE
    book = read(path, content(root, path, MAX_BYTES))[0] if there else None
    if book is not None and shape("rulebook").is_valid(book.value):
        name: str = book.value["submission_schema"]
        schema = submission_schema(Folder(root), name)
        if schema is not None and len(schema) <= MAX_BYTES:
            return name, schema
    message = Message(
        "{path} is not sound, so nothing can go on from it; mend it first, see «kaohe check».",
        {"path": path},
    )
    raise Stop(message)


def _as_draft(rulebook: bytes, version: int) -> bytes:
    """The file with another version; nobody has put it in force yet."""
    text = re.sub(rb"(?m)^version:[ ]*\d+", b"version: %d" % version, rulebook, count=1)
    return re.sub(rb"(?m)^status:[ ]*\w+", b"status: draft", text, count=1)


# --- writing --------------------------------------------------------------------------


def write_new(root: Path, files: NewFiles) -> None:
    """All the files, or none where one of them is there already or cannot be written.

    Those that are there as they shall be were written by a run that was killed: it is completed.
    """
    clear(root, *{above.as_posix() for path in files for above in PurePosixPath(path).parents})
    there = [path for path in sorted(files) if kind(root, path) is not None]
    foreign = [path for path in there if not _begun(root, path, files[path])]
    if foreign or len(there) == len(files):
        message = Message(
            "{path} is there already and stays as it is.", {"path": [*foreign, *there][0]}
        )
        raise Stop(message)
    create(root, {path: data for path, data in files.items() if path not in there})


def _begun(root: Path, path: str, data: bytes) -> bool:
    """Whether a file stands there that says just what it shall."""
    return kind(root, path) is EntryKind.FILE and same(root, path, (data,))
