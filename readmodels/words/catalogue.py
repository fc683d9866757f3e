"""Words of the plain catalogues, derived from their declarations."""

from collections.abc import Mapping
from uuid import UUID

from aggregates.catalogue import CatalogueEntry, EntryChanged, EntryCreated
from aggregates.catalogues import CATALOGUES
from aggregates.values import Scalar
from readmodels.words.declaration import LETTERS, ByWords, Text, Words
from readmodels.words.values import YES_NO, Change, Described, changed_fields, described_fields, filled_fields

_ACTIONS = {
    "entry_created": "Новая запись справочника",
    "entry_changed": "Изменение записи справочника",
    "entry_deleted": "Удаление записи справочника",
    "entry_returned": "Возврат записи справочника",
}


def words_of(kind: type[CatalogueEntry]) -> Words:
    """The words of one catalogue."""
    fields = kind.FIELDS

    def created(event: EntryCreated) -> list[Change]:
        card = ((name, event.card.get(name, field.empty)) for name, field in kind.FIELDS.items())
        return filled_fields(fields, ((name, value) for name, value in card if value != kind.FIELDS[name].empty))

    def changed(event: EntryChanged) -> list[Change]:
        return changed_fields(fields, event.changes)

    def state(entry: CatalogueEntry) -> Described:
        yield from described_fields(fields, entry.card)
        yield "Удалено", YES_NO[entry.deleted]

    return Words(
        kind=kind,
        label=kind.ONE,
        title=kind.ONE + " «{0}»",
        names="SELECT entry_id, name FROM catalogue WHERE entry_id = ANY(%s)",
        found_by=ByWords("SELECT entry_id FROM catalogue", LETTERS.format("name")),
        actions=_ACTIONS,
        events={
            kind.Created: Text("entry_created", ": создана запись", created, lambda e: _references(kind, e.card)),
            kind.Changed: Text("entry_changed", ": изменена запись", changed),
            kind.Deleted: Text("entry_deleted", ": запись удалена"),
            kind.Returned: Text("entry_returned", ": запись возвращена"),
        },
        state=state,
    )


def _references(kind: type[CatalogueEntry], card: Mapping[str, Scalar]) -> list[UUID]:
    return list(kind.references({name: value for name, value in card.items() if name in kind.FIELDS}).values())


CATALOGUE_WORDS = tuple(map(words_of, CATALOGUES))
