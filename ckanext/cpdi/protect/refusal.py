"""Messages for a refused change: why it is refused, and what to do instead; and the errors that say so.

CKAN shows what an error says as it is, so an error is made in the language of whoever asks.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult

from ckanext.cpdi.errors import Said
from ckanext.cpdi.services.spoken import spoken

DELETE_RESOURCE = Said(
    "This resource is the table itself: deleting it would drop all published rows. To take the dataset off the portal,"
    " set it to private."
)
DELETE_DATASET = Said(
    "This dataset is declared and has a table that would be left without an owner. To take it off the portal, set it to"
    " private."
)
REPORT = Said(
    "This is a report of the portal's archive, which decides what stands here. To correct it, add the corrected file;"
    " to take it off the portal, withdraw it: both on the page Reports, under Status, or with `ckan cpdi reports`."
)
REPORT_UPLOAD = Said(
    "Reports of this series go through the portal's archive, which looks for what must not be published: add the file"
    " on the page Reports, under Status, or with the action cpdi_report_receive."
)
WRITE_ROWS = Said(
    "The rows of this table come from the department's feed, every night. They cannot be written or deleted here."
)
SHAPE_TABLE = Said(
    "The columns and indexes of this table are declared in the portal's schemas. Here you can edit the titles and"
    " descriptions of its columns."
)
FUNCTIONS = Said(
    "Functions of a database run past every check, so this portal takes none. The operator writes migrations."
)
OPEN_DATASET = Said(
    "Nobody has approved the privacy rules of this dataset yet, so it stays private. Approve them on the page Approval"
    " of privacy rules, or with `ckan cpdi approve`; that makes it public."
)
RENAME_DATASET = Said("People and programs link to this address, so it stays as it is.")
RESERVED_NAME = Said("This name belongs to a dataset that the portal makes by itself: choose another.")
MOVE_DATASET = Said("This dataset is declared, so it stays with the organization that ckanext.cpdi.organization names.")
GATHER_DATASET = Said("Only those who may edit this dataset decide which groups show it.")
FOREIGN_RESOURCE = Said("This resource id belongs to a declared dataset.")
TWICE = Said("A resource stands in this list twice.")
ORGANIZATION = Said(
    "The portal's settings name this organization (ckanext.cpdi.organization), and its datasets belong to it, so its"
    " name stays and it is not deleted. Its title and description can be edited."
)
STAFF = Said("Only the department's staff can do that.")
SIGNED_IN = Said("Only those who are signed in see who works on the portal.")
SYSADMINS = Said("Only sysadmins can do that.")
PORTAL_USER = Said("The portal itself acts as this user, so nobody else edits, renames or deletes it.")
SAMPLE_REPORT = Said("This is a synthetic report, as its name says: a real portal does not publish it.")
WHY_HELD = Said("This run published nothing; the department's staff see why.")
CLEAR_SOURCE = Said(
    "Clearing this source is refused, since CKAN would delete the dataset and leave its table behind. To start with an"
    " empty list of jobs, use `ckan harvester source clear-history`; the data stay."
)


class Refused(tk.ValidationError):
    """A refusal for pages that print an error as it is: its text is the message alone."""

    def __init__(self, words: str) -> None:
        """Refuse with ``words``."""
        self.words = spoken(words)
        super().__init__({"message": [self.words]})

    def __str__(self) -> str:
        """Return the words."""
        return self.words


def denied(words: str) -> tk.NotAuthorized:
    """Return the error for what nobody may do, or not this user."""
    return tk.NotAuthorized(spoken(words))


def denial(words: str) -> AuthResult:
    """Return the same as the answer of an auth function."""
    return {"success": False, "msg": spoken(words)}


def wrong(field: str, words: str) -> tk.ValidationError:
    """Return the error of one field of a form."""
    return tk.ValidationError({field: [spoken(words)]})
