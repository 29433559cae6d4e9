#!/usr/bin/env bash
# python-calamine gives a date in place of a datetime where a workbook's cell is at midnight, and drops empty leading columns.
#
# One column of datetimes comes back as two types, so that a midnight can no longer be told from a day without a time. The
# columns before the first filled one are left out of every row of iter_rows, while to_python keeps them on request
# (skip_empty_area=False): positions in a row differ between the two.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "python-calamine==0.9.1" "openpyxl==3.1.5" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version

import openpyxl
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
sheet = book.active
for row, when in enumerate((datetime(2026, 1, 2, 14, 30), datetime(2026, 1, 3, 0, 0)), 2):
    sheet.cell(row, 3, f"case {row}")
    sheet.cell(row, 4, when).number_format = "yyyy-mm-dd hh:mm:ss"
book.save("book.xlsx")
read = CalamineWorkbook.from_path("book.xlsx").get_sheet_by_index(0)
rows = [row for row in read.iter_rows() if any(cell != "" for cell in row)]
whole = [row for row in read.to_python(skip_empty_area=False) if any(cell != "" for cell in row)]
print("python-calamine", version("python-calamine"))
print("types of the column of datetimes:", [type(row[-1]).__name__ for row in rows])
print("cells of a row: iter_rows", len(rows[0]), "to_python", len(whole[0]))
expected = [type(row[-1]).__name__ for row in rows] == ["datetime", "date"] and (len(rows[0]), len(whole[0])) == (2, 4)
sys.exit(0 if expected else 1)
PY
