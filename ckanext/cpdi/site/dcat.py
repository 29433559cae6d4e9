"""What DCAT says of the portal itself, beside what ckanext-dcat says of it and of its datasets."""

from __future__ import annotations

from typing import Any

from rdflib import URIRef
from rdflib.namespace import FOAF

from ckanext.cpdi import addresses
from ckanext.dcat.profiles import RDFProfile


class PortalProfile(RDFProfile):
    """A profile that comes after another: the catalogue's home page is the portal's, also below a path."""

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: URIRef) -> None:  # noqa: ARG002
        """Set the home page; ckanext-dcat takes the origin for it."""
        self.g.set((catalog_ref, FOAF.homepage, URIRef(addresses.url())))
