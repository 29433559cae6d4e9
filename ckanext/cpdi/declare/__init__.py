"""Read what is declared in ``schemas/`` and in department profiles into typed, frozen objects.

In: YAML, CSV and GeoJSON that people write. Out: :class:`Library` (datasets, privacy classes) and :class:`Profile`.
Everything else derives from these objects; no other room reads those files.
"""

from ckanext.cpdi.declare.departments.areas import Area, area_names, read_areas
from ckanext.cpdi.declare.departments.codelist import Code, CodeList
from ckanext.cpdi.declare.departments.freeze_day import FreezeDay
from ckanext.cpdi.declare.departments.made import Made, made_header
from ckanext.cpdi.declare.departments.profile import CheckLimits, Feed, Profile, SyncRule
from ckanext.cpdi.declare.departments.profile_file import read_profile
from ckanext.cpdi.declare.departments.tailor import tailored
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.library import Library, UnknownDataset, read_library
from ckanext.cpdi.declare.reading.spelling import spelling
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.dataset import Dataset
from ckanext.cpdi.declare.tables.field import Constraints, Field, Input
from ckanext.cpdi.declare.tables.privacy import Classes, Levels, PrivacyClass
from ckanext.cpdi.declare.tables.table import Requirement, Table

__all__ = [
    "Area",
    "CheckLimits",
    "Classes",
    "Code",
    "CodeList",
    "Constraints",
    "Dataset",
    "DeclarationError",
    "Feed",
    "Field",
    "FreezeDay",
    "Input",
    "Levels",
    "Library",
    "Made",
    "PrivacyClass",
    "Profile",
    "Requirement",
    "SyncRule",
    "Table",
    "Text",
    "UnknownDataset",
    "area_names",
    "made_header",
    "read_areas",
    "read_library",
    "read_profile",
    "spelling",
    "tailored",
]
