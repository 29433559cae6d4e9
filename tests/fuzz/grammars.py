"""The grammars of questions: add one, with texts that it answers, and `make fuzz` throws everything at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from urllib.parse import parse_qsl

from helpers.kinds import AREAS, COLUMNS, KINDS

from ckanext.cpdi.query.grammars import cql2, link
from ckanext.cpdi.query.grammars.arcgis_geometry import parse_geometry
from ckanext.cpdi.query.grammars.arcgis_reference import read_reference
from ckanext.cpdi.query.grammars.arcgis_time import parse_time
from ckanext.cpdi.query.grammars.arcgis_where import parse_where
from ckanext.cpdi.query.grammars.select import Select, parse_select
from ckanext.cpdi.query.grammars.sql.statement import read_select
from ckanext.cpdi.query.tree import Condition

SEPARATOR = "¦"
"""Stands between the parameters of a geometry."""


@dataclass(frozen=True)
class Grammar:
    """A grammar: what reads a text, and texts that it answers."""

    name: str
    read: Callable[[str], Condition | Select | None]
    seeds: tuple[str, ...]


def _select(text: str) -> Select:
    return parse_select(read_select(text), COLUMNS)


def _geometry(text: str) -> Condition:
    return parse_geometry(*(text.split(SEPARATOR) + [""] * 6)[:6])


def _reference(text: str) -> None:
    reference = read_reference(text, "inSR")
    if reference is not None:
        _ = reference.is_degrees, reference.metres


def _link(text: str) -> Condition:
    return link.parse(parse_qsl(text, keep_blank_values=True), KINDS, UTC, AREAS)


GRAMMARS = (
    Grammar(
        "where",
        lambda text: parse_where(text, COLUMNS),
        (
            "1=1",
            "OBJECTID > 0 AND OBJECTID <= 1000",
            "UPPER(word) LIKE UPPER('%Oak%') ESCAPE '!'",
            "happened BETWEEN DATE '2026-01-01' AND TIMESTAMP '2026-02-01 12:00:00'",
            "happened > CURRENT_TIMESTAMP - INTERVAL '7' DAY OR day = CURRENT_DATE - 7",
            "NOT (beat IN ('1', 2, N'x') OR minutes <> -2.5e3) AND cleared = True",
            "EXTRACT(HOUR FROM happened AT TIME ZONE 'America/New_York') = CAST('3' AS INTEGER)",
            "\"word\" IS NOT NULL AND TRIM(word) != 'it''s' AND CHAR_LENGTH(tag) > 3",
            "area.ward = 'Ñandú' OR \"area.ward\" IS NULL",
            "cleared IS NOT TRUE AND pieces NOT BETWEEN 1 AND 3 AND closed >= happened",
        ),
    ),
    Grammar(
        "select",
        _select,
        (
            'SELECT * FROM "4a1c" WHERE word = \'x\' ORDER BY "_id" OFFSET 0 LIMIT 100',
            'SELECT COUNT(*) FROM "4a1c" WHERE ("happened" >= \'2024-01-01\' AND "happened" <= \'2024-12-31\')',
            'SELECT word AS w, EXTRACT(YEAR FROM happened) AS y, count(DISTINCT tag), avg(minutes) FROM "4a1c" AS t'
            " GROUP BY 1, y HAVING count(*) > 5 AND 2.5 <= sum(pieces) ORDER BY count(*) DESC NULLS LAST, 2 LIMIT 5;",
            "SELECT DISTINCT t.beat, upper(t.word), happened::date FROM public.x t ORDER BY beat",
        ),
    ),
    Grammar(
        "geometry",
        _geometry,
        (
            "-80,32,-79,33¦esriGeometryEnvelope¦4326¦esriSpatialRelIntersects¦¦",
            "-8900000,3800000¦esriGeometryPoint¦102100¦¦500¦esriSRUnit_Meter",
            '{"xmin":-80,"ymin":32,"xmax":-79,"ymax":33,"spatialReference":{"wkid":102100,"latestWkid":3857}}¦¦¦',
            '{"rings":[[[-80,32],[-80,33],[-79,33],[-80,32]],[[-79.9,32.4],[-79.8,32.4],[-79.8,32.5]]]}¦¦{"wkid":4326}¦',
            '{"paths":[[[2300000,350000],[2310000,360000]]]}¦esriGeometryPolyline¦2273¦¦1¦esriSRUnit_StatuteMile',
            '{"points":[[170,10],[190,11,5]]}¦esriGeometryMultipoint¦¦esriSpatialRelEnvelopeIntersects¦0¦',
        ),
    ),
    Grammar(
        "reference",
        _reference,
        (
            "4326",
            "102100",
            '{"wkid":102733,"latestWkid":2273}',
            '{"wkt":"GEOGCS[\\"WGS\\",DATUM[\\"WGS\\",SPHEROID[\\"WGS\\",6378137.0,298.257223563]],'
            'PRIMEM[\\"G\\",0.0],UNIT[\\"Degree\\",0.0174532925199433]]"}',
            "EPSG:26917",
        ),
    ),
    Grammar(
        "time",
        lambda text: parse_time(text, "happened"),
        ("1767225600000", "1767225600000,1767312000000", "null,0", "[ -5 , null ]"),
    ),
    Grammar(
        "cql2-text",
        lambda text: cql2.parse_text(text, COLUMNS, UTC),
        (
            "word = 'it''s' AND pieces IN (1, 2) OR NOT cleared = TRUE",
            "CASEI(word) LIKE CASEI('%Oak%') AND minutes BETWEEN 1 AND 2.5 AND beat IS NOT NULL",
            "happened >= TIMESTAMP('2026-01-01T00:00:00Z') AND day = DATE('2026-01-01')",
            "S_INTERSECTS(geometry, POLYGON((-80 32, -79 32, -79 33, -80 32)))",
            "S_INTERSECTS(geometry, BBOX(-80, 32, -79, 33)) AND T_DURING(happened, INTERVAL('2026-01-01', '..'))",
            "year(happened) = 2026 AND search('oak')",
            "area.ward IN ('East Side', 'Ñandú') AND casei(area.ward) LIKE casei('E%')",
        ),
    ),
    Grammar(
        "cql2-json",
        lambda text: cql2.parse_json(text, COLUMNS, UTC),
        (
            '{"op":"and","args":[{"op":"=","args":[{"property":"word"},"x"]},{"op":"in","args":[{"property":"pieces"},[1,2]]}]}',
            '{"op":"not","args":[{"op":"isNull","args":[{"property":"beat"}]}]}',
            '{"op":">=","args":[{"property":"happened"},{"timestamp":"2026-01-01T00:00:00Z"}]}',
            '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[-80,32]}]}',
            '{"op":"like","args":[{"op":"casei","args":[{"property":"word"}]},"%oak%"]}',
        ),
    ),
    Grammar(
        "link",
        _link,
        (
            "from=2026-01-01&to=2026-02-01&bbox=-80,32,-79,33&q=oak",
            "word=a&word=b&pieces__gte=3&beat__empty=yes&cleared=true",
            "datetime=2026-01-01T00:00:00Z/..&day=2026-01-01",
            "area.ward=East+Side&area.ward=%C3%91and%C3%BA&area.ward__empty=no",
        ),
    ),
)
