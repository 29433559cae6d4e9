"""Staff's pages for a first profile: upload, judge, see the effect, approve."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from unittest.mock import ANY

import pytest
from helpers.users import signed_in

from ckanext.cpdi import config
from ckanext.cpdi.site.drafts.upload import LARGEST_BOUNDARY

PAGE = "/status/profile"
KINDS = ("Traffic Stop", "Noise Complaint", "Domestic Disturbance")
FLAGS = {"Y": "sensitive", "N": "open", "": "sensitive"}
SECRET = "Planted Caller Q. Public"
pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def editor():
    return signed_in(capacity="editor")


@pytest.fixture
def admin():
    return signed_in(capacity="admin")


def export(rows=300):
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["Incident_Number", "Call_Datetime", "Problem", "Address", "X", "Y", "Caller_Name", "DV_Flag"])
    for number in range(rows):
        time = f"2025-03-{1 + number % 28:02} {8 + number % 12:02}:{number % 60:02}"
        where = [f"{100 + number} Quill St", f"{-79.98 + number / 1e4:.5f}", f"{32.75 + number / 1e4:.5f}"]
        table.writerow([f"25-{number:06}", time, KINDS[number % 3], *where, f"{SECRET} {number % 9}", "YN"[number % 2]])
    return text.getvalue().encode()


def post(app, path, who, **fields):
    return app.post(f"{PAGE}{path}", data=fields, headers=who["headers"], follow_redirects=False)


def begin(app, who, content=None, **fields):
    upload = (io.BytesIO(export() if content is None else content), "calls.csv")
    said = {"export": upload, "city": "Quillport", "state": "SC", **fields}
    return post(app, "", who, **said)


def page(app, who, **query):
    answer = app.get(PAGE, query_string=query, headers=who["headers"])
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def judge(app, who, name, classes, **more):
    return post(app, "/judge", who, **{"list": name, "value": list(classes), "class": list(classes.values()), **more})


def test_from_an_upload_to_an_approved_profile(app, admin):
    assert begin(app, admin).status_code == 302
    text = page(app, admin)
    for kind in KINDS:
        assert kind in text
    assert "not judged" in text
    proposed = {"Traffic Stop": "open", "Noise Complaint": "residential", "Domestic Disturbance": "sensitive"}
    assert judge(app, admin, "problem", proposed).status_code == 302
    flags = page(app, admin, list="flag DV_Flag")
    assert re.findall(r'name="value" value="(\w*)"', flags) == ["N", "Y", ""]
    shown = judge(
        app,
        admin,
        "flag DV_Flag",
        {"Y": "sensitive", "N": "open", "": "sensitive"},
        export=(io.BytesIO(export()), "c.csv"),
    )
    assert shown.status_code == 200
    effect = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.get_data(as_text=True)))
    assert "Rows 300 Published 300 Withheld 0 Set aside 0" in effect
    assert "Some rows as they would be shown" in effect
    assert SECRET not in effect
    assert post(app, "/approve", admin).status_code == 302
    (approved,) = (config.private_path() / "profiles").glob("*-quillport/quillport.yaml")
    assert approved.read_text().startswith(f"# Approved by {admin['name']} on ")
    assert config.profile(approved).feed("calls-for-service").flags[0].values == {
        "Y": "sensitive",
        "N": "open",
        "": "sensitive",
    }
    assert {code.value: code.privacy for code in config.profile(approved).lists["problem"].codes} == proposed
    assert 'name="export"' in page(app, admin)  # the shelf is empty again


def test_an_upload_is_not_kept(app, editor):
    begin(app, editor)
    judge(app, editor, "problem", {"Traffic Stop": "open"}, export=(io.BytesIO(export()), "calls.csv"))
    kept = [path for path in config.private_path().rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert SECRET.encode() not in path.read_bytes(), path
        assert path.stat().st_mode & 0o077 == 0 or "profiles" in path.parts, path
    assert not list(config.spool_path().iterdir())


def test_what_was_not_judged_is_withheld(app, editor):
    begin(app, editor)
    shown = judge(app, editor, "problem", {"Traffic Stop": "open"}, export=(io.BytesIO(export()), "calls.csv"))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.get_data(as_text=True)))
    assert "Published 0 Withheld 300" in text


def test_each_has_a_draft_of_their_own_and_only_approvers_approve(app, editor, admin):
    begin(app, editor)
    assert 'name="export" required' in page(app, admin)
    assert post(app, "/approve", editor).status_code == 403
    assert not (config.private_path() / "profiles").exists()
    assert "Approve this profile" not in page(app, editor)
    assert post(app, "/discard", editor).status_code == 302
    assert 'name="export" required' in page(app, editor)


def test_who_may_approve_takes_over_the_draft_of_a_colleague(app, editor, admin):
    begin(app, editor)
    judge(app, editor, "problem", {"Traffic Stop": "open"})
    assert f"Take over the draft of {editor['name']}" in page(app, admin)
    assert post(app, "/take", signed_in(capacity="editor"), owner=editor["name"]).status_code == 403
    assert "There is no such draft" in post(app, "/take", admin, owner="../drafts").get_data(as_text=True)
    assert post(app, "/take", admin, owner=editor["name"]).status_code == 302
    assert "2 of 3 not judged" in page(app, admin)
    assert 'name="export" required' in page(app, editor)


def test_strangers_see_nothing(app):
    for who in (signed_in(), {"headers": {}}):
        for answer in (
            app.get(PAGE, headers=who["headers"], follow_redirects=False),
            app.get(f"{PAGE}/files", headers=who["headers"], follow_redirects=False),
            begin(app, who),
            post(app, "/judge", who),
            post(app, "/approve", who),
            post(app, "/take", who),
            post(app, "/discard", who),
        ):
            assert answer.status_code in (302, 403)
            assert "/user/login" in answer.headers.get("Location", "") or answer.status_code == 403
    assert not (config.private_path() / "drafts").exists()


def test_bad_uploads_are_said_in_a_sentence_and_leave_the_draft(app, editor):
    begin(app, editor)
    said = begin(app, editor, b"Flavour,Price\nVanilla,3\n")
    assert "is like none of the datasets" in said.get_data(as_text=True)
    assert "Choose the file" in post(app, "", editor, city="Q", state="SC").get_data(as_text=True)
    assert "did you mean South Carolina" in begin(app, editor, state="South Carolin").get_data(as_text=True)
    assert "There is no class public" in judge(app, editor, "problem", {"Traffic Stop": "public"}).get_data(
        as_text=True
    )
    assert "Traffic Stop" in page(app, editor)
    assert not list(config.spool_path().iterdir())


def outline(kind="Polygon"):
    ring = [[-80.1, 32.6], [-79.8, 32.6], [-79.8, 32.9], [-80.1, 32.9], [-80.1, 32.6]]
    return io.BytesIO(json.dumps({"type": kind, "coordinates": [ring] if kind == "Polygon" else ring}).encode())


def test_a_boundary_is_taken_into_the_draft(app, editor):
    assert begin(app, editor, boundary=(outline(), "city.geojson")).status_code == 302
    text = page(app, editor)
    assert "the boundary city.geojson" in text
    assert "The boundary is a box" not in text
    packed = zipfile.ZipFile(io.BytesIO(app.get(f"{PAGE}/files", headers=editor["headers"]).data))
    boundary = json.loads(packed.read("quillport/boundary.geojson"))
    assert boundary["features"][0]["geometry"] == json.loads(outline().read()) | {"coordinates": ANY}
    assert not list(config.spool_path().iterdir())


def test_a_boundary_that_is_no_area_is_refused_and_leaves_the_draft(app, editor):
    begin(app, editor)
    said = begin(app, editor, boundary=(outline("LineString"), "roads.geojson")).get_data(as_text=True)
    assert "The boundary roads.geojson holds LineString, and no area" in said
    large = io.BytesIO(b" " * (LARGEST_BOUNDARY + 1))
    assert "The boundary is larger than 5 MB" in begin(app, editor, boundary=(large, "b.json")).get_data(as_text=True)
    assert "Traffic Stop" in page(app, editor)
    assert not list(config.spool_path().iterdir())


def test_all_of_the_page_is_spanish_for_who_reads_spanish(app, editor):
    def spanish(path="", **fields):
        ask = app.post if fields else app.get
        answer = ask(f"/es{PAGE}{path}", **({"data": fields} if fields else {}), headers=editor["headers"])
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))

    assert "Límite de la ciudad (opcional)" in spanish()
    assert "no se parece a ninguno de los conjuntos de datos" in spanish(
        export=(io.BytesIO(b"Flavour,Price\nVanilla,3\n"), "ices.csv"), city="Quillport", state="SC"
    )
    begin(app, editor)
    text = spanish()
    assert "Qué queda por decidir" in text
    assert "El archivo se toma por calls-for-service" in text
    assert "Clasifique los 3 valores de Problem (problem), que tienen 300 filas" in text
    assert re.search("como '|parecido a '|como &#39;|parecido a &#39;|la palabra ", text)
    effect = spanish("/judge", list="problem", export=(io.BytesIO(export()), "calls.csv"))
    assert "Qué se publicaría" in effect
    for english in ("Nothing is", "Judge the", "What is left", "Write the", "Run status", "the word "):
        assert english not in text.split("# A first draft")[0], english


def test_the_files_come_as_a_zip(app, editor):
    begin(app, editor)
    answer = app.get(f"{PAGE}/files", headers=editor["headers"])
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert {"quillport.yaml", "quillport/problem.csv", "quillport/boundary.geojson"} <= set(names)
    post(app, "/discard", editor)
    assert app.get(f"{PAGE}/files", headers=editor["headers"]).status_code == 404


def test_long_lists_are_judged_a_page_at_a_time(app, editor):
    rows = export(rows=1500).decode().splitlines()
    header, *lines = (line.split(",") for line in rows)
    for place, line in enumerate(lines):
        line[2] = f"Kind {place % 120:03}"
    begin(app, editor, "\n".join(",".join(line) for line in (header, *lines)).encode() + b"\n")
    assert page(app, editor, list="problem").count('name="class"') == 100
    assert page(app, editor, list="problem", page=2).count('name="class"') == 20
    assert "120 of 120 not judged" in page(app, editor)
