"""publish and verify as a user meets them: written once, refused kindly, verified anywhere."""

import json
import os
import shutil
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from generator.commands.year import publish_command
from generator.engine.problem import Stop
from generator.shape.schema import shape
from tests.cases import VALID, laid_out, rewritten
from tests.killing import killed
from tests.repositories import git
from tests.running import kaohe
from tests.trees import QINGSHAN

RECEIPT, CODE = "data/2025/published.json", "NYFG-G0M6-N3RD"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A final year that nobody has published yet."""
    made = laid_out(VALID / "published-year", tmp_path / "城 city")
    (made / RECEIPT).rename(tmp_path / "published.json")
    return made


def as_before(root: Path) -> bool:
    return (root / RECEIPT).read_bytes() == (root.parent / "published.json").read_bytes()


def test_a_final_year_is_published_once(root: Path) -> None:
    done = kaohe("publish", "2025", "--lang", "en", root=root)
    assert (done.code, done.out) == (0, f"{RECEIPT}  {CODE}\n")
    assert CODE in done.err
    assert as_before(root)
    again = kaohe("publish", "2025", "--lang", "en", root=root)
    assert (again.code, again.out) == (2, "")
    assert again.err.startswith("2025 has been published already;")
    assert as_before(root)
    assert kaohe("check", root=root).code == 0


def test_what_was_published_as_data(root: Path) -> None:
    done = kaohe("publish", "2025", "--format", "json", "-q", root=root)
    assert json.loads(done.out) == {"year": 2025, "path": RECEIPT, "check_code": CODE}
    assert done.err == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("status: final", "status: provisional", "open  its status is provisional"),
        (", final: 2026-02-20", "", "open  these dates are missing: final"),
    ],
)
def test_what_is_not_decided_is_not_published(root: Path, old: str, new: str, said: str) -> None:
    rewritten(root / "data/2025/assessment.yaml", (old, new))
    done = kaohe("publish", "2025", "--lang", "en", root=root)
    assert done.code == 1
    assert said in done.out
    assert "is not published" in done.err
    assert not (root / RECEIPT).exists()


def test_what_has_errors_is_not_published(root: Path) -> None:
    (root / QINGSHAN).write_text("x: 1\n", encoding="utf-8")
    done = kaohe("publish", "2025", root=root)
    assert done.code == 1
    assert "[unknown-key]" in done.out
    assert not (root / RECEIPT).exists()


def test_years_that_are_not_there_are_named(root: Path) -> None:
    done = kaohe("publish", "2031", "--lang", "en", root=root)
    assert (done.code, done.err) == (2, "There is no year 2031; there are: 2025\n")
    assert kaohe("publish", "next", root=root).code == 2
    assert kaohe("publish", root=root).code == 2


def test_a_link_in_the_place_of_the_receipt_is_not_followed(root: Path) -> None:
    (root / RECEIPT).symlink_to(root.parent / "elsewhere.json")
    assert kaohe("publish", "2025", root=root)[:2] == (2, "")
    assert kaohe("verify", RECEIPT, root=root).code == 2
    assert not (root.parent / "elsewhere.json").exists()


def test_a_receipt_is_verified(root: Path) -> None:
    kaohe("publish", "2025", root=root)
    done = kaohe("verify", RECEIPT, "--lang", "en", root=root)
    assert (done.code, done.err) == (0, "")
    first, second, corrections, last = done.out.splitlines()
    assert first.startswith("2025: family-planning-petitions version 1, final since 2026-02-20")
    assert first.endswith(f"check code {CODE}")
    assert "files: 5, with a result each: 2" in second
    assert corrections.endswith("01, 02")
    assert last == "Nothing differs: the published result stands."
    inside = kaohe("verify", "published.json", root=root / "data/2025")
    assert inside.code == 0
    assert kaohe("verify", RECEIPT, "--format", "markdown", root=root).out == ""


def test_what_differs_is_told(root: Path) -> None:
    kaohe("publish", "2025", root=root)
    rewritten(root / QINGSHAN, ("staff: 2", "staff: 1"))
    done = kaohe("verify", RECEIPT, "--lang", "en", root=root)
    assert done.code == 1
    *_, result, file = done.out.splitlines()
    assert result.startswith(f"{RECEIPT}:1:1: error[locked-result-differs] townships.qingshan:")
    assert "score 100 → 99, " in result
    assert file.startswith(f"{QINGSHAN}:1:1: error[locked-file-changed]:")
    data = json.loads(kaohe("verify", RECEIPT, "--format", "json", root=root).out)
    assert (data["year"], data["same"], data["files"]) == (2025, False, 5)
    assert data["check_code"] == CODE
    codes = [problem["code"] for problem in data["problems"]]
    assert codes == ["locked-file-changed", "locked-result-differs"]
    shown = kaohe("verify", RECEIPT, "--format", "github", root=root)
    assert shown.code == 1
    assert all(line.startswith("::error file=") for line in shown.out.splitlines())
    assert kaohe("score", root=root).code == 1


def test_what_is_no_receipt_cannot_be_verified(root: Path, tmp_path: Path) -> None:
    alone = shutil.copy(tmp_path / "published.json", tmp_path / "receipt.json")
    for path in (RECEIPT, "data/2025/assessment.yaml", str(alone), "/", "."):
        done = kaohe("verify", path, root=root)
        assert (done.code, done.out) == (2, "")
    (root / RECEIPT).write_text("{}", encoding="utf-8")
    done = kaohe("verify", RECEIPT, "--format", "json", root=root)
    assert done.code == 1
    assert json.loads(done.out)["same"] is False


def test_the_downloaded_folder_is_verified_without_git_and_network(
    root: Path, tmp_path: Path
) -> None:
    kaohe("publish", "2025", root=root)
    kaohe("render", "--out", str(tmp_path / "docs"), root=root)
    folder = tmp_path / "下载 1"
    with zipfile.ZipFile(tmp_path / "docs/results/2025/published.zip") as packed:
        packed.extractall(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["data", "schema"]
    lonely = {"PATH": str(tmp_path), "HOME": str(tmp_path), "http_proxy": "http://127.0.0.1:9"}
    done = kaohe("verify", RECEIPT, root=folder, env=lonely)
    assert done.code == 0, done
    assert kaohe("check", root=folder, env=lonely).out == ""
    there, here = (kaohe("score", "--format", "json", root=place).out for place in (folder, root))
    assert json.loads(there) == json.loads(here)
    assert shape("results").is_valid(json.loads(there))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(root: Path) -> None:
    (root / "data/2025").chmod(0o555)
    assert kaohe("publish", "2025", root=root).code == 2


def test_git_leaves_a_receipt_as_it_is(root: Path) -> None:
    """The line feed and the attributes of a new city keep its bytes, whatever the settings."""
    kaohe("publish", "2025", root=root)
    (root / ".gitattributes").write_text("* text=auto eol=lf\n", encoding="utf-8")
    settings = ("-c", "core.autocrlf=true")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "x")):
        git(root, *settings, *command)
    (root / RECEIPT).unlink()
    git(root, *settings, "checkout", "-q", "--", RECEIPT)
    assert as_before(root)


def test_a_receipt_is_there_whole_or_not_at_all_whenever_publishing_is_killed(root: Path) -> None:
    def publish() -> None:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):  # noqa: PTH123 - no file of ours
            publish_command(["2025", "--root", str(root)], standalone_mode=False)

    publish()  # so that nothing has to be imported any more
    (root / RECEIPT).unlink()
    written = 0
    for _ in killed(publish, only=("os.mkdir", "os.link", "os.remove", "os.rmdir")):
        if (root / RECEIPT).exists():
            written += 1
            with pytest.raises(Stop, match="published already"):
                publish()
        else:
            publish()
        assert as_before(root)
        (root / RECEIPT).unlink()
        assert not list(root.rglob(".kaohe*"))
    assert written
    assert as_before(root)
