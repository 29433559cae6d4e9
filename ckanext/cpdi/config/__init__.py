"""The settings of ``config_declaration.yaml`` as typed values, a module for each subject.

In: CKAN's configuration. Out: folders, declarations, the department's profile, the store. Declarations are read once
per process, by the path of their file. Callers use ``config.files_path()`` and the like, whatever the module.
"""

from ckanext.cpdi.config.base_map import BaseMap, base_map
from ckanext.cpdi.config.database import read_dsn, store, write_dsn
from ckanext.cpdi.config.declarations import (
    areas,
    forget_profiles,
    library,
    own_profile_path,
    profile,
    profile_in,
    profile_name,
    sample_profile,
    schemas_folder,
    shipped_profiles,
)
from ckanext.cpdi.config.errors import SettingError, starting
from ckanext.cpdi.config.folders import (
    chosen_path,
    drop_path,
    faults_path,
    figures_path,
    files_path,
    places_path,
    private_path,
    spool_path,
)
from ckanext.cpdi.config.licences import LicenceChoice, licence, site
from ckanext.cpdi.config.reader_limits import Limits, limits
from ckanext.cpdi.config.sign_in import SignIn, sign_in
from ckanext.cpdi.config.startup import check, guards
from ckanext.cpdi.config.values import (
    SHORTEST_SECRET,
    alert_to,
    approvers,
    formats,
    freeze_day,
    full_after,
    letters_kept,
    mail_languages,
    metrics_for,
    nightly_at,
    organization,
    production,
    reports_ocr,
    secret,
    unpacked_bytes,
)

__all__ = [
    "SHORTEST_SECRET",
    "BaseMap",
    "LicenceChoice",
    "Limits",
    "SettingError",
    "SignIn",
    "alert_to",
    "approvers",
    "areas",
    "base_map",
    "check",
    "chosen_path",
    "drop_path",
    "faults_path",
    "figures_path",
    "files_path",
    "forget_profiles",
    "formats",
    "freeze_day",
    "full_after",
    "guards",
    "letters_kept",
    "library",
    "licence",
    "limits",
    "mail_languages",
    "metrics_for",
    "nightly_at",
    "organization",
    "own_profile_path",
    "places_path",
    "private_path",
    "production",
    "profile",
    "profile_in",
    "profile_name",
    "read_dsn",
    "reports_ocr",
    "sample_profile",
    "schemas_folder",
    "secret",
    "shipped_profiles",
    "sign_in",
    "site",
    "spool_path",
    "starting",
    "store",
    "unpacked_bytes",
    "write_dsn",
]
