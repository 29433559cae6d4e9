"""CKAN's own pages are in the reader's language: the catalogue keeps English, and what staff wrote is theirs."""

from __future__ import annotations

import re
from html import unescape

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from helpers.feeds import DATASET

from ckanext.cpdi import config
from ckanext.cpdi.catalog import places
from ckanext.cpdi.catalog.parts import PLACES, by_id, parts, place_parts, resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.catalog.texts import columns, own_text

pytestmark = pytest.mark.usefixtures("standing")

RESOURCE = f"/dataset/{DATASET}/resource/{resource_id(DATASET)}"


def own(stored, field):
    return own_text(stored, field, config.library(), config.profile())


def words_of(app, path):
    """The text of the main part of a page."""
    body = app.get(path, status=200).body
    main = body[body.index('id="content"') if 'id="content"' in body else 0 : body.index("<footer")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.fixture
def renamed():
    """A dataset with a title of the staff's own, which goes after the test."""
    before, title = model.Package.get(DATASET).title, "Calls, as we call them"
    change = tk.get_action("package_patch")
    change(portal_user(), {"id": DATASET, "title": title})
    yield title
    change(portal_user(), {"id": DATASET, "title": before})


def test_the_catalogue_lists_datasets_in_the_readers_language(app):
    spanish, english = (words_of(app, f"{language}/dataset/") for language in ("/es", ""))
    listed = [one for one in config.library().datasets.values() if one.title.en in english]
    assert len(listed) > 3
    for one in listed:
        assert one.title.es in spanish
        assert one.title.en not in spanish
        assert one.description.en[:40] not in spanish


def test_the_page_of_a_resource_is_in_the_readers_language(app):
    spanish = words_of(app, f"/es{RESOURCE}")
    table = config.library().dataset(DATASET)
    for said in ("Todas las filas: CSV", "La tabla entera, para hojas de cálculo", "Filas", "Versión", "Explorar"):
        assert said in spanish
    for field in table.rows.fields:
        assert field.title.es in spanish
    for english in ("All rows", "The whole table", "Incident number", "Covered from", "State", "Explore"):
        assert english not in spanish
    english = words_of(app, RESOURCE)
    assert "All rows as CSV" in english
    assert "Datastore active" not in english


def test_the_department_is_called_so_on_the_page_of_its_organization(app):
    assert config.profile().agency.name.es in words_of(app, "/es/organization/police")


def test_what_staff_wrote_is_theirs_in_every_language(app, renamed):
    assert renamed in words_of(app, f"/es{RESOURCE}")
    assert config.library().dataset(DATASET).title.es not in words_of(app, f"/es{RESOURCE}")


def test_everything_that_the_portal_writes_has_spanish():
    library = config.library()
    for part in [*by_id(library).values(), *place_parts()]:
        for stored in ({"name": part.name(2026).en}, {"name": part.name(None).en}):
            named = own({"id": part.id, "package_id": "x", **stored}, "name")
            assert named is None or named.es != named.en or part.kind.format == "API"
        described = {"id": part.id, "package_id": "x", "description": part.description.en}
        assert own(described, "description").es not in ("", part.description.en)
    running = next(part for one in library.tables for part in parts(one) if part.running)
    stored = {"id": running.id, "package_id": "x", "name": running.name(2031).en}
    assert "2031" in own(stored, "name").es
    assert own({**stored, "name": "This year's"}, "name") is None


def test_the_places_are_described_in_both(app):
    stored = {"name": PLACES, "title": places.TITLE.en, "notes": places.about(config.profile()).en}
    assert own(stored, "title").es == "Lugares"
    assert "direcciones" in own(stored, "notes").es
    texts = columns(resource_id(PLACES), config.library(), config.profile())
    assert all(title.get("es") and note.es for title, note in texts.values())
    assert columns("none", config.library(), config.profile()) == {}


def test_an_error_has_no_name_in_english(app):
    refused = app.post("/es/help", status=405).body
    assert "Esta dirección no se abre de esta manera" in refused
    assert "not allowed" not in refused.lower()


def test_keywords_and_how_data_are_made_are_in_the_readers_language(app):
    page = app.get(f"/es/dataset/{DATASET}").body
    assert ">llamadas de servicio</a>" in page
    assert "tags=calls+for+service" in page  # what is searched for is what the catalogue has
    assert config.library().dataset(DATASET).form_text("methodology").es[:40] in page
    assert "seguridad pública" in words_of(app, "/es/organization/police")
    kept = tk.get_action("package_show")({}, {"id": DATASET})
    assert kept["methodology"] == config.library().dataset(DATASET).form_text("methodology").en


def test_kinds_of_activity_have_no_names_of_programs(app):
    said = words_of(app, "/es/organization/activity/police")
    assert "organización nueva" in said
    assert "organization" not in said.lower()


@pytest.mark.parametrize(
    ("path", "spanish", "english"),
    [
        ("/organization/bulk_process/police", "Citaciones electrónicas", "Electronic Citations"),
        ("/organization/member_new/police", "Departamento de Policía de Charleston", "Charleston Police Department"),
        (f"/dataset/resources/{DATASET}", "recurso: Todas las filas: CSV", "All rows as CSV"),
        (f"/dataset/edit/{DATASET}", "Editar: Llamadas de servicio", "Incident-Table"),
        ("/incident-table/new", "Nuevo conjunto de datos", "Incident-table"),
        ("/ckan-admin/", 'placeholder="Nombre de usuario"', 'placeholder="Username"'),
        ("/arcgis/rest/services/calls-for-service/FeatureServer/0/query", "Probar una consulta · Llamadas", "· Calls"),
    ],
)
def test_staff_read_the_titles_of_the_catalogue_in_their_language(app, sysadmin, path, spanish, english):
    page = app.get(f"/es{path}", headers={**sysadmin["headers"], "Accept": "text/html"}, status=200).body
    assert spanish in page
    assert english not in page


def test_a_form_keeps_what_the_catalogue_has(app, sysadmin):
    """Its fields would otherwise put the Spanish words in place of the English ones."""
    title = config.library().dataset(DATASET).title.en
    assert f'value="{title}"' in app.get(f"/es/dataset/edit/{DATASET}", headers=sysadmin["headers"]).body
    named = f'value="{config.profile().agency.name.en}"'
    assert named in app.get("/es/organization/edit/police", headers=sysadmin["headers"]).body


def test_the_words_of_ckans_scripts_are_there(app):
    """CKAN makes them where its development server starts; ``scripts/migrate`` does for others."""
    assert app.get("/api/i18n/es").json["Save order"] == [None, "Guardar orden"]
