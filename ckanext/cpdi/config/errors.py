"""The error of a wrong setting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan.exceptions import CkanConfigurationException

from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.registry import ExtensionError


class SettingError(PortalError, CkanConfigurationException):
    """A setting is missing or wrong; the message names it and says what to do.

    When a command of CKAN raises it at its start, CKAN prints the message without a traceback.
    """


@contextmanager
def starting() -> Iterator[None]:
    """Turn the error of an invalid declaration or addition, raised within the block, into a SettingError."""
    try:
        yield
    except (DeclarationError, ExtensionError) as error:
        raise SettingError(str(error)) from error
