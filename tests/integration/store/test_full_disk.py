"""A table on a file system that is too small for the night."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from helpers import disk
from store_rows import row

from ckanext.cpdi.store import StoreError


@pytest.fixture
def small_space(write_dsn):
    """The name of a tablespace of 4 MB; it needs root, and a database on this machine that trusts its superuser."""
    address = urlsplit(write_dsn)
    name = f"cpdi_full_{uuid4().hex[:8]}"
    folder = Path("/var/tmp") / name
    folder.mkdir()
    try:
        with disk.small(folder, "4m"):
            shutil.chown(folder, "postgres", "postgres")
            with psycopg.connect(
                host=address.hostname, port=address.port, user="postgres", dbname="postgres", autocommit=True
            ) as admin:
                admin.execute(f"CREATE TABLESPACE {name} OWNER {address.username} LOCATION '{folder}'")
                yield name
                admin.execute(f"DROP TABLESPACE {name}")
    except (psycopg.OperationalError, LookupError):
        pytest.skip("the database is not on this machine, or has another superuser")
    finally:
        folder.rmdir()


def test_a_full_disk_ends_the_run_in_plain_words_and_the_old_rows_stay(place, small_space):
    place.load([row(f"C-{n:05}") for n in range(1000)])
    place.do(f"ALTER TABLE {{t}} SET TABLESPACE {small_space}")
    before, version = place.rows(), place.version()
    night = [row(f"C-{n:05}", detail="x" * 400) for n in range(12_000)]
    with pytest.raises(StoreError, match="no space left"):
        place.load(night)
    assert (place.rows(), place.version()) == (before, version)
    place.do("ALTER TABLE {t} SET TABLESPACE pg_default")
    changes = place.load(night)
    assert (changes.added, changes.changed) == (11_000, 1000)
    assert len(place.rows()) == 12_000
