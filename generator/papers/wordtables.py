"""The tables of a Word file: as wide as the text, heads on every page, rows whole; the imprint.

Owns how rows and widths are written down. Must not choose what stands in them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from docx.oxml.ns import qn

from generator.papers import standard as gb
from generator.papers.elements import element, paragraph
from generator.papers.parts import Column, Imprint, Row, Table

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
    widths = [gb.TEXT_WIDTH * column.width // whole for column in columns]
    widths[-1] += gb.TEXT_WIDTH - sum(widths)
    return widths


def _table_properties(*more: Any) -> Any:
    made = element("tblPr")
    ordered = [one for one in more if one.tag == qn("w:tblpPr")]
    rest = [one for one in more if one.tag != qn("w:tblpPr")]
    margins = element("tblCellMar")
    margins.extend([element(side, w=_MARGIN, type="dxa") for side in ("left", "right")])
    width = element("tblW", w=gb.TEXT_WIDTH, type="dxa")
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
    for side, size in (("top", gb.THICK), ("bottom", gb.THICK), ("insideH", gb.THIN)):
        borders.append(element(side, val="single", sz=size, space=0, color="000000"))
    made.append(_table_properties(place, borders))
    widths = (gb.TEXT_WIDTH * 3 // 5, gb.TEXT_WIDTH - gb.TEXT_WIDTH * 3 // 5)
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
