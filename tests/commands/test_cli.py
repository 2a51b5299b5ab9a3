"""The commands as a user meets them: exit codes, streams, languages, formats; never a traceback."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any, NoReturn

import pytest

from generator.commands import cli, year
from generator.commands.cli import language
from generator.shape.schema import shape
from tests.cases import INVALID, ROOT, VALID, laid_out, rewritten
from tests.running import Done, Environment, kaohe, kaohe_alone
from tests.texts import CHINESE

ESCAPE = "\x1b["
HERE = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(VALID / "changes-of-every-kind", tmp_path_factory.mktemp("好 sound"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = laid_out(INVALID / "unknown-value" / "level", tmp_path_factory.mktemp("broken"))
    data = INVALID / "change-without-effect" / "number" / "data"
    shutil.copytree(data, root / "data", dirs_exist_ok=True)
    inspection = root / "data/2025/inspections/songhe.yaml"
    inspection = inspection.rename(inspection.with_name("qingshan.yaml"))
    rewritten(inspection, ("township: songhe", "township: qingshan"), ("value: 126", "value: 80"))
    return root


def test_nothing_found_is_0_with_nothing_on_stdout(sound: Path) -> None:
    done = kaohe("check", root=sound)
    assert (done.code, done.out) == (0, "")
    assert CHINESE.search(done.err)
    assert kaohe("check", "--lang", "en", root=sound).err == "All is well.\n"
    assert kaohe("check", "-q", root=sound) == Done(0, "", "")


def test_an_error_is_1_and_one_line(broken: Path) -> None:
    done = kaohe("check", "--lang", "en", root=broken)
    assert done.code == 1
    warning, error = done.out.splitlines()
    assert re.match(r"data/2025/inspections/qingshan\.yaml:5:\d+: warning\[", warning)
    assert error.startswith(
        "data/2025/townships/songhe.yaml:21:42: error[unknown-value] visits.V-001.level: «bejing»"
    )
    assert done.err == "errors: 1, warnings: 1\n"


def test_warnings_alone_are_0(tmp_path: Path) -> None:
    done = kaohe("check", root=laid_out(INVALID / "change-without-effect" / "number", tmp_path))
    assert done.code == 0
    assert ": warning[change-without-effect] changes.1.fact: " in done.out


def test_paths_only_filter_what_is_shown(broken: Path) -> None:
    shown = kaohe("check", "data/2025/townships/qingshan.yaml", "--lang", "en", root=broken)
    assert (shown.code, shown.out) == (1, "")
    assert "not shown: 2" in shown.err
    shown = kaohe("check", "townships/songhe.yaml", "--lang", "en", root=broken / "data/2025")
    assert (shown.code, shown.out.count("\n")) == (1, 1)
    shown = kaohe("check", str(broken / "data"), "--lang", "en", root=broken)
    assert shown.out.count("\n") == 2


def test_a_path_that_is_not_there_is_2(sound: Path) -> None:
    done = kaohe("check", "data/2025/townships/sonhge.yaml", root=sound)
    assert (done.code, done.out) == (2, "")
    assert "sonhge.yaml" in done.err


def test_a_link_to_itself_can_be_asked_about(sound: Path, tmp_path: Path) -> None:
    root = shutil.copytree(sound, tmp_path / "city")
    link = root / "data/2025/townships/loop.yaml"
    link.symlink_to("loop.yaml")
    for path in ("data", "data/2025/townships/loop.yaml"):
        done = kaohe("check", path, root=root)
        assert done.code == 1
        assert "[symbolic-link]" in done.out
    assert "[symbolic-link]" not in kaohe("check", "data/rulebooks", root=root).out


def test_problems_as_json(broken: Path, sound: Path) -> None:
    data = json.loads(kaohe("check", "--format", "json", root=broken).out)
    assert list(data) == ["problems"]
    keys = "path line column code severity address message"
    assert {" ".join(problem) for problem in data["problems"]} == {keys}
    places = [(problem["path"], problem["line"]) for problem in data["problems"]]
    assert places == sorted(places)
    assert json.loads(kaohe("check", "--format", "json", root=sound).out) == {"problems": []}


def test_problems_for_a_review(broken: Path) -> None:
    for line in kaohe("check", "--format", "github", root=broken).out.splitlines():
        assert re.match(r"::(error|warning) file=[^,:]+,line=\d+,col=\d+,title=[a-z-]+::.", line)
    table = kaohe("check", "--format", "markdown", root=broken).out.splitlines()
    assert table[1] == "|---|---|---|---|"
    assert len(table) == 4
    assert all(row.count("|") - row.count("\\|") == 5 for row in table)


def test_broken_data_give_problems_and_no_result(broken: Path) -> None:
    for arguments in (["score"], ["explain", "songhe"], ["render"], ["score", "--format", "json"]):
        done = kaohe(*arguments, root=broken)
        assert done.code == 1
        assert "unknown-value" in done.out
        assert "change-without-effect" not in done.out
    assert json.loads(kaohe("score", "--format", "json", root=broken).out)["problems"]
    assert not (broken / "docs").exists()


def test_the_score_validates_against_its_schema(sound: Path) -> None:
    result = json.loads(kaohe("score", "--format", "json", root=sound).out)
    assert shape("results").is_valid(result)
    assert [row["id"] for row in result["townships"]] == ["qingshan", "songhe"]
    songhe = json.loads(kaohe("score", "--township", "songhe", "--format", "json", root=sound).out)
    assert songhe["townships"] == [row for row in result["townships"] if row["id"] == "songhe"]


def explain(root: Path, *options: str, env: Environment | None = None) -> str:
    return kaohe("explain", "songhe", *options, root=root, env=env).out


def test_explanations_name_rule_working_and_place(sound: Path) -> None:
    text = explain(sound, "--lang", "en")
    assert "data/2025/inspections/songhe.yaml:" in text
    assert "Rule " in text
    assert "  3.1 " in text
    only = explain(sound, "--clause", "2.6")
    assert "  2.6 " in only
    assert "  3.1 " not in only
    assert kaohe("explain", "松河镇", "--clause", "2.6", root=sound).out == only
    assert "青杉镇" in explain(sound, "--against", "qingshan")
    assert json.loads(explain(sound, "--format", "json"))["id"] == "songhe"


def test_a_clause_is_followed_where_more_is_asked_for(sound: Path) -> None:
    text = explain(sound, "--clause", "2.6", "-v")
    assert text.startswith(explain(sound, "--clause", "2.6"))
    assert "2.6款的由来" in text
    assert "rulebook.yaml:" in text
    for rest in (["-v"], ["--clause", "2.6", "--format", "json", "-v"]):
        assert "款的由来" not in explain(sound, *rest)


def test_colour_only_where_it_is_wanted(sound: Path) -> None:
    assert ESCAPE not in explain(sound)
    assert ESCAPE in explain(sound, "--color", "always")
    for env in ({"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        assert ESCAPE not in explain(sound, env=env)


CANNOT: list[tuple[list[str], str]] = [
    (["chek"], "chek"),
    (["check", "--frob"], "--frob"),
    (["check", "--format", "xml"], "json"),
    (["check", "--lang", "fr"], "zh"),
    (["check", "--root", "nowhere"], "--root"),
    (["score", "--year", "abc"], "--year"),
    (["score", "--year", "1999"], "1999"),
    (["score", "--township", "nobody"], "nobody"),
    (["explain"], "TOWNSHIP"),
    (["explain", "nobody"], "nobody"),
    (["explain", "songhe", "--clause", "9.9"], "9.9"),
    (["explain", "songhe", "--against", "nobody"], "nobody"),
    (["rules", "check", "nothing"], "nothing"),
    (["rules", "test", "nothing"], "nothing"),
    (["rules", "frob"], "frob"),
    (["build", "--engine", "hugo"], "mkdocs"),
]


@pytest.mark.parametrize(("arguments", "named"), CANNOT, ids=str)
def test_what_cannot_be_done_is_said(arguments: list[str], named: str, sound: Path) -> None:
    chinese = kaohe(*arguments, root=sound)
    assert (chinese.code, chinese.out) == (2, "")
    assert named in chinese.err
    assert CHINESE.search(chinese.err)
    if "--lang" not in arguments:
        english = kaohe(*arguments, "--lang=en", root=sound)
        assert english.code == 2
        assert not CHINESE.search(english.err)


def test_outside_a_city_the_folder_is_asked_for(tmp_path: Path) -> None:
    done = kaohe("check", root=tmp_path)
    assert done.code == 2
    assert "--root" in done.err
    assert kaohe("check", "--root", str(tmp_path), root=tmp_path).code == 2


def test_the_city_is_found_upwards(sound: Path) -> None:
    assert kaohe("check", root=sound / "data" / "2025" / "townships").code == 0


def test_an_empty_city_is_told_how_to_begin(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    done = kaohe("check", root=tmp_path)
    assert done.code == 1
    assert "kaohe init" in done.out
    root = laid_out(VALID / "nothing-but-a-register", tmp_path / "city")
    for command in (["score"], ["explain", "songhe"], ["render"]):
        done = kaohe(*command, root=root)
        assert done.code == 2
        assert "kaohe new" in done.err


def test_help_is_in_the_language_asked_for(sound: Path) -> None:
    for command in ([], ["check"], ["score"], ["explain"], ["rules"], ["rules", "test"]):
        done = kaohe(*command, "--help", root=sound)
        assert done.code == 0
        assert "用法" in done.out
        assert "Usage" not in done.out
    assert "用法" in kaohe("check", "--lang", "zh", "--help", root=sound).out
    english = kaohe("check", "--lang", "en", "--help", root=sound).out
    assert not CHINESE.search(english)
    assert "Example: kaohe check" in english
    assert kaohe(root=sound).code == 2


def test_the_version_is_told(sound: Path) -> None:
    assert re.fullmatch(r"kaohe \d+\.\d+\.\d+\n", kaohe("--version", root=sound).out)


def test_rules_are_checked_and_tested(tmp_path: Path, sound: Path) -> None:
    assert kaohe("rules", "check", root=sound).code == 0
    assert "forest-fire 1" in kaohe("rules", "test", "--lang", "en", root=sound).err
    for case in ("example-fails/points", "unknown-fact/example"):
        root = laid_out(INVALID / case, tmp_path / case)
        done = kaohe("rules", "test", root=root)
        assert done.code == 1
        assert case.split("/")[0] in done.out
    root = laid_out(INVALID / "unknown-path" / "everywhere", tmp_path / "unsound")
    for command in ("check", "test"):
        done = kaohe("rules", command, "forest-fire", root=root)
        assert done.code == 1
        assert done.out.count("\n") == 4


def test_a_reader_who_goes_away_is_no_error_message(sound: Path) -> None:
    command = [sys.executable, "-m", "generator", "score", "--format", "json"]
    with subprocess.Popen(command, cwd=sound, env=HERE, stdout=PIPE, stderr=PIPE) as run:
        assert run.stdout
        assert run.stderr
        run.stdout.close()
        assert run.stderr.read() == b""


@pytest.mark.skipif(os.name != "posix", reason="a shell closes the stream")
@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "<&-", ">/dev/full"])
def test_closed_streams_are_borne(closed: str, sound: Path) -> None:
    command = f'"{sys.executable}" -m generator score {closed}'
    done = subprocess.run(  # noqa: S602 - the shell is what is tested
        command, shell=True, cwd=sound, env=HERE, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (2 if "full" in closed else 0)


def test_any_encoding_of_the_terminal_will_do(sound: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    assert "松河镇" in kaohe_alone("score", root=sound, env=env).out


def run_main(*arguments: str) -> Any:
    with pytest.raises(SystemExit) as stopped:
        cli.main(list(arguments))
    return stopped.value.code


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def broken(*_: object) -> NoReturn:
        raise error

    return broken


def test_what_cannot_be_read_is_said(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = PermissionError(13, "Permission denied", str(sound))
    monkeypatch.setattr("os.scandir", raising(refusal))
    assert run_main("check", "--root", str(sound)) == 2
    said = capsys.readouterr()
    assert "Permission denied" in said.err
    assert str(sound) in said.err
    assert said.out == ""


def test_an_internal_error_is_told_without_a_traceback(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(year, "check", raising(RuntimeError("surprise")))
    assert run_main("check", "--root", str(sound), "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "Internal error (RuntimeError: surprise)" in said
    assert "Traceback" not in said
    assert run_main("check", "--root", str(sound), "--debug") == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_2(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year, "check", raising(KeyboardInterrupt()))
    assert run_main("check", "--root", str(sound)) == 2


def test_the_language_is_known_before_anything_is_parsed() -> None:
    for words in ("check", "check --lang xx", "check --lang"):
        assert language(words.split()) == "zh"
    for words in ("check --lang en", "--lang=en check"):
        assert language(words.split()) == "en"


@pytest.mark.parametrize("port", ["99999999", "65536", "0", "-1", "x", "1.5"])
def test_a_port_that_cannot_be_is_a_usage_error(port: str, sound: Path) -> None:
    done = kaohe("serve", f"--port={port}", root=sound)
    assert (done.code, done.out) == (2, "")
    assert "65535" in done.err


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("chek", "check"),
        ("rules tets", "test"),
        ("score --yaer", "--year"),
        ("--lnag en score", "--lang"),
        ("score --format jsn", "json"),
        ("score --color alwys", "always"),
        ("build --engine mkdoc", "mkdocs"),
        ("score --year 2052", "2025"),
        ("score --year 20255", "2025"),
        ("explain sonhge", "songhe"),
        ("explain 松和", "songhe"),
        ("explain songhe --against 青山", "qingshan"),
        ("explain songhe --clause 31", "3.1"),
        ("explain songhe --clause ３，１", "3.1"),
        ("explain songhe --clause 领导小组", "1.1"),
        ("score --township qingshn", "qingshan"),
        ("status --year 2205", "2025"),
        ("publish 2205", "2025"),
        ("circular 2205", "2025"),
        ("new songhe 2205", "2025"),
        ("new sonhge 2025", "songhe"),
        ("new inspecton songhe 2025", "inspection"),
        ("new objection sonhge 2025", "songhe"),
        ("new --year 2026 --rulebook family-planing", "family-planning-petitions/1"),
        ("rules check famly", "family-planning-petitions"),
        ("rules test family-planning-petitions/2", "family-planning-petitions/1"),
        ("rules impact family", "family-planning-petitions"),
        ("rules impact family-planning-petitions/1 --years 2o25", "2025"),
        ("whatif --rulebook family-planing/1", "family-planning-petitions/1"),
        ("whatif --without songhe:V-02", "visits.V-002"),
        ("check data/2025/township/songhe.yaml", "data/2025/townships/songhe.yaml"),
        ("verify data/2025/assesment.yaml", "data/2025/assessment.yaml"),
    ],
)
def test_what_is_not_known_is_told_with_the_nearest(asked: str, meant: str, sound: Path) -> None:
    done = kaohe(*asked.split(), root=sound)
    english = kaohe(*asked.split(), "--lang", "en", root=sound)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"是不是「{meant}」？"), done.err
    assert english.err.startswith(f"Did you mean «{meant}»? "), english.err


@pytest.mark.parametrize(
    "asked", ["explain zzz", "explain songhe --clause 9.9", "score --year 1999", "zzz", "score --x"]
)
def test_what_is_like_nothing_is_told_without_a_guess(asked: str, sound: Path) -> None:
    done = kaohe(*asked.split(), "--lang", "en", root=sound)
    assert done.code == 2
    assert "Did you mean" not in done.err


@pytest.mark.parametrize("asked", ["松河", "河", "songh", "ongh", "SONGHE", "ｓｏｎｇｈｅ"])
def test_the_only_name_with_that_part_is_taken_and_said(asked: str, sound: Path) -> None:
    done = kaohe("explain", asked, root=sound)
    whole = kaohe("explain", "songhe", root=sound)
    assert (done.code, done.out) == (0, whole.out)
    assert done.err == f"「{asked}」按松河镇（songhe）处理。\n"


def test_a_part_of_several_names_is_refused_with_them(sound: Path) -> None:
    done = kaohe("explain", "镇", root=sound)
    assert (done.code, done.out) == (2, "")
    assert done.err == "「镇」可能是：qingshan、songhe；请把名称写全些。\n"


def test_words_too_many_or_too_few_are_told_in_the_readers_language(sound: Path) -> None:
    asked = ("explain songhe 3.1", "score --year", "score --quiet=yes")
    assert [kaohe(*words.split(), root=sound).err.splitlines()[0] for words in asked] == [
        "多写了3.1，这个命令用不着。",
        "--year后面要写值。",
        "--quiet后面不写值。",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "--lang en --help",
        "--help --lang en",
        "--lang=en",
        "rules --lang en --help",
        "rules --help --lang en",
        "--lang en rules --help",
        "rules --lang en",
        "--lang en rules test --help",
        "rules --lang en test --help",
        "rules test --help --lang en",
        "score --help --lang en",
    ],
)
def test_the_language_stands_anywhere(asked: str) -> None:
    done = kaohe(*asked.split(), root=ROOT)
    assert (done.code, done.out[:6]) == (0, "Usage:")
