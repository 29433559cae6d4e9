"""A run that kills its own process at a given stage: killed_run.py DSN READ_ROLE DATASET RESOURCE_ID STAGE."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import psycopg
from store_rows import TABLE, ZONE, frame, row

from ckanext.cpdi.store import RunSummary, Store
from ckanext.cpdi.store.ledger import outcome
from ckanext.cpdi.store.sync import bulk_load, stage, upsert
from ckanext.cpdi.store.table import build, catalogue, groups, state

STAGES = {
    "begin": (state, "read"),
    "staging": (stage.Stage, "add"),
    "words": (groups.Layout, "write"),
    "ids": (bulk_load, "_copy_ids"),
    "insert": (stage.Stage, "insert"),
    "index": (build, "create_index"),
    "first_state": (state, "write_first"),
    "attach": (build, "attach"),
    "update": (stage.Stage, "update"),
    "merge": (state, "merge"),
    "delete": (upsert, "expect"),
    "ledger": (outcome, "write"),
    "total": (catalogue, "write_total"),
    "committed": (build, "analyze"),
}


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def arm(where):
    """Make the process die before the stage ``where`` (after it, for ``after-…``), or inside COPY."""
    if where == "copy":
        psycopg.Copy.write = die
        return
    place, name = STAGES[where.removeprefix("after-")]
    done = getattr(place, name)
    setattr(place, name, die if not where.startswith("after-") else lambda *a, **k: (done(*a, **k), die()))


def night():
    """The feed that every such run brings."""
    return [[row(f"C-{n:03}", units=n % 7) for n in range(part, part + 100)] for part in (50, 150)]


if __name__ == "__main__":
    dsn, read_role, dataset, resource_id, where = sys.argv[1:]
    arm(where)
    store = Store(dsn, read_role)
    run = store.ledger.start(dataset, "feed", "sha", "rules", "profile", "code")
    with store.begin(dataset, resource_id, TABLE, run, ZONE) as sync:
        for batch in night():
            sync.add(frame(batch))
        changes = sync.apply(remove_missing=True)
        sync.commit(RunSummary(read=changes.published))
    sys.exit("the process should have died")
