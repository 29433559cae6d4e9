"""Excel workbooks as records systems write them: titles above, sums below, days, times, numbers, errors in cells."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from ckanext.cpdi.feeds import FeedError
from ckanext.cpdi.feeds.readers import xlsx

HEAD = ["No", "When", "Day", "Time", "X", "Note"]


def workbook(*rows, sheets=(), hidden=(), title="Calls"):
    """Return a workbook as bytes: a sheet of ``rows``, and others with a single cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in (*sheets, *hidden):
        book.create_sheet(name)["A1"] = "cell"
        book[name].sheet_state = "hidden" if name in hidden else "visible"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


ROWS = (
    [26, dt.datetime(2026, 1, 8, 10, 7), dt.date(2026, 1, 8), dt.time(14, 30), -80.0501, " a\nb "],
    ["26-000017", dt.datetime(2026, 1, 8), dt.date(2026, 2, 1), dt.timedelta(hours=30), 1234567.0, True],
    [202600001234567, None, None, None, 1e-7, "#N/A"],
)


def test_cells_are_texts_as_their_writer_meant_them(read):
    table = read(workbook(HEAD, *ROWS), "feed.xlsx")
    assert table.headers == tuple(HEAD)
    assert table.rows == [
        ("26", "2026-01-08 10:07:00", "2026-01-08", "14:30:00", "-80.0501", " a\nb "),
        ("26-000017", "2026-01-08 00:00:00", "2026-02-01", "30:00:00", "1234567", "true"),
        ("202600001234567", "", "", "", "1e-07", ""),
    ]
    assert table.lines == [2, 3, 4]


def test_a_workbook_is_known_by_its_content(read):
    assert read(workbook(HEAD, *ROWS), "export").lines == [2, 3, 4]


def test_titles_above_and_notes_below_are_no_rows(read):
    rows = (
        ["Calls for service"],
        ["Run at", dt.datetime(2026, 1, 9, 4)],
        [],
        HEAD,
        *ROWS,
        [],
        ["Total:", 3],
        ["Source: CAD"],
    )
    table = read(workbook(*rows), "feed.xlsx", header_line=4, notes=("total", "Source"))
    assert table.headers == tuple(HEAD)
    assert table.lines == [5, 6, 7]
    # Without a declared note nothing is left out.
    assert read(workbook(*rows), "feed.xlsx", header_line=4).lines == [5, 6, 7, 9, 10]


def test_a_row_that_begins_like_a_note_is_a_row(read):
    row = ["Total", "a", "b", "c", "d", "e"]
    assert read(workbook(HEAD, row), "feed.xlsx", notes=("total",)).lines == [2]


def test_batches_have_the_columns_that_are_wanted(read):
    table = read(workbook(HEAD, *ROWS), "feed.xlsx", rows=2)
    assert (table.batches, table.lines) == (2, [2, 3, 4])


def test_the_sheet_is_the_only_one_that_people_see(read):
    assert read(workbook(HEAD, *ROWS, hidden=("Codes",)), "feed.xlsx").lines == [2, 3, 4]
    several = workbook(HEAD, *ROWS, sheets=("Codes",))
    with pytest.raises(FeedError, match=r"several sheets \(Calls, Codes\); name the one that counts under sheet"):
        read(several, "feed.xlsx")
    assert read(several, "feed.xlsx", sheet="calls ").lines == [2, 3, 4]
    with pytest.raises(FeedError, match="no sheet Call; there are Calls, Codes"):
        read(several, "feed.xlsx", sheet="Call")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(), "empty"),
        (workbook(["A", "B", "A"], [1, 2, 3]), "header"),
        (workbook(HEAD, *ROWS)[:-40], "archive"),
        (workbook(HEAD, *ROWS)[:3000], "archive"),
    ],
)
def test_a_workbook_without_a_table_is_refused(read, content, code):
    with pytest.raises(FeedError) as caught:
        read(content, "feed.xlsx")
    assert caught.value.code == code


def test_a_sheet_that_is_damaged_inside_is_refused(read):
    whole = io.BytesIO(workbook(HEAD, *ROWS))
    broken = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    with pytest.raises(FeedError) as caught:
        read(broken.getvalue(), "feed.xlsx")
    assert caught.value.code == "archive"


def test_a_small_file_that_would_fill_the_memory_is_refused(read, monkeypatch):
    monkeypatch.setattr(xlsx, "_LARGEST", 5_000)
    with pytest.raises(FeedError, match="too large"):
        read(workbook(HEAD, *ROWS * 100), "feed.xlsx")


def test_another_office_document_is_no_workbook(read):
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(FeedError, match="an Office document without a workbook"):
        read(document.getvalue(), "feed.docx")
