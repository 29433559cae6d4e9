"""Scanned pages get their text by OCR, where the machine has it; the report stays as it was where it does not work."""

import pytest
from helpers.pdfs import drawn, examined, lines, scan

from ckanext.cpdi.reports import ocr

installed = pytest.mark.skipif(not ocr.is_installed(), reason="ocrmypdf is not on this machine")


@pytest.fixture
def report(tmp_path):
    pages = (
        lines("Closed investigations of March", "One case was closed"),
        scan("Reviewed by Sgt. Quill Marrow", "Team 2"),
    )
    return drawn(tmp_path / "report.pdf", *pages)


def files(report):
    return report.with_name("clean.pdf"), report.with_name("picture.webp")


@installed
def test_scanned_pages_get_their_text_and_detectors_read_it(report):
    before = examined(report)
    assert ocr.has_scans(before)
    after = ocr.read_scans(before, *files(report))
    assert [page.origin for page in after.pages] == ["text", "ocr"]
    assert after.pages[0].text == before.pages[0].text
    assert "Quill Marrow" in after.pages[1].text
    assert (after.sha256, after.size) == (before.sha256, before.size)
    assert after.clean_size == files(report)[0].stat().st_size
    assert [(item.page, item.kind, item.excerpt) for item in after.findings if item.holds] == [
        (2, "name", "Quill Marrow")
    ]
    assert [item.excerpt for item in after.findings if item.kind == "removed"] == ["metadata"]
    assert not ocr.has_scans(after)
    assert sorted(path.name for path in report.parent.iterdir()) == ["clean.pdf", "picture.webp", "report.pdf"]


@installed
def test_spanish_is_read_as_spanish(tmp_path):
    texts = ("La investigación de la policía", "El año de la acción, según el informe")
    report = drawn(tmp_path / "report.pdf", scan(*texts))
    after = ocr.read_scans(examined(report), *files(report))
    assert after.pages[0].text.split("\n") == list(texts)


@pytest.mark.parametrize("limits", [ocr.OcrLimits(seconds=0), ocr.OcrLimits(memory=20_000_000)], ids=["time", "memory"])
@installed
def test_a_report_stays_as_it_was_where_ocr_fails(report, limits):
    before = examined(report)
    kept = [path.read_bytes() for path in files(report)]
    with pytest.raises(ocr.OcrFailed, match="OCR"):
        ocr.read_scans(before, *files(report), ocr=limits)
    assert [path.read_bytes() for path in files(report)] == kept
    assert sorted(path.name for path in report.parent.iterdir()) == ["clean.pdf", "picture.webp", "report.pdf"]


def test_without_the_programs_it_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not ocr.is_installed()
