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
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.mutants.equivalents import equivalents
from benchmarks.mutants.mutations import Mutant, mutants
from benchmarks.mutants.trials import Unsound, survivors

HOME = Path(__file__).resolve().parents[2]
ENOUGH = 97
"""Per cent of the mutants that must be noticed."""


def main() -> int:
    """Print the survivors and the share that was killed; 1 when that is too small."""
    parser = argparse.ArgumentParser(description="Mistakes planted in the engine.")
    parser.add_argument("--sample", type=int, default=420, help="how many (default 420; 0: all)")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--lanes", type=int, default=2, help="how many at a time")
    parser.add_argument("--root", type=Path, default=HOME, help="another checkout")
    options = parser.parse_args()
    os.chdir(options.root)
    known, since = {entry.mutant for entry in equivalents()}, time.monotonic()
    every = [mutant for mutant in of_engine() if mutant not in known]
    chosen = random.Random(options.seed).sample(every, options.sample or len(every))

    def step(survived: bool) -> None:
        print("s" if survived else ".", end="", file=sys.stderr, flush=True)

    left = survivors(Path.cwd(), chosen, options.lanes, step)
    print("\n".join(told(chosen, left)))
    share = 100 * (1 - len(left) / len(chosen))
    print(
        f"\n{len(chosen) - len(left)} of {len(chosen)} killed, {share:.1f} % (at least {ENOUGH} %); "
        f"{len(every)} mutants besides {len(known)} equivalent ones; "
        f"seed {options.seed}; {time.monotonic() - since:.0f} s"
    )
    return 0 if share >= ENOUGH else 1


def of_engine() -> Iterator[Mutant]:
    """Every mutant of the engine of the tree in which the process stands."""
    for path in sorted(Path("generator/engine").glob("*.py")):
        yield from mutants(path.as_posix(), path.read_text(encoding="utf-8"))


def told(chosen: Sequence[Mutant], left: Iterable[Mutant]) -> Iterator[str]:
    for mutant in sorted(left, key=lambda mutant: (mutant.module, mutant.function)):
        yield f"{mutant.module} {mutant.function} ({mutant.kind})"
        yield f"  - {mutant.original}\n  + {mutant.mutated}"
    survived, tried = Counter(one.kind for one in left), Counter(one.kind for one in chosen)
    yield "\n| kind | killed | of |\n|---|---:|---:|"
    for kind, number in sorted(tried.items()):
        yield f"| {kind} | {number - survived[kind]} | {number} |"


if __name__ == "__main__":
    sys.exit(main())
