"""The cash book of a drawer, printed by days (VIS-7)."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from aggregates.catalogues import CashDesk
from aggregates.money.desk_kind import NotCash
from aggregates.money.money_documents import MoneyIncome
from commands.ports.paper_press import PaperTooLarge
from readmodels.clinic import requisites
from readmodels.money import desk_turnovers
from services.api.http.call import Call
from services.api.http.downloads import PDF, paper
from services.api.http.heavy_work import PAPERS
from services.api.http.problems import NoSuchObject
from services.api.http.routes import Routes
from services.api.money.desks import READS, RIGHT, without_patients
from services.api.schemas import Day, PaperQuery

routes = Routes("cash-book")
MOST_MOVEMENTS = 5000


class CashBookQuery(PaperQuery):
    """`day`: absent: today."""

    day: Day | None = None


@routes.get(
    "/desk-balances/{desk_id}/cash-book.pdf",
    RIGHT,
    answer=bytes,
    media=PDF,
    reads=(*READS, "articles", "employees", "patients"),
    heavy=PAPERS,
    refusals=(409,),
)
def book(call: Call, desk_id: UUID, query: Annotated[CashBookQuery, Query()]) -> Any:
    """A day of a drawer as a page of the cash book, with the requisites of that day."""
    from services.papers.cash_book import book_page

    day = query.day or call.local_now.date()
    with call.reading() as conn:
        found = desk_turnovers.card(conn, desk_id, day, day, size=MOST_MOVEMENTS)
        if found is None:
            raise NoSuchObject(kind=CashDesk.TOPIC, id=desk_id)
        if found.desk.kind != "cash":
            raise NotCash
        if found.total > MOST_MOVEMENTS:
            raise PaperTooLarge
        end = datetime.combine(day, time(23, 59), tzinfo=call.zone) + timedelta(minutes=1)
        clinic = requisites.of_clinic(conn, call.denta.decoders, end)
    if MoneyIncome.RIGHT in call.principal.rights:
        asked = {"desk_id": str(desk_id), "from": day.isoformat(), "to": day.isoformat()}
        call.record_access("printed", MoneyIncome.TOPIC, filter=asked, count=found.total)
    else:
        found = without_patients(found)
    return paper(call, book_page(found, day, clinic), f"Кассовая книга {day:%d.%m.%Y}")
