"""Catalogues: lists of the clinic's own things, each declared by its fields alone (`aggregates/catalogues.py`).

Their common rules: values are checked by their fields; an entry is deleted and returned but never removed; it refers to active
entries only. Things with rules of their own get their own aggregate instead.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from aggregates.access.rights import Right
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.values import FieldChange, Scalar, field_changes, strip_invisible


class EntryDeleted(DomainError):
    """A deleted entry can't be changed or chosen. Facts: `catalogue`, `entry_id`."""

    code: ClassVar[str] = "entry_deleted"

    @property
    def sentence(self) -> str:
        return "Эта запись справочника удалена. Верните её или выберите другую."


class NameTaken(DomainError):
    """Another active entry of the catalogue has this name. Checked on save by `gateways/guards/catalogue_name.py`.

    Facts: `catalogue`, `name`, `by` (its id).
    """

    code: ClassVar[str] = "name_taken"

    @property
    def sentence(self) -> str:
        return f"«{self.facts['name']}» в этом справочнике уже есть. Выберите его или назовите иначе."


def name_key(name: str) -> str:
    """The form by which names are compared: without differences of case, ё and е, spaces."""
    return " ".join(strip_invisible(name).casefold().replace("ё", "е").split())


class EntryCreated(Event, frozen=True):
    """`card`: all fields that the catalogue had then."""

    card: dict[str, str | int | bool | None]


class EntryChanged(Event, frozen=True):
    changes: tuple[FieldChange, ...]


class CatalogueEntry(DeletedAtWill, ReturnedAtWill, abstract=True):
    """One entry. `catalogue` makes a subclass for each catalogue."""

    Created: ClassVar[type[EntryCreated]]
    Changed: ClassVar[type[EntryChanged]]

    TITLE: ClassVar[str] = ""
    """The catalogue's name: «Склады»."""
    ONE: ClassVar[str] = ""
    """What an entry is called: «Склад»."""
    NEW: ClassVar[str] = ""
    """Title of the form for a new entry: «Новый склад»."""
    PATH: ClassVar[str] = ""
    """Path of its list in the API and in the browser."""
    RIGHT: ClassVar[Right]
    """The right to edit the catalogue."""
    CHOSEN_WITH: ClassVar[tuple[Right, ...]] = ()
    """Further rights that allow to choose from it, see `choosing_rights`."""
    FIELDS: ClassVar[Fields] = Fields()
    UNIQUE: ClassVar[bool] = True
    """Whether names of active entries must be unique."""
    PUBLISHED: ClassVar[bool]
    """Whether other programs receive its entries (ADR 20)."""

    card: dict[str, Scalar]
    """All fields; a field added later has its empty value."""

    @property
    def name(self) -> str:
        return str(self.card["name"])

    def create(self, card: Mapping[str, Any], *, at: datetime) -> None:
        self.trigger(self.Created, card=self.FIELDS.checked(card), at=at)

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> None:
        """Change the given fields; no event without a difference."""
        self.require_active()
        changes = field_changes(self.card, self.FIELDS.changed(self.card, fields))
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)

    def refusal_when_deleted(self) -> EntryDeleted:
        return EntryDeleted(catalogue=self.TOPIC, entry_id=self.id)

    @classmethod
    def empty(cls) -> dict[str, Scalar]:
        """A card with all fields empty."""
        return cls.FIELDS.empty

    @classmethod
    def references(cls, card: Mapping[str, Any]) -> dict[str, UUID]:
        """Field → id of the entry that it refers to, of a checked card."""
        return {
            name: UUID(str(value)) for name, value in card.items() if cls.FIELDS[name].type == "reference" and value is not None
        }

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
    published: bool,
    chosen_with: tuple[Right, ...] = (),
    unique: bool = True,
) -> type[CatalogueEntry]:
    """Declare a catalogue: a class of entries with its own events and topics (`<topic>.created.1` …).

    `published`: other programs receive its entries by Kafka; False where entries may be people.
    """
    namespace: dict[str, Any] = {
        "TOPIC": topic, "TITLE": title, "ONE": one, "NEW": new, "PATH": path, "RIGHT": right,
        "CHOSEN_WITH": chosen_with, "UNIQUE": unique, "PUBLISHED": published, "FIELDS": Fields(NAME, *fields),
        "__doc__": f"{title}: declared by its fields.", "__module__": __name__,
    }  # fmt: skip
    facts = {"Created": EntryCreated, "Changed": EntryChanged, "Deleted": ObjectDeleted, "Returned": ObjectReturned}
    for name, base in facts.items():
        namespace[name] = msgspec.defstruct(
            name, [], bases=(base,), frozen=True, kw_only=True, module=__name__,
            namespace={"TOPIC": f"{topic}.{name.lower()}.1", "__qualname__": f"{topic}.{name}"},
        )  # fmt: skip
    return type(topic, (CatalogueEntry,), namespace)
