"""Values of catalogue entries as the journal and the history tell them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast
from uuid import UUID

from aggregates.catalogue import CatalogueEntry, Field
from aggregates.phones import shown as telephone
from aggregates.values import FieldChange, Scalar
from readmodels.journal_values import YES_NO, Change, Named, ObjectType, Value, rubles


def told(field: Field, value: Scalar) -> Value:
    """A field's value for people; None for an empty one."""
    if isinstance(value, bool):
        return YES_NO[value]
    if value is None or value == "":
        return None
    written = str(value)
    match field.type:
        case "reference":
            return Named(cast("ObjectType", field.refers), UUID(written))
        case "money":
            return rubles(Decimal(written))
        case "factor":
            return written.replace(".", ",")
        case "phone":
            return telephone(written)
        case "choice":
            return field.choices.get(written, written)
        case _:
            return written


def filled(kind: type[CatalogueEntry], card: Mapping[str, Scalar]) -> list[Change]:
    """A new entry: the fields that say something."""
    return [
        Change(field.label, None, said)
        for name, field in kind.FIELDS.items()
        if (value := card.get(name, field.empty)) != field.empty and (said := told(field, value)) is not None
    ]


def changed(kind: type[CatalogueEntry], changes: Iterable[FieldChange]) -> list[Change]:
    """Changes of an entry by the labels of its fields; one that this program doesn't know any more by its name."""
    fields = {change.field: kind.FIELDS.get(change.field, Field(name=change.field, label=change.field)) for change in changes}
    return [
        Change(fields[change.field].label, told(fields[change.field], change.old), told(fields[change.field], change.new))
        for change in changes
    ]


def references(kind: type[CatalogueEntry], card: Mapping[str, Scalar]) -> list[UUID]:
    """Other entries that a card refers to."""
    return list(kind.references({name: value for name, value in card.items() if name in kind.FIELDS}).values())
