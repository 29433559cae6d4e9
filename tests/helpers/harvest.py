"""Harvest sources and jobs for tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model


def source(location: str = "drop:calls.csv", config: str = '{"dataset": "calls-for-service"}', **more: Any) -> str:
    """Make a harvest source; return its id."""
    from ckanext.cpdi.catalog.people import portal_user

    described = {
        "name": "night",
        "title": "The night's calls",
        "url": location,
        "source_type": "cpdi_cad",
        "owner_org": "police",
        "frequency": "MANUAL",
        "config": config,
        **more,
    }
    return tk.get_action("harvest_source_create")(portal_user(), described)["id"]


def start(source_id: str) -> str:
    """Start a job as "Reharvest" does; return its id."""
    from ckanext.cpdi.catalog.people import portal_user

    return tk.get_action("harvest_job_create")(portal_user(), {"source_id": source_id, "run": True})["id"]


def job(job_id: str) -> dict[str, Any]:
    """The job as the harvest pages see it, from a fresh session."""
    from ckanext.cpdi.catalog.people import portal_user

    model.Session.remove()
    return tk.get_action("harvest_job_show")(portal_user(), {"id": job_id})


def messages(job_id: str) -> list[str]:
    """What the job says went wrong."""
    from ckanext.cpdi.jobs import stages

    return stages.errors(job_id)


def night(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> None:
    """Let ``run`` stand in for the night, for faults that no feed can bring about."""
    from ckanext.cpdi.jobs import load

    monkeypatch.setattr(load, "run", run)
