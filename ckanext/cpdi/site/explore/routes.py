"""``/dataset/NAME/explore``: the explorer of a table, and ``/data/NAME.atom``: new rows under its filter as a feed."""

from __future__ import annotations

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, redirect, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import tailored
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.selection.breadth import fault
from ckanext.cpdi.selection.newest import newest
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import open_to_all, say
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import naming, refuses_in
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.http.table import open_table, readable
from ckanext.cpdi.services.http.version import of_version
from ckanext.cpdi.services.ogc.answers import is_tracking
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.explore.cell import Cells
from ckanext.cpdi.site.explore.explorer import explorer
from ckanext.cpdi.site.explore.feed import ATOM, FAULTS, SHOWN, Feed
from ckanext.cpdi.site.explore.form import Pairs
from ckanext.cpdi.site.map.table import table_description

blueprint = Blueprint("cpdi_explore", __name__)


@blueprint.get("/dataset/<name>/explore")
def show(name: str) -> Response:
    """Show the table under the filter in the address.

    Nobody keeps a page for a filter: where somebody looks is theirs. A period that goes on with the calendar leads to
    the days of today: whoever passes on what they see passes on its days.
    """
    dataset = config.library().get(name)
    if dataset is None or dataset.table is None or readers(name) is Readers.NOBODY:
        tk.abort(status_of(tk.ObjectNotFound), tk._("There is no such table"))
    asked = tuple(request.args.items(multi=True))
    days = _dated(asked)
    if days != asked:
        page = tk.h.url_for("cpdi_explore.show", name=name)
        return cache(make_response(redirect(f"{page}?{urlencode(days)}")), 0)
    made = explorer(dataset, asked)
    values = {"made": made, "owner": config.library().owner(name)}
    if request.args:
        response = cache(make_response(tk.render("cpdi/explore.html", values)), 0)
    else:
        response = audience.page("cpdi/explore.html", values)
    response.status_code = made.shown.status
    return response if made.shown.status < 400 else cache(response, 0)


def _dated(asked: Pairs) -> Pairs:
    """Return the parameters ``asked`` with days in the place of a period; the page says what is wrong with another."""
    try:
        return link.dated(asked, config.profile().zone)
    except QueryError:
        return asked


def _refused(status: int, said: str, parameter: str) -> Response:
    return open_to_all(say(status, naming(said, parameter)))


@blueprint.get("/data/<name>.atom")
@refuses_in(_refused)
def feed(name: str) -> Response:
    """Answer with the newest rows under the filter in the address; 400 where it keeps to less ground than a team's."""
    dataset, allowed = readable(name)
    pairs = [pair for pair in request.args.items(multi=True) if pair[1].strip() and not is_tracking(pair[0])]
    profile, language = config.profile(), tk.h.lang()
    with open_table(dataset) as reader:
        zone = ZoneInfo(reader.state.zone)
        condition = link.parse(pairs, dataset.rows, zone, config.areas())
        wrong = fault(condition, dataset.rows, reader.places)
        if wrong:
            raise QueryError(FAULTS[wrong].get(language))
        own = tailored(dataset, profile.feed(name))
        columns = tuple(field.name for field in own.rows.fields)
        cells = Cells(table_description(own, profile, language), zone, language)
        made = Feed(own, pairs, profile.agency.name.get(language), language, cells, reader.state.published_at)

        def make() -> Response:
            return Response(made.write(newest(reader, name, columns, condition, SHOWN)), mimetype=ATOM)

        return open_to_all(of_version(reader.state, f"atom-{language}", allowed, make))
