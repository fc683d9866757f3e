"""The dry run: what each row of a file would create, change field by field, or why it is refused. Nothing is changed by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from msgspec.structs import replace
from psycopg import Connection

from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import DomainError
from aggregates.warnings import NeedsConfirmation
from commands.context import Context
from commands.ports.clinic import Clinic
from commands.ports.imports import CellValue, ImportRow, ImportRowError
from readmodels.excel import Card, Known
from services.excel.catalogues import Loadable
from services.excel.cells import plain
from services.excel.columns import shown
from services.excel.entry_names import Names
from services.excel.full_names import FULL_NAME, PARTS
from services.excel.reading import Workbook
from services.excel.recognition import require_likely
from services.excel.row_fields import RowFields
from services.excel.service_doctors import DOCTORS, DoctorsOfService, ServiceDoctors
from services.excel.table import Record, Table, example_of, sheet_called

_AT_ONCE = 2000
"""Rows whose objects are looked up together."""
_UNKNOWN_ID = "Записи с таким ID нет. Очистите ячейку, чтобы создать новую."
_DELETED = "Запись с этим ID удалена. Верните её или очистите ячейку, чтобы создать новую."
_CALLED_SO = "Такая запись уже есть. Чтобы изменить её, укажите ID из выгрузки."
_SPLIT = "Столбец «ФИО» разобран на фамилию, имя и отчество. Проверьте, как они разделились."
_MOST_VISITS = 10
_SEVERAL = "Записей с таким именем несколько. Укажите ID из выгрузки."


@dataclass(frozen=True)
class CheckedPiece:
    """A piece of the file: the rows that change something, how many rows it has, how many change nothing."""

    rows: Sequence[ImportRow]
    total: int
    unchanged: int


class Check:
    """One file against one catalogue. WrongFile where it can't be read at all, or from there on."""

    def __init__(self, catalogue: Loadable, file: BinaryIO, names: Names, clinic: Clinic, ctx: Context) -> None:
        self._catalogue, self._names, self._clinic, self._ctx = catalogue, names, clinic, ctx
        self._today = ctx.local_now(clinic.cached(ClinicSettings, SETTINGS_ID).time_zone).date()
        self._book = Workbook(file)
        warning = require_likely(self._book, catalogue)
        self._table = self._open_table()
        headings = self._table.headings if self._table else set()
        self.notes = [warning] if warning else []
        """What a person should know of how the file was read."""
        if self._table and self._table.splits_names:
            self.notes.append(_SPLIT)
        self.ignored = list(self._table.ignored) if self._table else []
        """Headings of columns that the catalogue doesn't have."""
        self.headings = self._table.order if self._table else []
        """All of the file's, in its order."""
        self._fields = RowFields(catalogue, headings, names, self._today, from_1904=self._book.from_1904)
        self._rows_of_ids: dict[UUID, int] = {}
        self._rows_of_names: dict[str, int] = {}
        self._rows_of_people: dict[tuple[str, str], int] = {}
        """By phone and birth date."""
        self._rows_of_numbers: dict[str, int] = {}
        self._holders: Mapping[str, UUID] = {}
        """Who has the unique values that are named in the piece at hand."""

    def pieces(self, conn: Connection[Any]) -> Iterator[CheckedPiece]:
        """Piece by piece."""
        records = self._table.records() if self._table else iter(())
        doctors = self._doctors(conn)
        while piece := [record for _, record in zip(range(_AT_ONCE), records, strict=False)]:
            by_id = self._catalogue.source.by_ids(conn, {id_ for record in piece if (id_ := _id(record))})
            called = {self._name(record) for record in piece if "ID" not in record.cells and not record.aside}
            by_name = self._catalogue.source.by_names(conn, called)
            self._holders = self._holders_in(conn, piece)
            rows: Sequence[ImportRow | None] = [self._row(record, by_id, by_name, doctors) for record in piece]
            if self._catalogue.by_name:
                rows = self._check_doubles(conn, rows)
            rows = self._after_dry_run(rows)
            yield _piece([_with_cells(row, record) for row, record in zip(rows, piece, strict=True)], len(piece))
        if doctors is not None:
            rest = self._after_dry_run([self._of_doctors(listed) for listed in doctors.rest()])
            yield _piece([*doctors.refused, *rest], doctors.total)

    def _after_dry_run(self, rows: Sequence[ImportRow | None]) -> Sequence[ImportRow | None]:
        """The rows, of which edits that the objects would refuse are refused, and those they would ask about need a decision."""
        dry_run = self._catalogue.loader.dry_run
        if dry_run is None:
            return rows
        edits = {row.object_id: row.edits for row in rows if row is not None and row.object_id and row.edits}
        refused = dry_run(self._clinic, self._ctx, edits)
        return [row and self._after_dry_run_of(row, refused.get(row.object_id) if row.object_id else None) for row in rows]

    def _after_dry_run_of(self, row: ImportRow, refusal: DomainError | None) -> ImportRow:
        if isinstance(refusal, NeedsConfirmation):
            return replace(row, kind="held", errors=[*row.errors, *map(self._asked, refusal.facts["warnings"])])
        if refusal is None or row.kind != "edit":
            return row
        return ImportRow(row=row.row, kind="refused", title=row.title, errors=[self._fields.error(refusal)], beside=row.beside)

    def _asked(self, warning: Mapping[str, Any]) -> ImportRowError:
        """A warning about the doctors of a service, with the visits that it is about."""
        of_service = warning["visits"]
        visits = [
            f"№\u00a0{visit.number} ({visit.starts_at:%d.%m.%Y, %H:%M}, {self._names.name_of(str(visit.doctor_id))})"
            for visit in of_service[:_MOST_VISITS]
        ]
        more = f" и ещё {len(of_service) - len(visits)}" if len(of_service) > len(visits) else ""
        these = f" Это {', '.join(visits)}{more}." if visits else ""
        return ImportRowError(DOCTORS.heading, f"{warning['sentence']}{these}", key=warning["key"])

    def _check_doubles(self, conn: Connection[Any], rows: Sequence[ImportRow | None]) -> list[ImportRow | None]:
        """The rows, of which those need a decision that would create somebody with the phone and birth date of another: of one
        who is there already, or of another row. Probably the same person is meant, however the name is written.
        """
        people = {n: person for n, row in enumerate(rows) if row is not None and (person := _person(row)) is not None}
        known = self._catalogue.source.born_with_phone(conn, {phone for phone, _ in people.values()}) if people else {}
        doubled = list(rows)
        for n, person in people.items():
            row, other = doubled[n], known.get(person)
            assert row is not None  # noqa: S101  people stand in rows
            before = self._rows_of_people.setdefault(person, row.row)
            if other is not None:
                doubt = f"С этим телефоном и датой рождения уже есть {self._catalogue.title_of(other.card)}."
                row = replace(row, kind="held", errors=[*row.errors, ImportRowError("", doubt)])
                if self._rows_of_ids.setdefault(other.id, row.row) == row.row:
                    edits = {field: value for field, value in row.fields.items() if value != other.card[field]}
                    was = {field: other.card[field] for field in edits}
                    row = replace(row, object_id=other.id, version=other.version, edits=edits, before=was)
            elif before != row.row:
                doubt = f"Тот же телефон и дата рождения в строке {before}."
                row = replace(row, kind="held", errors=[*row.errors, ImportRowError("", doubt)])
            doubled[n] = row
        return doubled

    def _holders_in(self, conn: Connection[Any], piece: Sequence[Record]) -> Mapping[str, UUID]:
        unique = self._catalogue.unique
        columns = [column.heading for column in (*self._fields.columns, *self._fields.understood) if column.field == unique]
        named = {plain(record.cells[heading]) for record in piece for heading in columns if heading in record.cells}
        return self._catalogue.source.holders(conn, unique, named) if named else {}

    def _require_unique(self, record: Record, known: Known | None, checked: Card, errors: list[ImportRowError]) -> None:
        """A value that another object has, or another row of the file, is refused at its column."""
        value = str(checked.get(self._catalogue.unique) or "")
        if not value:
            return
        heading = self._catalogue.fields[self._catalogue.unique].heading
        holder = self._holders.get(value)
        if holder is not None and (known is None or holder != known.id):
            errors.append(ImportRowError(heading, f"«{value}» уже есть у другой записи. Укажите другое или очистите ячейку."))
        elif (before := self._rows_of_numbers.setdefault(value, record.number)) != record.number:
            errors.append(ImportRowError(heading, f"«{value}» уже есть в строке {before}."))

    def _open_table(self) -> Table | None:
        """The catalogue's own sheet; None where the file has the sheet of doctors alone."""
        catalogue, book = self._catalogue, self._book
        if catalogue.doctors and book.visible == (sheet_called(book, catalogue.doctors.heading),):
            return None
        # Who only edits may leave columns out; what a new object needs is asked of its row.
        return Table(
            book,
            catalogue.title,
            [column.heading for column in (*catalogue.columns, *catalogue.understood)],
            [],
            full_name=catalogue.full_name,
            example=example_of(catalogue.columns),
        )

    def _doctors(self, conn: Connection[Any]) -> ServiceDoctors | None:
        if self._catalogue.doctors is None:
            return None
        services = self._open_table()
        doctors = ServiceDoctors(self._book, services.records() if services else (), conn)
        self.ignored += doctors.ignored
        return doctors

    def _of_doctors(self, listed: DoctorsOfService) -> ImportRow | None:
        """What the sheet of doctors changes of a service that isn't on the sheet of services."""
        known = listed.service
        assert known is not None  # noqa: S101  a new service has a row there
        given: Card = {DOCTORS.field: listed.doctors}
        errors = list(listed.errors)
        checked = self._fields.checked({**known.card, **given}, errors, known.card)
        return self._outcome(listed.row, known, given, checked, errors, by_id=True, beside=listed.rows)

    def _row(
        self,
        record: Record,
        by_id: Mapping[UUID, Known],
        by_name: Mapping[str, list[Known]],
        doctors: ServiceDoctors | None,
    ) -> ImportRow | None:
        """What a row would do; None where it changes nothing."""
        if record.aside:
            title = " ".join(plain(value) for value in record.cells.values())[:200] or f"Строка {record.number}"
            return ImportRow(row=record.number, kind="refused", title=title, errors=[ImportRowError("", record.aside)])
        name = self._name(record)
        called_so = by_name.get(name, [])
        namesakes = called_so if self._catalogue.by_name else []
        if "ID" in record.cells:
            known, namesakes = by_id.get(_id(record) or UUID(int=0)), []
        else:
            known = namesakes[0] if namesakes else None
            if known is not None and len(namesakes) == 1 and self._row_before(known, record):
                known = None  # the card as that row leaves it isn't known yet, and two rows rather mean two people
        base: Card = {} if known is None else known.card
        doubts = [ImportRowError(heading, reason) for heading, reason in record.doubts]
        beside: list[dict[str, CellValue]] = []
        given, errors = self._fields.given(record, base, doubts)
        if "ID" in record.cells:
            errors += self._faults_of_id(record, known)
        else:  # an empty cell says nothing here; where an ID is given, it empties the field
            given = {field: value for field, value in given.items() if self._fields.cell(record, field) is not None}
        errors += self._fields.understand(record, given, doubts)
        if len(namesakes) > 1:
            errors.append(ImportRowError("", _SEVERAL))
        if doctors is not None and (listed := doctors.of(record.number, known)):
            given[DOCTORS.field] = listed.doctors
            errors += listed.errors
            beside = listed.rows
        checked = self._fields.checked({**base, **given}, errors, base)
        self._require_unique(record, known, checked if self._catalogue.unique in given else {}, errors)
        double = self._doubt_of_double(record, name, called_so) if known is None and not errors else []
        if namesakes and known is not None:
            doubts += self._doubt(known, given, checked)
        return self._outcome(
            record.number, known, given, checked, errors, double, doubts, by_id="ID" in record.cells, beside=beside
        )

    def _outcome(
        self,
        row: int,
        known: Known | None,
        given: Card,
        checked: Card,
        errors: list[ImportRowError],
        double: Sequence[ImportRowError] = (),
        doubts: Sequence[ImportRowError] = (),
        *,
        by_id: bool = False,
        beside: Sequence[dict[str, CellValue]] = (),
    ) -> ImportRow | None:
        """A row of the loading: refused with its errors, or what to create or edit; for a decision where there is a doubt.

        `double`: why what is new may be there already; a doubt where people are known by their names, else a remark.
        `doubts`: what a person has to decide about, unless it changes nothing.
        """
        base: Card = {} if known is None else known.card
        title = self._catalogue.title_of(checked or {**base, **given})[:200] or f"Строка {row}"
        if errors:
            return ImportRow(row=row, kind="refused", title=title, errors=errors, beside=list(beside))
        fields = {field: checked[field] for field in given}
        if known is None:
            needs_decision = bool(doubts) or (bool(double) and self._catalogue.by_name)
            return ImportRow(
                row=row,
                kind="held" if needs_decision else "create",
                title=title,
                fields=fields,
                errors=[*double, *doubts],
                by_id=by_id,
                beside=list(beside),
            )
        edits = {field: value for field, value in fields.items() if value != base[field]}
        if not edits:
            return None
        changed = {column.heading for field, column in self._catalogue.shown.items() if field in edits}
        if not changed.isdisjoint(PARTS):
            changed.add(FULL_NAME)
        open_doubts = [doubt for doubt in doubts if self._fields.own_heading(doubt.column) in {"", *changed}]
        return ImportRow(
            row=row,
            kind="held" if open_doubts else "edit",
            title=title,
            object_id=known.id,
            version=known.version,
            fields=fields,
            edits=edits,
            before={field: base[field] for field in edits},
            errors=open_doubts,
            by_id=by_id,
            beside=list(beside),
        )

    def _faults_of_id(self, record: Record, known: Known | None) -> list[ImportRowError]:
        if known is None:
            return [ImportRowError("ID", _UNKNOWN_ID)] if _id(record) else []
        if known.deleted:
            return [ImportRowError("ID", _DELETED)]
        before = self._row_before(known, record)
        return [ImportRowError("ID", f"Об этой записи уже есть строка {before}.")] if before else []

    def _row_before(self, known: Known, record: Record) -> int | None:
        """The row of the file that was about this object before."""
        before = self._rows_of_ids.setdefault(known.id, record.number)
        return before if before != record.number else None

    def _doubt_of_double(self, record: Record, name: str, called_so: Sequence[Known]) -> list[ImportRowError]:
        """What is called as in another row of the same file, or as something that is there already."""
        if called_so and not self._catalogue.by_name:
            return [ImportRowError("", _CALLED_SO)]
        before = self._row_before(called_so[0], record) if called_so else self._rows_of_names.setdefault(name, record.number)
        same = "Так же зовут" if self._catalogue.by_name else "Так же называется запись"
        return [ImportRowError("", f"{same} в строке {before}.")] if before not in {None, record.number} else []

    def _doubt(self, known: Known, given: Card, checked: Card) -> list[ImportRowError]:
        """Whether the namesake may be somebody else: what distinguishes people is known, and different."""
        doubts = []
        for field in self._catalogue.differing:
            now_given = checked.get(field) if field in given else None
            if now_given and known.card[field] and now_given != known.card[field]:
                column = self._catalogue.fields[field]
                now = shown(column, known.card[field], self._names)
                doubts.append(ImportRowError(column.heading, f"У человека с таким именем сейчас {now}."))
        return doubts

    def _name(self, record: Record) -> str:
        """How what a row is about is called, in the common form of names."""
        headings = (self._catalogue.fields[field].heading for field in self._catalogue.needs_one_of or ("name",))
        return self._catalogue.source.form(" ".join(plain(record.cells.get(heading, "")) for heading in headings))


def _with_cells(row: ImportRow | None, record: Record) -> ImportRow | None:
    """A row that isn't simply loaded with what the file says in it, so that it can be corrected and loaded again."""
    if row is None or row.kind not in {"refused", "held"}:
        return row
    return replace(row, cells=record.whole())


def _piece(rows: Sequence[ImportRow | None], total: int) -> CheckedPiece:
    rows_to_load = [row for row in rows if row is not None]
    return CheckedPiece(rows_to_load, total, len(rows) - len(rows_to_load))


def _person(row: ImportRow) -> tuple[str, str] | None:
    """Phone and birth date of whom a row would create; None where either isn't known."""
    phone, born = str(row.fields.get("phone", "")), str(row.fields.get("birth_date", ""))
    return (phone, born) if row.object_id is None and row.kind in {"create", "held"} and phone and born else None


def _id(record: Record) -> UUID | None:
    try:
        return UUID(plain(record.cells.get("ID", "")))
    except ValueError:
        return None
