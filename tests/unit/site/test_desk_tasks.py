"""What waits for staff stands in one list, the most urgent first, in the reader's language."""

from types import SimpleNamespace

from ckanext.cpdi.site.desk.tasks import tasks

TITLES = {"calls": "Calls", "compstat": "Compstat"}


def status(name, state="published", late=""):
    runs = (SimpleNamespace(id=7, state=state, when="today"),) if state else ()
    return SimpleNamespace(name=name, title=TITLES[name], runs=runs, late=late)


def rule(approved, version="v2"):
    return {"dataset": "calls", "version": version, "approved": approved, "problem": ""}


def test_nothing_waits_where_all_is_good():
    assert tasks([status("calls"), status("calls", state="")], [rule(True), rule(False, "")], {}, TITLES, "en") == ()


def test_each_kind_leads_to_where_it_is_done():
    shown = tasks([status("calls", "held", "Late: no run")], [rule(False)], {"compstat": 2}, TITLES, "en")
    assert [(task.route, dict(task.values)) for task in shown] == [
        ("cpdi_runs.run", {"number": 7}),
        ("cpdi_report_desk.series", {"name": "compstat"}),
        ("cpdi_desk.approval_form", {}),
        ("cpdi_runs.table", {"name": "calls"}),
    ]
    assert shown[1].text.startswith("2 reports:")
    assert tasks([], [], {"compstat": 1}, TITLES, "es")[0].text.startswith("1 informe:")


def test_a_failed_run_stands_behind_a_held_one():
    shown = tasks([status("calls", "failed"), status("compstat", "held")], [], {}, TITLES, "en")
    assert [task.state for task in shown] == ["held", "failed"]


def test_printed_figures_that_do_not_add_up_are_counted_and_lead_to_their_list():
    (task,) = tasks([], [], {}, TITLES, "en", figures={"compstat": 1200})
    assert (task.about, task.text) == ("Compstat", "1,200 figures are not published")
    assert (task.route, dict(task.values)) == ("cpdi_report_desk.series", {"name": "compstat", "_anchor": "figures"})
    (unread,) = tasks([], [], {}, TITLES, "es", figures={"compstat": 0})
    assert unread.text == "filas que no se pueden leer"


def test_a_dataset_whose_rules_are_approved_and_that_is_private_leads_to_its_form():
    rules = [rule(True)]
    (task,) = tasks([status("calls")], rules, {}, TITLES, "es", private=["calls"])
    assert (task.title, task.route, dict(task.values)) == ("Aprobado, pero privado", "dataset.edit", {"id": "calls"})
    assert tasks([status("calls", "")], rules, {}, TITLES, "en", private=["calls"]) == ()
    (waits,) = tasks([status("calls")], [rule(False)], {}, TITLES, "en", private=["calls"])
    assert waits.route == "cpdi_desk.approval_form"
