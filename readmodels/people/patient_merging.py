"""Two cards side by side, in words, for the choices of a merge (PAT-9)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.people.patient_fields import PATIENT_FIELDS
from aggregates.people.patient_merging import GROUPS, Choice, Side, questions
from readmodels import catalogue
from readmodels.words.patient import FIELDS
from readmodels.words.values import Named, Value, format_file, format_value

TITLES = {
    **{
        field: PATIENT_FIELDS[field].label
        for field in ("phone", "other_phones", "email", "birth_date", "sex", "snils", "comment")
    },
    "name": "Имя",
    "address": "Адрес",
    "passport": "Паспорт",
    "policy": "Полис",
    "representative": "Законный представитель",
    "source": PATIENT_FIELDS["source_id"].label,
    "categories": "Категории",
    "photo": "Фотография",
}


class Known(msgspec.Struct, frozen=True):
    """One field of a card, in words."""

    label: str
    value: str


class Difference(msgspec.Struct, frozen=True):
    """A group of fields in which the other card differs from the survivor."""

    group: str
    title: str
    own: list[Known]
    other: list[Known]
    options: tuple[Choice, ...]
    default: Choice


def side_by_side(conn: Connection[Any], own: Side, other: Side) -> list[Difference]:
    """The groups to decide about, in the order of the card."""
    referred = {*own.categories, *other.categories}
    referred |= {UUID(str(id_)) for side in (own, other) if (id_ := side.card["source_id"])}
    names = catalogue.names(conn, referred)
    return [
        Difference(
            question.group,
            TITLES[question.group],
            _known(question.group, own, names),
            _known(question.group, other, names),
            question.options,
            question.default,
        )
        for question in questions(own, other)
    ]


def _known(group: str, side: Side, names: Mapping[UUID, str]) -> list[Known]:
    if group == "categories":
        return [Known("", names.get(one, "")) for one in side.categories]
    if group == "photo":
        return [Known("", photo)] if (photo := format_file(side.photo)) else []
    fields = ((FIELDS[field], side.card[field]) for field in GROUPS[group])
    alone = len(GROUPS[group]) == 1
    return [
        Known("" if alone else field.label, _name_or_text(value, names))
        for field, stored in fields
        if (value := format_value(field, stored)) is not None
    ]


def _name_or_text(value: Value, names: Mapping[UUID, str]) -> str:
    return names.get(value.id, "") if isinstance(value, Named) else str(value)
