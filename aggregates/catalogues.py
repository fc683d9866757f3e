"""The plain catalogues of a clinic, each declared by its fields (STK-1, FIN-1, PAT-1, ACL-3)."""

from uuid import UUID, uuid5

import msgspec

from aggregates.access.rights import Right
from aggregates.catalogue import CatalogueEntry, catalogue
from aggregates.fields import CHOICE, COLOR, FACTOR, LINES, MONEY, REFERENCE, Field
from aggregates.money.desk_kind import DESK_KIND
from aggregates.money.receipt import VAT
from aggregates.people.person import EMAIL
from aggregates.percent import PERCENT
from aggregates.requisites import INN, KPP
from aggregates.template_text import TEMPLATE_TEXT
from aggregates.values import NAMESPACE_DENTA

_STOCK: tuple[Right, ...] = (
    "stock_balances",
    "stock_receipts",
    "stock_write_offs",
    "stock_transfers",
    "goods_issues",
    "stock_counts",
)
"""Rights that choose goods and warehouses for documents and reports."""
_MONEY: tuple[Right, ...] = ("money_incomes", "money_outgoes", "money_transfers", "desk_balances", "settlements", "invoices")
"""Rights that choose desks and counterparties for documents and reports."""
_COMMENT = Field(name="comment", label="Комментарий", kind=LINES, listed=False)

Unit = catalogue(
    "unit",
    title="Единицы измерения",
    one="Единица измерения",
    new="Новая единица измерения",
    path="units",
    right="units",
    published=True,
    chosen_with=("goods", "services"),
)
Warehouse = catalogue(
    "warehouse",
    Field(name="address", label="Адрес", limit=300),
    _COMMENT,
    title="Склады",
    one="Склад",
    new="Новый склад",
    path="warehouses",
    right="warehouses",
    published=True,
    chosen_with=("clinic_settings", "employees", "calendar", *_STOCK),
)
GoodsCategory = catalogue(
    "goods_category",
    title="Категории товаров",
    one="Категория товаров",
    new="Новая категория товаров",
    path="goods-categories",
    right="goods",
    published=True,
    chosen_with=_STOCK,
)
Goods = catalogue(
    "goods",
    Field(name="category", label="Категория", kind=REFERENCE, refers="goods_category", required=True),
    Field(name="price", label="Цена", kind=MONEY, required=True),
    Field(name="sale_unit", label="Единица измерения (продажа)", kind=REFERENCE, refers="unit", required=True),
    Field(name="write_off_unit", label="Единица измерения (списание)", kind=REFERENCE, refers="unit", listed=False),
    Field(name="factor", label="Единиц списания в единице продажи", kind=FACTOR, listed=False),
    Field(name="article", label="Артикул", limit=100),
    msgspec.structs.replace(VAT, listed=False),
    _COMMENT,
    title="Товары",
    one="Товар",
    new="Новый товар",
    path="goods",
    right="goods",
    published=True,
    chosen_with=_STOCK,
    unique=False,
)
Counterparty = catalogue(
    "counterparty",
    Field(name="inn", label="ИНН", kind=INN),
    Field(name="kpp", label="КПП", kind=KPP, listed=False),
    Field(name="address", label="Адрес", limit=300),
    Field(name="phone", label="Телефон", limit=100),
    Field(name="email", label="E-mail", kind=EMAIL, listed=False),
    Field(name="contact", label="Контактное лицо"),
    _COMMENT,
    title="Контрагенты",
    one="Контрагент",
    new="Новый контрагент",
    path="counterparties",
    right="counterparties",
    published=False,
    chosen_with=("stock_receipts", "goods_issues", "payments", *_MONEY),
    unique=False,
)
CashDesk = catalogue(
    "cash_desk",
    DESK_KIND,
    _COMMENT,
    title="Кассы",
    one="Касса",
    new="Новая касса",
    path="cash-desks",
    right="cash_desks",
    published=True,
    chosen_with=("clinic_settings", "calendar_statistics", "certificates", *_MONEY),
)
ServiceCategory = catalogue(
    "service_category",
    title="Категории услуг",
    one="Категория услуг",
    new="Новая категория услуг",
    path="service-categories",
    right="services",
    published=True,
)
PatientCategory = catalogue(
    "patient_category",
    Field(name="color", label="Цвет", kind=COLOR, required=True),
    Field(name="discount", label="Скидка на новые визиты", kind=PERCENT),
    title="Категории пациентов",
    one="Категория пациентов",
    new="Новая категория пациентов",
    path="patient-categories",
    right="patient_categories",
    published=True,
    chosen_with=("calendar", "patients"),
)
Source = catalogue(
    "source",
    title="Источники",
    one="Источник",
    new="Новый источник",
    path="sources",
    right="sources",
    published=True,
    chosen_with=("calendar", "patients"),
)
Room = catalogue(
    "room",
    _COMMENT,
    title="Кабинеты",
    one="Кабинет",
    new="Новый кабинет",
    path="rooms",
    right="rooms",
    published=True,
    chosen_with=("calendar",),
)
Position = catalogue(
    "position",
    Field(name="rights_set", label="Набор прав по умолчанию", kind=REFERENCE, refers="rights_set"),
    title="Должности",
    one="Должность",
    new="Новая должность",
    path="positions",
    right="positions",
    published=True,
    chosen_with=("employees",),
)
PAPER_KINDS = {"contract": "Договор", "consent": "Согласие", "memo": "Памятка", "other": "Другой"}
PaperTemplate = catalogue(
    "paper_template",
    Field(name="kind", label="Вид", kind=CHOICE, choices=PAPER_KINDS, required=True),
    Field(name="text", label="Текст", kind=TEMPLATE_TEXT, required=True, listed=False),
    title="Шаблоны документов",
    one="Шаблон документа",
    new="Новый шаблон документа",
    path="paper-templates",
    right="paper_templates",
    published=False,
    chosen_with=("calendar", "patients"),
)

CATALOGUES: tuple[type[CatalogueEntry], ...] = (
    Unit,
    Warehouse,
    GoodsCategory,
    Goods,
    Counterparty,
    CashDesk,
    ServiceCategory,
    PatientCategory,
    Source,
    Room,
    Position,
    PaperTemplate,
)

FIRST_ENTRIES: tuple[tuple[type[CatalogueEntry], str], ...] = (
    *((Unit, name) for name in ("штука", "минута", "процедура", "зуб", "миллилитр")),
    (Warehouse, "Основной склад"),
    (CashDesk, "Основная касса"),
)
"""Entries that every clinic starts with."""


def first_entry_id(kind: type[CatalogueEntry], name: str) -> UUID:
    """The id of one of `FIRST_ENTRIES`, the same in every clinic."""
    return uuid5(NAMESPACE_DENTA, f"{kind.TOPIC}:{name}")


def choosing_rights(kind: type[CatalogueEntry]) -> tuple[Right, ...]:
    """Rights that allow to choose from a catalogue: its own, `CHOSEN_WITH`, and those of catalogues that refer to it."""
    referring = (other.RIGHT for other in CATALOGUES if any(field.refers == kind.TOPIC for field in other.FIELDS.values()))
    return tuple(dict.fromkeys((kind.RIGHT, *kind.CHOSEN_WITH, *referring)))
