"""DCAT-US 3: ckanext-dcat's profile with services and series, mended where it does not hold to the published shapes.

In: packages. Out: their graph, in which a dataset is the address of its page.
https://resources.data.gov/resources/dcat-us/
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from ckanext.cpdi import addresses, config
from ckanext.cpdi.services.dcat.entries import entry, page_of
from ckanext.cpdi.services.dcat.entry import Contact, Entry, File, Licence, Service
from ckanext.dcat.profiles.dcat_us_3 import DCATUS3Profile
from ckanext.dcat.utils import resource_uri

US = Namespace("http://data.resources.gov/ontology/dcat-us#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # rdflib's own knows no series
ORG = Namespace("http://www.w3.org/ns/org#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_FREQUENCIES = {
    "P1D": "daily",
    "P1W": "weekly",
    "P1M": "monthly",
    "P3M": "quarterly",
    "P1Y": "annual",
    "": "irregular",
}
_FREQUENCY = "http://purl.org/cld/freq/"
_SIDES = ("westBoundingLongitude", "southBoundingLatitude", "eastBoundingLongitude", "northBoundingLatitude")


class PageAddresses:
    """Methods of ckanext-dcat's IDCATURIGenerator."""

    def dataset_uri(self, dataset_dict: dict[str, Any], uri: str) -> str:
        """Return the address of the dataset's page, which never changes, as its identifier."""
        return page_of(dataset_dict["name"]) if dataset_dict.get("name") else uri


class PortalProfile(DCATUS3Profile):
    """The profile ``cpdi_portal``."""

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: URIRef) -> None:
        """Describe the portal; its home page is the portal's own, also below a path."""
        super().graph_from_catalog(catalog_dict, catalog_ref)
        agency, graph = config.profile().agency, self.g
        graph.set((catalog_ref, FOAF.homepage, URIRef(addresses.url("/"))))
        words = tk.config.get("ckan.site_description") or f"Open data of {agency.name.en}."
        graph.set((catalog_ref, DCTERMS.description, Literal(words)))
        graph.set((catalog_ref, DCTERMS.publisher, _publisher(graph, agency.name.en, agency.url)))
        _languages(graph, catalog_ref, ("en",))

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Describe a dataset with its services or its reports.

        ckanext-dcat 2.4.4 fails on a dataset with documentation and without an address of its own.
        """
        described = entry(dataset_dict)
        super().graph_from_dataset({**dataset_dict, "url": described.page}, dataset_ref)
        _dataset(self.g, dataset_ref, described)
        for resource in dataset_dict.get("resources") or ():
            _distribution(self.g, URIRef(resource_uri(resource)), resource["id"], described)
        for file in described.files:
            if not file.identifier:
                _file(self.g, dataset_ref, file, described.licence)
        for service in described.services:
            _service(self.g, dataset_ref, service, described)
        if described.series:
            _series(self.g, dataset_ref, dataset_dict, described)


def _dataset(graph: Graph, dataset: URIRef, described: Entry) -> None:
    """Set what ckanext-dcat has in a form that the shapes do not take."""
    graph.set((dataset, DCTERMS.identifier, Literal(described.page)))
    graph.set((dataset, DCTERMS.issued, _instant(described.issued)))
    graph.set((dataset, DCTERMS.modified, _instant(described.modified)))
    graph.set((dataset, DCAT.landingPage, URIRef(described.page)))
    graph.set((dataset, DCTERMS.accrualPeriodicity, URIRef(_FREQUENCY + _FREQUENCIES[described.period])))
    graph.set((dataset, US.describedBy, URIRef(described.dictionary or f"{described.page}#about")))
    for page in (
        dataset,
        *graph.objects(dataset, FOAF.page),
    ):  # a document has a title, or is named by its address alone
        graph.remove((page, RDF.type, FOAF.Document))
    _languages(graph, dataset, described.languages)
    _contact(graph, dataset, described.contact)
    if described.rights:
        rights = BNode()
        graph.add((dataset, DCTERMS.rights, rights))
        graph.add((rights, RDF.type, DCTERMS.RightsStatement))
        graph.add((rights, RDFS.label, Literal(described.rights)))
    if described.box:
        box = BNode()
        graph.add((dataset, US.geographicBoundingBox, box))
        graph.add((box, RDF.type, US.GeographicBoundingBox))
        for side, degrees in zip(_SIDES, described.box, strict=True):
            graph.add((box, US[side], Literal(Decimal(str(degrees)), datatype=XSD.decimal)))


def _distribution(graph: Graph, node: URIRef, identifier: str, described: Entry) -> None:
    """Mend a distribution that is a resource of CKAN; one that stands for a service is replaced by that."""
    file = next((file for file in described.files if file.identifier == identifier), None)
    if file is None:
        graph.remove((None, DCAT.distribution, node))
        graph.remove((node, None, None))
        return
    _write_file(graph, node, file, described.licence)


def _file(graph: Graph, dataset: URIRef, file: File, licence: Licence) -> None:
    """Add a file that is no resource of CKAN."""
    node = URIRef(f"{file.url}#file")
    graph.add((dataset, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(file.title)))
    _write_file(graph, node, file, licence)


def _write_file(graph: Graph, node: URIRef, file: File, licence: Licence) -> None:
    graph.set((node, DCAT.downloadURL, URIRef(file.url)))
    graph.set((node, DCAT.accessURL, URIRef(file.url)))
    graph.set((node, DCAT.mediaType, _media_type(graph, file.media_type)))
    graph.remove((node, DCTERMS["format"], None))
    _languages(graph, node, [file.language] if file.language else [])
    _checksum(graph, node, file.sha256)
    graph.remove((node, DCTERMS.issued, None))
    if file.issued:
        graph.add((node, DCTERMS.issued, Literal(file.issued, datatype=XSD.date)))
    if file.modified:
        graph.set((node, DCTERMS.modified, _instant(file.modified)))
    if file.dictionary:
        graph.set((node, US.describedBy, URIRef(file.dictionary)))
    _licence(graph, node, licence)


def _service(graph: Graph, dataset: URIRef, service: Service, described: Entry) -> None:
    """Add a service, and the distribution by which it gives the rows of the dataset."""
    node, distribution = URIRef(f"{service.endpoint}#service"), URIRef(f"{service.endpoint}#rows")
    graph.add((node, RDF.type, DCAT.DataService))
    graph.add((node, DCTERMS.title, Literal(service.title)))
    graph.add((node, DCTERMS.description, Literal(service.description)))
    graph.add((node, DCAT.endpointURL, URIRef(service.endpoint)))
    graph.add((node, DCAT.endpointDescription, URIRef(service.document)))
    graph.add((node, DCAT.servesDataset, dataset))
    _contact(graph, node, described.contact)
    for publisher in graph.objects(dataset, DCTERMS.publisher):
        graph.add((node, DCTERMS.publisher, publisher))
    if service.standard:
        graph.add((node, DCTERMS.conformsTo, URIRef(service.standard)))
    _licence(graph, node, described.licence)
    graph.add((dataset, DCAT.distribution, distribution))
    graph.add((distribution, RDF.type, DCAT.Distribution))
    graph.add((distribution, DCTERMS.title, Literal(service.title)))
    graph.add((distribution, DCAT.accessURL, URIRef(service.access)))
    graph.add((distribution, DCAT.accessService, node))
    graph.add((distribution, DCAT.mediaType, _media_type(graph, service.media_type)))
    _licence(graph, distribution, described.licence)
    for catalogue in graph.subjects(RDF.type, DCAT.Catalog):
        graph.add((catalogue, DCAT.service, node))


def _series(graph: Graph, series: URIRef, package: dict[str, Any], described: Entry) -> None:
    """Make the dataset a series, and each of its reports a dataset in it."""
    graph.remove((series, RDF.type, DCAT.Dataset))
    graph.add((series, RDF.type, DCAT.DatasetSeries))
    nodes = {resource["id"]: URIRef(resource_uri(resource)) for resource in package.get("resources") or ()}
    members = [(_member(described, file), file) for file in described.files]
    publishers = list(graph.objects(series, DCTERMS.publisher))
    for member, file in members:
        _report(graph, member, file, described)
        graph.add((member, DCAT.inSeries, series))
        graph.add((series, DCAT.seriesMember, member))
        graph.remove((series, DCAT.distribution, nodes[file.identifier]))
        graph.add((member, DCAT.distribution, nodes[file.identifier]))
        for publisher in publishers:
            graph.add((member, DCTERMS.publisher, publisher))
    if members:
        graph.set((series, DCAT.last, members[0][0]))
        graph.set((series, DCAT.first, members[-1][0]))
        if not list(graph.objects(series, DCTERMS.temporal)):
            _period(graph, series, described)


def _member(described: Entry, file: File) -> URIRef:
    return URIRef(f"{described.page}#{file.identifier}")


def _report(graph: Graph, member: URIRef, file: File, described: Entry) -> None:
    graph.add((member, RDF.type, DCAT.Dataset))
    graph.add((member, DCTERMS.title, Literal(f"{described.title}: {file.title}")))
    graph.add((member, DCTERMS.description, Literal(file.description or described.description)))
    graph.add((member, US.describedBy, URIRef(f"{described.page}#about")))
    if file.issued:
        graph.add((member, DCTERMS.issued, Literal(file.issued, datatype=XSD.date)))
    _period(graph, member, file)


def _period(graph: Graph, node: URIRef, covering: Entry | File) -> None:
    """Add the days that a series or a report covers."""
    if not (covering.first or covering.last):
        return
    period = BNode()
    graph.add((node, DCTERMS.temporal, period))
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    for predicate, day in ((DCAT.startDate, covering.first), (DCAT.endDate, covering.last)):
        if day:
            graph.add((period, predicate, Literal(day.isoformat(), datatype=XSD.date)))


def _contact(graph: Graph, node: URIRef, contact: Contact) -> None:
    """Set whom to ask. A card needs a mail address: without one, the home page stands for it."""
    for card in list(graph.objects(node, DCAT.contactPoint)):
        graph.remove((card, None, None))
    card: Node = URIRef(addresses.url())
    if contact.email:
        card = BNode(f"contact{abs(hash(contact))}")
        graph.add((card, RDF.type, VCARD.Kind))
        graph.add((card, VCARD.fn, Literal(contact.name)))
        graph.add((card, VCARD.hasEmail, URIRef(f"mailto:{contact.email}")))
    graph.set((node, DCAT.contactPoint, card))


def _publisher(graph: Graph, name: str, url: str) -> URIRef:
    """Return the department, which publishes."""
    node = URIRef(url or addresses.url("/#publisher"))
    graph.add((node, RDF.type, ORG.Organization))
    graph.set((node, FOAF.name, Literal(name)))
    graph.set((node, SKOS.prefLabel, Literal(name)))
    return node


def _languages(graph: Graph, node: URIRef, languages: Iterable[str]) -> None:
    graph.remove((node, DCTERMS.language, None))
    for language in languages:
        graph.add((node, DCTERMS.language, URIRef(_LANGUAGES + language)))


def _checksum(graph: Graph, node: URIRef, sha256: str) -> None:
    """Set the checksum of a file; ckanext-dcat has one without its algorithm."""
    for checksum in list(graph.objects(node, SPDX.checksum)):
        graph.remove((checksum, None, None))
    graph.remove((node, SPDX.checksum, None))
    if sha256:
        checksum = BNode()
        graph.add((node, SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, SPDX.Checksum))
        graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
        graph.add((checksum, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary)))


def _licence(graph: Graph, node: URIRef, licence: Licence) -> None:
    if licence.url:
        graph.set((node, DCTERMS.license, URIRef(licence.url)))


def _media_type(graph: Graph, media_type: str) -> URIRef:
    node = URIRef(_MEDIA_TYPES + media_type)
    graph.add((node, RDF.type, DCTERMS.MediaType))
    return node


def _instant(instant: datetime) -> Literal:
    return Literal(instant.astimezone(UTC).isoformat(timespec="seconds"), datatype=XSD.dateTime)
