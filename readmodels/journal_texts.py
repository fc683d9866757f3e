"""What the action journal says about every event: kind, sentence, old and new values, others concerned.

A sentence is what follows the object's title: «Визит № 12» + «удалён», «Доступ к системе (…)» + «: задан новый пароль».
Titles and names are joined when the journal is read, since an event doesn't repeat what its stream said before. Pure
functions of the event, at home in the journal's fold and in an object's history alike.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, cast
from uuid import UUID

import msgspec

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess
from aggregates.catalogue import CatalogueEntry, EntryChanged, EntryCreated
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.clinic_settings import ClinicSettings
from aggregates.clinic.service import Service
from aggregates.kernel import Event
from aggregates.people.employee import Employee
from aggregates.people.patient_card import PatientCard
from aggregates.scheduling.schedule import Schedule
from aggregates.scheduling.visit import STATUS_LABELS, Visit
from aggregates.values import FieldChange
from readmodels import (
    journal_catalogue,
    journal_employee,
    journal_patient_card,
    journal_schedule,
    journal_service,
    journal_visit,
    setting_values,
)
from readmodels.access.rights_labels import page_label, rights_said
from readmodels.journal_values import (
    PATIENT_FIELDS,
    YES_NO,
    Change,
    Named,
    ObjectType,
    changed,
    employee,
    file_said,
    filled,
    moment_of,
    week,
)
from readmodels.search_text import normal

_MOST_CHANGES = 200
"""Differences told of one event: a year of shifts for the whole staff is read in the version's window, not in a row."""

KINDS: dict[str, str] = {
    "booked": "Запись на приём",
    "moved": "Перенос визита",
    "described": "Изменение визита",
    "status": "Смена статуса визита",
    "visit_deleted": "Удаление визита",
    "visit_returned": "Возврат визита",
    "patient_created": "Новый пациент",
    "patient_changed": "Изменение карты пациента",
    "patient_photo": "Фотография пациента",
    "patient_accepted": "Передача карты в ЕГИСЗ",
    "patient_merged": "Объединение карт пациентов",
    "patient_separated": "Разъединение карт пациентов",
    "patient_deleted": "Удаление карты пациента",
    "patient_returned": "Возврат карты пациента",
    "hours": "Изменение графика",
    "restored": "Восстановление графика",
    "staff": "Состав графика",
    "hired": "Приём сотрудника",
    "employee_changed": "Изменение карточки сотрудника",
    "employee_photo": "Фотография сотрудника",
    "employee_deleted": "Удаление сотрудника",
    "employee_returned": "Возврат сотрудника",
    "access": "Доступ к системе",
    "password": "Смена пароля",
    "second_factor": "Вход с кодом",
    "rights": "Права доступа",
    "service_created": "Новая услуга",
    "service_changed": "Изменение услуги",
    "service_deleted": "Удаление услуги",
    "service_returned": "Возврат услуги",
    "entry_created": "Новая запись справочника",
    "entry_changed": "Изменение записи справочника",
    "entry_deleted": "Удаление записи справочника",
    "entry_returned": "Возврат записи справочника",
    "settings": "Изменение настроек",
    "opened": "Начало работы",
}
"""Kinds of actions with their labels, in the order of the filter."""

OBJECTS: dict[ObjectType, str] = {
    "schedule": "График работы",
    "visit": "Визит",
    "patient": "Карта пациента",
    "employee": "Сотрудник",
    "service": "Услуга",
    "settings": "Настройки клиники",
    "rights_set": "Набор прав",
    "access": "Доступ к системе",
    **{cast("ObjectType", kind.TOPIC): kind.ONE for kind in CATALOGUES},
}
"""Kinds of objects with their labels, in the order of the filter."""


class Entry(msgspec.Struct, frozen=True):
    """What one event is in the journal."""

    kind: str
    summary: str
    refs: tuple[UUID, ...]
    """Other objects that it concerns."""


class Text(msgspec.Struct, frozen=True):
    """How one class of events is told; `summary` may depend on the event."""

    kind: str
    summary: str | Callable[[Any], str]
    changes: Callable[[Any], Iterable[Change]] = lambda _: ()
    refs: Callable[[Any], Iterable[UUID | None]] = lambda _: ()


@cache
def object_type_of(topic: str) -> ObjectType:
    """The kind of object that a stored topic is about."""
    kind = topic.partition(".")[0]
    if kind not in OBJECTS:
        raise LookupError(f"the journal doesn't know {topic}")
    return kind


def entry(event: Event) -> Entry:
    """What the journal says about an event; LookupError for one that has no text."""
    text = _text(event)
    summary = text.summary if isinstance(text.summary, str) else text.summary(event)
    return Entry(text.kind, summary, _distinct(text.refs(event)))


def changes_of(event: Event) -> tuple[Change, ...]:
    """Old and new values of an event. Told when an entry is read: no read model keeps what the log holds already."""
    changes = tuple(_text(event).changes(event))
    if len(changes) <= _MOST_CHANGES:
        return changes
    rest = Change("Остальные изменения", None, f"ещё {len(changes) - _MOST_CHANGES}: смотрите версию графика")
    return (*changes[:_MOST_CHANGES], rest)


def _text(event: Event) -> Text:
    text = TEXTS.get(type(event))
    if text is None:
        raise LookupError(f"the journal has no text for {event.TOPIC}")
    return text


def _distinct(refs: Iterable[UUID | None]) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for ref in refs:
        if ref is not None and ref not in found:
            found.append(ref)
    return tuple(found)


_PHRASES = (
    "изменён часы организации недель сотрудников дней восстановлен по версии записан на перенесён на получил статус",
    "передан другому врачу получил врача остался без врача изменён по длительности",
    *STATUS_LABELS.values(),
)
"""Words of the sentences that depend on the event."""


def in_sentences(form: str) -> bool:
    """Whether a piece of text (in the form of `search_text.normal`) may occur in a sentence: as a part of one of their words,
    a date, or a version. Whoever looks for a name needn't look through the sentences.
    """
    return any(character in form for character in ".:«»") or any(form in word for word in _vocabulary())


@cache
def _vocabulary() -> frozenset[str]:
    fixed = (text.summary for text in TEXTS.values() if isinstance(text.summary, str))
    return frozenset(word for phrase in (*fixed, *_PHRASES) for word in normal(phrase).strip(": ").split())


# --- cards, settings, rights ---------------------------------------------------------------------------------------------


def _settings(changes: Iterable[FieldChange]) -> list[Change]:
    return [
        Change(setting_values.label(c.field), setting_values.told(c.field, c.old), setting_values.told(c.field, c.new))
        for c in changes
    ]


def _first_settings(event: ClinicSettings.Opened) -> list[Change]:
    told = ((name, setting_values.told(name, value)) for name, value in event.values.items())
    return [Change(setting_values.label(name), None, value) for name, value in told if value is not None]


# --- catalogues ----------------------------------------------------------------------------------------------------------


def _entry_created(kind: type[CatalogueEntry]) -> Text:
    def changes(event: EntryCreated) -> list[Change]:
        return journal_catalogue.filled(kind, event.card)

    return Text("entry_created", ": создана запись", changes, lambda e: journal_catalogue.references(kind, e.card))


def _entry_changed(kind: type[CatalogueEntry]) -> Text:
    def changes(event: EntryChanged) -> list[Change]:
        return journal_catalogue.changed(kind, event.changes)

    return Text("entry_changed", ": изменена запись", changes)


def _entries() -> dict[type[Event], Text]:
    texts: dict[type[Event], Text] = {}
    for kind in CATALOGUES:
        texts[kind.Created] = _entry_created(kind)
        texts[kind.Changed] = _entry_changed(kind)
        texts[kind.Deleted] = Text("entry_deleted", ": запись удалена")
        texts[kind.Returned] = Text("entry_returned", ": запись возвращена")
    return texts


def _rights_set(event: RightsSet.Changed) -> Iterable[Change]:
    if event.name:
        yield Change("Наименование", event.name.old, event.name.new)
    if event.start_page:
        yield Change("Стартовая страница", page_label(event.start_page.old), page_label(event.start_page.new))
    if event.rights:
        old, new = event.rights.old, event.rights.new
        if given := rights_said(right for right in new if right not in old):
            yield Change("Права даны", None, given)
        if taken := rights_said(right for right in old if right not in new):
            yield Change("Права сняты", taken, None)
    if event.own_schedule_only:
        yield Change("Видит только своё расписание", YES_NO[event.own_schedule_only.old], YES_NO[event.own_schedule_only.new])
    if event.opens_all_patients:
        yield Change("Открывает карты всех пациентов", YES_NO[event.opens_all_patients.old], YES_NO[event.opens_all_patients.new])


TEXTS: dict[type[Event], Text] = {
    **_entries(),
    Schedule.Opened: Text("opened", "создан", lambda e: [Change("Часы организации", None, week(e.organisation))]),
    Schedule.EmployeeAdded: Text(
        "staff", ": добавлен новый сотрудник",
        lambda e: [Change("Сотрудник", None, employee(e.employee_id))], lambda e: [e.employee_id],
    ),
    Schedule.EmployeeRemoved: Text(
        "staff", ": убран удалённый сотрудник",
        lambda e: [Change("Сотрудник", employee(e.employee_id), None)], lambda e: [e.employee_id],
    ),
    Schedule.EmployeeReturned: Text(
        "staff", ": возвращён удалённый сотрудник",
        lambda e: [Change("Сотрудник", None, employee(e.employee_id))], lambda e: [e.employee_id],
    ),
    Schedule.HoursSaved: Text(
        "hours", journal_schedule.summary, lambda e: journal_schedule.hours(e.changes),
        lambda e: journal_schedule.people(e.changes),
    ),
    Schedule.Restored: Text(
        "restored", lambda e: f"восстановлен по версии {e.to_version}", journal_schedule.restored,
        lambda e: journal_schedule.people(e.changes),
    ),
    Visit.Booked: Text(
        "booked", lambda e: f"записан на {moment_of(e.starts_at)}", journal_visit.booked, lambda e: [e.patient_id, e.doctor_id]
    ),
    Visit.Moved: Text("moved", journal_visit.moved_summary, journal_visit.moved, lambda e: [e.old.doctor_id, e.new.doctor_id]),
    Visit.Described: Text("described", "изменён", journal_visit.described, journal_visit.described_concerned),
    Visit.StatusChanged: Text(
        "status", lambda e: f"получил статус «{STATUS_LABELS[e.new]}»",
        lambda e: [Change("Статус", STATUS_LABELS[e.old], STATUS_LABELS[e.new]), *journal_visit.accepted(e.despite)],
    ),
    Visit.Deleted: Text("visit_deleted", "удалён"),
    Visit.Returned: Text("visit_returned", "возвращён", lambda e: journal_visit.accepted(e.despite)),
    PatientCard.Created: Text("patient_created", "создана", journal_patient_card.created, journal_patient_card.concerned),
    PatientCard.CardChanged: Text("patient_changed", "изменена", lambda e: changed(PATIENT_FIELDS, e.changes)),
    PatientCard.CategoriesChanged: Text(
        "patient_changed", ": изменены категории", lambda e: journal_patient_card.categories(e.old, e.new),
        lambda e: {*e.old} ^ {*e.new}
    ),
    PatientCard.AcceptedByRegistry: Text(
        "patient_accepted", "принята ЕГИСЗ",
        lambda e: filled(PATIENT_FIELDS, {**e.name.fields(), "birth_date": e.birth_date}.items()),
    ),
    PatientCard.PhotoChanged: Text(
        "patient_photo", ": изменена фотография", lambda e: [Change("Фотография", file_said(e.old), file_said(e.new))]
    ),
    PatientCard.Absorbed: Text(
        "patient_merged", ": присоединена другая карта", journal_patient_card.absorbed, lambda e: [e.patient_id]
    ),
    PatientCard.MergedInto: Text(
        "patient_merged", "присоединена к другой карте", lambda e: [Change("Основная карта", None, Named("patient", e.into))],
        lambda e: [e.into],
    ),
    PatientCard.Released: Text(
        "patient_separated", ": отделена другая карта",
        lambda e: [Change("Отделена карта", Named("patient", e.patient_id), None)], lambda e: [e.patient_id],
    ),
    PatientCard.Separated: Text(
        "patient_separated", "отделена от другой карты",
        lambda e: [Change("Основная карта", Named("patient", e.kept), None)], lambda e: [e.kept],
    ),
    PatientCard.Deleted: Text("patient_deleted", "удалена"),
    PatientCard.Returned: Text("patient_returned", "возвращена"),
    Employee.Hired: Text("hired", "принят на работу", journal_employee.hired, journal_employee.concerned),
    Employee.CardChanged: Text("employee_changed", "изменён", journal_employee.changed),
    Employee.PhotoChanged: Text(
        "employee_photo", ": изменена фотография", lambda e: [Change("Фотография", file_said(e.old), file_said(e.new))]
    ),
    Employee.Deleted: Text("employee_deleted", "удалён"),
    Employee.Returned: Text("employee_returned", "возвращён"),
    Service.Created: Text("service_created", "создана", journal_service.created, journal_service.concerned),
    Service.Changed: Text("service_changed", "изменена", journal_service.changed),
    Service.DoctorsChanged: Text(
        "service_changed", ": изменён список врачей",
        lambda e: [*journal_service.doctors(e.old, e.new), *journal_visit.accepted(e.despite)],
        lambda e: set(e.old) ^ set(e.new),
    ),
    Service.NormsChanged: Text(
        "service_changed", ": изменены нормы расхода", lambda e: journal_service.norms(e.old, e.new),
        lambda e: [norm.goods_id for norm in (*e.old, *e.new)],
    ),
    Service.Deleted: Text("service_deleted", "удалена", lambda e: journal_visit.accepted(e.despite)),
    Service.Returned: Text("service_returned", "возвращена"),
    ClinicSettings.Opened: Text("opened", "заданы впервые", _first_settings),
    ClinicSettings.Changed: Text("settings", "изменены", lambda e: _settings(e.changes)),
    RightsSet.Created: Text(
        "rights", "создан",
        lambda e: [
            Change("Наименование", None, e.name), Change("Стартовая страница", None, page_label(e.start_page)),
            Change("Права", None, rights_said(e.rights)),
        ],
    ),
    RightsSet.Changed: Text("rights", "изменён", _rights_set),
    RightsSet.Deleted: Text("rights", "удалён"),
    RightsSet.Returned: Text("rights", "возвращён"),
    UserAccess.Granted: Text(
        "access", "разрешён",
        lambda e: [
            Change("Сотрудник", None, employee(e.employee_id)), Change("E-mail для входа", None, e.email),
            Change("Набор прав", None, Named("rights_set", e.rights_set_id)),
        ],
        lambda e: [e.employee_id, e.rights_set_id],
    ),
    UserAccess.RightsSetAssigned: Text(
        "rights", ": назначен другой набор прав",
        lambda e: [Change("Набор прав", Named("rights_set", e.old), Named("rights_set", e.new))], lambda e: [e.old, e.new],
    ),
    UserAccess.EmailChanged: Text(
        "access", ": изменён адрес для входа", lambda e: [Change("E-mail для входа", e.old, e.new)]
    ),
    UserAccess.PasswordSet: Text("password", ": задан новый пароль"),
    UserAccess.SecondFactorEnabled: Text("second_factor", ": включён вход с кодом"),
    UserAccess.SecondFactorRemoved: Text("second_factor", ": отключён вход с кодом"),
    UserAccess.Withdrawn: Text("access", "закрыт"),
}  # fmt: skip
"""Every registered event has its text here; a test sees to it."""
