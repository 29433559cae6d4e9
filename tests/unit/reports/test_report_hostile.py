"""Files that are no reports, or are made to fill the machine: each is refused in a sentence, or read, in bounds."""

import zipfile
import zlib

import pytest
from helpers.pdfs import examined, written

from ckanext.cpdi.reports import REASONS, Limits, Refused

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
LITTLE = Limits(memory=220_000_000, cpu=20)


def pdf(objects):
    """A PDF of numbered objects, the first of which is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, last = len(out), max(objects)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        out += b"%010d 00000 n \n" % places[number]
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, start)


def stream(data, keys=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), keys, data)


def page(content=b"", box=b"[0 0 612 792]", keys=b"", resources=b"", **more):
    body = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << %s >> >>" % (box, resources)
    others = {int(name[1:]): item for name, item in more.items()}
    return pdf({1: CATALOG, 2: ONE_PAGE, 3: body, 4: stream(content, keys), **others})


def inflating(megabytes):
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


@pytest.fixture
def read(tmp_path):
    def read(content, limits=None):
        (tmp_path / "report.pdf").write_bytes(content)
        return examined(tmp_path / "report.pdf", limits)

    return read


def refused(read, content, limits=None):
    with pytest.raises(Refused) as error:
        read(content, limits)
    assert str(error.value).startswith(("This ", "Reading "))
    assert "{" not in str(error.value)
    return error.value.reason


def zipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("word/document.xml", "<w:document/>")
    return (tmp_path / "a.zip").read_bytes()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n <!DOCTYPE html><html><body>404: not found</body></html>", "html"),
        (b"\xef\xbb\xbf<html><head><title>Sign in</title></head></html>", "html"),
        (b"PK\x03\x04" + bytes(100), "zip"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "zip"),
        (b"Compstat for the week of March 24", "not_pdf"),
        (b"x" * 2000 + b"%PDF-1.7", "not_pdf"),
    ],
)
def test_what_is_no_pdf_is_called_what_it_is(read, content, reason):
    assert refused(read, content) == reason


def test_a_zip_file_is_none_either(read, tmp_path):
    assert refused(read, zipped(tmp_path)) == "zip"


def test_a_pdf_behind_a_few_stray_bytes_is_read(read):
    assert len(read(b"Content-Type: application/pdf\r\n\r\n" + page(b"BT ET")).pages) == 1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_refused(read, tmp_path, share):
    whole = written(tmp_path / "whole.pdf", *[["Compstat weekly report"]] * 20).read_bytes()
    assert refused(read, whole[: int(len(whole) * share)]) == "damaged"


def test_a_file_with_a_wrong_table_of_contents_is_mended(read, tmp_path):
    whole = written(tmp_path / "whole.pdf", ["Compstat weekly report"]).read_bytes()
    broken = whole.replace(b"startxref\n", b"startxref\n9")
    assert read(broken).pages[0].text == "Compstat weekly report"


def test_noise_is_refused(read):
    assert refused(read, b"%PDF-1.7\n" + bytes(range(256)) * 50 + b"%%EOF") == "damaged"


@pytest.mark.parametrize(
    "objects",
    [
        {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"},
        {
            1: CATALOG,
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Pages /Count 1 /Parent 2 0 R /Kids [2 0 R] >>",
        },
    ],
    ids=["of itself", "of two"],
)
def test_a_tree_of_pages_that_is_a_circle_is_refused(read, objects):
    assert refused(read, pdf(objects)) == "damaged"


def test_a_tree_of_a_thousand_levels_is_refused(read):
    levels = 1000
    objects = {1: CATALOG, 2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"}
    for number in range(3, 3 + levels):
        objects[number] = b"<< /Type /Pages /Count 1 /Parent %d 0 R /Kids [%d 0 R] >>" % (number - 1, number + 1)
    objects[3 + levels] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] >>" % (2 + levels)
    assert refused(read, pdf(objects)) == "damaged"


def test_a_file_without_pages_is_refused(read):
    assert refused(read, pdf({1: CATALOG, 2: b"<< /Type /Pages /Count 0 /Kids [] >>"})) == "no_pages"


def test_thousands_of_pages_are_refused(read):
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3003))
    objects = {1: CATALOG, 2: b"<< /Type /Pages /Count 3000 /Kids [%s] >>" % kids}
    objects |= dict.fromkeys(range(3, 3003), b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>")
    assert refused(read, pdf(objects)) == "too_many_pages"


def test_a_number_of_pages_that_is_a_lie_is_not_believed(read):
    body = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    assert len(read(pdf({1: CATALOG, 2: ONE_PAGE.replace(b"1 /Kids", b"999999 /Kids"), 3: body})).pages) == 1


@pytest.mark.parametrize(
    "box",
    [
        b"[0 0 1000000000 1000000000]",
        b"[0 0 1e38 1e38]",
        b"[-99999999 -99999999 1 1]",
        b"[0 0 0 0]",
        b"[0 0 1 14400]",
        b"[612 792 0 0]",
        b"[/A /B /C /D]",
        b"[0 0]",
        b"null",
    ],
)
def test_a_page_of_any_size_is_read_and_pictured(read, tmp_path, box):
    result = read(page(b"0 0 1 rg 0 0 300 300 re f", box))
    assert 1 <= result.pages[0].width <= 14_400
    assert 1 <= result.pages[0].height <= 14_400
    assert 0 < (tmp_path / "picture.webp").stat().st_size <= 30_000


@pytest.mark.parametrize("times", [1, 2])
def test_a_stream_that_fills_the_memory_is_given_up(read, times):
    data = inflating(300)
    for _ in range(times - 1):
        data = zlib.compress(data)
    filters = b"/Filter [" + b"/FlateDecode " * times + b"]"
    assert refused(read, page(data, keys=filters), LITTLE) in ("too_complex", "unreadable", "damaged")
    assert len(read(page(b"BT ET"), LITTLE).pages) == 1


def test_a_picture_that_fills_the_memory_does_not(read):
    keys = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    picture = stream(inflating(200), keys + b" /Filter /FlateDecode")
    content = page(b"q 612 0 0 792 0 0 cm /I Do Q", resources=b"/XObject << /I 5 0 R >>", _5=picture)
    try:
        assert len(read(content, LITTLE).pages) == 1
    except Refused as error:
        assert error.reason in ("too_complex", "unreadable")  # noqa: PT017  either is in bounds


def test_a_form_that_draws_itself_is_read(read):
    keys = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F 5 0 R >> >>"
    content = page(b"/F Do", resources=b"/XObject << /F 5 0 R >>", _5=stream(b"/F Do", keys))
    assert len(read(content, LITTLE).pages) == 1


def test_more_text_than_a_report_has_is_refused(read, tmp_path):
    report = written(tmp_path / "whole.pdf", *[["Compstat weekly report"] * 30] * 3).read_bytes()
    assert refused(read, report, Limits(text=1000)) == "too_much_text"
    assert len(read(report, Limits(text=3000)).pages) == 3


def test_characters_that_no_database_takes_are_no_text(read):
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    text = rb"BT /F 12 Tf 60 700 Td (Larceny\000\001 12) Tj ET"
    result = read(page(text, resources=b"/Font << /F 5 0 R >>", _5=font))
    assert "Larceny" in result.pages[0].text
    assert not any(sign < " " and sign != "\n" for sign in result.pages[0].text)
    result.pages[0].text.encode()


def test_each_reason_has_a_sentence_for_staff():
    facts = {"size": 60, "limit": 50, "pages": 900}
    for reason in REASONS:
        assert str(Refused(reason, **facts)).endswith(".")
