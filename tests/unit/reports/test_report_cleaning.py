"""What a published report must not have: each thing is planted, named in a notice, and in no byte of the clean file."""

import hashlib
import io
import re
import zlib

import pikepdf
import pytest
from helpers.pdfs import changed, drawn, examined, lines, written
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from ckanext.cpdi.reports import Refused
from ckanext.cpdi.reports.pdf.photographs import without_segments

SECRET = "SESAME-MARROW"


@pytest.fixture
def report(tmp_path):
    return written(tmp_path / "report.pdf", ["Compstat weekly report", "Larceny 12"], ["Second page"])


def removed(result):
    return {finding.excerpt for finding in result.findings if finding.kind == "removed"}


def everything(path):
    """All that a PDF says, unpacked: its objects and its streams."""
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(out, qdf=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    return out.getvalue() + path.read_bytes()


def clean(path):
    return path.with_name("clean.pdf")


def secret_stream(pdf):
    return pdf.make_indirect(Stream(pdf, SECRET.encode()))


def note(pdf, page, kind, **keys):
    item = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([60, 700, 200, 730]), **keys)
    pdf.pages[page].obj[Name.Annots] = Array([*pdf.pages[page].obj.get(Name.Annots, []), pdf.make_indirect(item)])
    return pdf.pages[page].obj[Name.Annots][-1]


def metadata(pdf):
    pdf.docinfo[Name.Author] = SECRET
    pdf.Root[Name.Metadata] = secret_stream(pdf)
    pdf.trailer[Name.ID] = Array([String(SECRET), String(SECRET)])


def image_metadata(pdf):
    pdf.pages[0].obj[Name.Resources][Name("/XObject")] = Dictionary(
        Im0=Stream(pdf, b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, Metadata=secret_stream(pdf))
    )
    pdf.pages[0].contents_add(b"q 1 0 0 1 0 0 cm /Im0 Do Q")


def comment(pdf):
    popup = note(pdf, 0, "Popup", Contents=String(SECRET))
    note(pdf, 0, "Text", Contents=String(SECRET), T=String(SECRET), Popup=popup)


def comment_in_the_structure(pdf):
    item = note(pdf, 0, "Highlight", Contents=String(SECRET))
    part = Dictionary(Type=Name.StructElem, S=Name.Annot, K=Dictionary(Type=Name.OBJR, Obj=item))
    pdf.Root[Name.StructTreeRoot] = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(part)))


def attachment(pdf):
    pdf.attachments[SECRET + ".csv"] = SECRET.encode()


def attached_to_the_page(pdf):
    note(pdf, 1, "FileAttachment", FS=Dictionary(Type=Name.Filespec, EF=Dictionary(F=secret_stream(pdf))))


def associated_file(pdf):
    pdf.pages[0].obj[Name.AF] = Array([Dictionary(Type=Name.Filespec, UF=SECRET, EF=Dictionary(F=secret_stream(pdf)))])


def thumbnail(pdf):
    pdf.pages[0].obj[Name.Thumb] = secret_stream(pdf)


def private_data(pdf):
    pdf.pages[0].obj[Name.PieceInfo] = Dictionary(App=Dictionary(Private=secret_stream(pdf)))


def link_to_a_file_server(pdf):
    note(pdf, 0, "Link", A=Dictionary(S=Name.URI, URI=String(f"file://{SECRET}/drafts")))


def link_to_the_house(pdf):
    note(pdf, 0, "Link", A=Dictionary(S=Name.URI, URI=String(f"http://{SECRET}/drafts")))


def link_to_another_file(pdf):
    note(pdf, 0, "Link", A=Dictionary(S=Name.GoToR, F=String(rf"\\{SECRET}\drafts\a.pdf"), D=Array([0, Name.Fit])))


def bookmark_of_a_file(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Totals", 0))
    item = pdf.Root[Name.Outlines][Name.First]
    del item[Name.Dest]
    item[Name.A] = Dictionary(S=Name.GoToR, F=String(SECRET), D=Array([0, Name.Fit]))


def path_of_a_picture(pdf):
    part = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(rf"C:\Users\{SECRET}\map.png"))
    pdf.Root[Name.StructTreeRoot] = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(part)))


def content_of_another_file(pdf):
    stream = Stream(pdf, b"")
    stream[Name.F] = String(rf"\\{SECRET}\drafts\a.txt")
    pdf.pages[0].obj[Name.Resources][Name.Properties] = Dictionary(P0=stream)
    pdf.pages[0].contents_add(b"/Span /P0 BDC EMC")


def opening(pdf):
    pdf.Root[Name.OpenAction] = Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Marrow=String(SECRET))


@pytest.mark.parametrize(
    ("plant", "names"),
    [
        (metadata, {"metadata"}),
        (image_metadata, {"metadata"}),
        (comment, {"comments"}),
        (comment_in_the_structure, {"comments"}),
        (attachment, {"attachments"}),
        (attached_to_the_page, {"attachments"}),
        (associated_file, {"attachments"}),
        (thumbnail, {"thumbnails"}),
        (private_data, {"private_data"}),
        (link_to_a_file_server, {"links_to_files"}),
        (link_to_the_house, {"links_to_files"}),
        (link_to_another_file, {"links_to_files"}),
        (bookmark_of_a_file, {"links_to_files"}),
        (path_of_a_picture, {"links_to_files"}),
        (content_of_another_file, {"links_to_files"}),
        (opening, {"actions"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_planted_is_named_and_gone(report, plant, names):
    changed(report, plant)
    assert SECRET.encode() in everything(report)
    result = examined(report)
    assert removed(result) >= names
    assert removed(result) - {"metadata"} == names - {"metadata"}
    assert SECRET.encode() not in everything(clean(report))
    assert [page.text for page in result.pages] == ["Compstat weekly report\nLarceny 12", "Second page"]
    assert not result.holds


def test_a_file_with_nothing_to_remove_has_no_such_notice(report):
    changed(report, lambda pdf: pdf.trailer.__delitem__("/Info"))
    assert removed(examined(report)) == set()


def test_earlier_revisions_are_gone(report):
    plain = written(report.with_name("plain.pdf"), [SECRET])
    content = plain.read_bytes()
    # As an editor does that adds to a file: the page gets another content behind the end of the first one.
    with pikepdf.open(plain) as pdf:
        root, page, number = pdf.Root.objgen[0], pdf.pages[0].obj.objgen[0], len(pdf.objects) + 1
        keys = re.sub(rb"/Contents \d+ 0 R", b"/Contents %d 0 R" % number, pdf.pages[0].obj.unparse(resolved=True))
    before = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    objects = {number: b"<< /Length 0 >>\nstream\n\nendstream", page: keys}
    table, out = [], content
    for key, value in sorted(objects.items()):
        table.append(b"%d 1\n%010d 00000 n \n" % (key, len(out)))
        out += b"%d 0 obj\n%s\nendobj\n" % (key, value)
    start = len(out)
    out += b"xref\n" + b"".join(table)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (number + 1, root, before)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    report.write_bytes(out)
    assert out.startswith(content)
    result = examined(report)
    assert "revisions" in removed(result)
    assert result.pages[0].text == ""
    assert SECRET.encode() not in everything(clean(report))


def test_a_page_that_was_taken_out_is_gone_where_a_bookmark_still_leads_to_it(report):
    written(report, ["Kept"], [SECRET])

    def cut(pdf):
        page = pdf.pages[1].obj
        del pdf.pages[1]
        pdf.Root[Name.Dests] = Dictionary(Gone=Array([page, Name.Fit]))

    changed(report, cut)
    with pikepdf.open(report) as pdf:
        assert any(SECRET.encode() in bytes(page.get(Name.Contents).read_bytes()) for page in leaves(pdf))
    examined(report)
    with pikepdf.open(clean(report)) as pdf:
        assert len(pdf.pages) == 1
        assert not any(SECRET.encode() in item.read_bytes() for item in pdf.objects if isinstance(item, Stream))


def leaves(pdf):
    return [item for item in pdf.objects if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Page]


def test_pictures_that_no_page_shows_are_gone(report):
    def hoard(pdf):
        picture = Stream(pdf, SECRET.encode(), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        pdf.pages[0].obj[Name.Resources][Name("/XObject")] = Dictionary(Draft=picture)

    changed(report, hoard)
    examined(report)
    assert SECRET.encode() not in everything(clean(report))


def test_links_of_the_web_and_within_the_file_stay(report):
    def link(pdf):
        note(pdf, 0, "Link", A=Dictionary(S=Name.URI, URI=String("https://example.gov/compstat")))
        note(pdf, 0, "Link", Dest=Array([pdf.pages[1].obj, Name.Fit]))
        note(pdf, 0, "Link", A=Dictionary(S=Name.GoTo, D=Array([pdf.pages[1].obj, Name.Fit])))

    result = examined(changed(report, link))
    with pikepdf.open(clean(report)) as pdf:
        links = list(pdf.pages[0].obj[Name.Annots])
        assert str(links[0][Name.A][Name.URI]) == "https://example.gov/compstat"
        assert links[1][Name.Dest][0].objgen == links[2][Name.A][Name.D][0].objgen == pdf.pages[1].obj.objgen
    assert removed(result) == {"metadata"}


def test_a_link_that_mails_somebody_tells_the_address(report):
    result = examined(changed(report, lambda pdf: note(pdf, 0, "Link", A=mail())))
    assert [(item.page, item.kind, item.excerpt) for item in result.findings if item.holds] == [
        (1, "email", "q.marrow@example.gov")
    ]


def mail():
    return Dictionary(S=Name.URI, URI=String("mailto:q.marrow@example.gov"))


def test_the_structure_stays_and_is_told_from_none(report):
    def tag(pdf):
        part = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String("Larceny by week")))
        pdf.Root[Name.StructTreeRoot] = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=part))
        pdf.Root[Name.MarkInfo] = Dictionary(Marked=True)

    bare = examined(report)
    assert (bare.tagged, [item.kind for item in bare.findings if item.kind == "untagged"]) == (False, ["untagged"])
    tagged = examined(changed(report, tag))
    assert (tagged.tagged, [item.kind for item in tagged.findings if item.kind == "untagged"]) == (True, [])
    with pikepdf.open(clean(report)) as pdf:
        assert str(pdf.Root[Name.StructTreeRoot][Name.K][Name.Alt]) == "Larceny by week"


def test_texts_that_are_read_aloud_are_read_by_detectors(report):
    def tag(pdf):
        part = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String("Photo of Sgt. Q. Marrow")))
        pdf.Root[Name.StructTreeRoot] = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=part))

    result = examined(changed(report, tag))
    assert [(item.page, item.kind, item.excerpt) for item in result.findings if item.holds] == [
        (0, "name", "Q. Marrow")
    ]


def test_fields_of_a_form_become_part_of_the_page(tmp_path):
    report = tmp_path / "report.pdf"

    def form(canvas):
        canvas.drawString(60, 720, "Reviewed by:")
        canvas.acroForm.textfield(name="reviewer", value="Larceny desk", x=60, y=660, width=200, height=20)

    result = examined(drawn(report, form))
    assert "Larceny desk" in result.pages[0].text
    assert "forms" in removed(result)
    with pikepdf.open(clean(report)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0].obj


def test_a_file_that_is_only_locked_against_changes_is_published_unlocked(report):
    changed(report, lambda pdf: None, encryption=pikepdf.Encryption(owner="sesame", user=""))
    result = examined(report)
    assert "password" in removed(result)
    assert result.pages[0].text == "Compstat weekly report\nLarceny 12"
    with pikepdf.open(clean(report)) as pdf:
        assert not pdf.is_encrypted


def test_a_file_that_opens_with_a_password_is_refused(report):
    changed(report, lambda pdf: None, encryption=pikepdf.Encryption(owner="sesame", user="sesame"))
    with pytest.raises(Refused, match="with a password"):
        examined(report)
    assert not clean(report).exists()


def script_by_name(pdf):
    pdf.Root[Name.Names] = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action("JavaScript")])))


def script_on_opening(pdf):
    pdf.Root[Name.OpenAction] = action("JavaScript")


def script_of_a_page(pdf):
    pdf.pages[0].obj[Name.AA] = Dictionary(O=action("JavaScript"))


def script_behind_a_link(pdf):
    note(pdf, 0, "Link", A=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=action("JavaScript")))


def program_behind_a_link(pdf):
    note(pdf, 0, "Link", A=action("Launch"))


def form_that_sends(pdf):
    note(pdf, 0, "Widget", FT=Name.Btn, A=action("SubmitForm"))


def action(kind):
    return Dictionary(Type=Name.Action, S=Name(f"/{kind}"), JS=String("app.alert(1)"), F=String("cmd.exe"))


@pytest.mark.parametrize(
    "plant",
    [
        script_by_name,
        script_on_opening,
        script_of_a_page,
        script_behind_a_link,
        program_behind_a_link,
        form_that_sends,
    ],
)
def test_scripts_and_actions_that_start_something_are_refused(report, plant):
    with pytest.raises(Refused, match="carries a script"):
        examined(changed(report, plant))
    assert not clean(report).exists()


def test_a_form_that_only_one_program_shows_is_refused(report):
    with pytest.raises(Refused, match="only Adobe's programs show"):
        examined(changed(report, lambda pdf: pdf.Root.__setitem__(Name.NeedsRendering, True)))


def photograph(marks=b""):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 90, 40)).save(out, "JPEG", comment=SECRET.encode(), exif=exif())
    return out.getvalue() + marks


def exif():
    tags = Image.Exif()
    tags[0x013B] = SECRET
    return tags.tobytes()


def test_photographs_lose_what_cameras_write_into_them_and_look_the_same(tmp_path):
    data = photograph()
    assert data.count(SECRET.encode()) == 2
    stripped = without_segments(data)
    assert SECRET.encode() not in stripped
    assert Image.open(io.BytesIO(stripped)).tobytes() == Image.open(io.BytesIO(data)).tobytes()
    assert without_segments(stripped) == stripped
    assert without_segments(b"\xff\xd8\xff") == b"\xff\xd8\xff"

    def embed(pdf):
        image = Stream(pdf, data, Type=Name.XObject, Subtype=Name.Image, Width=40, Height=30, BitsPerComponent=8)
        image[Name.ColorSpace], image[Name.Filter] = Name.DeviceRGB, Name.DCTDecode
        pdf.pages[0].obj[Name.Resources][Name("/XObject")] = Dictionary(Photo=image)
        pdf.pages[0].contents_add(b"q 40 0 0 30 60 400 cm /Photo Do Q")
        del pdf.trailer["/Info"]

    report = changed(drawn(tmp_path / "report.pdf", lines("A photograph")), embed)
    result = examined(report)
    assert removed(result) == {"metadata"}
    assert SECRET.encode() not in everything(clean(report))
    with pikepdf.open(clean(report)) as pdf:
        picture = pdf.pages[0].obj[Name.Resources][Name("/XObject")][Name("/Photo")]
        assert picture.read_raw_bytes() == stripped


def test_the_clean_file_does_not_depend_on_what_was_removed(report, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(report.read_bytes())
    changed(report, metadata)
    changed(other, lambda pdf: None)
    hashes = set()
    for path in (report, other):
        examined(path)
        hashes.add(hashlib.sha256(clean(path).read_bytes()).hexdigest())
    assert len(hashes) == 1


def test_the_helper_sees_into_packed_streams(tmp_path):
    report = drawn(tmp_path / "report.pdf", lines("x"))
    changed(report, lambda pdf: pdf.Root.__setitem__(Name.Marrow, packed(pdf)))
    assert SECRET.encode() not in report.read_bytes()
    assert SECRET.encode() in everything(report)


def packed(pdf):
    return Stream(pdf, zlib.compress(SECRET.encode()), Filter=Name.FlateDecode)
