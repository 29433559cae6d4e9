"""``python -m bench``: measures in databases that ``scripts/bench`` made, prints a table, writes ``bench.json``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import conditional, flood, load, places, readers, snapshots
from bench.entry import Entry, table, write_json
from bench.feeds import in_folder
from bench.process import Runner

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
    return 0 if all(entry.reached is not False for entry in entries) else 1


def _measure(runner: Runner, rows: int) -> Iterator[Entry]:
    written = runner.module("bench.feeds", "charleston", str(rows), str(runner.work))
    yield Entry("three sample feeds written", written.seconds, "s")
    feeds = in_folder(runner.work)
    yield from load.measure(runner, feeds, rows)
    yield from readers.measure(runner, feeds)
    yield from conditional.measure(runner, feeds)
    yield from snapshots.measure(runner)
    yield from places.measure(runner, feeds)
    yield from flood.measure(runner)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure beside a peer or a floor.")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the sample feed")
    parser.add_argument("--ini", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
