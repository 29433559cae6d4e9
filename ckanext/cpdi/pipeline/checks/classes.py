"""A privacy class has grown or shrunk by far."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import FEWEST, Check, Night, compare_shares
from ckanext.cpdi.store import Objection


class Classes(Check):
    """Object where the share of a privacy class has grown or shrunk by far.

    A wrong column of codes or flags can put rows into a class that is too mild.
    """

    name = "classes"
    order = 6

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.last_shown
        if last is None:
            return
        old, new = last.classes, night.summary.classes
        if min(sum(old.values()), sum(new.values())) < FEWEST:
            return
        for name, before, after in compare_shares(old, sum(old.values()), new, sum(new.values())):
            if abs(after - before) > night.limits.shift:
                text = f"{after:.0%} of the rows fall under the class {name}; in the last good run it was {before:.0%}."
                spanish = (
                    f"El {after:.0%} de las filas está en la clase {name}; en la última ejecución buena era el"
                    f" {before:.0%}."
                )
                yield Objection("class", text, before, after, name, spanish=spanish)
