"""/catalog.* and /dataset/NAME.* are DCAT-US 3: what its schema requires is there, with services and series.

The lists of what is required are those of the published JSON schema and shapes, which no package manager has.
"""

from __future__ import annotations

from datetime import date

import pytest
from ckan.tests.helpers import call_action as anybody
from helpers import catalogue, reports
from helpers.catalogue import CALLS, CITATIONS, OWN, SERIES, call_action
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS, XSD

from ckanext.cpdi.catalog.reports import refresh
from ckanext.cpdi.site.dcat import PortalProfile

DCAT, US = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://data.resources.gov/ontology/dcat-us#")
ORG, VCARD = Namespace("http://www.w3.org/ns/org#"), Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
REQUIRED = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, US.describedBy),
    DCAT.DatasetSeries: (DCTERMS.title, DCTERMS.description),
    DCAT.DataService: (DCTERMS.title, DCTERMS.publisher, DCAT.contactPoint, DCAT.endpointURL),
    ORG.Organization: (FOAF.name, SKOS.prefLabel),
    VCARD.Kind: (VCARD.fn, VCARD.hasEmail),
    US.GeographicBoundingBox: tuple(
        US[side]
        for side in ("westBoundingLongitude", "eastBoundingLongitude", "southBoundingLatitude", "northBoundingLatitude")
    ),
    FOAF.Document: (DCTERMS.title,),
}
ONCE = (
    DCTERMS.publisher,
    DCTERMS.issued,
    DCTERMS.modified,
    DCTERMS.accrualPeriodicity,
    DCTERMS.license,
    DCTERMS.accessRights,
)
ADDRESSES = (
    DCTERMS.accrualPeriodicity,
    DCTERMS.language,
    DCAT.mediaType,
    DCAT.landingPage,
    DCAT.endpointURL,
    US.describedBy,
)
"""What is an address by the shapes; ckanext-dcat has texts there."""
KINDS = {"jsonld": "json-ld", "ttl": "turtle", "rdf": "xml"}


@pytest.fixture
def filled(once) -> None:
    once(lambda _folder: catalogue.fill())


@pytest.fixture
def graph(app, filled) -> Graph:
    return Graph().parse(data=app.get("/catalog.jsonld", status=200).body, format="json-ld")


def dataset(name: str) -> URIRef:
    return URIRef(f"http://test.ckan.net/dataset/{name}")


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_schema_requires_is_there_in_every_form(app, filled, kind):
    for path in ("catalog", f"dataset/{CALLS}", f"dataset/{SERIES}", f"dataset/{OWN}"):
        graph = Graph().parse(data=app.get(f"/{path}.{kind}", status=200).body, format=KINDS[kind])
        kinds = set(graph.objects(None, RDF.type))
        assert kinds & {DCAT.Dataset, DCAT.DatasetSeries}
        missing = [
            (node, predicate)
            for of_kind, predicates in REQUIRED.items()
            for node in graph.subjects(RDF.type, of_kind)
            for predicate in predicates
            if (node, predicate, None) not in graph
        ]
        assert missing == []


def test_what_there_may_be_one_of_stands_once_and_addresses_are_addresses(graph):
    for predicate in ONCE:
        nodes = list(graph.subjects(predicate, None))
        assert len(nodes) == len(set(nodes)), predicate
    for predicate in ADDRESSES:
        assert {type(value) for value in graph.objects(None, predicate)} == {URIRef}, predicate
    for predicate in (DCTERMS.issued, DCTERMS.modified):
        for of_kind in (DCAT.Dataset, DCAT.DatasetSeries, DCAT.Distribution):
            for node in graph.subjects(RDF.type, of_kind):
                for instant in graph.objects(node, predicate):
                    assert str(instant.datatype) == str(XSD.date) or str(instant).endswith("+00:00"), (node, instant)


def test_a_dataset_is_the_address_of_its_page(app, graph):
    for name in (CALLS, CITATIONS, OWN):
        assert (dataset(name), RDF.type, DCAT.Dataset) in graph
        assert (dataset(name), DCTERMS.identifier, Literal(str(dataset(name)))) in graph
        assert app.get(f"/dataset/{name}").status_code == 200


def test_each_service_of_a_table_serves_it_and_is_listed(graph):
    catalogued = next(graph.subjects(RDF.type, DCAT.Catalog))
    for name in (CALLS, CITATIONS):
        services = set(graph.subjects(DCAT.servesDataset, dataset(name)))
        endpoints = {str(endpoint) for node in services for endpoint in graph.objects(node, DCAT.endpointURL)}
        root = "http://test.ckan.net"
        assert f"{root}/arcgis/rest/services/{name}/FeatureServer" in endpoints
        assert f"{root}/ogc/collections/{name}" in endpoints
        assert f"{root}/ogc/collections/{name}/tiles/WebMercatorQuad" in endpoints
        assert len([each for each in endpoints if "datastore_search" in each]) == 1
        assert len(services) == 4
        assert services <= set(graph.objects(catalogued, DCAT.service))
        rows = {node for service in services for node in graph.subjects(DCAT.accessService, service)}
        assert rows <= set(graph.objects(dataset(name), DCAT.distribution))
        assert len(rows) == 4


def test_a_file_is_downloaded_and_a_service_is_not(graph):
    for node in graph.subjects(RDF.type, DCAT.Distribution):
        downloads, services = list(graph.objects(node, DCAT.downloadURL)), list(graph.objects(node, DCAT.accessService))
        assert len(downloads) + len(services) == 1, node
        assert len(list(graph.objects(node, DCAT.mediaType))) == 1


def test_a_series_has_its_reports_as_datasets_of_their_own(graph):
    series = dataset(SERIES)
    assert (series, RDF.type, DCAT.DatasetSeries) in graph
    assert (series, RDF.type, DCAT.Dataset) not in graph
    members = set(graph.objects(series, DCAT.seriesMember))
    assert len(members) == 2
    assert members == set(graph.subjects(DCAT.inSeries, series))
    latest = graph.value(series, DCAT.last)
    assert "2026-11-22" in str(graph.value(latest, DCTERMS.title))
    assert "2026-11-15" in str(graph.value(graph.value(series, DCAT.first), DCTERMS.title))
    file = graph.value(latest, DCAT.distribution)
    assert graph.value(file, DCAT.downloadURL) == URIRef("https://files.example.gov/compstat%202026-11-22.pdf")
    assert list(graph.objects(series, DCAT.distribution)) == []


def test_a_dataset_with_documentation_and_no_address_of_its_own_does_not_break_the_catalogue(app, filled):
    """ckanext-dcat's profile does: an unset variable."""
    for path in ("/catalog.ttl", f"/dataset/{OWN}.ttl"):
        assert "https://example.gov/racks?a=1" in app.get(path, status=200).body


def test_a_form_that_there_is_not_is_not_found(app, filled):
    """ckanext-dcat fails there."""
    for path in ("/catalog.foo", f"/dataset/{CALLS}.foo"):
        assert app.get(path).status_code == 404


def test_nothing_private_or_deleted_stands_in_it(app, portal, sysadmin):
    catalogue.fill()
    for path in ("/catalog.jsonld", "/catalog.ttl?page=1", f"/catalog.ttl?q={catalogue.SECRET}"):
        for headers in ({}, sysadmin["headers"]):
            assert catalogue.seen(app.get(path, headers=headers).body.replace(f"q={catalogue.SECRET}", "")) == []
    for name in catalogue.HIDDEN:
        answer = app.get(f"/dataset/{name}.jsonld")
        assert answer.status_code == 404
        assert catalogue.SECRET not in answer.body
    assert anybody("package_show", id=CALLS)["private"] is False
    call_action("package_patch", id=CALLS, private=True)
    assert f"/dataset/{CALLS}" not in app.get("/catalog.jsonld").body


def test_a_document_is_written_once_and_anew_as_soon_as_anything_changes(app, portal, editor, monkeypatch):
    written: list[int] = []
    describe = PortalProfile.graph_from_dataset

    def count(profile, *arguments):
        written.append(1)
        describe(profile, *arguments)

    monkeypatch.setattr(PortalProfile, "graph_from_dataset", count)
    for path in ("/catalog.ttl", f"/dataset/{CALLS}.ttl"):
        first, made = app.get(path).body, len(written)
        assert app.get(path).body == first
        assert len(written) == made
        assert len(app.get(path, headers=editor["headers"]).body) == len(first)
        assert len(written) > made
    call_action("package_patch", id=CALLS, title="Calls, told anew")
    for path in ("/catalog.ttl", "/catalog.ttl?page=1", f"/dataset/{CALLS}.ttl"):
        assert "Calls, told anew" in app.get(path).body
    assert "Calls, told anew" not in app.get("/catalog.ttl?q=compstat").body
    call_action("package_patch", id=CALLS, private=True)
    assert "Calls, told anew" not in app.get("/catalog.ttl").body
    assert app.get(f"/dataset/{CALLS}.ttl").status_code == 404


def test_a_report_of_the_archive_has_its_checksum_its_language_and_its_own_address(app, portal):
    reports.publish(SERIES, reports.week(date(2024, 3, 31)))
    refresh(SERIES)
    graph = Graph().parse(data=app.get(f"/dataset/{SERIES}.ttl", status=200).body, format="turtle")
    file = graph.value(graph.value(dataset(SERIES), DCAT.last), DCAT.distribution)
    assert graph.value(file, DCAT.downloadURL) == URIRef(f"http://test.ckan.net/reports/{SERIES}/2024-03-31.pdf")
    assert graph.value(file, DCTERMS.language) == URIRef("http://id.loc.gov/vocabulary/iso639-1/en")
    checksum = graph.value(file, SPDX.checksum)
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert len(str(graph.value(checksum, SPDX.checksumValue))) == 64
    assert len(list(graph.objects(file, SPDX.checksum))) == 1
    entry = {each["identifier"]: each for each in app.get("/data.json").json["dataset"]}[str(dataset(SERIES))]
    assert entry["temporal"] == "2024-03-25/2024-03-31"
    assert entry["distribution"][0]["downloadURL"] == f"http://test.ckan.net/reports/{SERIES}/2024-03-31.pdf"
