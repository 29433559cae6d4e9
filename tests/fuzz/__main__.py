"""``python -m fuzz [--inputs N] [--seed N] [--grammar NAME] [--processes N]``: throw texts at the grammars.

Prints what came of them. A process that dies is as much a failure as a wrong answer: its seed is printed, so that the
same texts can be thrown again.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from fuzz.grammars import GRAMMARS, Grammar
from fuzz.hostile import HOSTILE
from fuzz.inputs import inputs
from fuzz.judge import judge

PORTION = 5_000
"""Texts of one seed."""


def throw(name: str, seed: int, count: int) -> Counter[str]:
    """Throw ``count`` texts at a grammar; fail with the first by which it fails."""
    grammar = next(one for one in GRAMMARS if one.name == name)
    outcomes: Counter[str] = Counter()
    for text in inputs(grammar, seed, count):
        outcomes[_judged(grammar, text)] += 1
    return outcomes


def _judged(grammar: Grammar, text: str) -> str:
    try:
        return judge(grammar, text)
    except Exception as error:
        reason = traceback.format_exc(limit=-3)
        raise RuntimeError(
            f"{grammar.name} fails by {text[:2_000]!r}: {type(error).__name__} {error}\n{reason}"
        ) from None


def _seconds() -> float:
    """Processor time of the processes that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> int:
    """Throw texts at all grammars; return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="texts, over all grammars")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where the texts begin")
    parser.add_argument("--grammar", action="append", choices=[one.name for one in GRAMMARS])
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    names = asked.grammar or [one.name for one in GRAMMARS]
    portions = max(1, asked.inputs // PORTION // len(names) + 1)
    for grammar in GRAMMARS:
        for text in HOSTILE if grammar.name in names else ():
            _judged(grammar, text)
    total: Counter[tuple[str, str]] = Counter()
    failed = 0
    with ProcessPoolExecutor(asked.processes, max_tasks_per_child=None) as pool:
        work = {
            pool.submit(throw, name, asked.seed + portion, PORTION): (name, asked.seed + portion)
            for portion in range(portions)
            for name in names
        }
        for done in as_completed(work):
            name, seed = work[done]
            try:
                total.update({(name, outcome): count for outcome, count in done.result().items()})
            except (RuntimeError, BrokenProcessPool) as error:
                failed += 1
                print(f"seed {seed}, {name}: {error}", file=sys.stderr)
    for name in names:
        answered, refused = total[name, "answered"], total[name, "refused"]
        print(f"{name:<10} {answered + refused:>9,} texts: {answered:>9,} answered, {refused:>9,} refused")
    texts = f"{total.total():,} texts from seed {asked.seed}"
    print(f"{texts}; {failed} portions failed; {_seconds():.0f} s of processor time")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
