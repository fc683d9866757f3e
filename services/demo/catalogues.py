"""The demonstration's catalogues: what the clinic buys, from whom, where patients come from, in which rooms they are received."""

from datetime import datetime
from uuid import UUID

from aggregates.access.rights import PREDEFINED_SETS
from aggregates.catalogue import CatalogueEntry
from aggregates.catalogues import (
    FIRST_ENTRIES,
    CashDesk,
    Counterparty,
    Goods,
    GoodsCategory,
    PaperTemplate,
    PatientCategory,
    Position,
    Room,
    ServiceCategory,
    Source,
    Unit,
    Warehouse,
    first_entry_id,
)
from commands import catalogue
from services.demo.people import SERVICES, STAFF
from services.demo.timeline import Timeline

TEMPLATES = (
    (
        "Договор на оказание услуг",
        "contract",
        (
            "# Договор на оказание платных медицинских услуг\n\n{дата}\n\n"
            "{юрлицо}, ИНН {инн}, {адрес клиники}, далее «Исполнитель», и **{пациент}**, паспорт {паспорт}, адрес {адрес}, "
            "тел. {телефон}, далее «Заказчик», договорились о следующем.\n"
            "- Исполнитель оказывает услуги: {услуги}. Врач: {врач}.\n"
            "- Заказчик оплачивает их в день оказания: {сумма} ({сумма прописью}).\n\n"
            "Исполнитель {подпись}\n\nЗаказчик {подпись} {пациент}"
        ),
    ),
    (
        "Согласие на лечение под анестезией",
        "consent",
        (
            "# Информированное согласие\n\nЯ, **{пациент}**, {дата рождения}, проживаю по адресу: {адрес}, даю согласие "
            "на лечение под "
            "местной анестезией. Врач {врач} рассказал мне о цели, рисках и других способах лечения, "
            "я получил ответы на свои вопросы.\n\n"
            "Законный представитель: {представитель}\n\nПодпись {подпись} {дата}"
        ),
    ),
    (
        "Памятка после удаления зуба",
        "memo",
        (
            "# После удаления зуба\n\n- Два часа не есть, сутки не полоскать и не греть.\n- Не курить, не трогать лунку языком.\n"
            "- Боль и отёк проходят за три дня; если нет – звоните: {телефон клиники}.\n\nВаш врач: {врач}"
        ),
    ),
)
"""Name, kind, text of templates of papers."""
GOODS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("Композит светоотверждаемый, шприц", "Пломбировочные материалы", "2350", "штука", "штука", "1"),
    ("Адгезив универсальный, 5 мл", "Пломбировочные материалы", "4900", "флакон", "миллилитр", "5"),
    ("Гель для протравливания, 12 мл", "Пломбировочные материалы", "1150", "флакон", "миллилитр", "12"),
    ("Анестетик артикаиновый, карпула", "Анестезия", "85", "штука", "штука", "1"),
    ("Игла карпульная", "Анестезия", "12.50", "штука", "штука", "1"),
    ("Перчатки нитриловые, упаковка", "Расходные материалы", "890", "упаковка", "штука", "100"),
    ("Маски трёхслойные, упаковка", "Расходные материалы", "320", "упаковка", "штука", "50"),
    ("Слюноотсос одноразовый, упаковка", "Расходные материалы", "410", "упаковка", "штука", "100"),
    ("Имплантат титановый", "Имплантация", "11800", "штука", "штука", "1"),
    ("Формирователь десны", "Имплантация", "2600", "штука", "штука", "1"),
    ("Щётка ортодонтическая", "Гигиена на продажу", "450", "штука", "штука", "1"),
    ("Паста профессиональная, 100 мл", "Гигиена на продажу", "780", "тюбик", "миллилитр", "100"),
)
"""Name, category, price, units of sale and of write-off, how many of the latter are in one of the former."""

NORMS: dict[str, dict[str, str]] = {
    "Лечение кариеса, одна поверхность": {
        "Композит светоотверждаемый, шприц": "0.1",
        "Адгезив универсальный, 5 мл": "0.1",
        "Анестетик артикаиновый, карпула": "1",
        "Игла карпульная": "1",
    },
    "Удаление зуба простое": {"Анестетик артикаиновый, карпула": "2", "Игла карпульная": "1"},
    "Установка имплантата": {"Имплантат титановый": "1", "Анестетик артикаиновый, карпула": "3", "Игла карпульная": "1"},
}
"""Service → goods → how much of it one service uses up."""

SOURCES = ("Рекомендация знакомых", "Сайт клиники", "Карты и справочники", "Вывеска", "Социальные сети")
CATEGORIES = {"VIP": "#7a5b00", "Сотрудники и близкие": "#1f7a4d", "Требует внимания": "#a13d63"}
"""Categories of patients with their colours."""
DISCOUNTS = {"Сотрудники и близкие": "10"}
"""Of new visits, in percent."""

INSURER = "Страховая компания «Полис»"
"""It pays a share of some visits."""
_COUNTERPARTIES: tuple[dict[str, str], ...] = (
    {
        "name": "ООО «Стомснаб»",
        "inn": "7900000013",
        "kpp": "770701001",
        "phone": "+7 495 000-00-01, доб. 12",
        "contact": "Марина, отдел продаж",
    },
    {"name": "Зуботехническая лаборатория «Эстет»", "phone": "+7 495 000-00-02", "comment": "Работы забирает курьер по средам."},
    {"name": "ИП Кораблёв", "phone": "+7 495 000-00-03", "comment": "Обслуживание установок и компрессора."},
    {"name": INSURER, "phone": "+7 495 000-00-04", "comment": "ДМС: 60 % терапии, счёт раз в месяц."},
)
_RIGHTS_SETS = {"Администратор": "Регистратор", "Внутренний контроль": "Аудитор"}


class Catalogues:
    """Fills the catalogues before the staff and the services that refer to them."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline

    def fill(self, moment: datetime) -> None:
        """Every entry, in the same order and with the same ids each time."""
        sets = {predefined.name: predefined.id for predefined in PREDEFINED_SETS}
        for position in dict.fromkeys(member.position for member in STAFF):
            member = next(member for member in STAFF if member.position == position)
            default = _RIGHTS_SETS.get(position, "Врач" if member.takes_visits else None)
            self._create(moment, Position, {"name": position, **({"rights_set": str(sets[default])} if default else {})})
        for name in SOURCES:
            self._create(moment, Source, {"name": name})
        for name, color in CATEGORIES.items():
            self._create(moment, PatientCategory, {"name": name, "color": color, "discount": DISCOUNTS.get(name, "0")})
        for name, kind, text in TEMPLATES:
            self._create(moment, PaperTemplate, {"name": name, "kind": kind, "text": text})
        for name in ("Кабинет 1", "Кабинет 2", "Кабинет 3 (хирургия)", "Кабинет 4 (детский)", "Рентген"):
            self._create(moment, Room, {"name": name})
        for name in dict.fromkeys(category for _, category, *_ in SERVICES):
            self._create(moment, ServiceCategory, {"name": name})
        self._create(moment, Warehouse, {"name": "Склад хирургии", "address": "2 этаж, кабинет 3"})
        self._create(moment, CashDesk, {"name": "Терминал", "kind": "terminal", "comment": "Оплата картой у администратора."})
        self._create(moment, CashDesk, {"name": "Расчётный счёт", "kind": "bank"})
        for card in _COUNTERPARTIES:
            self._create(moment, Counterparty, card)
        for name in dict.fromkeys(category for _, category, *_ in GOODS):
            self._create(moment, GoodsCategory, {"name": name})
        for name in ("упаковка", "флакон", "тюбик"):
            self._create(moment, Unit, {"name": name})
        for name, category, price, sale, write_off, factor in GOODS:
            card = {
                "name": name,
                "category": str(self.id(GoodsCategory, category)),
                "price": price,
                "sale_unit": str(self._unit(sale)),
                "write_off_unit": str(self._unit(write_off)),
                "factor": factor,
            }
            self._create(moment, Goods, card)

    def _unit(self, name: str) -> UUID:
        return first_entry_id(Unit, name) if (Unit, name) in FIRST_ENTRIES else self.id(Unit, name)

    def id(self, kind: type[CatalogueEntry], name: str) -> UUID:
        return self._timeline.id("catalogue", kind.TOPIC, name)

    def _create(self, moment: datetime, kind: type[CatalogueEntry], card: dict[str, str]) -> None:
        ctx = self._timeline.by_manager(moment, "create_entry")
        catalogue.create_entry(self._timeline.clinic, ctx, kind, card, entry_id=self.id(kind, card["name"]))
