"""Harvest sources and jobs for staff who read Spanish: the form, what is wrong with it, and why a job failed."""

from __future__ import annotations

import pytest
from helpers import harvest

from ckanext.cpdi.catalog.parts import PLACES
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal")

WRONG = {
    "url": "https://user:hush@cad.example.org/calls.csv",
    "title": "Llamadas",
    "name": "llamadas",
    "source_type": "cpdi_cad",
    "frequency": "MANUAL",
    "owner_org": "police",
    "config": '{"datset": "calls-for-service"}',
    "save": "Save",
}


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("/es", ["no lleva usuario ni contraseña", "no se conoce aquí; ¿quiso decir dataset?"]),
        ("", ["no user and password", "is not known here; did you mean dataset?"]),
    ],
)
def test_all_that_is_wrong_with_the_form_is_said_at_once_in_the_language_of_the_page(app, sysadmin, prefix, expected):
    page = app.post(f"{prefix}/harvest/new", data=WRONG, headers=sysadmin["headers"]).body
    assert [words for words in expected if words not in page] == []
    assert "hush@" in page  # what was typed stands in the form again, and nowhere else
    assert page.count("hush") == 1


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"dataset": "gone"}', "dataset: &#39;gone&#39; no se conoce aquí; hay "),
        ('{"password": "hush"}', "las fuentes de recolección son públicas"),
        ('{"profile": "atlantis"}', "ningún perfil &#39;atlantis&#39;"),
        ('{"profile": "/etc/passwd"}', "no una ruta"),
        ('{"dataset": 7}', "dataset es un texto entre comillas"),
        ('{"sync": "some"}', "sync es uno de"),
        ('{"sync": "window", "window_days": 1}', "2 o más"),
        ('{"sync": "append", "window_days": 30}', "window_days acompaña"),
        ('{"at": "2:30"}', "at: una hora del día se escribe"),
        ("{", "no es JSON"),
    ],
)
def test_each_fault_of_a_configuration_is_said_in_spanish(app, sysadmin, config, words):
    sent = {**WRONG, "url": "drop:calls.csv", "config": config}
    page = app.post("/es/harvest/new", data=sent, headers=sysadmin["headers"]).body
    assert words in page


def test_a_feed_that_has_a_source_and_a_declared_name_are_refused_in_spanish(app, sysadmin):
    harvest.source()
    twice = {**WRONG, "url": "drop:calls.csv", "config": '{"dataset": "calls-for-service"}'}
    page = app.post("/es/harvest/new", data=twice, headers=sysadmin["headers"]).body
    assert "Ya hay una fuente de recolección con esta dirección" in page
    answer = app.post("/es/api/3/action/package_create", json={"name": PLACES}, headers=sysadmin["headers"])
    assert "pertenece a un conjunto de datos que el portal crea" in str(answer.json["error"])


def test_why_a_job_failed_is_said_in_spanish_on_its_page_with_the_way_to_its_run(app, sysadmin, clean_queues):
    source = harvest.source("drop:gone.csv")
    job = harvest.start(source)
    Worker().run(drain=True)
    (english,) = harvest.messages(job)
    headers = sysadmin["headers"]
    report = app.get(f"/api/3/action/harvest_job_report?id={job}", headers=headers).json["result"]
    (part,) = report["object_errors"].values()
    assert [error["message"] for error in part["errors"]] == [english]
    (run,) = report["runs"]
    pages = [app.get(f"{prefix}/harvest/night/job/{job}", headers=headers).body for prefix in ("", "/es")]
    assert english in pages[0]
    assert english not in pages[1]
    assert "No hay ningún archivo con este nombre en la carpeta de entrega" in pages[1]
    assert f'href="/es/status/runs/{run}"' in pages[1]
