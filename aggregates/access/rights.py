"""What a user may do: the rights, the tree in which they are shown, and the predefined sets (ACL-1)."""

from collections.abc import Collection, Sequence
from typing import Literal, get_args
from uuid import UUID, uuid5

import msgspec

from aggregates.values import NAMESPACE_DENTA

Right = Literal[
    "calendar",
    "sources",
    "patients",
    "visits",
    "services",
    "patient_categories",
    "goods",
    "units",
    "warehouses",
    "counterparties",
    "employees",
    "positions",
    "cash_desks",
    "articles",
    "hours",
    "clinic_settings",
    "clinic_info",
    "rooms",
    "dictionaries",
    "rights",
    "journal",
    "excel_import",
    "excel_export",
    "patient_info",
    "calendar_statistics",
    "mobile_app",
]
RIGHTS: tuple[Right, ...] = get_args(Right)
OPTIONS: frozenset[Right] = frozenset({"patient_info", "calendar_statistics", "mobile_app"})
"""Rights without a page, which can't be a start page."""
RAISING: frozenset[Right] = frozenset({"employees", "rights"})
"""A user with one of these can grant themselves any other (ACL-5): a set by the employee's card, or a right by the set."""
BEYOND_OWN_SCHEDULE: frozenset[Right] = frozenset({"employees", "hours", "rights", "journal", "excel_export"})
"""Rights that show or change other doctors' data, such as their visits: incompatible with «только своё расписание»."""


class RightNode(msgspec.Struct, frozen=True):
    """A branch of the tree: a section, or a right with its label."""

    label: str
    right: Right | None = None
    children: tuple["RightNode", ...] = ()


def _section(label: str, *children: tuple[str, Right]) -> RightNode:
    return RightNode(label, children=tuple(RightNode(name, right) for name, right in children))


TREE: tuple[RightNode, ...] = (
    RightNode("Расписание", "calendar"),
    _section("Маркетинг", ("Источники", "sources")),
    _section(
        "Продажи",
        ("Пациенты", "patients"),
        ("Визиты", "visits"),
        ("Услуги", "services"),
        ("Категории пациентов", "patient_categories"),
    ),
    _section(
        "Склад",
        ("Товары и материалы", "goods"),
        ("Единицы измерения", "units"),
        ("Склады", "warehouses"),
        ("Контрагенты", "counterparties"),
    ),
    _section("Сотрудники", ("Справочник сотрудников", "employees"), ("Должности", "positions")),
    _section("Финансы", ("Кассы", "cash_desks"), ("Статьи", "articles")),
    _section(
        "Настройки",
        ("График", "hours"),
        ("Настройки клиники", "clinic_settings"),
        ("Информация о клинике", "clinic_info"),
        ("Кабинеты", "rooms"),
        ("Справочники", "dictionaries"),
        ("Управление правами доступа", "rights"),
        ("Журнал действий", "journal"),
        ("Загрузка из MS Excel", "excel_import"),
        ("Выгрузка в MS Excel", "excel_export"),
    ),
    RightNode("Доступ к мобильному приложению", "mobile_app"),
    RightNode("Показывать информацию о пациенте в визите", "patient_info"),
    RightNode("Показывать блок статистики в расписании", "calendar_statistics"),
)


class PredefinedSet(msgspec.Struct, frozen=True):
    """A set of rights that every clinic starts with; `start_page` is a right whose page opens after sign-in."""

    name: str
    start_page: Right
    rights: tuple[Right, ...]

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_DENTA, f"rights-set:{self.name}")


ADMINISTRATOR = PredefinedSet("Администратор", "calendar", RIGHTS)
RECEPTIONIST = PredefinedSet("Регистратор", "calendar", ("calendar", "patients", "visits", "patient_info"))
DOCTOR = PredefinedSet("Врач", "calendar", ("calendar", "patient_info"))
AUDITOR = PredefinedSet("Аудитор", "journal", ("journal",))
PREDEFINED_SETS = (ADMINISTRATOR, RECEPTIONIST, DOCTOR, AUDITOR)


def effective_rights(rights_set_id: UUID, written: Sequence[str]) -> tuple[str, ...]:
    """The rights that a set grants: its stored ones, or for «Администратор» all, including rights added to the program later."""
    return RIGHTS if rights_set_id == ADMINISTRATOR.id else tuple(written)


def own_patients_only(rights: Collection[str], *, own_schedule_only: bool, opens_all: bool) -> bool:
    """Whether a set with these rights and options opens the cards of the user's own patients alone."""
    return own_schedule_only and not opens_all and "patients" not in rights
