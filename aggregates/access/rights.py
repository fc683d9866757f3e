"""What a user may do: the rights, the tree in which they are shown, and the predefined sets (ACL-1).

A right is one line of `DECLARED`, and its key in the type `Right`, from which the API and the web know it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import groupby
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
    "stock_balances",
    "stock_receipts",
    "stock_write_offs",
    "stock_transfers",
    "goods_issues",
    "stock_counts",
    "money_incomes",
    "money_outgoes",
    "money_transfers",
    "desk_balances",
    "desk_reopening",
    "settlements",
    "patient_finances",
    "payments",
    "refunds",
    "certificates",
    "fiscal_receipts",
    "visit_prices",
    "visit_discounts",
    "paper_templates",
    "income_report",
    "debt_report",
    "load_report",
    "payroll",
    "pay_schemes",
    "tax_certificates",
    "own_payroll",
    "invoices",
]
RIGHTS: tuple[Right, ...] = get_args(Right)
"""In the order in which events store them."""


@dataclass(frozen=True)
class RightDeclaration:
    """All that is known of one right. The two questions of safety have no default: each right answers them.

    section              heading in the tree; "": the right stands beside the sections.
    beyond_own_schedule  it shows or changes other doctors' data, such as their visits: incompatible with «только своё
                         расписание».
    raises               its holder can grant themselves any other right (ACL-5): a set by the employee's card, or a right by the
                         set.
    page                 it opens a page, which may be the start page.
    """

    key: Right
    section: str
    label: str
    _: KW_ONLY
    beyond_own_schedule: bool
    raises: bool
    page: bool = True


DECLARED: tuple[RightDeclaration, ...] = (
    RightDeclaration("calendar", "", "Расписание", beyond_own_schedule=False, raises=False),
    RightDeclaration("sources", "Маркетинг", "Источники", beyond_own_schedule=False, raises=False),
    RightDeclaration("patients", "Продажи", "Пациенты", beyond_own_schedule=False, raises=False),
    RightDeclaration("visits", "Продажи", "Визиты", beyond_own_schedule=False, raises=False),
    RightDeclaration("visit_prices", "Продажи", "Изменение цен в визите", beyond_own_schedule=False, raises=False, page=False),
    RightDeclaration("visit_discounts", "Продажи", "Скидки в визите", beyond_own_schedule=False, raises=False, page=False),
    RightDeclaration("services", "Продажи", "Услуги", beyond_own_schedule=False, raises=False),
    RightDeclaration("patient_categories", "Продажи", "Категории пациентов", beyond_own_schedule=False, raises=False),
    RightDeclaration("stock_balances", "Склад", "Остатки и движение", beyond_own_schedule=False, raises=False),
    RightDeclaration("stock_receipts", "Склад", "Поступления и возвраты", beyond_own_schedule=False, raises=False),
    RightDeclaration("stock_write_offs", "Склад", "Списания", beyond_own_schedule=False, raises=False),
    RightDeclaration("stock_transfers", "Склад", "Перемещения", beyond_own_schedule=False, raises=False),
    RightDeclaration("goods_issues", "Склад", "Расходные накладные", beyond_own_schedule=False, raises=False),
    RightDeclaration("stock_counts", "Склад", "Инвентаризации", beyond_own_schedule=False, raises=False),
    RightDeclaration("goods", "Склад", "Товары и материалы", beyond_own_schedule=False, raises=False),
    RightDeclaration("units", "Склад", "Единицы измерения", beyond_own_schedule=False, raises=False),
    RightDeclaration("warehouses", "Склад", "Склады", beyond_own_schedule=False, raises=False),
    RightDeclaration("counterparties", "Склад", "Контрагенты", beyond_own_schedule=False, raises=False),
    RightDeclaration("employees", "Сотрудники", "Справочник сотрудников", beyond_own_schedule=True, raises=True),
    RightDeclaration("positions", "Сотрудники", "Должности", beyond_own_schedule=False, raises=False),
    RightDeclaration("payroll", "Сотрудники", "Начисление ЗП", beyond_own_schedule=True, raises=False),
    RightDeclaration("pay_schemes", "Сотрудники", "Схемы начисления ЗП", beyond_own_schedule=True, raises=False),
    RightDeclaration("own_payroll", "Сотрудники", "Своя зарплата", beyond_own_schedule=False, raises=False),
    RightDeclaration("money_incomes", "Финансы", "Приход средств", beyond_own_schedule=True, raises=False),
    RightDeclaration("money_outgoes", "Финансы", "Расход средств", beyond_own_schedule=False, raises=False),
    RightDeclaration("money_transfers", "Финансы", "Перемещение средств", beyond_own_schedule=False, raises=False),
    RightDeclaration("desk_balances", "Финансы", "Остатки в кассах", beyond_own_schedule=True, raises=False),
    RightDeclaration("desk_reopening", "Финансы", "Открытие дней касс", beyond_own_schedule=False, raises=False, page=False),
    RightDeclaration("settlements", "Финансы", "Расчёты с контрагентами", beyond_own_schedule=False, raises=False),
    RightDeclaration("invoices", "Финансы", "Счета организациям", beyond_own_schedule=True, raises=False),
    RightDeclaration("patient_finances", "Финансы", "Счета пациентов", beyond_own_schedule=True, raises=False, page=False),
    RightDeclaration("payments", "Финансы", "Приём оплаты", beyond_own_schedule=True, raises=False, page=False),
    RightDeclaration("refunds", "Финансы", "Возврат и удаление оплат", beyond_own_schedule=True, raises=False, page=False),
    RightDeclaration("certificates", "Финансы", "Сертификаты", beyond_own_schedule=True, raises=False),
    RightDeclaration("fiscal_receipts", "Финансы", "Кассовые чеки", beyond_own_schedule=True, raises=False),
    RightDeclaration("tax_certificates", "Финансы", "Справки для налоговой", beyond_own_schedule=True, raises=False),
    RightDeclaration("cash_desks", "Финансы", "Кассы", beyond_own_schedule=False, raises=False),
    RightDeclaration("articles", "Финансы", "Статьи", beyond_own_schedule=False, raises=False),
    RightDeclaration("income_report", "Отчёты", "Отчёт о выручке", beyond_own_schedule=True, raises=False),
    RightDeclaration("debt_report", "Отчёты", "Долги и авансы", beyond_own_schedule=True, raises=False),
    RightDeclaration("load_report", "Отчёты", "Загрузка врачей и кабинетов", beyond_own_schedule=True, raises=False),
    RightDeclaration("hours", "Настройки", "График", beyond_own_schedule=True, raises=False),
    RightDeclaration("clinic_settings", "Настройки", "Настройки клиники", beyond_own_schedule=False, raises=False),
    RightDeclaration("clinic_info", "Настройки", "Информация о клинике", beyond_own_schedule=False, raises=False),
    RightDeclaration("rooms", "Настройки", "Кабинеты", beyond_own_schedule=False, raises=False),
    RightDeclaration("paper_templates", "Настройки", "Шаблоны документов", beyond_own_schedule=False, raises=False),
    RightDeclaration("dictionaries", "Настройки", "Справочники", beyond_own_schedule=False, raises=False),
    RightDeclaration("rights", "Настройки", "Управление правами доступа", beyond_own_schedule=True, raises=True),
    RightDeclaration("journal", "Настройки", "Журнал действий", beyond_own_schedule=True, raises=False),
    RightDeclaration("excel_import", "Настройки", "Загрузка из MS Excel", beyond_own_schedule=False, raises=False),
    RightDeclaration("excel_export", "Настройки", "Выгрузка в MS Excel", beyond_own_schedule=True, raises=False),
    RightDeclaration("mobile_app", "", "Доступ к мобильному приложению", beyond_own_schedule=False, raises=False, page=False),
    RightDeclaration(
        "patient_info", "", "Показывать информацию о пациенте в визите", beyond_own_schedule=False, raises=False, page=False
    ),
    RightDeclaration(
        "calendar_statistics", "", "Показывать блок статистики в расписании", beyond_own_schedule=False, raises=False, page=False
    ),
)
"""Every right once, in the order in which the tree shows them."""
WITHOUT_PAGE: frozenset[Right] = frozenset(right.key for right in DECLARED if not right.page)
BEYOND_OWN_SCHEDULE: frozenset[Right] = frozenset(right.key for right in DECLARED if right.beyond_own_schedule)


class RightNode(msgspec.Struct, frozen=True):
    """A branch of the tree: a section, or a right with its label."""

    label: str
    right: RightDeclaration | None = None
    children: tuple["RightNode", ...] = ()


def _tree() -> Iterator[RightNode]:
    for section, rights in groupby(DECLARED, lambda right: right.section):
        nodes = tuple(RightNode(right.label, right) for right in rights)
        yield from (RightNode(section, children=nodes),) if section else nodes


TREE: tuple[RightNode, ...] = tuple(_tree())


class PredefinedSet(msgspec.Struct, frozen=True):
    """A set of rights that every clinic starts with; `start_page` is a right whose page opens after sign-in."""

    name: str
    start_page: Right
    rights: tuple[Right, ...]

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_DENTA, f"rights-set:{self.name}")


ADMINISTRATOR = PredefinedSet("Администратор", "calendar", RIGHTS)
RECEPTIONIST = PredefinedSet(
    "Регистратор",
    "calendar",
    ("calendar", "patients", "visits", "patient_info", "patient_finances", "payments", "certificates"),
)
DOCTOR = PredefinedSet("Врач", "calendar", ("calendar", "patient_info", "own_payroll"))
AUDITOR = PredefinedSet("Аудитор", "journal", ("journal",))
PREDEFINED_SETS = (ADMINISTRATOR, RECEPTIONIST, DOCTOR, AUDITOR)


def effective_rights(rights_set_id: UUID, written: Sequence[str]) -> tuple[str, ...]:
    """The rights that a set grants: its stored ones, or for «Администратор» all, including rights added to the program later."""
    return RIGHTS if rights_set_id == ADMINISTRATOR.id else tuple(written)


def own_patients_only(rights: Collection[str], *, own_schedule_only: bool, opens_all: bool) -> bool:
    """Whether a set with these rights and options opens the cards of the user's own patients alone."""
    return own_schedule_only and not opens_all and "patients" not in rights


def shows_patient_info(rights: Collection[str]) -> bool:
    """Whether visits show more of their patients than the name: phone, card number, categories, who the patient is (VIS-6)."""
    return "patient_info" in rights


def opens_patient_cards(rights: Collection[str]) -> bool:
    """Whether users who book patients open their cards too, and find them by parts of phone and card number. Without it they
    book and create patients (ACL-4), and see what visits show without `shows_patient_info`: the name.
    """
    return "patients" in rights or shows_patient_info(rights)
