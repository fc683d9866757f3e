"""The fields of a card that one row of a file gives, each with what is wrong or doubtful about it at its own cell."""

from collections.abc import Collection
from datetime import date

from aggregates.kernel import DomainError
from aggregates.values import Scalar, WrongValue
from commands.ports.imports import ImportRowError
from readmodels.excel import Card
from services.excel.catalogues import Loadable
from services.excel.cell_values import Value
from services.excel.cells import plain
from services.excel.columns import Column, read_cell, shown
from services.excel.dates import Doubtful, since_1904
from services.excel.entry_names import Names
from services.excel.table import Record

_REQUIRED = "Заполните эту ячейку."


class RowFields:
    """Of the rows of one file. `columns`, `understood`: those of the catalogue, and of other programs, that the file has."""

    def __init__(self, catalogue: Loadable, headings: Collection[str], names: Names, today: date, *, from_1904: bool) -> None:
        self._catalogue, self._names, self._today, self._from_1904 = catalogue, names, today, from_1904
        self.columns = [column for column in catalogue.columns if column.heading in headings]
        self.understood = [column for column in catalogue.understood if column.heading in headings]

    def given(self, record: Record, base: Card, doubts: list[ImportRowError]) -> tuple[dict[str, Scalar], list[ImportRowError]]:
        """Values of the columns that are there, and what is wrong in cells. What was never filled needn't be now."""
        given: dict[str, Scalar] = {}
        errors: list[ImportRowError] = []
        for column in self.columns:
            value = record.cells.get(column.heading)
            if value is None and column.required:
                if not base or base[column.field]:
                    errors.append(ImportRowError(column.heading, _REQUIRED))
                continue
            try:
                read = self._known_already(column, value, base) or self._read(column, value, doubts)
            except WrongValue as wrong:
                errors.append(ImportRowError(column.heading, wrong.sentence))
            else:
                if column.field != "id":
                    given[column.field] = read
        missing = [c for c in self._catalogue.columns if c.required and c not in self.columns]
        if missing and "ID" not in record.cells:
            errors.append(ImportRowError(missing[0].heading, f"Для новой записи нужен столбец «{missing[0].heading}»."))
        return given, errors

    def _read(self, column: Column, value: Value | None, doubts: list[ImportRowError]) -> Scalar:
        """The field's value; what may mean something else is added to `doubts`. WrongValue."""
        if self._from_1904 and column.kind.format in {"day", "date"} and value is not None:
            value = since_1904(value)
        try:
            return read_cell(column, value, self._names)
        except Doubtful as doubt:
            doubts.append(ImportRowError(column.heading, doubt.reason))
            return doubt.value

    def _known_already(self, column: Column, value: Value | None, base: Card) -> Scalar:
        """The field as it is, where the cell says just that: an entry that was deleted since may stay, though not be chosen, and
        a phone that no plan has.
        """
        if value is None or column.field not in base or not (column.kind.choices or isinstance(value, str)):
            return None
        return base[column.field] if plain(value) == shown(column, base[column.field], self._names) else None

    def understand(self, record: Record, given: dict[str, Scalar], doubts: list[ImportRowError]) -> list[ImportRowError]:
        """Add what columns of other programs say; where both columns are filled they have to agree."""
        errors = []
        for column in self.understood:
            value, own = record.cells.get(column.heading), self._catalogue.fields[column.field]
            if value is None:
                continue
            try:
                read = self._read(column, value, doubts)
            except WrongValue as wrong:
                errors.append(ImportRowError(column.heading, wrong.sentence))
                continue
            if self.cell(record, column.field) is not None and given.get(column.field, read) != read:
                errors.append(ImportRowError(column.heading, f"В столбце «{own.heading}» другое. Оставьте одно из двух."))
            given[column.field] = read
        return errors

    def checked(self, card: Card, errors: list[ImportRowError], base: Card) -> Card:
        """The card in its stored form by the rules of the aggregate, or nothing; what they refuse goes to `errors`.

        Values that it refuses give way to empty ones, so that what is wrong behind them is found as well: people who mend the
        file should see all of it at once. What the card holds already, as `base` says, is no fault.
        """
        faulty = {error.column for error in errors}
        spared: Card = {}
        while True:
            try:
                checked = self._catalogue.check(card, self._today)
            except WrongValue as refused:
                again = True
                for wrong in refused.each:
                    column = self._catalogue.shown.get(str(wrong.facts["field"]))
                    if column is None or column.heading in faulty:
                        again = False
                        errors += [] if column else [self.error(wrong)]
                        continue
                    if column.field in base and card[column.field] == base[column.field]:
                        spared[column.field] = base[column.field]
                    else:
                        errors.append(self.error(wrong))
                    faulty.add(column.heading)
                    card = {**card, column.field: column.empty}
                if not again:
                    return {}
            else:
                return {} if errors else {**checked, **spared}

    def own_heading(self, heading: str) -> str:
        """The catalogue's own heading of what another program's column means."""
        meant = next((column.field for column in self.understood if column.heading == heading), None)
        return heading if meant is None else self._catalogue.fields[meant].heading

    def error(self, refusal: DomainError) -> ImportRowError:
        """A refusal at the column of its field."""
        column = self._catalogue.shown.get(str(refusal.facts.get("field")))
        return ImportRowError(column.heading if column else "", refusal.sentence)

    def cell(self, record: Record, field: str) -> Value | None:
        return record.cells.get(self._catalogue.fields[field].heading)
