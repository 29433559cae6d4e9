"""``ckan cpdi …``: what the operator and cron call."""

from __future__ import annotations

import click

from ckanext.cpdi.cli.approve import approve
from ckanext.cpdi.cli.demo import demo
from ckanext.cpdi.cli.deny import deny
from ckanext.cpdi.cli.jobs import tick, worker
from ckanext.cpdi.cli.load import load
from ckanext.cpdi.cli.parity import parity
from ckanext.cpdi.cli.places import places
from ckanext.cpdi.cli.profile import profile
from ckanext.cpdi.cli.reports import reports
from ckanext.cpdi.cli.risk import risk
from ckanext.cpdi.cli.runs import recount, release, runs
from ckanext.cpdi.cli.sample import sample
from ckanext.cpdi.cli.setup import build, freeze, init

__all__ = ["cpdi"]


@click.group(short_help="The portal of a police department.")
def cpdi() -> None:
    """The portal of a police department: feeds, runs, files."""


_COMMANDS = (
    init,
    load,
    runs,
    recount,
    release,
    reports,
    deny,
    approve,
    risk,
    sample,
    profile,
    places,
    parity,
    tick,
    worker,
    build,
    freeze,
    demo,
)

for _command in _COMMANDS:
    cpdi.add_command(_command)
