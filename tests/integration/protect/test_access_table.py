"""The table of docs/security.md, walked: every action and route, as each of six people, over HTTP.

``CPDI_WRITE_TABLE=1`` writes down what is answered today. Read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ckan import logic, model
from ckan.tests import factories
from flask import message_flashed
from helpers import calls
from helpers.users import signed_in
from sqlalchemy import event

from ckanext.cpdi.jobs.owner import FOREIGN
from ckanext.cpdi.protect import refusal

PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
PEOPLE = ("anybody", "signed in", "editor elsewhere", "our editor", "our admin", "sysadmin")
STRANGERS = PEOPLE[:3]
WORDS = [getattr(refusal, name) for name in dir(refusal) if name.isupper() and name != "WHY_HELD"] + [FOREIGN]
REFUSED = re.compile(r"not authorized|unauthorized|not permitted|may not", re.I)
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<cells>.+) \|$", re.M)
MISSING = (
    "{} is in no row of docs/security.md: guard it in ckanext/cpdi/protect if it needs it, run this file with"
    " CPDI_WRITE_TABLE=1, and commit the difference once you have read it"
)

LAST = re.compile(r"delete|purge|clear|abort|trash|reset|revoke|private|bulk|user_(update|patch)|logout|user\.edit")
"""What takes something away comes last, so that the others find it."""
SAME = ("dataset_resource.", "harvest_resource.", "incident-table.", "incident-table_resource.")
"""The views of `dataset.` and `resource.` at another address."""
LEFT_OUT = ("static", "webassets.index", "home.redirect_locale")
"""Files that are the same for everybody, and addresses that lead to another language."""
THEIR_OWN = {"api_token", "user_following_dataset", "user_following_group", "user_following_user", "dashboard", "user"}
"""What people write about themselves: when they were there, what they follow, their tokens and their names."""


@pytest.fixture
def rows() -> dict[str, tuple[str, ...]]:
    """The table: who may, by action or route."""
    return {one["name"]: tuple(one["cells"].split(" | ")) for one in ROW.finditer(PAGE.read_text())}


@pytest.fixture
def people(portal) -> dict[str, dict[str, Any]]:
    """Users by person; nobody is signed in for anybody."""
    elsewhere = signed_in()
    factories.Organization(name="elsewhere", users=[{"name": elsewhere["name"], "capacity": "editor"}])
    ours = {"our editor": signed_in(capacity="editor"), "our admin": signed_in(capacity="admin")}
    strangers = {"anybody": {"headers": {}}, "signed in": signed_in(), "editor elsewhere": elsewhere}
    return {**strangers, **ours, "sysadmin": signed_in(sysadmin=True)}


@pytest.fixture
def walk(app, people, clean_queues):
    """What asks, and remembers."""
    walk = Walk(app, people, calls.things(people["sysadmin"]))
    event.listen(model.meta.engine, "before_cursor_execute", walk.write)
    with message_flashed.connected_to(walk.flash, app.flask_app):
        yield walk
    event.remove(model.meta.engine, "before_cursor_execute", walk.write)


class Walk:
    """Asks as each of the six; notes what was written to CKAN's database, and what a page says after a redirect."""

    def __init__(self, app: Any, people: dict[str, dict[str, Any]], made: calls.Things) -> None:
        self.app, self.people, self.made = app, people, made
        self.written: set[tuple[str, str, str]] = set()
        self.said: list[str] = []
        self.name, self.who = "", ""

    def write(self, connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        table = calls.written(statement)
        if table:
            self.written.add((self.name, self.who, table))

    def flash(self, app: Any, message: str, category: str, **more: Any) -> None:
        if "success" not in category:
            self.said.append(str(message))

    def cells(self, name: str, call: Any) -> tuple[str, ...]:
        return tuple(self.cell(name, who, call) for who in PEOPLE)

    def cell(self, name: str, who: str, call: Any) -> str:
        """``yes`` where it was answered, ``no`` where it was refused, ``-`` where it says what is missing or fails."""
        self.name, self.who, self.said = name, who, []
        try:
            return cell(call(headers=self.people[who]["headers"]), " ".join(self.said))
        except Exception:
            model.Session.rollback()
            return "-"
        finally:
            model.Session.remove()

    def strangers_wrote(self) -> list[tuple[str, str, str]]:
        """What the first three wrote that is not their own; what a sysadmin writes shows that writing is noticed."""
        assert {("sysadmin", "package"), ("sysadmin", "user")} <= {one[1:] for one in self.written}
        return sorted(one for one in self.written if one[1] in STRANGERS and one[2] not in THEIR_OWN)


def cell(answer: Any, said: str) -> str:
    text = answer.get_data(as_text=True).replace("&#39;", "'").replace("&#34;", '"') + said
    refused = answer.status_code in (401, 403, 405) or "/user/login" in answer.headers.get("Location", "")
    if refused or any(one in text for one in WORDS) or REFUSED.search(said):
        return "no"
    is_wrong = "error-explanation" in text or "cp-panel cp-problem" in text
    return "-" if answer.status_code >= 400 or said or is_wrong else "yes"


def actions() -> list[str]:
    logic.get_action("package_show")
    return ordered(logic._actions)  # type: ignore[attr-defined]


def routes(app: Any) -> dict[str, Any]:
    """Every route by method, name and address, but for those that are left out."""
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return {
        f"{method} {rule.endpoint} {rule.rule}": rule
        for rule in app.flask_app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & methods)
        if not rule.endpoint.startswith(SAME) and rule.endpoint not in LEFT_OUT
    }


def ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (bool(LAST.search(name)), "user" in name and "delete" in name, name))


def judge(found: dict[str, tuple[str, ...]], rows: dict[str, tuple[str, ...]], heading: str) -> None:
    """Compare what was answered with the table and its counts; or write them down."""
    line = counts(found, heading)
    print(line)
    if os.environ.get("CPDI_WRITE_TABLE"):
        write(found, heading, line)
        return
    for name in found:
        assert name in rows, MISSING.format(name)
    wrong = {name: (rows[name], cells) for name, cells in found.items() if rows[name] != cells}
    assert not wrong, "table and portal differ (table, portal): " + str(wrong)
    assert line in PAGE.read_text()


def counts(found: dict[str, tuple[str, ...]], heading: str) -> str:
    """Return how many answers of each kind there are, in words."""
    number = Counter(one for row in found.values() for one in row)
    told = ", ".join(f"{number[one]} {one}" for one in ("yes", "no", "-"))
    return f"{heading}: {len(found)} × {len(PEOPLE)} answers, {told}."


def write(found: dict[str, tuple[str, ...]], heading: str, line: str) -> None:
    text = PAGE.read_text()
    head = f"### {heading}\n"
    start = text.index(head) + len(head)
    end = text.find("\n### ", start)
    lines = [line, "", f"| {heading.lower()} | {' | '.join(PEOPLE)} |", "|" + " --- |" * 7]
    lines += [f"| `{name}` | {' | '.join(found[name])} |" for name in sorted(found)]
    PAGE.write_text(text[:start] + "\n" + "\n".join(lines) + "\n" + (text[end:] if end >= 0 else ""))


def test_every_action_answers_each_person_as_the_table_says(app, walk, rows):
    found = {}
    for name in actions():
        found[name] = walk.cells(name, partial(app.post, f"/api/3/action/{name}", json=calls.body(name, walk.made)))
    calls.stands()
    assert walk.strangers_wrote() == []
    judge(found, rows, "Actions")


def test_every_route_answers_each_person_as_the_table_says(app, walk, rows):
    known, found = routes(app), {}
    for name in ordered(known):
        method, address = name.split()[0], calls.path(known[name], walk.made)
        data = calls.form(known[name], walk.made) if method == "POST" else None
        call = partial(app.client.open, address, method=method, data=data, follow_redirects=False)
        found[name] = walk.cells(name, call)
    calls.stands()
    assert walk.strangers_wrote() == []
    judge(found, rows, "Routes")


def test_a_view_at_another_address_is_the_one_in_the_table(app):
    functions = app.flask_app.view_functions
    for endpoint, function in functions.items():
        if endpoint.startswith(SAME):
            kind, _, view = endpoint.rpartition(".")
            other = functions[f"{'resource' if kind.endswith('_resource') else 'dataset'}.{view}"]
            assert getattr(function, "view_class", function) == getattr(other, "view_class", other), endpoint


def test_the_table_has_no_row_that_nothing_answers_any_more(app, rows):
    assert rows
    assert not set(rows) - set(actions()) - set(routes(app))
