"""A department that publishes force and complaints, and its feeds, all invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.tables import TABLES, department

FEEDS = TABLES / "feeds"
FILES = {
    "use-of-force": "force.csv",
    "use-of-force-subjects": "people.csv",
    "use-of-force-officers": "officers.csv",
    "complaints": "complaints.csv",
    "complaints-allegations": "allegations.csv",
}
"""Table to the file that is loaded into it."""
_FORCE = {"Hands": "physical", "OC spray": "chemical", "Taser": "electronic_weapon"}
_INJURY = {"None": "none", "Minor": "minor", "Serious": "serious"}
_OPEN = {"default_class": "open"}


def feeds() -> dict[str, Any]:
    """Return how the department's feeds are written."""
    subjects = {
        "force_type": _FORCE,
        "subject_injury": _INJURY,
        "subject_resistance": {"Active": "active", "Passive": "passive"},
    }
    findings = {"Not Sustained": "not_sustained", "Sustained": "sustained"}
    return {
        "use-of-force": _OPEN,
        "use-of-force-subjects": {**_OPEN, "key": {"columns": ["Incident_Number", "Subject_ID"]}, "values": subjects},
        "use-of-force-officers": {
            **_OPEN,
            "key": {"columns": ["Incident_Number", "Officer_ID"]},
            "values": {"force_type": _FORCE, "officer_injury": _INJURY},
        },
        "complaints": {**_OPEN, "values": {"complaint_source": {"Citizen": "external", "Chief": "internal"}}},
        "complaints-allegations": {
            "key": {"columns": ["Case_Number", "Allegation_ID"]},
            "codes": {"allegation": {"list": "allegations"}},
            "values": {"finding": findings},
        },
    }


def profile(folder: Path) -> Path:
    """Write the department's profile."""
    return department(
        folder,
        feeds(),
        categories={
            "conduct": {"en": "Conduct", "es": "Conducta"},
            "procedure": {"en": "Procedure", "es": "Procedimiento"},
            "force": {"en": "Force", "es": "Fuerza"},
        },
        code_lists={"allegations": str(FEEDS / "allegations-list.csv")},
    )
