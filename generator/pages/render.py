"""The pages and data files of the site, and putting them below docs/.

Owns which pages there are and which places below docs/ are generated. `pages` is pure; only
`write` touches a file, and only inside those places.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from generator.engine.problem import Message, Stop
from generator.engine.year import City, Township, YearResult
from generator.pages import book as rulepages
from generator.pages import card as scorecards
from generator.pages import files as downloads
from generator.pages import front as yearpages
from generator.pages.card import ClausePieces
from generator.pages.changes import ChangeRecord, changes, record_of
from generator.pages.layout import (
    ENGLISH,
    OWNED_FILES,
    OWNED_FOLDERS,
    Address,
    Rendered,
    Site,
    addressed,
    book_folder,
    handwritten,
)
from generator.pages.readings import readings as readings_page
from generator.pages.wording import Words
from generator.pages.year import AnyYear, Collected, YearView, by_year
from generator.reading.disk import (
    Copy,
    EntryKind,
    clear,
    entries,
    kind,
    not_followed,
    remove,
    remove_if_empty,
    replace,
    same,
    strange,
)
from generator.reading.files import DATA
from generator.review.diff import History
from generator.review.judge import done
from generator.review.readings import YearReadings
from generator.rulebook.books import Rendering
from generator.shape.form import Form
from generator.words.messages import Catalogue, catalogue
from generator.year.published import Published

Content = str | bytes


def pages(
    city: City,
    results: Sequence[YearResult],
    words: Catalogue,
    *,
    repository: str | None = None,
    forms: Mapping[tuple[str, int], Form] | None = None,
    published: Mapping[int, Published] | None = None,
    history: History | None = None,
    english: Mapping[tuple[str, int], Rendering] | None = None,
    readings: Mapping[int, YearReadings] | None = None,
    address: Address | None = None,
    collected: Sequence[Collected] = (),
    alone: bool = False,
) -> Mapping[str, Content]:
    """Path below docs/ → content, of all years; an open one is collected, not judged in public.

    `repository` is where the files can be read; `forms` holds the form of each rulebook, by
    its id and version, for the names of facts; `published` the locked years, with their files;
    `history` the commits, None outside a repository; `english` the texts of rulebooks for pages in
    English; `readings` the years judged by other readings, None in a preview, which tries none;
    `collected` who has reported; links are made for `address`. `alone`: in this process only.
    """
    results = [result for result in results if result.inputs.assessment.status != "open"]
    opened = [year for year in collected if year.open]
    site = Site(city, results, Words(words, repository), english or {}, Rendered(words))
    if results:  # pages about no rulebook speak in the words of the newest one
        site = site.under(results[-1].inputs.rulebook)
    elif opened:
        site = site.under(opened[-1].book)
    locked = published or {}
    receipts = {number: own.receipt for number, own in locked.items()}
    reports = {year.number: year.reports for year in collected}
    years = by_year(results, forms or {}, receipts, reports)
    records = {year.number: record_of(history, year.number) for year in years}
    pieces = [(year, ClausePieces(site, year)) for year in years]
    of_years = (
        partial(
            _year,
            *(site, year, locked.get(year.number), records[year.number]),
            *((readings or {}).get(year.number),),
            tried=readings is not None,
            newest=year is years[-1],
        )
        for year in years
    )
    of_townships = (partial(_township, site, pieces, unit, records) for unit in city.townships)
    of_open = (partial(_open, site, year) for year in opened)
    parts = [partial(_city, site, years, opened), *of_years, *of_open, *of_townships]
    return addressed(dict(done(parts, alone=alone)), address or Address())


def english_too(
    chinese: Mapping[str, Content], english: Mapping[str, Content], docs: Path
) -> Mapping[str, Content | Copy]:
    """The pages of both languages, with what is written by hand below `docs` in English as well."""
    by_hand = handwritten(docs, catalogue("en"))
    below = {f"{ENGLISH.below}/{path}": data for path, data in {**by_hand, **english}.items()}
    return {**chinese, **below}


def _open(site: Site, year: Collected) -> Iterator[tuple[str, Content]]:
    folder, own = f"results/{year.number}", site.under(year.book)
    yield f"{folder}/index.md", yearpages.collected(own, year, f"{folder}/index.md")
    yield f"{folder}/dates.ics", downloads.calendar(own, year)


def _city(
    site: Site, years: Sequence[YearView], opened: Sequence[Collected]
) -> Iterator[tuple[str, Content]]:
    yield from downloads.feeds(site, years)
    yield "assets/terms.txt", downloads.terms(site.city)
    yield "index.md", yearpages.front(site, years, opened)
    yield "submit.md", yearpages.submit(site, years, opened)
    yield "results/index.md", yearpages.years_index(site, years, opened)
    yield "townships/index.md", scorecards.townships(site, years)
    yield "rulebooks/index.md", rulepages.rulebooks(site, years, opened)
    any_year: list[AnyYear] = [*years, *opened]
    for book in {(year.book.id, year.book.version): year.book for year in any_year}.values():
        own, folder = site.under(book), book_folder(book)
        yield f"{folder}index.md", rulepages.rulebook(own, book, years, opened)
        yield f"{folder}register.md", rulepages.register(own, book, years, opened)


def _year(
    site: Site,
    year: YearView,
    locked: Published | None,
    record: ChangeRecord,
    readings: YearReadings | None,
    *,
    tried: bool,
    newest: bool,
) -> Iterator[tuple[str, Content]]:
    folder, site = f"results/{year.number}", site.under(year.book)
    files = downloads.files(year.result, site.city, year.effects, site.words.catalogue)
    files = {**files, **(downloads.published(locked) if locked else {})}
    for name, content in files.items():
        yield f"{folder}/{name}", content
        if newest:  # once more, at an address that stays the same
            yield f"results/latest/{name}", content
    yield f"{folder}/index.md", yearpages.ranking(site, year)
    yield f"{folder}/deductions.md", yearpages.deductions(site, year)
    yield f"{folder}/lists.md", yearpages.lists(site, year)
    yield f"{folder}/changes.md", changes(site, year, record)
    if year.book.readings:
        yield f"{folder}/readings.md", readings_page(site, year, readings, tried=tried)


def _township(
    site: Site,
    pieces: Sequence[tuple[YearView, ClausePieces]],
    township: Township,
    records: Mapping[int, ChangeRecord],
) -> Iterator[tuple[str, Content]]:
    years = [year for year, _ in pieces]
    yield f"townships/{township.id}.md", scorecards.township(site, years, township)
    for year, parts in pieces:
        if (standing := year.by_id.get(township.id)) is not None:
            page = scorecards.scorecard(parts, year, standing, records[year.number])
            yield f"results/{year.number}/{township.id}.md", page
        elif heirs := site.city.heirs(township, year.number):
            page = scorecards.succeeded(site.under(year.book), year, township, heirs)
            yield f"results/{year.number}/{township.id}.md", page


def check_outside_data(root: Path, out: Path) -> None:
    """What is written below data/ would be taken for data at the next reading."""
    if out.resolve().is_relative_to((root / DATA).resolve()):
        raise Stop(
            Message(
                "{path} is in data/, where nothing but data belongs; name another folder",
                {"path": str(out)},
            )
        )


def check_ours(root: Path, out: Path) -> None:
    """A slip in `--out` must not cost anybody a folder: stale pages are removed there."""
    check_outside_data(root, out)
    if links := strange(out, *OWNED_FILES, *OWNED_FOLDERS):
        raise Stop(not_followed(str(out / path) for path in links))
    earlier = kind(out, OWNED_FILES[-1]) is EntryKind.FILE
    if not earlier and any(kind(out, name) for name in OWNED_FOLDERS):
        raise Stop(
            Message(
                "{path} holds something other than earlier pages, which could be removed;"
                " name another folder, or an empty one",
                {"path": str(out)},
            )
        )


def write(pages: Mapping[str, Content | Copy], out: Path) -> tuple[int, int]:
    """Put the pages below `out`: how many files were written and how many stale ones removed.

    A file that already says the same is not touched, so that a live view rebuilds little.
    """
    chunks: dict[str, Iterable[bytes]] = {}
    for path, content in pages.items():
        data = content.encode() if isinstance(content, str) else content
        chunks[path] = (data,) if isinstance(data, bytes) else data
    changed = {path: content for path, content in chunks.items() if not same(out, path, content)}
    replace(out, changed)
    # Files that no page has any more go, folders left empty by it, and what a killed run left.
    removed = 0
    clear(out, *{path.rpartition("/")[0] for path in OWNED_FILES})
    # What a folder holds sorts after it, so it goes before it.
    for path, what in sorted(entries(out, *OWNED_FILES, *OWNED_FOLDERS), reverse=True):
        if what is EntryKind.FOLDER:
            clear(out, path)
            remove_if_empty(out, path)
        elif path not in pages:
            remove(out, path)
            removed += 1
    return len(changed), removed
