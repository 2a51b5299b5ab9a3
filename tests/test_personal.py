"""A number that leads to a person is never printed, wherever somebody put it and whatever fails."""

import ast
import contextlib
import re
import shutil
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.commands import cli, year
from generator.engine.measures import exact
from generator.engine.problem import Message
from generator.reading.screen import masked
from generator.shape.schema import files_of
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import problems
from generator.year.load import check
from tests.cases import ROOT, VALID, laid_out
from tests.commands.test_cli import raising
from tests.repositories import begin, git, put
from tests.running import kaohe
from tests.trees import SONGHE, Written, changed, folder_of, three_townships, valid

PERSONS = {
    "mobile": "13812345678",
    "mobile in groups": "138-1234-5678",
    "mobile with spaces": "138 1234 5678",
    "mobile in full width": "１３８１２３４５６７８",
    "mobile with country": "+8613812345678",
    "landline": "0380-6612345",
    "identity number": "110101199003074530",
    "identity number with X": "11010119900307109X",
    "identity number, groups": "110101 19900307 4530",
    "identity number of old": "410882560307453",
    "bank card": "6222021234567890128",
    "e-mail": "zhang.san@example.org",
}
PLACES_OF_ANY = ("{}", "'{}'", '"{}"', "[{}]", "# {}", "甲{}", "{}: 1", "{{{}: {}}}", "- {}")
CITIES = (
    *("general-rulebook", "corrections", "ranking-and-owners", "readings-as-switches"),
    *("changes-of-every-kind", "published-year"),
)
_TOKEN = re.compile(r"[^\s:,\[\]{}\"'#]+")


def hidden(text: str, number: str) -> bool:
    """Whether the number is nowhere in the text, however it is written."""
    text, number = normalize("NFKC", text), normalize("NFKC", number)
    digits = re.sub("[ -]", "", number)
    return number not in text and digits not in re.sub("[ -]", "", text)


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[Mapping[str, str], str]:
    """The files of a city, one token of one of them replaced by a number; and the number."""
    texts = dict(valid(draw(st.sampled_from(CITIES))))
    path = draw(st.sampled_from(sorted(texts)))
    number = draw(st.sampled_from(sorted(PERSONS.values())))
    token = draw(st.sampled_from(list(_TOKEN.finditer(texts[path]))))
    shape = draw(st.sampled_from(PLACES_OF_ANY)).replace("{}", number)
    texts[path] = texts[path][: token.start()] + shape + texts[path][token.end() :]
    if draw(st.booleans()):
        texts[path.replace("/", f"/{number.replace(' ', '')}-", 1)] = texts[path]
    return texts, number


@given(spoilt())
@settings(max_examples=150, deadline=None)
def test_no_problem_repeats_what_stands_in_a_file(case: tuple[Mapping[str, str], str]) -> None:
    texts, number = case
    faults = check(files_of(Written(texts)))
    for lang, form in product(LANGUAGES, ("text", "json", "markdown", "github")):
        assert hidden(problems(faults, catalogue(lang), form), number)


@pytest.mark.parametrize("number", PERSONS.values(), ids=PERSONS)
def test_a_text_is_masked_and_nothing_else_in_it(number: str) -> None:
    for text in (number, f"甲{number}乙", f"a: {number}, {number}\n"):
        assert hidden(masked(text), number)
        assert masked(masked(text)) == masked(text)
    stars = f"第3款 {normalize('NFKC', number)[:3]}*** 2025-01-17"
    assert masked(f"第3款 {number} 2025-01-17") == stars


@pytest.mark.parametrize(
    "text", ["2025-01-17 2025-02-19", "e3b0c4" * 10 + "13812345678f", "91.50", ""]
)
def test_what_is_no_persons_stays(text: str) -> None:
    assert masked(text) == text


def test_exact_amounts_are_computed_and_stay() -> None:
    amount = Fraction(13812345678, 161)
    text = catalogue("en").told(Message("{points}", {"points": amount}))
    assert text == exact(amount)
    assert "13812345678" in text


NUMBER = "13812345678"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose commits name a person by a number, with pages written by hand."""
    root = begin(tmp_path_factory.mktemp("city") / "数据")
    texts = three_townships()
    less = changed(texts, SONGHE, ("staff: 2", "staff: 1"))
    for subject, tree in (("first", texts), (f"致电 {NUMBER}", less)):
        folder_of(tree, root)
        git(root, "add", "--all")
        git(root, "commit", "-q", "-m", subject, GIT_AUTHOR_NAME=f"王 {NUMBER}")
    return root


@pytest.mark.parametrize(
    "command",
    [
        *("explain N", "explain songhe --clause N", "explain songhe --against N"),
        *("score --township N", "score --year N", "check N", "N", "--N", "diff N"),
        *("diff HEAD~1 --township N", "diff HEAD~1", "history", "history N", "history --year N"),
        *("rules check N", "rules impact N", "rules N"),
        *("rules impact family-planning-petitions --years N", "whatif --reading N"),
        *("whatif --rulebook N", "whatif --set songhe:receptions=N", "whatif --set N"),
        *("whatif --set songhe:N=1", "whatif --without songhe:N", "whatif --without N"),
        *("circular 2025 --number N", "circular N", "publish N", "verify N", "new N 2025"),
        *("new --year 2026 --rulebook N", "gate --author N", "gate N", "render --out data/N"),
        *("render --out N", "status --year N", "score --root N", "init N", "serve --port N"),
        "build --out N",
    ],
)
def test_no_command_repeats_a_number(
    command: str, city: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(city)
    arguments = command.replace("N", NUMBER).split()
    for lang, form in (("zh", "text"), ("en", "json"), ("en", "markdown"), ("zh", "github")):
        with contextlib.suppress(SystemExit):
            cli.main([*arguments, "--lang", lang, "--format", form, "--debug"])
        seen = capsys.readouterr()
        assert NUMBER not in seen.out + seen.err
        assert "Traceback" not in seen.err
    shutil.rmtree(city / NUMBER, ignore_errors=True)


def test_pages_show_no_number_of_a_commit(city: Path, tmp_path: Path) -> None:
    assert kaohe("render", "--out", str(tmp_path / "out"), root=city).code == 0
    texts = [path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*.md")]
    assert any("138&#42;&#42;&#42;" in text for text in texts)
    assert not any(NUMBER in text for text in texts)


@pytest.mark.parametrize("name", ["mkdocs.yml", "docs/about.md", f"docs/{NUMBER}.md"])
def test_what_is_written_by_hand_is_looked_through(name: str, tmp_path: Path) -> None:
    root = laid_out(VALID / "changes-of-every-kind", tmp_path / "city")
    put(root, name, f"site_name: 联系人 {NUMBER}\n")
    for command in ("check", "render", "build"):
        done = kaohe(command, root=root)
        assert done.code != 0
        assert NUMBER not in done.out + done.err
        if command != "build":
            assert "personal-data" in done.out


def test_the_offices_telephone_may_stand_in_pages_by_hand(tmp_path: Path) -> None:
    root = laid_out(VALID / "changes-of-every-kind", tmp_path / "city")
    put(root, "docs/about.md", "电话：0380-5550123\n")
    assert kaohe("check", root=root).code == 0


def test_an_internal_error_repeats_no_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(year, "check", raising(ValueError(f"no {NUMBER}")))
    with contextlib.suppress(SystemExit):
        cli.main(["check", "--debug", "--root", str(ROOT)])
    seen = capsys.readouterr()
    assert "Traceback" in seen.err
    assert "138***" in seen.err
    assert NUMBER not in seen.out + seen.err


def test_problems_and_stops_are_rendered_in_one_way() -> None:
    """Nothing but `told` turns what is said of unscreened input into a string."""
    for module in (ROOT / "generator").rglob("*.py"):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("render", "_"):
                first = call.args[0] if call.args else None
                assert not (isinstance(first, ast.Attribute) and first.attr == "message"), module
