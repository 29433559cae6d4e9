"""What is asked of a table beside its filter: columns, order, a page; or groups and what is counted in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.tree import EVERYTHING, Condition, Term, Value

AggregateKind = Literal["count", "sum", "min", "max", "avg", "stddev", "var"]


@dataclass(frozen=True, slots=True)
class Order:
    """A column that rows are sorted by; empty values come last, in either direction."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that meet ``filter``: some ``columns`` of them, in an ``order``, from ``offset`` on, ``limit`` at most.

    ``after`` are the values of the columns in ``order`` in the last row of the page before (None where empty); rows
    follow it, whatever came meanwhile. An order that is not unique goes on by the row's id (:meth:`total_order`).
    """

    columns: tuple[str, ...]
    filter: Condition = EVERYTHING
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    after: tuple[Value | None, ...] = ()

    @property
    def total_order(self) -> tuple[Order, ...]:
        """The order with the row's id at its end, so that no two rows are equal."""
        names = [order.column for order in self.order]
        return self.order if ROW_ID in names else (*self.order, Order(ROW_ID))


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A number made of a group's rows, called ``name``; ``column`` is empty for the count of rows."""

    kind: AggregateKind
    name: str
    column: str = ""
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What rows are grouped by, called ``name``."""

    term: Term
    name: str


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """A group's or aggregate's ``name`` that groups are sorted by; empty values come last."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Having:
    """A condition on an aggregate, by its name."""

    name: str
    operator: Literal["=", "<>", "<", "<=", ">", ">="]
    value: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """Groups of the rows that meet ``filter``: distinct values without ``aggregates``, one group without ``groups``."""

    groups: tuple[Group, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    filter: Condition = EVERYTHING
    having: tuple[Having, ...] = ()
    order: tuple[GroupOrder, ...] = ()
    limit: int | None = None
    offset: int = 0
