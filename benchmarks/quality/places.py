"""Which pages are measured: of each kind the hardest, of the site as it was built.

Owns the choice only. The longest page of a kind stands for it, so that a longer one to come is
measured without being named here.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.pages.layout import RESERVED

_YEAR = re.compile(r"results/\d{4}/")


def places(site: Path) -> Mapping[str, str]:
    """Addresses below the site's by what they are; of a language, if `site` is its folder."""
    pages = {
        f"{page.parent.relative_to(site).as_posix()}/": page.stat().st_size
        for page in site.rglob("index.html")
    }

    def longest(fits: Callable[[str], object]) -> str:
        return max((address for address in pages if fits(address)), key=lambda one: pages[one])

    years = sorted(address for address in pages if _YEAR.fullmatch(address))
    return {
        "front page": "",
        "ranking": years[-1],
        "longest scorecard": longest(_scorecard),
        "deductions": longest(lambda one: re.fullmatch(r"results/\d{4}/deductions/", one)),
        "rulebook": longest(lambda one: re.fullmatch(r"rulebooks/[^/]+/[^/]+/", one)),
    }


def _scorecard(address: str) -> bool:
    parts = address.split("/")
    return bool(re.fullmatch(r"results/\d{4}/[^/]+/", address)) and parts[2] not in RESERVED
