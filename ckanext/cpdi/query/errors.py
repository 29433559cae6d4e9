"""What is wrong with a question, in words for whoever asked; services put them into their protocol's form."""

from __future__ import annotations

from ckanext.cpdi.errors import PortalError


class QueryError(PortalError, ValueError):
    """A question cannot be answered as it stands; the message says what was expected.

    ``parameter`` names the part of the question that is wrong, where the grammar has named parts.
    """

    def __init__(self, message: str, parameter: str = "") -> None:
        """Keep the words, and the parameter's name."""
        super().__init__(message)
        self.parameter = parameter


class UnreadableError(QueryError):
    """The text is not written in the grammar."""


class UnknownColumnError(QueryError):
    """A name is no column of the table."""


class UnknownFunctionError(QueryError):
    """A function, operator or form of the grammar is not among those that are answered."""


class WrongTypeError(QueryError):
    """A value does not have the type of its column."""


class TooLargeQueryError(QueryError):
    """The question is longer, deeper or has more parts than is answered."""
