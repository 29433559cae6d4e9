#!/usr/bin/env bash
# pdfium takes memory for the text of a page by the page's size in points, however little is on it.
#
# A file of 460 bytes, whose page of 1e9 × 1e9 points has a square and no text, takes some 240 MB when its text page is
# loaded; a page of 14,400 points, the largest that PDF knows, takes 1 MB. A reader of strangers' files needs a limit of
# memory.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q "pypdfium2==5.15.2" 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 2; }
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path

import pypdfium2 as pdfium


def peak():
    """The most address space that this process has had, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmPeak")) // 1024


def file(side):
    """A PDF with one page, and a square on it."""
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side} {side}] /Contents 4 0 R /Resources << >> >>",
        "<< /Length 16 >>\nstream\n0 0 300 300 re f\nendstream",
    )
    out, table = "%PDF-1.7\n", "0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += f"{len(out):010} 00000 n \n"
        out += f"{number} 0 obj\n{body}\nendobj\n"
    return f"{out}xref\n0 5\n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()


taken = {}
for side in (14_400, 1_000_000_000):
    data, before = file(side), peak()
    pdfium.PdfDocument(data)[0].get_textpage()
    taken[side] = peak() - before
    print(f"pypdfium2 {version('pypdfium2')}: a page of {side:,} points, {len(data)} bytes: {taken[side]} MB")
sys.exit(0 if taken[14_400] < 20 and taken[1_000_000_000] > 100 else 1)
PY
