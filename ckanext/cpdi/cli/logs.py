"""Where the tracebacks of a command go: into a file, and not onto the terminal, where CKAN's log goes as well."""

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
    """A log file of two parts of a megabyte; on a full disk it says nothing."""

    written = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record."""
        self.written = True
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002  as logging calls it
        """Let a record go that cannot be written; the command says what is wrong all the same."""
        self.written = False


class _Apart(logging.Filter):
    """Keeps records of more than a line from a handler, and gives them to the file."""

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
    """The log file of a command, as far as it came to one."""

    def __init__(self, file: _File | None) -> None:
        """Watch ``file``."""
        self._file = file

    @property
    def path(self) -> Path | None:
        """Where something was written within the block; None where nothing was."""
        return Path(self._file.baseFilename) if self._file is not None and self._file.written else None


_begun: list[Log] = []
"""The log of a command that began with its process."""


def begin(arguments: Sequence[str]) -> None:
    """Keep tracebacks of a command of ours from the terminal already while CKAN starts, where a service may be away.

    ``arguments`` are those of the process; a command whose error stream is its log is left as it is.
    """
    if _begun or not _is_command(arguments):
        return
    file = _file()
    for one in _terminal():
        one.addFilter(_Apart(file))
    _begun.append(Log(file))
    sys.excepthook = partial(_say, _begun[0])


def _is_command(arguments: Sequence[str]) -> bool:
    """Return whether the process is ``ckan … cpdi COMMAND``, and no service."""
    if not arguments or Path(arguments[0]).name != "ckan" or "cpdi" not in arguments:
        return False
    rest = arguments[arguments.index("cpdi") + 1 :]
    return not any(one in SERVICES for one in rest[:1]) or "--drain" in rest


def _say(log: Log, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in a sentence why CKAN could not start; whatever cannot be said so comes as Python says it."""
    try:
        from ckanext.cpdi.pipeline import fault

        message = fault.message(error, "started")
        sys.stderr.write(f"Error: {message}{f' ({log.path})' if log.path else ''}\n")
    except Exception:
        sys.__excepthook__(kind, error, trace)


@contextmanager
def apart() -> Generator[Log]:
    """Send what has a traceback into ``log/commands.log`` of the private folder within the block."""
    if _begun:
        yield _begun[0]
        return
    file = _file()
    keep = _Apart(file)
    handlers = list(_terminal())
    for one in handlers:
        one.addFilter(keep)
    try:
        yield Log(file)
    finally:
        for one in handlers:
            one.removeFilter(keep)
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


def _terminal() -> Iterator[logging.Handler]:
    """Yield every handler that writes to a stream, such as the standard error; Python's last resort, too."""
    loggers = [logging.getLogger(), *(one for one in logging.root.manager.loggerDict.values())]
    for logger in loggers:
        for handler in getattr(logger, "handlers", ()):
            if type(handler) is logging.StreamHandler:
                yield handler
    if logging.lastResort is not None:
        yield logging.lastResort
