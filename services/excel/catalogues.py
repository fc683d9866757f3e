"""Which catalogues travel through Excel, each by its columns (XLS-3 … XLS-7). A new field is one line here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import Counterparty, Goods, PatientCategory, Position, Source
from aggregates.clinic.service import Service
from aggregates.people.employee import Employee
from aggregates.people.patient_card import PatientCard
from commands import catalogue as entries
from commands.clinic import service
from commands.loading import Loader, one_by_one
from commands.people import employee, patient_card
from commands.ports.imports import SECOND_SHEET
from readmodels import excel
from readmodels.excel import Card
from services.excel import service_doctors
from services.excel.columns import (
    BIRTH,
    DAY,
    FLAG,
    ID,
    INN,
    KPP,
    LABEL,
    MONEY,
    NUMBER,
    PASSPORT,
    PERIOD,
    SEX,
    TEXT,
    Column,
    Kind,
    named,
    reference,
    references,
)

_THEN = datetime(2000, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_ENTRY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id of a catalogue's entry, unlike any position that somebody writes."""
_FULL_NAME = ("family_name", "given_name", "patronymic")


@dataclass(frozen=True)
class Catalogue:
    """One catalogue: its sheet, where its cards are read, how a card is checked and brought into the clinic."""

    key: str
    title: str
    columns: tuple[Column, ...]
    source: excel.Source
    check: Callable[[Card, date], Card]
    """A whole card in its stored form, by the rules of its aggregate. WrongValue."""
    loader: Loader
    by_name: bool = False
    """Without an ID, the same full name means the same object (XLS-4)."""
    differing: tuple[str, ...] = ()
    """Fields that tell a namesake from the same person."""
    unique: str = ""
    """A field that no two objects have the same value of."""
    refers: tuple[str, ...] = ()
    """Catalogues that columns name entries of."""
    needs_one_of: tuple[str, ...] = ()
    """Fields of which one at least has to have a column."""
    understood: tuple[Column, ...] = ()
    """Columns of other programs' files that mean a field which has a column of its own here."""
    full_name: tuple[str, ...] = ()
    """What a column is called in other programs' files that holds the three parts of a name."""
    doctors: Column | None = None
    """What the rows of a second sheet say together, where there is one: `service_doctors`."""

    def title_of(self, card: Card) -> str:
        """What the object is called."""
        fields = _FULL_NAME if "family_name" in card else ("name",)
        return " ".join(str(card[field]) for field in fields if card.get(field))

    @cached_property
    def fields(self) -> dict[str, Column]:
        """Field → its column, without the ID."""
        return {column.field: column for column in self.columns if column.field != "id"}

    @cached_property
    def shown(self) -> dict[str, Column]:
        """Field → how it is told to people."""
        return {**self.fields, **({self.doctors.field: self.doctors} if self.doctors else {})}

    def place(self, row: int) -> tuple[str, int]:
        """Of a loading's row: the sheet, unless there is one alone, and the number that Excel shows."""
        if self.doctors is None:
            return "", row
        return (self.doctors.heading, row - SECOND_SHEET) if row > SECOND_SHEET else (self.title, row)

    def row(self, sheet: str, number: int) -> int:
        """A loading's row by its place."""
        return SECOND_SHEET + number if self.doctors is not None and sheet == self.doctors.heading else number


def _entry_columns(kind: type[CatalogueEntry], *fields: tuple[str, Kind, str, str | int]) -> tuple[Column, ...]:
    """Columns headed by the labels of the catalogue's fields."""
    declared = kind.FIELDS
    return tuple(
        Column(declared[name].label, name, how, note, required=declared[name].required, example=example)
        for name, how, note, example in fields
    )


_ID_NOTE = "Заполнен – изменится эта запись. Пуст – появится новая."
_ID = Column("ID", "id", ID, _ID_NOTE, width=38)
_NAME_NOTE = "Нужна хотя бы одна часть: фамилия, имя или отчество."
_PHONE_NOTE = "10 цифр, перед ними можно +7 или 8; пробелы и дефисы не мешают. Номер другой страны – с + и кодом страны."
_BIRTH_NOTE = "ДД.ММ.ГГГГ или ДД.ММ."
_OF_BIRTH = tuple(Column(heading, "birth_date", BIRTH) for heading in ("Дата рождения", "Дата рожд.", "ДР"))
_OF_PHONE = tuple(
    Column(heading, "phone")
    for heading in (
        "Мобильный телефон",
        "Телефон мобильный",
        "Моб. телефон",
        "Моб. тел.",
        "Мобильный",
        "Сотовый телефон",
        "Номер телефона",
        "Тел.",
    )
)
_OF_EMAIL = tuple(Column(heading, "email") for heading in ("Электронная почта", "Эл. почта", "Почта"))
_FULL_NAMES = ("ФИО", "Фамилия Имя Отчество", "Фамилия Имя", "Полное имя")


def _patient(card: Card, today: date) -> Card:
    scratch = PatientCard(_NOBODY)
    scratch.create(_with_categories({**card, "card_number": card.get("card_number") or "0"}), today=today, at=_THEN)
    return {**scratch.card(), _CATEGORIES: " ".join(map(str, scratch.categories))}


_CATEGORIES = "categories"


def _with_categories(fields: Card) -> dict[str, Any]:
    """Fields as the commands take them: categories by their ids."""
    named = fields.get(_CATEGORIES)
    return fields if named is None else {**fields, _CATEGORIES: [UUID(id_) for id_ in str(named).split()]}


PATIENT_LOADER = Loader(
    PatientCard,
    lambda clinic, wishes: patient_card.load_cards(
        clinic, [replace(wish, fields=_with_categories(wish.fields)) for wish in wishes]
    ),
    patient_card.LOADER.delete,
    lambda clinic, ctx, changes: patient_card.foreseen_refusals(
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
    told = str(fields["position"] or "")
    chosen = _ENTRY.fullmatch(told) is not None
    return {**fields, "position_id": told if chosen else None, "position": "" if chosen else told}


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


def _entry_loader(kind: type[CatalogueEntry]) -> Loader:
    return one_by_one(
        kind,
        create=lambda clinic, ctx, id_, card: entries.create_entry(clinic, ctx, kind, card, entry_id=id_),
        change=lambda clinic, ctx, id_, fields, expected: entries.change_entry(clinic, ctx, kind, id_, fields, expected=expected),
        delete=lambda clinic, ctx, id_, expected: entries.delete_entry(clinic, ctx, kind, id_, expected=expected),
    )


PATIENTS = Catalogue(
    "patients",
    "Пациенты",
    (
        _ID,
        Column("Фамилия", "family_name", note=_NAME_NOTE, example="Иванова"),
        Column("Имя", "given_name", note=_NAME_NOTE, example="Анна"),
        Column("Отчество", "patronymic", note=_NAME_NOTE, example="Петровна"),
        Column("Телефон", "phone", note=_PHONE_NOTE, example="+7 916 123-45-67"),
        Column("Дополнительный телефон", "other_phones", example="8 495 123-45-67, мама"),
        Column("E-mail", "email", example="anna@pochta.ru"),
        Column("Пол", "sex", SEX, "мужской или женский", example="женский", width=10),
        Column("День рождения", "birth_date", BIRTH, _BIRTH_NOTE, example="17.05.1990", width=15),
        Column("Город", "city", example="Москва"),
        Column("Улица", "street", example="Лесная"),
        Column("Дом", "house", LABEL, example="5", width=10),
        Column("Квартира", "flat", LABEL, example="12", width=10),
        Column("Номер карты", "card_number", LABEL, "Пуст – номер появится сам. У каждого пациента свой.", width=15),
        Column(
            "Категории",
            _CATEGORIES,
            references(PatientCategory.TOPIC, PatientCategory.TITLE),
            "Из справочника «Категории пациентов», несколько через точку с запятой.",
        ),
        Column("Источник", "source_id", reference(Source.TOPIC, Source.TITLE), "Из справочника «Источники»."),
        Column("Комментарий", "comment", width=40),
    ),
    excel.PATIENTS,
    _patient,
    PATIENT_LOADER,
    understood=(
        *_OF_BIRTH,
        *_OF_PHONE,
        *_OF_EMAIL,
        Column("Второй телефон", "other_phones"),
        *(Column(heading, "card_number", LABEL) for heading in ("№ карты", "Карта", "Номер медкарты", "Номер медицинской карты")),
        Column("Категория", _CATEGORIES, references(PatientCategory.TOPIC, PatientCategory.TITLE)),
        Column("Примечание", "comment"),
    ),
    full_name=(*_FULL_NAMES, "ФИО пациента", "ФИО клиента", "Пациент", "Клиент"),
    by_name=True,
    differing=("phone", "birth_date"),
    unique="card_number",
    refers=(PatientCategory.TOPIC, Source.TOPIC),
    needs_one_of=_FULL_NAME,
)
GOODS = Catalogue(
    "goods",
    Goods.TITLE,
    (
        _ID,
        *_entry_columns(
            Goods,
            ("name", TEXT, "", "Перчатки нитриловые"),
            ("category", reference("goods_category", "Категории товаров"), "Из справочника «Категории товаров».", ""),
            ("price", MONEY, "Цена продажи в рублях.", 500),
            ("sale_unit", reference("unit", "Единицы измерения"), "Из справочника «Единицы измерения».", "штука"),
            ("write_off_unit", reference("unit", "Единицы измерения"), "Из справочника «Единицы измерения».", "штука"),
            ("factor", NUMBER, "Сколько единиц списания в единице продажи.", 100),
            ("article", LABEL, "", "НП-100"),
            ("comment", TEXT, "", ""),
        ),
    ),
    excel.catalogue(Goods.TOPIC),
    _entry(Goods),
    _entry_loader(Goods),
    refers=("goods_category", "unit"),
    understood=(Column("Единица измерения", "write_off_unit", reference("unit", "Единицы измерения")),),
)
EMPLOYEES = Catalogue(
    "employees",
    "Сотрудники",
    (
        _ID,
        Column("Фамилия", "family_name", note=_NAME_NOTE, example="Соколов"),
        Column("Имя", "given_name", note=_NAME_NOTE, example="Пётр"),
        Column("Отчество", "patronymic", note=_NAME_NOTE, example="Ильич"),
        Column(
            "Должность",
            "position",
            named(Position.TOPIC),
            "Из справочника «Должности» или любая другая.",
            example="Стоматолог-терапевт",
        ),
        Column(
            "Ведёт приём", "takes_visits", FLAG, "да или нет. К кому записывают пациентов и кого назначают услугам.", example="да"
        ),
        Column("Телефон", "phone", note=_PHONE_NOTE, example="+7 916 765-43-21"),
        Column("E-mail", "email", example="sokolov@klinika.ru"),
        Column("День рождения", "birth_date", BIRTH, _BIRTH_NOTE, example="17.05.1980", width=15),
        Column("Паспорт: серия и номер", "passport_number", PASSPORT, "10 цифр.", example="45 12 345678", width=22),
        Column("Паспорт: дата выдачи", "passport_issued_on", DAY, "ДД.ММ.ГГГГ", example="20.06.2012", width=20),
        Column("Паспорт: кем выдан", "passport_issued_by", example="ОУФМС России по г. Москве", width=40),
        Column("ИНН", "inn", INN, "12 цифр.", example="500100732259"),
        Column("Комментарий", "comment"),
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
    understood=(*_OF_BIRTH, *_OF_PHONE, *_OF_EMAIL),
    full_name=(*_FULL_NAMES, "ФИО сотрудника", "ФИО врача", "Сотрудник", "Врач"),
    refers=(Position.TOPIC,),
    needs_one_of=_FULL_NAME,
)
SERVICES = Catalogue(
    "services",
    "Услуги",
    (
        _ID,
        Column("Наименование", "name", required=True, example="Осмотр и консультация", width=40),
        Column("Категория", "category_id", reference("service_category", "Категории услуг"), "Из справочника.", required=True),
        Column("Цена", "price", MONEY, "В рублях.", required=True, example=1500),
        Column("Единица измерения", "unit_id", reference("unit", "Единицы измерения"), "Из справочника.", required=True),
        Column("Продолжительность", "duration", PERIOD, "ЧЧ:ММ", required=True, example="00:40"),
        Column("Использовать для онлайн-записи", "online", FLAG, "да или нет", example="да", width=16),
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
        foresee=lambda clinic, ctx, changes: service.foreseen_warnings(
            clinic, ctx, {id_: _with_doctors(dict(fields)) for id_, fields in changes.items()}
        ),
    ),
    refers=("service_category", "unit", Employee.TOPIC),
    doctors=service_doctors.DOCTORS,
)
COUNTERPARTIES = Catalogue(
    "counterparties",
    Counterparty.TITLE,
    (
        _ID,
        *_entry_columns(
            Counterparty,
            ("name", TEXT, "", "ООО «Дентал»"),
            ("inn", INN, "10 или 12 цифр.", "7707083893"),
            ("kpp", KPP, "9 знаков.", "770701001"),
            ("address", TEXT, "", "Москва, Лесная, 5"),
            ("phone", TEXT, "", "+7 495 123-45-67"),
            ("email", TEXT, "", "info@dental.ru"),
            ("contact", TEXT, "", "Смирнова Ольга"),
            ("comment", TEXT, "", ""),
        ),
    ),
    excel.catalogue(Counterparty.TOPIC),
    _entry(Counterparty),
    _entry_loader(Counterparty),
)

CATALOGUES: dict[str, Catalogue] = {
    catalogue.key: catalogue for catalogue in (PATIENTS, GOODS, EMPLOYEES, SERVICES, COUNTERPARTIES)
}
