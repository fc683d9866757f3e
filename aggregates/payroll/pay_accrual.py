"""«Начисление ЗП»: what an employee gets for a period, as a document (FIN-2).

A draft has its period and the lines that a person adds; what is calculated belongs to it from its posting on, as it was then.
So neither costs that change nor refunds or edited visits ever rewrite a posted one: what they change comes as a difference with
the next one (`calculation.py`). It is posted by what was in effect for the employee when it was calculated; if that has changed,
it is refused and calculated again. `gateways/guards/pay_accounts.py` knows what is in effect, and what was paid of it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid5

import msgspec

from aggregates.day import DATE
from aggregates.deletion import Deletable, ObjectDeleted, ObjectReturned
from aggregates.fields import COMMENT, REFERENCE, Faults, Field, Fields
from aggregates.kernel import DomainError, Event, applies
from aggregates.money.pay_warnings import PayDespite
from aggregates.numbering import Numbered
from aggregates.payroll.pay_lines import ExtraLine, PayLine, checked_extras, total_of
from aggregates.values import Change, FieldChange, Scalar, WrongValue, change_to, field_changes

LONGEST = 366
"""Days of a period."""
MOST_LINES = 20_000


def _require_order(card: Mapping[str, Any]) -> None:
    """WrongValue if the period ends before it begins, or is too long."""
    if not (card["first"] and card["last"]):
        return
    try:
        first, last = date.fromisoformat(str(card["first"])), date.fromisoformat(str(card["last"]))
    except ValueError:  # refused as fields
        return
    if last < first:
        raise WrongValue("last", "Период кончается раньше, чем начинается.")
    if (last - first).days >= LONGEST:
        raise WrongValue("last", f"Период не может быть длиннее {LONGEST} дней.")


PAY_ACCRUAL_FIELDS = Fields(
    Field(name="date", label="Дата", kind=DATE, required=True),
    Field(name="employee_id", label="Сотрудник", kind=REFERENCE, refers="employee", required=True),
    Field(name="first", label="Период с", kind=DATE, required=True),
    Field(name="last", label="Период по", kind=DATE, required=True),
    Field(name="comment", label="Комментарий", kind=COMMENT, listed=False),
    together=_require_order,
)


class PayAccrualDeleted(DomainError):
    """Facts: `accrual_id`."""

    code: ClassVar[str] = "pay_accrual_deleted"

    @property
    def sentence(self) -> str:
        return "Начисление удалено. Верните его, потом изменяйте."


class PayAccrualPosted(DomainError):
    """A posted accrual doesn't change."""

    code: ClassVar[str] = "pay_accrual_posted"

    @property
    def sentence(self) -> str:
        return "Проведённое начисление не меняется. Сначала отмените проведение."


class PayAccrualNotPosted(DomainError):
    code: ClassVar[str] = "pay_accrual_not_posted"

    @property
    def sentence(self) -> str:
        return "Начисление не проведено. Обновите страницу."


class NothingToAccrue(DomainError):
    code: ClassVar[str] = "nothing_to_accrue"

    @property
    def sentence(self) -> str:
        return "Начислять нечего: за этот период всё уже начислено или ничего не заработано."


class TooManyPayLines(DomainError):
    code: ClassVar[str] = "too_many_pay_lines"

    @property
    def sentence(self) -> str:
        return f"В расчёте больше {MOST_LINES} строк. Начислите за период короче."


class CalculationOutdated(DomainError):
    """Since the calculation, another accrual of the employee was posted or taken out of effect."""

    code: ClassVar[str] = "calculation_outdated"

    @property
    def sentence(self) -> str:
        return "Начисления этого сотрудника только что изменились, и расчёт устарел. Обновите страницу и проверьте его."


class CalculationChanged(DomainError):
    """It comes to something else than the person saw. Facts: `total`, `seen`."""

    code: ClassVar[str] = "calculation_changed"

    @property
    def sentence(self) -> str:
        return "Расчёт изменился, пока вы его смотрели. Обновите страницу и проверьте сумму."


def posting_id(accrual_id: UUID, postings: int) -> UUID:
    """Tells the postings of an accrual apart, since each has lines of its own. The first one's is the accrual's."""
    return accrual_id if postings <= 1 else uuid5(accrual_id, str(postings))


class Calculation(msgspec.Struct, frozen=True):
    """What is to be accrued. `beside`: the postings of the employee in effect by which it was calculated."""

    lines: tuple[PayLine, ...]
    beside: frozenset[UUID]


class PayAccrual(Deletable):
    TOPIC = "pay_accrual"

    number: int
    card: dict[str, Scalar]
    extras: tuple[ExtraLine, ...]
    lines: tuple[PayLine, ...] = ()
    """Of a posted one."""
    posted: bool = False
    postings: int = 0
    """How often it was posted."""
    beside: frozenset[UUID] = frozenset()
    """Of a deleted one: the employee's other postings in effect when it was deleted."""

    class Created(Event, frozen=True):
        """A draft."""

        TOPIC: ClassVar[str] = "pay_accrual.created.1"
        number: int
        card: dict[str, str | int | bool | None]
        extras: tuple[ExtraLine, ...] = ()

    class Changed(Event, frozen=True):
        TOPIC: ClassVar[str] = "pay_accrual.changed.1"
        changes: tuple[FieldChange, ...]
        extras: Change[tuple[ExtraLine, ...]] | None = None

    class Posted(Event, frozen=True):
        TOPIC: ClassVar[str] = "pay_accrual.posted.1"
        lines: tuple[PayLine, ...]
        total: Decimal

    class Unposted(Event, frozen=True):
        """A draft again: its lines are those of the next posting."""

        TOPIC: ClassVar[str] = "pay_accrual.unposted.1"
        despite: tuple[PayDespite, ...] = ()

    class Deleted(ObjectDeleted, frozen=True):
        """`beside`: the employee's other postings in effect; `despite`: accepted warnings."""

        TOPIC: ClassVar[str] = "pay_accrual.deleted.1"
        beside: tuple[UUID, ...] = ()
        despite: tuple[PayDespite, ...] = ()

    class Returned(ObjectReturned, frozen=True):
        """`posted`: in effect again. One that was posted comes back as a draft where others were posted or taken out of effect
        meanwhile, since these may have what it has.
        """

        TOPIC: ClassVar[str] = "pay_accrual.returned.1"
        posted: bool = False

    @property
    def employee_id(self) -> UUID:
        return UUID(str(self.card["employee_id"]))

    @property
    def day(self) -> date:
        return date.fromisoformat(str(self.card["date"]))

    @property
    def period(self) -> tuple[date, date]:
        return date.fromisoformat(str(self.card["first"])), date.fromisoformat(str(self.card["last"]))

    @property
    def posting_id(self) -> UUID:
        """Of the last posting."""
        return posting_id(self.id, self.postings)

    @property
    def effective(self) -> bool:
        """Whether the employee is owed what it comes to."""
        return self.posted and not self.deleted

    @property
    def total(self) -> Decimal:
        """Rubles; of a draft what a person added."""
        return total_of(self.lines, self.extras)

    def create(self, number: int, card: Mapping[str, Any], extras: Sequence[ExtraLine] = (), *, at: datetime) -> None:
        """A draft. WrongValue, WrongValues."""
        head, added = self._checked(lambda: PAY_ACCRUAL_FIELDS.checked(card), extras)
        self.trigger(self.Created, number=number, card=head, extras=added, at=at)

    def change(self, fields: Mapping[str, Any], extras: Sequence[ExtraLine] | None = None, *, at: datetime) -> None:
        """Change the given fields, and all lines by hand if given; no event without a difference. PayAccrualPosted, WrongValue,
        WrongValues.
        """
        self._require_draft()
        head, added = self._checked(
            lambda: PAY_ACCRUAL_FIELDS.changed(self.card, fields), self.extras if extras is None else extras
        )
        changes, change = field_changes(self.card, head), change_to(self.extras, added)
        if changes or change:
            self.trigger(self.Changed, changes=changes, extras=change, at=at)

    def post(self, calculation: Calculation, beside: Collection[UUID], *, at: datetime) -> None:
        """`beside`: the employee's postings in effect now. CalculationOutdated, NothingToAccrue, TooManyPayLines,
        PayAccrualPosted.
        """
        self._require_draft()
        if calculation.beside != frozenset(beside):
            raise CalculationOutdated
        if not calculation.lines and not self.extras:
            raise NothingToAccrue
        if len(calculation.lines) > MOST_LINES:
            raise TooManyPayLines
        self.trigger(self.Posted, lines=calculation.lines, total=total_of(calculation.lines, self.extras), at=at)

    def unpost(self, *, despite: tuple[PayDespite, ...] = (), at: datetime) -> None:
        """PayAccrualNotPosted."""
        self.require_active()
        if not self.posted:
            raise PayAccrualNotPosted
        self.trigger(self.Unposted, despite=despite, at=at)

    def delete(self, beside: Collection[UUID] = (), *, despite: tuple[PayDespite, ...] = (), at: datetime) -> None:
        """`beside`: the employee's other postings in effect. AlreadyDeleted."""
        self.require_not_deleted()
        others = tuple(sorted(beside, key=lambda one: one.bytes)) if self.posted else ()
        self.trigger(self.Deleted, beside=others, despite=despite, at=at)

    def return_(self, beside: Collection[UUID] = (), *, at: datetime) -> None:
        """`beside`: the employee's postings in effect now. NotDeleted."""
        self.require_deleted()
        self.trigger(self.Returned, posted=self.posted and self.beside == frozenset(beside), at=at)

    def refusal_when_deleted(self) -> PayAccrualDeleted:
        return PayAccrualDeleted(accrual_id=self.id)

    def _require_draft(self) -> None:
        self.require_active()
        if self.posted:
            raise PayAccrualPosted

    @staticmethod
    def _checked(card: Any, extras: Sequence[ExtraLine]) -> tuple[dict[str, Scalar], tuple[ExtraLine, ...]]:
        faults = Faults()
        head: dict[str, Scalar] = {}
        added: tuple[ExtraLine, ...] = ()
        with faults.gathered():
            head = card()
        with faults.gathered():
            added = checked_extras(extras)
        faults.refuse()
        return head, added

    @applies(Created)
    def _created(self, event: Created) -> None:
        self.number, self.extras = event.number, event.extras
        self.card = {**PAY_ACCRUAL_FIELDS.empty, **event.card}

    @applies(Changed)
    def _changed(self, event: Changed) -> None:
        self.card = {**self.card, **{change.field: change.new for change in event.changes}}
        self.extras = event.extras.new if event.extras else self.extras

    @applies(Posted)
    def _posted(self, event: Posted) -> None:
        self.posted, self.postings, self.lines = True, self.postings + 1, event.lines

    @applies(Unposted)
    def _unposted(self, _: Unposted) -> None:
        self.posted, self.lines = False, ()

    @applies(Deleted)
    def _removed(self, event: Deleted) -> None:
        self.deleted, self.beside = True, frozenset(event.beside)

    @applies(Returned)
    def _brought_back(self, event: Returned) -> None:
        self.deleted, self.beside = False, frozenset()
        if self.posted and not event.posted:
            self.posted, self.lines = False, ()


PAY_ACCRUAL_NUMBERS = Numbered("pay_accrual", "number", (PayAccrual.Created,))
