"""What stands between the server and CKAN: headers of every answer, counts, limits, and the services before CKAN."""

from __future__ import annotations

from ckan.types import CKANApp

from ckanext.cpdi.services.http import cors, counting, policies, rate, refusal
from ckanext.cpdi.services.http.direct import Direct
from ckanext.cpdi.services.http.headers import Headers


def put_before(app: CKANApp) -> CKANApp:
    """Put the middleware before ``app``, and return it."""
    app.after_request(cors.allow)
    app.after_request(policies.protect)
    app.after_request(refusal.name_methods)
    counting.begin(app)
    rate.begin(app)
    app.wsgi_app = Headers(Direct(app.wsgi_app))  # type: ignore[method-assign]  Flask's own way to wrap it
    return app
