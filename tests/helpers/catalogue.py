"""A portal as catalogues of others meet it: tables, reports, a dataset of staff's own; and what nobody may see."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from helpers import datastore

CALLS, CITATIONS, SERIES, OWN = "calls-for-service", "electronic-citations", "compstat-reports", "bicycle-racks"
SECRET = "Harbor-Ledger"
"""A word of everything that nobody may see."""
HIDDEN = ("hidden-draft", "hidden-deleted", "closed-investigations")
"""Datasets that are private, deleted, and declared but private."""


def fill() -> None:
    """Publish rows of two tables and two reports, and hide three datasets."""
    for table in (CALLS, CITATIONS):
        datastore.publish(table)
    for end, name in (("2026-11-15", "second week"), ("2026-11-22", "third week")):
        report(end, f"Week to {end}, the {name}")
    own()
    hide()


def report(end: str, name: str, **more: Any) -> dict[str, Any]:
    """Add a report of a week to the series, as a link to a file elsewhere."""
    start = f"{end[:-2]}{int(end[-2:]) - 6:02}"
    url = f"https://files.example.gov/compstat {end}.pdf"
    days = {"period_start": start, "period_end": end}
    return call_action("resource_create", package_id=SERIES, url=url, name=name, format="PDF", **days, **more)


def own() -> None:
    """Make a dataset of staff's own, whose values are as people write them."""
    call_action(
        "package_create",
        name=OWN,
        title="Bicycle racks </script><script>alert(1)</script>",
        notes='Racks & "stands" <b>of the city</b>, counted by hand.',
        owner_org="police",
        frequency="irregular",
        contact_name="Front desk",
        contact_email="desk@example.gov",
        documentation="https://example.gov/racks?a=1",
        resources=[
            {"url": "https://files.example.gov/racks.xlsx", "format": "XLSX", "name": "Racks"},
            {"url": "not an address", "format": "CSV", "name": "Nowhere"},
        ],
    )


def hide() -> None:
    """Make a private and a deleted dataset, and hide a declared one."""
    for name in HIDDEN[:2]:
        call_action(
            "package_create",
            name=name,
            title=f"{SECRET} {name}",
            notes=SECRET,
            owner_org="police",
            tag_string=SECRET,
            private=name == HIDDEN[0],
            resources=[{"url": f"https://files.example.gov/{SECRET}.csv", "name": SECRET, "format": "CSV"}],
        )
    call_action("package_delete", id=HIDDEN[1])
    call_action("package_patch", id=HIDDEN[2], private=True, title=f"{SECRET} investigations")


def seen(body: str) -> list[str]:
    """Return which of the hidden words stand in ``body``; there should be none."""
    return [word for word in (SECRET, *HIDDEN) if word in body]


def call_action(name: str, /, **values: Any) -> Any:
    """Call an action as the portal itself does."""
    from ckanext.cpdi.catalog.people import portal_user

    return tk.get_action(name)(portal_user(), values)
