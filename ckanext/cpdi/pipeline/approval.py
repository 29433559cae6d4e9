"""Approval of the rules of masking: without it only staff see a dataset.

A dataset is created private, and its first approval makes it public. When the rules change, runs are held until
somebody approves the new version; until then the earlier rows stay public under their own rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.approved import current_approval, unapproved
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Dataset, DeclarationError, Profile
from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.pipeline.places import PlacesError, read_stored
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.privacy.approval import DEMO, Approval


class ApprovalError(PortalError, ValueError):
    """The rules cannot be approved now; the message says why."""


@dataclass(frozen=True)
class Rules:
    """The rules that would mask the next feed of a dataset, and the newest valid approval.

    ``version`` is empty before there are places, and where the rules cannot be used, for which ``problem`` has the
    reason. ``profile`` is the name by which the profile was chosen.
    """

    dataset: str
    version: str
    profile: str
    profile_version: str
    approval: Approval | None
    problem: str = ""

    @property
    def approved(self) -> bool:
        """Whether exactly this version is approved."""
        return self.approval is not None and self.approval.version == self.version


def rules(store: Store, dataset: str, profile: str | None = None) -> Rules:
    """Return the rules of ``dataset`` by ``profile``, else by that of its last feed."""
    declared = config.library().dataset(dataset)
    if declared.table is None:
        raise ApprovalError(Said("{dataset} has no table whose rows could be masked", dataset=dataset))
    proposed = store.approvals.proposal(dataset)
    profile_name = profile if profile is not None else proposed.profile if proposed else ""
    approval = current_approval(store, dataset)
    try:
        department = config.profile(profile_name)
        version, label, problem = _version(store, declared, department), _label(department), ""
    except (PlacesError, DeclarationError) as error:
        version, label, problem = "", "", error.said
    return Rules(dataset, version, profile_name, label, approval, problem)


def objection(store: Store, dataset: str, profile: str, department: Profile, version: str) -> str:
    """Return why a run by these rules is to be held; an empty string where it is not.

    A demo approves any rules itself. Before the first approval a run is not held, since only staff see its rows.
    """
    label = _label(department)
    store.approvals.propose(dataset, version, profile, label)
    approval = current_approval(store, dataset)
    if approval is not None and approval.version == version:
        return ""
    if store.approvals.is_demo() and not config.production():
        _record(store, dataset, version, label, DEMO)
        return ""
    if approval is None:
        return ""
    return Said(
        "The privacy rules are not those that were approved: profile {label} makes version {version}, approved is"
        " {approved}. The rows before stay public. To let the new ones through: `ckan cpdi approve {dataset}`, or the"
        " page Approval of privacy rules.",
        label=label,
        version=version,
        approved=approval.version,
        dataset=dataset,
    )


def approve(store: Store, dataset: str, who: str, profile: str | None = None, reviewed_version: str = "") -> Rules:
    """Approve the rules of ``dataset`` as ``who`` and return them; the first approval makes the dataset public.

    ``reviewed_version`` is the version that the person reviewed. Raises ApprovalError where there are no places yet,
    or where the rules have changed since the review.
    """
    proposed = rules(store, dataset, profile)
    if proposed.problem:
        raise ApprovalError(proposed.problem)
    if not proposed.version:
        raise ApprovalError("there are no places yet, which are part of the rules: load a feed, or `ckan cpdi places`")
    if reviewed_version and reviewed_version != proposed.version:
        raise ApprovalError("the rules have changed since you looked at them: look again")
    _record(store, dataset, proposed.version, proposed.profile_version, who)
    return replace(proposed, approval=current_approval(store, dataset))


def approve_demo(store: Store, profile: str) -> list[str]:
    """Approve the rules of every table as the demo; return the datasets that were not approved before."""
    newly_approved: list[str] = []
    department = config.profile(profile)
    for dataset in config.library().tables:
        version = _version(store, dataset, department) or str(MaskingVersion.of(dataset, department, None))
        approval = current_approval(store, dataset.name)
        if approval is None or approval.version != version:
            _record(store, dataset.name, version, _label(department), DEMO)
            newly_approved.append(dataset.name)
    return newly_approved


def enforce(store: Store, dataset: str) -> bool:
    """Make the dataset that the table ``dataset`` is in private where that has no valid approval; return whether it was
    public.
    """
    package = model.Package.get(config.library().owner(dataset))
    if package is None or package.private or package.state != "active" or current_approval(store, dataset) is not None:
        return False
    tk.get_action("package_patch")(portal_user(), {"id": package.id, "private": True})
    return True


def open_approved(store: Store, owner: str) -> None:
    """Make the dataset ``owner`` public, unless a table of it has no valid approval."""
    package = model.Package.get(owner)
    if package is not None and package.state == "active" and package.private and not unapproved(store, owner):
        tk.get_action("package_patch")(portal_user(**{SET_UP: True}), {"id": package.id, "private": False})


def may_approve(user: str) -> bool:
    """Return whether the user called ``user`` has the role that ``ckanext.cpdi.approvers`` names."""
    if authz.is_sysadmin(user):
        return True
    return config.approvers() == "admin" and authz.has_user_permission_for_group_or_org(
        config.organization(), user, "admin"
    )


def _version(store: Store, dataset: Dataset, department: Profile) -> str:
    """Return the version of the rules; empty where the department has no places yet.

    A feed without addresses makes no places. Then the version is that of its proposal, which has none either.
    """
    places = read_stored(config.places_path(department.name))
    version = str(MaskingVersion.of(dataset, department, places))
    if places is not None or not has_places(dataset):
        return version
    proposed = store.approvals.proposal(dataset.name)
    return version if proposed is not None and proposed.version == version else ""


def _label(department: Profile) -> str:
    return f"{department.name} {department.version}"


def _record(store: Store, dataset: str, version: str, profile_version: str, who: str) -> None:
    """Store the approval; the first valid one makes the dataset public, once each of its tables has one."""
    first = current_approval(store, dataset) is None
    store.approvals.approve(dataset, version, profile_version, who)
    if first:
        open_approved(store, config.library().owner(dataset))
