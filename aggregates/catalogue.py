"""Catalogues: lists of the clinic's own things, each declared by its fields alone (`aggregates/catalogues.py`).

What they share is decided here once: values are checked by their fields, an entry is deleted and returned but never removed,
and refers only to entries that are kept. A catalogue whose things have rules of their own is an aggregate of its own instead.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec

from aggregates.access.rights import Right
from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.kernel import DomainError, Event, applies
from aggregates.people.person import email
from aggregates.phones import phone
from aggregates.requisites import inn, kpp
from aggregates.values import (
    FieldChange,
    Scalar,
    WrongValue,
    factor,
    field_changes,
    flag,
    money,
    one_of,
    only_known,
    rechecked,
    reference,
    seen,
    text,
)

FieldType = Literal["text", "lines", "money", "factor", "flag", "choice", "color", "reference", "phone", "email", "inn", "kpp"]
_COLOR = re.compile(r"#[0-9a-f]{6}")


class EntryDeleted(DomainError):
    """An entry of a catalogue that is deleted was to be changed or chosen. Facts: `catalogue`, `entry_id`."""

    code: ClassVar[str] = "entry_deleted"

    @property
    def sentence(self) -> str:
        return "Эта запись справочника удалена. Верните её или выберите другую."


class NameTaken(DomainError):
    """Another kept entry of the catalogue is called so. Facts: `catalogue`, `name`, `by` (its id)."""

    code: ClassVar[str] = "name_taken"

    @property
    def sentence(self) -> str:
        return f"«{self.facts['name']}» в этом справочнике уже есть. Выберите его или назовите иначе."


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a catalogue's entries.

    text, lines (several lines), money (rubles, decimal text), factor (a positive number, decimal text), flag, choice (of
    `choices`: value → label), color, reference (the id of an entry of the catalogue `refers`), phone, email, inn, kpp.
    """

    name: str
    label: str
    type: FieldType = "text"
    required: bool = False
    limit: int = 200
    """Of texts, in characters."""
    choices: Mapping[str, str] = {}
    refers: str = ""
    listed: bool = True
    """Lists show it before anybody chooses columns."""

    @property
    def empty(self) -> Scalar:
        """The value of an entry that says nothing here."""
        return {"flag": False, "reference": None, "money": "0.00", "factor": "1"}.get(self.type, "")

    def checked(self, value: object) -> Scalar:
        """The value in its one stored form. WrongValue."""
        if self.required and value in {None, ""}:
            raise WrongValue(self.name, "Это поле нужно заполнить.")
        match self.type:
            case "flag":
                return flag(self.name, value)
            case "money":
                return str(money(self.name, value))
            case "factor":
                return factor(self.name, value)
            case "choice":
                return one_of(self.name, value, self.choices if self.required else ("", *self.choices))
            case "color":
                return _color(self.name, value)
            case "reference":
                return reference(self.name, value)
            case "phone":
                return phone(self.name, value)
            case "email":
                return email(self.name, value)
            case "inn":
                return inn(self.name, value)
            case "kpp":
                return kpp(self.name, value)
            case "text" | "lines":
                return text(self.name, value, limit=self.limit, required=self.required, lines=self.type == "lines")


def name_key(name: str) -> str:
    """What two writings of one name have in common: case, ё and е, spaces don't matter."""
    return " ".join(seen(name).casefold().replace("ё", "е").split())


def _color(field: str, value: object) -> str:
    written = text(field, value, limit=7).lower()
    if written and _COLOR.fullmatch(written) is None:
        raise WrongValue(field, "Цвет записывается как #2f6fdd.")
    return written


class EntryCreated(Event, frozen=True):
    """`card`: every field of the catalogue at that time."""

    card: dict[str, str | int | bool | None]


class EntryChanged(Event, frozen=True):
    changes: tuple[FieldChange, ...]


class CatalogueEntry(Deletable, abstract=True):
    """One entry. Classes of the single catalogues are made by `catalogue`."""

    Created: ClassVar[type[EntryCreated]]
    Changed: ClassVar[type[EntryChanged]]

    TITLE: ClassVar[str] = ""
    """The catalogue's name: «Склады»."""
    ONE: ClassVar[str] = ""
    """What an entry is called: «Склад»."""
    NEW: ClassVar[str] = ""
    """What one that isn't there yet is called: «Новый склад»."""
    PATH: ClassVar[str] = ""
    """Of its list in the API and in the browser."""
    RIGHT: ClassVar[Right]
    """Who keeps the catalogue."""
    CHOSEN_WITH: ClassVar[tuple[Right, ...]] = ()
    """Rights with which one chooses from it, beside those of its own and of the catalogues that refer to it."""
    FIELDS: ClassVar[Mapping[str, Field]] = {}
    UNIQUE: ClassVar[bool] = True
    """Whether kept entries differ in name."""

    card: dict[str, Scalar]
    """Every field; one that the entry never had holds its empty value."""

    @property
    def name(self) -> str:
        return str(self.card["name"])

    def create(self, card: Mapping[str, Any], *, at: datetime) -> None:
        self.trigger(self.Created, card=self._checked({**self.empty(), **card}), at=at)

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> None:
        """Change the given fields; without a difference there is no event."""
        self.require_kept()
        changes = field_changes(self.card, rechecked(self._checked, self.card, fields, self.empty()))
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)

    def delete(self, *, at: datetime) -> None:
        self.require_not_deleted()
        self.trigger(self.Deleted, at=at)

    def return_(self, *, at: datetime) -> None:
        self.require_deleted()
        self.trigger(self.Returned, at=at)

    def require_kept(self) -> None:
        if self.deleted:
            raise EntryDeleted(catalogue=self.TOPIC, entry_id=self.id)

    @classmethod
    def empty(cls) -> dict[str, Scalar]:
        """The card of an entry that says nothing."""
        return {name: field.empty for name, field in cls.FIELDS.items()}

    @classmethod
    def references(cls, card: Mapping[str, Any]) -> dict[str, UUID]:
        """Field → entry that a checked card refers to."""
        return {
            name: UUID(str(value)) for name, value in card.items() if cls.FIELDS[name].type == "reference" and value is not None
        }

    def _checked(self, card: Mapping[str, Any]) -> dict[str, Scalar]:
        only_known(card, self.FIELDS)
        return {name: field.checked(card[name]) for name, field in self.FIELDS.items()}

    @applies(EntryCreated)
    def _created(self, event: EntryCreated) -> None:
        self.card = {**self.empty(), **event.card}

    @applies(EntryChanged)
    def _changed(self, event: EntryChanged) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}


NAME = Field(name="name", label="Наименование", required=True)


def catalogue(
    topic: str,
    *fields: Field,
    title: str,
    one: str,
    new: str,
    path: str,
    right: Right,
    chosen_with: tuple[Right, ...] = (),
    unique: bool = True,
) -> type[CatalogueEntry]:
    """Declare a catalogue: the class of its entries, with events and topics of its own (`<topic>.created.1` …)."""
    namespace: dict[str, Any] = {
        "TOPIC": topic, "TITLE": title, "ONE": one, "NEW": new, "PATH": path, "RIGHT": right,
        "CHOSEN_WITH": chosen_with, "UNIQUE": unique, "FIELDS": {field.name: field for field in (NAME, *fields)},
        "__doc__": f"{title}: declared by its fields.", "__module__": __name__,
    }  # fmt: skip
    facts = {"Created": EntryCreated, "Changed": EntryChanged, "Deleted": ObjectDeleted, "Returned": ObjectReturned}
    for name, base in facts.items():
        namespace[name] = msgspec.defstruct(
            name, [], bases=(base,), frozen=True, kw_only=True, module=__name__,
            namespace={"TOPIC": f"{topic}.{name.lower()}.1", "__qualname__": f"{topic}.{name}"},
        )  # fmt: skip
    return type(topic, (CatalogueEntry,), namespace)
