"""Who acts in a command: the user named by an option, or the operator."""

from __future__ import annotations

import getpass

import click


def operator() -> str:
    """Return how the operator at this shell is recorded."""
    return f"operator {getpass.getuser()}"


def actor(name: str) -> str:
    """Return who is recorded: the user ``name``, whose role is checked, or without one the operator at this shell.

    Raises ClickException for a user who does not exist, or may not decide.
    """
    if not name:
        return operator()
    from ckan import model

    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline.approval import may_approve

    user = model.User.by_name(name)
    if user is None or user.state != "active":
        raise click.ClickException(f"there is no user {name!r}")
    if not may_approve(name):
        role = "no sysadmin" if config.approvers() == "sysadmin" else f"no administrator of {config.organization()}"
        raise click.ClickException(f"{name} is {role}, so this is not theirs to decide (ckanext.cpdi.approvers)")
    return name
