"""Whether the rules of masking have been approved: without that nobody but staff sees a dataset.

A dataset is made private. The first approval opens it; later ones let changed rules through, whose runs are held until
then, so that the rows before stay public under the rules that were approved for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk
from ckan import authz, model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Dataset, DeclarationError, Profile
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.pipeline.places import PlacesError, stored
from ckanext.cpdi.rows.version import MaskingVersion, has_places
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.privacy.approval import DEMO, Approval


class ApprovalError(PortalError, ValueError):
    """The rules cannot be approved now, or not by this person; the message says why."""


@dataclass(frozen=True)
class Rules:
    """The rules that would mask the next feed of a dataset, and the newest approval that counts.

    ``version`` is empty before there are places, and where ``problem`` says why there are no rules that could be used;
    ``profile`` is the profile as it was named.
    """

    dataset: str
    version: str
    profile: str
    profile_version: str
    approval: Approval | None
    problem: str = ""

    @property
    def approved(self) -> bool:
        """Whether these very rules are approved."""
        return self.approval is not None and self.approval.version == self.version


def rules(store: Store, dataset: str, profile: str | None = None) -> Rules:
    """Return the rules of ``dataset`` by ``profile``, else by that of its last feed."""
    declared = config.library().dataset(dataset)
    if declared.table is None:
        raise ApprovalError(f"{dataset} has no table whose rows could be masked")
    proposed = store.approvals.proposal(dataset)
    named = profile if profile is not None else proposed.profile if proposed else ""
    approved = standing(store, dataset)
    try:
        department = config.profile(named)
        version, label, problem = _version(store, declared, department), _label(department), ""
    except (PlacesError, DeclarationError) as error:
        version, label, problem = "", "", str(error)
    return Rules(dataset, version, named, label, approved, problem)


def standing(store: Store, dataset: str) -> Approval | None:
    """Return the approval that counts for ``dataset``: on a department's real portal none that a demo gave itself."""
    return store.approvals.latest(dataset, demo=not config.production())


def objection(store: Store, dataset: str, profile: str, department: Profile, version: str) -> str:
    """Return why a run by these rules is to be held; empty where nothing speaks against it.

    A demo approves what it is given. Before the first approval a run goes on, and nobody but staff sees its rows.
    """
    label = _label(department)
    store.approvals.propose(dataset, version, profile, label)
    found = standing(store, dataset)
    if found is not None and found.version == version:
        return ""
    if store.approvals.is_demo() and not config.production():
        _record(store, dataset, version, label, DEMO)
        return ""
    if found is None:
        return ""
    return (
        f"The privacy rules are not those that were approved: profile {label} makes version {version}, approved is"
        f" {found.version}. The rows before stay public. To let them through: `ckan cpdi approve {dataset}`, or the"
        " page Approval of privacy rules."
    )


def approve(store: Store, dataset: str, who: str, profile: str | None = None, seen: str = "") -> Rules:
    """Approve the rules of ``dataset`` as ``who``; the first approval makes it public. Returns what was approved.

    ``seen`` is the version that the person looked at. Raises ApprovalError where there are no places yet, or where the
    rules have changed since they were looked at.
    """
    found = rules(store, dataset, profile)
    if found.problem:
        raise ApprovalError(found.problem)
    if not found.version:
        raise ApprovalError("there are no places yet, which are part of the rules: load a feed, or `ckan cpdi places`")
    if seen and seen != found.version:
        raise ApprovalError("the rules have changed since you looked at them: look again")
    _record(store, dataset, found.version, found.profile_version, who)
    return replace(found, approval=standing(store, dataset))


def approve_demo(store: Store, profile: str) -> list[str]:
    """Let the demo approve its own rules, for every table; return the datasets for which it had to."""
    made: list[str] = []
    department = config.profile(profile)
    for dataset in config.library().tables:
        version = _version(store, dataset, department) or str(MaskingVersion.of(dataset, department, None))
        found = standing(store, dataset.name)
        if found is None or found.version != version:
            _record(store, dataset.name, version, _label(department), DEMO)
            made.append(dataset.name)
    return made


def enforce(store: Store, dataset: str) -> bool:
    """Make ``dataset`` private where no approval stands; return whether it was public."""
    package = model.Package.get(dataset)
    if package is None or package.private or package.state != "active" or standing(store, dataset) is not None:
        return False
    tk.get_action("package_patch")(portal_user(), {"id": package.id, "private": True})
    return True


def may_approve(user: str) -> bool:
    """Return whether the user called ``user`` has the role that ``ckanext.cpdi.approvers`` names."""
    if authz.is_sysadmin(user):
        return True
    return config.approvers() == "admin" and authz.has_user_permission_for_group_or_org(
        config.organization(), user, "admin"
    )


def _version(store: Store, dataset: Dataset, department: Profile) -> str:
    """Return the version of the rules; empty where the department has no places yet.

    A feed without any address makes none. Then it is the version that the feed came with, which has no places.
    """
    known = stored(config.places_path(department.name))
    version = str(MaskingVersion.of(dataset, department, known))
    if known is not None or not has_places(dataset):
        return version
    proposed = store.approvals.proposal(dataset.name)
    return version if proposed is not None and proposed.version == version else ""


def _label(department: Profile) -> str:
    return f"{department.name} {department.version}"


def _record(store: Store, dataset: str, version: str, profile_version: str, who: str) -> None:
    """Write the approval; the first one that counts opens the dataset."""
    first = standing(store, dataset) is None
    store.approvals.approve(dataset, version, profile_version, who)
    package = model.Package.get(dataset)
    if first and package is not None and package.private:
        tk.get_action("package_patch")(portal_user(**{SET_UP: True}), {"id": package.id, "private": False})
