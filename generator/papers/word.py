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

from generator.pages.packed import packed
from generator.papers import standard as gb
from generator.papers.elements import element, field, paragraph, run
from generator.papers.parts import Line, Paper, Sheet, Table
from generator.papers.styles import STYLES, Look, indents, prepare
from generator.papers.wordtables import imprint, table

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
        side = element("ind", **{f"{align}Chars": 100, align: gb.SIZE_4 * 10})
        made = paragraph("page", "", side, element("jc", val=align))
        made.extend([run("— "), *field("PAGE"), run(" —")])
        own.append(made)
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        own = head._element  # noqa: SLF001
        for child in list(own):
            own.remove(child)
        own.append(paragraph("draft", "　".join(marks)))
