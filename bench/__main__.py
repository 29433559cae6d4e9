"""``python -m bench``: measures in databases that ``scripts/bench`` made, prints a table, writes ``bench.json``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench import conditional, flood, home, load, places, readers, reports, snapshots
from bench.entry import Entry, Missing, table, write_json
from bench.explorer import measure as explorer
from bench.feeds import Feeds, in_folder
from bench.process import Runner
from bench.services import measure as services

ROWS = 1_000_000
"""What the bars are set for."""
PARTS: dict[str, Callable[[Runner, Feeds, int], Iterator[Entry | Missing]]] = {
    "load": load.measure,
    "readers": lambda runner, feeds, _rows: readers.measure(runner, feeds),
    "conditional": lambda runner, feeds, _rows: conditional.measure(runner, feeds),
    "snapshots": lambda runner, _feeds, _rows: snapshots.measure(runner),
    "places": lambda runner, feeds, _rows: places.measure(runner, feeds),
    "flood": lambda runner, _feeds, _rows: flood.measure(runner),
    "reports": lambda runner, _feeds, _rows: reports.measure(runner),
    "home": lambda runner, _feeds, _rows: home.measure(runner),
    "services": lambda runner, _feeds, _rows: services.measure(runner),
    "explorer": lambda runner, _feeds, _rows: explorer.measure(runner),
}
"""What can be measured, in the order in which it is; all but the first find the table loaded."""


def main() -> int:
    """Measure all that is asked for; return 1 where a bar does not hold that was set for so many rows."""
    asked = _arguments()
    runner = Runner(asked.ini, asked.work)
    entries: list[Entry | Missing] = []
    for entry in _measure(runner, asked.rows, asked.parts or list(PARTS), keep=asked.keep):
        entries.append(entry)
        print(f"  {entry}", flush=True)
        write_json(entries, asked.out)
    print(f"\n{asked.rows:,} rows\n\n{table(entries)}")
    if asked.rows < ROWS:
        print(f"\nThe bars are set for {ROWS:,} rows: with fewer, what does not grow with them weighs too much.")
        return 0
    return 0 if all(entry.reached is not False for entry in entries if isinstance(entry, Entry)) else 1


def _measure(runner: Runner, rows: int, parts: Sequence[str], *, keep: bool) -> Iterator[Entry | Missing]:
    feeds, loaded = in_folder(runner.work), runner.work / "loaded"
    if not (keep and loaded.exists() and loaded.read_text() == str(rows)):
        written = runner.module("bench.feeds", "charleston", str(rows), str(runner.work))
        yield Entry("three sample feeds written", written.seconds, "s")
        if "load" not in parts:
            load.prepare(runner, feeds)
            loaded.write_text(str(rows))
    for name, part in PARTS.items():
        if name in parts:
            yield from part(runner, feeds, rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure beside a peer or a floor.")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="what to measure; all without")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the sample feed")
    parser.add_argument("--keep", action="store_true", help="leave the table, and take the one that was left")
    parser.add_argument("--ini", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
