"""Tables that tests declare in YAML, in a portal of a department that has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "tests" / "tables"
"""Declarations of tables of every kind."""


def department(folder: Path, feeds: dict[str, Any], **keys: Any) -> Path:
    """Write a profile whose feeds are these; ``keys`` are more of it. It has the boundary and the teams of the demo."""
    profile = {
        "name": "quillton",
        "version": "1",
        "time_zone": "America/New_York",
        "agency": {
            "name": {"en": "Quillton Police Department", "es": "Departamento de Policía de Quillton"},
            "short_name": "Quillton PD",
            "city": "Quillton",
            "state": "Vermont",
        },
        "boundary": str(ROOT / "profiles/charleston/boundary.geojson"),
        "datasets": feeds,
        **keys,
    }
    path = folder / "quillton.yaml"
    path.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    return path


def publish(dataset: str, feed: Path) -> Any:
    """Load ``feed`` into ``dataset``, whose rules are approved, and make its files; return the run's report."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish as files

    report = load.run(dataset, str(feed), label=feed.name, trusted_path=True)
    assert report.state == "published", report.message
    files.publish(dataset, files.profile_of(dataset))
    return report
