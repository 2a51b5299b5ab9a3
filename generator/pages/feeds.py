"""Atom feeds (RFC 4287) of published results and corrections: all of them, a year's, a unit's.

Owns what an entry says. Addresses are relative, so that a feed works wherever the site stands;
ids are made from what an entry is about and never change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from generator.engine.model import Correction, Township
from generator.pages.annual import Year
from generator.pages.layout import Site, depth

NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST = 50
"""So many entries a feed has, the newest."""

_MIDNIGHT = "T00:00:00+08:00"
"""Dates are local days of the city (UTC+8)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something published: `name` tells it apart, `page` is its address from the site's top."""

    name: str
    day: str
    title: str
    summary: str
    page: str
    township: str | None = None


def feeds(site: Site, years: Sequence[Year]) -> Iterator[tuple[str, bytes]]:
    """Every feed by its path below docs/."""
    entries = {year.number: list(_entries(site.under(year.book), year)) for year in years}
    everything = [entry for those in entries.values() for entry in those]
    yield "feed.xml", _feed(site, "feed.xml", site.words.text(site.city.name), everything)
    for number, those in entries.items():
        title = site.words._("{city}, {year}", city=site.city.name, year=number)
        path = f"results/{number}/feed.xml"
        yield path, _feed(site, path, title, those)
    for township in site.city.townships:
        mine = [one for year in years for one in _of(site, year, township, entries[year.number])]
        path = f"townships/{township.id}/feed.xml"
        yield path, _feed(site, path, site.words.text(township.name), mine)


# --- entries --------------------------------------------------------------------------


def _entries(site: Site, year: Year) -> Iterator[Entry]:
    w, dates, page = site.words, year.assessment.dates, f"results/{year.number}/"
    published, final = dates.get("published"), dates.get("final")
    if published and year.assessment.status != "open":
        until = dates.get("objections_until")
        summary = w._("Objections are accepted until {date}.", date=w.date(until)) if until else ""
        title = w._("{year}: provisional result published", year=year.number)
        yield Entry("published", published, title, summary, page)
    if final and year.assessment.status == "final":
        code = w._("check code {code}", code=year.receipt.code) if year.receipt else ""
        title = w._("{year}: final result", year=year.number)
        yield Entry("final", final, title, code, page)
    names = {one.id: one.name for one in site.city.townships}
    for one in year.result.inputs.corrections:
        yield _correction(site, year, one, w.text(names[one.township]))


def _correction(site: Site, year: Year, one: Correction, name: str) -> Entry:
    title = site.words._(
        "{township}, {year}: correction {id}, clause {clause}: {decision}",
        township=name,
        year=year.number,
        id=one.id,
        clause=one.clause,
        decision=site.words.decision(one.decision),
    )
    page = f"results/{year.number}/{one.township}/#corrections"
    return Entry(f"correction-{one.id}", one.decided_on, title, one.reason, page, one.township)


def _of(site: Site, year: Year, township: Township, entries: Iterable[Entry]) -> Iterator[Entry]:
    """What is about one unit: its own corrections, and each result with its score and rank."""
    standing = year.by_id.get(township.id)
    if standing is None:
        return
    w = site.under(year.book).words
    for entry in entries:
        if entry.township == township.id:
            yield entry
        elif entry.township is None:
            told = w.rank(standing)
            if standing.scorecard:
                told = f"{w.scored(standing.scorecard.score)}{w._(', ')}{told}"
            page = f"results/{year.number}/{township.id}/"
            title = w._("{title}: {told}", title=entry.title, told=told)
            name = f"{entry.name}-{township.id}"
            yield Entry(name, entry.day, title, entry.summary, page, township.id)


# --- XML ------------------------------------------------------------------------------


def _feed(site: Site, path: str, title: str, entries: Iterable[Entry]) -> bytes:
    newest = sorted(entries, key=lambda one: (one.day, one.page, one.name), reverse=True)[:LONGEST]
    up = "../" * depth(path.replace("feed.xml", "index.md"))
    feed = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": _lang(site)})
    _put(feed, "title", title)
    _put(feed, "id", _id(site, path))
    _put(feed, "updated", (newest[0].day if newest else "1970-01-01") + _MIDNIGHT)
    _put(ElementTree.SubElement(feed, "author"), "name", site.words.text(site.city.office))
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": "feed.xml"})
    ElementTree.SubElement(feed, "link", {"href": "./"})
    for one in newest:
        row = ElementTree.SubElement(feed, "entry")
        _put(row, "title", one.title)
        _put(row, "id", _id(site, f"{one.page} {one.name}"))
        _put(row, "updated", one.day + _MIDNIGHT)
        ElementTree.SubElement(row, "link", {"href": up + one.page})
        if one.summary:
            _put(row, "summary", one.summary)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _lang(site: Site) -> str:
    return "zh-CN" if site.words.catalogue.lang == "zh" else "en"


def _id(site: Site, about: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'kaohe {site.city.name.zh} {about}')}"


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
