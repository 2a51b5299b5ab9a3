"""The pages and data files of the site, and putting them below docs/.

Owns which pages there are and which places below docs/ are generated. `pages` is pure; only
`write` touches a file, and only inside those places.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from generator.data import second_process
from generator.data.published import Published
from generator.engine.model import City, Township
from generator.engine.problem import Message, Stop
from generator.engine.result import YearResult
from generator.pages import (
    downloads,
    guide,
    listpages,
    rulepages,
    scorecards,
    yearpages,
)
from generator.pages.annual import Year, by_year
from generator.pages.cards import Parts
from generator.pages.feeds import feeds
from generator.pages.layout import Site
from generator.pages.records import Record, changes, record_of
from generator.pages.wording import Words
from generator.review.history import History
from generator.shape.form import Form
from generator.words.messages import Catalogue

OWNED_FILES = ("index.md", "submit.md", "assets/terms.txt")
OWNED_FOLDERS = ("results", "townships", "rulebooks")
"""Everything else below docs/ is written by hand and left alone."""

Content = str | bytes


def pages(
    city: City,
    results: Sequence[YearResult],
    catalogue: Catalogue,
    *,
    repository: str | None = None,
    forms: Mapping[tuple[str, int], Form] | None = None,
    published: Mapping[int, Published] | None = None,
    history: History | None = None,
    alone: bool = False,
) -> Mapping[str, Content]:
    """Path below docs/ → content, of all years.

    `repository` is where the files can be read; `forms` holds the form of each rulebook, by
    its id and version, for the names of facts; `published` the years that are locked, with
    their files; `history` the commits, None outside a repository. `alone`: in this process only.
    """
    site = Site(city, results, Words(catalogue, repository))
    if results:  # pages about no rulebook speak in the words of the newest one
        site = site.under(results[-1].inputs.rulebook)
    locked = published or {}
    years = by_year(results, forms or {}, {number: locked[number].receipt for number in locked})
    records = {year.number: record_of(history, year.number) for year in years}
    pieces = [(year, Parts(site, year)) for year in years]
    of_years = (
        partial(_year, site, year, locked.get(year.number), records, newest=year is years[-1])
        for year in years
    )
    of_townships = (partial(_township, site, pieces, one, records) for one in city.townships)
    parts = [partial(_city, site, years), *of_years, *of_townships]
    return dict(second_process.done(parts, alone=alone))


def _city(site: Site, years: Sequence[Year]) -> Iterator[tuple[str, Content]]:
    yield from feeds(site, years)
    yield "assets/terms.txt", downloads.terms(site.city)
    yield "index.md", yearpages.front(site, years)
    yield "submit.md", guide.submit(site, years)
    yield "results/index.md", yearpages.years_index(site, years)
    yield "townships/index.md", scorecards.townships(site, years)
    yield "rulebooks/index.md", rulepages.rulebooks(site, years)
    for book in {(year.book.id, year.book.version): year.book for year in years}.values():
        path = f"rulebooks/{book.id}/{book.version}/index.md"
        yield path, rulepages.rulebook(site, book, years)


def _year(
    site: Site,
    year: Year,
    locked: Published | None,
    records: Mapping[int, Record],
    *,
    newest: bool,
) -> Iterator[tuple[str, Content]]:
    folder = f"results/{year.number}"
    made = downloads.files(year.result, site.words.catalogue, year.effects)
    if locked is not None:
        made = {**made, **downloads.published(locked)}
    for name, content in made.items():
        yield f"{folder}/{name}", content
        if newest:  # once more, at an address that stays the same
            yield f"results/latest/{name}", content
    yield f"{folder}/index.md", yearpages.ranking(site, year)
    yield f"{folder}/deductions.md", yearpages.deductions(site, year)
    yield f"{folder}/lists.md", listpages.lists(site, year)
    yield f"{folder}/changes.md", changes(site, year, records[year.number])


def _township(
    site: Site,
    pieces: Sequence[tuple[Year, Parts]],
    township: Township,
    records: Mapping[int, Record],
) -> Iterator[tuple[str, Content]]:
    years = [year for year, _ in pieces]
    yield f"townships/{township.id}.md", scorecards.township(site, years, township)
    for year, parts in pieces:
        if (standing := year.by_id.get(township.id)) is not None:
            page = scorecards.scorecard(parts, year, standing, records[year.number])
            yield f"results/{year.number}/{township.id}.md", page


def check_outside_data(root: Path, out: Path) -> None:
    """What is written below data/ would be taken for data at the next reading."""
    if out.resolve().is_relative_to((root / "data").resolve()):
        raise Stop(
            Message(
                "{path} is in data/, where nothing but data belongs; name another folder",
                {"path": str(out)},
            )
        )


def check_ours(root: Path, out: Path) -> None:
    """A slip in `--out` must not cost anybody a folder: stale pages are removed there."""
    check_outside_data(root, out)
    earlier = (out / OWNED_FILES[-1]).is_file()
    if not earlier and any((out / name).exists() for name in OWNED_FOLDERS):
        raise Stop(
            Message(
                "{path} holds something other than earlier pages, which could be removed;"
                " name another folder, or an empty one",
                {"path": str(out)},
            )
        )


def write(pages: Mapping[str, Content], out: Path) -> tuple[int, int]:
    """Put the pages below `out`: how many files were written and how many stale ones removed.

    A file that already says the same is not touched, so that a live view rebuilds little.
    """
    written = sum(_write(out / path, content) for path, content in pages.items())
    return written, _remove_stale(out, {out / path for path in pages})


def _write(path: Path, content: Content) -> bool:
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _remove_stale(out: Path, kept: set[Path]) -> int:
    """Remove generated files that no page has any more, and folders left empty by it."""
    removed = 0
    owned = [out / name for name in OWNED_FILES if (out / name).is_file()]
    for folder in OWNED_FOLDERS:
        owned += sorted((out / folder).rglob("*"), reverse=True)
    for path in owned:
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()
            removed += 1
    return removed
