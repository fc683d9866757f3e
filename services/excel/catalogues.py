"""Which catalogues travel through Excel, each by its columns (XLS-3 … XLS-7). A column of another field is one line here,
and the field's name in the source of `readmodels/excel.py`, which reads no more than is needed. Fields of a plain catalogue have
their columns by themselves.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import Counterparty, Goods, PatientCategory, Position
from aggregates.clinic.service import SERVICE_FIELDS, Service
from aggregates.fields import Field, Fields
from aggregates.people.employee import EMPLOYEE_FIELDS, Employee
from aggregates.people.patient import PatientCard
from aggregates.people.patient_fields import PATIENT_FIELDS
from commands import catalogue as entries
from commands.bulk import BulkLoader, one_by_one
from commands.clinic import service
from commands.people import employee
from commands.people import patient as patient_commands
from commands.ports.imports import SECOND_SHEET
from readmodels import excel
from readmodels.excel import Card
from services.excel import cells, service_doctors
from services.excel.columns import Column, column

_THEN = datetime(2000, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_ENTRY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a catalogue's entry, unlike any position that somebody writes."""
_NAME = ("family_name", "given_name", "patronymic")


@dataclass(frozen=True)
class Loadable:
    """One catalogue: its sheet, where its cards are read, how a card is checked and brought into the clinic."""

    key: str
    title: str
    columns: tuple[Column, ...]
    source: excel.Source
    check: Callable[[Card, date], Card]
    """A whole card in its stored form, by the rules of its aggregate. WrongValue."""
    loader: BulkLoader
    by_name: bool = False
    """Without an ID, the same full name means the same object (XLS-4)."""
    differing: tuple[str, ...] = ()
    """Fields by which a namesake is known to be somebody else."""
    unique: str = ""
    """A field that no two objects have the same value of."""
    full_name: tuple[str, ...] = ()
    """What a column is called in other programs' files that holds the three parts of a name."""
    doctors: Column | None = None
    """The column that the rows of a second sheet make up together, where there is one: `service_doctors`."""

    def title_of(self, card: Card) -> str:
        """What the object is called."""
        fields = _NAME if "family_name" in card else ("name",)
        return " ".join(str(card[field]) for field in fields if card.get(field))

    @cached_property
    def refers(self) -> tuple[str, ...]:
        """Catalogues that columns name entries of."""
        return tuple(dict.fromkeys(column.kind.refers for column in self.shown.values() if column.kind.refers))

    @cached_property
    def needs_one_of(self) -> tuple[str, ...]:
        """Fields of which one at least has to have a column."""
        return tuple(field for field in self.fields if field in _NAME)

    @cached_property
    def understood(self) -> tuple[Column, ...]:
        """Columns of other programs' files that mean a field which has a column of its own here."""
        return tuple(other for column in self.columns for other in column.of_others)

    @cached_property
    def fields(self) -> dict[str, Column]:
        """Field → its column, without the ID."""
        return {column.field: column for column in self.columns if column.field != "id"}

    @cached_property
    def shown(self) -> dict[str, Column]:
        """Field → column by which people read its values."""
        return {**self.fields, **({self.doctors.field: self.doctors} if self.doctors else {})}

    def place(self, row: int) -> tuple[str, int]:
        """Of a loading's row: the sheet, unless there is one alone, and the number that Excel shows."""
        if self.doctors is None:
            return "", row
        return (self.doctors.heading, row - SECOND_SHEET) if row > SECOND_SHEET else (self.title, row)

    def row(self, sheet: str, number: int) -> int:
        """A loading's row by its place."""
        return SECOND_SHEET + number if self.doctors is not None and sheet == self.doctors.heading else number


_ID = column(Field(name="id", label="ID"), cells.ID, note="Заполнен – изменится эта запись. Пуст – появится новая.")
_CATEGORIES = Field(name="categories", label="Категории", refers=PatientCategory.TOPIC)
"""A patient's, as one field: their ids in order, with spaces between."""
_NAME_NOTE = "Нужна хотя бы одна часть: фамилия, имя или отчество."
_BIRTHDAY = "День рождения"
"""As files have called it from the beginning (XLS-4, XLS-6), whose dates may have no year; papers have a «Дата рождения»."""
_OF_PHONE = (
    "Мобильный телефон",
    "Телефон мобильный",
    "Моб. телефон",
    "Моб. тел.",
    "Мобильный",
    "Сотовый телефон",
    "Номер телефона",
    "Тел.",
)
_OF_EMAIL = ("Электронная почта", "Эл. почта", "Почта")
_FULL_NAMES = ("ФИО", "Фамилия Имя Отчество", "Фамилия Имя", "Полное имя")
_SEXES = {
    "male": ("м", "муж", "мужчина", "мальчик", "m", "male"),
    "female": ("ж", "жен", "женщина", "девочка", "f", "female"),
}


def _full_name(fields: Fields, *examples: str) -> tuple[Column, ...]:
    return tuple(column(fields[part], note=_NAME_NOTE, example=one) for part, one in zip(_NAME, examples, strict=True))


def _birth(fields: Fields, example: str) -> Column:
    return column(fields["birth_date"], heading=_BIRTHDAY, example=example, also=("Дата рожд.", "ДР"))


def _patient(card: Card, today: date) -> Card:
    scratch = PatientCard(_NOBODY)
    scratch.create(_with_categories({**card, "card_number": card.get("card_number") or "0"}), today=today, at=_THEN)
    return {**scratch.card(), _CATEGORIES.name: " ".join(map(str, scratch.categories))}


def _with_categories(fields: Card) -> dict[str, Any]:
    """Fields as the commands take them: categories by their ids."""
    named = fields.get(_CATEGORIES.name)
    return fields if named is None else {**fields, _CATEGORIES.name: [UUID(id_) for id_ in str(named).split()]}


PATIENT_LOADER = BulkLoader(
    PatientCard,
    lambda clinic, items: patient_commands.save_cards_in_bulk(
        clinic, [replace(item, fields=_with_categories(item.fields)) for item in items]
    ),
    patient_commands.LOADER.delete,
    lambda clinic, ctx, changes: patient_commands.dry_run_changes(
        clinic, ctx, {id_: _with_categories(dict(fields)) for id_, fields in changes.items()}
    ),
)


def _employee(card: Card, today: date) -> Card:
    scratch = Employee(_NOBODY)
    scratch.hire(1, _with_position(card), at=datetime(today.year, today.month, today.day, tzinfo=UTC))  # nobody is born later
    checked = scratch.card()
    return {**checked, "position": checked["position_id"] or checked["position"]}


def _with_position(fields: Card) -> Card:
    """Fields as the commands take them: the position chosen from the catalogue, or written."""
    if "position" not in fields:
        return fields
    written = str(fields["position"] or "")
    chosen = _ENTRY.fullmatch(written) is not None
    return {**fields, "position_id": written if chosen else None, "position": "" if chosen else written}


def _service(card: Card, _: date) -> Card:
    scratch = Service(_NOBODY)
    scratch.create(_with_doctors(card), at=_THEN)
    return {**scratch.card(), service_doctors.DOCTORS.field: " ".join(map(str, scratch.doctors))}


def _with_doctors(fields: Card) -> dict[str, Any]:
    """Fields as the commands take them: doctors by their ids."""
    named = fields.get(service_doctors.DOCTORS.field)
    return fields if named is None else {**fields, "doctors": [UUID(id_) for id_ in str(named).split()]}


def _entry(kind: type[CatalogueEntry]) -> Callable[[Card, date], Card]:
    def check(card: Card, _: date) -> Card:
        scratch = kind(_NOBODY)
        scratch.create(card, at=_THEN)
        return scratch.card

    return check


def _plain(kind: type[CatalogueEntry], *special: Column, without: Collection[str] = ()) -> Loadable:
    """Of a plain catalogue: each of its fields has a column. `special`: of those that want more than the declaration says;
    `without`: fields that the sheet doesn't have.
    """
    known = {one.field: one for one in special}
    return Loadable(
        kind.PATH,
        kind.TITLE,
        (_ID, *(known.get(name) or column(field) for name, field in kind.FIELDS.items() if name not in without)),
        excel.catalogue(kind.TOPIC),
        _entry(kind),
        _entry_loader(kind),
    )


def _entry_loader(kind: type[CatalogueEntry]) -> BulkLoader:
    return one_by_one(
        kind,
        create=lambda clinic, ctx, id_, card: entries.create_entry(clinic, ctx, kind, card, entry_id=id_),
        change=lambda clinic, ctx, id_, fields, expected: entries.change_entry(clinic, ctx, kind, id_, fields, expected=expected),
        delete=lambda clinic, ctx, id_, expected: entries.delete_entry(clinic, ctx, kind, id_, expected=expected),
    )


PATIENTS = Loadable(
    "patients",
    "Пациенты",
    (
        _ID,
        *_full_name(PATIENT_FIELDS, "Иванова", "Анна", "Петровна"),
        column(PATIENT_FIELDS["phone"], example="+7 916 123-45-67", also=_OF_PHONE),
        column(
            PATIENT_FIELDS["other_phones"],
            heading="Дополнительный телефон",  # as files call it (XLS-4)
            example="8 495 123-45-67, мама",
            also=("Второй телефон",),
        ),
        column(PATIENT_FIELDS["email"], example="anna@pochta.ru", also=_OF_EMAIL),
        column(PATIENT_FIELDS["sex"], cells.choice(PATIENT_FIELDS["sex"], _SEXES), example="женский", width=10),
        _birth(PATIENT_FIELDS, "17.05.1990"),
        column(PATIENT_FIELDS["city"], example="Москва"),
        column(PATIENT_FIELDS["street"], example="Лесная"),
        column(PATIENT_FIELDS["house"], cells.CODE, example="5", width=10),
        column(PATIENT_FIELDS["flat"], cells.CODE, example="12", width=10),
        column(
            PATIENT_FIELDS["card_number"],
            cells.CODE,
            note="Пуст – номер появится сам. У каждого пациента свой.",
            required=False,  # the clinic gives one
            width=15,
            also=("№ карты", "Карта", "Номер медкарты", "Номер медицинской карты"),
        ),
        column(_CATEGORIES, cells.references(PatientCategory.TOPIC), also=("Категория",)),
        column(PATIENT_FIELDS["source_id"]),
        column(PATIENT_FIELDS["comment"], width=40, also=("Примечание",)),
    ),
    excel.PATIENTS,
    _patient,
    PATIENT_LOADER,
    full_name=(*_FULL_NAMES, "ФИО пациента", "ФИО клиента", "Пациент", "Клиент"),
    by_name=True,
    differing=("phone", "birth_date"),
    unique="card_number",
)
GOODS = _plain(
    Goods,
    column(Goods.FIELDS["name"], example="Перчатки нитриловые"),
    column(Goods.FIELDS["price"], note="Цена продажи в рублях.", example=500),
    column(Goods.FIELDS["sale_unit"], example="штука"),
    column(Goods.FIELDS["write_off_unit"], example="штука", also=("Единица измерения",)),
    column(Goods.FIELDS["factor"], note="Сколько единиц списания в единице продажи.", example=100),
    column(Goods.FIELDS["article"], cells.CODE, example="НП-100"),
    without=("vat",),  # XLS-5 has its columns
)
EMPLOYEES = Loadable(
    "employees",
    "Сотрудники",
    (
        _ID,
        *_full_name(EMPLOYEE_FIELDS, "Соколов", "Пётр", "Ильич"),
        column(EMPLOYEE_FIELDS["position"], cells.reference_or_text(Position.TOPIC), example="Стоматолог-терапевт"),
        column(
            EMPLOYEE_FIELDS["takes_visits"],
            note="да или нет. К кому записывают пациентов и кого назначают услугам.",
            example="да",
        ),
        column(EMPLOYEE_FIELDS["phone"], example="+7 916 765-43-21", also=_OF_PHONE),
        column(EMPLOYEE_FIELDS["email"], example="sokolov@klinika.ru", also=_OF_EMAIL),
        _birth(EMPLOYEE_FIELDS, "17.05.1980"),
        column(EMPLOYEE_FIELDS["passport_number"], cells.PASSPORT, note="10 цифр.", example="45 12 345678", width=22),
        column(EMPLOYEE_FIELDS["passport_issued_on"], example="20.06.2012"),
        column(EMPLOYEE_FIELDS["passport_issued_by"], example="ОУФМС России по г. Москве", width=40),
        column(EMPLOYEE_FIELDS["inn"], note="12 цифр.", example="500100732259"),
        column(EMPLOYEE_FIELDS["comment"]),
    ),
    excel.EMPLOYEES,
    _employee,
    one_by_one(
        Employee,
        create=lambda clinic, ctx, id_, card: employee.hire(clinic, ctx, _with_position(card), employee_id=id_),
        change=lambda clinic, ctx, id_, fields, expected: employee.change_card(
            clinic, ctx, id_, _with_position(fields), expected=expected
        ),
        delete=lambda clinic, ctx, id_, expected: employee.delete_employee(clinic, ctx, id_, expected=expected),
    ),
    full_name=(*_FULL_NAMES, "ФИО сотрудника", "ФИО врача", "Сотрудник", "Врач"),
)
SERVICES = Loadable(
    "services",
    "Услуги",
    (
        _ID,
        column(SERVICE_FIELDS["name"], example="Осмотр и консультация", width=40),
        column(SERVICE_FIELDS["category_id"], required=True),  # of files, by XLS-3; so too the unit
        column(SERVICE_FIELDS["price"], example=1500),
        column(SERVICE_FIELDS["unit_id"], required=True),
        column(SERVICE_FIELDS["duration"], example="00:40"),
        column(SERVICE_FIELDS["online"], heading="Использовать для онлайн-записи", example="да", width=16),  # by XLS-3
    ),
    excel.SERVICES,
    _service,
    one_by_one(
        Service,
        create=lambda clinic, ctx, id_, card: service.create_service(clinic, ctx, _with_doctors(card), service_id=id_),
        change=lambda clinic, ctx, id_, fields, expected: service.change_service(
            clinic, ctx, id_, _with_doctors(fields), expected=expected
        ),
        delete=lambda clinic, ctx, id_, expected: service.delete_service(clinic, ctx, id_, expected=expected),
        dry_run=lambda clinic, ctx, changes: service.dry_run_changes(
            clinic, ctx, {id_: _with_doctors(dict(fields)) for id_, fields in changes.items()}
        ),
    ),
    doctors=service_doctors.DOCTORS,
)
COUNTERPARTIES = _plain(
    Counterparty,
    column(Counterparty.FIELDS["name"], example="ООО «Дентал»"),
    column(Counterparty.FIELDS["inn"], note="10 или 12 цифр.", example="7707083893"),
    column(Counterparty.FIELDS["kpp"], note="9 знаков.", example="770701001"),
    column(Counterparty.FIELDS["address"], example="Москва, Лесная, 5"),
    column(Counterparty.FIELDS["phone"], example="+7 495 123-45-67"),
    column(Counterparty.FIELDS["email"], example="info@dental.ru"),
    column(Counterparty.FIELDS["contact"], example="Смирнова Ольга"),
)

LOADABLE: dict[str, Loadable] = {catalogue.key: catalogue for catalogue in (PATIENTS, GOODS, EMPLOYEES, SERVICES, COUNTERPARTIES)}
