"""A dataset as catalogues of others know it: its texts, its files, its services. Every document is made of this."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees."""


class Licence(Struct, frozen=True):
    """A licence: its title, and the page with its text, which is empty where there is none."""

    title: str
    url: str = ""


class Contact(Struct, frozen=True):
    """Whom to ask: a name, and a mail address, which is empty where none is public."""

    name: str
    email: str = ""


class Publisher(Struct, frozen=True):
    """Who publishes, and its page, if it has one."""

    name: str
    url: str = ""


class File(Struct, frozen=True):
    """A file. ``size`` is in bytes, 0 where it is not known; ``dictionary`` is the address of its Data Package;
    ``sha256`` and ``language`` are empty where they are not known.

    ``identifier`` is that of CKAN's resource; empty for a file that is none, as of the larger formats. ``first`` and
    ``last`` are the days of a report.
    """

    title: str
    url: str
    media_type: str
    format: str
    description: str = ""
    size: int = 0
    sha256: str = ""
    language: str = ""
    dictionary: str = ""
    identifier: str = ""
    issued: str = ""
    modified: datetime | None = None
    first: date | None = None
    last: date | None = None


class Service(Struct, frozen=True):
    """A service of one table: ``endpoint`` is where it begins, ``access`` where a program asks for the rows.

    ``document`` describes the endpoint for programs; ``standard`` is what it holds to, empty where that has no address.
    """

    title: str
    description: str
    endpoint: str
    access: str
    format: str
    media_type: str
    document: str
    standard: str = ""


class Variable(Struct, frozen=True):
    """A column: its name, its title and what it says."""

    name: str
    title: str
    description: str


class Entry(Struct, frozen=True):
    """A dataset. Texts are English; addresses are whole ones.

    ``series`` tells a series of reports, whose files are its reports, the latest first; ``first`` and ``last`` are the
    days that it covers; ``period`` is how often it is updated as an ISO 8601 duration, empty where that is irregular.
    """

    name: str
    page: str
    title: str
    description: str
    publisher: Publisher
    contact: Contact
    licence: Licence
    rights: str
    issued: datetime
    modified: datetime
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    series: bool = False
    period: str = ""
    first: date | None = None
    last: date | None = None
    box: Box | None = None
    place: str = ""
    dictionary: str = ""
    standards: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    services: tuple[Service, ...] = ()
    variables: tuple[Variable, ...] = ()
