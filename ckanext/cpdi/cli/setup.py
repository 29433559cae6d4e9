"""``ckan cpdi init``, ``build``, ``freeze``: for the first start, upgrades, restores and the freeze day."""

from __future__ import annotations

import click

from ckanext.cpdi.cli.output import plain_errors


@click.command()
@click.option("--describe", is_flag=True, help="Let organization and datasets name the profile's department.")
@plain_errors
def init(describe: bool) -> None:
    """Bring the DataStore's schemas up to date, and make the organization and datasets that are missing.

    Records that the deny list of the private folder names are denied, whatever an older database says. A dataset whose
    rules nobody has approved is made private. Nothing else that staff
    edited is changed; run it after every upgrade. Where the catalogue names another department than the profile does,
    that is said, and changed with --describe; a dataset that the profile does not name and that holds nothing is made
    private.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.catalog.describe import describe_anew, differences, withdraw
    from ckanext.cpdi.catalog.views import follow_the_explorer
    from ckanext.cpdi.desk import deny
    from ckanext.cpdi.pipeline import approval

    with config.store() as store:
        store.migrate()
        created = ensure_all() + follow_the_explorer()
        created += [
            f"{table.name} private, until its rules are approved"
            for table in config.library().tables
            if approval.enforce(store, table.name)
        ]
        changed = deny.replay(store)
        if changed:
            created.append(f"the deny list whole again, {changed:,} records")
    other = differences(config.profile())
    if other and describe:
        describe_anew(config.profile())
        created += [f"{name} private, which the profile has no feed of" for name in withdraw(config.profile())]
        created.append(f"the catalogue name {config.profile().agency.name.en}")
        other = []
    click.echo("\n".join(f"made {line}" for line in created) or "Everything is there.")
    if other:
        click.echo(
            "\n".join(
                ["The catalogue and the profile differ; `ckan cpdi init --describe` follows the profile:", *other]
            )
        )


@click.command()
@click.argument("dataset", required=False)
@plain_errors
def build(dataset: str | None) -> None:
    """Build the files whose version differs from the table's, of all tables or of DATASET.

    Files and page of a series follow its archive.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import kinds

    every = [*(table.name for table in config.library().tables), *kinds.series()]
    for name in [config.library().dataset(dataset).name] if dataset else every:
        done = kinds.follow(name)
        click.echo(f"{name}: {'built' if any(done) else 'up to date'}")


@click.command()
@click.argument("dataset", required=False)
@click.option("--again", is_flag=True, help="Freeze every closed year anew, and not only those that are due.")
@plain_errors
def freeze(dataset: str | None, again: bool) -> None:
    """Freeze the closed years of all tables or of DATASET, to be cited; `tick` does it after the freeze day.

    A year that is frozen keeps its archive until the next freeze day; only rows that leave the table leave it at once.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline import publish

    names = [config.library().dataset(dataset).name] if dataset else [table.name for table in config.library().tables]
    for name in names:
        years = publish.freeze_years(name, publish.profile_of(name), force=again)
        click.echo(f"{name}: {', '.join(map(str, years)) if years else 'nothing to freeze'}")
