"""What commands print: lines for people, one JSON object for programs, and errors without a traceback."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that an operator can do something about into one line and exit code 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        from ckanext.cpdi.catalog.department import DepartmentError
        from ckanext.cpdi.config import SettingError
        from ckanext.cpdi.declare import DeclarationError
        from ckanext.cpdi.harvesters.after import Behind
        from ckanext.cpdi.harvesters.claim import DatasetBusy
        from ckanext.cpdi.store import StoreError

        try:
            return command(*args, **kwargs)
        except (DatasetBusy, DeclarationError, DepartmentError, SettingError, StoreError) as error:
            raise click.ClickException(str(error)) from error
        except Behind as error:
            log.exception("behind")
            raise click.ClickException(str(error)) from error
        except KeyError as error:
            raise click.ClickException(str(error.args[0])) from error

    return wrapped


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send what libraries print to the error stream, so that stdout holds nothing but the answer."""
    with redirect_stdout(sys.stderr):
        yield


def say_json(value: dict[str, Any]) -> None:
    """Print ``value`` as one JSON object on one line."""
    click.echo(json.dumps(value, default=_text, ensure_ascii=False))


def table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return ``rows`` under ``headers`` in columns as wide as they need."""
    widths = [max(len(row[column]) for row in (headers, *rows)) for column in range(len(headers))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headers, *rows)
    ]
    return "\n".join(lines)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
