"""Uploads of staff are no pages of the portal, and the loader of tables fetches nothing else."""

from __future__ import annotations

import io

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.cpdi.protect import uploads

SCRIPT = b"<html><script>alert(1)</script></html>"


def upload(editor, name, content=SCRIPT, mimetype=None):
    return call_action(
        "resource_create",
        context=dict(editor["context"]),
        package_id="calls-for-service",
        name=name,
        url=name,
        upload=FileStorage(io.BytesIO(content), filename=name),
        **({"mimetype": mimetype} if mimetype else {}),
    )


@pytest.mark.parametrize(
    ("name", "mimetype", "kind"),
    [
        ("page.html", None, "attachment"),
        ("page.svg", None, "attachment"),
        ("page.xml", "application/xhtml+xml", "attachment"),
        ("page.csv", "text/html", "attachment"),
        ("page.pdf", "text/html", "attachment"),
        ("report.pdf", "application/pdf", "inline"),
        ("chart.png", "image/png", "inline"),
    ],
)
def test_a_browser_runs_nothing_of_an_upload(app, portal, editor, name, mimetype, kind):
    made = upload(editor, name, mimetype=mimetype)
    for kind_of in ("dataset", "incident-table"):
        for path in (f"{made['id']}/download/{name}", f"{made['id']}/download"):
            answer = app.get(f"/{kind_of}/calls-for-service/resource/{path}")
            assert answer.status_code == 200, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"].startswith(kind)
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert ("sandbox" in policy) == (name != "report.pdf")


def test_the_loader_takes_an_upload_and_no_address(portal, editor, sysadmin):
    made = upload(editor, "table.csv", b"a,b\n1,2\n")
    assert uploads.may_load(made["id"])
    link = call_action(
        "resource_create",
        context=dict(editor["context"]),
        package_id="calls-for-service",
        name="Link",
        url="http://127.0.0.1:9/secret.csv",
        format="CSV",
    )
    assert not call_action("xloader_submit", context=dict(sysadmin["context"]), resource_id=link["id"])


def test_a_job_that_waited_fetches_no_address_that_its_upload_became(portal, editor, ckan_config):
    made, asked = upload(editor, "table.csv", b"a,b\n1,2\n"), []
    fetch = uploads.only_uploads(lambda url, headers: asked.append(url))
    own = f"{ckan_config['ckan.site_url']}/dataset/x/resource/{made['id']}/download/table.csv"
    fetch(own, {})
    for address in (
        "http://127.0.0.1:9/x",
        f"http://elsewhere.example.org/resource/{made['id']}/download",
        "file:///x",
    ):
        with pytest.raises(PermissionError):
            fetch(address, {})
    model.Session.query(model.Resource).filter_by(id=made["id"]).update({"url_type": ""})
    model.Session.commit()
    with pytest.raises(PermissionError, match="uploaded"):
        fetch(own, {})
    assert asked == [own]
    from ckanext.xloader import jobs

    with pytest.raises(PermissionError):
        jobs.get_response("http://127.0.0.1:9/secret.csv", {})
