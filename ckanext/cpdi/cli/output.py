"""Output of commands: lines for people, one JSON object for programs, and errors without a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click

from ckanext.cpdi.cli import logs

P = ParamSpec("P")
R = TypeVar("R")


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """End a command after any error with one sentence on the error stream and code 1; tracebacks go to a file."""
    return _with_plain_errors(command, logs.divert_tracebacks)


def plain_errors_of_service(command: Callable[P, R]) -> Callable[P, R]:
    """Do the same for a service, whose error stream is its log and keeps the tracebacks."""
    return _with_plain_errors(command, lambda: nullcontext(None))


def _with_plain_errors(
    command: Callable[P, R], divert: Callable[[], AbstractContextManager[logs.Log | None]]
) -> Callable[P, R]:
    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        from polars.exceptions import PanicException

        with divert() as log:
            try:
                return command(*args, **kwargs)
            except click.ClickException as error:
                if type(error) is click.ClickException and _log_hint(log):
                    raise click.ClickException(error.message + _log_hint(log)) from error
                raise
            except (click.Abort, click.exceptions.Exit):
                raise
            except (Exception, PanicException) as error:
                from ckanext.cpdi.pipeline import fault

                message = fault.message(error, f"did `ckan cpdi {command.__name__}`")
                raise click.ClickException(message + _log_hint(log)) from error

    return wrapped


def _log_hint(log: logs.Log | None) -> str:
    """Return the path of the log in brackets, if something was written there."""
    return f" ({log.path})" if log is not None and log.path is not None else ""


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send what libraries print to the error stream, so that stdout holds only the answer."""
    with redirect_stdout(sys.stderr):
        yield


def say_json(value: dict[str, Any]) -> None:
    """Print ``value`` as one JSON object on one line."""
    click.echo(json.dumps(value, default=_text, ensure_ascii=False))


def table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return ``rows`` under ``headers``, in aligned columns."""
    widths = [max(len(row[column]) for row in (headers, *rows)) for column in range(len(headers))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (headers, *rows)
    ]
    return "\n".join(lines)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
