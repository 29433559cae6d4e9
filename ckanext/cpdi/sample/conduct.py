"""How a sample's department writes its feeds of force and complaints: what a profile has to say of them.

Departments rarely publish these row by row, so that most profiles have no such feeds, and their demo would show none.
"""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.sample import complaints, force

LIST = "allegations"
_OPEN = {"default_class": "open"}
_PEOPLE = {
    "race_ethnicity": {"W": "white", "B": "black", "H": "hispanic", "A": "asian", "U": "unknown"},
    "sex": {"F": "female", "M": "male", "U": "unknown"},
}

FEEDS: dict[str, dict[str, Any]] = {
    force.TABLE: _OPEN,
    f"{force.TABLE}-subjects": {
        **_OPEN,
        "key": {"columns": ["Incident_Number", "Subject_ID"]},
        "values": _PEOPLE,
    },
    f"{force.TABLE}-officers": {
        **_OPEN,
        "key": {"columns": ["Incident_Number", "Officer_ID"]},
        "values": _PEOPLE,
    },
    complaints.TABLE: {**_OPEN, "values": _PEOPLE},
    f"{complaints.TABLE}-allegations": {
        "key": {"columns": ["Case_Number", "Allegation_ID"]},
        "codes": {"allegation": {"list": LIST}},
    },
}
"""Feeds by table, as a profile writes them."""
CATEGORIES = {
    "conduct": {"en": "Conduct", "es": "Conducta"},
    "procedure": {"en": "Procedure", "es": "Procedimiento"},
    "force": {"en": "Force", "es": "Fuerza"},
}
ALLEGATIONS = """\
value,code,text,meaning,category,class
Discourtesy,A-1,Discourtesy,Rude conduct,conduct,open
Report writing,A-2,Report writing,A report is late or wrong,procedure,open
Neglect of duty,A-3,Neglect of duty,A duty that was not done,procedure,open
Excessive force,A-4,Excessive force,More force than was needed,force,open
Bias,A-5,Bias,Unequal treatment,conduct,open
"""
"""The code list of allegations, as a file."""
