"""A column of a catalogue's sheet: the field that it holds, and what is of Excel alone.

Heading, whether it has to be filled and what an empty cell means come from the field's declaration (`aggregates/fields.py`); its
checks are those of the card's aggregate. A column says only how a cell is read and written where the type of the field doesn't.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from aggregates.fields import Field, FieldType
from aggregates.values import Scalar, WrongValue
from services.excel import cells
from services.excel.cell_values import Fault, Value
from services.excel.cells import CellKind, plain
from services.excel.entry_names import Names

_KINDS: dict[FieldType, CellKind] = {
    "text": cells.TEXT,
    "lines": cells.TEXT,
    "email": cells.TEXT,
    "phone": cells.PHONE,
    "inn": cells.INN,
    "kpp": cells.KPP,
    "money": cells.MONEY,
    "factor": cells.FACTOR,
    "birth_date": cells.BIRTH,
    "paper_date": cells.DAY,
    "flag": cells.FLAG,
}
"""Types of fields that any sheet has a column of."""


@dataclass(frozen=True)
class Column:
    """Made by `column`."""

    declared: Field
    kind: CellKind
    heading: str
    note: str
    required: bool
    example: str
    width: int
    also: tuple[str, ...]
    """Headings under which other programs' files have it."""

    @property
    def field(self) -> str:
        return self.declared.name

    @property
    def empty(self) -> Scalar:
        """The value of an empty cell."""
        return self.declared.empty

    @property
    def of_others(self) -> tuple["Column", ...]:
        """The column as other programs' files head it."""
        return tuple(replace(self, heading=heading, required=False) for heading in self.also)


def column(
    field: Field,
    kind: CellKind | None = None,
    *,
    heading: str = "",
    note: str = "",
    required: bool | None = None,
    example: str | int = "",
    width: int = 0,
    also: tuple[str, ...] = (),
) -> Column:
    """The field's column. `heading`: where the file's format has another word than the card, whose label is understood too;
    `required`: where a file has to say more, or less, than a card.
    """
    kind = kind or _kind_of(field)
    return Column(
        declared=field,
        kind=kind,
        heading=heading or field.label,
        note=note or kind.note,
        required=field.required if required is None else required,
        example=str(example),
        width=width or kind.width,
        also=(field.label, *also) if heading else also,
    )


def _kind_of(field: Field) -> CellKind:
    match field.type:
        case "choice":
            return cells.choice(field)
        case "reference":
            return cells.reference(field.refers)
        case "number" if field.unit == "мин":
            return cells.PERIOD
        case _:
            return _KINDS[field.type]


def read_cell(column: Column, value: Value | None, names: Names) -> Scalar:
    """The field's value. WrongValue."""
    if isinstance(value, Fault):
        raise WrongValue(column.field, value.reason)
    return column.empty if value is None else column.kind.read(column.field, value, names)


def shown(column: Column, value: Scalar, names: Names) -> str:
    """A field's value as people read it."""
    cell = column.kind.write(value, names)
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return "" if cell is None else plain(cell)
