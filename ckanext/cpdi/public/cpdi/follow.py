"""Keeps a copy of a table: fetches all of it the first time, and afterwards only what changed.

    python3 follow.py https://data.example.gov/data/calls-for-service calls.csv

Rows that left the table leave the copy once their week is over. Run it as often as you like, every night for instance.
Needs Python 3.8 or later and nothing else.
"""

import csv
import io
import os
import sys
from urllib.error import HTTPError
from urllib.request import urlopen


def fetch(address):
    """Return the version, the columns and the rows of a CSV file."""
    with urlopen(address) as answer:
        lines = csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8", newline=""))
        return answer.headers["Cpdi-Version"], lines.fieldnames, list(lines)


def load(path):
    """Return the copy's columns, its rows by their ids, and the version it has; nothing where there is none yet."""
    if not os.path.exists(path + ".version"):
        return [], {}, ""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file)
        rows = {row["row_id"]: row for row in lines}
    with open(path + ".version", encoding="utf-8") as file:
        return lines.fieldnames, rows, file.read().strip()


def save(path, columns, rows, version):
    """Write the copy, then its version: after a crash in between the same changes are applied again."""
    with open(path + ".part", "w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        lines.writeheader()
        lines.writerows(rows.values())
    os.replace(path + ".part", path)
    with open(path + ".version", "w", encoding="utf-8") as file:
        file.write(version)


def fetch_changes(table, asked):
    """Return version, columns and rows of the changes; None where the portal knows none as far back."""
    try:
        return fetch(table + "/changes.csv" + asked)
    except HTTPError as error:
        if error.code != 410:
            raise
        return None


def follow(table, path):
    """Bring the copy at ``path`` up to date with ``table``."""
    known, rows, since = load(path)
    asked = "?since=" + since if since else ""
    answer = fetch_changes(table, asked)
    if asked and (answer is None or answer[1] != known):  # too old, or of another form: the whole table is fetched anew
        rows, asked = {}, ""
        answer = fetch_changes(table, asked)
    if answer is None:
        sys.exit("The portal has no changes of " + table)
    version, columns, changed = answer
    removed = fetch(table + "/removed.csv" + asked)[2]
    rows.update((row["row_id"], row) for row in changed)
    for row in removed:
        rows.pop(row["row_id"], None)
    save(path, columns, rows, version)
    print(f"version {version}: {len(changed)} rows fetched, {len(removed)} removed, {len(rows)} in all")


if __name__ == "__main__":
    follow(sys.argv[1].rstrip("/"), sys.argv[2])
