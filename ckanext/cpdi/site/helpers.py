"""Template helpers; each begins with ``cpdi_``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.cpdi import addresses, config, static
from ckanext.cpdi.declare import Text
from ckanext.cpdi.services.dcat import schema_org
from ckanext.cpdi.services.dcat.entries import SERIES, entry, page_of
from ckanext.cpdi.services.dcat.public import public
from ckanext.cpdi.services.dcat.reports import archived
from ckanext.cpdi.services.heartbeat import heartbeats
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.site import department, error_page, forms, pages, sign_in, words
from ckanext.cpdi.site.audience import is_staff
from ckanext.cpdi.site.dataset import catalogue, frozen_years, people
from ckanext.cpdi.site.explore.view import shown_title
from ckanext.cpdi.site.map.page import page_map
from ckanext.cpdi.site.map.search_form import area_form
from ckanext.cpdi.site.portal import ledger, portal
from ckanext.cpdi.site.reports import dataset_page

_SILENT = Text(
    "Nobody takes harvest jobs now: the last sign of a worker came on {when}. A job waits until the operator starts"
    " “ckan cpdi worker” again.",
    "Nadie atiende las tareas de recolección: la última señal de un proceso llegó el {when}. Una tarea espera hasta que"
    " el operador vuelva a iniciar «ckan cpdi worker».",
)
_NEVER_HEARD = Text(
    "Nobody takes harvest jobs yet: no worker has given a sign. A job waits until the operator starts"
    " “ckan cpdi worker”.",
    "Aún nadie atiende las tareas de recolección: ningún proceso ha dado señal. Una tarea espera hasta que el operador"
    " inicie «ckan cpdi worker».",
)
_TITLE = Text("Police Data Initiative", "Iniciativa de Datos Policiales")


def helpers() -> dict[str, Callable[..., Any]]:
    """Return the helpers by name."""
    return {
        "cpdi_department": cpdi_department,
        "cpdi_area_form": area_form,
        "cpdi_dataset_page": cpdi_dataset_page,
        "cpdi_error_words": cpdi_error_words,
        "cpdi_form_groups": cpdi_form_groups,
        "cpdi_frozen_years": cpdi_frozen_years,
        "cpdi_initiative": cpdi_initiative,
        "cpdi_people": cpdi_people,
        "cpdi_map": page_map,
        "cpdi_moment": cpdi_moment,
        "cpdi_archived": dataset_page.archived,
        "cpdi_beside_series": dataset_page.beside,
        "cpdi_is_staff": is_staff,
        "cpdi_sample_banner": cpdi_sample_banner,
        "cpdi_static": static.address,
        "cpdi_table_url": cpdi_table_url,
        "cpdi_languages": cpdi_languages,
        "cpdi_licence": config.licence,
        "cpdi_path": addresses.path,
        "cpdi_roots": cpdi_roots,
        "cpdi_structured_catalogue": cpdi_structured_catalogue,
        "cpdi_structured_dataset": cpdi_structured_dataset,
        "cpdi_url": addresses.url,
        "cpdi_view_title": shown_title,
        "cpdi_way_in": sign_in.way_in,
        "cpdi_way_out": sign_in.way_out,
        "cpdi_worker_silence": cpdi_worker_silence,
        "cpdi_dictionary": catalogue.dictionary,
        "cpdi_resource_facts": catalogue.facts,
        "dataset_display_name": catalogue.dataset_display_name,
        "cpdi_keyword": catalogue.keyword,
        "get_facet_items_dict": catalogue.get_facet_items_dict,
        "get_translated": catalogue.get_translated,
        "humanize_entity_type": catalogue.humanize_entity_type,
        "resource_display_name": catalogue.resource_display_name,
    }


def cpdi_department() -> department.Department:
    """Return the department in the reader's language."""
    return department.describe(config.profile(), tk.h.lang())


def cpdi_initiative() -> str:
    """Return the name of the initiative in the reader's language."""
    return _TITLE.get(tk.h.lang())


def cpdi_dataset_page(package: Mapping[str, Any]) -> pages.DatasetPage:
    """Return the view model of the page of ``package``."""
    return pages.dataset_page(portal(), package)


def cpdi_error_words(status: int, said: str) -> tuple[str, str]:
    """Return what a page says of an error: a heading, and a sentence."""
    return error_page.describe(status, said, tk.h.lang())


def cpdi_form_groups(fields: Iterable[Mapping[str, Any]]) -> tuple[forms.FieldGroup, ...]:
    """Return the fields of a scheming type under their headings."""
    return forms.groups(fields, tk.h.lang())


def cpdi_frozen_years(dataset: str) -> tuple[frozen_years.FrozenYear, ...]:
    """Return the frozen years of ``dataset``, the latest first."""
    return frozen_years.describe(config.files_path(), dataset, tk.h.lang())


def cpdi_people(dataset: str) -> tuple[people.PeopleTable, ...]:
    """Return the tables of people of ``dataset``; of a series, those of the rows that tell of what its reports tell of.

    None of rows that this reader may not see.
    """
    library = config.library()
    owner = library.datasets[dataset].rows_from or dataset
    if readers(owner) is Readers.NOBODY:
        return ()
    return people.people_tables(config.read_dsn(), library.tables_of(owner), tk.h.lang())


def cpdi_moment(written: str | None) -> str:
    """Return a time that CKAN wrote, in UTC, on the department's clock; empty where there is none."""
    if not written:
        return ""
    return words.moment(datetime.fromisoformat(written).replace(tzinfo=UTC), config.profile().zone, tk.h.lang())


def cpdi_sample_banner() -> bool:
    """Return whether the portal shows the rows of a synthetic feed."""
    return ledger().sample


def cpdi_table_url(table: str) -> str:
    """Return the address of the page of ``table``: that of its dataset, at the table's own part."""
    owner = config.library().owner(table)
    address = tk.h.url_for("dataset.read", id=owner)
    return address if owner == table else f"{address}#{table}"


def cpdi_languages() -> list[tuple[str, str, bool]]:
    """Return the languages as (code, own name, whether it is the reader's); none where there is only one."""
    offered = tk.h.get_available_locales()
    if len(offered) < 2:
        return []
    current = tk.h.lang()
    return [
        (locale.short_name, locale.display_name or locale.english_name, locale.short_name == current)
        for locale in offered
    ]


def cpdi_worker_silence() -> str:
    """Return a sentence for staff when no worker takes harvest jobs; an empty string while one does."""
    worker, language = heartbeats()["worker"], tk.h.lang()
    if not worker.silent:
        return ""
    if worker.at is None:
        return _NEVER_HEARD.get(language)
    return _SILENT.get(language).format(when=words.moment(worker.at, config.profile().zone, language))


def cpdi_roots() -> list[str]:
    """Return the paths below which the portal's pages lie: its own, and one for each other language."""
    default = tk.config["ckan.locale_default"]
    others = (locale.short_name for locale in tk.h.get_available_locales() if locale.short_name != default)
    return [addresses.path(""), *(addresses.path(f"/{language}") for language in others)]


def cpdi_structured_dataset(package: Mapping[str, Any], title: str, text: str) -> Markup:
    """Return the dataset of a page for search engines; nothing of one that not everybody may read."""
    if package.get("private") or package.get("state") != "active":
        return Markup()
    words = str(tk.h.markdown_extract(text, extract_length=0))
    reports = archived(package["name"]) if package.get("type") == SERIES else ()
    return _data_block(schema_org.dataset(entry(package, reports), title, words, tk.h.lang()))


def cpdi_structured_catalogue(title: str, text: str) -> Markup:
    """Return the portal for search engines."""
    pages = (page_of(dataset.name) for dataset in public().datasets)
    publisher = config.profile().agency.name.get(tk.h.lang())
    return _data_block(schema_org.catalogue(title, text, publisher, pages))


def _data_block(written: str) -> Markup:
    """Return JSON-LD in its tag, which browsers do not run; ``written`` has no character that could end it."""
    return Markup(f'<script type="application/ld+json">{written}</script>')  # noqa: S704
