"""The clinic's settings, each declared with label, default and allowed values; every change is an event (CLN-3)."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar, Literal
from uuid import UUID, uuid5

from aggregates.clinic.clinic_information import INFORMATION, check_information
from aggregates.clinic.setting import Setting
from aggregates.day import DATE, day
from aggregates.fields import CHOICE, NUMBER, REFERENCE_TEXT, Fields
from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.money.receipt import VATS, Subject, Vat
from aggregates.regions import REGIONS, Region
from aggregates.values import NAMESPACE_DENTA, FieldChange, Scalar, WrongValue, field_changes

SETTINGS_ID = uuid5(NAMESPACE_DENTA, "clinic-settings")
PatientsAtOnce = Literal["several", "one"]

_YES_NO: Mapping[str | int | bool, str] = {True: "Да", False: "Нет"}

_DECLARED: tuple[Setting, ...] = (
    Setting(
        name="visit_without_doctor",
        label="Сохранение визита без указания врача",
        initial=True,
        kind=CHOICE,
        choices={True: "Разрешено", False: "Запрещено"},
        group="booking",
    ),
    Setting(
        name="patients_at_once",
        label="К одному врачу можно одновременно записать несколько пациентов",
        initial="several",
        kind=CHOICE,
        choices={"several": "Несколько пациентов", "one": "Только одного пациента"},
        group="booking",
    ),
    Setting(
        name="calendar_step",
        label="Масштаб календаря по умолчанию",
        initial=20,
        kind=CHOICE,
        choices={minutes: f"{minutes} минут" for minutes in (5, 10, 15, 20, 30, 60)},
        group="booking",
    ),
    Setting(
        name="first_visit_months",
        label="Пациент считается первичным, если не посещал клинику столько месяцев",
        hint="0 – если не был в клинике никогда.",
        initial=12,
        kind=NUMBER,
        most=120,
        group="booking",
    ),
    Setting(
        name="create_services",
        label="Создавать услуги из визита и предварительной записи",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="visit",
    ),
    Setting(
        name="create_goods",
        label="Создавать товары из визита",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="visit",
    ),
    Setting(
        name="past_documents",
        label="Работа с документами за прошедшие периоды разрешена",
        initial=True,
        kind=CHOICE,
        choices=_YES_NO,
        group="documents",
    ),
    Setting(
        name="closed_before",
        label="Документы закрыты до даты",
        hint="Сам этот день открыт.",
        initial="",
        kind=DATE,
        group="documents",
        only_with=("past_documents", False),
    ),
    Setting(
        name="show_deleted",
        label="Показывать удалённые объекты",
        initial=False,
        kind=CHOICE,
        choices={True: "Показывать", False: "Не показывать"},
        group="documents",
    ),
    Setting(
        name="default_warehouse",
        label="Склад по умолчанию",
        hint="Его предлагает новый складской документ.",
        initial="",
        kind=REFERENCE_TEXT,
        refers="warehouse",
        group="stock",
    ),
    Setting(
        name="write_off_warehouse",
        label="Склад для списания",
        hint="С него завершённый визит списывает товары и материалы, если в визите не выбран другой.",
        initial="",
        kind=REFERENCE_TEXT,
        refers="warehouse",
        group="stock",
    ),
    Setting(
        name="forbid_missing_goods",
        label="Запретить работу с товарами и материалами, которых нет на складе",
        hint="Тогда ни один документ не может сделать остаток меньше нуля, в том числе задним числом.",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="stock",
    ),
    Setting(
        name="statistics_cash_desk",
        label="Касса для статистики на рабочем столе",
        initial="",
        kind=REFERENCE_TEXT,
        refers="cash_desk",
        group="money",
    ),
    Setting(
        name="certificates",
        label="В клинике используются сертификаты",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="money",
    ),
    Setting(
        name="fiscal_receipts",
        label="Печатать кассовые чеки",
        hint="Через кассу, подключённую к этой установке.",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="money",
    ),
    Setting(
        name="credit_receipts",
        label="Печатать чек, когда завершён неоплаченный визит",
        hint="Чек «Передача в кредит» сразу при завершении. Иначе услуги пробиваются вместе с первой оплатой.",
        initial=False,
        kind=CHOICE,
        choices=_YES_NO,
        group="money",
        only_with=("fiscal_receipts", True),
    ),
    Setting(
        name="services_vat",
        label="НДС медицинских услуг",
        initial="none",
        kind=CHOICE,
        choices=VATS,
        group="money",
        only_with=("fiscal_receipts", True),
    ),
    Setting(
        name="goods_vat",
        label="НДС товаров",
        initial="none",
        kind=CHOICE,
        choices=VATS,
        group="money",
        only_with=("fiscal_receipts", True),
    ),
    Setting(
        name="goods_in_history",
        label="Товары в истории визитов пациента",
        hint="Видят ли пациенты в приложении и личном кабинете товары своих визитов. Действует на всех пациентов.",
        initial=True,
        kind=CHOICE,
        choices={True: "Показывать", False: "Не показывать"},
        group="online",
    ),
    Setting(
        name="region",
        label="Регион",
        initial="77",
        kind=CHOICE,
        choices={code: region.name for code, region in REGIONS.items()},
        group="clinic",
    ),
    *INFORMATION,
)
SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _DECLARED}
"""All settings, in display order."""


class PeriodClosed(DomainError):
    """Documents of a closed period can't be created, changed or deleted. Facts: `date`, `closed_before`."""

    code: ClassVar[str] = "period_closed"

    @property
    def sentence(self) -> str:
        return (
            f"Период до {self.facts['closed_before']:%d.%m.%Y} закрыт: документы за эти дни нельзя создавать, изменять, удалять. "
            "Открыть период можно в настройках клиники."
        )


class ServiceUnknown(DomainError):
    """A visit names a service that doesn't exist, and services aren't created from visits. Facts: `name`."""

    code: ClassVar[str] = "service_unknown"

    @property
    def sentence(self) -> str:
        return (
            f"Услуги «{self.facts['name']}» нет в справочнике, а создавать услуги из визита запрещено настройками клиники. "
            "Выберите существующую услугу."
        )


class GoodsUnknown(DomainError):
    """A visit names goods that don't exist, and goods aren't created from visits. Facts: `name`."""

    code: ClassVar[str] = "goods_unknown"

    @property
    def sentence(self) -> str:
        return (
            f"Товара «{self.facts['name']}» нет в справочнике, а создавать товары из визита запрещено настройками клиники. "
            "Выберите существующий товар."
        )


class ClinicSettings(Aggregate):
    TOPIC = "settings"

    values: dict[str, Scalar]
    """By name; a setting that was never set has its default."""

    class Opened(Event, frozen=True):
        TOPIC: ClassVar[str] = "settings.opened.1"
        values: dict[str, str | int | bool | None]

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "settings.changed.1"
        changes: tuple[FieldChange, ...]

    def open(self, values: Mapping[str, Any], *, at: datetime) -> None:
        """Start with these values and the defaults of all others."""
        self.trigger(self.Opened, values=_FIELDS.checked(values), at=at)

    def change(self, values: Mapping[str, Any], *, at: datetime) -> None:
        """Change the given settings; no event without a difference."""
        checked = _FIELDS.changed(self.values, values)
        changes = field_changes(self.values, {name: checked[name] for name in values})
        if changes:
            self.trigger(self.Changed, changes=changes, at=at)

    @property
    def clinic_name(self) -> str:
        return str(self.values["clinic_name"])

    @property
    def region(self) -> Region:
        return REGIONS[str(self.values["region"])]

    @property
    def time_zone(self) -> tzinfo:
        """For the wall clock."""
        return self.region.zone.tzinfo

    @property
    def calendar_step(self) -> int:
        """Minutes."""
        return int(self.values["calendar_step"] or 0)

    @property
    def one_patient_at_once(self) -> bool:
        """No two visits of a doctor may overlap (CAL-5). `gateways/guards/visit_times.py` reads it from
        `gateways/guards/clinic_rules.py`.
        """
        return self.patients_at_once == "one"

    @property
    def patients_at_once(self) -> PatientsAtOnce:
        """Whether live visits of one doctor may overlap (CAL-5)."""
        return "one" if self.values["patients_at_once"] == "one" else "several"

    @property
    def visit_without_doctor(self) -> bool:
        return self.values["visit_without_doctor"] is True

    @property
    def show_deleted(self) -> bool:
        return self.values["show_deleted"] is True

    @property
    def forbids_missing_goods(self) -> bool:
        """Whether no document may leave a stock below zero at any moment (STK-2). `gateways/guards/stock.py` reads it from
        `gateways/guards/clinic_rules.py`.
        """
        return self.values["forbid_missing_goods"] is True

    @property
    def prints_receipts(self) -> bool:
        return bool(self.values["fiscal_receipts"])

    @property
    def prints_credit(self) -> bool:
        """Whether a completed visit is printed though nothing is paid for it."""
        return self.prints_receipts and self.values["credit_receipts"] is True

    def vat_of(self, subject: Subject) -> Vat:
        """Of a service, or of goods."""
        return self.values["goods_vat" if subject == "commodity" else "services_vat"]  # type: ignore[return-value]  # checked

    @property
    def uses_certificates(self) -> bool:
        return bool(self.values["certificates"])

    @property
    def shows_goods_to_patients(self) -> bool:
        """Whether patients see the goods of their visits (ONL-1)."""
        return self.values["goods_in_history"] is not False

    @property
    def create_services(self) -> bool:
        """Whether an unknown name in a visit creates the service (VIS-2)."""
        return self.values["create_services"] is True

    @property
    def create_goods(self) -> bool:
        """Whether an unknown name in a visit creates the goods (VIS-2)."""
        return self.values["create_goods"] is True

    @property
    def write_off_warehouse(self) -> UUID | None:
        """What visits write off from, unless another one is chosen (VIS-3)."""
        return self.references().get("write_off_warehouse")

    @property
    def closed_before(self) -> date | None:
        """The first day whose documents are open, or None."""
        written = "" if self.values["past_documents"] else str(self.values["closed_before"])
        return day(written) if written else None

    def require_open(self, day: date) -> None:
        """Raise PeriodClosed if this day is closed."""
        if self.closed_before is not None and day < self.closed_before:
            raise PeriodClosed(date=day, closed_before=self.closed_before)

    def references(self) -> dict[str, UUID]:
        """Setting → id of the catalogue entry that it refers to."""
        return {
            name: UUID(str(self.values[name]))
            for name, setting in SETTINGS.items()
            if setting.type == "reference" and self.values[name]
        }

    @applies(Opened)
    def _opened(self, event: Opened) -> None:
        self.values = {**_FIELDS.empty, **event.values}

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        self.values = {**self.values, **{change.field: change.new for change in event.changes}}


def _require_whole(values: Mapping[str, Any]) -> None:
    """Checks across settings."""
    if not values["past_documents"] and not values["closed_before"]:
        raise WrongValue("closed_before", "Укажите дату, до которой работа с документами закрыта.")
    check_information(values)


_FIELDS = Fields(*_DECLARED, together=_require_whole)
