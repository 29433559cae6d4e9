"""``python -m bench``: measures in databases that ``scripts/bench`` made, prints a table, writes ``bench.json``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench import load, snapshots
from bench.entry import Entry, table, write_json
from bench.feeds import write_feeds
from bench.process import Runner
from ckanext.cpdi.declare import read_library, read_profile

ROOT = Path(__file__).parent.parent
ROWS = 1_000_000
"""What the bars are set for."""


def main() -> int:
    """Measure all that is asked for; return 1 where a bar does not hold that was set for so many rows."""
    asked = _arguments()
    runner = Runner(asked.ini, asked.work)
    entries: list[Entry] = []
    for entry in _measure(runner, asked.rows):
        entries.append(entry)
        print(f"  {entry.name}: {entry.value:,.2f} {entry.unit}", flush=True)
        write_json(entries, asked.out)
    print(f"\n{asked.rows:,} rows\n\n{table(entries)}")
    if asked.rows < ROWS:
        print(f"\nThe bars are set for {ROWS:,} rows: with fewer, what does not grow with them weighs too much.")
        return 0
    return 0 if all(entry.ok for entry in entries) else 1


def _measure(runner: Runner, rows: int) -> Iterator[Entry]:
    library = read_library(ROOT / "schemas", [])
    profile = read_profile(ROOT / "profiles/charleston.yaml", library.classes)
    began = perf_counter()
    feeds = write_feeds(runner.work, profile, rows)
    yield Entry("three sample feeds written", perf_counter() - began, "s")
    yield from load.measure(runner, feeds)
    yield from snapshots.measure(runner)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure beside a peer or a floor.")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the sample feed")
    parser.add_argument("--ini", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
