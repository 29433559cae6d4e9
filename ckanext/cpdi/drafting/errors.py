"""What cannot be drafted."""

from __future__ import annotations

from ckanext.cpdi.declare import Text
from ckanext.cpdi.errors import PortalError


class DraftError(PortalError, ValueError):
    """A file cannot be drafted from; ``words`` are for whoever asked for it, and name no cell."""

    def __init__(self, words: Text) -> None:
        """Take the words."""
        super().__init__(words.en)
        self.words = words
