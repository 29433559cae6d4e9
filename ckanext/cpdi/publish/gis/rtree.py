"""SQLite's R-tree strung together from others: their leaves as they are, with other ids, below new nodes.

Point by point, the tree of a million rows takes as long as the rows. In: trees of two dimensions in attached databases.
Out: rows of the three tables in which SQLite keeps a tree (https://www.sqlite.org/rtree.html, "shadow tables").
"""

from __future__ import annotations

import sqlite3

import numpy as np

CELLS = 51
"""Entries of a node: as many as SQLite puts into one, whatever the page's size."""
ROOT = 1
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_NODE = np.dtype([("depth", ">u2"), ("count", ">u2"), ("cells", _CELL, CELLS)])
_LOW = np.array([True, False, True, False])
"""Which of a box's four numbers are the low ends: minx, maxx, miny, maxy."""
Nodes = np.ndarray[tuple[int], np.dtype[np.void]]
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


class Joined:
    """The tree ``name`` of ``database``, empty so far: :meth:`add` takes others in, :meth:`finish` makes it valid."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        """Begin the tree."""
        self._database, self._name = database, name
        self._boxes: list[np.ndarray] = []
        self._next = ROOT + 1

    def add(self, schema: str, name: str, ahead: int) -> None:
        """Take in the leaves of the tree ``name`` in the attached database ``schema``; each id grows by ``ahead``."""
        query = f'SELECT DISTINCT nodeno FROM {schema}."{name}_rowid" ORDER BY 1'
        numbers = [number for (number,) in self._database.execute(query)]
        if not numbers:
            return
        query = f'SELECT data FROM {schema}."{name}_node" WHERE nodeno IN (SELECT nodeno FROM {schema}."{name}_rowid")'
        leaves = np.frombuffer(b"".join(data for (data,) in self._database.execute(f"{query} ORDER BY nodeno")), _NODE)
        leaves = leaves.copy()
        leaves["depth"] = 0
        leaves["cells"]["id"] += np.where(_taken(leaves), ahead, 0)
        self._boxes.append(_around(leaves))
        new = range(self._next, self._next + len(leaves))
        self._put(new, leaves)
        self._database.execute("CREATE TEMP TABLE moved (old INTEGER PRIMARY KEY, new INTEGER)")
        self._database.executemany("INSERT INTO moved VALUES (?, ?)", zip(numbers, new, strict=True))
        self._database.execute(
            f'INSERT INTO main."{self._name}_rowid" SELECT rowid + ?, new FROM {schema}."{name}_rowid"'
            " JOIN moved ON old = nodeno ORDER BY rowid",
            (ahead,),
        )
        self._database.execute("DROP TABLE moved")
        self._next = new.stop

    def finish(self) -> None:
        """Put nodes above the leaves, up to one root."""
        if not self._boxes:
            return
        boxes = np.concatenate(self._boxes)
        ids = np.arange(ROOT + 1, ROOT + 1 + len(boxes))
        depth = 0
        while depth == 0 or len(ids) > 1:
            depth += 1
            nodes = _nodes(ids, boxes)
            numbers = np.arange(self._next, self._next + len(nodes)) if len(nodes) > 1 else np.array([ROOT])
            parents = zip(ids.tolist(), numbers.repeat(CELLS)[: len(ids)].tolist(), strict=True)
            self._database.executemany(f'INSERT INTO main."{self._name}_parent" VALUES (?, ?)', parents)
            nodes["depth"] = depth if len(nodes) == 1 else 0
            self._put(numbers.tolist(), nodes)
            ids, boxes, self._next = numbers, _around(nodes), self._next + len(nodes)

    def _put(self, numbers: range | list[int], nodes: Nodes) -> None:
        """Write ``nodes``; the root is there already, and empty."""
        rows = ((number, node.tobytes()) for number, node in zip(numbers, nodes, strict=True))
        self._database.executemany(f'INSERT OR REPLACE INTO main."{self._name}_node" VALUES (?, ?)', rows)


def _nodes(ids: Numbers, boxes: np.ndarray) -> Nodes:
    """Return nodes with these entries, each filled in turn."""
    count = -(-len(ids) // CELLS)
    cells = np.zeros(count * CELLS, _CELL)
    cells["id"][: len(ids)], cells["box"][: len(ids)] = ids, boxes
    nodes = np.zeros(count, _NODE)
    nodes["cells"] = cells.reshape(count, CELLS)
    nodes["count"] = CELLS
    nodes["count"][-1] = len(ids) - (count - 1) * CELLS
    return nodes


def _taken(nodes: Nodes) -> np.ndarray:
    """Return which cells of each node are entries."""
    return np.arange(CELLS) < nodes["count"][:, None]


def _around(nodes: Nodes) -> np.ndarray:
    """Return the box around the entries of each node."""
    boxes, taken = nodes["cells"]["box"], _taken(nodes)[:, :, None]
    low, high = np.where(taken, boxes, np.inf).min(axis=1), np.where(taken, boxes, -np.inf).max(axis=1)
    return np.where(_LOW, low, high)  # pyright: ignore[reportUnknownVariableType]
