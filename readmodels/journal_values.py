"""Values as the action journal tells them: dates, hours, money, phones in Russian; people by reference, named when shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Literal
from uuid import UUID

import msgspec

from aggregates.federal_dictionaries import POSITIONS, SPECIALITIES
from aggregates.files import StoredFile
from aggregates.people.patient_fields import DOCUMENT_KINDS, POLICY_KINDS
from aggregates.people.registry_acceptance import birthday_said
from aggregates.phones import shown as telephone
from aggregates.scheduling.hours import Day, Week, said
from aggregates.scheduling.visit import Line, Slot
from aggregates.scheduling.working_hours import DayChange
from aggregates.values import FieldChange, Scalar

ObjectType = Literal[
    "schedule", "employee", "patient", "service", "visit", "settings", "rights_set", "access",
    "unit", "warehouse", "goods_category", "goods", "counterparty", "cash_desk", "service_category", "patient_category",
    "source", "room", "position",
]  # fmt: skip
YES_NO = {True: "да", False: "нет"}


class Named(msgspec.Struct, frozen=True, tag_field="is", tag="named"):
    """Something that is shown by the name it bears at the time of reading."""

    type: ObjectType
    id: UUID


class Instant(msgspec.Struct, frozen=True, tag_field="is", tag="instant"):
    """A moment that is shown by the clinic's clock."""

    at: datetime


class Coded(msgspec.Struct, frozen=True, tag_field="is", tag="coded"):
    """A code that is shown with its meaning, where the federal dictionary of that OID is loaded."""

    dictionary: str
    code: str


Value = str | Named | Instant | Coded | None
"""None = nothing: shown as a dash."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One difference: what (of whom, where it is about somebody), before and after."""

    label: str
    old: Value = None
    new: Value = None
    of: Named | None = None


def employee(employee_id: UUID | None) -> Named | None:
    return None if employee_id is None else Named("employee", employee_id)


_TWO = tuple(f"{number:02}" for number in range(60))
"""Dates and times are put together from these, not by strftime, which takes ten times as long: a rebuild tells millions."""


def day_of(day: date) -> str:
    """«23.11.2026»."""
    return f"{_TWO[day.day]}.{_TWO[day.month]}.{day.year}"


def clock_of(moment: datetime) -> str:
    """«10:00»."""
    return f"{_TWO[moment.hour]}:{_TWO[moment.minute]}"


def moment_of(moment: datetime) -> str:
    """«23.11.2026 10:00»."""
    return f"{day_of(moment)} {clock_of(moment)}"


def span(slot: Slot) -> str:
    """«23.11.2026 10:00–10:40», with both dates where midnight lies between."""
    starts_at, ends_at = slot.starts_at, slot.ends_at
    if starts_at.toordinal() == ends_at.toordinal():
        return f"{moment_of(starts_at)}–{clock_of(ends_at)}"
    return f"{moment_of(starts_at)} – {moment_of(ends_at)}"


def rubles(amount: Decimal) -> str:
    """«1 500,00 ₽»."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0₽"


def lines(written: Sequence[Line]) -> str | None:
    """Services of a visit: «Осмотр × 2 – 1 000,00 ₽; …»."""
    return "; ".join(f"{line.name} × {line.quantity} – {rubles(line.amount)}" for line in written) or None


def file_said(file: StoredFile | None) -> str | None:
    """«есть (84 КБ, 3f2a90c1)»: the beginning of the hash tells one file from another."""
    return None if file is None else f"есть ({-(-file.size // 1024)} КБ, {file.sha256[:8]})"


_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_AWAY = {"off": "выходной", "vacation": "отпуск", "sick": "больничный"}


def week(hours: Week | None) -> str:
    """«пн–пт 09:00–21:00; сб–вс выходной»; without a week of one's own: «как у организации»."""
    if hours is None:
        return "как у организации"
    runs = []
    for _, run in groupby(range(7), key=lambda weekday: hours[weekday]):
        days = list(run)
        name = _WEEKDAYS[days[0]] if len(days) == 1 else f"{_WEEKDAYS[days[0]]}–{_WEEKDAYS[days[-1]]}"
        runs.append(f"{name} {said(hours[days[0]])}")
    return "; ".join(runs)


def day(own: Day | None) -> str:
    """Hours of a day, or why there are none; without a day of one's own: «по неделе»."""
    if own is None:
        return "по неделе"
    return said(own.intervals) if own.kind == "work" else _AWAY[own.kind]


def days(changes: Iterable[DayChange]) -> list[Change]:
    """Changed days by employee; neighbouring days that changed alike are told as one."""
    told: list[Change] = []
    run: list[DayChange] = []

    def tell() -> None:
        if run:
            first, last = run[0].date, run[-1].date
            label = day_of(first) if first == last else f"{day_of(first)}–{day_of(last)}"
            told.append(Change(label, day(run[0].old), day(run[0].new), of=employee(run[0].employee_id)))

    for change in sorted(changes, key=lambda change: (change.employee_id.int, change.date)):
        if run and (
            (change.employee_id, change.old, change.new) != (run[-1].employee_id, run[-1].old, run[-1].new)
            or change.date - run[-1].date > timedelta(days=1)
        ):
            tell()
            run = []
        run.append(change)
    tell()
    return told


class Field(msgspec.Struct, frozen=True):
    """A field of a card: its label, and the form in which it is told."""

    label: str
    form: Literal["text", "flag", "phone", "birthday", "sex", "money", "minutes", "snils", "choice"] = "text"
    choices: Mapping[str, str] = {}
    """Labels of stored values, of a choice."""
    refers: ObjectType | None = None
    """Kind of the object whose id this is."""
    dictionary: str = ""
    """OID of the federal dictionary whose code this is."""

    def told(self, value: Scalar) -> Value:
        """The value for people; None for an empty one."""
        if isinstance(value, bool):
            return YES_NO[value]
        if value is None or value == "":
            return None
        written = str(value)
        if self.refers is not None:
            return Named(self.refers, UUID(written))
        if self.dictionary:
            return Coded(self.dictionary, written)
        match self.form:
            case "phone":
                return telephone(written)
            case "birthday":
                return birthday_said(written)
            case "sex":
                return {"male": "мужской", "female": "женский"}.get(written, written)
            case "money":
                return rubles(Decimal(written))
            case "snils":
                return f"{written[:3]}-{written[3:6]}-{written[6:9]} {written[9:]}"
            case "choice":
                return self.choices.get(written, written)
            case "minutes":
                return f"{written} мин"
            case _:
                return written


NAME_FIELDS = {"family_name": Field("Фамилия"), "given_name": Field("Имя"), "patronymic": Field("Отчество")}
EMPLOYEE_FIELDS = NAME_FIELDS | {
    "position": Field("Должность"),
    "phone": Field("Телефон", "phone"),
    "email": Field("E-mail"),
    "takes_visits": Field("Ведёт приём", "flag"),
    "color": Field("Цвет в календаре"),
    "position_id": Field("Должность", refers="position"),
    "position_code": Field("Идентификатор должности", dictionary=POSITIONS),
    "speciality_code": Field("Идентификатор специальности", dictionary=SPECIALITIES),
    "snils": Field("СНИЛС"),
    "inn": Field("ИНН"),
    "birth_date": Field("Дата рождения", "birthday"),
    "passport_number": Field("Паспорт: серия и номер"),
    "passport_issued_on": Field("Паспорт: дата выдачи", "birthday"),
    "passport_issued_by": Field("Паспорт: кем выдан"),
    "other_phones": Field("Дополнительные телефоны"),
    "internal_number": Field("Внутренний номер"),
    "show_calls": Field("Показывать входящие звонки", "flag"),
    "warehouse_id": Field("Склад", refers="warehouse"),
    "comment": Field("Комментарий"),
}
PATIENT_FIELDS = NAME_FIELDS | {
    "card_number": Field("Номер карты"),
    "phone": Field("Телефон", "phone"),
    "birth_date": Field("Дата рождения", "birthday"),
    "sex": Field("Пол", "sex"),
    "source_id": Field("Источник", refers="source"),
    "other_phones": Field("Другие телефоны"),
    "email": Field("E-mail"),
    "city": Field("Город"),
    "street": Field("Улица"),
    "house": Field("Дом"),
    "flat": Field("Квартира"),
    "snils": Field("СНИЛС", "snils"),
    "passport_series": Field("Паспорт, серия"),
    "passport_number": Field("Паспорт, номер"),
    "passport_issued_on": Field("Паспорт, дата выдачи", "birthday"),
    "passport_issued_by": Field("Паспорт, кем выдан"),
    "policy_kind": Field("Полис, вид", "choice", POLICY_KINDS),
    "policy_number": Field("Полис, номер"),
    "policy_insurer": Field("Полис, страховая компания"),
    "representative_family_name": Field("Представитель, фамилия"),
    "representative_given_name": Field("Представитель, имя"),
    "representative_patronymic": Field("Представитель, отчество"),
    "representative_relation": Field("Представитель, кем приходится"),
    "representative_birth_date": Field("Представитель, дата рождения", "birthday"),
    "representative_document_kind": Field("Представитель, документ", "choice", DOCUMENT_KINDS),
    "representative_document_series": Field("Представитель, серия документа"),
    "representative_document_number": Field("Представитель, номер документа"),
    "representative_document_issued_on": Field("Представитель, дата выдачи документа", "birthday"),
    "representative_document_issued_by": Field("Представитель, кем выдан документ"),
    "representative_snils": Field("Представитель, СНИЛС", "snils"),
    "representative_phone": Field("Представитель, телефон", "phone"),
    "representative_address": Field("Представитель, адрес"),
    "comment": Field("Комментарий"),
}
SERVICE_FIELDS = {
    "name": Field("Наименование"),
    "category": Field("Категория"),
    "category_id": Field("Категория", refers="service_category"),
    "unit_id": Field("Единица измерения", refers="unit"),
    "price": Field("Цена", "money"),
    "duration": Field("Продолжительность", "minutes"),
    "online": Field("Онлайн-запись", "flag"),
}


def changed(fields: dict[str, Field], changes: Iterable[FieldChange]) -> list[Change]:
    """Changes of a card by the labels of its fields."""
    return [Change(fields[c.field].label, fields[c.field].told(c.old), fields[c.field].told(c.new)) for c in changes]


def filled(fields: dict[str, Field], values: Iterable[tuple[str, Scalar]]) -> list[Change]:
    """A new card: the fields that aren't empty."""
    return [Change(fields[field].label, None, told) for field, value in values if (told := fields[field].told(value)) is not None]
