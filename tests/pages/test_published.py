"""What the site says of published years, and of everybody whom corrections moved."""

import io
import json
import re
import zipfile
from functools import cache
from html import unescape

from generator.engine.rank import judged
from generator.engine.year import City, YearResult
from generator.pages.render import Content, pages
from generator.words.messages import catalogue
from generator.year.load import load
from generator.year.published import Published, published
from tests.cases import ROOT, files_below

CODE = "EFJP-4PHC-M0PW"


@cache
def demonstration() -> tuple[tuple[YearResult, ...], dict[int, Published], City]:
    files = files_below(ROOT)
    loaded, problems = load(files)
    assert loaded is not None, problems
    return tuple(map(judged, loaded.years)), published(files, loaded), loaded.city


@cache
def site(lang: str = "zh") -> dict[str, Content]:
    results, locked, city = demonstration()
    return dict(pages(city, results, catalogue(lang), published=locked))


def page(path: str, lang: str = "zh") -> str:
    content = site(lang)[path]
    assert isinstance(content, str)
    return unescape(content)


def test_a_published_year_offers_its_receipt_and_all_it_rests_on() -> None:
    locked = demonstration()[1][2024]
    receipt, packed = (site()[f"results/2024/published.{form}"] for form in ("json", "zip"))
    assert receipt == (ROOT / "data/2024/published.json").read_bytes()
    assert isinstance(packed, bytes)
    with zipfile.ZipFile(io.BytesIO(packed)) as made:
        assert {name: made.read(name) for name in made.namelist()} == locked.files
    assert not [path for path in site() if "2025/published" in path]


def test_every_page_of_a_published_year_leads_to_how_it_is_verified() -> None:
    year = page("results/2024/index.md")
    assert "{ #locked }" in year
    assert "kaohe verify data/2024/published.json" in year
    assert all(f'href="published.{form}"' in year for form in ("json", "zip"))
    for standing in demonstration()[0][1].standings:
        card = page(f"results/2024/{standing.township.id}.md")
        assert CODE in card
        assert '<a href="../#locked">' in card
    for path in ("results/2024/lists.md", "results/2024/index.md"):
        assert CODE in page(path)
    assert "已审定并锁定" in page("results/index.md")


def test_a_year_that_is_not_published_says_nothing_of_it() -> None:
    for path in ("results/2025/index.md", "results/2025/songhe.md", "results/2025/lists.md"):
        assert "#locked" not in page(path)
        assert "校验码" not in page(path)


def test_the_front_page_says_whether_the_newest_final_year_is_locked() -> None:
    assert CODE in page("index.md")
    results, _, city = demonstration()
    front = pages(city, results, catalogue("en"))["index.md"]
    assert "2024 is final, but not locked yet." in unescape(str(front))
    alone = pages(city, results[2:], catalogue("en"))["index.md"]
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
        json.loads(bytes(site()[f"results/2024/{name}"]))  # type: ignore[arg-type]
        for name in ("results.json", "results.first.json")
    )
    assert [one["decision"] for one in now["appeals"]] == ["upheld", "rejected"]
    told = {row["id"]: row["first"] for row in now["townships"] if "first" in row}
    before = {row["id"]: row for row in first["townships"]}
    assert set(told) == {"heyan", "qingshan"}
    for name, row in told.items():
        assert row == {key: before[name][key] for key in row}
    assert "appeals" not in first
    assert not [row for row in first["townships"] if "first" in row]
