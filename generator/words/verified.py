"""A receipt that has been computed again, and one just written, as text or plain data.

Owns the wording of what was compared. Must not compare.
"""

from typing import Any

from generator import __version__
from generator.data.published import Verified
from generator.data.receipt import Receipt
from generator.reading.screen import masked
from generator.words.messages import Catalogue
from generator.words.report import Style, plain, printable, problems, problems_object


def verified_text(found: Verified, catalogue: Catalogue, style: Style = plain) -> str:
    """What was compared, and what differs, a line each."""
    lines = list(_compared(found, found.receipt, catalogue)) if found.receipt else []
    if found.problems:
        lines.append(problems(found.problems, catalogue, "text", style))
    else:
        lines.append(style(catalogue._("Nothing differs: the published result stands."), "strong"))
    return "\n".join(lines)


def _compared(found: Verified, receipt: Receipt, catalogue: Catalogue) -> list[str]:
    _ = catalogue._
    lines = [
        _(
            "{year}: {rulebook} version {version}, final since {final}; check code {code}",
            year=receipt.year,
            rulebook=receipt.rulebook["id"],
            version=receipt.rulebook["version"],
            final=receipt.final,
            code=receipt.code,
        ),
        _(
            "published by kaohe {then}, computed again by kaohe {now}; files: {files}, with a "
            "result each: {townships}",
            then=printable(masked(receipt.engine)),
            now=__version__,
            files=len(receipt.inputs) + 1,
            townships=len(receipt.townships),
        ),
    ]
    if found.corrections:
        args = {"corrections": found.corrections}
        lines.append(_("corrections decided later, outside the receipt: {corrections}", **args))
    return lines


def verified_object(found: Verified, catalogue: Catalogue) -> dict[str, Any]:
    """The same as data."""
    receipt = found.receipt
    about = (
        {}
        if receipt is None
        else receipt_object(receipt)
        | {
            "rulebook": receipt.rulebook,
            "final": receipt.final,
            "engine": {"published": masked(receipt.engine), "now": __version__},
            "files": len(receipt.inputs) + 1,
            "townships": len(receipt.townships),
            "corrections": list(found.corrections),
        }
    )
    return about | {"same": not found.problems, **problems_object(found.problems, catalogue)}


def receipt_object(receipt: Receipt) -> dict[str, Any]:
    """Which receipt it is."""
    return {"year": receipt.year, "path": receipt.path, "check_code": receipt.code}
