"""New files for people to go on with: a city, a year, a township's report, a rulebook.

Owns what each of them starts with and where it stands, and the commands init and new. A report has
every key of its form and no value. The wording stands in templates/scaffold/.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from string import Template
from typing import Any
from unicodedata import east_asian_width

import click

from generator.commands.terminal import (
    NewFiles,
    Run,
    command,
    files_in,
    loaded_frame,
    no_such,
    sound_years,
    stands,
    township_of,
    write_new,
)
from generator.engine.problem import Message, Stop, Text
from generator.engine.problem import Path as FactPath
from generator.engine.year import Assessment, City, Township
from generator.pages.layout import CHINESE, ENGLISH
from generator.reading.disk import EntryKind, clear, content, entries, kind
from generator.reading.files import DATA, SCHEMA, Kind, tree_below
from generator.reading.slips import MAX_BYTES, meant, nearest
from generator.reading.source import read
from generator.rulebook.books import Book
from generator.shape.form import SUBMITTED, Field, FieldType, Form
from generator.shape.schema import Files, resource, shape, submission_schema
from generator.year.load import Frame

NOTE = "  ## "
"""Stands between a line and its comment until `aligned` has set all comments in one column."""

_WIDEST = 100
_MARKS = re.compile(r"(?: *#)*")
_CLAUSES = re.compile(r"[^：，；、]*(?:[：，；、]|$)")
_EXAMPLES = {
    FieldType.DATE: ("{year}-05-02", "{year}-06-05"),
    FieldType.DATE_MINUTE: ("{year}-05-02T09:00", "{year}-06-05T14:30"),
    FieldType.MONTH: ("{year}-05", "{year}-06"),
    FieldType.QUARTER: ("{year}-Q1", "{year}-Q2"),
}
_KINDS = {
    FieldType.BOOLEAN: "：true 是，false 否",
    FieldType.INTEGER: "，整数",
    FieldType.NUMBER: "，数字",
}
_MANY = frozenset((FieldType.GROUP, FieldType.RECORDS))


def blank(form: Form, schema: Mapping[str, Any], given: Mapping[str, object], year: int) -> str:
    """Every key of the form with its comment and no value but those `given` at the top.

    A list of records shows one record, commented out; in it, and everywhere, what may be left
    out is commented out once more. `schema` is the form's file, asked for its examples.
    """
    return "\n".join(_Blank(form, schema, year).top(given))


class _Blank:
    """One form written down; every method gives lines without the indentation around them."""

    def __init__(self, form: Form, schema: Mapping[str, Any], year: int) -> None:
        self.form = form
        self.schema = schema
        self.year = year

    def top(self, given: Mapping[str, object]) -> Iterator[str]:
        """All lines, with an empty field around each group and list of records."""
        above: Field | None = None
        for field in self.form.below(()):
            if above is not None and (above.type in _MANY or field.type in _MANY):
                yield ""
            above = field
            if (value := given.get(field.path[-1])) is not None:
                yield f"{field.path[-1]}: {value}{NOTE}{one_line(field.label.zh)}"
            else:
                yield from self.key(field, hidden=False)

    def key(self, field: Field, *, hidden: bool) -> Iterator[str]:
        """A key and what stands below it; `hidden`: inside something that may be left out."""
        mark = "" if field.required or hidden else "# "
        below = hidden or not field.required
        yield f"{mark}{field.path[-1]}:{NOTE}{self.note(field)}"
        if field.type is FieldType.RECORDS:
            shown = "" if below or field.records is not None else "# "
            for number, line in enumerate(self.keys(field.path, hidden=below)):
                yield f"{mark}  {shown}{'  ' if number else '- '}{line}"
        elif field.type is FieldType.GROUP:
            for line in self.keys(field.path, hidden=below):
                yield f"{mark}  {line}"

    def keys(self, path: FactPath, *, hidden: bool) -> Iterator[str]:
        for field in self.form.below(path):
            yield from self.key(field, hidden=hidden)

    # --- comments -----------------------------------------------------------------

    def note(self, field: Field) -> str:
        """What the value is, what it looks like, and when there is none."""
        if field.path == (SUBMITTED,):
            example = _EXAMPLES[FieldType.DATE][0].format(year=self.year + 1)
            return one_line(f"{field.label.zh}：填完报送时去掉行首的#，写上这一天，例如 {example}")
        parts = [field.label.zh, self.shape(field)]
        for name, how in ((field.at_most, "不多于"), (field.not_before, "不早于")):
            if name and (bound := self.form.at((*field.path[:-1], name))):
                parts.append(f"，{how}{bound.label.zh}")
        if field.type in (FieldType.VALUES, FieldType.RECORDS) and field.required:
            parts.append("；没有写 []")
        if not field.required:
            parts.append("；没有就不写")
        return one_line("".join(parts))

    def shape(self, field: Field) -> str:
        if field.type is FieldType.RECORDS:
            return f"，每{field.unit.zh if field.unit and field.unit.zh else '项'}一条"
        if field.values:
            named = "，".join(f"{value} {text.zh}" for value, text in field.values.items())
            values = ", ".join(list(field.values)[:2])
            return f"，例如 [{values}]：{named}" if field.entry else f"：{named}"
        return self.example(field) or _KINDS.get(field.type, "")

    def example(self, field: Field) -> str:
        """What a dated text or a text looks like; numbers and truth values need no example."""
        if (dated := field.dated) is not None:
            shown = [example.format(year=self.year) for example in _EXAMPLES[dated]]
        elif field.type is FieldType.TEXT:
            shown = [str(example) for example in _examples(self.schema, field.path)[:1]]
        else:
            shown = []
        if not shown:
            return ""
        return f"，例如 [{', '.join(shown)}]" if field.entry else f"，例如 {shown[0]}"


def _examples(schema: Mapping[str, Any], path: FactPath) -> Sequence[object]:
    """What the schema of a form, known to be field, gives as examples of the fact at a path."""
    node = schema
    for name in path:
        node = _resolved(schema, node.get("items", node))["properties"][name]
        node = _resolved(schema, node)
    examples: Sequence[object] = node.get("examples", ())
    return examples


def _resolved(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = schema
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


# --- comments in a column -------------------------------------------------------------


def one_line(text: str) -> str:
    """A text fit for a comment, whatever a schema calls its facts."""
    return " ".join(text.split())


def aligned(text: str) -> str:
    """The text with what follows each `NOTE` as comments in one column, long ones wrapped."""
    rows = [line.partition(NOTE) for line in text.split("\n")]
    column = max((_width(left) for left, note, _ in rows if note), default=0) + 2
    return "\n".join(
        line for left, _, note in rows for line in (_beside(left, note, column) if note else [left])
    )


def _beside(left: str, note: str, column: int) -> Iterator[str]:
    """One line with its comment, and lines below it for what does not fit."""
    rows, room = [""], _WIDEST - column - 2
    for clause in _CLAUSES.findall(note):
        if rows[-1] and _width(rows[-1] + clause) > room:
            rows.append("")
        rows[-1] += clause
    for row in rows:
        yield f"{left}{' ' * (column - _width(left))}# {row}"
        left = _MARKS.findall(left)[0]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


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
    return _Filling((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(values)


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
    if foreign := [name for name in rest if complete or not _of_the_city(root, name, new)]:
        message = Message(
            "A city begins in a new or empty folder; in {path} there are already: {names}",
            {"path": str(root), "names": tuple(foreign[:5])},
        )
        raise Stop(message)
    write_new(root, new)


def _of_the_city(root: Path, name: str, files: NewFiles) -> bool:
    """Whether a file or folder holds nothing but what a new city has there."""
    holds = [path for path, what in entries(root, name) if what is not EntryKind.FOLDER]
    return all(path in files and stands(root, path, files[path]) for path in holds)


# --- a year and its reports -----------------------------------------------------------


def year(number: int, book: str, version: int) -> NewFiles:
    """A year's assessment.yaml, which names its rulebook by id and version."""
    if number not in _YEARS:
        message = Message(
            "{year} is no year of an assessment; it lies from {first} to {last}.",
            {"year": number, "first": _YEARS[0], "last": _YEARS[-1]},
        )
        raise Stop(message)
    values = {"rulebook": _scalar(book), "version": version, "next": number + 1}
    text = _filled("assessment.yaml", year=number, **values)
    return {f"data/{number}/assessment.yaml": aligned(text).encode()}


def book_for(
    number: int,
    years: Mapping[int, tuple[str, int]],
    books: Iterable[tuple[str, int]],
    wanted: str | None = None,
) -> tuple[str, int]:
    """The rulebook of a new year: the one wanted, by id or id/version.

    Else what the newest year before it had by `years`, else the newest version of the first by id.
    """
    known = sorted(books, key=lambda book: (book[0], -book[1]))
    if not known:
        raise Stop(Message("There is no sound rulebook; begin one with «kaohe rules new»."))
    if wanted is not None:
        for name, version in known:
            if wanted in (name, f"{name}/{version}"):
                return name, version
        message = Message("There is no rulebook «{name}»; there are: {known}")
        raise no_such(message, "name", wanted, [f"{name}/{version}" for name, version in known])
    earlier = [year for year in years if year < number]
    return years[max(earlier)] if earlier else known[0]


def sound_year(years: Mapping[int, Assessment], year: int) -> Assessment:
    """The year of that number, which must be there."""
    if year in years:
        return years[year]
    message = Message(
        "There is no sound year {year}; begin it with «kaohe new --year {year}», or mend it.",
        {"year": year},
    )
    raise Stop(meant(message, nearest(str(year), map(str, years))))


def registered(
    run: Run, city: City, years: Mapping[int, Assessment], township: str, year: int
) -> tuple[Township, Assessment]:
    """The township, by its id or its name, and the year; both must be there."""
    sound_year(years, year)
    known = [entry for entry in city.townships if entry.assessed_in(year)]
    message = Message(
        "«{township}» is not registered in data/townships.yaml for {year}; there are: {known}",
        {"year": year},
    )
    return township_of(run, township, known, message), years[year]


def report(township: Township, assessment: Assessment, book: Book) -> NewFiles:
    """A township's report with every key of the rulebook's form and no value."""
    given = {"township": _scalar(township.id), "year": assessment.year}
    text = _filled(
        "report.yaml",
        schema=book.schema,
        title=one_line(book.form.title.zh),
        township=township.name.zh,
        year=assessment.year,
        start=assessment.period.start,
        end=assessment.period.end,
        body=blank(book.form, book.shape.schema, given, assessment.year),
    )
    return {f"data/{assessment.year}/townships/{township.id}.yaml": aligned(text).encode()}


# --- what the office and the townships write about a report ---------------------------


def paper(template: str, path: str, assessment: Assessment, book: Book, **more: object) -> NewFiles:
    """A file about a year, from its template: every key explained, and the facts by their names."""
    clauses = [clause.id for section in book.rulebook.sections for clause in section.clauses]
    number = assessment.year
    values = {"year": number, "next": number + 1, "clause": clauses[0] if clauses else "1.1"}
    facts = [f for f in book.form.fields.values() if f.type is not FieldType.GROUP]
    changeable = [f for f in facts if f.path[0] not in ("township", "year", SUBMITTED)]
    listed = "\n".join(f"#   {one_line(f.label.zh)}  {'.'.join(f.path)}" for f in changeable)
    first = ".".join(changeable[0].path) if changeable else "receptions"
    text = _filled(template, **values, fact=first, facts=listed, **more)
    return {path: aligned(text).encode()}


def _about_unit(kind: str, unit: Township, year: Assessment, book: Book, files: Files) -> NewFiles:
    """The inspection of a township, or its next objection."""
    about = {"township": unit.id, "name": unit.name.zh}
    folder = f"{DATA}/{year.year}"
    if kind == "inspection":
        return paper("inspection.yaml", f"{folder}/inspections/{unit.id}.yaml", year, book, **about)
    known = {file.id for file in files.of(Kind.OBJECTION, year=year.year)}
    number = next(n for n in count(1) if f"{unit.id}-{n:02}" not in known)
    path = f"{folder}/objections/{unit.id}-{number:02}.yaml"
    return paper("objection.yaml", path, year, book, **about)


def _correction(year: Assessment, book: Book, files: Files) -> NewFiles:
    """The year's next correction."""
    known = {file.id for file in files.of(Kind.CORRECTION, year=year.year)}
    number = next(f"{n:02}" for n in count(1) if f"{n:02}" not in known)
    path = f"{DATA}/{year.year}/corrections/{number}.yaml"
    return paper("correction.yaml", path, year, book, number=number)


def _decision(year: Assessment, book: Book, city: City) -> str:
    """What is written into the year about a tie; its file is the office's already."""
    lines = "\uff0c".join(f"{line.id} {line.label.zh}" for line in book.rulebook.lines)
    units = [unit.id for unit in city.townships if unit.assessed_in(year.year)]
    values = {"line": book.rulebook.lines[0].id if book.rulebook.lines else "criticism"}
    text = _filled(
        "decision.yaml",
        year=year.year,
        next=year.year + 1,
        lines=lines,
        units=units[0] if units else "example",
        **values,
    )
    return aligned(text).rstrip("\n")


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
    if versions:
        return _next_version(root, name, max(versions))
    parts = ("rulebook.yaml", "examples/1.1.yaml", "examples/1.2.yaml", "examples/facts/base.yaml")
    schema = _filled("rulebook/submission.schema.json").encode()
    return {
        # First: a run that is killed after it has begun no version yet.
        f"{SCHEMA}/submissions/{name}/1.schema.json": schema,
        **{f"{folder}/1/{path}": _filled(f"rulebook/{path}", id=name).encode() for path in parts},
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
    # Nobody has put the new version in force yet.
    text = copies[f"{new}/rulebook.yaml"]
    text = re.sub(rb"(?m)^version:[ ]*\d+", b"version: %d" % (newest + 1), text, count=1)
    text = re.sub(rb"(?m)^status:[ ]*\w+", b"status: draft", text, count=1)
    return {f"{SCHEMA}/{renamed}": schema, **copies, f"{new}/rulebook.yaml": text}


def _schema_of(root: Path, path: str) -> tuple[str, bytes]:
    """The submission schema that a rulebook names: its name and its content."""
    there = kind(root, path) is EntryKind.FILE
    book = read(path, content(root, path, MAX_BYTES))[0] if there else None
    if book is not None and shape("rulebook").is_valid(book.value):
        name: str = book.value["submission_schema"]
        schema = submission_schema(tree_below(root), name)
        if schema is not None and len(schema) <= MAX_BYTES:
            return name, schema
    message = Message(
        "{path} is not sound, so nothing can go on from it; mend it first, see «kaohe check».",
        {"path": path},
    )
    raise Stop(message)


# --- commands -------------------------------------------------------------------------


@command("kaohe init shili")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--city", "name", help="The city's name, in Chinese.")
def init_command(run: Run, folder: Path, name: str | None) -> None:
    # The command line may look at the calendar; nothing that it calls does.
    named = Text(name, name) if name else UNNAMED
    write_city(folder, city(named, date.today().year))  # noqa: DTZ011 - the user's own day
    run.note("A city begins in {path}; README.md there says how to go on.", path=str(folder))


_KINDS_OF_PAPER = ("inspection", "objection", "correction", "decision")

_USAGE = Message(
    "Write «kaohe new --year YEAR» for a year, «kaohe new TOWNSHIP YEAR» for a report, «kaohe new "
    "--all YEAR» for everybody's; «kaohe new inspection|objection TOWNSHIP YEAR» or «kaohe new "
    "correction|decision YEAR» for what is written about them."
)


@command("kaohe new --year 2026; kaohe new songhe 2026; kaohe new inspection songhe 2026")
@click.argument("what", nargs=-1)
@click.option("--year", "new_year", type=int, help="Start this year.")
@click.option("--all", "every", type=int, metavar="YEAR", help="Every report not begun yet.")
@click.option("--rulebook", "wanted", help="The new year's regulation: its id, or id/version.")
def new_command(
    run: Run, what: tuple[str, ...], new_year: int | None, every: int | None, wanted: str | None
) -> None:
    about, rest = (what[0], what[1:]) if what[:1] and what[0] in _KINDS_OF_PAPER else ("", what)
    number = next((int(word) for word in rest[-1:] if word.isascii() and word.isdigit()), every)
    asked = len(rest) == (1 if about in ("correction", "decision") else 2) and number is not None
    if (new_year is not None) + (every is not None) + bool(what) != 1 or (what and not asked):
        near = nearest(what[0], _KINDS_OF_PAPER) if len(what) > len(("unit", "year")) else None
        raise Stop(meant(_USAGE, near))
    files = files_in(run)
    frame = loaded_frame(run, files)
    years = sound_years(run, files, frame, number)
    if new_year is not None:
        used = {known: (own.rulebook, own.version) for known, own in years.items()}
        name, version = book_for(new_year, used, frame.books, wanted)
        written = year(new_year, name, version)
        run.note("The year uses «{id}», version {version}.", id=name, version=version)
    elif about == "decision":  # the year's file is there already, and the office's own
        assessment = sound_year(years, number or 0)
        book = frame.books[assessment.rulebook, assessment.version]
        run.out(_decision(assessment, book, frame.city))
        return
    else:
        written = _begun(run, files, frame, years, about, rest[0] if rest else "", number or 0)
    write_new(run.root, written)
    run.wrote(*written)


def _begun(
    run: Run,
    files: Files,
    frame: Frame,
    years: Mapping[int, Assessment],
    about: str,
    unit: str,
    number: int,
) -> NewFiles:
    """The files that are to be begun in a year."""
    if about == "correction" or not unit:
        assessment = sound_year(years, number)
        book = frame.books[assessment.rulebook, assessment.version]
        if about == "correction":
            return _correction(assessment, book, files)
        there = {file.id for file in files.of(Kind.REPORT, year=number)}
        units = [u for u in frame.city.townships if u.assessed_in(number) and u.id not in there]
        if not units:
            raise Stop(Message("Every report of {year} has been begun.", {"year": number}))
        return {path: data for u in units for path, data in report(u, assessment, book).items()}
    township, assessment = registered(run, frame.city, years, unit, number)
    book = frame.books[assessment.rulebook, assessment.version]
    if about:
        return _about_unit(about, township, assessment, book, files)
    return report(township, assessment, book)
