"""Schemas of answers, derived from the structs that are sent: a field is declared once, in the read model.

Answers are the structs themselves, encoded as they are; a schema describes them in the API's description. Its class declares what
a Python type can't say about the JSON (a wall clock, a choice of texts) and the fields that the route adds.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

import msgspec
from pydantic import BaseModel, create_model

from aggregates.files import StoredFile
from readmodels.references import Ref as StoredRef
from services.api.schemas import Day, Money, Ref, Schema

M = TypeVar("M", bound=BaseModel)
_SCHEMAS: dict[type, type[BaseModel]] = {StoredRef: Ref}


def mirrors(struct: type) -> Callable[[type[M]], type[M]]:
    """The class with every field of the struct (or typed dictionary), in its order, that the class doesn't declare itself; and
    with the struct's docstring, where it has none. Structs within are described by their own schemas, or by ones made here.
    """

    def extend(schema: type[M]) -> type[M]:
        declared = get_type_hints(schema, include_extras=True)
        own = {name: declared[name] for name in schema.model_fields}
        hints = get_type_hints(struct, include_extras=True)
        fields: dict[str, Any] = {name: (own[name] if name in own else _schema_of(hint), ...) for name, hint in hints.items()}
        made: type[BaseModel] = create_model(
            schema.__name__,
            __base__=schema.__bases__,
            __module__=schema.__module__,
            __doc__=schema.__doc__ or struct.__doc__,
            **{**fields, **{name: (hint, ...) for name, hint in own.items() if name not in fields}},
        )
        _SCHEMAS[struct] = made
        return cast("type[M]", made)

    return extend


def _schema_of(hint: Any) -> Any:
    """How the encoded value of a field of this type is described. TypeError for what only the schema's own class can say."""
    if get_origin(hint) is Annotated:
        return _schema_of(get_args(hint)[0])
    parts = tuple(_schema_of(part) for part in get_args(hint))
    match get_origin(hint) or hint:
        case msgspec.Raw:
            raise TypeError("say what the raw JSON holds")
        case origin if origin is Literal:
            return hint
        case origin if origin in {Union, UnionType}:
            return Union[parts]  # noqa: UP007  of as many as there are
        case origin if origin is tuple:
            return list[parts[0]]  # type: ignore[valid-type]
        case origin if parts:
            return origin[*parts]
        case _ if hint is Decimal:
            return Money
        case _ if hint is date:
            return Day
        case _ if isinstance(hint, type) and (issubclass(hint, msgspec.Struct) or is_typeddict(hint)):
            return _SCHEMAS.get(hint) or mirrors(hint)(create_model(hint.__name__, __base__=Schema, __module__=__name__))
        case _:
            return hint


@mirrors(StoredFile)
class File(Schema):
    """A file of the store: SHA-256 of its content, size in bytes, type."""
