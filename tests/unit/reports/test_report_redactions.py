"""Text that nobody sees and anybody can copy holds a report; text that is seen does not."""

import io

import pikepdf
import pytest
from helpers.pdfs import changed, drawn, examined, lines
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black, white
from reportlab.lib.utils import ImageReader

NAME = "Quill Hartwell"
"""No name that a detector knows by itself."""


def findings(result, *kinds):
    return [(item.page, item.kind, item.excerpt) for item in result.findings if item.kind in kinds]


def hidden(tmp_path, draw, change=None):
    """What is covered on a page that ``draw`` makes."""
    report = drawn(tmp_path / "report.pdf", draw)
    if change:
        changed(report, change)
    return findings(examined(report), "covered")


def person(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    canvas.drawString(160, 700, NAME)


def bar(canvas):
    person(canvas)
    canvas.setFillColor(black)
    canvas.rect(158, 696, 90, 14, stroke=0, fill=1)


def polygon(canvas):
    person(canvas)
    path = canvas.beginPath()
    path.moveTo(155, 690)
    for x, y in ((260, 692), (258, 716), (152, 714)):
        path.lineTo(x, y)
    canvas.setFillColor(black)
    canvas.drawPath(path, stroke=0, fill=1)


def thick_line(canvas):
    person(canvas)
    canvas.setLineWidth(14)
    canvas.line(158, 703, 248, 703)


def picture(canvas):
    person(canvas)
    noise = Image.effect_noise((90, 30), 90)
    canvas.drawImage(ImageReader(noise), 156, 690, 100, 26)


def own_colour(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    canvas.setFillColor(white)
    canvas.drawString(160, 700, NAME)


def nearly_own_colour(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    canvas.setFillColor(Color(0.99, 0.99, 0.99))
    canvas.drawString(160, 700, NAME)


def colour_of_its_band(canvas):
    canvas.drawString(60, 740, "Reviewed by")
    canvas.setFillColor(Color(0.1, 0.2, 0.4))
    canvas.rect(0, 690, 612, 30, stroke=0, fill=1)
    canvas.drawString(160, 700, NAME)


def without_ink(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    text = canvas.beginText(160, 700)
    text.setTextRenderMode(3)
    text.textLine(NAME)
    canvas.drawText(text)


def see_through(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    canvas.setFillAlpha(0.0)
    canvas.drawString(160, 700, NAME)


def cut_off(canvas):
    canvas.drawString(60, 700, "Reviewed by")
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(160, 600, 200, 20)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(160, 700, NAME)
    canvas.restoreState()


def within_a_form(canvas):
    canvas.beginForm("block")
    canvas.drawString(0, 0, NAME)
    canvas.endForm()
    canvas.drawString(60, 700, "Reviewed by")
    canvas.saveState()
    canvas.translate(160, 700)
    canvas.doForm("block")
    canvas.restoreState()
    canvas.rect(158, 696, 90, 14, stroke=0, fill=1)


def sideways(canvas):
    canvas.drawString(60, 740, "Reviewed by")
    canvas.saveState()
    canvas.translate(300, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, NAME)
    canvas.setFillColor(black)
    canvas.rect(-2, -4, 90, 14, stroke=0, fill=1)
    canvas.restoreState()


@pytest.mark.parametrize(
    "draw",
    [
        bar,
        polygon,
        thick_line,
        picture,
        own_colour,
        nearly_own_colour,
        colour_of_its_band,
        without_ink,
        see_through,
        cut_off,
        within_a_form,
        sideways,
    ],
)
def test_a_name_that_is_only_hidden_holds_the_report(tmp_path, draw):
    assert hidden(tmp_path, draw) == [(1, "covered", NAME)]
    assert examined(tmp_path / "report.pdf").holds


def test_its_place_is_named(tmp_path):
    result = examined(drawn(tmp_path / "report.pdf", lines("First page"), bar))
    (finding,) = [item for item in result.findings if item.holds]
    left, top, right, bottom = finding.box
    assert (finding.page, finding.kind) == (2, "covered")
    assert 158 <= left <= 162
    assert 220 <= right <= 250
    assert 792 - 712 <= top < bottom <= 792 - 694


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_its_place_is_that_on_the_page_as_it_is_shown(tmp_path, turn):
    report = drawn(tmp_path / "report.pdf", bar)
    result = examined(changed(report, lambda pdf: pdf.pages[0].rotate(turn, relative=False)))
    (finding,) = [item for item in result.findings if item.holds]
    middle = ((finding.box[0] + finding.box[2]) / 2, (finding.box[1] + finding.box[3]) / 2)
    # On the page as it was written the middle is 192 points from the left and 703 from below.
    places = {90: (703, 192), 180: (612 - 192, 703), 270: (792 - 703, 612 - 192)}
    assert finding.excerpt == NAME
    assert middle == (pytest.approx(places[turn][0], abs=6), pytest.approx(places[turn][1], abs=6))


def test_half_a_name_under_a_bar_is_enough(tmp_path):
    def half(canvas):
        canvas.drawString(60, 700, "Reviewed by Hartwell-Umberdale")
        canvas.setFillColor(black)
        canvas.rect(150, 696, 100, 14, stroke=0, fill=1)

    assert [excerpt for _, _, excerpt in hidden(tmp_path, half)] == ["Hartwell-Umberdale"]


def test_text_beyond_the_edge_of_the_page_is_hidden(tmp_path):
    def beyond(canvas):
        canvas.drawString(60, 700, "Reviewed by")
        canvas.drawString(160, 900, NAME)
        canvas.drawString(-300, 700, "Draft of Umberdale")

    texts = " ".join(excerpt for _, _, excerpt in hidden(tmp_path, beyond))
    assert NAME in texts
    assert "Umberdale" in texts


def test_text_that_was_cropped_away_is_hidden(tmp_path):
    def crop(pdf):
        pdf.pages[0].obj[Name.CropBox] = Array([0, 0, 612, 695])

    assert hidden(tmp_path, person, crop) == [(1, "covered", f"Reviewed by {NAME}")]


def test_a_layer_that_is_off_is_hidden_and_named(tmp_path):
    def layer(pdf):
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Names")))
        setting = Dictionary(OFF=Array([group]), Order=Array([group]))
        pdf.Root[Name.OCProperties] = Dictionary(OCGs=Array([group]), D=setting)
        page = pdf.pages[0]
        page.obj[Name.Resources][Name.Properties] = Dictionary(L0=group)
        page.contents_add(f"/OC /L0 BDC BT /F1 11 Tf 160 600 Td ({NAME}) Tj ET EMC".encode())

    report = drawn(tmp_path / "report.pdf", lines("Larceny by beat"))
    result = examined(changed(report, layer))
    assert findings(result, "covered") == [(0, "covered", "Names"), (1, "covered", NAME)]


def seen_on_a_band(canvas):
    canvas.setFillColor(Color(0.1, 0.2, 0.4))
    canvas.rect(0, 690, 612, 30, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.drawString(60, 700, "Compstat weekly report")


def seen_thin_signs(canvas):
    for at, text in enumerate(("1 l I i | - . , 7", "0 0 0 1 1 1", "n/c -100% +50%", "l", "1")):
        canvas.setFont("Helvetica", 6)
        canvas.drawString(60, 700 - 9 * at, text)


def seen_pale(canvas):
    canvas.setFillColor(Color(0.8, 0.8, 0.8))
    canvas.drawString(60, 700, "Preliminary figures")


def seen_through_a_marker(canvas):
    canvas.drawString(60, 700, "Larceny is up")
    canvas.setFillColor(Color(1, 1, 0, alpha=0.4))
    canvas.rect(58, 696, 120, 14, stroke=0, fill=1)


def seen_on_a_picture(canvas):
    canvas.drawImage(ImageReader(Image.effect_noise((90, 30), 20)), 56, 690, 200, 26)
    canvas.setFillColor(white)
    canvas.drawString(60, 700, "Larceny by beat")


def seen_in_a_frame(canvas):
    canvas.rect(58, 696, 120, 14, stroke=1, fill=0)
    canvas.drawString(60, 700, "Larceny is up")
    canvas.line(58, 703, 178, 703)


def seen_beside_a_bar(canvas):
    canvas.drawString(60, 700, "Larceny is up")
    canvas.setFillColor(black)
    canvas.rect(58, 710, 120, 14, stroke=0, fill=1)
    canvas.rect(58, 684, 120, 12, stroke=0, fill=1)


def seen_in_outline(canvas):
    text = canvas.beginText(60, 700)
    text.setTextRenderMode(1)
    text.textLine("Larceny is up")
    canvas.drawText(text)


@pytest.mark.parametrize(
    "draw",
    [
        seen_on_a_band,
        seen_thin_signs,
        seen_pale,
        seen_through_a_marker,
        seen_on_a_picture,
        seen_in_a_frame,
        seen_beside_a_bar,
        seen_in_outline,
    ],
)
def test_text_that_is_seen_holds_nothing(tmp_path, draw):
    result = examined(drawn(tmp_path / "report.pdf", draw))
    assert [item for item in result.findings if item.holds] == []
    assert result.pages[0].origin == "text"


def mark(kind, rect=(158, 696, 250, 712), **keys):
    def add(pdf):
        item = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(list(rect)), **keys)
        pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(item)])

    return add


def test_a_mark_for_redaction_that_was_not_applied_holds_the_report(tmp_path):
    report = changed(drawn(tmp_path / "report.pdf", person), mark("Redact"))
    assert findings(examined(report), "covered", "redaction") == [(1, "redaction", NAME)]


def test_each_line_of_a_mark_is_a_place(tmp_path):
    report = drawn(tmp_path / "report.pdf", lines("Reviewed by Quill", "Hartwell on Monday"))
    quads = [122, 732, 160, 732, 122, 716, 160, 716, 58, 712, 98, 712, 58, 696, 98, 696]
    result = examined(changed(report, mark("Redact", (58, 696, 160, 732), QuadPoints=Array(quads))))
    assert findings(result, "redaction") == [(1, "redaction", "Quill"), (1, "redaction", "Hartwell")]


def test_a_box_drawn_as_a_comment_covers_what_is_bare_without_it(tmp_path):
    def box(pdf):
        look = Stream(pdf, b"0 g 0 0 92 16 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 92, 16]))
        mark("Square", C=Array([0, 0, 0]), IC=Array([0, 0, 0]), AP=Dictionary(N=look))(pdf)

    report = changed(drawn(tmp_path / "report.pdf", person), box)
    result = examined(report)
    assert findings(result, "covered") == [(1, "covered", NAME)]
    assert findings(result, "removed") >= [(0, "removed", "comments")]


def test_a_comment_beside_the_text_covers_nothing(tmp_path):
    report = changed(drawn(tmp_path / "report.pdf", person), mark("Text", (400, 400, 420, 420), Contents=String("ask")))
    assert not examined(report).holds


def scan(texts, *, bars=()):
    """A scanned page: a picture of text, with the same text invisible above it as OCR writes it, and bars on top."""

    def draw(canvas):
        page = Image.new("L", (612 * 2, 792 * 2), 250)
        pen = ImageDraw.Draw(page)
        for at, text in enumerate(texts):
            pen.text((120, (792 - 711) * 2 + 40 * at), text, fill=20, font_size=22)
        data = io.BytesIO()
        page.save(data, "PNG")
        canvas.drawImage(ImageReader(Image.open(data)), 0, 0, 612, 792)
        for at, text in enumerate(texts):
            line = canvas.beginText(60, 700 - 20 * at)
            line.setTextRenderMode(3)
            line.textLine(text)
            canvas.drawText(line)
        for rect in bars:
            canvas.rect(*rect, stroke=0, fill=1)

    return draw


SCANNED = ("Closed investigations March", "Case closed by Hartwell today", "Finding not sustained")


def test_the_text_of_ocr_is_said_to_be_such_and_hides_nothing(tmp_path):
    result = examined(drawn(tmp_path / "report.pdf", scan(SCANNED)))
    assert result.pages[0].origin == "ocr"
    assert result.pages[0].text.splitlines() == list(SCANNED)
    assert findings(result, "covered", "scanned") == []


def test_a_bar_on_a_scanned_page_does_not_cover_the_text_of_ocr(tmp_path):
    # Over the whole second line.
    result = examined(drawn(tmp_path / "report.pdf", scan(SCANNED, bars=[(50, 672, 300, 20)])))
    assert [kind for _, kind, _ in findings(result, "covered")] == ["covered"]
    assert "Hartwell" in findings(result, "covered")[0][2]


def picture_alone(canvas):
    scan(())(canvas)


def drawn_letters(canvas):
    canvas.rect(60, 600, 200, 100)
    canvas.circle(300, 300, 80)


def scanned_with_a_stamp(canvas):
    scan(())(canvas)
    canvas.drawString(500, 20, "Page 1")


@pytest.mark.parametrize("draw", [picture_alone, drawn_letters, scanned_with_a_stamp])
def test_a_page_without_text_is_a_notice(tmp_path, draw):
    def page(canvas):
        # A sheet that is not empty, as scans never are.
        draw(canvas)
        canvas.rect(100, 100, 50, 50, fill=1)

    result = examined(drawn(tmp_path / "report.pdf", lines(*["A page of text with some words"] * 3), page))
    assert findings(result, "scanned") == [(2, "scanned", "")]
    assert not result.holds


def test_an_empty_page_is_no_notice(tmp_path):
    result = examined(drawn(tmp_path / "report.pdf", lambda canvas: None))
    assert findings(result, "scanned", "covered") == []
    assert (result.pages[0].text, result.pages[0].origin, result.language) == ("", "none", "")


def test_more_of_a_kind_than_staff_would_read_is_joined(tmp_path):
    def many(canvas):
        canvas.setFillColor(white)
        for at in range(70):
            canvas.drawString(60, 780 - 11 * at, f"Hartwell{at}")

    found = hidden(tmp_path, many)
    assert len(found) == 50
    assert "Hartwell69" in found[-1][2]
    assert len(found[-1][2]) <= 300


def test_the_clean_file_can_be_read_by_others(tmp_path):
    examined(drawn(tmp_path / "report.pdf", bar))
    with pikepdf.open(tmp_path / "clean.pdf") as pdf:
        assert len(pdf.pages) == 1
        assert pdf.check_pdf_syntax() == []
