# ruff: noqa: E501  a table of sentences
"""What nobody knows is refused with its place and the nearest name that there is, in words for who writes YAML."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.cpdi.declare import DeclarationError, Library, read_library, read_profile
from ckanext.cpdi.declare.departments.codelist import read_code_list

ROOT = Path(__file__).parents[3]
CALLS = "calls-for-service"
PROFILE: dict[str, Any] = {
    "name": "x",
    "version": "1",
    "time_zone": "America/New_York",
    "agency": {"name": {"en": "X"}, "short_name": "X", "city": "X", "state": "X"},
    "boundary": "b.geojson",
    "categories": {"c": {"en": "C"}},
    "code_lists": {"types": "types.csv"},
    "datasets": {CALLS: {"codes": {"problem": {"list": "types"}}}},
}
FIGURES: dict[str, Any] = {
    "dataset": "compstat-figures",
    "title": "(?P<area>.{1,20})",
    "windows": {"Week": "week"},
    "columns": {"current": ["Now"], "prior": ["Then"], "change": ["%"]},
    "offences": {"Murder": "murder"},
}
TYPES = "value,text,meaning,category,class\nAlarm,Alarm,Alarm,c,open\nNoise,Noise,Noise,c,open\n"


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(ROOT / "schemas")


@pytest.fixture
def wrong(library, tmp_path):
    """Return what is said of a profile of this YAML, or of a code list."""

    def read(profile: object, types: str = TYPES) -> str:
        (tmp_path / "types.csv").write_text(types, encoding="utf-8")
        path = tmp_path / "x.yaml"
        path.write_text(profile if isinstance(profile, str) else yaml.safe_dump(profile), encoding="utf-8")
        with pytest.raises(DeclarationError) as caught:
            read_profile(path, library.classes, library.datasets)
        said = str(caught.value)
        assert said.startswith(str(tmp_path))
        assert not set("$`\n") & set(said)
        return said

    return read


def calls(**more: Any) -> dict[str, Any]:
    """Return the profile with these keys of the feed of calls."""
    changed = copy.deepcopy(PROFILE)
    changed["datasets"][CALLS] |= more
    return changed


def test_the_profile_itself_is_right(library, tmp_path):
    (tmp_path / "types.csv").write_text("\ufeff" + TYPES, encoding="utf-8")
    (tmp_path / "x.yaml").write_text(yaml.safe_dump(PROFILE), encoding="utf-8")
    assert read_profile(tmp_path / "x.yaml", library.classes, library.datasets).lists["types"].codes[0].value == "Alarm"


def test_the_shipped_profiles_agree_with_the_shipped_datasets(library):
    for path in (ROOT / "profiles").glob("*.yaml"):
        read_profile(path, library.classes, library.datasets)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"headers": {"adress": ["X"]}}, f"datasets.{CALLS}.headers: 'adress' is not declared; did you mean address?"),
        ({"headers": {"call_time": ["X"]}}, "'call_time' is not declared; did you mean call_datetime?"),
        (
            {"times": {"dates": ["call_date"]}},
            f"datasets.{CALLS}.times.dates: 'call_date' is not declared; did you mean",
        ),
        ({"times": {"clocks": {"problem": ["T"]}}}, f"datasets.{CALLS}.times.clocks: 'problem' is not declared"),
        ({"times": {"clocks": {"call_datetime": []}}}, "call_datetime: name the column of the time of day"),
        (
            {"times": {"dates": ["call_datetime"], "clocks": {"call_datetime": ["T"]}}},
            "call_datetime stands under dates and under clocks",
        ),
        (
            {"times": {"clocks": {"call_datetime": ["T"]}}, "ignored": ["t"]},
            "T stands under times.clocks.call_datetime",
        ),
        ({"columns": {"addres": {"join": ["A", "B"]}}}, f"datasets.{CALLS}.columns: 'addres' is not declared; did you"),
        ({"columns": {"address": {"joined": ["A"]}}}, f"datasets.{CALLS}.columns.address: 'joined' is not known here"),
        (
            {"columns": {"address": {}}},
            "columns.address: it is made in one of the ways join, part, latitude, longitude",
        ),
        (
            {"columns": {"address": {"join": ["A", "B"]}}, "headers": {"address": ["C"]}},
            "columns: address stands under headers as well",
        ),
        ({"columns": {"address": {"join": ["A", "B"]}}, "ignored": ["a"]}, "A stands under columns.address as well"),
        ({"headers": {"call_datetime": []}}, "headers.call_datetime: every feed needs it; name its header"),
        ({"headers": {"problem": []}}, "headers.problem: every feed needs it"),
        ({"collapse": {"columns": {"priority": "first"}}}, "columns go with by"),
        ({"collapse": {"by": ["No"], "columns": {"prority": "first"}}}, "collapse.columns: 'prority' is not declared"),
        (
            {"collapse": {"by": ["No"], "columns": {"priority": "frist"}}},
            "frist is none of any, first, latest, list, strictest; did you mean first?",
        ),
        (
            {"collapse": {"by": ["No"], "columns": {"priority": "strictest"}}},
            "collapse.columns.priority: strictest is for code, codes; priority is of type string",
        ),
        (
            {"collapse": {"by": ["No"]}, "key": {"columns": ["A"], "equal_rows": "numbered"}},
            "rows are records of their own, or one record together",
        ),
        ({"optional": ["piont"]}, f"datasets.{CALLS}.optional: 'piont' is not declared"),
        ({"optional": ["incident_number"]}, "optional: 'incident_number' is not declared"),
        ({"key": {"equal_rows": "numbered"}}, "equal_rows goes with columns"),
        ({"key": {"columns": ["A", "B"]}, "ignored": ["b"]}, "ignored: B stands under key.columns as well"),
        (
            {"key": {"columns": ["A", "B"]}, "headers": {"incident_number": ["A"]}},
            "key.columns: the number stands under headers.incident_number as well",
        ),
        (
            {"values": {"team": {"a": "b"}}},
            f"datasets.{CALLS}.values: 'team' is not declared; did you mean reported_team?",
        ),
        (
            {"patterns": {"incident_numbr": "[0-9]+"}},
            "patterns: 'incident_numbr' is not declared; did you mean incident_n",
        ),
        (
            {"codes": {"priority": {"list": "types"}}},
            "codes: priority is no column of codes; there are problem, disposit",
        ),
        ({"codes": {"problm": {"list": "types"}}}, "codes: 'problm' is not declared; did you mean problem?"),
        ({"codes": {"problem": {"list": "typs"}}}, "codes.problem.list: 'typs' is not declared; did you mean types?"),
        ({"codes": {"problem": {"list": "types", "seperator": ","}}}, "did you mean separator?"),
        ({"header": {}}, f"datasets.{CALLS}: 'header' is not known here; did you mean headers?"),
        (
            {"values": {"reported_team": {1: "North"}}},
            "values.reported_team: the key 1 is no text: write it in quotation",
        ),
        ({"values": {"reported_team": {"N": 1}}}, "values.reported_team.N: 1 is no text: write it in quotation marks"),
        ({"values": {"reported_source": {"911": True}}}, "true (or yes, on) is no text"),
        (
            {"flags": [{"header": "f", "values": {"1": "sensitiv"}}]},
            "flags.f.values.1: 'sensitiv' is not declared; did you",
        ),
        ({"default_class": "opn"}, "default_class: 'opn' is not declared; did you mean open?"),
        ({"guard": {"dorp": 1}}, f"datasets.{CALLS}.guard: 'dorp' is not known here; did you mean drop?"),
        ({"guard": {"drop": "half"}}, "guard.drop: half is no number without quotation marks"),
        ({"times": {"readng": "utc"}}, "times: 'readng' is not known here; did you mean reading?"),
        ({"times": {"reading": "UTC"}}, "times.reading: UTC is none of local, utc, utc_is_local; did you mean utc?"),
        ({"times": {"formats": "%d/%m/%Y"}}, "times.formats: is no list: write [%d/%m/%Y]"),
        ({"times": {"formats": ["%d/%m/%Y", "%m/%d/%Y"]}}, "read one text as two days"),
        ({"times": {"formats": ["%H:%M"]}}, "names no year, month and day"),
        ({"times": {"formats": ["%d/%m/%Y %Q"]}}, "holds %Q, which means nothing"),
        ({"coordinates": {"epsg": 2273}}, "goes with reading: projected"),
        ({"coordinates": {"reading": "projected"}}, "epsg is a code other than 4326"),
        ({"nulls": "NA"}, "nulls: is no list: write [NA]"),
        ({"sync": "ful"}, "sync: ful is none of append, full, window; did you mean full?"),
        ({"delimiter": "tab"}, "delimiter: it is one character"),
        ({"encoding": "utf-88"}, "encoding: utf-88 is no encoding"),
        (
            {"headers": {"closed_datetime": ["Closed"]}, "ignored": ["closed"]},
            "ignored: Closed stands under headers.clos",
        ),
        ({"gaps": [{"text": {"en": "g"}, "start": "2025-13-01"}]}, "gaps.entry 1"),
        (
            {"breaks": [{"text": {"en": "g"}, "strat": "2025-01-01"}]},
            "breaks.entry 1: 'strat' is not known here; did you mean st",
        ),
        ({"changes": [{"date": "2025-01-01", "text": {"en": "g"}, "kind": "rule"}]}, "did you mean rules?"),
    ],
)
def test_a_wrong_key_or_value_of_a_feed_is_refused(wrong, more, message):
    assert message in wrong(calls(**more))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"datasets": {"calls_for_service": {}}},
            "datasets: 'calls_for_service' is not known here; did you mean calls-f",
        ),
        (
            {"datasets": {"compstat-reports": {}}},
            "'compstat-reports' is not known here; did you mean compstat-figures",
        ),
        ({"catgories": {}}, "'catgories' is not known here; did you mean categories? There are name, version"),
        ({"folder": "/etc"}, "'folder' is not known here"),
        ({"lists": {}}, "'lists' is not known here"),
        ({"agency": {"name": "X"}}, "agency.name: is no mapping of en, es"),
        ({"agency": {**PROFILE["agency"], "name": {"en": "X", "sp": "X"}}}, "agency.name: 'sp' is not known here"),
        ({"agency": {}}, "agency: name is missing"),
        (
            {"redirects": [{"from": "/a", "dataset": "calls"}]},
            "redirects./a: dataset: 'calls' is not known here; did you",
        ),
        (
            {"redirects": [{"form": "/a", "dataset": CALLS}]},
            "redirects.entry 1: 'form' is not known here; did you mean from",
        ),
        (
            {"figures": {"compstat-report": FIGURES}},
            "figures: 'compstat-report' is not declared; did you mean compstat-",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "dataset": "complaints"}}},
            "figures.compstat-reports.dataset: complaints has no column change_percent, current",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "dataset": "closed-investigations"}}},
            "figures.compstat-reports.dataset: 'closed-investigations' is not known here",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "title": "Team .*"}}},
            "figures.compstat-reports: title: 'Team .*' has no group (?P<area>…)",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "windows": {"Week": "month"}}}},
            "figures.compstat-reports.windows.Week: month is none of 28_days, week, year_to_date",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "windows": {"Week": "week", "WTD": "week"}}}},
            "figures.compstat-reports: windows: two headings stand for the same window",
        ),
        (
            {"figures": {"compstat-reports": {**FIGURES, "offences": {}}}},
            "figures.compstat-reports: windows and offences name at least one each",
        ),
        ({"places": {"minimum_adresses": 8}}, "places: 'minimum_adresses' is not known here; did you mean minimum_add"),
        ({"places": {"minimum_addresses": 0}}, "places: minimum_addresses, block_size and widest_metres are 1 or more"),
        (
            {
                "classes": [
                    {
                        "name": "opne",
                        "title": {"en": "O"},
                        "levels": {"time": "hour", "place": "unit", "kind": "fed", "embargo_hours": 0},
                    }
                ]
            },
            "did you mean open?",
        ),
        (
            {"classes": [{"name": "open", "title": {"en": "O"}, "levels": {"time": "hours"}}]},
            "classes.open.levels.time: hours is none of",
        ),
        ({"surroundings_km": "10"}, "surroundings_km: 10 is no number without quotation marks"),
        ({"time_zone": "America/NewYork"}, "time_zone 'America/NewYork' is not known"),
        ({"code_lists": {"types": "none.csv"}}, "none.csv: cannot be read: No such file"),
    ],
)
def test_a_wrong_key_of_a_profile_is_refused(wrong, change, message):
    assert message in wrong({**PROFILE, **change})


@pytest.mark.parametrize(
    ("types", "message"),
    [
        (
            TYPES.replace("class\n", "class,event\n").replace("open\n", "open,maybe\n"),
            "line 2: event: maybe is none of no, yes",
        ),
        (
            TYPES.replace("class\n", "class,call_source\n").replace("open\n", "open,oficer\n"),
            "'oficer' is not declared; did you mean officer?",
        ),
        (
            TYPES.replace("class\n", "class,event\n").replace("open\n", "open,no\n"),
            "line 2: event is no where an event_reason is given",
        ),
        (
            TYPES.replace("class\n", "class,event_reason\n").replace("open\n", "open,tst\n"),
            "event_reason: tst is none of",
        ),
        (TYPES.replace(",class", ",clas"), "line 1, column 'clas' is not known here; did you mean class?"),
        (TYPES.replace("category", "catgory"), "did you mean category?"),
        (
            TYPES.replace(",meaning", "")
            .replace("Alarm,Alarm,Alarm", "Alarm,Alarm")
            .replace("Noise,Noise,Noise", "Noise,Noise"),
            "there is no column meaning",
        ),
        (TYPES.replace("Alarm,Alarm,Alarm,c", "Alarm,Alarm,Alarm,x"), "types, 'Alarm', category: 'x' is not declared"),
        (TYPES.replace("c,open\nN", "c,opn\nN"), "types, 'Alarm', class: 'opn' is not declared; did you mean open?"),
        (TYPES + "Fire,Fire,Fire,c\n", "line 4 has 4 cells, the header has 5"),
        (TYPES + "Fire,Fire, big,Fire,c,open\n", "line 4 has 6 cells, the header has 5"),
        ("", "there is no column value"),
        ("value,value,meaning,category,class\n", "the column value stands twice"),
    ],
)
def test_a_wrong_code_list_is_refused(wrong, types, message):
    assert message in wrong(PROFILE, types)


def test_a_key_that_stands_twice_is_not_dropped(wrong):
    text = yaml.safe_dump(PROFILE) + "places: {block_size: 100}\nplaces: {block_size: 200}\n"
    assert "the key places stands twice" in wrong(text)


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\t- x", "- 1", "x", ""])
def test_what_is_no_yaml_or_no_mapping_is_one_sentence(wrong, text):
    assert len(wrong(text)) < 300


def test_text_that_is_no_utf_8_is_one_sentence(tmp_path, library):
    (tmp_path / "x.yaml").write_bytes("name: Peña".encode("latin-1"))
    with pytest.raises(DeclarationError, match="no text in UTF-8"):
        read_profile(tmp_path / "x.yaml", library.classes)
    (tmp_path / "l.csv").write_bytes("value\nPeña".encode("latin-1"))
    with pytest.raises(DeclarationError, match="no CSV in UTF-8"):
        read_code_list("l", tmp_path / "l.csv")


def stops(*fields: str, **table: Any) -> dict[str, Any]:
    """Return a dataset of stops whose fields have this YAML beside their words."""
    words = {"title": {"en": "n"}, "description": {"en": "n"}}
    made = [{**yaml.safe_load(f"{{{one}}}"), **words} for one in (*STOPS, *fields)]
    for one in made:
        one.setdefault("cpdi:shapefile", one["name"][:10].upper())
    return {
        "name": "stops",
        "type": "incident-table",
        "order": 9,
        "title": {"en": "S"},
        "summary": {"en": "S"},
        "description": {"en": "S"},
        "table": {"key": "number", "time": "at", "fields": made, **table},
    }


STOPS = (
    'name: number, type: string, "cpdi:headers": [Number], "cpdi:mask": key, constraints: {pattern: "[0-9]+|K[A-Z2-7]{16}"}',
    'name: at, type: datetime, "cpdi:headers": [At], "cpdi:mask": time',
)
POINT = (
    'name: latitude, type: number, "cpdi:from": place.latitude, "cpdi:mask": place',
    'name: longitude, type: number, "cpdi:from": place.longitude, "cpdi:mask": place',
)


def read_stops(folder: Path, dataset: dict[str, Any]) -> Library:
    (folder / "stops.yaml").write_text(yaml.safe_dump(dataset), encoding="utf-8")
    return read_library(ROOT / "schemas", [folder])


def test_a_dataset_that_says_all_outright_is_right(tmp_path):
    more = 'name: ended, type: datetime, "cpdi:headers": [Ended], "cpdi:mask": exact'
    assert "stops" in read_stops(tmp_path, stops(*POINT, more)).datasets


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (('name: ended, type: datetime, "cpdi:headers": [Ended]', *POINT), "table.fields.ended: cpdi:mask is missing"),
        (('name: phone, type: integer, "cpdi:headers": [Phone]', *POINT), "table.fields.phone: cpdi:mask is missing"),
        (('name: ended, type: date, "cpdi:headers": [E], "cpdi:mask": public', *POINT), "an instant of the feed has"),
        (
            (
                'name: latitude, type: number, "cpdi:headers": [Lat], "cpdi:mask": public',
                'name: longitude, type: number, "cpdi:headers": [Lon], "cpdi:mask": public',
            ),
            "table.fields.latitude: the published point has cpdi:from: place.latitude or place.longitude and",
        ),
        (('name: n, type: integer, "cpdi:headers": [N], "cpdi:mask": time', *POINT), "is for a date or datetime"),
        (('name: n, type: integer, "cpdi:headers": [N], "cpdi:mask": exat', *POINT), "did you mean exact?"),
        (('name: n, type: integer, "cpdi:header": [N], "cpdi:mask": exact', *POINT), "did you mean cpdi:headers?"),
    ],
)
def test_a_field_of_the_feed_that_nobody_masked_is_refused(tmp_path, fields, message):
    with pytest.raises(DeclarationError) as caught:
        read_stops(tmp_path, stops(*fields))
    assert message in str(caught.value)


@pytest.mark.parametrize(("number", "wrong"), [(0, "key"), (1, "time")])
def test_key_and_time_have_their_own_masks(tmp_path, number, wrong):
    dataset = stops(*POINT)
    dataset["table"]["fields"][number]["cpdi:mask"] = "public"
    with pytest.raises(DeclarationError, match=f"it is the table's {wrong}, so its cpdi:mask is {wrong}"):
        read_stops(tmp_path, dataset)


def test_a_table_has_a_point_or_none_and_no_half_of_one(tmp_path):
    assert read_stops(tmp_path, stops(*POINT)).dataset("stops").rows.point == ("longitude", "latitude")
    assert read_stops(tmp_path, stops()).dataset("stops").rows.point is None
    with pytest.raises(DeclarationError, match=r"cpdi:from: place\.latitude, and none place\.longitude"):
        read_stops(tmp_path, stops(POINT[0]))


def test_a_point_may_have_other_names(tmp_path):
    named = (one.replace("name: ", "name: block_") for one in POINT)
    assert read_stops(tmp_path, stops(*named)).dataset("stops").rows.point == ("block_longitude", "block_latitude")


def test_every_field_that_ships_says_its_mask(library):
    assert [(one.name, field.name) for one in library.tables for field in one.rows.fields if not field.mask] == []
