"""What all pages have in common: templates, front matter, addresses, the way up.

Owns the Jinja environment and where each page stands. Must not choose what a page says.

Escaping cannot be forgotten: whatever a template prints goes through `finalize`, and only
`Safe` comes out as it is. Jinja's own autoescape stays off, because it knows HTML alone and
takes its own `Markup` (a `|safe`, a joined list) for enough; here these are escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import jinja2

from generator.engine.book import Rulebook
from generator.engine.model import City
from generator.engine.result import YearResult
from generator.pages.changed import Changed
from generator.pages.foreign import marked
from generator.pages.rendered import Rendered
from generator.pages.wording import Words
from generator.words.escape import Safe, escape, title

_TEMPLATES = Path(__file__).parent.parent / "templates"

RESERVED = ("changes", "deductions", "index", "lists", "readings")
"""Names of pages inside a year's folder; no township may have one as its id."""


class _Context(jinja2.runtime.Context):
    """Calls what a template calls as it is: nothing there asks for Jinja's own arguments."""

    def call(
        self,
        called: Callable[..., object],
        *args: object,
        _loop_vars: object = None,
        _block_vars: object = None,
        **named: object,
    ) -> object:
        return called(*args, **named)


@cache
def environment() -> jinja2.Environment:
    """The templates, compiled once."""
    made = jinja2.Environment(  # noqa: S701 - finalize escapes more than autoescape does
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        finalize=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.context_class = _Context
    return made


@dataclass(frozen=True, slots=True)
class Site:
    """All that pages are made from; `results` oldest first.

    `english` holds the rulebooks' texts in English, for a site in that language.
    """

    city: City
    results: Sequence[YearResult]
    words: Words
    said: dict[str, Safe] = field(default_factory=dict, compare=False)
    english: Mapping[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)
    rendered: Rendered | None = None

    def under(self, book: Rulebook) -> "Site":
        """The same site in the words of one rulebook."""
        texts = self.english.get((book.id, book.version), {})
        words = replace(self.words, wording=book.wording)
        return replace(self, words=words, rendered=Rendered(words.catalogue, texts))

    @property
    def beside(self) -> Rendered:
        """The English that stands beside the Chinese of the rulebook that pages are about."""
        return self.rendered or Rendered(self.words.catalogue)

    def page(self, template: str, path: str, name: str, **context: object) -> str:
        """One page: front matter, the way up, and the template filled.

        `path` is the page's below docs/; `crumbs` pairs of address and name lead to it.
        """
        words, up = self.words, Safe("../" * depth(path))
        book: object = context.get("book")
        filled = (
            environment()
            .get_template(template)
            .render(
                {
                    "_": self._said,
                    "w": words,
                    "changed": Changed(words),
                    "text": words.catalogue.text,
                    "english": self.beside,
                    "city": self.city,
                    "asker": self.asker,
                    "up": up,
                    "gap": Safe("" if words.catalogue.lang == "zh" else " "),
                    "historical": isinstance(book, Rulebook) and book.status == "historical",
                    "crumbs": (),
                    "name": name,
                    **context,
                }
            )
        )
        # The regulation, documents and reasons stay in the language that they were written in.
        shown = filled if words.catalogue.lang == "zh" else marked(filled)
        return self._front_matter(path, name, context) + shown

    def asker(self, office: str) -> str:
        """Who asked for a correction: a township by its name, another office as it is written."""
        named = (one.name for one in self.city.townships if one.id == office)
        return next(map(self.words.text, named), office)

    def _said(self, msgid: str, **args: object) -> Safe:
        """A message, escaped; those without arguments are the same on every page."""
        if args:
            return escape(self.words.catalogue._(msgid, **args))
        found = self.said.get(msgid)
        if found is None:
            found = self.said[msgid] = escape(self.words.catalogue._(msgid))
        return found

    def _front_matter(self, path: str, name: str, context: Mapping[str, object]) -> str:
        summary = str(context.get("summary", name))
        hidden = ", ".join(str(part) for part in _sequence(context.get("hide", ("navigation",))))
        return (
            f"---\ntitle: {title(name)}\ndescription: {title(summary)}\nhide: [{hidden}]\n"
            f"{self._sought_first(path)}---\n\n"
        )

    def _sought_first(self, path: str) -> str:
        """Among pages with the same words the search puts the rules first, then the newest year."""
        newest = self.results[-1].inputs.assessment.year if self.results else None
        boosts = {"rulebooks/": 2, f"results/{newest}/": 1.5}
        found = (boost for folder, boost in boosts.items() if path.startswith(folder))
        return "".join(f"search: {{boost: {boost}}}\n" for boost in found)


def depth(path: str) -> int:
    """How many folders the page's address lies below the site's."""
    folders = path.count("/")
    return folders if path.rpartition("/")[2] == "index.md" else folders + 1


def book_folder(book: Rulebook) -> str:
    """Where a rulebook's page is, from the site's top."""
    return f"rulebooks/{book.id}/{book.version}/"


def year_crumbs(site: Site, year: int) -> tuple[tuple[str, str], ...]:
    """The way up from a page inside a year's folder."""
    _ = site.words.catalogue._
    return ("results/", _("Years")), (f"results/{year}/", _("{year}: ranking", year=year))


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) else ()
