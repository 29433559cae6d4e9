"""The store's front: its parts on one session, the migrations, and the way of one run into a dataset's table."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import psycopg

from ckanext.cpdi.declare import Classes, Table
from ckanext.cpdi.store.database import migrate as migrations
from ckanext.cpdi.store.database.session import DATASET, Session, connect, lock, release
from ckanext.cpdi.store.errata import Errata
from ckanext.cpdi.store.errors import in_words
from ckanext.cpdi.store.ledger.alerts import Alerts
from ckanext.cpdi.store.ledger.ledger import Ledger
from ckanext.cpdi.store.ledger.quarantine import Quarantine
from ckanext.cpdi.store.privacy.approval import Approvals
from ckanext.cpdi.store.privacy.privacy import Privacy
from ckanext.cpdi.store.privacy.risk import RiskCounts
from ckanext.cpdi.store.reports import Intake, Reports
from ckanext.cpdi.store.sync.opening import open_run
from ckanext.cpdi.store.sync.run import Sync
from ckanext.cpdi.store.sync.terms import Terms
from ckanext.cpdi.store.table import build, catalogue
from ckanext.cpdi.store.table.shape import Shape
from ckanext.cpdi.store.table.tables import Tables


class Store:
    """PostgreSQL as the portal writes it, through the role of ``write_dsn``; ``read_role`` may read what is published.

    ``ledger`` has the runs, ``quarantine`` the lines that they set aside, ``alerts`` what staff were told of them,
    ``tables`` what is known of each table, ``privacy`` the deny list and the purges, ``approvals`` who approved which
    rules, ``risk`` how well rows hide among each other, ``reports`` the archive of reports, ``intake`` what runs of
    series know of earlier ones, ``errata`` the errors that people reported. All work on one connection.

    Every method, of the parts as well, raises StoreError, in words for staff. A store belongs to one thread; the runs
    that it started count as interrupted once it is closed.
    """

    def __init__(self, write_dsn: str, read_role: str) -> None:
        """Keep the addresses; the first call connects."""
        self._dsn, self._read_role = write_dsn, read_role
        self._session = Session(write_dsn)
        self.ledger = Ledger(self._session)
        self.quarantine = Quarantine(self._session)
        self.alerts = Alerts(self._session)
        self.tables = Tables(self._session, read_role)
        self.privacy = Privacy(self._session)
        self.approvals = Approvals(self._session)
        self.risk = RiskCounts(self._session, self.ledger)
        self.reports = Reports(self._session)
        self.intake = Intake(self._session)
        self.errata = Errata(self._session)

    def __enter__(self) -> Self:
        """Return the store, to be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Give up the connection, and with it the locks on runs."""
        self._session.close()

    def migrate(self) -> list[str]:
        """Bring the store's schema to the present version; return the names of the files that were run."""
        with self._session() as connection:
            return migrations.migrate(connection, self._read_role)

    @contextmanager
    def begin(
        self,
        dataset: str,
        resource_id: str,
        table: Table,
        run: int,
        zone: str,
        *,
        classes: Classes | None = None,
        schema_version: str = "",
        masks: str = "",
        profile: str = "",
    ) -> Generator[Sync]:
        """Open a run's transaction on the table of ``resource_id``; what is not committed in the block never was.

        ``zone`` is the department's time zone, ``classes`` what the rows were masked by: without them nobody learns
        more than the month in which a row changed. ``masks`` stands for all that masks rows (rules, places): where it
        differs from the last run's, the change log says so, and older forms of the rows are purged. ``profile`` is how
        the department's was named; it is kept with the table, as the zone is. Raises
        RunInProgress where another run of the dataset is at work, DeclarationChanged where a field has got another
        type.
        """
        try:
            with connect(self._dsn) as connection:
                number = catalogue.number_of(connection, dataset)
                lock(connection, DATASET, number)
                shape = Shape(resource_id, table, build.postgis_schema(connection))
                terms = Terms(run, zone, self._dsn, self._read_role, classes, schema_version, masks, profile)
                sync = open_run(connection, number, shape, terms)
                try:
                    yield sync
                finally:
                    sync.close()
                    release(connection)
        except psycopg.Error as error:
            raise in_words(error) from error
