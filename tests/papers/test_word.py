"""A paper as a Word file: measures of GB/T 9704-2012, order of elements, hostile text."""

import io
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn

from generator.papers import parts
from generator.papers import word as gb
from generator.papers.parts import Paper, Paragraph, ParagraphKind, ScoreSheet, Table, TableRow
from generator.papers.word import STYLES, word

TABLE = Table(
    "街道",
    (parts.TableColumn("名次", 1), parts.TableColumn("单位", 3, "left")),
    tuple(TableRow((str(n), "松河镇\n第二行"), strong=n == 9) for n in range(10)),
)
LONG = Table("", TABLE.columns, (TableRow(("1", "长" * 5_000)), TableRow(("2", "短"))), "small")
SHEETS = (
    ScoreSheet("松河镇", "第1名", TABLE, ("说明",)),
    *(ScoreSheet("青杉镇", "未报", None), ScoreSheet("鹤堰镇", "第2名", LONG)),
)
PAPER = Paper(
    "示例市信访局文件",
    "市信〔2025〕6号",
    "示例市信访局／关于2024年度考核结果的通报",
    "各乡镇：",
    (
        Paragraph(ParagraphKind.HEADING, "一、甲"),
        Paragraph(ParagraphKind.SUBHEADING, "（一）乙"),
        Paragraph(ParagraphKind.TEXT, "“丙”……"),
        TABLE,
        TABLE,
        Paragraph(ParagraphKind.TEXT, "丁"),
    ),
    (parts.Annex("汇总", (TABLE, TABLE)), parts.Annex("得分", SHEETS)),
    "示例市信访局",
    "2025年2月25日",
    "此件公开发布",
    parts.Imprint("市委办公室", "示例市信访局", "2025年2月25日印发"),
    ("初评稿，非正式文件",),
    "2025-02-25",
)

IN_PARAGRAPH = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "pBdr"),
    *("overflowPunct", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"),
)
"""The order that the schema of the format asks for; Word refuses a file with another."""

IN_RUN = ("rFonts", "color", "spacing", "sz", "szCs", "lang")
IN_TABLE = ("tblpPr", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar")
IN_CELL = ("tcW", "gridSpan", "vAlign")


def opened(paper: Paper = PAPER) -> Any:
    return docx.Document(io.BytesIO(word(paper)))


def texts(document: Any) -> list[tuple[str, str]]:
    """Every paragraph outside tables: what it is, what it says."""
    kinds = {look.name: kind for kind, look in STYLES.items()}
    return [(kinds[p.style.name], p.text) for p in document.paragraphs]


def test_paper_and_margins_are_those_of_the_standard() -> None:
    (section,) = opened().sections
    margins = {"top_margin": 37, "left_margin": 28, "right_margin": 26, "bottom_margin": 35}
    for name, millimetres in {"page_width": 210, "page_height": 297, **margins}.items():
        assert abs(getattr(section, name).mm - millimetres) < 0.05


def test_22_lines_of_28_characters() -> None:
    section = opened().sections[0]._sectPr
    grid = section.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch")))
    assert grid.get(qn("w:type")) == "lines"
    assert 22 * pitch <= gb.TEXT_HEIGHT < 23 * pitch
    assert STYLES["text"].line == pitch
    a_character = 16 * 20 + gb.CHARACTER_SPACING
    assert 28 * a_character <= gb.TEXT_WIDTH < 29 * a_character


def test_page_numbers_right_on_odd_left_on_even_pages() -> None:
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (line,) = foot.paragraphs
        assert line.text == "— 1 —"
        assert [i.text for i in line._p.iter(qn("w:instrText"))] == [" PAGE "]
        assert line._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert line._p.pPr.find(qn("w:ind")).get(qn(f"w:{side}Chars")) == "100"
    assert STYLES["page"].font == "宋体"
    assert STYLES["page"].size == 28
    # The dashes begin 7 mm below the text.
    assert gb.twips(7) == gb.BOTTOM - gb.PAGE_NUMBER_FROM_BOTTOM - 280


def test_marks_stand_on_every_page() -> None:
    section = opened().sections[0]
    for head in (section.header, section.even_page_header):
        assert head.paragraphs[0].text == "初评稿，非正式文件"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("title", "方正小标宋简体", 44),
        ("mark", "方正小标宋简体", 32),
        ("text", "仿宋_GB2312", 32),
        ("heading", "黑体", 32),
        ("subheading", "楷体_GB2312", 32),
        ("annex", "黑体", 32),
        ("imprint", "仿宋_GB2312", 28),
    ],
)
def test_fonts_are_named_for_chinese(style: str, font: str, size: int) -> None:
    run = opened().styles[STYLES[style].name].element.rPr
    fonts = run.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    assert fonts.get(qn("w:hint")) == "eastAsia"
    assert run.find(qn("w:sz")).get(qn("w:val")) == str(size)


def test_the_mark_is_red_and_fits_on_one_line() -> None:
    first = opened().paragraphs[0]
    assert first.text == PAPER.mark
    size = first.runs[0].font.size.pt
    assert size * len(PAPER.mark) <= gb.TEXT_WIDTH / 20
    style = opened().styles[STYLES["mark"].name].element
    assert style.rPr.find(qn("w:color")).get(qn("w:val")) == "FF0000"
    border = opened().paragraphs[1]._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert border.get(qn("w:color")) == "FF0000"
    for length in (1, 8, 13, 40, 400):
        assert 44 <= gb.mark_size("市" * length) <= 124


def test_order_from_mark_to_imprint() -> None:
    paragraphs = texts(opened())
    kinds = [kind for kind, _ in paragraphs if kind not in ("gap", "caption")]
    assert " ".join(kinds) == (
        "mark number title addressee heading subheading text text annexes annexes issuer date note"
        " annex annextitle annex annextitle unit result remark unit result unit result"
    )
    words = dict(paragraphs)
    assert words["title"] == "示例市信访局\n关于2024年度考核结果的通报"
    assert words["note"] == "（此件公开发布）"
    annexes = [text for kind, text in paragraphs if kind == "annexes"]
    assert annexes == ["附件：1.汇总", "　　　2.得分"]
    imprint = opened().tables[-1]
    assert [cell.text for cell in imprint.rows[1].cells] == ["示例市信访局", "2025年2月25日印发"]
    assert imprint.rows[0].cells[0].text == "抄送：市委办公室。"


def test_issuer_and_date_are_centred_on_each_other() -> None:
    for issuer, date in (("示例市人口计生委信访科", "2025年2月25日"), ("信访局", "2025年12月25日")):
        long, short = gb.closing(issuer, date)
        assert short >= gb.DATE_FROM_RIGHT
        assert long >= 2
        assert long + gb.wide(issuer) / 2 == short + gb.wide(date) / 2


def test_no_heading_and_no_end_stands_alone() -> None:
    document = opened()
    for kind, look in STYLES.items():
        if "heading" in kind or kind in ("title", "annex", "annextitle", "unit", "caption"):
            assert look.keep
    last = next(p for p in document.paragraphs if p.text == "丁")
    assert last._p.pPr.find(qn("w:keepNext")) is not None


def test_tables_are_as_wide_as_the_text_with_a_grid_and_repeated_heads() -> None:
    *tables, _imprint = opened().tables
    assert len(tables) == 6
    for table in tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert sum(grid) == gb.TEXT_WIDTH
        head, *rows = table._tbl.tr_lst
        assert head.trPr.find(qn("w:tblHeader")) is not None
        for row in (head, *rows):
            assert [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst] == grid
    tags = [element.tag for element in opened().element.body]
    assert (qn("w:tbl"), qn("w:tbl")) not in pairwise(tags)


def test_rows_stay_whole_unless_they_are_longer_than_a_page() -> None:
    *_, long, _imprint = opened().tables
    first, second = long._tbl.tr_lst[1:]
    assert first.trPr is None or first.trPr.find(qn("w:cantSplit")) is None
    assert second.trPr.find(qn("w:cantSplit")) is not None


def test_elements_stand_in_the_order_of_the_schema() -> None:
    document = opened()
    section = document.sections[0]
    roots = [document.element.body, document.styles.element, section.footer._element]
    orders = {"pPr": IN_PARAGRAPH, "rPr": IN_RUN, "tblPr": IN_TABLE, "tcPr": IN_CELL}
    for tag, order in orders.items():
        for properties in (p for root in roots for p in root.iter(qn(f"w:{tag}"))):
            names = [child.tag.split("}")[1] for child in properties]
            assert names == sorted(set(names), key=order.index), names


def test_the_same_bytes_twice_and_no_clock() -> None:
    data = word(PAPER)
    assert data == word(PAPER)
    with ZipFile(io.BytesIO(data)) as files:
        assert {entry.date_time[0] for entry in files.infolist()} == {1980}
        assert b"2025-02-25T00:00:00Z" in files.read("docProps/core.xml")
        assert not [name for name in files.namelist() if "thumbnail" in name or "custom" in name]


HOSTILE = ("<w:br/>&amp;]]>", "a\x00\x0b\ufffe\ud800b", "{{ 1 }}{% x %}", "=1+1", "\n\t\r")


@pytest.mark.parametrize("hostile", [*HOSTILE, "长" * 30_000], ids=lambda text: repr(text[:10]))
def test_text_stays_text(hostile: str) -> None:
    clean = parts.one_line(hostile)
    table = Table("", (parts.TableColumn("a", 1),), (TableRow((clean,)),))
    body = (Paragraph(ParagraphKind.TEXT, clean), table)
    annexes = (parts.Annex(clean, (ScoreSheet(clean, clean, None, (clean,)),)),)
    document = opened(Paper(*(clean,) * 4, body, annexes, *(clean,) * 3))
    assert document.tables[0].rows[1].cells[0].text == clean
    assert next(text for kind, text in texts(document) if kind == "text") == clean
