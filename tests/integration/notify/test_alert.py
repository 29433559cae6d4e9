"""Staff are told by mail of what they can do something about: once, in words, and never with a value of the feed."""

from __future__ import annotations

import errno
import re
import shutil
import socket
import threading
import time
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from ckan.tests import factories
from helpers import datastore, disk
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.errors import of_system
from ckanext.cpdi.pipeline import approval, clock
from ckanext.cpdi.pipeline.clock import Reading
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.reports.tables import Fault, ReportFaults, write_faults
from ckanext.cpdi.store import Clock, Objection
from ckanext.cpdi.store.errata import Letter

SERIES = "compstat-reports"

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def night(tmp_path):
    """Load so many calls; give the report."""
    from ckanext.cpdi.jobs import load

    def run(count, **more):
        path = write_calls(tmp_path / "calls.csv", range(1, count + 1))
        return load.run(DATASET, str(path), label="calls", trusted_path=True, **more)

    return run


def age(days):
    """Let the last mail have been sent so many days ago."""
    with psycopg.connect(datastore.dsn()) as connection:
        connection.execute("UPDATE cpdi.alert SET sent = sent - make_interval(days => %s)", (days,))


def test_a_good_night_is_no_news(night, inbox):
    night(400)
    night(401)
    assert inbox.mails == []


def test_a_held_run_is_told_once_with_its_differences_and_where_to_look(night, inbox, ckan_config):
    night(400)
    held = night(40)
    assert inbox.subjects == [f"Calls for Service and Officer Initiated Calls: run {held.run} is held"]
    body = inbox.body()
    assert "The table would shrink from 400 to 40 rows" in body
    assert f"{ckan_config['ckan.site_url']}/status/runs/{held.run}" in body
    assert "Queen St" not in body
    assert "25-0000" not in body
    assert inbox.mails[0]["To"].endswith("<records@example.org>")
    night(41)
    assert len(inbox.mails) == 1
    age(8)
    night(42)
    assert len(inbox.mails) == 2
    good = night(402)
    assert good.state == "published"
    assert inbox.subjects[2:] == ["Calls for Service and Officer Initiated Calls: in order again"]
    night(403)
    assert len(inbox.mails) == 3


def test_figures_that_do_not_add_up_are_told_once_and_again_where_they_are_others(portal, inbox):
    from ckanext.cpdi.notify import alert

    def told(*held):
        fault = Fault("sum", 1, "All teams", "murder")
        ends = [date(2024, 3, 24) - timedelta(weeks=week) for week in range(len(held))]
        faults = [ReportFaults(end, 1, count, (fault,)) for end, count in zip(ends, held, strict=True)]
        write_faults(config.faults_path(SERIES), faults)
        alert.tell_figures(SERIES)
        return len(inbox.mails)

    assert told() == 0
    assert [told(5), told(5)] == [1, 1]
    assert "they do not add up: 5; reports that they stand in: 1." in inbox.body()
    age(8)
    assert told(5) == 1
    assert told(5, 0) == 2
    assert told() == 3
    assert inbox.subjects[-1].endswith("all figures add up again")


ENGLISH = re.compile(r"\b(the|of|is|it|its|run|and|with|files?|feeds?|reports?|wait|has|nothing|rows)\b", re.IGNORECASE)


def in_spanish(mail):
    """Whether subject and body of a mail have no English word, but for addresses and names of settings and commands."""
    text = f"{mail['Subject']}\n{mail.get_content()}"
    return ENGLISH.findall(re.sub(r"https?://\S+|ckanext\.\S+|`[^`]*`", "", text)) == []


def test_each_address_gets_its_mails_in_its_own_language(night, inbox, ckan_config, monkeypatch, tmp_path):
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.notify import alert

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.alert_to", ["jefa@example.org", "records@example.org"])
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.mail_languages", ["Jefa@example.org=es"])
    night(400)
    night(40)
    load.run(DATASET, str(tmp_path / "gone.csv"), label="calls", trusted_path=True)
    night(401)
    clocks = Reading(Clock(datetime(2026, 11, 27, tzinfo=UTC), "", 0), datetime(2026, 11, 24, tzinfo=UTC))
    alert.tell(NightReport(7, DATASET, "held", message=clock.objection(clocks, None)))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    with config.store() as store:
        approval.approve(store, DATASET, "somebody")
        rules = approval.objection(store, DATASET, "", config.profile(), "other")
    alert.tell(NightReport(8, DATASET, "held", message=rules))
    alert.tell_files(DATASET, of_system(OSError(errno.ENOSPC, "")))
    alert.tell_full(DATASET, 36)
    alert.tell_files(DATASET, "")
    alert.tell_full(DATASET, 0)
    faults = (ReportFaults(date(2024, 3, 24), 1, 5, (Fault("sum", 1, "All teams", "murder"),)),)
    write_faults(config.faults_path(SERIES), faults)
    alert.tell_figures(SERIES)
    waiting = Objection("reports_held", "One report waits.", holds=False, spanish="Un informe espera.")
    alert.tell(NightReport(9, SERIES, "published", objections=(waiting,)))
    write_faults(config.faults_path(SERIES), ())
    alert.tell_figures(SERIES)
    with config.store() as store:
        store.errata.receive(DATASET, Letter("", "The month is wrong", ""), date(2026, 7, 13), "en")
    alert.tell_errata()
    spanish, english = inbox.mails[::2], inbox.mails[1::2]
    assert len(spanish) == len(english) == 13
    assert [mail["Subject"] for mail in spanish if not in_spanish(mail)] == []
    assert [mail["Subject"] for mail in english if in_spanish(mail)] == []
    assert spanish[0]["Subject"].endswith("espera revisión")
    bodies = [mail.get_content() for mail in spanish]
    assert "El reloj del portal marca 2026-11-27 00:00 UTC" in bodies[3]
    assert "no son las aprobadas" in bodies[4]
    for body in bodies[9:11]:
        assert "porque no cuadran: 5; informes en los que están: 1." in body
    assert f"/es/status/reports/{SERIES}#figures" in bodies[9]
    assert "no se parece" not in bodies[3] + bodies[4]
    assert "La tabla se reduciría de 400 a 40 filas" in spanish[0].get_content()
    assert f"{ckan_config['ckan.site_url']}/es/status/runs/" in spanish[0].get_content()


def test_without_a_word_on_it_mails_are_in_the_language_of_the_portal(inbox, ckan_config, monkeypatch):
    from ckanext.cpdi.notify import alert

    monkeypatch.setitem(ckan_config, "ckan.locale_default", "es")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.mail_languages", ["it@example.org=en"])
    assert alert.language_of("records@example.org") == "es"
    assert alert.language_of("IT@example.org") == "en"


@pytest.mark.parametrize("entry", ["it@example.org", "it@example.org=fr", "=es", "es"])
def test_a_language_of_mails_that_is_none_is_refused(ckan_config, monkeypatch, entry):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.mail_languages", [entry])
    with pytest.raises(config.SettingError, match="mail_languages"):
        config.mail_languages()


def test_another_trouble_is_another_mail(night, inbox, tmp_path):
    from ckanext.cpdi.jobs import load

    night(400)
    night(40)
    for name in ("gone.csv", "gone.csv"):
        load.run(DATASET, str(tmp_path / name), label="calls", trusted_path=True)
    assert [one.rsplit(" ", 1)[-1] for one in inbox.subjects] == ["held", "failed"]
    assert "stays as it is" in inbox.body()


def test_a_released_run_is_in_order_again(night, inbox):
    from ckanext.cpdi import config

    night(400)
    config.store().ledger.release(night(40).run)
    assert night(40).state == "published"
    assert inbox.subjects[-1].endswith("in order again")


def test_without_addresses_the_admins_of_the_organization_are_told(night, inbox, ckan_config, monkeypatch):
    from ckan.tests.helpers import call_action

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.alert_to", [])
    for role, address in (("admin", "chief@example.org"), ("editor", "analyst@example.org")):
        user = factories.User(email=address)
        call_action("organization_member_create", id="police", username=user["name"], role=role)
    night(400)
    night(40)
    assert [one["To"].addresses[0].addr_spec for one in inbox.mails] == ["chief@example.org"]


def test_nobody_to_tell_is_a_line_in_the_log(night, ckan_config, monkeypatch, caplog):
    night(400)
    assert night(40).state == "held"
    assert "nobody to tell" in caplog.text


def test_a_mail_server_that_is_down_fails_nothing_and_the_mail_comes_the_next_night(
    night, inbox, ckan_config, monkeypatch
):
    night(400)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    assert night(40).state == "held"
    monkeypatch.setitem(ckan_config, "smtp.server", inbox.address)
    night(40)
    assert len(inbox.mails) == 1


def test_a_mail_server_that_says_nothing_delays_nothing(night, inbox, ckan_config, monkeypatch, caplog):
    from ckanext.cpdi.notify import alert

    night(400)
    monkeypatch.setattr(alert, "PATIENCE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        held = night(40)
        assert time.monotonic() - began < 30
    assert held.state == "held"
    assert "did not answer" in caplog.text
    left = [one for one in threading.enumerate() if one.name == "cpdi-mail"]
    for one in left:
        one.join(5)


def test_a_feed_that_stands_still_is_told_and_stays_published(night, inbox):
    night(400)
    with psycopg.connect(datastore.dsn()) as connection:
        connection.execute("UPDATE cpdi.run SET started = started - %s", (timedelta(days=9),))
    report = night(400)
    assert (report.state, [one.code for one in report.objections]) == ("unchanged", ["stale"])
    assert inbox.subjects == ["Calls for Service and Officer Initiated Calls: the feed stands still"]
    assert "9 days farther" not in inbox.body()
    night(400)
    assert len(inbox.mails) == 1


@pytest.fixture
def full_disk(folders, night):
    """The files of a first night on a disk that has no room for others; give what fills it."""
    from ckanext.cpdi.pipeline import publish

    with disk.small(folders["files"], "8m") as files:
        night(100)
        publish.publish(DATASET, publish.profile_of(DATASET))
        filler = files / "filler"
        with filler.open("wb") as file:
            file.write(b"\0" * (shutil.disk_usage(files).free - 8192))
        yield filler


def test_files_that_stay_behind_are_told_once_and_when_they_follow_again(night, inbox, full_disk, clean_queues):
    from ckanext.cpdi.jobs import tick

    night(200)
    for _ in range(2):
        assert f"building {DATASET}" in tick.tick().faults
    assert [one.strip() for one in inbox.subjects] == [
        "Calls for Service and Officer Initiated Calls: files are behind"
    ]
    assert "the disk of the files has 0 MB free" in inbox.body()
    full_disk.unlink()
    assert tick.tick().faults == ()
    assert len(inbox.mails) == 2
    assert inbox.subjects[1].endswith("files are up to date again")
    assert tick.tick().faults == ()
    assert len(inbox.mails) == 2


def test_windows_without_a_full_feed_for_weeks_are_told_and_a_full_feed_ends_it(
    night, inbox, app, sysadmin, clean_queues
):
    from ckanext.cpdi.declare import SyncRule
    from ckanext.cpdi.jobs import tick

    night(400)
    night(401, rule=SyncRule("append"))
    tick.tick()
    assert inbox.mails == []
    with psycopg.connect(datastore.dsn()) as connection:
        connection.execute(
            "UPDATE cpdi.run SET started = started - %(by)s, finished = finished - %(by)s", {"by": timedelta(days=36)}
        )
    page = f"/status/{DATASET}"
    for _ in range(2):
        tick.tick()
    assert [one.strip() for one in inbox.subjects] == [
        "Calls for Service and Officer Initiated Calls: no full feed for 36 days"
    ]
    assert "last full feed came 36 days ago" in app.get(page, headers=sysadmin["headers"]).get_data(as_text=True)
    assert "full feed" not in app.get(page).get_data(as_text=True)
    night(402)
    tick.tick()
    assert inbox.subjects[-1].endswith("a full feed came")
