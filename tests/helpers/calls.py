"""What each action and route is called with, so that it is about something of the department's wherever it can be."""

from __future__ import annotations

import re
from typing import Any

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.cpdi.catalog.parts import resource_id
from helpers import datastore, harvest

DATASET, OTHER, REPORTS = "calls-for-service", "electronic-citations", "compstat-reports"
NO_REPORT = "00000000-0000-0000-0000-000000000001"
TABLE = resource_id(DATASET)

Things = dict[str, Any]


def things(sysadmin: dict[str, Any]) -> Things:
    """Make what is asked for; return ids and names: a table, a source with a job, a group, a report, a user."""
    from ckanext.cpdi.jobs import stages

    datastore.publish()
    source = harvest.source()
    job = harvest.start(source)
    obj = stages.gather(job)[0]
    user, group = factories.UserWithToken(name="somebody"), factories.Group(name="a-group")
    act: Any = {"context": {"user": sysadmin["name"], "ignore_auth": True}}
    report = call_action("resource_create", **act, package_id=REPORTS, url="https://example.org/x.pdf", name="R")
    token = call_action("api_token_list", **act, user_id=user["name"])[0]["id"]
    call_action("package_patch", **act, id=DATASET, notes="Rows of the nights")
    changes = call_action("package_activity_list", **act, id=DATASET, limit=1)
    return {
        "source": source, "job": job, "object": obj, "user": user["name"], "user_id": user["id"], "token": token,
        "group": group["name"], "report": report["id"], "activity": changes[0]["id"],
        "package": call_action("package_show", **act, id=DATASET),
    }  # fmt: skip


def _exact(made: Things) -> dict[str, dict[str, Any]]:
    """What single actions need, by name."""
    night = {
        "name": "another-night", "title": "Another", "url": "drop:other.csv", "source_type": "cpdi_cad",
        "owner_org": "police", "frequency": "MANUAL", "config": '{"dataset": "calls-for-service"}',
    }  # fmt: skip
    pair = {"subject": DATASET, "object": OTHER, "type": "depends_on"}
    view = {"resource_id": TABLE, "title": "A view", "view_type": "text_view"}
    task = {"entity_id": made["job"], "entity_type": "x", "task_type": "x", "key": "x", "value": "x"}
    term = {"term": "a", "term_translation": "b", "lang_code": "es"}
    activity = {"id": made["activity"], "object_type": "package", "diff_type": "unified"}
    group = {"id": made["group"], "name": made["group"], "title": "A group"}
    organization = {"id": "police", "name": "police", "title": "Police"}
    scan = {"owner_id": made["package"]["id"], "owner_type": "package", "id": "x"}
    return {
        "activity_show": {"id": made["activity"]}, "activity_data_show": activity, "activity_diff": activity,
        "activity_create": {
            "user_id": made["user_id"], "object_id": made["package"]["id"], "activity_type": "changed package",
        },
        "api_token_revoke": {"jti": made["token"]}, "config_option_show": {"key": "ckan.site_title"},
        "config_option_update": {"ckan.no_such_option": "x"}, "help_show": {"name": "package_list"},
        "datastore_search_sql": {"sql": f'SELECT count(*) FROM "{TABLE}"'},
        "file_create": {"name": "x", "upload": "x"}, "file_owner_scan": scan, "file_ownership_transfer": scan,
        "group_create": {"name": "another-group"}, "group_patch": group, "group_update": group,
        "harvest_send_job_to_gather_queue": {"id": made["job"]}, "harvest_abort_failed_jobs": {"life_span": 7},
        "harvest_source_create": night, "harvest_source_update": {**night, "id": made["source"], "name": "night"},
        "harvest_source_patch": {"id": made["source"], "title": "Another"},
        "organization_create": {"name": "another-org"}, "organization_list_for_user": {"permission": "read"},
        "organization_patch": {"id": "police", "description": "x"}, "organization_update": organization,
        "package_create": {"name": "a-name", "title": "A name", "owner_org": "police", "notes": "x"},
        "package_patch": {"id": DATASET, "notes": "Rows of the nights"}, "package_update": made["package"],
        "package_revise": {"match": {"id": made["package"]["id"]}, "update": {"notes": "Rows of the nights"}},
        "package_relationship_create": pair, "package_relationship_update": pair, "package_relationship_delete": pair,
        "package_search": {"q": "calls"}, "resource_create": {"package_id": REPORTS, "url": "/x.pdf", "name": "S"},
        "resource_search": {"query": "name:x"},
        "resource_patch": {"id": TABLE, "description": "Rows"}, "resource_view_create": view,
        "package_create_default_resource_views": {"package": made["package"]},
        "resource_create_default_resource_views": {"resource": made["package"]["resources"][0]},
        "resource_view_update": {**view, "id": "x"}, "scheming_dataset_schema_show": {"type": "incident-table"},
        "tag_create": {"name": "a-tag", "vocabulary_id": "x"}, "task_status_update": task,
        "task_status_update_many": {"data": [task]}, "term_translation_update": term,
        "term_translation_show": {"terms": ["a"], "lang_codes": ["es"]},
        "term_translation_update_many": {"data": [term]}, "vocabulary_create": {"name": "words", "tags": []},
        "user_update": {"id": made["user"], "name": made["user"], "email": "a@example.org"},
        "user_create": {"name": "nobody-else", "email": "b@example.org", "password": "a long password 1"},
        "user_patch": {"id": made["user"], "about": "x"},
        "xloader_hook": {"metadata": {"resource_id": TABLE}, "status": "complete"},
    }  # fmt: skip


def body(action: str, made: Things) -> dict[str, Any]:
    """Return the body of a call of ``action``."""
    exact = _exact(made).get(action)
    if exact is not None:
        return exact
    if action.startswith("cpdi_"):
        report = {"series": REPORTS, "report": NO_REPORT, "page": 1, "upload": "x", "note": "x"}
        return {"dataset": DATASET, "run": 1, "numbers": ["25-1"], **report} if "list" not in action else {}
    if action.startswith("datastore_"):
        more = {"force": True, "records": [{"problem": "x"}], "filters": {"problem": "x"}}
        return {"resource_id": TABLE, **({} if action in ("datastore_info", "datastore_search") else more)}
    return {**_common(made), "id": _id(action, made)}


def _id(action: str, made: Things) -> str:
    ids = {
        "harvest_job": made["job"], "harvest_object": made["object"], "harvest": made["source"],
        "resource": TABLE, "xloader": TABLE, "organization": "police", "member": "police", "user": made["user"],
        "group": made["group"], "follow_user": made["user"], "follow_group": made["group"],
        "unfollow_user": made["user"], "unfollow_group": made["group"], "am_following_user": made["user"],
        "am_following_group": made["group"], "followee": made["user"], "dataset_followee": made["user"],
        "api_token": made["user"],
    }  # fmt: skip
    return next((ids[key] for key in sorted(ids, key=len, reverse=True) if action.startswith(key)), DATASET)


def _common(made: Things) -> dict[str, Any]:
    return {
        "dataset": DATASET, "q": "a", "limit": 1, "resource_id": TABLE, "source_id": made["source"],
        "package_id": DATASET, "user": made["user"], "user_id": made["user_id"], "username": made["user"],
        "name": "a-name", "object": DATASET, "object_type": "package", "capacity": "public",
        "organization_id": "elsewhere", "org_id": "police", "datasets": [DATASET], "order": [],
        "role": "editor", "email": "a@example.org", "group_id": "police", "storage": "default",
    }  # fmt: skip


def path(rule: Any, made: Things) -> str:
    """Return an address of the route."""
    kind, reports = rule.rule.split("/")[1], rule.endpoint.startswith(("report-series", "cpdi_report_desk"))
    ids = {
        "harvest": made["source"], "group": made["group"], "organization": "police", "user": made["user"],
        "report-series": REPORTS,
    }  # fmt: skip
    feeds = {"feeds.group": made["group"], "feeds.organization": "police"}
    values = {
        "id": feeds.get(rule.endpoint, ids.get(kind, DATASET)), "_id": DATASET, "name": REPORTS if reports else DATASET,
        "dataset": DATASET, "source": made["source"], "extension": "csv", "path": f"{DATASET}.csv",
        "resource_id": made["report"] if reports else TABLE, "activity_id": made["activity"], "_format": "jsonld",
        "report": NO_REPORT,
        "logic_function": "package_list", "number": "1", "ver": "1" if "max=2" in rule.rule else "3", "lang": "es",
    }  # fmt: skip
    if rule.endpoint.startswith("xloader."):
        values["id"] = made["package"]["id"]
    for part, thing in (("object", "object"), ("/job/", "job"), ("changes/", "activity")):
        if part in rule.rule.replace("_object", "object"):
            values["id"] = made[thing]
    address = re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>", lambda found: values.get(found[1], "x"), rule.rule)
    return f"{address}?user={made['user_id']}" if rule.endpoint.endswith(".member_delete") else address


def form(rule: Any, made: Things) -> dict[str, Any]:
    """Return what a form of the route sends."""
    view = rule.endpoint.rpartition(".")[2]
    forms = {
        "groups": {"group_added": made["group"]}, "sysadmin": {"username": made["user"], "status": "true"},
        "api_tokens": {"name": "a token"}, "api_tokens_revoke": {"token": made["token"]},
        "login": {"login": made["user"], "password": "x"},
        "member_new": {"username": made["user"], "role": "editor"}, "release": {},
        "bulk_process": {"bulk_action.public": "public", f"dataset_{made['package']['id']}": "on"},
    }  # fmt: skip
    if "resource" in rule.endpoint and view in ("new", "edit"):
        return {"save": "go-metadata", "id": "", "url": "https://example.org/x", "name": "Another"}
    return forms.get(view, {})


def written(statement: str) -> str | None:
    """Return the table of CKAN that an SQL statement writes to; None where it only reads."""
    found = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', statement, re.I)
    return found[1] if found else None


def stands() -> None:
    """Assert that the table and its dataset are as they were."""
    assert datastore.rows(TABLE) == 3
    package = model.Package.get(DATASET)
    assert package is not None
    assert (package.state, package.private) == ("active", False)
