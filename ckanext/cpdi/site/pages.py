"""View models of the home page and of a dataset's page, from a declaration, CKAN's package and the run ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.cpdi.catalog.texts import own_text
from ckanext.cpdi.declare import Dataset, Library, Profile, Text, tailored
from ckanext.cpdi.declare.departments.offer import offer
from ckanext.cpdi.site import links
from ckanext.cpdi.site.dataset import dictionary, downloads, freshness, reports
from ckanext.cpdi.site.dataset.series_beside import SeriesBeside, series_beside
from ckanext.cpdi.site.runs import notes, status
from ckanext.cpdi.site.runs.ledger import Ledger, Version

Package = Mapping[str, Any]

_CITATION = Text("{agency}. {title}, version {version}. {url}", "{agency}. {title}, versión {version}. {url}")
_CITATION_SERIES = Text("{agency}. {title}. {url}", "{agency}. {title}. {url}")


@dataclass(frozen=True)
class Portal:
    """The input of every view model. ``folder`` holds the files, ``served`` tells which paths have a route."""

    library: Library
    profile: Profile
    ledger: Ledger
    folder: Path
    site_url: str
    served: links.Served
    now: datetime
    language: str

    def shown_year(self, dataset: Dataset) -> int | None:
        """Return the year that the default view of ``dataset`` now shows; None where it shows all rows."""
        return dataset.shown_year(self.zone(dataset), self.now)

    def zone(self, dataset: Dataset) -> ZoneInfo:
        """Return the zone of the table's days; the department's own where there is none."""
        version = self.ledger.versions.get(dataset.name)
        return ZoneInfo(version.zone) if version and version.zone else self.profile.zone


@dataclass(frozen=True)
class Heading:
    """A heading of the home page; ``open`` is False while the reader may not see its dataset."""

    name: str
    type: str
    title: str
    text: str
    open: bool
    freshness: freshness.Freshness | None
    files: tuple[downloads.File, ...]
    links: tuple[links.Link, ...]
    latest: reports.Report | None
    reports: int
    more: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableView:
    """What a dataset's page says of one of its tables."""

    name: str
    title: str
    text: str
    """Markdown."""
    freshness: freshness.Freshness | None = None
    table: downloads.FileTable | None = None
    left_out: tuple[status.LeftOut, ...] = ()
    links: tuple[links.Link, ...] = ()
    caveats: tuple[str, ...] = ()
    dictionary: tuple[dictionary.FieldEntry, ...] = ()
    gaps: tuple[notes.NoteLine, ...] = ()
    breaks: tuple[notes.NoteLine, ...] = ()
    rules: str = ""
    """The privacy rules that mask the rows, and when they were approved."""


@dataclass(frozen=True)
class DatasetPage(TableView):
    """The part of a dataset's page that CKAN's own metadata do not have: its first table, and those beside it.

    ``declared`` is False for a dataset that staff made by hand; it has no table, no series and no caveats of ours.
    """

    declared: bool = False
    series: bool = False
    years: tuple[reports.ReportYear, ...] = ()
    latest: reports.Report | None = None
    citation: str = ""
    schema_version: str = ""
    side_tables: tuple[TableView, ...] = ()
    series_beside: tuple[SeriesBeside, ...] = ()
    """The series whose reports tell of what this table has rows of."""


def headings(portal: Portal, packages: Mapping[str, Package]) -> tuple[Heading, ...]:
    """Return the headings of what the department has, in their declared order; ``packages`` are those that the reader
    may see, by name.

    A table that is read from the reports of a series has none: the page of the series leads to it.
    """
    layouts = (portal.profile.printed_figures(dataset) for dataset in portal.library.datasets.values())
    read_from_reports = {layout.dataset for layout in layouts if layout}
    return tuple(
        _heading(portal, dataset, packages.get(dataset.name))
        for dataset in present(portal, packages)
        if dataset.name not in read_from_reports
    )


def present(portal: Portal, packages: Mapping[str, Package]) -> tuple[Dataset, ...]:
    """Return the datasets that the department publishes, and others of which there is something."""
    named = {dataset.name for dataset in offer(portal.profile, portal.library)}
    versions = {portal.library.owner(name) for name in portal.ledger.versions}
    reported = {
        name
        for name, package in packages.items()
        if portal.library.datasets[name].table is None and package.get("resources")
    }
    shown = named | versions | reported
    return tuple(dataset for name, dataset in portal.library.datasets.items() if name in shown)


def _heading(portal: Portal, dataset: Dataset, package: Package | None) -> Heading:
    """Return the heading of ``dataset``; without a visible package it has texts and no downloads."""
    language = portal.language
    resources = package.get("resources", ()) if package else ()
    series = reports.describe(resources, language) if dataset.table is None else ()
    version = portal.ledger.versions.get(dataset.name) if package else None
    notes = package.get("notes") if package and dataset.table is None else None
    return Heading(
        name=dataset.name,
        type=dataset.type,
        title=dataset.title.unless_edited((package or {}).get("title"), language),
        text=dataset.summary.unless_edited(notes, language),
        open=package is not None,
        freshness=freshness_of(portal, dataset, version),
        files=downloads.main_files(portal.folder, dataset, portal.shown_year(dataset), language) if version else (),
        links=_links(portal, dataset, version.resource_id if version else ""),
        latest=series[0] if series else None,
        reports=int(package.get("num_resources", len(series))) if package else 0,
        more=tuple((link.title.get(language), link.url) for link in dataset.links),
    )


def dataset_page(portal: Portal, package: Package) -> DatasetPage:
    """Return the page of ``package``."""
    language = portal.language
    dataset = portal.library.datasets.get(str(package["name"]))
    if dataset is None:
        return _undeclared_page(portal, package)
    version = portal.ledger.versions.get(dataset.name) if dataset.table else None
    series = reports.describe(package.get("resources", ()), language) if dataset.table is None else ()
    title = dataset.title.unless_edited(package.get("title"), language)
    text = dataset.description.unless_edited(package.get("notes"), language)
    return DatasetPage(
        **vars(_table_view(portal, dataset, title, text)),
        declared=True,
        series=dataset.table is None,
        years=reports.by_year(series),
        latest=series[0] if series else None,
        citation=_citation(portal, package, title, version.version if version else ""),
        schema_version=dataset.schema_version if dataset.table else "",
        side_tables=tuple(
            _table_view(portal, side, side.title.get(language), side.description.get(language))
            for side in portal.library.tables_of(dataset.name)
            if side.name != dataset.name
        ),
        series_beside=series_beside(dataset.name, portal.library, language),
    )


def _table_view(portal: Portal, dataset: Dataset, title: str, text: str) -> TableView:
    """Return what is said of the table ``dataset``, or of a dataset without one."""
    language, feed = portal.language, portal.profile.feed(dataset.name)
    version = portal.ledger.versions.get(dataset.name) if dataset.table else None
    own = tailored(dataset, feed) if dataset.table else dataset
    return TableView(
        name=dataset.name,
        title=title,
        text=text,
        freshness=freshness_of(portal, dataset, version),
        table=_file_table(portal, dataset, version) if version else None,
        left_out=status.left_out(dataset, portal.ledger, language),
        links=_links(portal, dataset, version.resource_id if version else ""),
        caveats=tuple(caveat.get(language) for caveat in own.caveats),
        dictionary=dictionary.entries(own.rows, language) if own.table else (),
        gaps=notes.notes(feed.gaps, language),
        breaks=notes.notes(feed.breaks, language),
        rules=status.rules(portal.ledger.approvals.get(dataset.name), portal.profile, language),
    )


def _undeclared_page(portal: Portal, package: Package) -> DatasetPage:
    """Return the page of a dataset without a declaration: a series has its reports, any other its resources."""
    series = package.get("type") == "report-series"
    series_reports = reports.describe(package.get("resources", ()), portal.language) if series else ()
    title, text = (_own_or_written(portal, package, field) for field in ("title", "notes"))
    title = title or str(package["name"])
    return DatasetPage(
        name=str(package["name"]),
        title=title,
        text=text,
        series=series,
        years=reports.by_year(series_reports),
        latest=series_reports[0] if series_reports else None,
        citation=_citation(portal, package, title, ""),
    )


def freshness_of(portal: Portal, dataset: Dataset, version: Version | None) -> freshness.Freshness | None:
    """Return how current the table is; None where the dataset has no table or no version."""
    if version is None or dataset.table is None:
        return None
    shown = portal.shown_year(dataset)
    rows = {year.year: year.rows for year in portal.ledger.years.get(dataset.name, ())}
    running = freshness.Running(shown, rows.get(shown, 0)) if shown else None
    return freshness.describe(dataset, version, running, portal.zone(dataset), portal.now, portal.language)


def _file_table(portal: Portal, dataset: Dataset, version: Version) -> downloads.FileTable:
    """Return the table of files."""
    years = portal.ledger.years.get(dataset.name, ())
    shown = portal.shown_year(dataset)
    return downloads.table(portal.folder, dataset, shown, version.rows, years, portal.language)


def _links(portal: Portal, dataset: Dataset, resource_id: str) -> tuple[links.Link, ...]:
    """Return the API links of the table."""
    return links.describe(dataset.name, resource_id, portal.site_url, portal.served, portal.language)


def _own_or_written(portal: Portal, package: Package, field: str) -> str:
    """Return what the portal wrote itself in the reader's language, and anything else as it was written."""
    own = own_text(package, field, portal.library, portal.profile)
    return own.get(portal.language) if own else str(package.get(field) or "")


def _citation(portal: Portal, package: Package, title: str, version: str) -> str:
    """Return the citation: the staff's own, else department, title, version and address."""
    if package.get("citation"):
        return str(package["citation"])
    form = _CITATION if version else _CITATION_SERIES
    agency = portal.profile.agency.name.get(portal.language)
    url = f"{portal.site_url}/dataset/{package['name']}"
    return form.get(portal.language).format(agency=agency, title=title, version=version, url=url)
