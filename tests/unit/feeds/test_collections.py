"""Places with many files: folders, ZIPs, pages of links and catalogues, as cities have them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import contextmanager
from dataclasses import replace

import pytest
from helpers.web import serving

from ckanext.cpdi.feeds import FeedError, Spool, Unchanged, Version
from ckanext.cpdi.feeds.collections import open_collection

MOST = 1 << 20
ITEM = "0123456789abcdef0123456789abcdef"


def pdf(text: str = "") -> bytes:
    return b"%PDF-1.7\n" + text.encode() + b"\n%%EOF\n"


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def contents(location, settings) -> dict[str, bytes | str]:
    """The files at a location by their names: content, or the words of why it did not come."""
    brought = {}
    with open_collection(location, settings, MOST) as entries:
        for entry in entries:
            try:
                spool = entry.fetch(None, ())
                assert isinstance(spool, Spool)
                with spool:
                    brought[entry.name] = spool.path.read_bytes()
                    assert spool.version.sha256 == checksum(brought[entry.name])
            except FeedError as error:
                brought[entry.name] = error.message
    return brought


@contextmanager
def site(**pages: bytes | str | dict):
    """A web server with pages; ``{here}`` in them stands for its host."""

    def answer(request):
        content = pages.get(request.path.lstrip("/"))
        if content is None:
            request.send(b"", 404)
            return
        raw = content if isinstance(content, bytes) else json.dumps(content) if isinstance(content, dict) else content
        body = raw if isinstance(raw, bytes) else raw.replace("{here}", server.host).encode()
        if request.headers.get("If-None-Match") == f'"{checksum(body)}"':
            request.send_response(304)
            request.head(ETag=f'"{checksum(body)}"')
            return
        request.send(body, ETag=f'"{checksum(body)}"')

    with serving(answer) as server:
        yield server


@pytest.fixture
def drop(settings):
    folder = settings.drop_dir / "reports"
    (folder / "2024").mkdir(parents=True)
    return folder


def test_a_folder_is_read_in_the_order_of_people_with_the_folders_in_it(settings, drop):
    for name in ("week 10.pdf", "week 9.pdf", "2024/Week 1.PDF", "notes.txt"):
        (drop / name).write_bytes(pdf(name))
    (drop / ".week 11.pdf.part").write_bytes(b"half")
    (drop / "~$week 12.pdf").write_bytes(b"open in a program")
    assert list(contents("drop:reports", settings)) == ["Week 1.PDF", "notes.txt", "week 9.pdf", "week 10.pdf"]
    assert list(contents("drop:reports/week*.pdf", settings)) == ["week 9.pdf", "week 10.pdf"]
    assert contents("drop:reports/week 9.pdf", settings) == {"week 9.pdf": pdf("week 9.pdf")}
    assert list(contents(drop, settings)) == ["Week 1.PDF", "notes.txt", "week 9.pdf", "week 10.pdf"]


def test_a_known_file_of_a_folder_is_not_copied(settings, drop):
    (drop / "week 9.pdf").write_bytes(pdf())
    with open_collection("drop:reports", settings, MOST) as entries:
        (entry,) = entries
        assert entry.fetch(None, {checksum(pdf())}) == checksum(pdf())
        assert list(settings.spool_dir.glob("*")) == []


OUTSIDE = ["drop:../drop", "drop:reports/../../x", "drop:/etc", "drop:away", "drop:away/*.pdf"]


@pytest.mark.parametrize("location", OUTSIDE)
def test_nothing_outside_the_drop_folder_is_read(settings, drop, location):
    (settings.drop_dir / "away").symlink_to(drop.parent.parent)
    (drop.parent.parent / "secret.pdf").write_bytes(pdf())
    with pytest.raises(FeedError):
        contents(location, settings)


def test_a_link_in_a_folder_leads_nowhere_else(settings, drop):
    outside = drop.parent.parent / "secret.pdf"
    outside.write_bytes(pdf("secret"))
    (drop / "week 9.pdf").symlink_to(outside)
    assert contents("drop:reports", settings) == {"week 9.pdf": "The feed's location leads out of the drop folder."}


def test_a_zip_gives_its_files_by_their_own_names(settings, drop):
    with zipfile.ZipFile(drop / "all.zip", "w") as packed:
        packed.writestr("2024/../../../etc/week 1.pdf", pdf("1"))
        packed.writestr("C:\\reports\\week 2.pdf", pdf("2"))
        packed.writestr("__MACOSX/._week 1.pdf", b"resource fork")
    assert contents("drop:reports/all.zip", settings) == {"week 1.pdf": pdf("1"), "week 2.pdf": pdf("2")}
    assert contents(drop / "all.zip", settings) == {"week 1.pdf": pdf("1"), "week 2.pdf": pdf("2")}


def test_a_file_of_a_zip_that_swells_is_refused_alone(settings, drop):
    with zipfile.ZipFile(drop / "all.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.pdf", b"\0" * (MOST + 1))
        packed.writestr("week 2.pdf", pdf("2"))
    brought = contents("drop:reports/all.zip", settings)
    assert brought["week 2.pdf"] == pdf("2")
    assert "1,048,576 bytes" in brought["bomb.pdf"]


def test_a_zip_that_came_before_is_not_unpacked(settings, drop):
    with zipfile.ZipFile(drop / "all.zip", "w") as packed:
        packed.writestr("week 1.pdf", pdf("1"))
    addresses = set()
    for _ in range(2):
        with open_collection("drop:reports/all.zip", settings, MOST) as entries:
            (entry,) = entries
            addresses.add(entry.address)
            with pytest.raises(Unchanged):
                entry.fetch(Version("week 1.pdf", checksum(pdf("1")), 1), ())
    assert len(addresses) == 1


@pytest.mark.parametrize("damage", [lambda raw: raw[:-30], lambda raw: b"PK\x03\x04" + b"x" * 100])
def test_a_damaged_zip_is_refused_in_words(settings, drop, damage):
    with zipfile.ZipFile(drop / "all.zip", "w") as packed:
        packed.writestr("week 1.pdf", pdf("1"))
    (drop / "all.zip").write_bytes(damage((drop / "all.zip").read_bytes()))
    with pytest.raises(FeedError, match="damaged"):
        contents("drop:reports/all.zip", settings)


PAGE = """<!doctype html><base href="/files/"><h1>Reports</h1>
<a href="week%201.pdf">Week <b>1</b></a> <a href="week%201.pdf#page=2">again</a>
<a href="/DocumentCenter/View/123/Week-2">Week 2</a> <a href="typed" type="application/pdf">Week 3</a>
<a href="about.html">About</a> <a href="mailto:x@example.org">Mail</a> <a href="javascript:void(0)">Menu</a>
<a href="ftp://example.org/week.pdf">old</a> <a href="http://user:pw@{here}/files/secret.pdf">with a password</a>
<a href="gone.pdf">Gone</a>"""


def test_a_page_of_links_gives_the_pdfs_that_it_links_to(settings):
    pages = {
        "reports": PAGE,
        "files/week%201.pdf": pdf("1"),
        "DocumentCenter/View/123/Week-2": pdf("2"),
        "files/typed": pdf("3"),
    }
    with site(**pages) as server:
        brought = contents(f"http://{server.host}/reports", settings)
    gone = brought.pop("gone.pdf")
    assert brought == {"week 1.pdf": pdf("1"), "Week 2.pdf": pdf("2"), "Week 3.pdf": pdf("3")}
    assert gone == f"There is no file at http://{server.host}/files/gone.pdf (404)."


CATALOGUES = {
    "dcat": {
        "dataset": [
            {"title": "Week 1", "distribution": [{"mediaType": "application/pdf", "downloadURL": "/files/1"}]},
            {"title": "Calls", "distribution": [{"mediaType": "text/csv", "downloadURL": "/calls.csv"}, "odd"]},
            {"distribution": [{"format": "PDF", "accessURL": "http://{here}/files/week 2.pdf"}]},
            "odd",
        ]
    },
    "hub": {
        "type": "FeatureCollection",
        "features": [
            {"id": "x", "properties": {"type": "PDF", "title": "Week 1", "url": "http://{here}/files/week 2.pdf"}}
        ],
        "links": [{"rel": "self", "href": "/hub"}, {"rel": "next", "href": "/hub2"}],
    },
    "hub2": {"features": [], "links": []},
    "sharing/rest/search?q=x": {
        "results": [
            {"id": ITEM, "type": "PDF", "title": "Week 1", "name": "week1.pdf"},
            {"id": ITEM, "type": "Web Map", "title": "Map"},
        ],
        "nextStart": 11,
    },
    "sharing/rest/search?q=x&start=11": {"results": [], "nextStart": -1},
}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("dcat", {"Week 1.pdf": b"1", "week 2.pdf": b"2"}),
        ("hub", {"week 2.pdf": b"2"}),
        ("sharing/rest/search?q=x", {"week1.pdf": b"3"}),
    ],
)
def test_a_catalogue_gives_the_pdfs_that_it_lists(settings, path, names):
    files = {"files/1": b"1", "files/week%202.pdf": b"2", f"sharing/rest/content/items/{ITEM}/data": b"3"}
    with site(**CATALOGUES, **files) as server:
        assert contents(f"http://{server.host}/{path}", settings) == names


def test_a_link_is_asked_for_only_what_changed(settings):
    with (
        site(reports='<a href="a.pdf">A</a>', **{"a.pdf": pdf()}) as server,
        open_collection(f"http://{server.host}/reports", settings, MOST) as entries,
    ):
        (entry,) = entries
        with entry.fetch(None, ()) as spool:
            version = spool.version
        with pytest.raises(Unchanged):
            entry.fetch(version, ())
        assert entry.fetch(None, {version.sha256}) == version.sha256


def test_credentials_go_to_the_source_and_to_no_host_that_it_links_to(settings):
    with site(**{"a.pdf": pdf("elsewhere")}) as other:
        page = f'<a href="b.pdf">B</a><a href="http://{other.host}/a.pdf">A</a>'
        with site(reports=page, **{"b.pdf": pdf("here")}) as server:
            access = replace(settings, access={"user": "harvest", "password": "secret"})
            assert len(contents(f"http://{server.host}/reports", access)) == 2
            assert all(request.headers["Authorization"] for request in server.seen)
        assert [request.headers["Authorization"] for request in other.seen] == [None]


def test_a_link_into_the_operators_network_is_not_followed(settings):
    with site(reports='<a href="http://10.0.0.1/a.pdf">A</a>') as server:
        (words,) = contents(f"http://{server.host}/reports", settings).values()
    assert "not on the public internet" in words


@pytest.mark.parametrize("page", ["<p>Nothing here", "{}", '{"dataset": "odd", "features": {}, "results": [1]}', "[]"])
def test_a_page_without_a_pdf_is_an_error(settings, page):
    with site(reports=page) as server, pytest.raises(FeedError, match="No link to a PDF"):
        contents(f"http://{server.host}/reports", settings)


def test_one_file_at_an_address_is_a_collection_of_one(settings):
    with site(**{"week.pdf": pdf()}) as server:
        assert contents(f"http://{server.host}/week.pdf", settings) == {"week.pdf": pdf()}
