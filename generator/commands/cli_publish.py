"""Commands about published years: publish, verify.

Only wires them: what a receipt is, and what it locks, is in `generator.data`.
"""

import os
import sys
from pathlib import Path

import click

from generator import __version__
from generator.commands.inputs import chosen_year, loaded_tree
from generator.commands.scaffold import write_new
from generator.commands.terminal import FOUND, Helpful, Run, common
from generator.data.published import verify
from generator.data.receipt import Receipt, path_of, receipt_of, written
from generator.data.tree import files_of
from generator.engine.model import YearInputs
from generator.engine.problem import Message, Stop
from generator.engine.rank import judged
from generator.reading.disk import kind
from generator.reading.files import DATA, DataFile, Folder, Kind, classify
from generator.reading.whole import clear
from generator.words.report import printable, problems
from generator.words.results import as_json
from generator.words.verified import receipt_object, verified_object, verified_text


@click.command("publish", cls=Helpful, epilog="Example: kaohe publish 2025")
@click.argument("year", type=int)
@common
def publish_command(run: Run, year: int) -> None:
    """Lock a final year: write the receipt of its result, once."""
    clear(run.root, f"{DATA}/{year}")
    if kind(run.root, path_of(year)) is not None:
        message = Message(
            "{year} has been published already; {path} stays as it is. What was wrong goes into "
            "data/{year}/corrections, and the first result stays beside the corrected one.",
            {"year": year, "path": path_of(year)},
        )
        raise Stop(message)
    loaded = loaded_tree(run)
    years = {inputs.assessment.year: inputs for inputs in loaded.years}
    inputs = years[chosen_year(list(years), year)]
    _final(inputs)
    receipt = receipt_of(inputs, judged(inputs).first, loaded.city, __version__)
    write_new(run.root, {receipt.path: written(receipt)})
    _told(run, receipt)


def _final(inputs: YearInputs) -> None:
    """Only what has been decided for good is published. Raises Stop."""
    assessment = inputs.assessment
    if assessment.status == "final" and "final" in assessment.dates:
        return
    args = {"year": assessment.year, "status": assessment.status}
    if assessment.status != "final":
        message = Message(
            "{year} is not final yet (its status is {status}); once it is decided, write "
            "status: final into data/{year}/assessment.yaml and publish it then.",
            args,
        )
        raise Stop(message)
    message = Message(
        "{year} does not say since when it is final; write dates.final into "
        "data/{year}/assessment.yaml and publish it then.",
        args,
    )
    raise Stop(message)


def _told(run: Run, receipt: Receipt) -> None:
    if run.form == "json":
        run.out(as_json(receipt_object(receipt)).rstrip("\n"))
        return
    run.out(f"{receipt.path}  {receipt.code}")
    run.note(
        "{year} is published and locked. Commit {path}; the circular prints the check code {code}.",
        year=receipt.year,
        path=receipt.path,
        code=receipt.code,
    )


@click.command("verify", cls=Helpful, epilog="Example: kaohe verify data/2024/published.json")
@click.argument("file", type=click.Path(path_type=Path))
@common
def verify_command(run: Run, file: Path) -> None:
    """Compute a published year again and say what differs; needs no Git and no network."""
    place = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow a link
    root = place.parents[2] if len(place.parents) > 2 else place.parent
    known = classify(place.relative_to(root).as_posix())
    if not os.path.lexists(place):
        raise Stop(Message("There is no {path}.", {"path": printable(str(file))}))
    if not (isinstance(known, DataFile) and known.kind is Kind.PUBLISHED):
        message = Message(
            "{path} is no receipt with its files around it; name data/YEAR/published.json in a "
            "city's folder, or in the unpacked published.zip of that year.",
            {"path": printable(str(file))},
        )
        raise Stop(message)
    files = files_of(Folder(root))
    if known not in files.listed:
        raise Stop(Message("There is no {path}.", {"path": printable(str(file))}))
    found = verify(files, known)
    if run.form == "json":
        run.out(as_json(verified_object(found, run.words)).rstrip("\n"))
    elif run.form == "text":
        run.out(verified_text(found, run.words, run.style))
    else:
        run.out(problems(found.problems, run.words, run.form))
    sys.exit(FOUND if found.problems else 0)
