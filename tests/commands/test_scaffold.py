"""New cities, years, reports and rulebooks: they pass the check, or lack nothing but values."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import east_asian_width

import pytest

from generator.commands import scaffold
from generator.commands.scaffold import NOTE, aligned, blank, write_city
from generator.commands.terminal import NewFiles, Run, write_new
from generator.engine.problem import Message, Problem, Stop, Text
from generator.engine.year import Assessment, Period
from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from generator.reading.source import Document
from generator.rulebook.books import Book
from generator.shape import form as forms
from generator.shape.form import form
from generator.shape.schema import validate
from generator.words.messages import catalogue
from generator.year.examples import examples_of, run
from generator.year.load import Frame, check, frame
from tests.cases import ROOT, VALID, bytes_below, document, files_below, laid_out
from tests.killing import killed
from tests.repositories import put
from tests.running import kaohe

BOOK = "family-planning-petitions"
SCHEMA = f"submissions/{BOOK}/1.schema.json"
RUN = Run(None, "text", catalogue("zh"), quiet=True, verbose=False, color=None)
BASE = ROOT / "data" / "rulebooks" / BOOK / "1" / "examples" / "facts" / "base.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "某某市 city"
    write_city(folder, scaffold.city(scaffold.UNNAMED, 2025))
    return folder


@pytest.fixture
def with_year(root: Path) -> Path:
    write_new(root, scaffold.year(2025, BOOK, 1))
    return root


def framed(root: Path) -> Frame:
    city, problems = frame(files_below(root))
    assert city
    assert not problems
    return city


def new_report(root: Path, township: str = "example", year: int = 2025) -> NewFiles:
    found = framed(root)
    years = {number: one.year.assessment for number, one in found.years.items()}
    known, assessment = scaffold.registered(RUN, found.city, years, township, year)
    book = found.books[assessment.rulebook, assessment.version]
    return scaffold.report(known, assessment, book)


def text(files: NewFiles, path: str) -> str:
    return files[path].decode()


def stopped(message: Message) -> str:
    return catalogue("en").render(message)


def test_a_new_city_passes_the_check(root: Path) -> None:
    assert check(files_below(root)) == []
    assert [township.id for township in framed(root).city.townships] == ["example"]
    assert not framed(root).city.demonstration


def test_a_city_has_the_rulebooks_schemas_and_styles_byte_for_byte(root: Path) -> None:
    for name in ("data/rulebooks", "schema", "docs/stylesheets", "docs/javascripts", "overrides"):
        files = [place for place in (ROOT / name).rglob("*") if place.is_file()]
        assert files
        for place in files:
            copy = root / place.relative_to(ROOT)
            assert copy.read_bytes() == place.read_bytes()


@pytest.mark.parametrize(
    ("config", "there", "gone"),
    [
        (
            "mkdocs.yml",
            ("\nsite_name: 松河市", "  - 报送与异议: submit.md\n\nnot_in_nav"),
            ("示例市", "about:", ".md\n  # ", "architecture.md\n"),
        ),
        (
            "mkdocs.en.yml",
            (
                "site_name: Petition work assessment of Songhe\n",
                "  - Submit and object: submit.md\n\nnot_in_nav",
            ),
            ("Shili", "demonstration", "about:"),
        ),
    ],
)
def test_the_site_has_the_citys_name_and_no_page_about_the_program(
    config: str, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    settings = "\n" + text(scaffold.city(Text("松河市", "Songhe"), 2025), config)
    assert [words for words in there if words not in settings] == []
    assert [words for words in gone if words in settings] == []


@pytest.mark.parametrize("name", ["City: #1", "no", 'a"b', "松河：市", "[x]", "City:"])
def test_any_name_is_written_as_text(name: str) -> None:
    files = scaffold.city(Text(name, name), 2025)
    register = document("data/townships.yaml", files["data/townships.yaml"])
    assert register.value["city"] == {"zh": name, "en": name}
    for config in ("mkdocs.yml", "mkdocs.en.yml"):
        settings = text(files, config).split("theme:", maxsplit=1)[0].replace("!ENV ", "")
        site_name = document(config, settings).value["site_name"]
        assert name in site_name
        assert "演示" not in site_name


def test_what_is_generated_is_ignored_by_the_citys_git(root: Path) -> None:
    lines = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = {line.strip("/") for line in lines}
    assert {*(f"docs/{name}" for name in (*OWNED_FILES, *OWNED_FOLDERS)), "site"} <= ignored


def test_a_city_begins_beside_git_and_a_readme_and_leaves_them_alone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, "README.md", "ours")
    write_city(tmp_path, scaffold.city(scaffold.UNNAMED, 2025))
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "ours"
    assert check(files_below(tmp_path)) == []


def test_a_city_begins_in_no_folder_that_holds_something(root: Path) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(Stop) as stop:
        write_city(root, scaffold.city(scaffold.UNNAMED, 2025))
    assert "data" in stopped(stop.value.message)
    assert sorted(root.rglob("*")) == before


def test_a_new_year_passes_the_check(with_year: Path) -> None:
    assert check(files_below(with_year)) == []
    period = Period(date(2025, 1, 1), date(2025, 12, 31))
    begun = Assessment(2025, BOOK, 1, period, "open", {}, ())
    assert framed(with_year).years[2025].year.assessment == begun


def test_a_years_dates_and_decisions_only_need_their_marks_taken_away(with_year: Path) -> None:
    place = with_year / "data/2025/assessment.yaml"
    lines = place.read_text(encoding="utf-8").split("\n")
    kept = [re.sub("^# (?=dates|decisions|  )", "", line) for line in lines]
    place.write_text("\n".join(kept), encoding="utf-8")
    assessment = framed(with_year).years[2025].year.assessment
    assert (assessment.dates["submit_by"], len(assessment.decisions)) == ("2026-01-10", 1)


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
    written = scaffold.year(2025, *scaffold.book_for(2025, years, books))[path].decode()
    begun = document(path, written)
    assert (begun.value["rulebook"], begun.value["version"]) == expected


def test_a_year_may_be_given_another_rulebook() -> None:
    books, years = [("a", 1), ("b", 1), ("b", 2)], {2024: ("a", 1)}
    for name, book in (("b", ("b", 2)), ("b/1", ("b", 1)), (None, ("a", 1))):
        assert scaffold.book_for(2025, years, books, name) == book
    with pytest.raises(Stop) as stop:
        scaffold.book_for(2025, years, books, "b/3")
    assert "no rulebook" in stopped(stop.value.message)
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
    return {
        ".".join(path)
        for path, field in book.form.fields.items()
        if field.required and field.records in (None, path) and field.type != "group"
    } - {"township", "year"}


def test_a_new_report_lacks_nothing_but_values(with_year: Path) -> None:
    write_new(with_year, new_report(with_year))
    problems = check(files_below(with_year))
    assert {problem.code for problem in problems} == {"unfilled"}
    places = {problem.location.address for problem in problems}
    assert places == required(framed(with_year).books[BOOK, 1])


def test_a_report_that_is_filled_in_passes(with_year: Path) -> None:
    ((path, data),) = new_report(with_year).items()
    filled = fill(data.decode(), document("base.yaml", BASE.read_bytes()).value)
    write_new(with_year, {path: filled.encode()})
    assert check(files_below(with_year)) == []


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
    ((path, data),) = new_report(with_year).items()
    head, _, body = data.decode().partition("township:")
    once = without_a_mark(f"township:{body}")
    (visit,) = document(path, once).value["visits"]
    assert list(visit) == ["id", "date", "level", "collective", "repeat"]
    write_new(with_year, {path: (head + without_a_mark(once)).encode()})
    assert {problem.code for problem in check(files_below(with_year))} == {"unfilled"}


def test_a_report_fits_a_screen_and_names_every_fact(with_year: Path) -> None:
    (data,) = new_report(with_year).values()
    lines = data.decode().split("\n")
    assert all(width(line) <= 100 for line in lines)
    assert "示例镇" in lines[1]
    fields = framed(with_year).books[BOOK, 1].form.fields.values()
    names = re.findall(r"^[ #-]*([a-z_]+):(?: |$)", data.decode(), re.MULTILINE)
    assert sorted(names) == sorted(field.path[-1] for field in fields)
    assert all(field.label.zh in data.decode() for field in fields)


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


def failing(root: Path, name: str, version: int) -> Iterator[Problem]:
    problems: list[Problem] = []
    book = framed(root).books[name, version]
    examples = examples_of(files_below(root), book, problems)
    assert not problems
    assert {example.clause for example in examples} == {c.id for c in book.rulebook.clauses()}
    for example in examples:
        yield from run(example, book.rulebook)


def test_a_new_rulebook_passes_its_check_and_its_examples(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    assert check(files_below(root)) == []
    assert list(failing(root, "roads", 1)) == []


def test_a_year_can_be_assessed_by_a_new_rulebook(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    write_new(root, scaffold.year(2025, "roads", 1))
    write_new(root, new_report(root))
    places = {problem.location.address for problem in check(files_below(root))}
    assert places == {"meetings", "errors"}


def test_the_next_version_is_a_draft_with_a_schema_of_its_own(root: Path) -> None:
    write_new(root, scaffold.rulebook(root, BOOK))
    assert check(files_below(root)) == []
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
    assert check(files_below(root)) == []
    assert ("roads", 11) in framed(root).books


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "rulebook": lambda book, _: book.write_text("id: [", encoding="utf-8"),
    "schema": lambda _, schema: schema.unlink(),
    "large schema": lambda _, schema: os.truncate(schema, 3 << 30),
    "gone": lambda book, _: book.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_goes_on_from_a_rulebook_that_is_not_sound(root: Path, damage: str) -> None:
    write_new(root, scaffold.rulebook(root, "roads"))
    places = ("data/rulebooks/roads/1/rulebook.yaml", "schema/submissions/roads/1.schema.json")
    DAMAGES[damage](*(root / place for place in places))
    with pytest.raises(Stop, match="is not sound"):
        scaffold.rulebook(root, "roads")


@pytest.mark.parametrize("name", ["Work", "../x", "", "a_b", "考核", "1a"])
def test_a_rulebook_has_an_id(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stop, match="no id of a rulebook"):
        scaffold.rulebook(tmp_path, name)


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


def test_nothing_is_written_over_anything_nor_half(tmp_path: Path) -> None:
    put(tmp_path, "b/2", "old")
    with pytest.raises(Stop, match="is there already"):
        write_new(tmp_path, {"a/1": b"new", "b/2": b"new"})
    assert not (tmp_path / "a").exists()
    (tmp_path / "b" / "3").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Stop, match="is there already"):
        write_new(tmp_path, {"b/3": b"new"})
    with pytest.raises(OSError, match="b"):
        write_new(tmp_path, {"a/x/1": b"new", "b/1": b"new", "b/2/3": b"new"})
    left = [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))]
    assert left == ["b", "b/2", "b/3"]
    assert (tmp_path / "b" / "2").read_bytes() == b"old"


def test_new_paths_are_written_with_slashes_and_lf(root: Path) -> None:
    for path, data in scaffold.rulebook(root, "work").items():
        assert PurePosixPath(path).as_posix() == path
        assert b"\r" not in data


CITY = {"data/townships.yaml": b"1", "data/rulebooks/a/1/rulebook.yaml": b"2"}
CITY |= {"schema/x.json": b"3", "mkdocs.yml": b"4", ".gitignore": b"5", "README.md": b"6"}


@pytest.mark.parametrize("there", [False, True], ids=["new folder", "beside git and a readme"])
def test_a_city_whose_beginning_was_killed_is_completed(tmp_path: Path, there: bool) -> None:
    folder, moments = tmp_path / "a" / "city", 0
    own = {".git/config": "git", "README.md": "ours"} if there else {}
    complete = {**CITY, **{path: text.encode() for path, text in own.items()}}

    def begin() -> None:
        write_city(folder, CITY)

    def anew() -> None:
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        for path, text in own.items():
            put(folder, path, text)

    anew()
    for _ in killed(begin):
        moments += 1
        half = {p: d for p, d in bytes_below(folder).items() if ".kaohe-" not in p}
        assert half.items() <= complete.items(), "nothing is half"
        if half == complete:
            with pytest.raises(Stop, match="there are already"):
                begin()
        else:
            begin()
        assert bytes_below(folder) == complete
        assert not list(tmp_path.rglob(".kaohe*"))
        anew()
    assert moments > 10
    assert bytes_below(folder) == complete


@pytest.mark.parametrize("versions", [0, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_rulebook_whose_beginning_was_killed_is_begun_again(
    tmp_path: Path, versions: int
) -> None:
    books, forms = tmp_path / "data/rulebooks", tmp_path / "schema/submissions"
    for folder in (books, forms):
        folder.mkdir(parents=True)
    for _ in range(versions):
        write_new(tmp_path, scaffold.rulebook(tmp_path, "roads"))
    before, new = bytes_below(tmp_path), scaffold.rulebook(tmp_path, "roads")
    inside = books / "roads" / str(versions + 1)
    for _ in killed(lambda: write_new(tmp_path, new)):
        if not inside.exists():
            write_new(tmp_path, scaffold.rulebook(tmp_path, "roads"))
        with pytest.raises(Stop, match="there already"):
            write_new(tmp_path, new)
        assert bytes_below(tmp_path) == {**before, **new}
        for path in new:
            (tmp_path / path).unlink()
        for folder in (inside,) if versions else (books / "roads", forms / "roads"):
            shutil.rmtree(folder)


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


def thing(title: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "type": kind, **more}


def group(title: str, required: str, **properties: Any) -> dict[str, Any]:
    names = {"required": required.split(), "properties": properties}
    return thing(title, "object", additionalProperties=False, **names)


EVENT = {"$ref": "#/$defs/event"}
MINUTE = {"format": "date-minute"}
PART = group(
    "部分",
    "kind",
    kind=thing("种类", "string", enum=["a", "b"], markdownEnumDescriptions=["甲", "乙"]),
    whole=thing("整份", "boolean"),
)
ASKED = group(
    "自查表",
    "township year share work events",
    township=thing("代码", "string"),
    year=thing("年度", "integer"),
    share=thing("覆盖率", "number"),
    work=group(
        "工作",
        "held done planned",
        held=thing("培训", "array", items=thing("季度", "string", format="quarter")),
        done=thing("完成数", "integer", **{"x-at-most": "planned"}),
        planned=thing("计划数", "integer"),
        remark=thing("文号\n第二行", "string", examples=["7号"]),
    ),
    events=thing("事项", "array", items=EVENT),
    leader=group("分管", "since", since=thing("起始", "string", format="month")),
    visitors=thing("来访", "array", **{"x-unit": {"zh": "次", "en": ""}}, items=EVENT),
)
ASKED["$defs"] = {
    "id": thing("编号", "string", examples=["A-1"]),
    "event": group(
        "事项",
        "id start parts",
        id={"$ref": "#/$defs/id", "title": "事项编号"},
        start=thing("开始", "string", **MINUTE),
        end=thing("结束", "string", **MINUTE, **{"x-not-before": "start"}),
        parts=thing("部分", "array", **{"x-unit": {"zh": "份", "en": ""}}, items=PART),
    ),
}

EXPECTED = """\
township: songhe  # 代码
year: 2026        # 年度
# submitted:      # 报送日期：填完报送时去掉行首的#，写上这一天，例如 2027-05-02
share:            # 覆盖率，数字

work:             # 工作
  held:           # 培训，例如 [2026-Q1, 2026-Q2]；没有写 []
  done:           # 完成数，整数，不多于计划数
  planned:        # 计划数，整数
  # remark:       # 文号 第二行，例如 7号；没有就不写

events:           # 事项，每项一条；没有写 []
  # - id:         # 事项编号，例如 A-1
  #   start:      # 开始，例如 2026-05-02T09:00
  #   # end:      # 结束，例如 2026-05-02T09:00，不早于开始；没有就不写
  #   parts:      # 部分，每份一条；没有写 []
  #     - kind:   # 种类：a 甲，b 乙
  #       # whole:  # 整份：true 是，false 否；没有就不写

# leader:         # 分管；没有就不写
#   since:        # 起始，例如 2026-05

# visitors:       # 来访，每次一条；没有就不写
#   - id:         # 事项编号，例如 A-1
#     start:      # 开始，例如 2026-05-02T09:00
#     end:        # 结束，例如 2026-05-02T09:00，不早于开始；没有就不写
#     parts:      # 部分，每份一条；没有写 []
#       - kind:   # 种类：a 甲，b 乙
#         whole:  # 整份：true 是，false 否；没有就不写"""


def written() -> str:
    invented, problems = form(document("schema/submissions/x/1.schema.json", json.dumps(ASKED)))
    assert invented, problems
    return aligned(blank(invented, ASKED, {"township": "songhe", "year": 2026}, 2026))


def without_a_mark(text: str) -> str:
    """The text after one mark has been taken from each line with one besides its comment."""
    return re.sub(r"(?m)^( *)# (?=.*# )", r"\1", text)


def sent(text: str) -> Document:
    return document("data/2026/townships/songhe.yaml", text)


def width(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


def test_every_key_has_its_comment_and_none_a_value() -> None:
    spaces = r"(?<=\S)  +(?=#)"
    assert re.sub(spaces, "  ", written()) == re.sub(spaces, "  ", EXPECTED)


def test_comments_stand_in_one_column() -> None:
    assert len({line.index("#", 12) for line in written().split("\n") if line}) == 1


@pytest.mark.parametrize("times", [0, 1, 2])
def test_it_can_be_read_and_nothing_but_values_is_missing(times: int) -> None:
    text = written()
    for _ in range(times):
        text = without_a_mark(text)
    assert {problem.code for problem in validate(forms.framed(ASKED), sent(text))} == {"unfilled"}
    value = sent(text).value
    optional = {"submitted", "leader", "visitors"}
    asked = forms.framed(ASKED)["properties"]
    assert set(value) == set(asked) - (set() if times else optional)
    if times == 2:
        assert list(value["events"][0]) == ["id", "start", "end", "parts"]
        assert list(value["events"][0]["parts"][0]) == ["kind", "whole"]


def test_a_long_comment_goes_on_below_and_stays_a_comment() -> None:
    note = "种类：" + "，".join(f"value-{number} 第{number}种情形" for number in range(9))
    text = aligned(f"kinds:{NOTE}{note}\n  # - kind:{NOTE}{note}\n  #   # more:{NOTE}{note}")
    lines = text.split("\n")
    assert len(lines) > 4
    assert all(width(line) <= 100 for line in lines)
    assert "".join(line[line.rindex("# ") + 2 :] for line in lines) == note * 3
    assert sent(text).value == {"kinds": None}
    assert sent(without_a_mark(text)).value == {"kinds": [{"kind": None}]}
    twice = without_a_mark(without_a_mark(text))
    assert sent(twice).value == {"kinds": [{"kind": None, "more": None}]}
    assert without_a_mark(twice) == twice


def test_text_without_notes_stays_as_it_is() -> None:
    assert aligned("a: 1  # b\n\n# c") == "a: 1  # b\n\n# c"


# --- what the office and the townships write about a report ---------------------------


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (("inspection", "songhe", "2025"), "data/2025/inspections/songhe.yaml"),
        (("inspection", "松河镇", "2025"), "data/2025/inspections/songhe.yaml"),
        (("objection", "songhe", "2025"), "data/2025/objections/songhe-01.yaml"),
        (("correction", "2025"), "data/2025/corrections/01.yaml"),
    ],
)
def test_every_paper_has_a_beginning(tmp_path: Path, asked: tuple[str, ...], path: str) -> None:
    """It lacks nothing but values, and says every key of the schema and every fact's name."""
    root = laid_out(VALID / "empty-lists", tmp_path)
    done = kaohe("new", *asked, root=root)
    assert (done.code, done.out) == (0, f"{path}\n")
    text = (root / path).read_text(encoding="utf-8")
    codes = {problem.code for problem in check(files_below(root))}
    assert codes <= {"unfilled"}
    if "objection" not in asked:
        assert "本级接访量  receptions" in text
    kind = path.split("/")[2].removesuffix("s")
    keys = json.loads((ROOT / f"schema/{kind}.schema.json").read_text("utf-8"))["properties"]
    missing = [key for key in keys if not re.search(rf"(?m)^(# *)?{key}:", text)]
    assert missing == (["ratings"] if kind == "inspection" else [])
    again = kaohe("new", *asked, root=root)
    assert again.code == (2 if kind == "inspection" else 0)


def test_a_decision_is_shown_and_every_report_begun(tmp_path: Path) -> None:
    root = laid_out(VALID / "empty-lists", tmp_path)
    shown = kaohe("new", "decision", "2025", root=root)
    assert shown.code == 0
    written = document("data/2025/assessment.yaml", shown.out)
    assert written.value["decisions"][0]["line"] == "commendation"
    assert kaohe("new", "--all", "2025", root=root).code == 2
    (root / "data/2025/townships/songhe.yaml").unlink()
    done = kaohe("new", "--all", "2025", root=root)
    assert (done.code, done.out) == (0, "data/2025/townships/songhe.yaml\n")


@pytest.mark.parametrize(
    "asked",
    [(), ("songhe",), ("inspection", "2025"), ("correction", "songhe", "2025"), ("2025",)],
)
def test_what_cannot_be_begun_is_2(tmp_path: Path, asked: tuple[str, ...]) -> None:
    done = kaohe("new", *asked, root=laid_out(VALID / "empty-lists", tmp_path))
    assert (done.code, done.out) == (2, "")
    assert "kaohe new --all" in done.err
