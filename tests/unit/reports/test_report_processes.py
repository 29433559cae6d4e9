"""A report is read in a process of its own: what it may cost, and what is left where it costs more."""

import hashlib
import os
import threading
from pathlib import Path

import pytest
from helpers.pdfs import examined, written
from PIL import Image

from ckanext.cpdi.reports import Limits, Refused, draw_page, end_servers, examine
from ckanext.cpdi.reports.process import client, server


@pytest.fixture
def report(tmp_path):
    return written(tmp_path / "report.pdf", ["Compstat weekly report", "Larceny 12"], ["Second page"])


def test_a_report_is_read_cleaned_and_pictured(report, tmp_path):
    result = examined(report)
    assert [page.text for page in result.pages] == ["Compstat weekly report\nLarceny 12", "Second page"]
    assert result.sha256 == hashlib.sha256(report.read_bytes()).hexdigest()
    clean = (tmp_path / "clean.pdf").read_bytes()
    assert (result.size, result.clean_size) == (report.stat().st_size, len(clean))
    assert result.clean_sha256 == hashlib.sha256(clean).hexdigest()
    with Image.open(tmp_path / "picture.webp") as picture:
        assert (picture.format, picture.width) == ("WEBP", 300)
    assert (tmp_path / "picture.webp").stat().st_size <= 30_000


def test_the_same_file_gives_the_same_bytes(report, tmp_path):
    first = examined(report)
    clean, picture = ((tmp_path / name).read_bytes() for name in ("clean.pdf", "picture.webp"))
    assert examined(report) == first
    assert (tmp_path / "clean.pdf").read_bytes() == clean
    assert (tmp_path / "picture.webp").read_bytes() == picture


def test_words_have_their_boxes_from_the_upper_left_corner(report):
    first = examined(report).pages[0]
    assert (first.number, first.width, first.height, first.origin) == (1, 612, 792, "text")
    left, top, right, bottom = first.words[0].box
    # Its line stands 720 points above the lower edge: 72 below the upper one.
    assert (first.words[0].text, left) == ("Compstat", pytest.approx(60, abs=1))
    assert top < 72 < bottom < 80
    assert 100 < right < 110
    assert first.words[3].box[1] - top == pytest.approx(20, abs=0.2)


def test_a_file_that_is_too_large_is_not_opened(report):
    limits = Limits(size=report.stat().st_size - 1)
    with pytest.raises(Refused, match="the most is") as refused:
        examined(report, limits)
    assert refused.value.reason == "too_large"


def test_too_many_pages_are_refused(report, tmp_path):
    with pytest.raises(Refused, match="has 2 pages; the most is 1"):
        examined(report, Limits(pages=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.pdf"]


def test_an_endless_file_is_given_up_and_nothing_of_it_is_left(tmp_path):
    report = written(tmp_path / "report.pdf", *[["All work and no play"] * 30] * 200)
    with pytest.raises(Refused, match="more than 0 seconds"):
        examined(report, Limits(seconds=0.05))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.pdf"]


def test_a_file_that_needs_too_much_of_a_processor_is_given_up(tmp_path):
    report = written(tmp_path / "report.pdf", *[["All work and no play " * 4] * 35] * 500)
    with pytest.raises(Refused, match="more than 1 seconds"):
        examined(report, Limits(cpu=1))


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_is_read(report):
    with pytest.raises(Refused) as refused:
        examined(report, Limits(memory=1_000_000))
    assert refused.value.reason in ("too_complex", "unreadable")
    assert len(examined(report).pages) == 2


def test_a_server_that_was_ended_from_outside_is_replaced(report):
    end_servers()
    examined(report)
    with client._servers.borrow() as server:
        os.kill(server._process.pid, 9)
        server._process.wait()
    assert len(examined(report).pages) == 2


def test_servers_that_have_all_ended_while_they_waited_are_replaced(report):
    end_servers()
    with client._servers.borrow() as one, client._servers.borrow() as other:
        pass
    for waiting in (one, other):
        os.kill(waiting._process.pid, 9)
        waiting._process.wait()
    assert len(examined(report).pages) == 2


def test_a_server_without_tasks_ends(monkeypatch):
    read, write = os.pipe()
    monkeypatch.setattr(server, "_IDLE", 0.05)
    kept = os.dup(0)
    os.dup2(read, 0)
    try:
        assert server._next() is None
    finally:
        os.dup2(kept, 0)
        for handle in (kept, read, write):
            os.close(handle)


def test_two_reports_are_read_at_the_same_time(report, tmp_path):
    results = []

    def read(name):
        targets = (tmp_path / f"{name}.pdf", tmp_path / f"{name}.webp")
        results.append(examine(report, *targets))

    threads = [threading.Thread(target=read, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert results[0] == results[1] == results[2]


def test_the_process_of_a_report_sees_nothing_of_the_site(report, monkeypatch):
    monkeypatch.setenv("CPDI_TEST_SECRET", "sesame")
    end_servers()
    examined(report)
    with client._servers.borrow() as server:
        environment = Path(f"/proc/{server._process.pid}/environ").read_bytes()
        handles = {handle.name for handle in Path(f"/proc/{server._process.pid}/fd").iterdir()}
    assert b"sesame" not in environment
    assert {"0", "1", "2"} <= handles <= {"0", "1", "2", "3"}


def test_a_page_is_drawn_as_wide_as_it_is_asked_for(tmp_path):
    source = written(tmp_path / "report.pdf", ["the first"], ["the second"])
    draw_page(source, 2, tmp_path / "page.webp", 500)
    with Image.open(tmp_path / "page.webp") as picture:
        assert picture.size == (500, round(500 * 792 / 612))
    with pytest.raises(Refused):
        draw_page(source, 3, tmp_path / "none.webp", 500)
    assert not (tmp_path / "none.webp").exists()
