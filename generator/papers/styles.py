"""The styles and the page of an official paper in a Word file, by the numbers of `standard`.

Owns how these numbers are written in WordprocessingML. Must not put a word on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from generator.papers import standard as gb
from generator.papers.elements import element, identity


@dataclass(frozen=True, slots=True)
class Look:
    """One style of paragraph. `indent`, `left`, `right`: in hundredths of a character."""

    font: str = gb.TEXT_FONT
    size: int = gb.SIZE_3
    align: str = "both"
    indent: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    line: int = gb.LINE
    colour: str = ""
    keep: bool = False
    level: int = 0
    lines: bool = True


STYLES: Mapping[str, Look] = {
    "mark": Look(
        gb.TITLE_FONT, align="distribute", before=gb.MARK_BELOW, colour=gb.RED, lines=False
    ),
    "number": Look(align="center", before=2 * gb.LINE, keep=True),
    "title": Look(
        gb.TITLE_FONT, gb.SIZE_2, "center", before=2 * gb.LINE, after=gb.LINE, keep=True, level=1
    ),
    "addressee": Look(),
    "text": Look(indent=200),
    "heading": Look(gb.HEADING_FONT, indent=200, keep=True, level=1),
    "subheading": Look(gb.SUBHEADING_FONT, indent=200, keep=True, level=2),
    "annexes": Look(left=500, indent=-300, keep=True),
    "issuer": Look(align="right", keep=True),
    "date": Look(align="right", keep=True),
    "note": Look(indent=200),
    "annex": Look(gb.HEADING_FONT, align="left", keep=True, level=1),
    "annextitle": Look(
        gb.TITLE_FONT, gb.SIZE_2, "center", before=gb.LINE, after=gb.LINE // 2, keep=True
    ),
    "unit": Look(gb.SUBHEADING_FONT, align="left", keep=True, level=2),
    "result": Look(size=gb.SIZE_4, align="left", after=gb.LINE // 4, line=480, keep=True),
    "caption": Look(gb.SUBHEADING_FONT, align="center", keep=True),
    "head": Look(gb.HEADING_FONT, gb.SIZE_5, "center", line=320, lines=False),
    "cell": Look(size=gb.SIZE_5, line=320, lines=False),
    "sum": Look(gb.HEADING_FONT, gb.SIZE_5, line=320, lines=False),
    "headlarge": Look(gb.HEADING_FONT, gb.SIZE_SMALL_4, "center", line=420, lines=False),
    "celllarge": Look(size=gb.SIZE_SMALL_4, line=400, lines=False),
    "headsmall": Look(gb.HEADING_FONT, gb.SIZE_SMALL_5, "center", line=260, lines=False),
    "cellsmall": Look(size=gb.SIZE_SMALL_5, line=275, lines=False),
    "sumsmall": Look(gb.HEADING_FONT, gb.SIZE_SMALL_5, line=275, lines=False),
    "remark": Look(size=gb.SIZE_SMALL_5, indent=200, line=260, lines=False),
    "gap": Look(size=gb.SIZE_5, line=320, lines=False),
    "imprint": Look(size=gb.SIZE_4, left=100, right=100, line=480, lines=False),
    "page": Look(gb.PAGE_FONT, gb.SIZE_4, line=320, lines=False),
    "draft": Look(gb.HEADING_FONT, gb.SIZE_SMALL_4, "center", line=320, lines=False),
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
    fonts.append(_fonts(gb.TEXT_FONT))
    for tag in ("sz", "szCs"):
        fonts.append(element(tag, val=gb.SIZE_3))
    fonts.append(element("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    styles.find(qn("w:docDefaults")).find(f".//{qn('w:pPr')}").clear()
    normal = document.styles["Normal"].element.get_or_add_rPr()
    normal.clear()
    normal.extend([element("sz", val=gb.SIZE_3), element("szCs", val=gb.SIZE_3)])


def _fonts(chinese: str) -> Any:
    latin = chinese if chinese == gb.PAGE_FONT else gb.LATIN_FONT
    # The hint: quotation marks, dashes and ellipses are Chinese here, and as wide as characters.
    return element("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin, hint="eastAsia")


def _run(properties: Any, look: Look) -> None:
    properties.append(_fonts(look.font))
    if look.colour:
        properties.append(element("color", val=look.colour))
    if look.size == gb.SIZE_3:
        properties.append(element("spacing", val=gb.CHARACTER_SPACING))
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
    properties.append(element("pgSz", w=gb.PAGE_WIDTH, h=gb.PAGE_HEIGHT))
    margins = {
        "top": gb.TOP,
        "right": gb.RIGHT,
        "bottom": gb.BOTTOM,
        "left": gb.LEFT,
        "header": gb.HEAD_FROM_TOP,
        "footer": gb.PAGE_NUMBER_FROM_BOTTOM,
        "gutter": 0,
    }
    properties.append(element("pgMar", **margins))
    properties.append(element("cols", space=0))
    properties.append(element("docGrid", type="lines", linePitch=gb.LINE))
    document.settings.odd_and_even_pages_header_footer = True
