"""What the files say of the portal that publishes them."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Text


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its identifier at opendefinition.org or SPDX, its title and the page with its text."""

    name: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Site:
    """The portal: ``url`` without a slash at its end, its ``title``, the ``licence`` and ``terms`` of its data."""

    url: str
    title: str
    licence: Licence
    terms: tuple[Text, ...] = ()
