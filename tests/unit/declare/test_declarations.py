"""The declarations of the repository can be read, and a wrong one says where it is wrong."""

from pathlib import Path

import pytest
import yaml

from ckanext.cpdi.declare import DeclarationError, Library, read_library, read_profile
from ckanext.cpdi.declare.departments.codelist import read_code_list

ROOT = Path(__file__).parents[3]

LEVELS = {"time": "minute", "place": "unit", "kind": "fed", "embargo_hours": 0}

NUMBER = {"pattern": "[A-Z]-[0-9]+|K[A-Z2-7]{16}"}
DATASET = {
    "name": "tows",
    "type": "incident-table",
    "order": 6,
    "title": {"en": "Tows"},
    "summary": {"en": "Vehicles towed."},
    "description": {"en": "Vehicles towed."},
    "table": {
        "key": "tow_number",
        "time": "towed",
        "fields": [
            {
                "name": name,
                "type": kind,
                "title": {"en": name},
                "description": {"en": name},
                "cpdi:shapefile": name[:10],
                **source,
            }
            for name, kind, source in [
                ("tow_number", "string", {"cpdi:headers": ["Tow"], "cpdi:mask": "key", "constraints": NUMBER}),
                ("towed", "datetime", {"cpdi:headers": ["Towed"], "cpdi:mask": "time"}),
                ("latitude", "number", {"cpdi:from": "place.latitude", "cpdi:mask": "place"}),
                ("longitude", "number", {"cpdi:from": "place.longitude", "cpdi:mask": "place"}),
            ]
        ],
    },
}


LOT = {
    **DATASET["table"]["fields"][0],
    "name": "lot",
    "cpdi:shapefile": "lot",
    "cpdi:headers": ["Lot"],
    "constraints": {},
}


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library(ROOT / "schemas")


def write(path: Path, value: object) -> Path:
    path.write_text(yaml.safe_dump(value), encoding="utf-8")
    return path


def test_the_datasets_stand_in_the_order_of_the_home_page(library):
    assert list(library.datasets) == [
        "calls-for-service",
        "electronic-citations",
        "compstat-reports",
        "closed-investigations",
        "complaints",
        "response-to-resistance",
        "use-of-force",
        "compstat-figures",
    ]
    assert [one.name for one in library.tables] == [
        "calls-for-service",
        "electronic-citations",
        "complaints",
        "complaints-allegations",
        "use-of-force",
        "use-of-force-subjects",
        "use-of-force-officers",
        "compstat-figures",
    ]


def test_every_text_of_a_dataset_is_there_in_spanish(library):
    for dataset in library.by_name.values():
        texts = [dataset.title, dataset.summary, dataset.description, dataset.one, dataset.many, *dataset.caveats]
        for field in dataset.table.fields if dataset.table else ():
            texts += [field.title, field.description]
        assert [text.en for text in texts if not text.es] == []


def test_a_shapefile_name_has_ten_characters_at_most_and_is_unique(library):
    for dataset in library.tables:
        names = [field.shapefile for field in dataset.rows.fields]
        assert max(map(len, names)) <= 10
        assert len({name.upper() for name in names}) == len(names)


def test_a_sixth_dataset_is_one_file(tmp_path):
    write(tmp_path / "tows.yaml", DATASET)
    library = read_library(ROOT / "schemas", [tmp_path])
    assert list(library.datasets)[-1] == "tows"
    assert library.dataset("tows").rows.time_field.name == "towed"


def test_a_dataset_declared_twice_is_refused(tmp_path):
    write(tmp_path / "again.yaml", {**DATASET, "name": "calls-for-service"})
    with pytest.raises(DeclarationError, match="'calls-for-service' is declared twice"):
        read_library(ROOT / "schemas", [tmp_path])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "nothing"}, "key: 'nothing' is no input"),
        ({"fields": DATASET["table"]["fields"][:-1]}, "none place.longitude: a point has both"),
        ({"longitude": "lon"}, "table: 'longitude' is not known here"),
        ({"unknown": 1}, "table: 'unknown' is not known here; there are key, time"),
        ({"fields": DATASET["table"]["fields"] * 2}, "field declared twice: tow_number"),
        (
            {"fields": [*DATASET["table"]["fields"], {**LOT, "name": "utc_offset"}]},
            "'utc_offset': row_id and utc_offset",
        ),
        (
            {"fields": [*DATASET["table"]["fields"], {**LOT, "cpdi:shapefile": "ROW_ID"}]},
            "'lot': row_id and utc_offset",
        ),
        ({"fields": [*DATASET["table"]["fields"], LOT]}, "'lot' would publish free text"),
        (
            {"fields": [*DATASET["table"]["fields"], {**LOT, "constraints": {"pattern": "("}}]},
            "no regular expression: missing",
        ),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(tmp_path, change, message):
    write(tmp_path / "tows.yaml", {**DATASET, "table": {**DATASET["table"], **change}})
    with pytest.raises(DeclarationError, match=message) as caught:
        read_library(ROOT / "schemas", [tmp_path])
    assert "tows.yaml" in str(caught.value)
    assert "tows.yaml: table" in str(caught.value)
    assert "$" not in str(caught.value)


def test_a_field_is_either_read_or_derived(tmp_path):
    fields = [dict(field) for field in DATASET["table"]["fields"]]
    del fields[0]["cpdi:headers"]
    write(tmp_path / "tows.yaml", {**DATASET, "table": {**DATASET["table"], "fields": fields}})
    with pytest.raises(DeclarationError, match="give either cpdi:headers or cpdi:from"):
        read_library(ROOT / "schemas", [tmp_path])


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "tows.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"tows\.yaml: cannot be read"):
        read_library(ROOT / "schemas", [tmp_path])


def test_classes_join_to_the_stricter_of_each_part(library):
    classes = library.classes
    both = classes.levels(classes.union(["sensitive", "operational"]))
    assert (both.time, both.place, both.kind, both.embargo_hours) == ("month", "none", "group", 720)
    assert classes.names(classes.union(["open", "operational"])) == ("open", "operational")


def test_an_empty_or_unknown_set_of_classes_is_the_strictest(library):
    assert library.classes.levels(0).withheld
    assert library.classes.levels(1 << 14).withheld


PROFILE = {
    "name": "elsewhere",
    "version": "1",
    "time_zone": "America/Chicago",
    "boundary": "none.geojson",
    "agency": {"name": {"en": "Elsewhere PD"}, "short_name": "EPD", "city": "Elsewhere", "state": "Iowa"},
}


def test_the_departments_of_the_repository_can_be_read(library):
    for path in sorted((ROOT / "profiles").glob("*.yaml")):
        profile = read_profile(path, library.classes)
        assert profile.name == path.stem
        assert profile.geojson(profile.boundary)["type"]
        for name, feed in profile.datasets.items():
            read = {column.name for column in library.dataset(name).rows.read}
            assert feed.headers.keys() | feed.codes.keys() <= read


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone 'Mars/Olympus' is not known"),
        ({"code_lists": {"kinds": "kinds.csv"}}, "kinds, 'Fire', class: 'secret' is not declared"),
        (
            {"datasets": {"tows": {"codes": {"kind": {"list": "kinds"}}}}},
            "datasets.tows.codes.kind.list: 'kinds' is not declared; there are none",
        ),
        ({"datasets": {"tows": {"default_class": "none"}}}, "datasets.tows.default_class: 'none' is not declared"),
        (
            {"classes": [{"name": "new", "title": {"en": "New"}, "levels": LEVELS}]},
            "classes: no such class: 'new' is not known here",
        ),
        ({"datasets": {"tows": {"sync": "some"}}}, "datasets.tows.sync: some is none of append, full, window"),
        ({"datasets": {"tows": {"sync": "append", "window_days": 9}}}, "window_days goes with sync: window"),
        ({"datasets": {"tows": {"sync": "window", "window_days": 1}}}, "a whole number of 2 or more"),
        ({"datasets": {"tows": {"guard": {"drop": 50}}}}, "drop is a share of 1, such as 0.5"),
        ({"version": 1}, "version: 1 is no text: write it in quotation marks"),
    ],
)
def test_a_wrong_profile_is_refused(library, tmp_path, change, message):
    (tmp_path / "kinds.csv").write_text("value,meaning,category,class\nFire,Fire,fire,secret\n", encoding="utf-8")
    path = write(tmp_path / "elsewhere.yaml", {**PROFILE, **change})
    with pytest.raises(DeclarationError, match=message):
        read_profile(path, library.classes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("value,meaning,category,class\nA,A,x,open\nA,B,x,open\n", "'A' stands twice"),
        ("value,meaning,category,class,count\nA,A,x,open,many\n", "line 2: count is no number"),
        ("value,meaning,category,class\nA,,x,open\n", "line 2: .*meaning"),
        ("value,meaning,category,class,colour\nA,A,x,open,red\n", "line 1, column 'colour' is not known here"),
    ],
)
def test_a_wrong_code_list_names_its_line(tmp_path, text, message):
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        read_code_list("list", tmp_path / "list.csv")


def test_a_profile_may_change_the_levels_of_a_class(library, tmp_path):
    stricter = {"name": "open", "title": {"en": "Open"}, "levels": {**LEVELS, "time": "hour"}}
    profile = read_profile(write(tmp_path / "elsewhere.yaml", {**PROFILE, "classes": [stricter]}), library.classes)
    assert [one.name for one in profile.classes] == list(library.classes.bits)
    assert profile.classes[0].levels.time == "hour"
