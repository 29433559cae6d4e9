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

    DATASET is a table, or a dataset, whose tables are then all approved. The first approval of each makes the dataset
    public. Look at `ckan cpdi risk DATASET` before.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.approved import current_approval, unapproved
    from ckanext.cpdi.pipeline import approval

    with quiet_stdout(), config.store() as store:
        library = config.library()
        tables = [table.name for table in library.tables_of(dataset)] or [library.dataset(dataset).name]
        try:
            before = [current_approval(store, table) for table in tables]
            approved = [approval.approve(store, table, actor(name), profile) for table in tables]
        except approval.ApprovalError as error:
            raise click.ClickException(str(error)) from error
        missing = unapproved(store, library.owner(dataset))
    if as_json:
        lines = [
            {"dataset": rules.dataset, "version": rules.version, "profile": rules.profile_version} for rules in approved
        ]
        say_json(lines[0] if len(lines) == 1 else {**lines[0], "tables": lines})
        return
    follows = "The dataset is public now."
    if missing:
        follows = f"The dataset is public once {', '.join(missing)} is approved as well."
    elif all(before):
        follows = "The next run publishes by them."
    for rules in approved:
        words = f"the rules of profile {rules.profile_version}, version {rules.version}, are approved."
        click.echo(f"{rules.dataset}: {words} {follows if rules is approved[-1] else ''}".rstrip())
