"""Search in the Help Center: the articles that have all words, those first that have them in their title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.cpdi.site.help.article import Article

_AROUND = 80
"""Characters of a snippet on both sides of the first word."""


@dataclass(frozen=True)
class Match:
    """An article that has what was looked for, and the text around the first word of it."""

    article: Article
    snippet: str


def matching(articles: Iterable[Article], words: str) -> tuple[Match, ...]:
    """Return the articles that have every one of ``words`` or a longer form of it; none for no words.

    Letters count the same with and without accents, large and small.
    """
    asked = re.findall(r"\w+", fold(words))[:16]
    if not asked:
        return ()
    scored = [(_score(article, asked), article) for article in articles]
    best = sorted((entry for entry in scored if entry[0]), key=lambda entry: -entry[0])
    return tuple(Match(article, _snippet(article, asked)) for _, article in best)


def fold(text: str) -> str:
    """Return ``text`` without accents, in small letters."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def _score(article: Article, asked: list[str]) -> int:
    """Return 0 where a word is missing; words in title and summary count more."""
    title, summary, text = fold(article.title), fold(article.summary), fold(article.text)
    each = [16 * _has(title, word) + 4 * _has(summary, word) + _has(text, word) for word in asked]
    return sum(each) if all(each) else 0


def _has(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", text) is not None


def _snippet(article: Article, asked: list[str]) -> str:
    """Return the text around the first word that stands in it; the summary where none does."""
    text = " ".join(article.text.split())
    folded = fold(text)
    match = re.search("|".join(rf"\b{re.escape(word)}" for word in asked), folded)
    if match is None or len(folded) != len(text):  # a letter of several: the places do not agree
        return article.summary
    start, end = max(match.start() - _AROUND, 0), min(match.end() + _AROUND, len(text))
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"
