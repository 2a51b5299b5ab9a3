"""New cities, years, reports and rulebooks: they pass the check, or lack nothing but values."""

import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from generator.commands import scaffold
from generator.commands.scaffold import write_city
from generator.commands.terminal import NewFiles, write_new
from generator.engine.problem import Message, Problem, Stop, Text
from generator.engine.year import Assessment, Period
from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from generator.reading.files import tree_below
from generator.reading.source import read
from generator.rulebook.books import Book
from generator.shape.schema import Files, files_of
from generator.year.examples import examples_of, run
from generator.year.load import Frame, check, frame
from tests.commands.test_blank import width, without_a_mark
from tests.conftest import ROOT
from tests.killing import killed

BOOK = "family-planning-petitions"
SCHEMA = f"submissions/{BOOK}/1.schema.json"
TEMPLATES = ROOT / "generator" / "templates" / "scaffold"
BASE = ROOT / "data" / "rulebooks" / BOOK / "1" / "examples" / "facts" / "base.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city as it is begun."""
    folder = tmp_path / "某某市 city"
    write_city(folder, scaffold.city(scaffold.UNNAMED, 2025))
    return folder


@pytest.fixture
def with_year(root: Path) -> Path:
    write_new(root, scaffold.year(2025, BOOK, 1))
    return root


def tree(root: Path) -> Files:
    return files_of(tree_below(root))


def framed(root: Path) -> Frame:
    found, problems = frame(tree(root))
    assert found
    assert not problems
    return found


def new_report(root: Path, township: str = "example", year: int = 2025) -> NewFiles:
    found = framed(root)
    years = {number: one.year.assessment for number, one in found.years.items()}
    known, assessment = scaffold.registered(found.city, years, township, year)
    book = found.books[assessment.rulebook, assessment.version]
    return scaffold.report(known, assessment, book)


def text(files: NewFiles, path: str) -> str:
    return files[path].decode()


def stopped(message: Message) -> str:
    return message.text.format_map(message.args)


# --- a city ---------------------------------------------------------------------------


def test_a_new_city_passes_the_check(root: Path) -> None:
    assert check(tree(root)) == []
    assert [township.id for township in framed(root).city.townships] == ["example"]
    assert not framed(root).city.demonstration


def test_a_city_has_the_rulebooks_schemas_and_styles_byte_for_byte(root: Path) -> None:
    for name in ("data/rulebooks", "schema", "docs/stylesheets", "docs/javascripts", "overrides"):
        files = [place for place in (ROOT / name).rglob("*") if place.is_file()]
        assert files
        for place in files:
            copy = root / place.relative_to(ROOT)
            assert copy.read_bytes() == place.read_bytes()


def test_the_site_has_the_citys_name_and_no_page_about_the_program() -> None:
    settings = text(scaffold.city(Text("松河市", "Songhe"), 2025), "mkdocs.yml")
    assert re.search("^site_name: 松河市", settings, re.MULTILINE)
    assert "示例市" not in settings
    assert "about:" not in settings
    assert ".md\n  # " not in settings
    assert "architecture.md\n" not in settings
    assert "  - 申报与异议: submit.md\n\nnot_in_nav" in settings


def test_the_english_site_is_begun_along_with_it() -> None:
    settings = text(scaffold.city(Text("松河市", "Songhe"), 2025), "mkdocs.en.yml")
    assert "site_name: Petition work assessment of Songhe\n" in settings
    assert "Shili" not in settings
    assert "demonstration" not in settings
    assert "about:" not in settings
    assert "  - Submit and object: submit.md\n\nnot_in_nav" in settings


@pytest.mark.parametrize("name", ["City: #1", "no", 'a"b', "松河：市", "[x]", "City:"])
def test_any_name_is_written_as_text(name: str) -> None:
    files = scaffold.city(Text(name, name), 2025)
    document, problems = read("data/townships.yaml", files["data/townships.yaml"])
    assert document, problems
    assert document.value["city"] == {"zh": name, "en": name}
    for config in ("mkdocs.yml", "mkdocs.en.yml"):
        settings = text(files, config).split("theme:", maxsplit=1)[0].replace("!ENV ", "")
        named, problems = read(config, settings.encode())
        assert named, problems
        assert name in named.value["site_name"]
        assert "演示" not in named.value["site_name"]


def test_what_is_generated_is_ignored_by_the_citys_git(root: Path) -> None:
    ignored = {
        line.strip("/") for line in (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    }
    assert {*(f"docs/{name}" for name in (*OWNED_FILES, *OWNED_FOLDERS)), "site"} <= ignored


def test_a_city_begins_beside_git_and_a_readme_and_leaves_them_alone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("ours", encoding="utf-8")
    write_city(tmp_path, scaffold.city(scaffold.UNNAMED, 2025))
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "ours"
    assert check(tree(tmp_path)) == []


def test_a_city_begins_in_no_folder_that_holds_something(root: Path) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(Stop) as stop:
        write_city(root, scaffold.city(scaffold.UNNAMED, 2025))
    assert "data" in stopped(stop.value.message)
    assert sorted(root.rglob("*")) == before


# --- a year ---------------------------------------------------------------------------


def test_a_new_year_passes_the_check(with_year: Path) -> None:
    assert check(tree(with_year)) == []
    found = framed(with_year).years[2025].year.assessment
    assert found == Assessment(
        2025, BOOK, 1, Period(date(2025, 1, 1), date(2025, 12, 31)), "open", {}, ()
    )


def test_a_years_dates_and_decisions_only_need_their_marks_taken_away(with_year: Path) -> None:
    place = with_year / "data/2025/assessment.yaml"
    lines = place.read_text(encoding="utf-8").split("\n")
    kept = [re.sub("^# (?=dates|decisions|  )", "", line) for line in lines]
    place.write_text("\n".join(kept), encoding="utf-8")
    assert framed(with_year).years[2025].year.assessment.dates["submit_by"] == "2026-01-10"
    assert len(framed(with_year).years[2025].year.assessment.decisions) == 1


@pytest.mark.parametrize(
    ("years", "books", "expected"),
    [
        ({}, [("b", 1), ("a", 1), ("a", 12), ("a", 9)], ("a", 12)),
        ({2023: ("b", 1), 2024: ("b", 2)}, [("a", 1), ("b", 3)], ("b", 2)),
        ({2027: ("b", 1)}, [("a", 1)], ("a", 1)),
    ],
)
def test_a_year_goes_on_with_the_rulebook_of_the_newest_before_it(
    years: Mapping[int, tuple[str, int]], books: list[tuple[str, int]], expected: tuple[str, int]
) -> None:
    path = "data/2025/assessment.yaml"
    document, _ = read(path, scaffold.year(2025, *scaffold.book_for(2025, years, books))[path])
    assert document
    assert (document.value["rulebook"], document.value["version"]) == expected


def test_a_year_may_be_given_another_rulebook() -> None:
    books, years = [("a", 1), ("b", 1), ("b", 2)], {2024: ("a", 1)}
    assert [scaffold.book_for(2025, years, books, name) for name in ("b", "b/1", None)] == [
        ("b", 2),
        ("b", 1),
        ("a", 1),
    ]
    with pytest.raises(Stop, match="no rulebook") as stop:
        scaffold.book_for(2025, years, books, "b/3")
    assert "b/2" in stopped(stop.value.message)


def test_a_year_that_is_there_stays_as_it_is(with_year: Path) -> None:
    with pytest.raises(Stop, match="is there already") as stop:
        write_new(with_year, scaffold.year(2025, BOOK, 1))
    assert "data/2025/assessment.yaml" in stopped(stop.value.message)


@pytest.mark.parametrize("number", [1999, 2101, 25])
def test_a_year_is_one_that_can_be_assessed(number: int) -> None:
    with pytest.raises(Stop, match="no year of an assessment"):
        scaffold.year(number, BOOK, 1)


def test_a_year_needs_a_rulebook() -> None:
    with pytest.raises(Stop, match="no sound rulebook"):
        scaffold.book_for(2025, {}, [])


# --- a report -------------------------------------------------------------------------


def required(book: Book) -> set[str]:
    """The addresses that a report must have and nobody but the township can give."""
    form = book.form
    return {
        ".".join(path)
        for path, one in form.fields.items()
        if one.required
        and one.records in (None, path)
        and one.type != "group"
        and path not in (("township",), ("year",))
    }


def test_a_new_report_lacks_nothing_but_values(with_year: Path) -> None:
    write_new(with_year, new_report(with_year))
    problems = check(tree(with_year))
    assert {problem.code for problem in problems} == {"unfilled"}
    found = {problem.location.address for problem in problems}
    assert found == required(framed(with_year).books[BOOK, 1])


def test_a_report_that_is_filled_in_passes(with_year: Path) -> None:
    (path, data) = next(iter(new_report(with_year).items()))
    document, _ = read("base.yaml", BASE.read_bytes())
    assert document
    filled = fill(data.decode(), document.value)
    write_new(with_year, {path: filled.encode()})
    assert check(tree(with_year)) == []


def fill(text: str, value: Mapping[str, object]) -> str:
    """Every empty value of a report written behind its colon, as a clerk would."""
    lines, inside = [], ""
    for line in text.split("\n"):
        if match := re.match(r"( *)([a-z_]+): *(#|$)", line):
            inside = inside if match[1] else match[2]
            around = value[inside] if match[1] else value
            given = around[match[2]] if isinstance(around, Mapping) else None
            if not isinstance(given, Mapping):
                note = line.partition("# ")[2]
                lines.append(f"{match[1]}{match[2]}: {flow(given)}  # {note}")
                continue
        lines.append(line)
    return "\n".join(lines)


def flow(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {flow(inner)}' for key, inner in value.items())}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_records_of_a_report_only_need_their_marks_taken_away(with_year: Path) -> None:
    (path, data) = next(iter(new_report(with_year).items()))
    head, _, body = data.decode().partition("township:")
    once = without_a_mark(f"township:{body}")
    document, problems = read(path, once.encode())
    assert document, problems
    (visit,) = document.value["visits"]
    assert list(visit) == ["id", "date", "level", "collective", "repeat"]
    write_new(with_year, {path: (head + without_a_mark(once)).encode()})
    assert {problem.code for problem in check(tree(with_year))} == {"unfilled"}


def test_a_report_fits_a_screen_and_names_every_fact(with_year: Path) -> None:
    (data,) = new_report(with_year).values()
    lines = data.decode().split("\n")
    assert all(width(line) <= 100 for line in lines)
    assert "示例镇" in lines[1]
    fields = framed(with_year).books[BOOK, 1].form.fields.values()
    names = re.findall(r"^[ #-]*([a-z_]+):(?: |$)", data.decode(), re.MULTILINE)
    assert sorted(names) == sorted(one.path[-1] for one in fields)
    assert all(one.label.zh in data.decode() for one in fields)


def test_a_township_is_found_by_its_name_too(with_year: Path) -> None:
    assert new_report(with_year, "示例镇") == new_report(with_year, "example")


@pytest.mark.parametrize(
    ("township", "year", "said"),
    [
        ("songhe", 2025, "not registered"),
        ("example", 2024, "no sound year 2024"),
        ("example", 2026, "not registered"),
    ],
)
def test_a_report_needs_its_year_and_a_registered_township(
    with_year: Path, township: str, year: int, said: str
) -> None:
    register = with_year / "data/townships.yaml"
    until = register.read_text(encoding="utf-8").replace("# until: 2030", "until: 2025")
    register.write_text(until, encoding="utf-8")
    write_new(with_year, scaffold.year(2026, BOOK, 1))
    with pytest.raises(Stop) as stop:
        new_report(with_year, township, year)
    assert said in stopped(stop.value.message)


# --- a rulebook -----------------------------------------------------------------------


def failing(root: Path, name: str, version: int) -> Iterator[Problem]:
    problems: list[Problem] = []
    book = framed(root).books[name, version]
    found = examples_of(tree(root), book, problems)
    assert not problems
    assert {example.clause for example in found} == {c.id for c in book.rulebook.clauses()}
    for example in found:
        yield from run(example, book.rulebook)


def test_a_new_rulebook_passes_its_check_and_its_examples(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    assert check(tree(root)) == []
    assert list(failing(root, "roads", 1)) == []


def test_a_year_can_be_assessed_by_a_new_rulebook(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    write_new(root, scaffold.year(2025, "roads", 1))
    write_new(root, new_report(root))
    found = {problem.location.address for problem in check(tree(root))}
    assert found == {"meetings", "errors"}


def test_the_next_version_is_a_draft_with_a_schema_of_its_own(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, BOOK))
    assert check(tree(root)) == []
    old, new = framed(root).books[BOOK, 1], framed(root).books[BOOK, 2]
    assert (new.rulebook.version, new.rulebook.status) == (2, "draft")
    assert new.rulebook.sections == old.rulebook.sections
    assert list(failing(root, BOOK, 2)) == []
    schema = root / f"schema/submissions/{BOOK}/2.schema.json"
    assert schema.read_bytes() == (root / "schema" / SCHEMA).read_bytes()
    text = (root / f"data/rulebooks/{BOOK}/2/rulebook.yaml").read_text(encoding="utf-8")
    assert f"submissions/{BOOK}/1.schema.json" not in text


def test_the_next_version_goes_on_from_the_newest(root: Path) -> None:
    for _ in range(11):
        write_new(root, scaffold.rulebook(root, "roads"))
    assert check(tree(root)) == []
    assert ("roads", 11) in framed(root).books


@pytest.mark.parametrize("damage", ["rulebook", "schema", "large schema", "gone"])
def test_nothing_goes_on_from_a_rulebook_that_is_not_sound(root: Path, damage: str) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    place = root / "data/rulebooks/roads/1/rulebook.yaml"
    if damage == "rulebook":
        place.write_text("id: [", encoding="utf-8")
    elif damage == "large schema":
        with (root / "schema/submissions/roads/1.schema.json").open("ab") as file:
            file.truncate(3 << 30)
    elif damage == "schema":
        (root / "schema/submissions/roads/1.schema.json").unlink()
    else:
        place.unlink()
    with pytest.raises(Stop, match="is not sound"):
        scaffold.rulebook(root, "roads")


@pytest.mark.parametrize("name", ["Work", "../x", "", "a_b", "考核", "1a"])
def test_a_rulebook_has_an_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stop, match="no id of a rulebook"):
        scaffold.rulebook(tmp_path, name)


# --- all of them ----------------------------------------------------------------------


def test_every_file_names_a_schema_that_is_there(with_year: Path) -> None:
    write_new(with_year, new_report(with_year))
    write_new(with_year, scaffold.rulebook(with_year, "roads"))
    write_new(with_year, scaffold.rulebook(with_year, "roads"))
    places = list((with_year / "data").rglob("*.yaml"))
    assert len(places) > 30
    for place in places:
        first = place.read_text(encoding="utf-8").split("\n", maxsplit=1)[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, place
        assert (place.parent / named[1]).is_file(), place


@pytest.mark.parametrize(
    "path", [p for p in sorted(TEMPLATES.rglob("*")) if p.is_file()], ids=lambda path: path.name
)
def test_templates_are_punctuated_as_chinese(path: Path) -> None:
    han = r"[\u4e00-\u9fff]"
    assert not re.findall(f"{han}[,:;()?!]{han}|{han} {han}", path.read_text(encoding="utf-8"))


def test_nothing_is_written_over_anything_nor_half(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2").write_bytes(b"old")
    with pytest.raises(Stop, match="is there already"):
        write_new(tmp_path, {"a/1": b"new", "b/2": b"new"})
    assert not (tmp_path / "a").exists()
    (tmp_path / "b" / "3").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Stop, match="is there already"):
        write_new(tmp_path, {"b/3": b"new"})
    with pytest.raises(OSError, match="b"):
        write_new(tmp_path, {"a/x/1": b"new", "b/1": b"new", "b/2/3": b"new"})
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == [
        "b",
        "b/2",
        "b/3",
    ]
    assert (tmp_path / "b" / "2").read_bytes() == b"old"


def test_new_paths_are_written_with_slashes_and_lf(root: Path) -> None:
    for path, data in scaffold.rulebook(root, "work").items():
        assert PurePosixPath(path).as_posix() == path
        assert b"\r" not in data


# --- whenever it is ended -------------------------------------------------------------


def everything(root: Path) -> dict[str, bytes]:
    return {
        place.relative_to(root).as_posix(): place.read_bytes()
        for place in root.rglob("*")
        if place.is_file()
    }


CITY: NewFiles = {
    "data/townships.yaml": b"1",
    "data/rulebooks/a/1/rulebook.yaml": b"2",
    "schema/x.json": b"3",
    "mkdocs.yml": b"4",
    ".gitignore": b"5",
    "README.md": b"6",
}


@pytest.mark.parametrize("there", [False, True], ids=["new folder", "beside git and a readme"])
def test_a_city_whose_beginning_was_killed_is_completed(tmp_path: Path, there: bool) -> None:
    folder, moments = tmp_path / "a" / "city", 0
    own = {".git/config": b"git", "README.md": b"ours"} if there else {}
    complete = {**CITY, **own}

    def begin() -> None:
        write_city(folder, CITY)

    def anew() -> None:
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        for path, data in own.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)

    anew()
    for _ in killed(begin):
        moments += 1
        half = {p: d for p, d in everything(folder).items() if ".kaohe-" not in p}
        assert half.items() <= complete.items(), "nothing is half"
        if half == complete:
            with pytest.raises(Stop, match="there are already"):
                begin()
        else:
            begin()
        assert everything(folder) == complete
        assert not list(tmp_path.rglob(".kaohe*"))
        anew()
    assert moments > 10
    assert everything(folder) == complete


@pytest.mark.parametrize("versions", [0, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_rulebook_whose_beginning_was_killed_is_begun_again(
    tmp_path: Path, versions: int
) -> None:
    for folder in ("data/rulebooks", "schema/submissions"):
        (tmp_path / folder).mkdir(parents=True)
    for _ in range(versions):
        write_new(tmp_path, scaffold.rulebook(tmp_path, "roads"))
    before, new = everything(tmp_path), scaffold.rulebook(tmp_path, "roads")
    inside = f"data/rulebooks/roads/{versions + 1}"
    for _ in killed(lambda: write_new(tmp_path, new)):
        if not (tmp_path / inside).exists():
            write_new(tmp_path, scaffold.rulebook(tmp_path, "roads"))
        with pytest.raises(Stop, match="there already"):
            write_new(tmp_path, new)
        assert everything(tmp_path) == {**before, **new}
        for path in new:
            (tmp_path / path).unlink()
        shutil.rmtree(tmp_path / inside)
        if not versions:
            shutil.rmtree(tmp_path / "data/rulebooks/roads")
            shutil.rmtree(tmp_path / "schema/submissions/roads")


@pytest.mark.parametrize("link", ["data", "data/2025", "data/2025/townships"])
def test_nothing_new_is_written_through_a_link(tmp_path: Path, link: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside)
    with pytest.raises(Stop, match="file or folder itself"):
        write_new(root, {"data/2025/townships/a.yaml": b"x", "b": b"y"})
    assert list(outside.iterdir()) == []
    assert not (root / "b").exists()
