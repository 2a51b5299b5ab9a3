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
from generator.papers.parts import (
    Imprint,
    Paper,
    Paragraph,
    ScoreSheet,
    Table,
    TableColumn,
    TableRow,
)


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


def element(tag: str, *inside: Any, **attributes: object) -> Any:
    """An element `w:tag` with what is inside it, its attributes in the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(inside)
    return made


def paragraph(style: str, text: str = "", *more: Any, size: int = 0) -> Any:
    """A paragraph; `more` are properties besides those of its style."""
    properties = element("pPr", element("pStyle", val=identity(style)), *more)
    return element("p", properties, *([run(text, size)] if text else []))


def run(text: str, size: int = 0) -> Any:
    said = element("t")
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", *([element("rPr", *_sizes(size))] if size else []), said)


def _sizes(size: int) -> list[Any]:
    return [element("sz", val=size), element("szCs", val=size)]


def field(name: str) -> Iterator[Any]:
    """A number that Word counts itself."""
    code, text = element("instrText"), element("t")
    code.text, text.text = f" {name} ", "1"
    begin, separate, end = (element("fldChar", fldCharType=k) for k in ("begin", "separate", "end"))
    return (element("r", part) for part in (begin, code, separate, text, end))


@dataclass(frozen=True, slots=True)
class Look:
    """One style of paragraph: `name` is what an office sees in the list of styles.

    `indent`, `left`, `right`: in hundredths of a character.
    """

    name: str
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
    "mark": Look(
        "发文机关标志", TITLE_FONT, align="distribute", before=MARK_BELOW, colour=RED, lines=False
    ),
    "number": Look("发文字号", align="center", before=2 * LINE, keep=True),
    "title": Look(
        "公文标题", TITLE_FONT, SIZE_2, "center", before=2 * LINE, after=LINE, keep=True, level=1
    ),
    "addressee": Look("主送机关"),
    "text": Look("公文正文", indent=200),
    "heading": Look("一级标题", HEADING_FONT, indent=200, keep=True, level=1),
    "subheading": Look("二级标题", SUBHEADING_FONT, indent=200, keep=True, level=2),
    "annexes": Look("附件说明", left=500, indent=-300, keep=True),
    "issuer": Look("发文机关署名", align="right", keep=True),
    "date": Look("成文日期", align="right", keep=True),
    "note": Look("附注", indent=200),
    "annex": Look("附件序号", HEADING_FONT, align="left", keep=True, level=1),
    "annextitle": Look(
        "附件标题", TITLE_FONT, SIZE_2, "center", before=LINE, after=LINE // 2, keep=True
    ),
    "unit": Look("单位名称", SUBHEADING_FONT, align="left", keep=True, level=2),
    "result": Look("单位结果", size=SIZE_4, align="left", after=LINE // 4, line=480, keep=True),
    "caption": Look("表名", SUBHEADING_FONT, align="center", keep=True),
    "head": Look("表头", HEADING_FONT, SIZE_5, "center", line=320, lines=False),
    "cell": Look("表格文字", size=SIZE_5, line=320, lines=False),
    "sum": Look("表格合计", HEADING_FONT, SIZE_5, line=320, lines=False),
    "headlarge": Look("大表头", HEADING_FONT, SIZE_SMALL_4, "center", line=420, lines=False),
    "celllarge": Look("大表格文字", size=SIZE_SMALL_4, line=400, lines=False),
    "headsmall": Look("小表头", HEADING_FONT, SIZE_SMALL_5, "center", line=260, lines=False),
    "cellsmall": Look("小表格文字", size=SIZE_SMALL_5, line=275, lines=False),
    "sumsmall": Look("小表格合计", HEADING_FONT, SIZE_SMALL_5, line=275, lines=False),
    "remark": Look("表下说明", size=SIZE_SMALL_5, indent=200, line=260, lines=False),
    "gap": Look("表间空行", size=SIZE_5, line=320, lines=False),
    "imprint": Look("版记", size=SIZE_4, left=100, right=100, line=480, lines=False),
    "page": Look("公文页码", PAGE_FONT, SIZE_4, line=320, lines=False),
    "draft": Look("稿件标记", HEADING_FONT, SIZE_SMALL_4, "center", line=320, lines=False),
}
"""By the name that paragraphs use."""


def prepare(document: Document) -> None:
    """Styles, page and grid of an empty document."""
    _defaults(document)
    for key, look in STYLES.items():
        style: Any = document.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), identity(key))
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
    defaults = styles.find(qn("w:docDefaults"))
    fonts = defaults.find(f".//{qn('w:rPr')}")
    fonts.clear()
    language = element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    fonts.extend([_fonts(TEXT_FONT), *_sizes(SIZE_3), language])
    defaults.find(f".//{qn('w:pPr')}").clear()
    normal = document.styles["Normal"].element.get_or_add_rPr()
    normal.clear()
    normal.extend(_sizes(SIZE_3))


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
    properties.extend(_sizes(look.size))


def _paragraph(properties: Any, look: Look) -> None:
    spacing = element(
        "spacing", before=look.before, after=look.after, line=look.line, lineRule="exact"
    )
    properties.extend(
        [
            *([element("keepNext")] if look.keep else []),
            element("widowControl", val=0),
            # Word and WPS break after a full stop at the end of a line, and let it hang there.
            element("overflowPunct"),
            *([] if look.lines else [element("snapToGrid", val=0)]),
            *(spacing, indents(look), element("jc", val=look.align)),
            *([element("outlineLvl", val=look.level - 1)] if look.level else []),
        ]
    )


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
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT}
    edges = {"header": HEAD_FROM_TOP, "footer": PAGE_NUMBER_FROM_BOTTOM, "gutter": 0}
    properties.extend(
        [
            element("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
            element("pgMar", **margins, **edges),
            element("cols", space=0),
            element("docGrid", type="lines", linePitch=LINE),
        ]
    )
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
    heads = TableRow(tuple(column.head for column in one.columns))
    rows = [_row(heads, one, widths, "head")]
    for place, row in enumerate(one.rows):
        style = "sum" if row.strong else "cell"
        # The last rows stay together: a sum alone on a page says of nothing what it is.
        keep = len(one.rows) - _TOGETHER <= place < len(one.rows) - 1
        rows.append(_row(row, one, widths, style, keep=keep))
    indent = element("tblInd", w=_MARGIN, type="dxa")  # else its lines stand left of the text
    borders = _borders(dict.fromkeys(_SIDES, 4))
    yield element("tbl", _table_properties([], [indent, borders]), _grid(widths), *rows)


def _widths(columns: Sequence[TableColumn]) -> list[int]:
    whole = sum(column.width for column in columns)
    widths = [TEXT_WIDTH * column.width // whole for column in columns]
    widths[-1] += TEXT_WIDTH - sum(widths)
    return widths


def _grid(widths: Sequence[int]) -> Any:
    """How wide each column is; WPS shows no table without it."""
    return element("tblGrid", *(element("gridCol", w=width) for width in widths))


def _table_properties(before: Sequence[Any], after: Sequence[Any]) -> Any:
    """What every table has; `before` and `after` stand around its width."""
    width, fixed = element("tblW", w=TEXT_WIDTH, type="dxa"), element("tblLayout", type="fixed")
    margins = (element(side, w=_MARGIN, type="dxa") for side in ("left", "right"))
    return element("tblPr", *before, width, *after, fixed, element("tblCellMar", *margins))


def _borders(sizes: Mapping[str, int]) -> Any:
    """Lines by side, in eighths of a point."""
    lines = (
        element(side, val="single", sz=size, space=0, color="000000")
        for side, size in sizes.items()
    )
    return element("tblBorders", *lines)


def _row(
    row: TableRow, table: Table, widths: Sequence[int], style: str, *, keep: bool = False
) -> Any:
    head = style == "head"
    whole = [element("cantSplit")] if head or sum(map(len, row.cells)) < _SPLIT_FROM else []
    properties = element("trPr", *whole, *([element("tblHeader")] if head else []))
    cells = []
    for text, column, width in zip(row.cells, table.columns, widths, strict=True):
        about = (element("tcW", w=width, type="dxa"), element("vAlign", val="center"))
        align = "center" if head else column.align
        lines = [
            paragraph(
                style + table.size,
                line,
                *([element("keepNext")] if keep or head else []),
                element("jc", val=align),
            )
            for line in text.split("\n")
        ]
        cells.append(element("tc", element("tcPr", *about), *lines))
    return element("tr", properties, *cells)


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
    anchors = {"vertAnchor": "margin", "horzAnchor": "margin"}
    places = {"tblpXSpec": "left", "tblpYSpec": "bottom"}
    place = element("tblpPr", leftFromText=0, rightFromText=0, **anchors, **places)
    borders = _borders({"top": THICK, "bottom": THICK, "insideH": THIN})
    widths = (TEXT_WIDTH * 3 // 5, TEXT_WIDTH - TEXT_WIDTH * 3 // 5)
    made = (_imprint_row(row, widths) for row in rows)
    yield element("tbl", _table_properties([place], [borders]), _grid(widths), *made)
    # What a floating table hangs on: too low to need a page of its own.
    low = element("spacing", before=0, after=0, line=20, lineRule="exact")
    yield paragraph("gap", "", low)


def _imprint_row(row: tuple[str, str], widths: tuple[int, int]) -> Any:
    left, right = row
    cells = [(left, sum(widths), "left")]
    if right:
        cells = [(left, widths[0], "left"), (right, widths[1], "right")]
    made = []
    for text, width, align in cells:
        spanned = [] if right else [element("gridSpan", val=2)]
        about = element("tcPr", element("tcW", w=width, type="dxa"), *spanned)
        written = paragraph("imprint", text, element("jc", val=align))
        made.append(element("tc", about, written))
    return element("tr", *made)


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
    rule = element("bottom", val="single", sz=18, space=RULE_BELOW, color=RED)
    yield paragraph("number", paper.number, element("pBdr", rule))
    yield _title(paper.title)
    if paper.addressee:
        yield paragraph("addressee", paper.addressee)


def _title(text: str) -> Any:
    """The title; where it says ／ it goes on in the next line, so that words stay whole."""
    first, *rest = text.split("／")
    made = paragraph("title", first)
    for line in rest:
        made.extend([element("r", element("br")), run(line)])
    return made


def _body(paper: Paper) -> Iterator[Any]:
    before: Paragraph | Table | None = None
    for one in paper.body:
        if isinstance(before, Table):
            yield paragraph("gap")
        if isinstance(one, Table):
            yield from table(one)
        else:
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
            if isinstance(one, ScoreSheet):
                yield from _sheet(one, place)
            else:
                if place:
                    yield paragraph("gap")
                yield from table(one)


def _sheet(sheet: ScoreSheet, place: int) -> Iterator[Any]:
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
        side = element("ind", **{f"{align}Chars": 100, align: SIZE_4 * 10})
        made = paragraph("page", "", side, element("jc", val=align))
        made.extend([run("— "), *field("PAGE"), run(" —")])
        _fill(foot, made)
    for head in (section.header, section.even_page_header):
        _fill(head, paragraph("draft", "　".join(marks)))


def _fill(place: Any, made: Any) -> None:
    """Put something alone into a head or foot."""
    place.is_linked_to_previous = False
    inside = place._element  # noqa: SLF001 - python-docx writes no fields
    for child in list(inside):
        inside.remove(child)
    inside.append(made)


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
