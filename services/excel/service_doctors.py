"""Sheet «Врачи» of the services' workbook: who gives which service, one row for each doctor (XLS-3).

The rows about a service say its doctors together, exactly those; a service that no row is about keeps its own. «Все врачи»
in place of a name leaves the service to everybody. It is named by
ID or by its name: the sheet «Услуги» of the same file comes first, so that services may be named that the file creates. With
one wrong row among them the service isn't touched at all: what the others say wouldn't be the whole of it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import Connection

from aggregates.catalogue import name_key
from aggregates.clinic.service import SERVICE_FIELDS, ServiceDeleted
from aggregates.fields import Field
from aggregates.people.employee import EMPLOYEE_FIELDS, Employee, EmployeeDeleted, NotADoctor
from aggregates.values import Scalar, WrongValue
from commands.ports.imports import SECOND_SHEET, CellValue, ImportRow, ImportRowError
from readmodels import excel
from readmodels.excel import Known
from readmodels.people import employees
from readmodels.people.employees import EmployeeName
from readmodels.search_text import normal
from services.excel.cells import ID, Cell, CellKind, plain
from services.excel.columns import column, read_cell
from services.excel.entry_names import Names
from services.excel.reading import Workbook
from services.excel.table import Record, Table, example_of, sheet_called

TITLE = "Врачи"
_PERSON = ("family_name", "given_name", "patronymic")
_PERSON_NOTE = "Если ID врача пуст, нужна хотя бы одна часть имени."
COLUMNS = (
    column(
        Field(name="doctor_id", label="ID врача"),
        ID,
        note="По строке на каждого врача. Услугу будут оказывать ровно эти врачи. У услуг, которых на листе нет, врачи не "
        "изменятся. Чтобы услугу оказывал любой врач, напишите вместо фамилии «все врачи».",
    ),
    *(
        column(EMPLOYEE_FIELDS[part], note=_PERSON_NOTE, example=example)
        for part, example in zip(_PERSON, ("Соколов", "Пётр", "Ильич"), strict=True)
    ),
    column(Field(name="service_id", label="ID услуги"), ID),
    column(
        SERVICE_FIELDS["name"],
        heading="Услуга",
        note="Если ID услуги пуст: название с листа «Услуги» или из справочника.",
        required=False,
        example="Осмотр и консультация",
        width=40,
    ),
)
_EVERYBODY = {"все", "все врачи", "любой врач"}
"""In the form of `normal`: the service is left to every doctor."""
_HEADINGS = {column.field: column.heading for column in COLUMNS}

_NOBODY = "Сотрудника с таким именем нет. Добавьте его в справочник «Сотрудники» или исправьте имя."
_NO_SUCH_DOCTOR = "Сотрудника с таким ID нет. Оставьте ID из выгрузки или укажите имя."
_NAMESAKES = "Сотрудников с таким именем несколько. Укажите ID врача из выгрузки."
_NO_DOCTOR = "Укажите ID врача, фамилию, имя или отчество – хотя бы одно."
_NOT_ONLY_ALL = "Услугу оказывают либо все врачи, либо названные. Оставьте эту строку или строки с врачами."
_NO_SERVICE = "Укажите ID услуги или её название."
_NO_SUCH_SERVICE = "Услуги с таким ID нет. Оставьте ID из выгрузки или укажите название."
_UNKNOWN_NAME = "Такой услуги нет ни на листе «Услуги», ни в справочнике."
_SAME_NAMES = "Услуг с таким названием несколько. Укажите ID услуги из выгрузки."

Service = UUID | int
"""A service that exists, or the row of the sheet «Услуги» that creates it."""


def _nothing_to_read(name: str, _: object, __: Names) -> Scalar:
    raise AssertionError(name)  # the rows of the sheet say it


def _names(value: Scalar, names: Names) -> Cell:
    return ", ".join(sorted(map(names.name_of, str(value or "").split()))) or "все врачи"


DOCTORS = column(Field(name="doctors", label=TITLE), CellKind(_nothing_to_read, _names, refers=Employee.TOPIC))
"""The sheet's rows about a service, as one field of its card: the doctors' ids in order, with spaces between them."""


@dataclass
class _RowsAboutService:
    """What the rows about one service say."""

    row: int
    """The first of them."""
    name: str
    doctors: list[tuple[int, EmployeeName]] = field(default_factory=list)
    """(row, doctor)."""
    everybody: int | None = None
    """The row that leaves it to every doctor."""
    errors: list[ImportRowError] = field(default_factory=list)
    rows: list[dict[str, CellValue]] = field(default_factory=list)


@dataclass(frozen=True)
class DoctorsOfService:
    """The doctors of a service as the sheet wants them, or why it can't have them. `row`: of the loading."""

    row: int
    service: Known | None
    doctors: str
    errors: list[ImportRowError]
    rows: list[dict[str, CellValue]] = field(default_factory=list)
    """Rows of the sheet as the file has them."""


class ServiceDoctors:
    """What the sheet of one file says; of one without the sheet, nothing."""

    def __init__(self, book: Workbook, services: Iterable[Record], conn: Connection[Any]) -> None:
        """`services`: rows of the sheet «Услуги». WrongFile."""
        self.refused: list[ImportRow] = []
        """Rows about which no service is known."""
        self.total = 0
        self.ignored: list[str] = []
        """Headings of columns that the sheet doesn't have."""
        self._rows: dict[Service, _RowsAboutService] = {}
        self._known: Mapping[UUID, Known] = {}
        if sheet_called(book, TITLE) is None:
            return
        table = Table(
            book, TITLE, [column.heading for column in COLUMNS], [], full_name=("ФИО врача", "Врач"), example=example_of(COLUMNS)
        )
        records, self.ignored = list(table.records()), table.ignored
        names = {name for record in records if (name := plain(record.cells.get(_HEADINGS["name"], "")))}
        self._named = _in_the_file(services, set(map(name_key, names)))
        ids = {id_ for record in records if (id_ := _id(record, _HEADINGS["service_id"]))}
        ids.update(one for found in self._named.values() for one in found if isinstance(one, UUID))
        self._called = excel.SERVICES.by_names(conn, set(map(excel.SERVICES.form, names)))
        self._known = {
            **excel.SERVICES.by_ids(conn, ids),
            **{one.id: one for found in self._called.values() for one in found},
        }
        self._staff = employees.names(conn)
        self._people = _People(conn)
        for record in records:
            self._read(record)
        self.total = len(records)

    def of(self, row: int, service: Known | None) -> DoctorsOfService | None:
        """What it says of the service in a row of the sheet «Услуги»; None where it keeps its own doctors."""
        about = self._rows.pop(row if service is None else service.id, None)
        return None if about is None else self._listed(about, service)

    def rest(self) -> Iterator[DoctorsOfService]:
        """What it says of services that the sheet «Услуги» has no row of."""
        for service, about in self._rows.items():
            if isinstance(service, UUID):
                yield self._listed(about, self._known[service])

    def _listed(self, about: _RowsAboutService, service: Known | None) -> DoctorsOfService:
        """Doctors who give the service already may do so: the rule is asked of those who are newly chosen."""
        before = set(str(service.card["doctors"]).split()) if service else set()
        errors = list(about.errors)
        for row, doctor in about.doctors:
            if str(doctor.id) not in before and (wrong := _unfit(doctor)):
                errors.append(_error("doctor_id", wrong, row))
        if about.everybody is not None and about.doctors:
            errors.append(_error("family_name", _NOT_ONLY_ALL, about.everybody))
        doctors = sorted({doctor.id for _, doctor in about.doctors})
        return DoctorsOfService(SECOND_SHEET + about.row, service, " ".join(map(str, doctors)), errors, about.rows)

    def _read(self, record: Record) -> None:
        name = plain(record.cells.get(_HEADINGS["name"], ""))
        if record.aside:
            self._refuse(record, name, ImportRowError("", record.aside))
            return
        try:
            service = self._service(record)
        except WrongValue as wrong:
            self._refuse(record, name, ImportRowError(_HEADINGS[wrong.facts["field"]], wrong.sentence))
            return
        about = self._rows.setdefault(service, _RowsAboutService(record.number, name))
        about.rows.append(record.whole())
        if _is_of_everybody(record):
            about.everybody = record.number
            return
        try:
            about.doctors.append((record.number, self._doctor(record)))
        except WrongValue as wrong:
            about.errors.append(_error(str(wrong.facts["field"]), wrong.sentence, record.number))

    def _refuse(self, record: Record, name: str, error: ImportRowError) -> None:
        title = name[:200] or f"Строка {record.number}"
        self.refused.append(
            ImportRow(row=SECOND_SHEET + record.number, kind="refused", title=title, errors=[error], beside=[record.whole()])
        )

    def _service(self, record: Record) -> Service:
        id_, name = (_cell(record, column) for column in ("service_id", "name"))
        meant: list[Service]
        if id_:
            meant = [UUID(id_)]
        elif name:
            meant = self._named.get(name_key(name)) or [one.id for one in self._called.get(excel.SERVICES.form(name), ())]
            if len(meant) != 1:
                raise WrongValue("name", _SAME_NAMES if meant else _UNKNOWN_NAME)
        else:
            raise WrongValue("service_id", _NO_SERVICE)
        (service,) = meant
        if isinstance(service, UUID):
            known = self._known.get(service)
            if known is None:
                raise WrongValue("service_id", _NO_SUCH_SERVICE)
            if known.deleted:
                raise WrongValue("service_id", ServiceDeleted(service_id=known.id).sentence)
        return service

    def _doctor(self, record: Record) -> EmployeeName:
        for heading, doubt in record.doubts:
            raise WrongValue("name" if heading == _HEADINGS["name"] else "family_name", doubt)
        id_ = _cell(record, "doctor_id")
        if id_:
            doctor = self._staff.get(UUID(id_))
            if doctor is None:
                raise WrongValue("doctor_id", _NO_SUCH_DOCTOR)
            return doctor
        parts = tuple(normal(_cell(record, part)) for part in _PERSON)
        if not any(parts):
            raise WrongValue("family_name", _NO_DOCTOR)
        found = [self._staff[id_] for id_ in self._people.called(parts)]
        fitting = [one for one in found if _unfit(one) is None] or found
        if len(fitting) != 1:
            shown = next(name for name, part in zip(_PERSON, parts, strict=True) if part)
            raise WrongValue(shown, _NAMESAKES if fitting else _NOBODY)
        return fitting[0]


class _People:
    """Kept employees by the parts of their names."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._names = {known.id: tuple(normal(str(known.card[part])) for part in _PERSON) for known in excel.EMPLOYEES.all(conn)}

    def called(self, parts: tuple[str, ...]) -> list[UUID]:
        """Those who are called exactly so, or else those to whom the given parts belong."""
        exactly = [id_ for id_, name in self._names.items() if name == parts]
        return exactly or [
            id_ for id_, name in self._names.items() if all(part in {"", own} for part, own in zip(parts, name, strict=True))
        ]


def _in_the_file(services: Iterable[Record], names: Container[str]) -> dict[str, list[Service]]:
    """Which of these names (by `name_key`) are on the sheet «Услуги», and whose they are there."""
    named: dict[str, list[Service]] = {}
    for record in services:
        if (name := name_key(plain(record.cells.get(SERVICE_FIELDS["name"].label, "")))) in names:
            named.setdefault(name, []).append(_id(record, "ID") or record.number)
    return named


def _unfit(doctor: EmployeeName) -> str | None:
    """Why somebody can't be chosen for a service, by the rule of its commands."""
    if doctor.deleted:
        return EmployeeDeleted(employee_id=doctor.id).sentence
    return None if doctor.takes_visits else NotADoctor(employee_id=doctor.id).sentence


def _error(name: str, reason: str, row: int) -> ImportRowError:
    return ImportRowError(_HEADINGS[name], reason, SECOND_SHEET + row)


def _cell(record: Record, name: str) -> str:
    column = next(column for column in COLUMNS if column.field == name)
    return str(read_cell(column, record.cells.get(column.heading), Names()))


def _is_of_everybody(record: Record) -> bool:
    written = (plain(record.cells.get(_HEADINGS[name], "")) for name in ("doctor_id", *_PERSON))
    return normal(" ".join(written)) in _EVERYBODY


def _id(record: Record, heading: str) -> UUID | None:
    try:
        return UUID(plain(record.cells.get(heading, "")))
    except ValueError:
        return None
