"""Any object's history and its state at any version (AUD-3), from the log itself, in the journal's words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, cast
from uuid import UUID

import msgspec
from psycopg import Connection

from aggregates.access.rights_set import RightsSet
from aggregates.access.user_access import UserAccess
from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import CATALOGUES
from aggregates.clinic.clinic_settings import SETTINGS, SETTINGS_ID, ClinicSettings
from aggregates.clinic.service import Service
from aggregates.kernel import Aggregate, Decoders
from aggregates.people.employee import Employee
from aggregates.people.patient_card import PatientCard
from aggregates.people.patient_fields import DETAILS
from aggregates.people.registry_acceptance import birthday_said
from aggregates.scheduling.schedule import SCHEDULE_ID, Schedule
from aggregates.scheduling.visit import STATUS_LABELS, Visit
from aggregates.scheduling.working_hours import DayChange
from readmodels import journal_catalogue, setting_values
from readmodels.access.rights_labels import page_label, rights_said
from readmodels.journal import JournalItem, JournalObject, row_of, told
from readmodels.journal_texts import changes_of
from readmodels.journal_values import (
    EMPLOYEE_FIELDS,
    PATIENT_FIELDS,
    SERVICE_FIELDS,
    YES_NO,
    Change,
    Coded,
    Field,
    Named,
    ObjectType,
    Value,
    days,
    employee,
    file_said,
    lines,
    rubles,
    span,
    week,
)
from readmodels.object_titles import ObjectKey, ObjectNames, matching
from readmodels.references import Ref
from readmodels.search_text import readings

KIND_OF: dict[ObjectType, type[Aggregate]] = {
    "schedule": Schedule,
    "visit": Visit,
    "patient": PatientCard,
    "employee": Employee,
    "service": Service,
    "settings": ClinicSettings,
    "rights_set": RightsSet,
    "access": UserAccess,
    **{cast("ObjectType", kind.TOPIC): kind for kind in CATALOGUES},
}
_NOTHING = "–"


class StateField(msgspec.Struct, frozen=True):
    """One line of a state."""

    label: str
    value: str


class State(msgspec.Struct, frozen=True):
    """An object as it was at a version. `moment`: an instant in UTC, when that version was recorded."""

    object: JournalObject
    current_version: int
    moment: datetime
    author: Ref | None
    fields: list[StateField]


class _Author(msgspec.Struct, frozen=True):
    user_id: UUID | None = None
    employee_id: UUID | None = None
    address: str | None = None


_AUTHOR = msgspec.json.Decoder(_Author)


def versions(conn: Connection[Any], decoders: Decoders, object_id: UUID, zone: tzinfo) -> list[JournalItem]:
    """Everything that happened to an object, newest first; nothing for an object that doesn't exist."""
    found = conn.execute(
        """SELECT position, topic, state::text, metadata::text FROM events
          WHERE originator_id = %s ORDER BY originator_version DESC""",
        (object_id,),
    ).fetchall()
    rows = []
    for position, topic, state, metadata in found:
        who = _AUTHOR.decode(metadata)
        event = decoders[topic](state.encode())
        rows.append((row_of(event, position, who.user_id, who.employee_id, who.address), changes_of(event)))
    return told(conn, rows, zone)


def state(conn: Connection[Any], aggregate: Aggregate) -> State:
    """An aggregate, replayed to the version that is asked for, as labelled values."""
    (object_type,) = (kind for kind, known in KIND_OF.items() if known is type(aggregate))
    row = conn.execute(
        """SELECT metadata::text, (SELECT max(originator_version) FROM events WHERE originator_id = %(id)s)
          FROM events WHERE originator_id = %(id)s AND originator_version = %(version)s""",
        {"id": aggregate.id, "version": aggregate.version},
    ).fetchone()
    if row is None:
        raise LookupError(f"{object_type} {aggregate.id} has no version {aggregate.version}")
    metadata, current = row
    who = _AUTHOR.decode(metadata).employee_id
    described = list(_DESCRIBE[object_type](aggregate))
    keys: list[ObjectKey] = [(object_type, aggregate.id)]
    keys += [("employee", who)] if who else []
    names = ObjectNames(conn, keys, (value.of if isinstance(value, Change) else value for _, value in described))
    title = names.title(object_type, aggregate.id)
    return State(
        object=JournalObject(object_type, aggregate.id, title, aggregate.version),
        current_version=current,
        moment=aggregate.modified_on.astimezone(UTC),
        author=Ref(who, names.name("employee", who)) if who else None,
        fields=[_field(label, value, names) for label, value in described],
    )


class Found(msgspec.Struct, frozen=True):
    """An object that somebody may mean."""

    type: ObjectType
    id: UUID
    title: str


_BY_NUMBER: Mapping[str, str] = {
    "visit": "SELECT visit_id FROM calendar WHERE number::text = %s",
    "patient": "SELECT patient_id FROM patients WHERE card_number = %s",
    "employee": "SELECT employee_id FROM employees WHERE number::text = %s",
}
"""What people call an object by, in place of its id."""


def find(conn: Connection[Any], written: str) -> list[Found]:
    """The objects that somebody may mean at the terminal: «visit/12» or «patient/404» (their numbers), «service/консультация» or
    «Иванов Пётр» (words of the name, of a kind or of any), an id, «schedule», «settings»; exactly one where there is no doubt.
    """
    kind, _, rest = written.replace("/", " ", 1).strip().partition(" ")
    if kind not in KIND_OF:
        kind, rest = "", written.strip()
    if kind in {"schedule", "settings"}:
        ids = [SCHEDULE_ID if kind == "schedule" else SETTINGS_ID]
    elif (object_id := _id(rest)) is not None:
        ids = [object_id]
    else:
        ids = [row[0] for row in conn.execute(_BY_NUMBER[kind], (rest,)).fetchall()] if kind in _BY_NUMBER else []
        ids = ids or [id_ for ways in readings(rest)[:1] for id_ in matching(conn, ways)]
    query = "SELECT originator_id, topic FROM events WHERE originator_id = ANY(%s) AND originator_version = 1 ORDER BY position"
    keys = [(_kind_of(topic), id_) for id_, topic in conn.execute(query, (ids,)).fetchall()]
    wanted = [(known, id_) for known, id_ in keys if known and kind in {"", known}]
    names = ObjectNames(conn, wanted)
    return [Found(known, id_, names.title(known, id_)) for known, id_ in wanted]


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _kind_of(topic: str) -> ObjectType | None:
    return next((known for known in KIND_OF if topic.startswith(f"{known}.")), None)


Described = Iterable[tuple[str, Value | Change]]
"""Label and value; a Change stands for a value of somebody (`of`), its `new` being the value."""


def _field(label: str, value: Value | Change, names: ObjectNames) -> StateField:
    if isinstance(value, Change):
        who = names.of(value.of) if value.of else ""
        return StateField(f"{who}, {value.label}", str(value.new))
    if isinstance(value, Named | Coded):
        return StateField(label, names.of(value))
    return StateField(label, _NOTHING if value is None else str(value))


def _card(fields: Mapping[str, Field], card: Mapping[str, Any]) -> Described:
    return [(field.label, field.told(card[name])) for name, field in fields.items()]


def _patient(card: PatientCard) -> Described:
    """Of the many details those that are known."""
    known = {field: value for field, value in card.card().items() if field not in DETAILS or value != ""}
    yield from _card({name: field for name, field in PATIENT_FIELDS.items() if name in known}, known)
    yield from (("Категория", Named("patient_category", category_id)) for category_id in card.categories)
    if card.registry is not None:
        yield "Принята ЕГИСЗ", f"{card.registry.name.full}, {birthday_said(card.registry.birth_date) or 'без даты рождения'}"
    if card.photo is not None:
        yield "Фотография", file_said(card.photo)
    if card.merged_into is not None:
        yield "Присоединена к карте", Named("patient", card.merged_into)
    for part in card.absorbed:
        yield "Присоединена карта", Named("patient", part)
    yield "Удалена", YES_NO[card.deleted]


def _visit(visit: Visit) -> Described:
    return [
        ("Номер", str(visit.number)),
        ("Пациент", Named("patient", visit.patient_id)),
        ("Врач", employee(visit.slot.doctor_id)),
        ("Время", span(visit.slot)),
        ("Статус", STATUS_LABELS[visit.status]),
        ("Услуги", lines(visit.lines)),
        ("Сумма", rubles(visit.total)),
        ("Кабинет", visit.room or None),
        ("Комментарий", visit.comment or None),
        ("Удалён", YES_NO[visit.deleted]),
    ]


def _schedule(schedule: Schedule) -> Described:
    hours = schedule.hours
    yield "Часы организации", week(hours.organisation)
    for employee_id, present in hours.employees.items():
        said = week(hours.weeks.get(employee_id))
        yield "", Change("неделя", None, said if present else f"{said} (удалён)", of=employee(employee_id))
    own = [DayChange(employee_id, day, None, value) for employee_id, cells in hours.days.items() for day, value in cells.items()]
    for change in days(own):
        yield "", change


def _employee(person: Employee) -> Described:
    unsaid = "position" if person.record.position_id else "position_id"
    yield from _card({name: field for name, field in EMPLOYEE_FIELDS.items() if name != unsaid}, person.card())
    if person.photo is not None:
        yield "Фотография", file_said(person.photo)


def _service(service: Service) -> Described:
    card = {"category": service.category, **service.card()}
    unsaid = "category" if service.category_id else "category_id"
    yield from _card({name: field for name, field in SERVICE_FIELDS.items() if name != unsaid}, card)
    yield from (("Оказывает", employee(doctor_id)) for doctor_id in service.doctors)
    for norm in service.norms:
        yield "", Change("норма расхода", None, norm.quantity.replace(".", ","), of=Named("goods", norm.goods_id))
    yield "Удалена", YES_NO[service.deleted]


def _entry(entry: CatalogueEntry) -> Described:
    for name, field in entry.FIELDS.items():
        yield field.label, journal_catalogue.told(field, entry.card[name])
    yield "Удалено", YES_NO[entry.deleted]


_DESCRIBE: dict[ObjectType, Callable[[Any], Described]] = {
    **{cast("ObjectType", kind.TOPIC): _entry for kind in CATALOGUES},
    "schedule": _schedule,
    "visit": _visit,
    "patient": _patient,
    "employee": lambda person: [
        ("Номер", str(person.number)), *_employee(person), ("Удалён", YES_NO[person.deleted]),
    ],
    "service": _service,
    "settings": lambda settings: [
        (setting.label, setting_values.told(name, settings.values[name])) for name, setting in SETTINGS.items()
    ],
    "rights_set": lambda rights_set: [
        ("Наименование", rights_set.name), ("Стартовая страница", page_label(rights_set.start_page)),
        ("Права", rights_said(rights_set.rights)), ("Видит только своё расписание", YES_NO[rights_set.own_schedule_only]),
        ("Открывает карты всех пациентов", YES_NO[rights_set.opens_all_patients]),
        ("Удалён", YES_NO[rights_set.deleted]),
    ],
    "access": lambda access: [
        ("Сотрудник", employee(access.employee_id)), ("E-mail для входа", access.email),
        ("Набор прав", Named("rights_set", access.rights_set_id)), ("Разрешён", YES_NO[access.allowed]),
        ("Вход с кодом", YES_NO[access.second_factor]),
    ],
}  # fmt: skip
