"""A text that people read, in every language of the portal."""

from __future__ import annotations

from msgspec import Struct


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in English and Spanish; a missing Spanish one falls back to English."""

    en: str
    es: str = ""

    def get(self, language: str) -> str:
        """Return the text in ``language`` (an IETF tag such as ``es`` or ``es_MX``), else in English."""
        return (self.es if language[:2] == "es" else self.en) or self.en

    def format(self, **places: Text | str | int | None) -> Text:
        """Return the text with its ``places`` filled, in each language by what a place says in it."""
        en, es = (
            self.get(language).format(
                **{name: value.get(language) if isinstance(value, Text) else value for name, value in places.items()}
            )
            for language in ("en", "es")
        )
        return Text(en, es)

    def unless_edited(self, written: object, language: str) -> str:
        """Return what stands in CKAN's catalogue, which has one language, for a reader of ``language``.

        The portal writes the English text there; anything else that is ``written`` is the staff's, in every language.
        """
        return str(written) if written and written != self.en else self.get(language)
