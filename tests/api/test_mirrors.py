"""A schema of an answer is made of the struct that is answered with, so that no field is written down twice."""

import ast
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
import pytest

from readmodels.references import Ref
from services.api.mirrors import mirrors
from services.api.schemas import Moment, Schema

ROOT = Path(__file__).parents[2]
FEW = 3
"""Fields that two things may have in common by chance."""
REQUESTS = {"DaySet"}
"""Schemas that are only taken, never given."""


class Part(msgspec.Struct):
    """A part of the whole."""

    price: Decimal


class Whole(msgspec.Struct):
    """All of it."""

    id: UUID
    who: Ref | None
    day: date
    begins: datetime
    kind: Literal["one", "two"]
    parts: tuple[Part, ...]


@mirrors(Whole)
class Shown(Schema):
    begins: Moment
    beside: int


def test_a_shape_has_the_fields_of_its_struct_in_order_and_then_its_own() -> None:
    described = Shown.model_json_schema()
    assert described["description"] == "All of it."
    assert described["required"] == ["id", "who", "day", "begins", "kind", "parts", "beside"]
    fields = described["properties"]
    assert fields["who"] == {"anyOf": [{"$ref": "#/$defs/Ref"}, {"type": "null"}]}
    assert (fields["day"]["format"], "pattern" in fields["begins"], fields["kind"]["enum"]) == ("date", True, ["one", "two"])
    assert fields["parts"]["items"] == {"$ref": "#/$defs/Part"}
    assert described["$defs"]["Part"]["description"] == "A part of the whole."
    assert described["$defs"]["Part"]["properties"]["price"]["type"] == "string"


def test_what_a_type_does_not_say_the_shape_has_to() -> None:
    raw = msgspec.defstruct("Unsaid", [("lines", msgspec.Raw)])
    with pytest.raises(TypeError, match="say what"):
        mirrors(raw)(type("Nothing", (Schema,), {}))


def fields_of(folder: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Each class of a folder with the fields that its source declares."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                named = (part.target for part in node.body if isinstance(part, ast.AnnAssign))
                yield node.name, frozenset(target.id for target in named if isinstance(target, ast.Name))


def test_no_shape_writes_the_fields_of_a_read_model_down_again() -> None:
    structs = [(name, fields) for name, fields in fields_of("readmodels") if len(fields) > FEW]
    assert structs
    schemas = [(name, fields) for name, fields in fields_of("services/api") if name not in REQUESTS]
    repeated = {(schema, struct) for schema, own in schemas for struct, fields in structs if fields <= own}
    assert repeated == set()
