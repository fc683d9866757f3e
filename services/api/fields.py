"""The API schemas of declared fields (`aggregates/fields.py`): what may be written into each, by its own limits.

`@created_with(fields)` and `@changed_with(fields)` add the fields of a card to a request, `@shows(fields)` to an answer;
fields that the class declares itself stay. The content of a text is left to the field's own rule, which refuses with its reason.
"""

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal, TypeVar, cast
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool, StrictInt, StringConstraints, create_model
from pydantic import Field as Limits

from aggregates.fields import FACTOR, Field, FieldType
from aggregates.values import MOST_FACTOR
from services.api.schemas import WITHOUT_CONTROLS, Color, Moment, Money, digits, refused

M = TypeVar("M", bound=BaseModel)


def written(longest: int) -> StringConstraints:
    """Constraints of a text: its length without the spaces around it, as the fields count it."""
    return StringConstraints(max_length=longest, strip_whitespace=True)


def _few_enough(number: str) -> str:
    """A text that isn't a number is left to the field's own rule."""
    try:
        too_many = Decimal(number.replace(",", ".")) > MOST_FACTOR
    except InvalidOperation:
        return number
    if too_many:
        raise refused("factor", f"Число не может быть больше {MOST_FACTOR}")
    return number


Factor = Annotated[
    str,
    written(FACTOR.limit),
    WITHOUT_CONTROLS,
    AfterValidator(_few_enough),
    Limits(json_schema_extra={"x-minimum": "0.000001", "x-maximum": str(MOST_FACTOR)}),
]
"""A quantity, as a decimal text."""


def input_type(field: Field) -> Any:
    """The type of the field in a request."""
    match field.type:
        case "flag":
            return StrictBool
        case "number":
            return Annotated[StrictInt, Limits(ge=field.least, le=field.most)]
        case "money":
            return Money
        case "choice":
            return _choices(field)
        case "color":
            return Color
        case "digits":
            return digits(field.longest)
        case "factor":
            return Factor
        case "moment":
            return Moment
        case "reference":
            return UUID | Literal[""] | None  # forms send either for no reference
        case _:
            return Annotated[str, written(field.longest), WITHOUT_CONTROLS]


def output_type(field: Field) -> Any:
    """The type of the field in an answer."""
    kinds: dict[FieldType, Any] = {
        "flag": bool,
        "number": int,
        "money": Money,
        "moment": Moment,
        "reference": UUID | None,
        "choice": _choices(field),
    }
    return kinds.get(field.type, str)


def _choices(field: Field) -> Any:
    values = [*([""] if field.empty == "" and not field.required and "" not in field.choices else []), *field.choices]
    return Literal[tuple(values)] if values else str


def _words(field: Field) -> Any:
    """What forms call the field and its choices (`web/limits.js`)."""
    extra: dict[str, Any] = {"x-label": field.label}
    if field.choices:
        extra["x-choices"] = dict(field.choices)
    return Limits(json_schema_extra=extra)


def created_with(fields: Iterable[Field], *, optional: Collection[str] = ()) -> Callable[[type[M]], type[M]]:
    """For a new object: omitted fields are empty. `optional`: required fields that get a value if they are omitted."""

    def default(field: Field) -> Any:
        return ... if field.required and field.name not in optional else Limits(default_factory=lambda: field.empty)

    return _with((field.name, Annotated[input_type(field), _words(field)], default(field)) for field in fields)


def changed_with(fields: Iterable[Field]) -> Callable[[type[M]], type[M]]:
    """For a change: omitted fields stay."""
    return _with((field.name, Annotated[input_type(field) | None, _words(field)], None) for field in fields)


def shows(fields: Iterable[Field]) -> Callable[[type[M]], type[M]]:
    """For an answer, which contains every field."""
    return _with((field.name, output_type(field), ...) for field in fields)


def _with(added: Iterable[tuple[str, Any, Any]]) -> Callable[[type[M]], type[M]]:
    def extend(schema: type[M]) -> type[M]:
        own = schema.model_fields
        made: dict[str, Any] = {name: (kind, default) for name, kind, default in added if name not in own}
        return cast(
            "type[M]",
            create_model(schema.__name__, __base__=schema, __module__=schema.__module__, __doc__=schema.__doc__, **made),
        )

    return extend


def given(body: Any, part: str) -> dict[str, Any]:
    """The fields that are set in this part of the body."""
    fields: dict[str, Any] = getattr(body, part).model_dump(exclude_unset=True)
    return fields
