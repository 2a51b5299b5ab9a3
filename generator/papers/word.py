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
    node = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    node.extend(inside)
    return node


def spacing(before: int, after: int, line: int) -> Any:
    """Space around a paragraph, and the exact height of its lines."""
    return element("spacing", before=before, after=after, line=line, lineRule="exact")


def paragraph(style: str, text: str = "", *more: Any, size: int = 0) -> Any:
    """A paragraph; `more` are properties besides those of its style."""
    properties = element("pPr", element("pStyle", val=identity(style)), *more)
    return element("p", properties, *([run(text, size)] if text else []))


def run(text: str, size: int = 0) -> Any:
    content = element("t")
    content.text = text
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", *([element("rPr", *_sizes(size))] if size else []), content)


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
        style.element.get_or_add_pPr().extend(_paragraph_properties(look))
        text = style.element.get_or_add_rPr()
        text.append(_fonts(look.font))
        if look.colour:
            text.append(element("color", val=look.colour))
        if look.size == SIZE_3:
            text.append(element("spacing", val=CHARACTER_SPACING))
        text.extend(_sizes(look.size))
    # A4, margins, and the grid of 22 lines
    margins = {"top": TOP, "right": RIGHT, "bottom": BOTTOM, "left": LEFT}
    edges = {"header": HEAD_FROM_TOP, "footer": PAGE_NUMBER_FROM_BOTTOM, "gutter": 0}
    page: Any = document.sections[0]._sectPr  # noqa: SLF001 - python-docx has no grid of characters
    page[:] = [
        element("pgSz", w=PAGE_WIDTH, h=PAGE_HEIGHT),
        element("pgMar", **margins, **edges),
        element("cols", space=0),
        element("docGrid", type="lines", linePitch=LINE),
    ]
    document.settings.odd_and_even_pages_header_footer = True


def _defaults(document: Document) -> None:
    """Type and language that hold wherever no style says otherwise; no styles but ours."""
    styles: Any = document.styles.element
    for style in styles.findall(qn("w:style")):
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


def _paragraph_properties(look: Look) -> Iterator[Any]:
    if look.keep:
        yield element("keepNext")
    yield element("widowControl", val=0)
    # Word and WPS break after a full stop at the end of a line, and let it hang there.
    yield element("overflowPunct")
    if not look.lines:
        yield element("snapToGrid", val=0)
    yield spacing(look.before, look.after, look.line)
    yield indents(look)
    yield element("jc", val=look.align)
    if look.level:
        yield element("outlineLvl", val=look.level - 1)


def indents(look: Look) -> Any:
    """Characters for Word and WPS, twips for those that know no characters."""
    hanging = "hanging" if look.indent < 0 else "firstLine"
    sides = {"left": look.left, "right": look.right, hanging: abs(look.indent)}
    lengths = {}
    for side, characters in sides.items():
        if characters:
            lengths[f"{side}Chars"] = characters
            lengths[side] = characters * look.size // 10
    return element("ind", **lengths)


_MARGIN = 60
"""Between a cell's text and its lines."""

_SPLIT_FROM = 1200
"""A row with more characters may go on over the page; all others stay whole."""

_TOGETHER = 4
"""So many rows at the end of a table stand on one page."""

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def table(table: Table) -> Iterator[Any]:
    """As wide as the text, its head again on every page, rows whole."""
    if table.caption:
        yield paragraph("caption", table.caption)
    whole = sum(column.width for column in table.columns)
    widths = [TEXT_WIDTH * column.width // whole for column in table.columns]
    widths[-1] += TEXT_WIDTH - sum(widths)
    heads = TableRow(tuple(column.head for column in table.columns))
    rows = [_row(heads, table, widths, "head")]
    for number, row in enumerate(table.rows):
        # The last rows stay together: a sum alone on a page says of nothing what it is.
        keep = len(table.rows) - _TOGETHER <= number < len(table.rows) - 1
        rows.append(_row(row, table, widths, "sum" if row.strong else "cell", keep=keep))
    indent = element("tblInd", w=_MARGIN, type="dxa")  # else its lines stand left of the text
    borders = _borders(dict.fromkeys(_SIDES, 4))
    yield element("tbl", _table_properties([], [indent, borders]), _grid(widths), *rows)


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
        lines = []
        for line in text.split("\n"):
            together = [element("keepNext")] if keep or head else []
            align = element("jc", val="center" if head else column.align)
            lines.append(paragraph(style + table.size, line, *together, align))
        cells.append(element("tc", element("tcPr", *about), *lines))
    return element("tr", properties, *cells)


def imprint(imprint: Imprint) -> Iterator[Any]:
    """At the bottom of the last page: copies, then who printed it and when."""
    rows = []
    if imprint.copied:
        rows.append((f"抄送：{imprint.copied.removeprefix('抄送：').rstrip('。')}。", ""))
    if imprint.printer or imprint.printed:
        rows.append((imprint.printer, imprint.printed))
    if not rows:
        return
    yield paragraph("gap")  # between two tables that would be one otherwise
    anchors = {"vertAnchor": "margin", "horzAnchor": "margin"}
    places = {"tblpXSpec": "left", "tblpYSpec": "bottom"}
    place = element("tblpPr", leftFromText=0, rightFromText=0, **anchors, **places)
    borders = _borders({"top": THICK, "bottom": THICK, "insideH": THIN})
    widths = (TEXT_WIDTH * 3 // 5, TEXT_WIDTH - TEXT_WIDTH * 3 // 5)
    lines = (_imprint_row(left, right, widths) for left, right in rows)
    yield element("tbl", _table_properties([place], [borders]), _grid(widths), *lines)
    # What a floating table hangs on: too low to need a page of its own.
    yield paragraph("gap", "", spacing(0, 0, 20))


def _imprint_row(left: str, right: str, widths: tuple[int, int]) -> Any:
    """Two cells, or one as wide as both."""
    cells = [(left, widths[0] if right else sum(widths), "left")]
    cells += [(right, widths[1], "right")] if right else []
    row = element("tr")
    for text, width, align in cells:
        spanned = [] if right else [element("gridSpan", val=2)]
        about = element("tcPr", element("tcW", w=width, type="dxa"), *spanned)
        row.append(element("tc", about, paragraph("imprint", text, element("jc", val=align))))
    return row


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
    for part in chain(*parts):
        last.addprevious(part)
    _frame(document, paper.marks)
    file = io.BytesIO()
    document.save(file)
    with ZipFile(file) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()})


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
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(_UNUSED):
                del relations[key]


# --- from the mark to the date --------------------------------------------------------


def _head(paper: Paper) -> Iterator[Any]:
    """Mark, number, red line, title, addressee."""
    if paper.mark:
        size = mark_size(paper.mark)
        line = spacing(MARK_BELOW, 0, size * 12)
        yield paragraph("mark", paper.mark, line, element("jc", val="center"), size=size)
    rule = element("bottom", val="single", sz=18, space=RULE_BELOW, color=RED)
    yield paragraph("number", paper.number, element("pBdr", rule))
    # Where the title says ／ it goes on in the next line, so that words stay whole.
    first, *rest = paper.title.split("／")
    title = paragraph("title", first)
    for text in rest:
        title.extend([element("r", element("br")), run(text)])
    yield title
    if paper.addressee:
        yield paragraph("addressee", paper.addressee)


def _body(paper: Paper) -> Iterator[Any]:
    before: Paragraph | Table | None = None
    for part in paper.body:
        if isinstance(before, Table):
            yield paragraph("gap")
        if isinstance(part, Table):
            yield from table(part)
        else:
            # The end of a paper never stands alone on a page.
            last = [element("keepNext")] if part is paper.body[-1] else []
            yield paragraph(part.kind.value, part.text, *last)
        before = part


def _end(paper: Paper) -> Iterator[Any]:
    """List of annexes, issuer and date, note."""
    for number, annex in enumerate(paper.annexes, 1):
        # 附件：1. 标题, the following lines below the first one's number.
        head = "附件：" if number == 1 else "　　　"
        title = f"{number}.{annex.title}" if len(paper.annexes) > 1 else annex.title
        blank = [spacing(LINE, 0, LINE)] if number == 1 else []
        yield paragraph("annexes", head + title, *blank)
    issuer, date = (
        indents(replace(STYLES["issuer"], right=int(characters * 100)))
        for characters in closing(paper.issuer, paper.date)
    )
    yield paragraph("issuer", paper.issuer, spacing(2 * LINE, 0, LINE), issuer)
    keep = [] if paper.note else [element("keepNext", val=0)]
    yield paragraph("date", paper.date, *keep, date)
    if paper.note:
        yield paragraph("note", f"（{paper.note}）")


# --- annexes --------------------------------------------------------------------------


def _annexes(paper: Paper) -> Iterator[Any]:
    for number, annex in enumerate(paper.annexes, 1):
        name = f"附件{number}" if len(paper.annexes) > 1 else "附件"
        yield paragraph("annex", name, element("pageBreakBefore"))
        yield paragraph("annextitle", annex.title)
        for place, content in enumerate(annex.content):
            if isinstance(content, ScoreSheet):
                yield from _sheet(content, place)
            else:
                if place:
                    yield paragraph("gap")
                yield from table(content)


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
        number = paragraph("page", "", side, element("jc", val=align))
        number.extend([run("— "), *field("PAGE"), run(" —")])
        _fill(foot, number)
    for head in (section.header, section.even_page_header):
        _fill(head, paragraph("draft", "　".join(marks)))


def _fill(place: Any, content: Any) -> None:
    """Put something alone into a head or foot."""
    place.is_linked_to_previous = False
    place._element[:] = [content]  # noqa: SLF001 - python-docx writes no fields


PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 180


def program() -> str | None:
    """LibreOffice, None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


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
