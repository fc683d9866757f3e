"""Catalogues: lists of the clinic's own things, each declared by its fields alone (`aggregates/catalogues.py`).

What they share is decided here once: values are checked by their fields, an entry is deleted and returned but never removed,
and refers only to entries that are kept. A catalogue whose things have rules of their own is an aggregate of its own instead.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, cast
from uuid import UUID

import msgspec

from aggregates.deletion import AlreadyDeleted, NotDeleted
from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.people import email, phone
from aggregates.requisites import inn, kpp
from aggregates.rights import Right
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


class Created(Event, frozen=True):
    """`card`: every field of the catalogue at that time."""

    card: dict[str, str | int | bool | None]


class Changed(Event, frozen=True):
    changes: tuple[FieldChange, ...]


class Deleted(Event, frozen=True):
    pass


class Returned(Event, frozen=True):
    pass


class CatalogueEntry(Aggregate):
    """One entry. Classes of the single catalogues are made by `catalogue`."""

    TOPIC = "catalogue"

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
    CREATED: ClassVar[type[Created]]
    CHANGED: ClassVar[type[Changed]]
    DELETED: ClassVar[type[Deleted]]
    RETURNED: ClassVar[type[Returned]]

    card: dict[str, Scalar]
    """Every field; one that the entry never had holds its empty value."""
    deleted: bool

    @property
    def name(self) -> str:
        return str(self.card["name"])

    def create(self, card: Mapping[str, Any], *, at: datetime) -> None:
        self.trigger(self.CREATED, card=self._checked({**self.empty(), **card}), at=at)

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> None:
        """Change the given fields; without a difference there is no event."""
        self.require_kept()
        changes = field_changes(self.card, self._checked({**self.card, **fields}))
        if changes:
            self.trigger(self.CHANGED, changes=changes, at=at)

    def delete(self, *, at: datetime) -> None:
        if self.deleted:
            raise AlreadyDeleted(id=self.id)
        self.trigger(self.DELETED, at=at)

    def return_(self, *, at: datetime) -> None:
        if not self.deleted:
            raise NotDeleted(id=self.id)
        self.trigger(self.RETURNED, at=at)

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

    def _created(self, event: Created) -> None:
        self.card = {**self.empty(), **event.card}
        self.deleted = False

    def _changed(self, event: Changed) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}

    def _deleted(self, _: Deleted) -> None:
        self.deleted = True

    def _returned(self, _: Returned) -> None:
        self.deleted = False


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
    for base, fact, applier in (
        (Created, "created", CatalogueEntry._created),  # noqa: SLF001  of this module
        (Changed, "changed", CatalogueEntry._changed),  # noqa: SLF001
        (Deleted, "deleted", CatalogueEntry._deleted),  # noqa: SLF001
        (Returned, "returned", CatalogueEntry._returned),  # noqa: SLF001
    ):
        event = msgspec.defstruct(
            base.__name__, [], bases=(base,), frozen=True, kw_only=True, module=__name__,
            namespace={"TOPIC": f"{topic}.{fact}.1", "__qualname__": f"{topic}.{base.__name__}"},
        )  # fmt: skip
        namespace[fact.upper()] = event
        namespace[f"_apply_{fact}"] = applies(cast("type[Event]", event))(_own(applier))
    return type(topic, (CatalogueEntry,), namespace)


def _own(applier: Any) -> Any:
    """A function of its own for each class, since `applies` marks it."""

    def apply(self: CatalogueEntry, event: Event) -> None:
        applier(self, event)

    return apply
