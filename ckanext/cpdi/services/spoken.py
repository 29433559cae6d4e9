"""What is said to whoever asks, in the language of the address that they ask."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.cpdi.errors import translated


def spoken(sentence: str) -> str:
    """Return ``sentence`` in the asker's language; in English where nobody asks, as in a command or a worker.

    Actions, auth functions and validators call it where they refuse, since CKAN shows what an error says as it is.
    """
    return translated(sentence, tk.h.lang() if has_request_context() else None)


def first_of(error: tk.ValidationError) -> str:
    """Return the first message of an error in the asker's language; empty where it has none."""
    messages = next(iter(error.error_dict.values()), "")
    message = messages[0] if isinstance(messages, list) and messages else messages
    return spoken(message if isinstance(message, str) else str(message))
