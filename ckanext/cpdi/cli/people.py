"""Who acts at a command: somebody whose name is given, or the operator."""

from __future__ import annotations

import getpass

import click


def acting(name: str) -> str:
    """Return who is to be written down: the user ``name``, whose role is looked at, or who works at this shell.

    Raises ClickException for a user who is not there, or may not do it.
    """
    if not name:
        return f"operator {getpass.getuser()}"
    from ckan import model

    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline.approval import may_approve

    found = model.User.by_name(name)
    if found is None or found.state != "active":
        raise click.ClickException(f"there is no user {name!r}")
    if not may_approve(name):
        role = "no sysadmin" if config.approvers() == "sysadmin" else f"no administrator of {config.organization()}"
        raise click.ClickException(f"{name} is {role}, so this is not theirs to decide (ckanext.cpdi.approvers)")
    return name
