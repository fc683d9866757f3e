"""A scheme of an employee's pay, in effect from a day until the employee's next scheme, or until a last day of its own (FIN-2).

An employee has at most one active scheme from a day: `gateways/guards/pay_scheme.py`. What is done in a visit is paid by the
scheme of the visit's day, so that another percentage from the middle of a month needs no more than another scheme. Nothing is
earned after the last day, or after the day on which the employee is deleted; money that comes later for what was done until then
still counts.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from aggregates.day import DATE
from aggregates.deletion import DeletedAtWill, ObjectDeleted, ObjectReturned, ReturnedAtWill
from aggregates.fields import CHOICE, COMMENT, FLAG, MONEY, NUMBER, REFERENCE, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.payroll.pay_terms import ACTS, BASES, GRIDS, PRICES, PayRate, PayStep, PayTerms, checked_rates, checked_steps
from aggregates.percent import PERCENT
from aggregates.values import Change, FieldChange, Scalar, WrongValue, change_to, field_changes


def _require_sense(card: Mapping[str, Any]) -> None:
    """WrongValue if it ends before it starts, or pays for visits that nobody chose."""
    starts_on, ends_on = str(card["starts_on"] or ""), str(card["ends_on"] or "")
    if len(starts_on) == len(ends_on) and ends_on < starts_on:
        raise WrongValue("ends_on", "Схема кончается раньше, чем начинается.")
    paid = any(str(card[name]) not in {"", "0", "0.00"} for name in ("visit_percent", "visit_sum"))
    if paid and not card["visit_acts"]:
        raise WrongValue("visit_acts", "Выберите, за какие визиты платить.")
    if card["visit_acts"] and not paid:
        raise WrongValue("visit_percent", "Укажите процент с визита или сумму за визит.")


PAY_SCHEME_FIELDS = Fields(
    Field(name="employee_id", label="Сотрудник", kind=REFERENCE, refers="employee", required=True),
    Field(name="starts_on", label="Действует с", kind=DATE, required=True),
    Field(name="ends_on", label="Действует по", kind=DATE),
    Field(name="base", label="С чего процент", kind=CHOICE, choices=BASES, initial="done"),
    Field(name="price", label="По какой цене", kind=CHOICE, choices=PRICES, initial="net"),
    Field(name="minus_materials", label="За вычетом материалов", kind=FLAG),
    Field(name="service_percent", label="Процент с услуг", kind=PERCENT),
    Field(name="goods_percent", label="Процент с товаров", kind=PERCENT),
    Field(name="certificate_percent", label="Процент с сертификатов", kind=PERCENT),
    Field(name="acquiring", label="Эквайринг", kind=PERCENT),
    Field(name="visit_acts", label="За визиты", kind=CHOICE, choices=ACTS, initial=""),
    Field(name="visit_percent", label="Процент с визита", kind=PERCENT),
    Field(name="visit_sum", label="Сумма за визит", kind=MONEY),
    Field(name="grid", label="Шкала", kind=CHOICE, choices=GRIDS, initial=""),
    Field(name="monthly", label="Оклад в месяц", kind=MONEY),
    Field(name="shift", label="За смену", kind=MONEY),
    Field(name="full_shift", label="Полная смена от", kind=NUMBER, least=0, most=24, unit="ч", initial=8),
    Field(name="hour", label="За час", kind=MONEY),
    Field(name="guarantee", label="Гарантированный минимум в месяц", kind=MONEY),
    Field(name="comment", label="Комментарий", kind=COMMENT),
    together=_require_sense,
)


class PaySchemeDeleted(DomainError):
    """Facts: `scheme_id`."""

    code: ClassVar[str] = "pay_scheme_deleted"

    @property
    def sentence(self) -> str:
        return "Схема удалена. Верните её, потом изменяйте."


class PaySchemeExists(DomainError):
    """Another active scheme of the employee starts on this day. Found on save by `gateways/guards/pay_scheme.py`.

    Facts: `field`, `starts_on`, `by` (its id).
    """

    code: ClassVar[str] = "pay_scheme_exists"

    def __init__(self, **facts: Any) -> None:
        super().__init__(field="starts_on", **facts)

    @property
    def sentence(self) -> str:
        day = date.fromisoformat(self.facts["starts_on"])
        return f"У сотрудника уже есть схема с {day:%d.%m.%Y}. Измените её или выберите другую дату."


class PayScheme(DeletedAtWill, ReturnedAtWill):
    TOPIC = "pay_scheme"

    fields: dict[str, Scalar]
    rates: tuple[PayRate, ...]
    steps: tuple[PayStep, ...]

    class Created(Event, frozen=True):
        TOPIC: ClassVar[str] = "pay_scheme.created.1"
        card: dict[str, str | int | bool | None]
        rates: tuple[PayRate, ...] = ()
        steps: tuple[PayStep, ...] = ()

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "pay_scheme.changed.1"
        changes: tuple[FieldChange, ...]
        rates: Change[tuple[PayRate, ...]] | None = None
        steps: Change[tuple[PayStep, ...]] | None = None

    class Deleted(ObjectDeleted, frozen=True):
        TOPIC: ClassVar[str] = "pay_scheme.deleted.1"

    class Returned(ObjectReturned, frozen=True):
        TOPIC: ClassVar[str] = "pay_scheme.returned.1"

    @property
    def employee_id(self) -> UUID:
        return UUID(str(self.fields["employee_id"]))

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(str(self.fields["starts_on"]))

    @property
    def terms(self) -> PayTerms:
        return PayTerms.of(self.fields, self.rates, self.steps)

    def create(
        self, card: Mapping[str, Any], rates: Sequence[PayRate] = (), steps: Sequence[PayStep] = (), *, at: datetime
    ) -> None:
        """WrongValue, WrongValues."""
        checked, of_services, of_grid = self._checked(lambda: PAY_SCHEME_FIELDS.checked(card), rates, steps)
        self.trigger(self.Created, card=checked, rates=of_services, steps=of_grid, at=at)

    def change(
        self,
        fields: Mapping[str, Any],
        rates: Sequence[PayRate] | None = None,
        steps: Sequence[PayStep] | None = None,
        *,
        at: datetime,
    ) -> None:
        """Change the given fields, all rates and all steps if given; no event without a difference. WrongValue, WrongValues."""
        self.require_active()
        if str(fields.get("employee_id", self.employee_id)) != str(self.employee_id):
            raise WrongValue("employee_id", "Сотрудника выбирают при создании. Создайте схему другому сотруднику.")
        checked, of_services, of_grid = self._checked(
            lambda: PAY_SCHEME_FIELDS.changed(self.fields, {**fields, "employee_id": str(self.employee_id)}),
            self.rates if rates is None else rates,
            self.steps if steps is None else steps,
        )
        changes = field_changes(self.fields, checked)
        rate_change, step_change = change_to(self.rates, of_services), change_to(self.steps, of_grid)
        if changes or rate_change or step_change:
            self.trigger(self.Changed, changes=changes, rates=rate_change, steps=step_change, at=at)

    def refusal_when_deleted(self) -> PaySchemeDeleted:
        return PaySchemeDeleted(scheme_id=self.id)

    @staticmethod
    def _checked(
        card: Any, rates: Sequence[PayRate], steps: Sequence[PayStep]
    ) -> tuple[dict[str, Scalar], tuple[PayRate, ...], tuple[PayStep, ...]]:
        faults = Faults()
        checked: dict[str, Scalar] = {}
        of_services: tuple[PayRate, ...] = ()
        of_grid: tuple[PayStep, ...] = ()
        with faults.gathered():
            checked = card()
        with faults.gathered():
            of_services = checked_rates(rates)
        faults.refuse()
        with faults.gathered():
            of_grid = checked_steps(steps, checked["grid"])
        if checked["grid"] and checked["service_percent"] != "0.00":
            faults.add(WrongValue("service_percent", "При шкале процент с услуг берётся из неё. Оставьте здесь 0."))
        faults.refuse()
        return checked, of_services, of_grid

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.fields = {**PAY_SCHEME_FIELDS.empty, **event.card}
        self.rates, self.steps = event.rates, event.steps

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        self.fields = {**self.fields, **{change.field: change.new for change in event.changes}}
        self.rates = event.rates.new if event.rates else self.rates
        self.steps = event.steps.new if event.steps else self.steps
