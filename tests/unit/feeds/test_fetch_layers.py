"""ArcGIS layers come page by page, whole, in the order of their object ids, or not at all."""

from __future__ import annotations

import dataclasses
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from helpers.web import serving

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import FeedError, Unchanged, check_location, fetch, open_feed

FIELDS = [
    {"name": "OBJECTID", "type": "esriFieldTypeOID"},
    {"name": "Problem", "type": "esriFieldTypeString"},
    {"name": "Response_Date", "type": "esriFieldTypeDate"},
    {"name": "Shape", "type": "esriFieldTypeGeometry"},
]
PATH = "/arcgis/rest/services/Police/Calls/FeatureServer/0"


class Layer:
    """A map service's layer with ``rows`` rows, answering as such servers do."""

    def __init__(self, rows: int, page: int = 10, **document: object) -> None:
        self.rows = [
            {
                "attributes": {
                    "OBJECTID": 5 + 3 * number,
                    "Problem": f"p{number}",
                    "Response_Date": 1577836800000 + number,
                },
                "geometry": {"x": -79.9 - number / 1000, "y": 32.7} if number % 7 else None,
            }
            for number in range(rows)
        ]
        self.page = page
        self.document = {
            "type": "Feature Layer",
            "fields": FIELDS,
            "objectIdField": "OBJECTID",
            "maxRecordCount": page,
            "geometryType": "esriGeometryPoint",
            "advancedQueryCapabilities": {"supportsPagination": True},
            **document,
        }
        self.asked: list[dict[str, str]] = []
        self.flags = True

    def __call__(self, request) -> None:
        url = urlsplit(request.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.asked.append(asked)
        answer = self.document if url.path == PATH else self.query(asked)
        request.send(json.dumps(answer).encode(), Content_Type="application/json")

    def query(self, asked: dict[str, str]) -> object:
        if asked.get("returnCountOnly") == "true":
            return {"count": len(self.found(asked))}
        assert asked["orderByFields"] == "OBJECTID ASC"
        found = self.found(asked)
        start = int(asked.get("resultOffset", 0))
        part = found[start : start + min(self.page, int(asked.get("resultRecordCount", self.page)))]
        more = {"exceededTransferLimit": True} if self.flags and start + len(part) < len(found) else {}
        return {"features": part, **more}

    def found(self, asked: dict[str, str]) -> list[dict]:
        """Return the rows that ``where`` and ``objectIds`` select."""
        given = asked.get("objectIds")
        rows = [row for row in self.rows if not given or str(row["attributes"]["OBJECTID"]) in given.split(",")]
        for part in asked["where"].split(" AND "):
            name, sign, value = re.fullmatch(r"\(?(\w+)\s*(=|>)\s*(.+?)\)?", part).groups()
            if sign == ">":
                rows = [row for row in rows if row["attributes"][name] > int(value)]
            elif name != value:
                rows = [row for row in rows if repr(row["attributes"].get(name)) == value]
        return rows


def location(server) -> str:
    return f"http://{server.host}{PATH}"


def refused(layer, settings) -> FeedError:
    with serving(layer) as server, pytest.raises(FeedError) as caught:
        fetch(location(server), settings)
    assert list(settings.spool_dir.rglob("*")) == []
    return caught.value


@pytest.mark.parametrize("rows", [0, 1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("paging", [True, False])
@pytest.mark.parametrize("flags", [True, False])
def test_every_row_of_a_layer_comes_once_in_the_order_of_its_id(settings, read, rows, paging, flags):
    layer = Layer(rows, advancedQueryCapabilities={"supportsPagination": paging})
    layer.flags = flags
    with serving(layer) as server, fetch(location(server), settings) as spool:
        table = read(spool)
    assert table.headers == ("OBJECTID", "Problem", "Response_Date", "X", "Y")
    assert table.lines == list(range(1, rows + 1))
    assert table.rows == [
        (
            str(5 + 3 * number),
            f"p{number}",
            str(1577836800000 + number),
            json.dumps(-79.9 - number / 1000) if number % 7 else None,
            "32.7" if number % 7 else None,
        )
        for number in range(rows)
    ]


def test_a_layers_address_may_have_a_token_and_end_in_query(settings, read):
    layer = Layer(12)
    query = "token=T0KEN&where=2%3D2&f=html&resultRecordCount=&returnIdsOnly=false&resultOffset=0"
    with serving(layer) as server, fetch(f"{location(server)}/query?{query}", settings) as spool:
        assert read(spool).frame.height == 12
        assert {asked["where"] for asked in layer.asked if "where" in asked} == {"2=2"}
        assert spool.name == "Calls-FeatureServer-0.arcgis" or spool.name.endswith(".arcgis")
    assert {asked["token"] for asked in layer.asked} == {"T0KEN"}
    assert {asked["f"] for asked in layer.asked} == {"json"}


def test_a_table_without_points_has_no_x_and_y(settings, read):
    layer = Layer(3, type="Table", geometryType=None)
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).headers == ("OBJECTID", "Problem", "Response_Date")
    assert layer.asked[2]["returnGeometry"] == "false"


def test_a_layer_with_columns_x_and_y_keeps_them_beside_the_point(settings, read):
    layer = Layer(1, fields=[*FIELDS, {"name": "x", "type": "esriFieldTypeDouble"}])
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).headers[-3:] == ("x", "geometry_x", "geometry_y")


def test_a_server_whose_pages_are_smaller_than_it_says_is_read_to_the_end(settings, read):
    with serving(Layer(35, maxRecordCount=2000)) as server, fetch(location(server), settings) as spool:
        assert read(spool).frame.height == 35


@pytest.mark.parametrize("paging", [True, False])
def test_a_server_whose_pages_are_smaller_than_it_says_is_read_to_the_count(settings, read, paging):
    layer = Layer(35, maxRecordCount=2000, advancedQueryCapabilities={"supportsPagination": paging})
    layer.flags = False
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).frame.height == 35


@pytest.mark.parametrize("at", ["0", "10", "30", "35"])
def test_an_empty_page_with_a_word_of_more_is_no_end(settings, read, at):
    """Seen where a server filters a page after it has counted it out."""
    layer = Layer(35)
    answer = layer.query
    layer.query = lambda asked: (
        {"features": [], "exceededTransferLimit": True} if asked.get("resultOffset") == at else answer(asked)
    )
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).frame.height == 35


def test_a_layer_that_gives_empty_pages_for_ever_ends(settings):
    layer = Layer(35)
    answer = layer.query
    layer.query = lambda asked: (
        answer(asked) if "returnCountOnly" in asked else {"features": [], "exceededTransferLimit": True}
    )
    assert refused(layer, settings).code == "truncated"
    assert len(layer.asked) < 10


def test_odd_characters_of_a_layer_come_through(settings, read):
    layer = Layer(2)
    layer.rows[0]["attributes"]["Problem"] = 'a\n"b"\u2028\0é\U0001f600'
    layer.rows[1]["attributes"]["Problem"] = "half \ud83d"
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).frame["Problem"].to_list() == ['a\n"b"\u2028\0é\U0001f600', "half \ufffd"]


def test_columns_of_a_layer_that_nobody_wants_are_left_out(read):
    spool = read.spool(b'{"0":"a","1":"b","2":"c"}\n{"0":"1","2":"3"}\n{"1":"5","2":"6"}\n', "layer.arcgis")
    (batch,) = open_feed(spool, Feed()).batches(columns={"c", "a"})
    assert batch.frame.rows() == [("1", "3", 1), (None, "6", 2)]


@pytest.mark.parametrize(
    "content",
    [b"", b"junk\n", b"[1]\n", b'{"0":"a"}', b'{"0":"a"}\n{"0":"1"}\n{"0":', b'{"0":"a"}\njunk\n', b'{"0":7}\n'],
)
def test_a_damaged_file_of_a_layer_is_refused(read, content):
    with pytest.raises(FeedError) as caught:
        read(content, "layer.arcgis")
    assert caught.value.code == "unreadable"


def test_an_unchanged_layer_costs_two_requests(settings):
    layer = Layer(5, editingInfo={"lastEditDate": 1700000000000})
    with serving(layer) as server:
        with fetch(location(server), settings) as known:
            pass
        before = len(server.seen)
        with pytest.raises(Unchanged):
            fetch(location(server), settings, known.version)
        assert len(server.seen) == before + 2
        layer.document["editingInfo"] = {"lastEditDate": 1700000000001}
        with fetch(location(server), settings, known.version) as spool:
            assert spool.size


def test_a_layer_that_does_not_say_when_it_was_edited_is_always_fetched(settings):
    with serving(Layer(5)) as server:
        with fetch(location(server), settings) as known:
            assert known.version.etag == ""
        with fetch(location(server), settings, known.version):
            pass


def test_a_layer_that_loses_rows_while_it_is_read_is_refused(settings):
    layer = Layer(25)
    answer = layer.query

    def losing(asked):
        found = answer(asked)
        if asked.get("resultOffset") == "10":
            del layer.rows[0]
        return found

    layer.query = losing
    error = refused(layer, settings)
    assert error.code == "changed"
    assert "25" in error.message


def test_a_layer_whose_rows_do_not_add_up_to_its_count_is_refused(settings):
    layer = Layer(25)
    answer = layer.query
    layer.query = lambda asked: {"count": 26} if "returnCountOnly" in asked else answer(asked)
    assert refused(layer, settings).code == "truncated"


def test_pages_that_overlap_are_refused(settings):
    layer = Layer(25)
    answer = layer.query
    layer.query = lambda asked: answer({**asked, "resultOffset": "0"})
    assert refused(layer, settings).code == "changed"


@pytest.mark.parametrize(
    ("code", "expected", "attempts"),
    [(498, "status", 1), (499, "status", 1), (400, "status", 1), (500, "status", 3), (504, "status", 3)],
)
def test_an_error_object_under_status_200_is_an_error(settings, code, expected, attempts):
    seen = []

    def handle(request):
        seen.append(request)
        request.send(json.dumps({"error": {"code": code, "message": "S3CRET", "details": []}}).encode())

    error = refused(handle, settings)
    assert error.code == expected
    assert "S3CRET" not in error.message
    assert len(seen) == attempts


def test_a_passing_error_on_one_page_is_tried_again(settings, read):
    layer = Layer(25)
    answer = layer.query
    faults = [{"error": {"code": 504, "message": "timeout"}}]
    layer.query = lambda asked: faults.pop() if asked.get("resultOffset") == "10" and faults else answer(asked)
    with serving(layer) as server, fetch(location(server), settings) as spool:
        assert read(spool).frame.height == 25


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        7,
        {"fields": "none"},
        {"fields": [{"name": 7}], "objectIdField": []},
        {"fields": FIELDS[1:2]},
        {"type": "Group Layer", "fields": None},
        {"fields": FIELDS, "maxRecordCount": "many"},
        {"fields": FIELDS, "maxRecordCount": 10**5000 if False else "9" * 5000},
        {"fields": FIELDS, "editingInfo": 3},
        {"error": "wrong"},
        {"error": {"code": {"a": 1}}},
    ],
)
def test_a_document_that_is_no_layers_is_refused(settings, document):
    assert refused(lambda request: request.send(json.dumps(document).encode()), settings).code in (
        "unreadable",
        "status",
    )


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"features": None},
        {"features": [7]},
        {"features": [{"attributes": None}]},
        {"features": [{"attributes": {}}]},
        {"features": [{"attributes": {"OBJECTID": "x"}}]},
        {"features": [{"attributes": {"OBJECTID": {"a": []}}}]},
    ],
)
def test_a_page_that_is_none_is_refused(settings, page):
    layer = Layer(5)
    answer = layer.query
    layer.query = lambda asked: answer(asked) if "returnCountOnly" in asked else page
    assert refused(layer, settings).code == "unreadable"


def test_html_in_place_of_json_is_refused(settings):
    assert refused(lambda request: request.send(b"<html>maintenance</html>"), settings).code == "unreadable"


def test_a_layer_larger_than_the_limit_is_refused(settings):
    assert refused(Layer(50), dataclasses.replace(settings, max_bytes=1000)).code == "too_large"


def test_pages_use_one_connection(settings):
    connections = set()
    layer = Layer(35)

    def handle(request):
        connections.add(request.client_address)
        layer(request)

    with serving(handle) as server, fetch(location(server), settings):
        assert len(server.seen) == 7
    assert len(connections) == 1


@pytest.mark.parametrize("paging", [True, False])
@pytest.mark.parametrize(
    "query", ["where=Public%3D'Y'", "WHERE=Public='Y'&outFields=*&f=json", "objectIds=5,11,17,23,29,999"]
)
def test_rows_that_an_address_keeps_out_stay_out(settings, read, paging, query):
    layer = Layer(10, page=2, advancedQueryCapabilities={"supportsPagination": paging})
    for number, row in enumerate(layer.rows):
        row["attributes"]["Public"] = "NY"[number % 2 == 0]
    with serving(layer) as server, fetch(f"{location(server)}/query?{query}", settings) as spool:
        table = read(spool)
    assert table.frame["Problem"].to_list() == ["p0", "p2", "p4", "p6", "p8"]


def test_an_unchanged_layer_is_one_whose_selection_has_as_many_rows(settings):
    layer = Layer(6, editingInfo={"lastEditDate": 1700000000000})
    for row in layer.rows:
        row["attributes"]["Public"] = "Y"
    with serving(layer) as server:
        where = f"{location(server)}?where=Public%3D'Y'"
        with fetch(where, settings) as known:
            assert known.version.etag == "1700000000000-6"
        with pytest.raises(Unchanged):
            fetch(where, settings, known.version)
        layer.rows[0]["attributes"]["Public"] = "N"
        with fetch(where, settings, known.version) as spool:
            assert spool.version.etag == "1700000000000-5"


def test_a_selection_that_moves_with_the_clock_is_always_fetched(settings):
    layer = Layer(2, editingInfo={"lastEditDate": 1700000000000})
    layer.found = lambda asked: layer.rows
    layer.query = lambda asked: {"count": 2} if "returnCountOnly" in asked else {"features": layer.rows}
    where = "?where=Response_Date>CURRENT_TIMESTAMP-7"
    with serving(layer) as server, fetch(location(server) + where, settings) as known:
        assert known.version.etag == ""


def test_whatever_else_narrows_goes_with_count_and_pages_alike(settings):
    layer = Layer(3)
    query = "geometry=-80,32,-79,33&geometryType=esriGeometryEnvelope&inSR=4326&time=0,1&gdbVersion=v&historicMoment=7"
    with serving(layer) as server, fetch(f"{location(server)}?{query}", settings):
        pass
    assert len(layer.asked) == 4
    for asked in layer.asked:
        assert asked["geometry"] == "-80,32,-79,33"
        assert (asked["inSR"], asked["time"], asked["gdbVersion"], asked["historicMoment"]) == ("4326", "0,1", "v", "7")


@pytest.mark.parametrize(
    "query",
    [
        "resultRecordCount=5",
        "resultOffset=10",
        "returnDistinctValues=true",
        "outStatistics=[{}]",
        "having=x",
        "returnIdsOnly=true",
        "where=A%3D1&where=B%3D2",
    ],
)
def test_what_cannot_be_heeded_is_refused_when_the_source_is_saved(query):
    with pytest.raises(FeedError) as caught:
        check_location(f"https://gis.example.gov{PATH}/query?{query}")
    assert caught.value.code == "refused"
    assert query.partition("=")[0] in caught.value.message


def test_columns_that_an_address_does_not_name_are_not_fetched(settings, read):
    layer = Layer(3)
    with serving(layer) as server:
        with fetch(f"{location(server)}?outFields=problem&returnGeometry=false", settings) as spool:
            assert read(spool).headers == ("Problem",)
        assert layer.asked[-2]["outFields"] == "Problem,OBJECTID"
        with pytest.raises(FeedError, match="no column secret"):
            fetch(f"{location(server)}?outFields=secret", settings)


def test_points_that_a_service_gives_in_its_own_system_become_degrees(settings, read):
    """Some services do not heed outSR, and say so in the answer."""
    layer = Layer(2, geometryType="esriGeometryMultipoint")
    layer.rows[0]["geometry"] = {"points": [[-8905559, 3857000]]}
    layer.rows[1]["geometry"] = {"points": [[-8905559, 3857000], [1, 2]]}
    answer = layer.query
    layer.query = lambda asked: {**answer(asked), "spatialReference": {"wkid": 102100, "latestWkid": 3857}}
    with serving(layer) as server, fetch(location(server), settings) as spool:
        first, second = read(spool).rows
    assert (round(float(first[-2]), 3), round(float(first[-1]), 3)) == (-80.0, 32.711)
    assert second[-2:] == (None, None)
