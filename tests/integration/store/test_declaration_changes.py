import json

import psycopg
import pytest
from msgspec import structs
from store_rows import TABLE, field, row, table

from ckanext.cpdi.declare import Constraints, Text
from ckanext.cpdi.store import DeclarationChanged


def comments(place):
    found = place.ask(
        "SELECT attname, col_description(attrelid, attnum) FROM pg_attribute"
        " WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped",
        place.resource_id,
    )
    return {name: json.loads(text) for name, text in found if text}


def test_a_field_that_is_new_in_the_declaration_is_added_with_its_index(place):
    place.load([row("A")])
    place.table = table(field("team", "string", index=True), field("priority", "integer"))
    changes = place.load([row("A", team="Team 5", priority=2)])
    assert changes.changed == 1
    assert place.ask("SELECT team, priority, _id FROM {t}") == [("Team 5", 2, 1)]
    assert place.ask("SELECT count(*) FROM pg_indexes WHERE tablename = %s", place.resource_id) == [(7,)]
    assert comments(place)["team"]["_info"]["label"] == "Title of team"


def test_a_field_that_is_declared_no_more_stays_for_its_readers(place):
    place.table = table(field("team", "string"))
    place.load([row("A", team="Team 5")])
    place.table = TABLE
    place.load([row("A"), row("B")])
    assert place.ask("SELECT code, team FROM {t} ORDER BY code") == [("A", "Team 5"), ("B", None)]


def test_a_field_of_another_type_is_refused_by_name_and_nothing_is_touched(place):
    place.table = table(field("team", "string"))
    place.load([row("A", team="5")])
    place.table = table(field("team", "integer"))
    with pytest.raises(DeclarationChanged, match="the field team is declared as integer, but its column holds text"):
        place.load([row("A", team=5)])
    assert place.ask("SELECT team FROM {t}") == [("5",)]


def test_a_table_that_lost_index_constraint_and_trigger_gets_them_back(place):
    place.load([row("A")])
    before = place.ask("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1", place.resource_id)
    unique = place.ask(
        "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = format('public.%%I', %s::text)::regclass",
        place.resource_id,
    )[0][0]
    with psycopg.connect(place.dsn) as connection:
        for name, _ in before:
            if "pkey" not in name and name != unique:
                connection.execute(f'DROP INDEX public."{name}"')
        connection.execute(f'ALTER TABLE public."{place.resource_id}" DROP CONSTRAINT "{unique}"')
        connection.execute(f'DROP TRIGGER zfulltext ON public."{place.resource_id}"')
    place.load([row("A")])
    after = place.ask("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1", place.resource_id)
    assert after == before
    kinds = place.ask(
        "SELECT contype::text FROM pg_constraint WHERE conrelid = format('public.%%I', %s::text)::regclass ORDER BY 1",
        place.resource_id,
    )
    assert kinds == [("p",), ("u",)]


def test_what_staff_wrote_into_the_dictionary_stays_until_the_declaration_says_something_new(place):
    place.load([row("A")])
    written = comments(place)["kind"] | {"_info": {"label": "Kind of call", "notes": "By staff"}}
    text = " " + json.dumps(written)
    with psycopg.connect(place.dsn) as connection:
        connection.execute(
            f'COMMENT ON COLUMN public."{place.resource_id}".kind IS ' + psycopg.sql.quote(text, connection)
        )
    place.load([row("A")])
    assert comments(place)["kind"]["_info"]["label"] == "Kind of call"
    said_anew = field("kind", "string", search=True, index=True, constraints=Constraints(max_length=30))
    fields = tuple(said_anew if one.name == "kind" else one for one in TABLE.fields)
    place.table = type(TABLE)(key="code", time="happened", fields=fields)
    place.load([row("A")])
    assert comments(place)["kind"]["_info"]["label"] == "Kind of call"
    fields = tuple(structs.replace(one, title=Text("Sort")) if one.name == "kind" else one for one in TABLE.fields)
    place.table = type(TABLE)(key="code", time="happened", fields=fields)
    place.load([row("A")])
    assert comments(place)["kind"]["_info"]["label"] == "Sort"
