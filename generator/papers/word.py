"""A paper as a Word file (.docx), for Word, WPS and LibreOffice, and as a PDF by LibreOffice.

Owns every measure of GB/T 9704-2012 (党政机关公文格式), lengths in twentieths of a point, type in
half-points, and how lines, tables and sheets lie on the pages. The same paper gives the same
bytes: no clock, parts in order, packed without compression.
"""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import chain
from math import floor
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from generator.pages.layout import packed
from generator.papers.parts import Column, Imprint, Line, Paper, Row, Sheet, Table


def twips(millimetres: int) -> int:
    """Millimetres as Word counts them."""
    return int(Fraction(millimetres) * 1440 * 10 / 254 + Fraction(1, 2))


# 5.1, 5.2.1: A4; above the text 37 mm, left of it 28 mm; the text 156 mm by 225 mm
PAGE_WIDTH, PAGE_HEIGHT = twips(210), twips(297)
TOP, LEFT = twips(37), twips(28)
TEXT_WIDTH, TEXT_HEIGHT = twips(156), twips(225)
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - TEXT_WIDTH, PAGE_HEIGHT - TOP - TEXT_HEIGHT

# 5.2.3: 22 lines of 28 characters
LINES, CHARACTERS = 22, 28
LINE = TEXT_HEIGHT // LINES
PITCH = Fraction(TEXT_WIDTH, CHARACTERS * 20)
"""What a character takes of a line, in points."""

# Sizes by the names that Chinese printing has for them, in half-points
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5 = 44, 32, 28, 24, 21, 18

TITLE_FONT = "方正小标宋简体"
TEXT_FONT = "仿宋_GB2312"
HEADING_FONT = "黑体"
SUBHEADING_FONT = "楷体_GB2312"
PAGE_FONT = "宋体"
LATIN_FONT = "Times New Roman"

RED = "FF0000"

CHARACTER_SPACING = floor((PITCH - SIZE_3 // 2) * 20)
"""Between characters of 16 points, in twips, so that 28 fill a line. A grid of characters would
say the same to Word; LibreOffice gives a character that is wider than its cell two of them."""

# 7.2.4: the mark's upper edge 35 mm below that of the text; on one line, as large as fits
MARK_BELOW = twips(35)
MARK_LARGEST, MARK_SMALLEST = 124, 44

# 7.2.7: the red line 4 mm below the number
RULE_BELOW = 11

# 7.5: page numbers, the dashes' upper edge 7 mm below the text; one character from the side
PAGE_NUMBER_FROM_BOTTOM = BOTTOM - twips(7) - SIZE_4 * 10
HEAD_FROM_TOP = twips(20)

# 7.3.5.1: with a seal, the date stands four characters from the right
DATE_FROM_RIGHT = 4

# 7.4.1: first and last line of the imprint 0.35 mm, those between 0.25 mm, in eighths of a point
THICK, THIN = 8, 6


def mark_size(text: str) -> int:
    """How large the issuer's mark can be on one line, in half-points."""
    fitting = TEXT_WIDTH // 10 // (max(len(text), 1) + 1)  # some air at both ends
    return max(min(fitting, MARK_LARGEST), MARK_SMALLEST)


def wide(text: str) -> Fraction:
    """How many full characters a text takes; Latin letters and digits are half as wide."""
    return sum((Fraction(1, 2) if sign.isascii() else Fraction(1) for sign in text), Fraction())


def closing(issuer: str, date: str) -> tuple[Fraction, Fraction]:
    """How far issuer and date stand from the right, in characters, each centred on the other."""
    long, short = wide(issuer), wide(date)
    beside = max(Fraction(DATE_FROM_RIGHT), Fraction(2) + (long - short) / 2)
    return beside + (short - long) / 2, beside


def identity(style: str) -> str:
    """The id of a style inside the file."""
    return f"gw-{style}"


def element(tag: str, **attributes: object) -> Any:
    """An element `w:tag` with its attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def paragraph(style: str, text: str = "", *more: Any, size: int = 0) -> Any:
    """A paragraph; `more` are properties besides those of its style."""
    made, properties = element("p"), element("pPr")
    properties.append(element("pStyle", val=identity(style)))
    for one in more:
        properties.append(one)
    made.append(properties)
    if text:
        made.append(run(text, size))
    return made


def run(text: str, size: int = 0) -> Any:
    made, said = element("r"), element("t")
    if size:
        properties = element("rPr")
        properties.extend([element("sz", val=size), element("szCs", val=size)])
        made.append(properties)
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(said)
    return made


def field(name: str) -> Iterator[Any]:
    """A number that Word counts itself."""
    for kind in ("begin", "", "separate", "1", "end"):
        made = element("r")
        if kind == "":
            code = element("instrText")
            code.text = f" {name} "
            made.append(code)
        elif kind == "1":
            text = element("t")
            text.text = kind
            made.append(text)
        else:
            made.append(element("fldChar", fldCharType=kind))
        yield made


@dataclass(frozen=True, slots=True)
class Look:
    """One style of paragraph. `indent`, `left`, `right`: in hundredths of a character."""

    font: str = TEXT_FONT
    size: int = SIZE_3
    align: str = "both"
    indent: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    line: int = LINE
    colour: str = ""
    keep: bool = False
    level: int = 0
    lines: bool = True


STYLES: Mapping[str, Look] = {
    "mark": Look(TITLE_FONT, align="distribute", before=MARK_BELOW, colour=RED, lines=False),
    "number": Look(align="center", before=2 * LINE, keep=True),
    "title": Look(TITLE_FONT, SIZE_2, "center", before=2 * LINE, after=LINE, keep=True, level=1),
    "addressee": Look(),
    "text": Look(indent=200),
    "heading": Look(HEADING_FONT, indent=200, keep=True, level=1),
    "subheading": Look(SUBHEADING_FONT, indent=200, keep=True, level=2),
    "annexes": Look(left=500, indent=-300, keep=True),
    "issuer": Look(align="right", keep=True),
    "date": Look(align="right", keep=True),
    "note": Look(indent=200),
    "annex": Look(HEADING_FONT, align="left", keep=True, level=1),
    "annextitle": Look(TITLE_FONT, SIZE_2, "center", before=LINE, after=LINE // 2, keep=True),
    "unit": Look(SUBHEADING_FONT, align="left", keep=True, level=2),
    "result": Look(size=SIZE_4, align="left", after=LINE // 4, line=480, keep=True),
    "caption": Look(SUBHEADING_FONT, align="center", keep=True),
    "head": Look(HEADING_FONT, SIZE_5, "center", line=320, lines=False),
    "cell": Look(size=SIZE_5, line=320, lines=False),
    "sum": Look(HEADING_FONT, SIZE_5, line=320, lines=False),
    "headlarge": Look(HEADING_FONT, SIZE_SMALL_4, "center", line=420, lines=False),
    "celllarge": Look(size=SIZE_SMALL_4, line=400, lines=False),
    "headsmall": Look(HEADING_FONT, SIZE_SMALL_5, "center", line=260, lines=False),
    "cellsmall": Look(size=SIZE_SMALL_5, line=275, lines=False),
    "sumsmall": Look(HEADING_FONT, SIZE_SMALL_5, line=275, lines=False),
    "remark": Look(size=SIZE_SMALL_5, indent=200, line=260, lines=False),
    "gap": Look(size=SIZE_5, line=320, lines=False),
    "imprint": Look(size=SIZE_4, left=100, right=100, line=480, lines=False),
    "page": Look(PAGE_FONT, SIZE_4, line=320, lines=False),
    "draft": Look(HEADING_FONT, SIZE_SMALL_4, "center", line=320, lines=False),
}
"""By the name that paragraphs use."""

NAMES: Mapping[str, str] = {
    "mark": "发文机关标志",
    "number": "发文字号",
    "title": "公文标题",
    "addressee": "主送机关",
    "text": "公文正文",
    "heading": "一级标题",
    "subheading": "二级标题",
    "annexes": "附件说明",
    "issuer": "发文机关署名",
    "date": "成文日期",
    "note": "附注",
    "annex": "附件序号",
    "annextitle": "附件标题",
    "unit": "单位名称",
    "result": "单位结果",
    "caption": "表名",
    "head": "表头",
    "cell": "表格文字",
    "sum": "表格合计",
    "headlarge": "大表头",
    "celllarge": "大表格文字",
    "headsmall": "小表头",
    "cellsmall": "小表格文字",
    "sumsmall": "小表格合计",
    "remark": "表下说明",
    "gap": "表间空行",
    "imprint": "版记",
    "page": "公文页码",
    "draft": "稿件标记",
}
"""What an office sees in the list of styles."""


def prepare(document: Document) -> None:
    """Styles, page and grid of an empty document."""
    _defaults(document)
    for name, look in STYLES.items():
        style: Any = document.styles.add_style(NAMES[name], WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), identity(name))
        style.quick_style = True
        _paragraph(style.element.get_or_add_pPr(), look)
        _run(style.element.get_or_add_rPr(), look)
    _page(document)


def _defaults(document: Document) -> None:
    """Type and language that hold wherever no style says otherwise; no styles but ours."""
    styles: Any = document.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:default")) != "1":
            styles.remove(style)
    fonts = styles.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    fonts.clear()
    fonts.append(_fonts(TEXT_FONT))
    for tag in ("sz", "szCs"):
        fonts.append(element(tag, val=SIZE_3))
    fonts.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    styles.find(qn("w:docDefaults")).find(f".//{qn('w:pPr')}").clear()
    normal = document.styles["Normal"].element.get_or_add_rPr()
    normal.clear()
    normal.extend([element("sz", val=SIZE_3), element("szCs", val=SIZE_3)])


def _fonts(chinese: str) -> Any:
    latin = chinese if chinese == PAGE_FONT else LATIN_FONT
    # The hint: quotation marks, dashes and ellipses are Chinese here, and as wide as characters.
    return element("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin, hint="eastAsia")


def _run(properties: Any, look: Look) -> None:
    properties.append(_fonts(look.font))
    if look.colour:
        properties.append(element("color", val=look.colour))
    if look.size == SIZE_3:
        properties.append(element("spacing", val=CHARACTER_SPACING))
    properties.append(element("sz", val=look.size))
    properties.append(element("szCs", val=look.size))


def _paragraph(properties: Any, look: Look) -> None:
    if look.keep:
        properties.append(element("keepNext"))
    properties.append(element("widowControl", val=0))
    # Word and WPS break after a full stop at the end of a line, and let it hang there.
    properties.append(element("overflowPunct"))
    if not look.lines:
        properties.append(element("snapToGrid", val=0))
    properties.append(
        element("spacing", before=look.before, after=look.after, line=look.line, lineRule="exact")
    )
    properties.append(indents(look))
    properties.append(element("jc", val=look.align))
    if look.level:
        properties.append(element("outlineLvl", val=look.level - 1))


def indents(look: Look) -> Any:
    """Characters for Word and WPS, twips for those that know no characters."""
    made = element("ind")
    named = (
        ("left", look.left),
        ("right", look.right),
        ("hanging" if look.indent < 0 else "firstLine", abs(look.indent)),
    )
    for name, characters in named:
        if characters:
            made.set(qn(f"w:{name}Chars"), str(characters))
            made.set(qn(f"w:{name}"), str(characters * look.size // 10))
    return made


def _page(document: Document) -> None:
    """A4, margins, and the grid of 22 lines."""
    section = document.sections[0]
    properties: Any = section._sectPr  # noqa: SLF001 - python-docx has no grid of characters
    for child in list(properties):
        properties.remove(child)
    properties.append(element("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT))
    margins = {
        "top": TOP,
        "right": RIGHT,
        "bottom": BOTTOM,
        "left": LEFT,
        "header": HEAD_FROM_TOP,
        "footer": PAGE_NUMBER_FROM_BOTTOM,
        "gutter": 0,
    }
    properties.append(element("pgMar", **margins))
    properties.append(element("cols", space=0))
    properties.append(element("docGrid", type="lines", linePitch=LINE))
    document.settings.odd_and_even_pages_header_footer = True


_MARGIN = 60
"""Between a cell's text and its lines."""

_SPLIT_FROM = 1200
"""A row with more characters may go on over the page; all others stay whole."""

_TOGETHER = 4
"""So many rows at the end of a table stand on one page."""

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table(one: Table) -> Iterator[Any]:
    """As wide as the text, its head again on every page, rows whole."""
    if one.caption:
        yield paragraph("caption", one.caption)
    widths = _widths(one.columns)
    made = element("tbl")
    made.append(_table_properties(_borders()))
    grid = element("tblGrid")  # WPS shows no table without it
    grid.extend([element("gridCol", w=width) for width in widths])
    made.append(grid)
    heads = Row(tuple(column.head for column in one.columns))
    made.append(_row(heads, one, widths, "head"))
    for place, row in enumerate(one.rows):
        style = "sum" if row.strong else "cell"
        # The last rows stay together: a sum alone on a page says of nothing what it is.
        keep = len(one.rows) - _TOGETHER <= place < len(one.rows) - 1
        made.append(_row(row, one, widths, style, keep=keep))
    yield made


def _widths(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.width for column in columns)
    widths = [TEXT_WIDTH * column.width // whole for column in columns]
    widths[-1] += TEXT_WIDTH - sum(widths)
    return widths


def _table_properties(*more: Any) -> Any:
    made = element("tblPr")
    ordered = [one for one in more if one.tag == qn("w:tblpPr")]
    rest = [one for one in more if one.tag != qn("w:tblpPr")]
    margins = element("tblCellMar")
    margins.extend([element(side, w=_MARGIN, type="dxa") for side in ("left", "right")])
    width = element("tblW", w=TEXT_WIDTH, type="dxa")
    indent = element("tblInd", w=_MARGIN, type="dxa")  # else its lines stand left of the text
    made.extend(
        [
            *ordered,
            width,
            *([] if ordered else [indent]),
            *rest,
            element("tblLayout", type="fixed"),
            margins,
        ]
    )
    return made


def _borders() -> Any:
    made = element("tblBorders")
    made.extend([element(side, val="single", sz=4, space=0, color="000000") for side in _SIDES])
    return made


def _row(row: Row, table: Table, widths: Sequence[int], style: str, *, keep: bool = False) -> Any:
    made, properties = element("tr"), element("trPr")
    head = style == "head"
    if head or sum(map(len, row.cells)) < _SPLIT_FROM:
        properties.append(element("cantSplit"))
    if head:
        properties.append(element("tblHeader"))
    made.append(properties)
    for text, column, width in zip(row.cells, table.columns, widths, strict=True):
        cell, about = element("tc"), element("tcPr")
        about.extend([element("tcW", w=width, type="dxa"), element("vAlign", val="center")])
        cell.append(about)
        for line in text.split("\n"):
            more = [element("keepNext")] if keep or head else []
            more.append(element("jc", val="center" if head else column.align))
            cell.append(paragraph(style + table.size, line, *more))
        made.append(cell)
    return made


def imprint(one: Imprint) -> Iterator[Any]:
    """At the bottom of the last page: copies, then who printed it and when."""
    rows = []
    if one.copied:
        rows.append((f"抄送：{one.copied.removeprefix('抄送：').rstrip('。')}。", ""))
    if one.printer or one.printed:
        rows.append((one.printer, one.printed))
    if not rows:
        return
    yield paragraph("gap")  # between two tables that would be one otherwise
    made = element("tbl")
    place = element(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        vertAnchor="margin",
        horzAnchor="margin",
        tblpXSpec="left",
        tblpYSpec="bottom",
    )
    borders = element("tblBorders")
    for side, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN)):
        borders.append(element(side, val="single", sz=size, space=0, color="000000"))
    made.append(_table_properties(place, borders))
    widths = (TEXT_WIDTH * 3 // 5, TEXT_WIDTH - TEXT_WIDTH * 3 // 5)
    grid = element("tblGrid")
    grid.extend([element("gridCol", w=width) for width in widths])
    made.append(grid)
    made.extend([_imprint_row(row, widths) for row in rows])
    yield made
    # What a floating table hangs on: too low to need a page of its own.
    low = element("spacing", before=0, after=0, line=20, lineRule="exact")
    yield paragraph("gap", "", low)


def _imprint_row(row: tuple[str, str], widths: tuple[int, int]) -> Any:
    made = element("tr")
    cells = [(row[0], sum(widths), "left")] if not row[1] else []
    cells = cells or [(row[0], widths[0], "left"), (row[1], widths[1], "right")]
    for text, width, align in cells:
        cell, about = element("tc"), element("tcPr")
        about.append(element("tcW", w=width, type="dxa"))
        if len(cells) == 1:
            about.append(element("gridSpan", val=2))
        cell.append(about)
        cell.append(paragraph("imprint", text, element("jc", val=align)))
        made.append(cell)
    return made


_LONG_AGO = "1980-01-01"
_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering", "/webSettings")
"""What python-docx brings with its empty document and no paper of ours has."""

_OWN_PAGE = 8
"""Sheets with more rows begin on a page of their own, so that each can be handed out."""


def word(paper: Paper) -> bytes:
    """The bytes of the file."""
    document = docx.Document()
    prepare(document)
    _about(document, paper)
    body: Any = document.element.body
    last = body[-1]
    parts = (_head(paper), _body(paper), _end(paper), _annexes(paper), imprint(paper.imprint))
    for made in chain(*parts):
        last.addprevious(made)
    _frame(document, paper.marks)
    return _packed(document)


def _packed(document: Document) -> bytes:
    made = io.BytesIO()
    document.save(made)
    with ZipFile(made) as parts:
        return packed({name: parts.read(name) for name in parts.namelist()})


def _about(document: Document, paper: Paper) -> None:
    """What the file says of itself, with the paper's own date."""
    day = datetime.fromisoformat(paper.day or _LONG_AGO).replace(tzinfo=UTC)
    about = document.core_properties
    about.title = paper.title.replace("／", "")[:255]
    about.author, about.last_modified_by = paper.issuer[:255], ""
    about.created = about.modified = day
    about.comments, about.revision, about.language = "", 1, "zh-CN"
    for part in (document.part.package, document.part):
        relations: Any = part.rels
        for key in [key for key, one in relations.items() if one.reltype.endswith(_UNUSED)]:
            del relations[key]


# --- from the mark to the date --------------------------------------------------------


def _head(paper: Paper) -> Iterator[Any]:
    """Mark, number, red line, title, addressee."""
    if paper.mark:
        size = mark_size(paper.mark)
        line = element("spacing", before=MARK_BELOW, after=0, line=size * 12, lineRule="exact")
        yield paragraph("mark", paper.mark, line, element("jc", val="center"), size=size)
    border = element("pBdr")
    border.append(element("bottom", val="single", sz=18, space=RULE_BELOW, color=RED))
    yield paragraph("number", paper.number, border)
    yield _title(paper.title)
    if paper.addressee:
        yield paragraph("addressee", paper.addressee)


def _title(text: str) -> Any:
    """The title; where it says ／ it goes on in the next line, so that words stay whole."""
    first, *rest = text.split("／")
    made = paragraph("title", first)
    for line in rest:
        broken = element("r")
        broken.append(element("br"))
        made.extend([broken, run(line)])
    return made


def _body(paper: Paper) -> Iterator[Any]:
    before: Line | Table | None = None
    for one in paper.body:
        if isinstance(one, Table):
            if isinstance(before, Table):
                yield paragraph("gap")
            yield from table(one)
        else:
            if isinstance(before, Table):
                yield paragraph("gap")
            # The end of a paper never stands alone on a page.
            last = [element("keepNext")] if one is paper.body[-1] else []
            yield paragraph(one.kind.value, one.text, *last)
        before = one


def _end(paper: Paper) -> Iterator[Any]:
    """List of annexes, issuer and date, note."""
    titles = [annex.title for annex in paper.annexes]
    for number, title in enumerate(titles, 1):
        yield _listed(title, number, len(titles))
    look = STYLES["issuer"]
    rights = closing(paper.issuer, paper.date)
    blank = element("spacing", before=2 * LINE, after=0, line=LINE, lineRule="exact")
    yield paragraph("issuer", paper.issuer, blank, _from_right(look, rights[0]))
    keep = [] if paper.note else [element("keepNext", val=0)]
    yield paragraph("date", paper.date, *keep, _from_right(look, rights[1]))
    if paper.note:
        yield paragraph("note", f"（{paper.note}）")


def _from_right(look: Look, characters: Fraction) -> Any:
    return indents(replace(look, right=int(characters * 100)))


def _listed(title: str, number: int, of: int) -> Any:
    """附件：1. 标题, the following lines below the first one's number."""
    head = "附件：" if number == 1 else "　　　"
    text = head + (f"{number}.{title}" if of > 1 else title)
    if number > 1:
        return paragraph("annexes", text)
    blank = element("spacing", before=LINE, after=0, line=LINE, lineRule="exact")
    return paragraph("annexes", text, blank)


# --- annexes --------------------------------------------------------------------------


def _annexes(paper: Paper) -> Iterator[Any]:
    for number, annex in enumerate(paper.annexes, 1):
        name = f"附件{number}" if len(paper.annexes) > 1 else "附件"
        yield paragraph("annex", name, element("pageBreakBefore"))
        yield paragraph("annextitle", annex.title)
        for place, one in enumerate(annex.content):
            if isinstance(one, Sheet):
                yield from _sheet(one, place)
            else:
                if place:
                    yield paragraph("gap")
                yield from table(one)


def _sheet(sheet: Sheet, place: int) -> Iterator[Any]:
    rows = len(sheet.table.rows) if sheet.table else 0
    own = [element("pageBreakBefore")] if place and rows > _OWN_PAGE else []
    if place and not own:
        yield paragraph("gap")
    yield paragraph("unit", sheet.title, *own)
    last = [] if sheet.table else [element("keepNext", val=0)]
    yield paragraph("result", sheet.result, *last)
    if sheet.table:
        yield from table(sheet.table)
    for remark in sheet.remarks:
        yield paragraph("remark", remark)


# --- head and foot of the page ---------------------------------------------------------


def _frame(document: Document, marks: Sequence[str]) -> None:
    """Page numbers: right on odd pages, left on even ones; the marks of a draft above."""
    section = document.sections[0]
    for foot, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        foot.is_linked_to_previous = False
        own: Any = foot._element  # noqa: SLF001 - python-docx writes no fields
        for child in list(own):
            own.remove(child)
        side = element("ind", **{f"{align}Chars": 100, align: SIZE_4 * 10})
        made = paragraph("page", "", side, element("jc", val=align))
        made.extend([run("— "), *field("PAGE"), run(" —")])
        own.append(made)
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        own = head._element  # noqa: SLF001
        for child in list(own):
            own.remove(child)
        own.append(paragraph("draft", "　".join(marks)))


PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 180


def program() -> str | None:
    """LibreOffice, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def pdf(word: bytes, soffice: str) -> bytes | None:
    """The pages of a Word file; None if LibreOffice could not make them."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(word)
        command = [
            *(soffice, "--headless", "--norestore", "--nolockcheck"),
            f"-env:UserInstallation={(folder / 'settings').as_uri()}",
            *("--convert-to", "pdf", "--outdir", str(folder), str(folder / "paper.docx")),
        ]
        # The date inside the file: not that of the day on which somebody ran this.
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
        try:
            subprocess.run(
                command, env=environment, capture_output=True, timeout=_SECONDS, check=False
            )
            return (folder / "paper.pdf").read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            return None
