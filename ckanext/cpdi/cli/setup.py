"""``ckan cpdi init``, ``build``, ``freeze``, ``places``: what a portal needs at first, once a year, after a crash."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.cpdi.cli.output import plain_errors


@click.command()
@plain_errors
def init() -> None:
    """Bring the DataStore's schemas up to date, and make the organization and datasets that are missing.

    Nothing that staff edited is changed; run it again after every upgrade.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all

    with config.store() as store:
        store.migrate()
    made = ensure_all()
    click.echo("\n".join(f"made {one}" for one in made) or "Everything is there.")


@click.command()
@click.argument("dataset", required=False)
@plain_errors
def build(dataset: str | None) -> None:
    """Build the files whose version differs from the table's, of all tables or of DATASET."""
    from ckanext.cpdi import config
    from ckanext.cpdi.harvesters import after

    names = [config.library().dataset(dataset).name] if dataset else [one.name for one in config.library().tables]
    for name in names:
        built, _ = after.publish(name, after.profile_of(name))
        click.echo(f"{name}: {'built' if built else 'up to date'}")


@click.command()
@click.argument("dataset", required=False)
@click.option("--again", is_flag=True, help="Freeze every closed year anew, and not only those that are due.")
@plain_errors
def freeze(dataset: str | None, again: bool) -> None:
    """Freeze the closed years of all tables or of DATASET, to be cited; `tick` does it after the freeze day.

    A year that is frozen keeps its archive until the next freeze day; only rows that leave the table leave it at once.
    """
    from ckanext.cpdi import config
    from ckanext.cpdi.harvesters import after

    names = [config.library().dataset(dataset).name] if dataset else [one.name for one in config.library().tables]
    for name in names:
        years = after.freeze_years(name, after.profile_of(name), force=again)
        click.echo(f"{name}: {', '.join(map(str, years)) if years else 'nothing to freeze'}")


@click.command()
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", default="", help="Name or path of a profile; the site's own if left out.")
@click.option("--private", type=click.Path(path_type=Path, exists=True), help="Addresses, one a line, to be merged.")
@plain_errors
def places(dataset: str, file: Path, profile: str, private: Path | None) -> None:
    """Build the places file of the department from FILE: address points (address, longitude, latitude, team as CSV),
    or years of the feed of DATASET.

    A places file that is there is replaced: the next run then publishes new places for every row.
    """
    from ckanext.cpdi.feeds import FeedError
    from ckanext.cpdi.harvesters.gazetteer import PlacesError, build_from

    try:
        built = build_from(dataset, file, profile, private)
    except (FeedError, PlacesError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{built.path}: {built.places:,} places for {built.addresses:,} addresses")
