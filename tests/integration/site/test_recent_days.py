"""The last days on the home page are those of the published rows, and rows that show their month alone are in none."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ckan.tests.helpers import call_action

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.site.home import recent_days
from ckanext.cpdi.site.runs.ledger import read_ledger

pytestmark = pytest.mark.usefixtures("standing")

TABLE = "calls-for-service"


def counted():
    rows = call_action("datastore_search", resource_id=resource_id(TABLE), limit=32_000)["records"]
    exact = [row for row in rows if row["time_precision"] in ("minute", "hour", "date")]
    zone = ZoneInfo("America/New_York")
    moments = [datetime.fromisoformat(row["call_datetime"]).replace(tzinfo=UTC).astimezone(zone) for row in exact]
    return Counter(moment.date() for moment in moments)


def test_each_of_the_last_days_has_its_rows(app):
    days = counted()
    last = max(days)
    version = read_ledger(config.read_dsn()).versions[TABLE]
    shown = recent_days.describe(config.read_dsn(), config.library().dataset(TABLE), version, "en")
    expected = [days[last - timedelta(days=back)] for back in range(28)]
    assert [int(rows.replace(",", "")) for _, rows in shown.days] == expected
    assert shown.count.startswith(f"{sum(expected[:7]):,} call")
    body = app.get("/").body
    assert shown.count in body
    assert shown.period in body
    assert "en los últimos 7 días" in app.get("/es/").body


def test_a_database_that_is_away_leaves_the_chart_out():
    version = read_ledger(config.read_dsn()).versions[TABLE]
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    assert recent_days.describe(away, config.library().dataset(TABLE), version, "en") is None
