"""Commands of the days of cash desks: closing with counted money, and opening again."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from aggregates.catalogues import CashDesk
from aggregates.clinic.clinic_settings import SETTINGS_ID, ClinicSettings
from aggregates.kernel import Aggregate
from aggregates.money.money_documents import MoneyIncome, MoneyOutgo
from aggregates.money.money_lines import MoneyLine
from aggregates.values import money
from commands.context import Context, Receipt
from commands.money.money_document import cached_desk_days, new_document
from commands.ports.clinic import Clinic
from commands.retry import retried

LAST_MINUTE = time(23, 59)


@retried
def close_day(
    clinic: Clinic,
    ctx: Context,
    desk_id: UUID,
    day: date,
    counted: Decimal,
    *,
    reason: str = "",
    article_id: UUID | None = None,
    document_id: UUID | None = None,
) -> Receipt:
    """Close a day with what was counted. With an article, a difference is booked by an income or an outgo at the day's end, or
    now if the day is today. Facts: `difference`, and `document_kind`, `document_id` of what was booked.

    DayClosedAlready, AggregateNotFound, WrongValue; refusals of `create_money_document` for the booking.
    """
    with clinic.write_lock():
        desk, days = clinic.load(CashDesk, desk_id), cached_desk_days(clinic, desk_id)
        now = ctx.local_now(clinic.cached(ClinicSettings, SETTINGS_ID).time_zone)
        turnover = clinic.cash_ledger.turnover(desk_id, day)
        days.copy().close(desk_id, day, turnover, counted, reason, today=now.date(), at=ctx.now)
        difference = money("counted", counted) - turnover.closing
        saved: list[Aggregate] = []
        relied: list[Aggregate] = []
        booked: tuple[str, UUID] | None = None
        if difference and article_id is not None:
            kind = MoneyIncome if difference > 0 else MoneyOutgo
            moment = now.replace(second=0, microsecond=0) if day == now.date() else datetime.combine(day, LAST_MINUTE)
            card: dict[str, Any] = {"moment": moment, "desk_id": desk_id, "comment": reason}
            document, relied = new_document(
                clinic, ctx, kind, card, [MoneyLine(article_id=article_id, sum=abs(difference))], document_id=document_id
            )
            booked = kind.TOPIC, document.id
            saved.append(document)
        days.close(desk_id, day, turnover, counted, reason, today=now.date(), booked=booked, at=ctx.now)
        facts = {
            "difference": difference,
            "document_kind": booked[0] if booked else None,
            "document_id": booked[1] if booked else None,
        }
        others = {one.id: one for one in (desk, *relied) if one.id != days.id}
        return clinic.save(days, *saved, ctx=ctx, if_unchanged=others.values(), facts=msgspec.to_builtins(facts))


@retried
def reopen_day(clinic: Clinic, ctx: Context, desk_id: UUID, day: date, reason: str) -> Receipt:
    """Open the last closed day again. NotLastClosedDay, AggregateNotFound, WrongValue."""
    clinic.load(CashDesk, desk_id)
    days = cached_desk_days(clinic, desk_id)
    days.reopen(desk_id, day, reason, at=ctx.now)
    return clinic.save(days, ctx=ctx)
