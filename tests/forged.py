"""`python -m tests.forged`: the receipts of the cases, made anew when what they rest on changes.

`tests/valid/published-year` is published as a user would do it; the cases that need a receipt
with a right check code and wrong content are forged from that.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generator.engine.rank import judged
from generator.year.receipt import CODE, canonical, code_of, receipt_of, written
from tests.cases import INVALID, VALID, laid_out, loaded

RECEIPT = "data/2025/published.json"
ENGINE = "0.1.0"
"""The version that they say; which one it is does not matter."""


def _another_score(value: dict[str, Any]) -> dict[str, Any]:
    first, *others = value["townships"]
    first["sections"][2]["clauses"][0]["points"] = "0"
    return value | {"townships": [first | {"score": "1", "rank": 9}, *others]}


_MORE = {"path": "data/2025/inspections/qingshan.yaml", "sha256": "0" * 64}

FORGED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "locked-result-differs/score": _another_score,
    "locked-result-differs/township": lambda value: value | {"townships": value["townships"][1:]},
    "locked-file-changed/gone": lambda value: value | {"inputs": [*value["inputs"], _MORE]},
    "id-mismatch/receipt": lambda value: value | {"year": 2024},
    "missing-key/receipt": lambda value: {key: value[key] for key in value if key != "engine"},
}


def made() -> dict[Path, bytes]:
    """Where each receipt of the cases stands, and what it should hold."""
    whole = VALID / "published-year"
    with tempfile.TemporaryDirectory() as folder:
        root = laid_out(whole, Path(folder))
        (root / RECEIPT).unlink(missing_ok=True)
        city = loaded(root)
        (inputs,) = city.years
        receipt = written(receipt_of(inputs, judged(inputs).first, city.city, ENGINE))
    receipts = {whole / RECEIPT: receipt}
    for case, forge in FORGED.items():
        value = forge(json.loads(receipt))
        receipts[INVALID / case / RECEIPT] = canonical(value | {CODE: code_of(value)}) + b"\n"
    return receipts


if __name__ == "__main__":
    for path, data in made().items():
        path.write_bytes(data)
