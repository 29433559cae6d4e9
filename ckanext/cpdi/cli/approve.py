"""``ckan cpdi approve``: the records officer approves the privacy rules of a dataset."""

from __future__ import annotations

import click

from ckanext.cpdi.cli.output import plain_errors, quiet_stdout, say_json
from ckanext.cpdi.cli.people import actor


@click.command()
@click.argument("dataset")
@click.option("--as", "name", default="", help="User in whose name this is done; the operator if left out.")
@click.option("--profile", default=None, help="Name or path of a profile; that of the dataset's last feed if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def approve(dataset: str, name: str, profile: str | None, as_json: bool) -> None:
    """Approve the privacy rules of DATASET: profile, code lists, places, declaration.

    The first approval makes the dataset public. Look at `ckan cpdi risk DATASET` before.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline import approval

    with quiet_stdout(), config.store() as store:
        try:
            before = approval.current_approval(store, dataset)
            rules = approval.approve(store, dataset, actor(name), profile)
        except approval.ApprovalError as error:
            raise click.ClickException(str(error)) from error
    if as_json:
        say_json({"dataset": dataset, "version": rules.version, "profile": rules.profile_version})
        return
    follows = "The next run publishes by them." if before else "The dataset is public now."
    click.echo(
        f"{dataset}: the rules of profile {rules.profile_version}, version {rules.version}, are approved. {follows}"
    )
