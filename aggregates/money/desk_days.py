"""The closed days of a cash desk, one aggregate for each desk (FIN-8).

Days are closed in order. A closed day is final for the desk: no document of it that is dated on that day or earlier is created,
changed, deleted or returned until the day is opened again, the last one first. What the desk had by its documents, and what was
counted, are facts of the event; a difference needs a reason.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID, uuid5

import msgspec

from aggregates.kernel import Aggregate, DomainError, Event, applies
from aggregates.values import NAMESPACE_DENTA, WrongValue, money, text

MOST_REASON = 300


def desk_days_id(desk_id: UUID) -> UUID:
    return uuid5(NAMESPACE_DENTA, f"desk-days:{desk_id}")


class DayIsClosed(DomainError):
    """A document is, or would be, dated on a closed day of its desk or earlier. Facts: `desk`, `day` (the last closed one)."""

    code: ClassVar[str] = "desk_day_closed"

    @property
    def sentence(self) -> str:
        return (
            f"Касса «{self.facts['desk']}» закрыта по {self.facts['day']:%d.%m.%Y} включительно: документы за эти дни не "
            "меняются. Выберите дату позже или сначала откройте день кассы."
        )


class DayClosedAlready(DomainError):
    """Facts: `day` (the last closed one)."""

    code: ClassVar[str] = "day_closed_already"

    @property
    def sentence(self) -> str:
        return f"Касса уже закрыта по {self.facts['day']:%d.%m.%Y} включительно. Обновите страницу."


class NotLastClosedDay(DomainError):
    """Facts: `day` (the last closed one, None without any)."""

    code: ClassVar[str] = "not_last_closed_day"

    @property
    def sentence(self) -> str:
        day = self.facts["day"]
        return f"Сначала откройте последний закрытый день, {day:%d.%m.%Y}." if day else "Этот день не закрыт. Обновите страницу."


class DayTurnover(msgspec.Struct, frozen=True):
    """A desk's day by its documents, in rubles. `opening`: what it had before."""

    opening: Decimal = Decimal("0.00")
    income: Decimal = Decimal("0.00")
    outgo: Decimal = Decimal("0.00")
    transfer_in: Decimal = Decimal("0.00")
    transfer_out: Decimal = Decimal("0.00")

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income - self.outgo + self.transfer_in - self.transfer_out


class DeskDays(Aggregate):
    TOPIC = "desk_days"

    closed: tuple[date, ...] = ()
    """In order."""

    class Closed(Event, frozen=True):
        """`difference`: counted − what there was by documents; `booked`: the document that books it, in its kind's words."""

        TOPIC: ClassVar[str] = "desk_days.closed.1"
        desk_id: UUID
        day: date
        turnover: DayTurnover
        counted: Decimal
        difference: Decimal
        reason: str
        booked: UUID | None = None
        booked_kind: str = ""

    class Reopened(Event, frozen=True):
        TOPIC: ClassVar[str] = "desk_days.reopened.1"
        desk_id: UUID
        day: date
        reason: str

    @property
    def last(self) -> date | None:
        """The last closed day."""
        return self.closed[-1] if self.closed else None

    def require_open(self, day: date, desk: str) -> None:
        """`desk`: its name. DayIsClosed."""
        if self.last is not None and day <= self.last:
            raise DayIsClosed(desk=desk, day=self.last)

    def close(
        self,
        desk_id: UUID,
        day: date,
        turnover: DayTurnover,
        counted: object,
        reason: str,
        *,
        today: date,
        booked: tuple[str, UUID] | None = None,
        at: datetime,
    ) -> None:
        """`booked`: kind and id of the document that books the difference. DayClosedAlready, WrongValue."""
        there = money("counted", counted)
        difference, why = there - turnover.closing, " ".join(text("reason", reason, limit=MOST_REASON).split())
        if difference and not why:
            raise WrongValue("reason", "Фактический остаток не сходится с документами. Укажите причину.")
        if day > today:
            raise WrongValue("day", "Этот день ещё не наступил.")
        if self.last is not None and day <= self.last:
            raise DayClosedAlready(day=self.last)
        self.trigger(
            self.Closed,
            desk_id=desk_id,
            day=day,
            turnover=turnover,
            counted=there,
            difference=difference,
            reason=why if difference else "",
            booked=booked[1] if booked else None,
            booked_kind=booked[0] if booked else "",
            at=at,
        )

    def reopen(self, desk_id: UUID, day: date, reason: str, *, at: datetime) -> None:
        """Only the last closed one. NotLastClosedDay, WrongValue."""
        why = " ".join(text("reason", reason, limit=MOST_REASON).split())
        if not why:
            raise WrongValue("reason", "Укажите, зачем открываете закрытый день.")
        if day != self.last:
            raise NotLastClosedDay(day=self.last)
        self.trigger(self.Reopened, desk_id=desk_id, day=day, reason=why, at=at)

    @applies(Closed)
    def _closed(self, event: Closed) -> None:
        self.closed = (*self.closed, event.day)

    @applies(Reopened)
    def _reopened(self, event: Reopened) -> None:
        self.closed = tuple(day for day in self.closed if day != event.day)
