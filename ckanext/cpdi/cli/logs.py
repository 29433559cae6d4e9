"""Sends the tracebacks of a command into a file instead of the terminal, where CKAN's log goes as well."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from ckanext.cpdi import config

SERVICES = ("worker",)
"""Commands whose error stream is their log."""
_SIZE = 1_000_000
_FORM = logging.Formatter("%(asctime)s %(process)d %(levelname)s [%(name)s] %(message)s")


class _File(RotatingFileHandler):
    """A rotating log file, two parts of a megabyte each; records that cannot be written are dropped."""

    written = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        self.written = True
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002  as logging calls it
        """Drop a record that cannot be written; the command prints its error all the same."""
        self.written = False


class _TracebackFilter(logging.Filter):
    """Moves records of more than one line from a handler to the file."""

    def __init__(self, file: _File | None) -> None:
        super().__init__()
        self._file = file

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the handler may have the record."""
        if not (record.exc_info or record.stack_info or "\n" in record.getMessage()):
            return True
        if self._file is not None:
            self._file.handle(record)
        return False


class Log:
    """The log file of a command, if it has one."""

    def __init__(self, file: _File | None) -> None:
        """Watch ``file``."""
        self._file = file

    @property
    def path(self) -> Path | None:
        """The file, if something was written to it; else None."""
        return Path(self._file.baseFilename) if self._file is not None and self._file.written else None


_early: list[Log] = []
"""The log of the process's command, once :func:`divert_early` has set it; empty or one item."""


def divert_early(arguments: Sequence[str]) -> None:
    """Divert the tracebacks of a command of ours already while CKAN starts, since a service may be down.

    ``arguments`` are those of the process; a command whose error stream is its log is left alone.
    """
    if _early or not _is_command(arguments):
        return
    file = _file()
    for handler in _stream_handlers():
        handler.addFilter(_TracebackFilter(file))
    _early.append(Log(file))
    sys.excepthook = partial(_report, _early[0])


def _is_command(arguments: Sequence[str]) -> bool:
    """Return whether the process is ``ckan … cpdi COMMAND``, and no service."""
    if not arguments or Path(arguments[0]).name != "ckan" or "cpdi" not in arguments:
        return False
    rest = arguments[arguments.index("cpdi") + 1 :]
    return not any(name in SERVICES for name in rest[:1]) or "--drain" in rest


def _report(log: Log, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print in a sentence why CKAN could not start, or the traceback where that fails."""
    try:
        from ckanext.cpdi.pipeline import fault

        message = fault.message(error, "started")
        sys.stderr.write(f"Error: {message}{f' ({log.path})' if log.path else ''}\n")
    except Exception:
        sys.__excepthook__(kind, error, trace)


@contextmanager
def divert_tracebacks() -> Generator[Log]:
    """Send records with tracebacks into ``log/commands.log`` of the private folder while the block runs."""
    if _early:
        yield _early[0]
        return
    file = _file()
    keep = _TracebackFilter(file)
    handlers = list(_stream_handlers())
    for handler in handlers:
        handler.addFilter(keep)
    try:
        yield Log(file)
    finally:
        for handler in handlers:
            handler.removeFilter(keep)
        if file is not None:
            file.close()


def _file() -> _File | None:
    """Return the file's handler; None where the settings name no private folder, or it cannot be made."""
    try:
        folder = config.private_path() / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
    except (config.SettingError, OSError):
        return None
    file = _File(folder / "commands.log", maxBytes=_SIZE, backupCount=1, encoding="utf-8", delay=True)
    file.setFormatter(_FORM)
    return file


def _stream_handlers() -> Iterator[logging.Handler]:
    """Yield every handler that writes to a stream, such as the standard error, and Python's last resort."""
    loggers = [logging.getLogger(), *(entry for entry in logging.root.manager.loggerDict.values())]
    for logger in loggers:
        for handler in getattr(logger, "handlers", ()):
            if type(handler) is logging.StreamHandler:
                yield handler
    if logging.lastResort is not None:
        yield logging.lastResort
