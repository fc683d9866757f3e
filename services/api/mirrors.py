"""Shapes of answers, made of the structs that are answered with: a field is named once, where it is read.

Answers are the structs themselves, encoded as they are; a shape describes them to the outside. What a type of Python can't say of
the JSON (a wall clock, a choice of texts) the shape's own class says, and adds what the route adds.
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
from services.api.schemas import Day, Money, Ref, Shape

M = TypeVar("M", bound=BaseModel)
_SHAPES: dict[type, type[BaseModel]] = {StoredRef: Ref}


def mirrors(struct: type) -> Callable[[type[M]], type[M]]:
    """The class with every field of the struct (or typed dictionary), in its order, that the class doesn't declare itself; and
    with the struct's docstring, where it has none. Structs within are described by their own shapes, or by ones made here.
    """

    def extend(shape: type[M]) -> type[M]:
        declared = get_type_hints(shape, include_extras=True)
        own = {name: declared[name] for name in shape.model_fields}
        hints = get_type_hints(struct, include_extras=True)
        fields: dict[str, Any] = {name: (own[name] if name in own else _shape_of(hint), ...) for name, hint in hints.items()}
        made: type[BaseModel] = create_model(
            shape.__name__,
            __base__=shape.__bases__,
            __module__=shape.__module__,
            __doc__=shape.__doc__ or struct.__doc__,
            **{**fields, **{name: (hint, ...) for name, hint in own.items() if name not in fields}},
        )
        _SHAPES[struct] = made
        return cast("type[M]", made)

    return extend


def _shape_of(hint: Any) -> Any:
    """How the encoded value of a field of this type is described. TypeError for what only the shape's own class can say."""
    parts = tuple(_shape_of(part) for part in get_args(hint))
    match get_origin(hint) or hint:
        case msgspec.Raw:
            raise TypeError("say what the raw JSON holds")
        case origin if origin is Literal:
            return hint
        case origin if origin is Annotated:
            return parts[0]
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
            return _SHAPES.get(hint) or mirrors(hint)(create_model(hint.__name__, __base__=Shape, __module__=__name__))
        case _:
            return hint


@mirrors(StoredFile)
class File(Shape):
    """A file of the store: SHA-256 of its content, size in bytes, type."""
