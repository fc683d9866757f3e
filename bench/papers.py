"""Papers: a one-page act as the API makes it, beside the start of its process, and long ones."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from decimal import Decimal
from statistics import median, quantiles
from time import perf_counter
from uuid import UUID

import msgspec

from aggregates.scheduling.visit_lines import Line, totals
from bench.sizes import size
from gateways.paper_press import PaperPress
from readmodels.clinic.requisites import Requisites
from readmodels.references import Ref
from readmodels.scheduling.calendar import VisitItem, VisitPatient
from readmodels.scheduling.visit_document import VisitDocument
from services.papers.visit import visit_paper

Row = tuple[str, float, str]
CLINIC = Requisites("Жемчужина", "ООО «Жемчужина»", "Тверь, ул. Лесная, 5", "+7 4822 11-22-33", "7707083893", "773601001")
TIMES = size(60, 5)
LONG = size(1000, 50)


def nobody_leaves(end: Callable[[], object]) -> AbstractContextManager[None]:
    del end
    return nullcontext()


def act(lines: int) -> str:
    """The HTML of an act."""
    nobody = UUID(int=1)
    services = [Line(nobody, f"Лечение кариеса дентина, пломба № {number}", Decimal("4500.00"), 1) for number in range(lines)]
    visit = VisitItem(
        nobody, 12, 1, VisitPatient(nobody, "Иванова Анна Петровна", "", "404"), Ref(nobody, "Соколов Пётр Ильич"),
        datetime(2026, 11, 23, 10), datetime(2026, 11, 23, 11), "completed",  # noqa: DTZ001  the clinic's wall clock
        msgspec.Raw(msgspec.json.encode(services)), "3", "", deleted=False, first_visit=False,
        total=Decimal(4500) * lines, allowed_statuses=(),
    )  # fmt: skip
    amounts = totals(services, (), None)
    document = VisitDocument(
        goods=[], discount=None, amounts=amounts, charged=amounts.net, materials=None, warehouse=None, default_warehouse=None,
        written_off=None, performers=[],
    )  # fmt: skip
    return visit_paper("act", visit, document, CLINIC)


def run(database_url: str) -> list[Row]:
    del database_url
    press = PaperPress(stands_back=False)
    try:
        first = _seconds(press, 5)
        short = [_seconds(press, 5) for _ in range(TIMES)]
        long = _seconds(press, LONG)
    finally:
        press.close()
    return [
        ("act of 5 lines, the first (starts the process)", first * 1000, "ms"),
        ("act of 5 lines, median", median(short) * 1000, "ms"),
        ("act of 5 lines, p95", quantiles(short, n=20)[-1] * 1000, "ms"),
        (f"act of {LONG} lines", long * 1000, "ms"),
    ]


def _seconds(press: PaperPress, lines: int) -> float:
    began = perf_counter()
    press.pdf(act(lines), nobody_leaves)
    return perf_counter() - began
