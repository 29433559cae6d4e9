"""Template helpers; each begins with ``cpdi_``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.declare import Text
from ckanext.cpdi.site import department, forms, pages
from ckanext.cpdi.site.portal import ledger, portal

_TITLE = Text("Police Data Initiative", "Iniciativa de Datos Policiales")


def helpers() -> dict[str, Callable[..., Any]]:
    """Return the helpers by name."""
    return {
        "cpdi_department": cpdi_department,
        "cpdi_dataset_page": cpdi_dataset_page,
        "cpdi_form_groups": cpdi_form_groups,
        "cpdi_initiative": cpdi_initiative,
        "cpdi_sample_banner": cpdi_sample_banner,
        "cpdi_languages": cpdi_languages,
        "cpdi_licence": config.licence,
    }


def cpdi_department() -> department.Department:
    """Return the department in the reader's language."""
    return department.describe(config.profile(), tk.h.lang())


def cpdi_initiative() -> str:
    """Return the name of the initiative in the reader's language."""
    return _TITLE.get(tk.h.lang())


def cpdi_dataset_page(package: Mapping[str, Any]) -> pages.DatasetPage:
    """Return what the page of ``package`` shows."""
    return pages.dataset_page(portal(), package)


def cpdi_form_groups(fields: Iterable[Mapping[str, Any]]) -> tuple[forms.Group, ...]:
    """Return the fields of a scheming type under their headings."""
    return forms.groups(fields, tk.h.lang())


def cpdi_sample_banner() -> bool:
    """Return whether the portal shows the rows of a synthetic feed."""
    return ledger().sample


def cpdi_languages() -> list[tuple[str, str, bool]]:
    """Return the offered languages as (code, own name, is it the reader's), none where there is only one."""
    offered = tk.h.get_available_locales()
    if len(offered) < 2:
        return []
    current = tk.h.lang()
    return [(one.short_name, one.display_name or one.english_name, one.short_name == current) for one in offered]
