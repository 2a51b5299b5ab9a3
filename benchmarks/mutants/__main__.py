"""`python -m benchmarks.mutants`: plants mistakes in the engine and says which no test notices.

The same code and the same seed give the same sample. Those in `equivalents.yaml` change nothing
that anybody could see; they are left out. `--root` names another checkout, whose engine and whose
tests are then used.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.mutants.equivalents import equivalents
from benchmarks.mutants.mutations import Mutant, mutants
from benchmarks.mutants.trials import Unsound, survivors

HOME = Path(__file__).resolve().parents[2]
ENOUGH = 97
"""Per cent of the mutants that must be noticed."""


def main() -> int:
    """Print the survivors and the share that was killed.

    The exit code is 0 when that is enough, 1 when it is not, 2 when nothing can be tried: there is
    no such module, or the tests fail as it is.
    """
    options = _options()
    os.chdir(options.root)
    known, since = equivalents(), time.monotonic()
    every = list(of_engine(options.only))
    if not every:
        print(f"There is no module generator/engine/{options.only}.py.", file=sys.stderr)
        return 2
    number = min(options.sample or len(every), len(every))
    sample = random.Random(options.seed).sample(every, number)
    chosen = [mutant for mutant in sample if mutant.name not in known]

    def step(mutant: Mutant, survived: bool) -> None:
        print(f"\n{shown(mutant)}" if survived else ".", end="", file=sys.stderr, flush=True)

    try:
        left = survivors(
            Path.cwd(), chosen, lanes=options.lanes, patience=options.patience, step=step
        )
    except Unsound as unsound:
        print(f"With nothing mutated there fail: {unsound}", file=sys.stderr)
        return 2
    print("\n".join(told(chosen, left)))
    killed = len(chosen) - len(left)
    share = 100 * killed / len(chosen)
    print(f"\n{killed} of {len(chosen)} killed, {share:.1f} % (at least {ENOUGH} %); ", end="")
    print(f"{len(sample) - len(chosen)} more are equivalent; {len(every)} in all; ", end="")
    print(f"seed {options.seed}; {time.monotonic() - since:.0f} s")
    return 0 if share >= ENOUGH else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mistakes planted in the engine.")
    parser.add_argument("--sample", type=int, default=440, help="how many (default 440; 0: all)")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument(
        "--only", default="*", metavar="MODULE", help="of this module (default: of all)"
    )
    parser.add_argument("--lanes", type=int, default=2, help="how many at a time")
    parser.add_argument("--patience", type=float, default=60, help="seconds for one (default 60)")
    parser.add_argument("--root", type=Path, default=HOME, help="another checkout")
    return parser.parse_args()


def of_engine(only: str = "*") -> Iterator[Mutant]:
    """Every mutant of the engine of the tree in which the process stands; `only` names modules."""
    for path in sorted(Path("generator/engine").rglob(f"{only}.py")):
        yield from mutants(path.as_posix(), path.read_text(encoding="utf-8"))


def told(chosen: Sequence[Mutant], left: Sequence[Mutant]) -> Iterator[str]:
    """The survivors, then how many of each kind were killed."""
    for mutant in sorted(left, key=lambda mutant: mutant.name):
        yield shown(mutant)
    survived, tried = Counter(one.kind for one in left), Counter(one.kind for one in chosen)
    yield "\n| kind | killed | of |\n|---|---:|---:|"
    for kind, number in sorted(tried.items()):
        yield f"| {kind} | {number - survived[kind]} | {number} |"


def shown(mutant: Mutant) -> str:
    name = mutant.name
    return f"{name.module} {name.function} ({mutant.kind})\n  - {name.original}\n  + {name.mutated}"


if __name__ == "__main__":
    sys.exit(main())
