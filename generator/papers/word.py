"""A paper as a Word file (.docx), which WPS and LibreOffice open as well.

Owns how lines, tables and sheets lie on the pages. The same paper gives the same bytes: no clock,
parts in order, packed without compression. Must not choose a word of what is said.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import chain
from typing import Any
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.oxml.ns import qn

from generator.pages.packed import packed
from generator.papers import standard as gb
from generator.papers.parts import Column, Imprint, Line, Paper, Row, Sheet, Table
from generator.papers.styles import STYLES, Look, element, identity, indents, prepare

_LONG_AGO = "1980-01-01"
_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering", "/webSettings")
"""What python-docx brings with its empty document and no paper of ours has."""

_MARGIN = 60
"""Between a cell's text and its lines."""

_SPLIT_FROM = 1200
"""A row with more characters may go on over the page; all others stay whole."""

_TOGETHER = 4
"""So many rows at the end of a table stand on one page."""

_OWN_PAGE = 8
"""Sheets with more rows begin on a page of their own, so that each can be handed out."""

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def word(paper: Paper) -> bytes:
    """The bytes of the file."""
    document = docx.Document()
    prepare(document)
    _about(document, paper)
    body: Any = document.element.body
    last = body[-1]
    parts = (_head(paper), _body(paper), _end(paper), _annexes(paper), _imprint(paper.imprint))
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


# --- paragraphs -----------------------------------------------------------------------


def paragraph(style: str, text: str = "", *more: Any, size: int = 0) -> Any:
    """A paragraph; `more` are properties besides those of its style."""
    made, properties = element("p"), element("pPr")
    properties.append(element("pStyle", val=identity(style)))
    for one in more:
        properties.append(one)
    made.append(properties)
    if text:
        made.append(_run(text, size))
    return made


def _run(text: str, size: int = 0) -> Any:
    made, said = element("r"), element("t")
    if size:
        properties = element("rPr")
        properties.extend([element("sz", val=size), element("szCs", val=size)])
        made.append(properties)
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.append(said)
    return made


# --- from the mark to the date --------------------------------------------------------


def _head(paper: Paper) -> Iterator[Any]:
    """Mark, number, red line, title, addressee."""
    if paper.mark:
        size = gb.mark_size(paper.mark)
        line = element("spacing", before=gb.MARK_BELOW, after=0, line=size * 12, lineRule="exact")
        yield paragraph("mark", paper.mark, line, element("jc", val="center"), size=size)
    border = element("pBdr")
    border.append(element("bottom", val="single", sz=18, space=gb.RULE_BELOW, color=gb.RED))
    yield paragraph("number", paper.number, border)
    yield _title(paper.title)
    if paper.addressee:
        yield paragraph("addressee", paper.addressee)


def _title(text: str) -> Any:
    """The title; where it says ／ it goes on in the next line, so that words stay whole."""
    first, *rest = text.split("／")
    made = paragraph("title", first)
    for line in rest:
        run = element("r")
        run.append(element("br"))
        made.extend([run, _run(line)])
    return made


def _body(paper: Paper) -> Iterator[Any]:
    before: Line | Table | None = None
    for one in paper.body:
        if isinstance(one, Table):
            if isinstance(before, Table):
                yield paragraph("gap")
            yield from _table(one)
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
    rights = gb.closing(paper.issuer, paper.date)
    blank = element("spacing", before=2 * gb.LINE, after=0, line=gb.LINE, lineRule="exact")
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
    blank = element("spacing", before=gb.LINE, after=0, line=gb.LINE, lineRule="exact")
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
                yield from _table(one)


def _sheet(sheet: Sheet, place: int) -> Iterator[Any]:
    rows = len(sheet.table.rows) if sheet.table else 0
    own = [element("pageBreakBefore")] if place and rows > _OWN_PAGE else []
    if place and not own:
        yield paragraph("gap")
    yield paragraph("unit", sheet.title, *own)
    last = [] if sheet.table else [element("keepNext", val=0)]
    yield paragraph("result", sheet.result, *last)
    if sheet.table:
        yield from _table(sheet.table)
    for remark in sheet.remarks:
        yield paragraph("remark", remark)


# --- tables ---------------------------------------------------------------------------


def _table(table: Table) -> Iterator[Any]:
    """As wide as the text, its head again on every page, rows whole."""
    if table.caption:
        yield paragraph("caption", table.caption)
    widths = _widths(table.columns)
    made = element("tbl")
    made.append(_table_properties(_borders()))
    grid = element("tblGrid")  # WPS shows no table without it
    grid.extend([element("gridCol", w=width) for width in widths])
    made.append(grid)
    heads = Row(tuple(column.head for column in table.columns))
    made.append(_row(heads, table, widths, "head"))
    for place, row in enumerate(table.rows):
        style = "sum" if row.strong else "cell"
        # The last rows stay together: a sum alone on a page says of nothing what it is.
        keep = len(table.rows) - _TOGETHER <= place < len(table.rows) - 1
        made.append(_row(row, table, widths, style, keep=keep))
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


# --- imprint, head and foot of the page -----------------------------------------------


def _imprint(imprint: Imprint) -> Iterator[Any]:
    """At the bottom of the last page: copies, then who printed it and when."""
    rows = []
    if imprint.copied:
        rows.append((f"抄送：{imprint.copied.removeprefix('抄送：').rstrip('。')}。", ""))
    if imprint.printer or imprint.printed:
        rows.append((imprint.printer, imprint.printed))
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
    yield paragraph("gap")


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


def _frame(document: Document, marks: Sequence[str]) -> None:
    """Page numbers: right on odd pages, left on even ones; the marks of a draft above."""
    section = document.sections[0]
    for foot, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        foot.is_linked_to_previous = False
        own: Any = foot._element  # noqa: SLF001 - python-docx writes no fields
        for child in list(own):
            own.remove(child)
        side = element("ind", **{f"{align}Chars": 100, align: gb.SIZE_4 * 10})
        made = paragraph("page", "", side, element("jc", val=align))
        made.extend([_run("— "), *_field("PAGE"), _run(" —")])
        own.append(made)
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        own = head._element  # noqa: SLF001
        for child in list(own):
            own.remove(child)
        own.append(paragraph("draft", "　".join(marks)))


def _field(name: str) -> Iterator[Any]:
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
