"""Building: whole or not at all, the same bytes anywhere, by either engine."""

import importlib.util
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from generator.engine.problem import Stop
from generator.pages import site
from generator.pages.site import Engine, SiteError
from tests.cases import ROOT, bytes_below
from tests.killing import killed
from tests.repositories import put

NEWEST = date(2026, 2, 20)
CONFIG = """\
site_name: 考核
site_url: !ENV [KAOHE_SITE_URL, ""]
theme: {name: material, language: zh, font: false}
plugins: [search: {lang: [zh, en], jieba_dict_user: docs/assets/terms.txt}]
exclude_docs: |
  /assets/terms.txt
  /en/
"""
ENGLISH = """\
site_name: Assessment
site_url: !ENV [KAOHE_SITE_URL, ""]
docs_dir: docs/en
theme: {name: material, language: en, font: false}
"""
PAGES = {
    "docs/index.md": "# 首页\n\n[结果](results/2025/index.md)\n",
    "docs/results/2025/index.md": "# 排名\n\n越级进京上访3起。\n",
    "docs/assets/terms.txt": "越级上访 1000 n\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_root(tmp_path / "市 a")


def make_root(root: Path) -> Path:
    for name, text in {"mkdocs.yml": CONFIG, **PAGES}.items():
        put(root, name, text)
    return root


@pytest.fixture(params=["mkdocs", "zensical"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    return request.param  # type: ignore[no-any-return]


def test_builds_the_pages_and_leaves_nothing_else(root: Path, engine: Engine) -> None:
    before = set(root.parent.rglob("*"))
    site.build(root, root / "site", NEWEST, engine)
    assert "越级进京上访3起" in (root / "site/results/2025/index.html").read_text("utf-8")
    added = {path.relative_to(root).parts[0] for path in set(root.parent.rglob("*")) - before}
    assert added == {"site"}


@pytest.fixture
def bilingual(root: Path) -> Path:
    put(root, "mkdocs.en.yml", ENGLISH)
    put(root, "docs/en/index.md", "# Home\n")
    put(root, "docs/en/results/2025/index.md", "# Ranking\n\n3 visits.\n")
    return root


def test_each_language_is_a_site_of_its_own(
    bilingual: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_SITE_URL", "https://city.example/kaohe")
    steps: list[tuple[int, ...]] = []
    site.build(bilingual, bilingual / "site", NEWEST, engine, step=lambda *n: steps.append(n))
    made = bytes_below(bilingual / "site")
    assert "3 visits" in made["en/results/2025/index.html"].decode()
    assert "越级进京上访3起" in made["results/2025/index.html"].decode()
    searched = [name for name in made if name.endswith(("index.json", "h.json"))]
    english = [name for name in searched if b"visits" in made[name]]
    assert english == [name for name in searched if name.startswith("en/")]
    canonical = '<link rel="canonical" href="https://city.example/kaohe/en/results/2025/">'
    assert canonical in made["en/results/2025/index.html"].decode()
    assert engine == "zensical" or steps == [(n, 4) for n in range(1, 5)]


@pytest.mark.parametrize("page", ["docs/index.md", "docs/en/index.md"])
def test_a_failed_build_keeps_the_old_site_and_leaves_no_trace(
    bilingual: Path, engine: Engine, page: str
) -> None:
    if page == "docs/index.md":  # of a city in Chinese alone
        (bilingual / "mkdocs.en.yml").unlink()
    site.build(bilingual, bilingual / "site", NEWEST, engine)
    before = bytes_below(bilingual)
    put(bilingual, page, "# 首页\n\n[断](nowhere.md)\n")
    with pytest.raises(SiteError, match="could not be built") as caught:
        site.build(bilingual, bilingual / "site", NEWEST, engine)
    assert "index.md" in str(caught.value.message.args["log"])
    assert "Traceback" not in str(caught.value.message.args["log"])
    (bilingual / page).write_bytes(before[page])
    assert bytes_below(bilingual) == before


def test_a_page_that_is_gone_is_gone_from_the_site(root: Path) -> None:
    (root / "docs/results/2024.md").write_text("# 旧\n", encoding="utf-8")
    site.build(root, root / "site", NEWEST)
    (root / "docs/results/2024.md").unlink()
    site.build(root, root / "site", NEWEST)
    assert not (root / "site/results/2024").exists()


def test_two_builds_are_the_same_bytes(
    root: Path, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build(root, tmp_path / "one", NEWEST, engine)
    other = {"TZ": "Pacific/Auckland", "LANG": "zh_CN.GBK", "LC_ALL": "", "PYTHONHASHSEED": "7"}
    for name, value in {**other, "SOURCE_DATE_EPOCH": "1", "HOME": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    elsewhere = make_root(tmp_path / "另一个 文件夹")
    monkeypatch.chdir(elsewhere)
    site.build(Path(), Path("out"), NEWEST, engine)
    assert bytes_below(elsewhere / "out") == bytes_below(tmp_path / "one")


def test_tells_how_far_it_is(root: Path) -> None:
    steps: list[tuple[int, ...]] = []
    site.build(root, root / "site", NEWEST, step=lambda *numbers: steps.append(numbers))
    assert steps == [(1, 2), (2, 2)]


OTHER = "something other than"


@pytest.mark.parametrize(
    ("out", "files", "words"),
    [
        *(("mine", (f"mine/{kept}",), OTHER) for kept in ("letter.txt", ".git", "index.html")),
        ("市 a", ("市 a/index.html", "市 a/404.html"), OTHER),  # the city itself
        ("file", ("file",), OTHER),
        ("file/site", ("file",), "cannot be written"),
    ],
)
def test_refuses_to_replace_what_is_no_site(
    root: Path, tmp_path: Path, out: str, files: tuple[str, ...], words: str
) -> None:
    for name in files:
        put(tmp_path, name, "mine")
    before = bytes_below(tmp_path)
    with pytest.raises(SiteError, match=words):
        site.build(root, tmp_path / out, NEWEST)
    assert bytes_below(tmp_path) == before


def test_an_empty_folder_may_be_filled(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    site.build(root, tmp_path / "empty", NEWEST)
    assert (tmp_path / "empty/index.html").is_file()


def test_the_old_site_comes_back_when_the_swap_fails(tmp_path: Path) -> None:
    out = tmp_path / "site"
    put(out, "index.html", "old")
    with pytest.raises(SiteError, match="cannot be written"):
        site._swap(tmp_path / "missing", out, tmp_path / "old")
    assert (out / "index.html").read_text() == "old"


def test_says_that_there_is_no_site_to_build(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no site to build"):
        site.build(tmp_path, tmp_path / "site", NEWEST)


def test_says_how_to_get_zensical(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SiteError, match="pip install zensical"):
        site.build(root, root / "site", NEWEST, "zensical")
    assert not (root / "site").exists()


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("docs/g.txt", "/etc/hostname"),
        ("docs/results/2025/x", "../.."),
        ("docs/a.md", "index.md"),
        ("docs/b.md", "nowhere.md"),
        ("docs/en", "../.."),
        ("overrides/main.html", "/etc/hostname"),
        ("mkdocs.en.yml", "mkdocs.yml"),
    ],
)
def test_nothing_is_built_through_a_link(root: Path, place: str, target: str) -> None:
    settings = CONFIG.replace("{name: material,", "{name: material, custom_dir: ./overrides/,")
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).symlink_to(target)
    os.mkfifo(root / "docs/pipe.md")
    with pytest.raises(Stop, match="file or folder itself") as stop:
        site.build(root, root / "site", NEWEST)
    assert stop.value.message.args["paths"] == tuple(sorted([place, "docs/pipe.md"]))
    assert not (root / "site").exists()


def test_the_old_site_or_the_new_one_whenever_a_build_is_killed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = root / "site"

    def made(text: str) -> None:
        def run(shop: Path) -> None:
            (shop / "zh/new").mkdir(parents=True)
            for name in ("index.html", "404.html"):
                (shop / "zh/new" / name).write_text(text)

        monkeypatch.setattr(site, "_start_all", lambda engine, several, root, shop: [shop])
        monkeypatch.setattr(site, "_run_all", lambda shops, newest, counting: run(shops[0]))
        site.build(root, out, NEWEST, "zensical")

    def shown() -> str | None:
        return b"".join(bytes_below(out).values()).decode() or None

    made("old")
    away = 0
    for _ in killed(lambda: made("new")):
        assert shown() in ("oldold", "newnew", None)
        away += not out.exists()
        (root / "docs/x").symlink_to("y")
        with pytest.raises(Stop):
            site.build(root, out, NEWEST)
        (root / "docs/x").unlink()
        assert shown() in ("oldold", "newnew"), "the next run repairs, whatever comes of it"
        assert not list(root.glob(".kaohe*"))
        made("old")
    assert (shown(), away > 0) == ("newnew", True)


def test_a_build_that_was_killed_is_cleared_by_the_next(root: Path) -> None:
    build = (
        "from tests.pages.test_site import *\n"
        f"root = Path({str(root)!r})\n"
        "site.build(root, root / 'site', NEWEST)\n"
    )
    with subprocess.Popen([sys.executable, "-c", build], cwd=ROOT) as process:
        while not list(root.glob(".kaohe-*.tmp/zh/new/index.html")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert not (root / "site").exists()
    site.build(root, root / "site", NEWEST)
    assert (root / "site/index.html").is_file()
    assert not list(root.glob(".kaohe*"))
