"""The table of docs/security.md, walked: every action and route, as each of six people, over HTTP.

``CPDI_WRITE_TABLE=1`` writes down what is answered today. Read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ckan import logic, model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from helpers import datastore, harvest
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.harvesters.owner import FOREIGN
from ckanext.cpdi.protect import refusal

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
PEOPLE = ("anybody", "signed in", "editor elsewhere", "our editor", "our admin", "sysadmin")
DATASET, REPORTS = "calls-for-service", "compstat-reports"
TABLE = resource_id(DATASET)
WORDS = [getattr(refusal, name) for name in dir(refusal) if name.isupper()] + [FOREIGN]
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<cells>.+) \|$", re.M)
MISSING = "{} is in no row of docs/security.md: run this file with CPDI_WRITE_TABLE=1, then read the difference"

LAST = re.compile(r"delete|purge|clear|abort|trash|reset|revoke|user_(update|patch)|logout|user\.edit")
"""What takes something away comes last, so that the others find it."""


@pytest.fixture(scope="module")
def rows() -> dict[str, tuple[str, ...]]:
    """The table: who may, by action or route; each cell is yes or no."""
    text = PAGE.read_text() if PAGE.exists() else ""
    return {one["name"]: tuple(cell.strip() for cell in one["cells"].split("|")) for one in ROW.finditer(text)}


@pytest.fixture
def people(portal) -> dict[str, dict[str, str]]:
    """Headers by person."""
    elsewhere = signed_in()
    factories.Organization(name="elsewhere", users=[{"name": elsewhere["name"], "capacity": "editor"}])
    ours = {"signed in": signed_in(), "editor elsewhere": elsewhere}
    ours |= {"our editor": signed_in(capacity="editor"), "our admin": signed_in(capacity="admin")}
    ours["sysadmin"] = signed_in(sysadmin=True)
    return {"anybody": {}, **{name: one["headers"] for name, one in ours.items()}}


@pytest.fixture
def things(portal, people, clean_queues) -> dict[str, str]:
    """What is asked for: a table, a source with a job, a group, a user."""
    datastore.publish()
    source = harvest.source()
    job = harvest.start(source)
    from ckanext.cpdi.harvesters import jobs

    objects = jobs.gather(job)
    user, group = factories.User(name="somebody"), factories.Group(name="a-group")
    report = call_action(
        "resource_create", context={"user": _sysadmin()}, package_id=REPORTS, url="https://example.org/x.pdf", name="R"
    )
    return {
        "source": source,
        "job": job,
        "object": objects[0],
        "user": user["name"],
        "group": group["name"],
        "report": report["id"],
        "activity": call_action("activity_create", context={"user": _sysadmin()}, **_activity())["id"],
    }


def _sysadmin() -> str:
    return model.Session.query(model.User).filter_by(sysadmin=True, state="active").first().name


def _activity() -> dict[str, Any]:
    package = model.Package.get(DATASET)
    user = model.User.get(_sysadmin())
    return {"user_id": user.id, "object_id": package.id, "activity_type": "changed package"}


def body(action: str, things: dict[str, str]) -> dict[str, Any]:
    """What the action is called with, so that it is about something of ours wherever it can be."""
    common: dict[str, Any] = {"dataset": DATASET, "q": "a", "limit": 1}
    if action.startswith("cpdi_"):
        return {"dataset": DATASET, "run": 1, "numbers": ["25-1"]} if "list" not in action else {}
    if action.startswith("datastore_"):
        more = {"records": [{"problem": "x"}], "filters": {"problem": "x"}}
        return {
            "resource_id": TABLE,
            **({} if action in ("datastore_info", "datastore_search") else {"force": True, **more}),
        }
    ids = {
        "harvest_job": things["job"], "harvest_object": things["object"], "harvest_source": things["source"],
        "harvest": things["source"], "resource": TABLE, "xloader": TABLE, "organization": "police",
        "group": things["group"], "member": "police", "user": things["user"], "activity": things["activity"],
        "am_following_user": things["user"], "follow_user": things["user"], "follow_group": things["group"],
        "unfollow_user": things["user"], "unfollow_group": things["group"], "am_following_group": things["group"],
        "followee": things["user"], "api_token": things["user"], "dataset_follow": DATASET,
        "dataset_purge": DATASET, "dataset_followee": things["user"],
    }  # fmt: skip
    found = next((ids[key] for key in sorted(ids, key=len, reverse=True) if action.startswith(key)), DATASET)
    return {
        **common,
        "id": found,
        "resource_id": TABLE,
        "source_id": things["source"],
        "package_id": DATASET,
        "user": things["user"],
        "user_id": things["user"],
        "username": things["user"],
        "name": "a-name",
        "object": DATASET,
        "object_type": "package",
        "capacity": "public",
        "organization_id": "elsewhere",
        "org_id": "police",
        "datasets": [DATASET],
        "order": [],
        "match": {"id": DATASET},
        "update": {"name": "mine"},
        "subject": DATASET,
        "type": "depends_on",
        "role": "editor",
        "email": "a@example.org",
        "group_id": "police",
        "url": "https://example.org/x",
        "query": "name:x",
        "storage": "default",
    }


def cell(answer: Any) -> str:
    """``yes`` where it was answered, ``no`` where it was refused, ``-`` where it only said what is missing."""
    text = answer.get_data(as_text=True).replace("&#39;", "'").replace("&#34;", '"')
    refused = answer.status_code in (401, 403, 405) or "/user/login" in answer.headers.get("Location", "")
    if refused or any(one in text for one in WORDS):
        return "no"
    return "yes" if answer.status_code < 400 else "-"


def asked(call: Any, name: str, broken: list[str]) -> str:
    """Ask; what ends in a fault is written down in ``broken``."""
    try:
        answer = call()
    except Exception as error:
        broken.append(f"{name}: {type(error).__name__}")
        model.Session.rollback()
        return "-"
    finally:
        model.Session.remove()
    return cell(answer)


def endpoints(app: Any) -> dict[str, Any]:
    """Every route by its name and method; static files are CKAN's and the themes' own."""
    return {
        f"{method} {rule.endpoint} {rule.rule}": rule
        for rule in app.flask_app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    }


def path(rule: Any, things: dict[str, str]) -> str:
    """An address of the route, about something of ours wherever it can be."""
    kind = rule.rule.split("/")[1]
    ids = {
        "harvest": things["source"], "group": things["group"], "organization": "police", "user": things["user"],
        "report-series": REPORTS,
    }  # fmt: skip
    values = {
        "id": ids.get(kind, DATASET), "_id": DATASET, "name": REPORTS if kind == "report-series" else DATASET,
        "dataset": DATASET, "source": things["source"], "extension": "csv", "path": f"{DATASET}.csv",
        "resource_id": things["report"] if kind == "report-series" else TABLE, "activity_id": things["activity"],
        "_format": "jsonld", "logic_function": "package_list", "number": "1", "ver": "3", "lang": "en",
        "view_id": "x", "filename": "x", "token": "x", "storage_name": "default", "location": "x",
    }  # fmt: skip
    if "harvest_object" in rule.rule or "/harvest/object" in rule.rule:
        values["id"] = things["object"]
    if "/job/" in rule.rule:
        values["id"] = things["job"]
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: values.get(found[1], "x"), rule.rule)


def ordered(names: Any) -> list[str]:
    return sorted(names, key=lambda name: (bool(LAST.search(name)), name))


def judge(found: dict[str, tuple[str, ...]], rows: dict[str, tuple[str, ...]], heading: str) -> None:
    """Compare what was answered with the table; or write it down."""
    print(f"{heading}: {len(found)} rows, {Counter(one for row in found.values() for one in row)}")
    if os.environ.get("CPDI_WRITE_TABLE"):
        write(found, heading)
        return
    for name in found:
        assert name in rows, MISSING.format(name)
    wrong = {name: (rows[name], cells_) for name, cells_ in found.items() if rows[name] != cells_}
    assert not wrong, "table and portal differ (table, portal): " + str(wrong)


def write(found: dict[str, tuple[str, ...]], heading: str) -> None:
    text = PAGE.read_text()
    head = f"## {heading}\n"
    start = text.index(head) + len(head)
    end = text.find("\n## ", start)
    lines = [f"| {heading.lower()} | {' | '.join(PEOPLE)} |", "| --- " * 7 + "|"]
    lines += [f"| `{name}` | {' | '.join(found[name])} |" for name in sorted(found)]
    PAGE.write_text(text[:start] + "\n" + "\n".join(lines) + "\n" + (text[end:] if end >= 0 else ""))


def test_every_action_answers_each_person_as_the_table_says(app, people, things, rows):
    logic.get_action("package_show")
    actions: dict[str, Any] = logic._actions  # type: ignore[attr-defined]
    found, broken = {}, []
    for name in ordered(actions):
        answers = []
        for who in PEOPLE:
            given = body(name, things)
            call = partial(app.post, f"/api/3/action/{name}", json=given, headers=people[who])
            answers.append(asked(call, name, broken))
        found[name] = tuple(answers)
    assert datastore.rows(TABLE) == 3
    assert model.Package.get(DATASET).state == "active"
    print(broken)
    judge(found, rows, "Actions")


def test_every_route_answers_each_person_as_the_table_says(app, people, things, rows):
    found, broken = {}, []
    routes = endpoints(app)
    for name in ordered(routes):
        rule, method = routes[name], name.split()[0]
        answers = []
        for who in PEOPLE:
            call = partial(app.client.open, path(rule, things), method=method, headers=people[who])
            answers.append(asked(partial(call, follow_redirects=False), name, broken))
        found[name] = tuple(answers)
    assert datastore.rows(TABLE) == 3
    assert model.Package.get(DATASET).state == "active"
    print(broken)
    judge(found, rows, "Routes")


def test_the_table_has_no_row_that_nothing_answers_any_more(app, rows):
    logic.get_action("package_show")
    known = set(logic._actions) | set(endpoints(app))  # type: ignore[attr-defined]
    assert not set(rows) - known
    assert rows
