"""Read what is declared in ``schemas/`` and in department profiles into typed, frozen objects.

In: YAML, CSV and GeoJSON that people write. Out: :class:`Library` (datasets, privacy classes) and :class:`Profile`.
Everything else derives from these objects; no other room reads those files.
"""

from ckanext.cpdi.declare.codelist import Code, CodeList
from ckanext.cpdi.declare.dataset import Dataset
from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.field import Constraints, Field, Input
from ckanext.cpdi.declare.freeze_day import FreezeDay
from ckanext.cpdi.declare.library import Library, UnknownDataset, read_library
from ckanext.cpdi.declare.privacy import Classes, Levels, PrivacyClass
from ckanext.cpdi.declare.profile import Feed, Guard, Profile, SyncRule
from ckanext.cpdi.declare.profile_file import read_profile
from ckanext.cpdi.declare.table import Requirement, Table
from ckanext.cpdi.declare.tailor import tailored
from ckanext.cpdi.declare.text import Text

__all__ = [
    "Classes",
    "Code",
    "CodeList",
    "Constraints",
    "Dataset",
    "DeclarationError",
    "Feed",
    "Field",
    "FreezeDay",
    "Guard",
    "Input",
    "Levels",
    "Library",
    "PrivacyClass",
    "Profile",
    "Requirement",
    "SyncRule",
    "Table",
    "Text",
    "UnknownDataset",
    "read_library",
    "read_profile",
    "tailored",
]
