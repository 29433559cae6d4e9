"""The fields of a layer, from the declaration: types, names for people, and the values that a field may have.

Types that old clients drop are left out: an instant is a date with milliseconds of UTC, a day the same at midnight (a
desktop GIS filters and animates dates, not texts), a yes or no the numbers 1 and 0, and a number that may need more
than 32 bits a double.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.query.columns import ROW_ID

OBJECT_ID = "OBJECTID"
LENGTH = 1_024
"""Characters of a text whose length is not declared, as clients are told that it may have."""
_INT32 = 2**31
TYPES: Mapping[FieldType, str] = {
    "string": "esriFieldTypeString",
    "integer": "esriFieldTypeInteger",
    "number": "esriFieldTypeDouble",
    "boolean": "esriFieldTypeSmallInteger",
    "date": "esriFieldTypeDate",
    "datetime": "esriFieldTypeDate",
}
_SQL_TYPES = {
    "esriFieldTypeOID": "sqlTypeInteger",
    "esriFieldTypeString": "sqlTypeNVarchar",
    "esriFieldTypeInteger": "sqlTypeInteger",
    "esriFieldTypeSmallInteger": "sqlTypeSmallInt",
    "esriFieldTypeDouble": "sqlTypeDouble",
    "esriFieldTypeDate": "sqlTypeTimestamp2",
}
_YES_NO = ((1, "Yes"), (0, "No"))


@dataclass(frozen=True)
class LayerField:
    """A field: its ``name`` for clients, the ``column`` behind it, its type in the protocol, and what describes it.

    ``values`` are its coded values with their titles, none where it may have any.
    """

    name: str
    column: str
    type: str
    alias: str
    description: str = ""
    length: int = 0
    values: tuple[tuple[str | int, str], ...] = ()

    @property
    def sql_type(self) -> str:
        """The type's name in SQL."""
        return _SQL_TYPES[self.type]

    @property
    def domain(self) -> dict[str, object] | None:
        """The domain of its coded values."""
        if not self.values:
            return None
        coded = [{"name": title, "code": code} for code, title in self.values]
        return {
            "type": "codedValue",
            "name": self.name,
            "description": "",
            "codedValues": coded,
            "mergePolicy": "esriMPTDefaultValue",
            "splitPolicy": "esriSPTDefaultValue",
        }

    def document(self) -> dict[str, object]:
        """Return the field as the layer's document has it."""
        return {
            **self.short(),
            "description": self.description,
            "editable": False,
            "nullable": self.column != ROW_ID,
            "visible": True,
        }

    def short(self) -> dict[str, object]:
        """Return the field as answers with rows have it."""
        length = {"length": self.length} if self.length else {}
        return {
            "name": self.name,
            "type": self.type,
            "alias": self.alias,
            "sqlType": self.sql_type,
            **length,
            "domain": self.domain,
            "defaultValue": None,
        }


ID = LayerField(OBJECT_ID, ROW_ID, "esriFieldTypeOID", OBJECT_ID)


def layer_fields(table: Table) -> tuple[LayerField, ...]:
    """Return the fields of ``table``, that of the id first."""
    return (ID, *map(_field, table.fields))


def _field(field: Field) -> LayerField:
    limits = field.constraints
    values = _YES_NO if field.type == "boolean" else tuple((word, _title(field, word)) for word in limits.enum or ())
    longest = max((len(str(code)) for code, _ in values), default=0)
    return LayerField(
        name=field.name,
        column=field.name,
        type=_type(field),
        alias=field.title.en,
        description=field.description.en,
        length=(limits.max_length or longest or LENGTH) if field.type == "string" else 0,
        values=values,
    )


def _type(field: Field) -> str:
    highest = field.constraints.maximum
    is_wide = field.type == "integer" and highest is not None and highest >= _INT32
    return TYPES["number" if is_wide else field.type]


def _title(field: Field, word: str) -> str:
    return field.values[word].en if word in field.values else word
