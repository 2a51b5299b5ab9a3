"""kaohe circular as an office meets it: files, remarks, exit codes, the city's own wording."""

import os
from pathlib import Path

import docx
import pytest

from generator.papers import word as pdf_module
from tests.cases import copied, rewritten
from tests.repositories import append, put
from tests.running import Done, kaohe

OWN = "templates/circular.txt.j2"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("示例 city"))


@pytest.fixture
def free(tmp_path: Path) -> Path:
    """A city to be changed."""
    return copied(tmp_path / "city")


def text(path: Path) -> str:
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs)


def test_a_published_year_with_its_check_code(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "新 folder" / "通报.docx"
    issued = ("circular", "2024", "--out", str(out), "--number", "市信〔2025〕6号")
    assert kaohe(*issued, root=root) == Done(0, f"{out}\n", "")
    assert "校验码为JPPP-DDRM-4CCM" in text(out)
    assert "市信〔2025〕6号" in text(out)
    before = out.read_bytes()
    assert kaohe(*issued, root=root).code == 0
    assert out.read_bytes() == before


def test_a_provisional_year_is_a_draft_and_says_what_is_missing(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.docx"
    done = kaohe("circular", "2025", "--out", str(out), "--lang", "en", root=root)
    assert done.code == 0
    assert "every page is marked as a draft" in done.err
    assert "tied at a line" in done.err
    assert "--number" in done.err
    assert "初评结果的通报" in text(out)
    assert kaohe("circular", "2025", "--out", str(out), "-q", root=root).err == ""


def test_first_is_what_was_issued(root: Path, tmp_path: Path) -> None:
    now, first = tmp_path / "now.docx", tmp_path / "first.docx"
    assert kaohe("circular", "2024", "--out", str(now), root=root).code == 0
    assert kaohe("circular", "2024", "--first", "--out", str(first), root=root).code == 0
    assert "异议和更正" in text(now)
    assert "异议和更正" not in text(first)
    assert "JPPP-DDRM-4CCM" in text(first)


def test_without_a_name_it_stands_where_one_works(free: Path) -> None:
    done = kaohe("circular", "2024", "--date", "2025-04-01", root=free)
    assert (done.code, done.out) == (0, "circular-2024.docx\n")
    assert "2025年4月1日" in text(free / "circular-2024.docx")


def test_what_an_office_has_written_in_it_stays(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.docx"
    out.write_bytes(b"by hand")
    done = kaohe("circular", "2024", "--out", str(out), root=root)
    assert (done.code, done.out) == (2, "")
    assert "--force" in done.err
    assert out.read_bytes() == b"by hand"
    assert kaohe("circular", "2024", "--out", str(out), "--force", root=root).code == 0
    assert out.read_bytes() != b"by hand"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("2031",), "2031"),
        (("2024", "--out", "data/x.docx"), "data"),
        (("2024", "--date", "yesterday"), "--date"),
        ((), "YEAR"),
    ],
)
def test_what_cannot_be_done_is_2(root: Path, arguments: tuple[str, ...], said: str) -> None:
    done = kaohe("circular", *arguments, root=root)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_an_open_year_is_refused_kindly(free: Path) -> None:
    rewritten(free / "data/2025/assessment.yaml", ("status: provisional", "status: open"))
    done = kaohe("circular", "2025", root=free)
    assert done.code == 2
    assert "还在填报" in done.err
    assert not (free / "circular-2025.docx").exists()


def test_an_error_in_the_data_is_1(free: Path) -> None:
    append(free, "data/2025/townships/songhe.yaml", "extra: 1")
    done = kaohe("circular", "2025", root=free)
    assert done.code == 1
    assert "songhe.yaml" in done.out
    assert not list(free.glob("*.docx"))
    # What is wrong in another year is told and withholds nothing.
    done = kaohe("circular", "2024", "--lang", "en", root=free)
    assert (done.code, done.out) == (0, "circular-2024.docx\n")
    assert "errors in other files: 1" in done.err


def test_the_own_wording_takes_the_place_of_the_shipped_one(free: Path) -> None:
    done = kaohe("circular", "2024", "--copy-template", root=free)
    assert done == Done(0, f"{OWN}\n", "")
    assert kaohe("circular", "2024", "--copy-template", root=free).code == 2
    assert not list(free.glob("*.docx"))
    own = free / OWN
    shipped = own.read_text(encoding="utf-8")
    changed = shipped.replace("# 下一步要求", "# 我们的要求").replace("\n", "\r\n")
    own.write_bytes(b"\xef\xbb\xbf" + changed.encode())
    assert kaohe("circular", "2024", root=free).code == 0
    assert "我们的要求" in text(free / "circular-2024.docx")
    assert kaohe("check", root=free).code == 0


def test_a_control_character_of_the_wording_becomes_a_blank(free: Path) -> None:
    put(free, OWN, "标题：通\x00报\n正\x0b文\x1f好\ufffe\n")
    assert kaohe("circular", "2024", root=free).code == 0
    assert "文 好" in text(free / "circular-2024.docx")


def test_no_number_of_a_person_goes_into_a_circular(free: Path) -> None:
    assert kaohe("circular", "2024", "--number", "13812345678", root=free).code == 1
    put(free, OWN, "标题：通报\n联系人：138 1234 5678\n")
    done = kaohe("circular", "2024", root=free)
    assert done.code == 1
    assert f"{OWN}:2:5" in done.out
    assert "1234" not in done.out + done.err
    assert not list(free.glob("*.docx"))


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("标题：{{ 没有 }}".encode(), "没有"),
        ("好\n{% for %}".encode(), "第2行"),
        ("标题：通报".encode("gbk"), "UTF-8"),
        (b"{{ ().__class__ }}", "__class__"),
        (b"a" * 15_000_000, "262144"),
        (("{% for 甲 in 问题 %}" * 19 + "{% endfor %}" * 19).encode(), "200000"),
        (b"", "262144"),  # as large as three gigabytes
    ],
)
def test_a_fault_in_the_wording_says_where(free: Path, wording: bytes, said: str) -> None:
    (free / "templates").mkdir()
    (free / OWN).write_bytes(wording)
    if not wording:
        os.truncate(free / OWN, 3 << 30)
    done = kaohe("circular", "2024", root=free)
    assert done.code == 2
    assert OWN in done.err
    assert said in done.err
    assert not list(free.glob("*.docx"))


def test_without_libreoffice_the_pdf_is_left_out_with_the_reason(
    root: Path, tmp_path: Path
) -> None:
    out, here = tmp_path / "c.docx", {"PATH": os.fspath(tmp_path)}
    done = kaohe("circular", "2024", "--out", str(out), "--pdf", root=root, env=here)
    assert (done.code, done.out) == (0, f"{out}\n")
    assert "LibreOffice" in done.err
    assert not out.with_suffix(".pdf").exists()


def test_a_libreoffice_that_fails_is_2_and_the_word_file_stays(root: Path, tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    out = tmp_path / "c.docx"
    here = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = kaohe("circular", "2024", "--out", str(out), "--pdf", root=root, env=here)
    assert done.code == 2
    assert "LibreOffice" in done.err
    assert out.exists()


@pytest.mark.skipif(pdf_module.program() is None, reason="no LibreOffice here")
def test_with_libreoffice_there_is_a_pdf(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.docx"
    done = kaohe("circular", "2024", "--out", str(out), "--pdf", root=root)
    assert (done.code, done.out) == (0, f"{out}\n{out.with_suffix('.pdf')}\n")
    assert out.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_a_link_or_a_pipe_in_its_place_is_neither_read_nor_followed(
    root: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"kept")
    link, pipe = tmp_path / "link.docx", tmp_path / "pipe.docx"
    link.symlink_to(kept)
    os.mkfifo(pipe)
    for out in (link, pipe):
        done = kaohe("circular", "2024", "--out", str(out), "--lang", "en", root=root)
        assert (done.code, done.out) == (2, "")
        assert "put the file or folder itself" in done.err
    done = kaohe("circular", "2024", "--out", str(link), "--force", root=root)
    assert done.code == 0
    assert not link.is_symlink()
    assert kept.read_bytes() == b"kept"


@pytest.mark.parametrize("link", ["templates", OWN])
def test_the_own_wording_is_not_read_through_a_link(free: Path, link: str) -> None:
    (free / link).parent.mkdir(exist_ok=True)
    (free / link).symlink_to("/etc")
    for arguments in (("circular", "2024"), ("circular", "2024", "--copy-template")):
        done = kaohe(*arguments, "--lang", "en", root=free)
        assert done.code == 2
        assert "file or folder itself" in done.err or "is there already" in done.err
    assert not list(free.glob("*.docx"))
