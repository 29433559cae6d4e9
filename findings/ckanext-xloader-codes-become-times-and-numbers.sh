#!/usr/bin/env bash
# ckanext-xloader, where it guesses types, makes times of section numbers and of street names, and 12 of `1_2`.
#
# Whatever is three parts between points, slashes or blanks goes to dateutil, for which `st` and `rd` are words of a date:
# section 4.2.1 is 2 April 2001, a block `12 MAY ST` is 12 May of the year in which the file is loaded. Numbers are read by
# Decimal(), for which `1_2` is 12 and `1E2` a hundred. One cell in the sample that does not fit keeps a column a text.
# What follows: the types of codes and places are set in the data dictionary, or guessing stays off; it is off until a COPY fails.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
for package in "ckan[requirements]==2.12.0" "ckanext-xloader==2.6.0"; do  # each wants another release of some dependency
  "$work/venv/bin/pip" install -q "$package" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
done
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version

from ckanext.xloader.loader import get_types
from ckanext.xloader.parser import TypeConverter
from ckanext.xloader.utils import type_guess

TABLE = {"section": ["4.2.1", "7.1.12"], "block": ["12 MAY ST", "5 JUNE RD"], "unit": ["1_2", "2_3"], "beat": ["1E2", "3E4"]}


def converted(types=None) -> list[list]:
    """The rows as the loader has them: to guess types by, and then in those types."""
    rows = [(number, list(TABLE), list(row)) for number, row in enumerate(zip(*TABLE.values()), 2)]
    return [row for _, _, row in TypeConverter(types=types).convert_types(rows)]


KNOWN, NAMES = get_types()
types = type_guess(converted(), types=KNOWN, strict=True)
values = list(zip(*converted(types)))
print(f"ckanext-xloader {version('ckanext-xloader')}")
seen = {}
for (name, texts), kind, column in zip(TABLE.items(), types, values):
    form = "%m-%d" if name == "block" else "%Y-%m-%d"
    seen[name] = [NAMES[str(kind)], *(f"{value:{form}}" if hasattr(value, "year") else f"{value:f}" for value in column)]
    print(f"{name}: {', '.join(texts)}: {', '.join(seen[name])}")
expected = {
    "section": ["timestamp", "2001-04-02", "2012-07-01"],
    "block": ["timestamp", "05-12", "06-05"],
    "unit": ["numeric", "12", "23"],
    "beat": ["numeric", "100", "30000"],
}
sys.exit(0 if seen == expected else 1)
PY
# Seen:
#   ckanext-xloader 2.6.0
#   section: 4.2.1, 7.1.12: timestamp, 2001-04-02, 2012-07-01
#   block: 12 MAY ST, 5 JUNE RD: timestamp, 05-12, 06-05
#   unit: 1_2, 2_3: numeric, 12, 23
#   beat: 1E2, 3E4: numeric, 100, 30000
