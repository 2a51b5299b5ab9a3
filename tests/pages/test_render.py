"""The pages say what the result says, link to each other, and let no data become markup."""

import csv
import io
import json
import os
import posixpath
import re
import tracemalloc
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml

from generator.engine.book import Wording
from generator.engine.problem import Amount, Stop, Text
from generator.engine.rank import judged
from generator.pages.layout import RESERVED
from generator.pages.render import Content, check_ours, check_outside_data, pages, write
from generator.pages.wording import line_address
from generator.reading.disk import Copy
from generator.shape.form import Field, FieldType, Form
from generator.shape.schema import files_of
from generator.words.messages import LANGUAGES, catalogue
from generator.words.results import result_object
from generator.year.load import load
from generator.year.published import published
from tests import small_city
from tests.cases import ROOT
from tests.cities import city
from tests.killing import killed
from tests.repositories import put
from tests.texts import Page
from tests.trees import Written, valid
from tests.words.test_messages import HOSTILE

ZH = catalogue("zh")
RESULTS = small_city.years()
Made = Mapping[str, Content]
Tags = list[tuple[str, tuple[str, ...]]]


@pytest.fixture(scope="module")
def made() -> Made:
    return pages(small_city.city(), RESULTS, ZH)


def text_of(made: Made, path: str) -> str:
    content = made[path]
    assert isinstance(content, str)
    return content


def shown(made: Made, path: str) -> str:
    return Shown(text_of(made, path)).text


def rows(made: Made, path: str) -> list[dict[str, str]]:
    content = made[path]
    assert isinstance(content, bytes)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def markdowns(made: Made) -> dict[str, str]:
    return {path: content for path, content in made.items() if isinstance(content, str)}


def extensions() -> tuple[list[str], dict[str, Any]]:
    """The site's own, as mkdocs.yml has them."""

    class Loader(yaml.SafeLoader):
        """Reads the tags that MkDocs knows as nothing."""

    Loader.add_multi_constructor("!", lambda *_: None)
    entries = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader)["markdown_extensions"]  # noqa: S506  # a safe loader
    names, settings = [], {}
    for entry in entries:
        name, options = next(iter(entry.items())) if isinstance(entry, dict) else (entry, None)
        names.append(name)
        settings[name] = options or {}
    return names, settings


class Shown(Page):
    """A page of ours as MkDocs would show it."""

    def __init__(self, page: str) -> None:
        super().__init__(MARKDOWN.reset().convert(page.partition("\n---\n")[2]))
        self.links, self.ids = self.values("href"), self.values("id")


NAMES, SETTINGS = extensions()
MARKDOWN = markdown.Markdown(extensions=["tables", *NAMES], extension_configs=SETTINGS)


def address(path: str) -> str:
    """The directory address of a page below docs/."""
    if not path.endswith(".md"):
        return path
    return posixpath.join(path.removesuffix("index.md").removesuffix(".md"), "").lstrip("/")


def test_every_address_of_the_site_has_a_page(made: Made) -> None:
    names = "index.md deductions.md lists.md songhe.md dongling.md results.json"
    of_a_year = f"{names} results.csv deductions.csv".split()
    assert made.keys() >= {
        *("index.md", "submit.md", "results/index.md", "townships/index.md"),
        *("townships/songhe.md", "rulebooks/family-planning-petitions/1/index.md"),
        *(f"results/{year}/{name}" for year in (2023, 2024, 2025) for name in of_a_year),
        "results/2024/results.first.json",
    }
    assert "results/2025/results.first.json" not in made


def test_reserved_names_are_those_of_a_years_own_pages(made: Made) -> None:
    inside = {path.split("/")[2] for path in made if path.startswith("results/2025/")}
    own = {name.removesuffix(".md") for name in inside if name.endswith(".md")}
    assert own - set(small_city.NAMES) == set(RESERVED)


def test_links_lead_to_pages_and_anchors_that_exist(made: Made) -> None:
    readers = {address(path): Shown(page) for path, page in markdowns(made).items()}
    places = {address(path) for path in made}
    for here, reader in readers.items():
        for link in reader.links:
            target, _, anchor = link.partition("#")
            there = posixpath.normpath(posixpath.join("/", here, target)).lstrip("/")
            there += "/" if there and (target.endswith("/") or not target) else ""
            assert there in places, f"{here}: {link}"
            assert not anchor or anchor in readers[there].ids, f"{here}: {link}"


def test_no_page_asks_another_host_and_ids_are_unique(made: Made) -> None:
    for page in markdowns(made).values():
        assert "//" not in page.replace("//w3", "")
        ids = Shown(page).ids
        assert len(ids) == len(set(ids))


def test_equal_results_give_equal_pages(made: Made) -> None:
    assert made == pages(small_city.city(), small_city.years(), ZH)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_demonstration_data_says_so(lang: str) -> None:
    said = catalogue(lang)._("Demonstration data")
    for page in markdowns(pages(small_city.city(), RESULTS, catalogue(lang))).values():
        assert said in Shown(page).text
    real = pages(small_city.city(demonstration=False), RESULTS, catalogue(lang))
    assert not [page for page in markdowns(real).values() if said in page]


def test_a_scorecard_shows_every_clause_with_its_text(made: Made) -> None:
    card = shown(made, "results/2025/songhe.md")
    assert all(clause.text in card for clause in small_city.rulebook().clauses())


def test_a_scorecard_shows_every_deduction_with_its_place(made: Made) -> None:
    for standing in RESULTS[-1].standings:
        card = shown(made, f"results/2025/{standing.township.id}.md")
        for clause in standing.scorecard.clauses() if standing.scorecard else ():
            for charge in clause.charges:
                assert ZH.render(charge.deduction.reason) in card
                for place in charge.deduction.sources:
                    assert place.path in card
                    assert ZH._("line {number}", number=place.line) in card


@pytest.mark.parametrize(
    ("path", "words"),
    [
        # What was reported beside what was judged, and records that do not count.
        (
            "results/2025/songhe.md",
            ("126", "登记簿只有100件次", "市人口计生信〔2025〕15号", "V-004", "咨询问题"),
        ),
        # The exact value of a score that two decimals do not say.
        ("results/2025/baiyun.md", ("40.83", "245/6")),
        # The first result of a year that was corrected.
        ("results/2024/baiyun.md", ("三起均按期办结", "40.83", "46.00")),
        # The marks of a damaged text.
        ("rulebooks/family-planning-petitions/1/index.md", ("2【%】", "对主管领导……（原文残缺）")),
    ],
)
def test_a_page_says(made: Made, path: str, words: tuple[str, ...]) -> None:
    assert [word for word in words if word not in shown(made, path)] == []


def test_what_was_asked_is_shown_where_less_was_charged() -> None:
    visits = [small_city.visit(n, f"2025-0{n}-01") for n in range(1, 10)]
    inputs = RESULTS[-1].inputs
    worse = small_city.submission("liulin", 2025, receptions=0, visits=visits)
    changed = replace(inputs, submissions={**inputs.submissions, "liulin": worse})
    made = pages(small_city.city(), [judged(changed)], ZH)
    asked = ZH._(
        "Asked {asked}, charged {charged}: the clause has no more points to lose.",
        asked=Amount(Fraction(5), Wording().unit),
        charged=Amount(Fraction(), Wording().unit),
    )
    assert asked in shown(made, "results/2025/liulin.md")


def test_a_tie_across_a_line_is_explained_and_on_no_list(made: Made) -> None:
    why = ZH._(
        "{count} are tied with {score} and fill places {first} to {last};"
        " the line lies between places {inside} and {outside}.",
        count=2,
        score="45.50分",
        first=3,
        last=4,
        inside=3,
        outside=4,
    )
    assert why in shown(made, "results/2024/lists.md")


def test_a_township_without_a_report_has_a_page_and_no_score(made: Made) -> None:
    page = text_of(made, "results/2025/dongling.md")
    assert ZH._("Not submitted") in page
    assert "0.00" not in page


def test_who_to_call_and_until_when_is_on_the_page_for_objections(made: Made) -> None:
    page = shown(made, "submit.md")
    assert "0380-0000000" in page
    assert ZH._("For {year}: until {date}.", year=2025, date="2026年2月10日") in page


def test_the_page_for_townships_names_what_the_form_asks() -> None:
    path, label = ("receptions",), Text("本级接访量", "r")
    field = Field(path=path, type=FieldType.INTEGER, label=label, required=True)
    forms = {("family-planning-petitions", 1): Form(Text("自查表", "report"), {path: field})}
    made = pages(small_city.city(), RESULTS, ZH, forms=forms)
    for page in ("submit.md", "results/2025/songhe.md"):
        assert label.zh in shown(made, page)


def test_facts_link_to_their_lines_where_there_is_a_repository() -> None:
    made = pages(small_city.city(), RESULTS, ZH, repository="https://git.example.org/kaohe")
    wanted = "https://git.example.org/kaohe/blob/HEAD/data/2025/inspections/songhe.yaml#L28"
    assert wanted in Shown(text_of(made, "results/2025/songhe.md")).links


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        (None, None),
        ("javascript:alert(1)", None),
        ("https://g.org/x", "https://g.org/x/blob/HEAD/data/%E6%9D%BE.yaml#L3"),
        ("https://g.org/x/src/branch/main/{path}#L{line}", "https://g.org/x/src/branch/main/data/%E6%9D%BE.yaml#L3"),
    ],
)  # fmt: skip
def test_the_address_of_a_line(repository: str | None, expected: str | None) -> None:
    assert line_address(repository, "data/松.yaml", 3) == expected


@pytest.mark.parametrize("years", [1, 2])
def test_a_city_in_its_first_years(years: int) -> None:
    assert pages(small_city.city(), RESULTS[-years:], ZH)


def test_a_year_in_which_nobody_has_submitted_yet() -> None:
    inputs = replace(RESULTS[-1].inputs, submissions={}, first_submissions={}, ranking=None)
    made = pages(small_city.city(), [judged(inputs)], ZH)
    assert "<svg" not in text_of(made, "results/2025/index.md")


def hostile(value: Any, text: str) -> Any:
    """The same value with every name and every free text in it replaced."""
    if isinstance(value, Text):
        return Text(text, text)
    if is_dataclass(value) and not isinstance(value, type):
        free = {"reason", "document", "asked_by", "text", "reference", "phrase", "requirement"}
        free |= {"preamble", "restored", "confidence", "ground", "where", "group", "telephone"}
        changed = {
            f.name: text
            if f.name in free and isinstance(getattr(value, f.name), str)
            else hostile(getattr(value, f.name), text)
            for f in fields(value)
        }
        return replace(value, **changed)
    if isinstance(value, dict):
        return {key: hostile(inner, text) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(hostile(inner, text) for inner in value)
    return value


def _with(text: str) -> Made:
    result = judged(hostile(RESULTS[1].inputs, text))
    return pages(hostile(small_city.city(), text), [result], ZH)


@pytest.fixture(scope="module")
def plain_tags() -> dict[str, Tags]:
    return {path: Shown(page).tags for path, page in markdowns(_with("文字")).items()}


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 200])
def test_no_data_becomes_markup(text: str, plain_tags: dict[str, Tags]) -> None:
    for path, page in markdowns(_with(text)).items():
        assert Shown(page).tags == plain_tags[path], path


@pytest.mark.parametrize("text", HOSTILE)
def test_front_matter_stays_front_matter(text: str) -> None:
    for page in markdowns(_with(text)).values():
        head = re.match(r"---\n(.*?)\n---\n", page, re.DOTALL)
        assert head
        meta = yaml.safe_load(head[1])
        assert set(meta) - {"search"} == {"title", "description", "hide"}
        assert meta.get("search") in (None, {"boost": 1.5}, {"boost": 2})
        assert not set('<>&{}"\n') & set(meta["title"] + meta["description"])


@pytest.mark.parametrize("start", list("=+-@＝＋－＠"))
def test_no_cell_of_a_table_file_is_a_formula(start: str) -> None:
    for path, content in _with(f"{start}1+1").items():
        if path.endswith(".csv"):
            assert isinstance(content, bytes)
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                assert not [cell for cell in row if cell.startswith(tuple("=+-@＝＋－＠"))]


def test_table_files_open_in_spreadsheets(made: Made) -> None:
    content = made["results/2025/results.csv"]
    assert isinstance(content, bytes)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 9
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len({len(row) for row in table}) == 1
    assert table[1][3] == "chengguan"


def test_the_result_files_are_the_result_object(made: Made) -> None:
    for result in RESULTS:
        year = result.inputs.assessment.year
        assert json.loads(made[f"results/{year}/results.json"]) == result_object(result)
    first = json.loads(made["results/2024/results.first.json"])
    assert first == result_object(RESULTS[1], first=True)


def test_every_deduction_has_a_row(made: Made) -> None:
    cards = [standing.scorecard for standing in RESULTS[-1].standings if standing.scorecard]
    charges = [len(clause.charges) for card in cards for clause in card.clauses()]
    assert len(rows(made, "results/2025/deductions.csv")) == sum(charges)


def test_the_word_list_is_one_word_a_line(made: Made) -> None:
    content = made["assets/terms.txt"]
    assert isinstance(content, bytes)
    lines = content.decode().splitlines()
    assert "松河镇 100000" in lines
    assert all(re.fullmatch(r"\w+ \d+", line) for line in lines)


def test_writing_touches_only_what_changed(made: Made, tmp_path: Path) -> None:
    assert write(made, tmp_path) == (len(made), 0)
    before = {path: (tmp_path / path).stat().st_mtime_ns for path in made}
    assert write(made, tmp_path) == (0, 0)
    assert before == {path: (tmp_path / path).stat().st_mtime_ns for path in made}


def test_writing_removes_stale_pages_and_nothing_else(made: Made, tmp_path: Path) -> None:
    write(made, tmp_path)
    put(tmp_path, "architecture.md", "by hand")
    fewer = {path: page for path, page in made.items() if not path.startswith("results/2023/")}
    assert write(fewer, tmp_path) == (0, len(made) - len(fewer))
    assert not (tmp_path / "results" / "2023").exists()
    assert (tmp_path / "architecture.md").exists()


@pytest.mark.parametrize("out", ["data", "data/2025", ".", "elsewhere"])
def test_a_slip_in_out_never_costs_anybody_a_folder(tmp_path: Path, out: str) -> None:
    for folder in ("data/rulebooks", "results", "elsewhere/townships"):
        (tmp_path / folder).mkdir(parents=True)
    with pytest.raises(Stop, match="name another folder"):
        check_ours(tmp_path, tmp_path / out)


def test_pages_go_into_a_new_folder_and_over_earlier_ones(made: Made, tmp_path: Path) -> None:
    check_outside_data(tmp_path, tmp_path / "database")
    check_ours(tmp_path, tmp_path / "new")
    write(made, tmp_path / "new")
    check_ours(tmp_path, tmp_path / "new")


def test_writing_never_follows_a_link_out(made: Made, tmp_path: Path) -> None:
    docs, outside = tmp_path / "docs", tmp_path / "outside"
    put(outside, "kept.md", "x")
    write(made, docs)
    (docs / "results" / "old").symlink_to(outside, target_is_directory=True)
    assert write(made, docs) == (0, 1)
    assert (outside / "kept.md").exists()


def test_no_page_is_written_through_a_link(tmp_path: Path) -> None:
    docs, outside = tmp_path / "docs", tmp_path / "outside"
    docs.mkdir()
    put(outside, "kept.md", "x")
    (docs / "feed.xml").symlink_to(outside / "kept.md")
    (docs / "townships").symlink_to(outside)
    for path in ("feed.xml", "townships/a.md"):
        with pytest.raises(Stop, match="file or folder itself"):
            write({path: "new"}, docs)
    assert [(place.name, place.read_text()) for place in outside.iterdir()] == [("kept.md", "x")]
    with pytest.raises(Stop) as stop:
        check_ours(tmp_path, docs)
    named = stop.value.message.args["paths"]
    assert named == (str(docs / "feed.xml"), str(docs / "townships"))


def test_a_page_is_whole_whenever_writing_is_killed(tmp_path: Path) -> None:
    old = {"index.md": "old", "results/2024/index.md": "old", "results/2025/index.md": "old"}
    new: dict[str, Content] = {"index.md": "new", "results/2025/index.md": "new"}
    new["results/2025/results.csv"] = b"new"
    for _ in killed(lambda: write(new, tmp_path)):
        files = [place for place in tmp_path.rglob("*") if place.is_file()]
        assert {p.read_text() for p in files if ".kaohe-" not in str(p)} <= {"old", "new"}
        write(old, tmp_path)
        assert not list(tmp_path.rglob(".kaohe*"))
    assert not (tmp_path / "results/2024").exists()


def test_a_file_of_any_size_is_copied_bit_by_bit(tmp_path: Path) -> None:
    large = 300 << 20
    with (tmp_path / "film.mp4").open("wb") as file:
        file.truncate(large)
    pages = {"en/film.mp4": Copy(tmp_path, "film.mp4")}
    tracemalloc.start()
    assert write(pages, tmp_path / "out") == (1, 0)
    assert write(pages, tmp_path / "out") == (0, 0)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 << 20
    assert (tmp_path / "out/en/film.mp4").stat().st_size == large


@pytest.mark.parametrize("there", ["folder", "pipe"])
def test_what_is_no_file_stands_in_a_pages_way(tmp_path: Path, there: str) -> None:
    place = tmp_path / "index.md"
    place.mkdir() if there == "folder" else os.mkfifo(place)
    with pytest.raises(Stop) as stop:
        write({"index.md": "new"}, tmp_path)
    assert stop.value.message.args["paths"] == (str(place),)


CITIES = {
    "every figure 0": {
        path: re.sub(r"(?<=value: )[0-9.]+", "0", text) if path.endswith("/rulebook.yaml") else text
        for path, text in valid("ranking-and-owners").items()
    },
    "numbers that prove nothing": valid("numbers-prove-nothing"),
    "nobody submitted": {
        path: text
        for path, text in valid("changes-of-every-kind").items()
        if not re.search("/(townships|inspections)/", path)
    },
    "no township": valid("no-townships"),
}


@pytest.mark.parametrize("name", CITIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_a_site(name: str, lang: str) -> None:
    loaded, problems = load(files_of(Written(CITIES[name])))
    assert loaded is not None, problems
    results = [judged(inputs) for inputs in loaded.years]
    forms = {key: book.form for key, book in loaded.books.items()}
    made = pages(loaded.city, results, catalogue(lang), forms=forms, alone=True)
    assert {f"results/{inputs.assessment.year}/index.md" for inputs in loaded.years} <= set(made)


CODE = "JPPP-DDRM-4CCM"


def page(path: str) -> str:
    return unescape(city("demonstration").page(path))


def test_a_published_year_offers_its_receipt_and_all_it_rests_on() -> None:
    made = city("demonstration")
    locked = published(made.files, made.loaded)[2024]
    receipt, packed = (made.pages[f"results/2024/published.{form}"] for form in ("json", "zip"))
    assert receipt == (ROOT / "data/2024/published.json").read_bytes()
    assert isinstance(packed, bytes)
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        assert {name: files.read(name) for name in files.namelist()} == locked.files
    assert not [path for path in made.pages if "2025/published" in path]


def test_every_page_of_a_published_year_leads_to_how_it_is_verified() -> None:
    year = page("results/2024/index.md")
    words = ("{ #locked }", "kaohe verify data/2024/published.json", CODE)
    for word in (*words, 'href="published.json"', 'href="published.zip"'):
        assert word in year
    for standing in city("demonstration").results[1].standings:
        card = page(f"results/2024/{standing.township.id}.md")
        assert CODE in card
        assert '<a href="../#locked">' in card
    assert CODE in page("results/2024/lists.md")
    assert "已审定并锁定" in page("results/index.md")


def test_a_year_that_is_not_published_says_nothing_of_it() -> None:
    for path in ("results/2025/index.md", "results/2025/songhe.md", "results/2025/lists.md"):
        assert "#locked" not in page(path)
        assert "校验码" not in page(path)


def test_the_front_page_says_whether_the_newest_final_year_is_locked() -> None:
    assert CODE in page("index.md")
    made = city("demonstration")
    front = pages(made.loaded.city, made.results, catalogue("en"))["index.md"]
    assert "2024 is final, but not locked yet." in unescape(str(front))
    alone = pages(made.loaded.city, made.results[2:], catalogue("en"))["index.md"]
    assert "locked" not in str(alone)


def test_everybody_whom_corrections_moved_is_named_with_old_and_new() -> None:
    for path in ("results/2024/index.md", "results/2024/lists.md"):
        rows = re.findall(r"<tr>.*→.*</tr>", page(path))
        assert len(rows) == 2
        assert all(word in rows[0] for word in ("鹤堰镇", "89.60", "92.60", "第4名", "第3名"))
        assert all(word in rows[1] for word in ("青杉镇", "第3名", "第4名", "表彰"))
    assert "更正" not in page("results/2023/lists.md")


def test_a_decision_that_changed_nothing_stands_beside_those_that_did() -> None:
    table = page("results/2024/lists.md")
    assert all(word in table for word in ("维持原结果", "枫坪乡", "市人口计生信〔2025〕8号"))


def test_who_was_moved_by_others_corrections_is_told_on_its_own_card() -> None:
    moved, still = page("results/2024/qingshan.md"), page("results/2024/songhe.md")
    assert "本单位没有更正，变动来自别处的更正。" in moved
    assert '<a href="../lists/#corrections">' in moved
    assert "{ #corrections }" not in still
    assert "本单位没有更正" not in page("results/2024/heyan.md")


def test_results_tell_first_and_corrected_result_with_the_decisions() -> None:
    now, first = (
        json.loads(city("demonstration").pages[f"results/2024/{name}"])
        for name in ("results.json", "results.first.json")
    )
    assert [appeal["decision"] for appeal in now["appeals"]] == ["upheld", "rejected"]
    moved = {row["id"]: row["first"] for row in now["townships"] if "first" in row}
    before = {row["id"]: row for row in first["townships"]}
    assert set(moved) == {"heyan", "qingshan"}
    for name, row in moved.items():
        assert row == {key: before[name][key] for key in row}
    assert "appeals" not in first
    assert not [row for row in first["townships"] if "first" in row]


@pytest.mark.parametrize("status", ["historical", "in_force"])
def test_the_banner_of_a_demonstration_says_whether_the_regulation_is_real(status: str) -> None:
    inputs = small_city.year(2025).inputs
    book = replace(inputs.rulebook, status=status)
    results = [judged(replace(inputs, rulebook=book))]
    made = pages(small_city.city(), results, catalogue("en"))
    shown = [unescape(str(page)) for path, page in made.items() if path.endswith(".md")]
    assert shown
    real = "the regulation is a real historical document."
    fictional = "All places, units and figures are fictional."
    for page in shown:
        assert (real in page) == (status == "historical")
        assert (fictional in page) == (status != "historical")
