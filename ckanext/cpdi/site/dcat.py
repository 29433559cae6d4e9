"""A DCAT profile that corrects what ckanext-dcat writes about the portal itself."""

from __future__ import annotations

from typing import Any

from rdflib import URIRef
from rdflib.namespace import FOAF

from ckanext.cpdi import addresses
from ckanext.dcat.profiles import RDFProfile


class PortalProfile(RDFProfile):
    """A profile to use after another. It sets the catalogue's home page to the portal's, also below a path."""

    def graph_from_catalog(self, catalog_dict: dict[str, Any], catalog_ref: URIRef) -> None:  # noqa: ARG002
        """Set the home page; ckanext-dcat uses the origin alone."""
        self.g.set((catalog_ref, FOAF.homepage, URIRef(addresses.url())))
