"""The department's organization and datasets: made once, and the staff's from then on."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.cpdi import config
from ckanext.cpdi.catalog import department
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare.departments.offer import offer

pytestmark = pytest.mark.usefixtures("portal")

DATASET = "calls-for-service"


def test_every_declared_dataset_is_there_with_what_its_declaration_says():
    for dataset in offer(config.profile(), config.library()):
        package = call_action("package_show", id=dataset.name)
        assert (package["type"], package["title"]) == (dataset.type, dataset.title.en)
        assert package["organization"]["name"] == config.organization()
        assert package["frequency"] == dataset.metadata["frequency"]
        assert {one["name"] for one in package["tags"]} == set(dataset.keywords)
        assert [one["id"] for one in package["resources"]] == [one.id for one in department.all_parts(dataset)]


def test_a_table_has_its_files_and_its_api_as_resources():
    resources = call_action("package_show", id=DATASET)["resources"]
    site = "http://test.ckan.net"
    assert {one["format"]: one["url"] for one in resources} == {
        "CSV": f"{site}/data/{DATASET}.csv",
        "KML": f"{site}/data/{DATASET}.kml",
        "SHP": f"{site}/data/{DATASET}.shp.zip",
        "GeoJSON": f"{site}/data/{DATASET}.geojson",
        "API": f"{site}/api/3/action/datastore_search?resource_id={resource_id(DATASET)}",
    }


def test_a_second_set_up_makes_nothing_and_changes_nothing(editor, sysadmin):
    call_action(
        "package_patch", context=dict(editor["context"]), id=DATASET, title="Calls", notes="By us", private=True
    )
    call_action("resource_patch", context=dict(editor["context"]), id=resource_id(DATASET), name="The table")
    call_action("organization_patch", context=dict(sysadmin["context"]), id="police", title="Our police")
    names = [dataset.name for dataset in offer(config.profile(), config.library())]
    before = {name: call_action("package_show", id=name) for name in names}
    assert department.ensure_all() == []
    assert {name: call_action("package_show", id=name) for name in names} == before
    assert call_action("organization_show", id="police")["title"] == "Our police"


def test_a_resource_that_staff_deleted_comes_back_with_the_next_set_up_and_the_others_stay(editor):
    kml = resource_id(DATASET, "kml")
    call_action("resource_patch", context=dict(editor["context"]), id=resource_id(DATASET), name="The table")
    call_action("resource_delete", context=dict(editor["context"]), id=kml)
    assert department.ensure_all() == [f"resource KML of {DATASET}"]
    resources = {one["id"]: one for one in call_action("package_show", id=DATASET)["resources"]}
    assert resources[kml]["url_type"] == "cpdi"
    assert resources[resource_id(DATASET)]["name"] == "The table"


def test_a_dataset_that_stands_in_the_way_is_named():
    package = model.Package.get("compstat-reports")
    package.type = "dataset"
    model.Session.commit()
    with pytest.raises(department.DepartmentError, match="of type dataset, which is declared as report-series"):
        department.ensure_all()


def test_a_deleted_organization_is_named():
    organization = model.Group.get("police")
    organization.state = "deleted"
    model.Session.commit()
    with pytest.raises(department.DepartmentError, match="police is deleted"):
        department.ensure_all()


def test_the_set_up_leaves_no_entry_in_the_activity_stream():
    assert call_action("package_activity_list", id=DATASET) == []


def test_a_sixth_dataset_is_one_more_declaration_and_no_code(ckan_config, monkeypatch, root, tmp_path, app):
    from helpers.feeds import write_calls

    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    calls = (root / "schemas/datasets/calls-for-service.yaml").read_text()
    declarations = tmp_path / "declarations"
    declarations.mkdir()
    (declarations / "alarms.yaml").write_text(
        calls.replace("name: calls-for-service", "name: false-alarms").replace("order: 1", "order: 6")
    )
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.declarations", [str(declarations)])
    profile = tmp_path / "profile.yaml"
    named = (root / "profiles/charleston.yaml").read_text().replace("  calls-for-service:", "  false-alarms:")
    profile.write_text(named.replace("charleston/", f"{root}/profiles/charleston/"))

    feed = write_calls(tmp_path / "alarms.csv", range(1, 31))
    report = load.run("false-alarms", str(feed), str(profile), label="alarms", trusted_path=True)
    assert (report.state, report.published) == ("published", 30), report.message
    publish.publish("false-alarms", publish.profile_of("false-alarms"))
    assert len(app.get("/data/false-alarms.csv").body.splitlines()) == 31
    found = app.get(f"/api/3/action/datastore_search?resource_id={resource_id('false-alarms')}").json["result"]
    assert found["total"] == 30
    assert "false-alarms" in app.get("/").body
